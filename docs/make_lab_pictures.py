"""Make `docs/explore.png` and `docs/lab-report.png`: JupyterLab, for README and guide.

Run it as `python docs/make_lab_pictures.py`; it needs chromium and the test extra.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
WINDOW = {"width": 1400, "height": 1000}
PATIENCE = 120_000  # milliseconds
#: What JupyterLab must not do here: ask for news, or drop cells out of sight.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
ALL_RUN = r"""() => {
    const all = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    return all.length > 2 && all.every(one => /\[\d+\]/.test(one.textContent));
}"""


@contextmanager
def laboratory(folder: Path) -> Iterator[str]:
    """Give the address of a JupyterLab that `trialkit lab` opened on a workspace."""
    trialkit = [sys.executable, "-m", "trialkit"]
    subprocess.run([*trialkit, "new", folder / "work"], check=True)  # noqa: S603
    for name, settings in SETTINGS.items():
        path = folder / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token="]
    server = subprocess.Popen(  # noqa: S603
        [*trialkit, "lab", folder / "work", *options, f"--port={port}"],
        env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def opened(browser: Any, address: str, name: str) -> Any:
    """Return the page of a notebook whose cells have all run."""
    page = browser.new_page(viewport=WINDOW)
    page.set_default_timeout(PATIENCE)
    url = f"{address}/lab/tree/notebooks/{name}.ipynb?reset"
    for _ in range(100):  # until the server listens
        try:
            page.goto(url)
            break
        except Exception:
            page.wait_for_timeout(300)
    page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for()
    page.keyboard.press("Control+b")  # the list of files takes a fifth of the window
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(ALL_RUN)
    return page


def shoot(page: Any, heading: str, path: Path) -> None:
    """Scroll a heading to the top and save the window as a small picture."""
    page.locator(".jp-Notebook h1", has_text=heading).first.evaluate(
        "one => one.scrollIntoView({block: 'start'})"
    )
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture = picture.resize((1120, 800), Image.Resampling.LANCZOS)
    picture.save(path, optimize=True)


def main() -> None:
    """Explore with a filter set, and a report notebook, as they look in JupyterLab."""
    with (
        tempfile.TemporaryDirectory() as folder,
        laboratory(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = opened(browser, address, "explore")
        phases = page.locator(".widget-select-multiple", has_text="Phase 1/2")
        phases.locator("select").select_option(index=0)
        page.get_by_text("phase: ").wait_for()
        shoot(page, "Filter", HERE / "explore.png")
        page = opened(browser, address, "landscape")
        shoot(page, "Enrollment", HERE / "lab-report.png")
        browser.close()


if __name__ == "__main__":
    main()
