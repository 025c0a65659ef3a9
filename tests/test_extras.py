"""Without the packages of an extra a command says in one line which extra it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
    assert trialkit(tmp_path, "new", ".").returncode == 0

    done = trialkit(tmp_path, *arguments)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ")
    assert told in done.stderr
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("tk.run_report('landscape')", REPORT),
        ("tk.plot.routes(tk.load_example())", REPORT),
        ("tk.plot.landscape_strip(tk.load_example(), as_of='2026-06-30')", REPORT),
        ("tk.report.present('routes', tk.load_example(), as_of='2026-06-30')", REPORT),
        ("tk.explore(tk.load_example())", LAB),
    ],
)
def test_a_function_names_the_extra_that_it_needs(tmp_path, call, told):
    done = plain_python(
        "import trialkit as tk\n"
        f"try: {call}\nexcept tk.MissingExtraError as error: print(error)",
        tmp_path,
    )

    assert done.stderr == ""
    assert told in done.stdout
    assert done.stdout.count("\n") == 1


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
def test_what_needs_no_extra_works_without(tmp_path, arguments):
    code = "import trialkit as tk; tk.save_records(tk.load_example(), 'records')"
    assert plain_python(code, tmp_path).returncode == 0

    done = trialkit(tmp_path, *arguments)

    assert done.returncode == 0
    assert "error" not in done.stderr
