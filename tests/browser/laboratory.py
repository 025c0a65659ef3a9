"""A JupyterLab as a user opens it: for the tests here and the pictures of the docs."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
#: What JupyterLab must not do here: ask for news, or drop cells out of sight.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
#: Every code cell has a number, and none is waiting.
ALL_RUN = r"""() => {
    const all = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    return all.length > 2 && all.every(one => /\[\d+\]/.test(one.textContent));
}"""
PATIENCE = 60  # seconds


def trialkit(*arguments):
    """Run the command line, this checkout's."""
    subprocess.run([sys.executable, "-m", "trialkit", *arguments], check=True, cwd=ROOT)


@contextmanager
def laboratory(workspace, home):
    """Give the address of a JupyterLab that `trialkit lab` opened on a workspace.

    Its settings and whatever it writes of its own are in the folder `home`.
    """
    for name, settings in SETTINGS.items():
        path = home / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "IPYTHONDIR": str(home),
        **{f"JUPYTER_{name}_DIR": str(home) for name in ("CONFIG", "DATA", "RUNTIME")},
    }
    command = [
        *(sys.executable, "-m", "trialkit", "lab", workspace, "--no-browser"),
        *("--allow-root", "--IdentityProvider.token=", f"--port={port}"),
    ]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            command, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            # The server and its kernels are of one session, which ends as a whole.
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(PATIENCE)


def _wait_for(url, server, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def run_all(page, address, name):
    """Open a notebook in a page and run all its cells."""
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{address}/lab/tree/notebooks/{name}.ipynb?reset")
    page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(ALL_RUN)
