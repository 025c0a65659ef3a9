"""Make `docs/explore.png` and `docs/lab-report.png`: JupyterLab, for README and guide.

Run it as `python -m docs.make_lab_pictures`; it needs chromium and the test extra.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.laboratory import laboratory, run_all, trialkit

HERE = Path(__file__).parent
WINDOW = {"width": 1400, "height": 1000}


def opened(browser: Any, address: str, name: str) -> Any:
    """Return the page of a notebook whose cells have all run."""
    page = browser.new_page(viewport=WINDOW)
    run_all(page, address, name)
    page.keyboard.press("Control+b")  # the list of files takes a fifth of the window
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


def take_pictures(browser: Any, address: str) -> None:
    """Explore with a filter set, and a report notebook, as they look in JupyterLab."""
    page = opened(browser, address, "explore")
    phases = page.locator(".widget-select-multiple", has_text="Phase 1/2")
    phases.locator("select").select_option(index=0)
    page.locator("li", has_text="phase: ").wait_for()
    shoot(page, "Filter", HERE / "explore.png")
    page = opened(browser, address, "landscape")
    shoot(page, "Participants", HERE / "lab-report.png")


def main() -> None:
    """Take the pictures in a workspace of their own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace, home = Path(folder, "work"), Path(folder, "home")
        home.mkdir()
        trialkit("new", workspace)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with laboratory(workspace, home) as address:
            take_pictures(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
