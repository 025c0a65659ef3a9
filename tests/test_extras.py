"""Without the packages of an extra a command says in one line which extra it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from trialkit.workspace import new_workspace

pytestmark = pytest.mark.slow

#: What the extras `report` and `lab` install, and a plain trialkit lacks.
EXTRA = (
    "matplotlib papermill nbformat nbclient ipykernel IPython jupyter_client "
    "jupyter_core yaml pypandoc typst fontTools font_source_sans_pro jupyterlab "
    "ipywidgets itables anywidget"
).split()
PLAIN = f"import sys; sys.modules |= dict.fromkeys({EXTRA})\n"
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


def trialkit(folder, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = f"from trialkit.cli import main; main({list(arguments)!r})"
    return plain_python(code, folder)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["report"], REPORT),
        (["report", "routes", "--to", "html", "--engine", "embedded"], REPORT),
        (["reports"], REPORT),
        (["reports", "--only", "landscape"], REPORT),
        (["lab"], LAB),
    ],
)
def test_a_command_names_the_extra_that_it_needs_in_one_line(tmp_path, arguments, told):
    new_workspace(tmp_path)

    done = trialkit(tmp_path, *arguments)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ")
    assert told in done.stderr
    assert not (tmp_path / "output").exists()


CALLS = {
    "tk.run_report('landscape')": REPORT,
    "tk.plot.routes(data)": REPORT,
    "tk.plot.landscape_strip(data, as_of='2026-06-30')": REPORT,
    "tk.report.present('routes', data, as_of='2026-06-30')": REPORT,
    "tk.explore(data)": LAB,
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


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """A file of the example records, saved without any extra."""
    file = tmp_path_factory.mktemp("plain") / "records"
    code = f"import trialkit as tk; tk.save_records(tk.load_example(), {str(file)!r})"
    assert plain_python(code, file.parent).returncode == 0
    return file


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "NCT07312864"],
        ["tidy", "records", "--out", "tables"],
        ["tidy", "records", "--out", "tables", "--format", "csv"],
        ["label", "records", "--out", "labels.csv"],
        ["new", "workspace"],
        ["report", "--list-parameters"],
    ],
)
def test_what_needs_no_extra_works_without(tmp_path, records, arguments):
    shutil.copy(records, tmp_path)

    done = trialkit(tmp_path, *arguments)

    assert done.returncode == 0
    assert "error" not in done.stderr
