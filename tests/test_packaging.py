"""The wheel: all that a report needs travels in it, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "trialkit"
#: Where the wheel keeps the notebooks and settings, which the clone has at its top.
CARRIED = "trialkit/data/workspace"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Map the names of the files in the wheel of this checkout to their content."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def of_the_clone():
    """Map where the wheel should have a file to the file of the clone."""
    files = {
        path.relative_to(ROOT).as_posix(): path
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    }
    workspace = [*(ROOT / "notebooks").glob("*.ipynb")]
    settings = (".yml", ".typ", ".lua", ".scss")
    workspace += [p for p in (ROOT / "reports").iterdir() if p.suffix in settings]
    for path in workspace:
        files[f"{CARRIED}/{path.relative_to(ROOT).as_posix()}"] = path
    return files


def test_the_wheel_holds_the_package_notebooks_and_settings_and_nothing_else(wheel):
    carried = {name for name in wheel if ".dist-info/" not in name}
    assert carried == set(of_the_clone())


def test_the_wheel_holds_the_files_as_they_are(wheel):
    differing = [
        name
        for name, path in of_the_clone().items()
        if wheel[name] != path.read_bytes()
    ]
    assert not differing


@pytest.mark.parametrize(
    "name",
    [
        f"{CARRIED}/notebooks/landscape.ipynb",
        f"{CARRIED}/reports/_brand.yml",
        f"{CARRIED}/reports/_quarto.yml",
        f"{CARRIED}/reports/typst-show.typ",
        f"{CARRIED}/reports/report.lua",
        f"{CARRIED}/reports/verbatim.lua",
        f"{CARRIED}/reports/report.scss",
        f"{CARRIED}/reports/reports.yml",
        "trialkit/data/examples/NCT07312864.json",
        "trialkit/data/examples_provenance.csv",
        "trialkit/data/codebook.csv",
        "trialkit/data/vocabulary/route.csv",
        "trialkit/data/vocabulary/cell_source.csv",
        "trialkit/report/render/assets/report.typ",
        "trialkit/py.typed",
    ],
)
def test_what_a_report_reads_is_in_the_wheel(wheel, name):
    assert wheel[name] or name.endswith("py.typed")


def test_the_wheel_installs_the_command(wheel):
    (entry,) = (
        text for name, text in wheel.items() if name.endswith("entry_points.txt")
    )
    assert "trialkit = trialkit.cli:main" in entry.decode()
