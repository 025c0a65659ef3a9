"""Without the packages of an extra a command says in one line which extra it needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from trialkit.workspace import new_workspace

pytestmark = pytest.mark.slow

#: What the extras `report` and `lab` install, and a plain trialkit lacks.
EXTRA = (
    "matplotlib papermill nbformat nbclient ipykernel IPython jupyter_client "
    "jupyter_core yaml pypandoc typst fontTools font_source_sans_pro jupyterlab "
    "ipywidgets itables anywidget requests tenacity"
).split()
PLAIN = f"import sys; sys.modules |= dict.fromkeys({EXTRA})\n"
FETCH = 'pip install "trialkit[fetch]"'
REPORT, LAB = 'pip install "trialkit[report]"', 'pip install "trialkit[lab]"'


def plain_python(code: str, folder) -> subprocess.CompletedProcess[str]:
    """Run code as on an installation without the extras."""
    return subprocess.run(
        [sys.executable, "-c", PLAIN + code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


#: Runs commands one after the other, each in a folder of its own, and tells of each
#: its status, what it wrote, and what it left in the folder.
COMMANDS = """
import io, json, os, shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from trialkit.cli import main

def run(number, arguments):
    folder = Path(str(number)).resolve()
    folder.mkdir()
    for path in Path("given").iterdir():
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, folder / path.name)
    here, status = os.getcwd(), 0
    os.chdir(folder)
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            main(arguments)
        except SystemExit as stopped:
            status = stopped.code or 0
    os.chdir(here)
    left = sorted(path.name for path in folder.iterdir())
    return [status, out.getvalue(), err.getvalue(), left]

"""


def run_commands(folder, commands) -> dict[str, list]:
    """Run commands in one Python without extras, by the words of each."""
    asked = [command.split() for command in commands]
    code = f"print(json.dumps([run(*each) for each in enumerate({asked})]))"
    done = plain_python(COMMANDS + code, folder)
    assert done.stderr == ""
    return dict(zip(commands, json.loads(done.stdout), strict=True))


#: The extra that each command needs.
NEEDING = {
    "report": REPORT,
    "report routes --to html --engine embedded": REPORT,
    "reports": REPORT,
    "reports --only landscape": REPORT,
    "lab": LAB,
    "fetch --condition cirrhosis --out output": FETCH,
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    folder = tmp_path_factory.mktemp("needing")
    new_workspace(folder / "given")
    return run_commands(folder, NEEDING)


@pytest.mark.parametrize("command", NEEDING)
def test_a_command_names_the_extra_that_it_needs_in_one_line(refused, command):
    status, out, err, left = refused[command]

    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert err.startswith("error: ")
    assert NEEDING[command] in err
    assert "output" not in left


CALLS = {
    "tk.run_report('landscape')": REPORT,
    "tk.plot.routes(data)": REPORT,
    "tk.plot.landscape_strip(data, as_of='2026-06-30')": REPORT,
    "tk.report.present('routes', data, as_of='2026-06-30')": REPORT,
    "tk.explore(data)": LAB,
    "tk.fetch('output', condition='cirrhosis')": FETCH,
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The message of each call, all made in one process without extras."""
    lines = ["import trialkit as tk", "data = tk.load_example()"]
    for call in CALLS:
        lines += [f"try: {call}", "except tk.MissingExtraError as error: print(error)"]
    done = plain_python("\n".join(lines), tmp_path_factory.mktemp("calls"))
    assert done.stderr == ""
    return dict(zip(CALLS, done.stdout.splitlines(), strict=True))


@pytest.mark.parametrize("call", CALLS)
def test_a_function_names_the_extra_that_it_needs_in_one_line(said, call):
    assert CALLS[call] in said[call]


#: What needs no extra, and what each leaves.
PLAIN_COMMANDS = {
    "show NCT07312864": [],
    "tidy records --out tables": ["tables"],
    "tidy records --out tables --format csv": ["tables"],
    "label records --out labels.csv": ["labels.csv"],
    "new workspace": ["workspace"],
    "report --list-parameters": [],
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What each command did with a file of records that was saved without extras."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "given").mkdir()
    code = "import trialkit as tk; tk.save_records(tk.load_example(), 'given/records')"
    assert plain_python(code, folder).returncode == 0
    return run_commands(folder, PLAIN_COMMANDS)


@pytest.mark.parametrize("command", PLAIN_COMMANDS)
def test_what_needs_no_extra_works_without(ran, command):
    status, _, err, left = ran[command]

    assert status == 0
    assert "error" not in err
    assert left == sorted(["records", *PLAIN_COMMANDS[command]])
