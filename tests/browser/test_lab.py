"""The notebooks in a real JupyterLab: they run, and the widgets change what is shown.

One server and one browser for all: `trialkit new`, `trialkit lab`, then each notebook
is opened and run from its first cell to its last. Nothing outside may be asked for.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
EXAMPLES = ROOT / "trialkit" / "data" / "examples"
#: What JupyterLab must not do here: ask for news, or drop cells out of sight.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
#: How a line of the parameters cell reads once a user has named records.
RECORDS = "records: list[str] = ['../records']"
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A new workspace with a few records of its own, which the notebooks read."""
    folder = tmp_path_factory.mktemp("lab") / "mine"
    trialkit("new", folder)
    for path in sorted(EXAMPLES.glob("*.json"))[::12]:
        shutil.copy(path, folder / "records")
    for path in (folder / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        own = text.replace(
            "records: list[str] = []", "records: list[str] = ['../records']"
        )
        assert own != text
        path.write_text(own, encoding="utf-8")
    return folder


def trialkit(*arguments):
    subprocess.run([sys.executable, "-m", "trialkit", *arguments], check=True, cwd=ROOT)


@pytest.fixture(scope="module")
def address(workspace, tmp_path_factory):
    """A JupyterLab that `trialkit lab` started, with settings of its own."""
    home = tmp_path_factory.mktemp("home")
    for name, settings in SETTINGS.items():
        path = home / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        "--IdentityProvider.token=",
        f"--port={port}",
    ]
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "IPYTHONDIR": str(home),
        **{f"JUPYTER_{name}_DIR": str(home) for name in ("CONFIG", "DATA", "RUNTIME")},
    }
    command = [sys.executable, "-m", "trialkit", "lab", workspace]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, *options],
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            # The server and its kernels are of one session, which ends as a whole.
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(PATIENCE)


def wait_for(url, server, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def chromium():
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def run_all(chromium, address):
    """Open a notebook, run all its cells, and note what it asks of other machines."""

    def run(name):
        page = chromium.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(1000 * PATIENCE)
        outside = []
        page.on("request", lambda request: outside.append(request.url))
        page.goto(f"{address}/lab/tree/notebooks/{name}.ipynb?reset")
        page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.wait_for_function(ALL_RUN)
        allowed = (address, address.replace("http", "ws"), "data:", "blob:")
        return page, [url for url in outside if not url.startswith(allowed)]

    return run


@pytest.fixture(scope="module")
def explore(run_all):
    """The explorer after one run of all its cells."""
    page, outside = run_all("explore")
    assert outside == []
    return page


#: Every code cell has a number, and none is waiting.
ALL_RUN = r"""() => {
    const all = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    return all.length > 2 && all.every(one => /\[\d+\]/.test(one.textContent));
}"""
ERRORS = "[data-mime-type='application/vnd.jupyter.error']"
COMPLAINTS = "[data-mime-type='application/vnd.jupyter.stderr']"


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "explore"])
def test_a_notebook_runs_from_top_to_bottom_and_asks_nobody(run_all, name):
    page, outside = run_all(name)
    assert page.locator(f"{ERRORS}, {COMPLAINTS}").all_inner_texts() == []
    assert outside == []
    page.close()


def test_a_click_on_a_row_shows_the_card_of_its_trial(explore):
    row = explore.locator("table.dataTable tbody").first.locator("tr").nth(1)
    trial = row.locator("td").first.inner_text()
    row.click()
    explore.get_by_role("article", name=f"Trial {trial}").wait_for()
    assert explore.locator("article mark").count()


def test_a_button_saves_the_selection_where_outputs_go(explore, workspace):
    explore.get_by_role("button", name="Save records").click()
    explore.get_by_text("saved in").wait_for()
    assert (workspace / "output" / "selection.ndjson").is_file()


def test_a_filter_changes_what_the_table_shows(explore):
    rows = explore.locator("table.dataTable tbody").first.locator("tr")
    before = rows.count()
    phases = explore.locator(".widget-select-multiple", has_text="Phase 1")
    phases.locator("select").select_option(index=0)
    explore.get_by_text("phase: ").wait_for()
    fewer = "n => document.querySelector('table.dataTable tbody').rows.length < n"
    explore.wait_for_function(fewer, arg=before)
    assert rows.count() > 0


def test_the_explorer_ran_and_was_used_without_an_error(explore):
    assert explore.locator(f"{ERRORS}, {COMPLAINTS}").all_inner_texts() == []
