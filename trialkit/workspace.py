"""Notebooks and report settings: trialkit's own, and those of a workspace."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from trialkit.atomic import write_folder
from trialkit.errors import TrialkitError
from trialkit.extras import need


def notebooks_dir() -> Path:
    """Return the folder of the notebooks that come with trialkit."""
    return shipped("notebooks")


def reports_dir() -> Path:
    """Return the folder of the report settings (`_brand.yml`, `_quarto.yml`)."""
    return shipped("reports")


def settings_dir(folder: Path) -> Path:
    """Return the folder `reports` beside the notebooks' own, or else trialkit's."""
    own = folder.resolve().parent / "reports"
    return own if (own / "_quarto.yml").is_file() else reports_dir()


def shipped(name: str, package: Path = Path(__file__).parent) -> Path:
    """Return a folder that comes with trialkit."""
    # A wheel has a copy. In a clone the folder beside the package is the one to edit.
    carried = package / "data" / "workspace" / name
    beside = package.parent / name
    for folder in (carried, beside):
        if folder.is_dir():
            return folder
    raise TrialkitError(
        f"trialkit's {name!r} folder is in neither {carried} nor {beside};"
        " install trialkit again"
    )


def new_workspace(
    folder: Path, *, shipped: Callable[[str], Path] = shipped
) -> list[Path]:
    """Make a workspace that overwrites nothing, and return its folders."""
    new = [folder / name for name in ("notebooks", "reports", "records")]
    if taken := [place for place in new if place.exists()]:
        raise TrialkitError(f"{taken[0]} exists; choose another folder")
    unwanted = shutil.ignore_patterns("output", "build", ".*", "__pycache__")
    with write_folder(folder, error=TrialkitError) as draft:
        for place in new[:2]:
            shutil.copytree(shipped(place.name), draft / place.name, ignore=unwanted)
    new[2].mkdir()
    return new


def lab_command(
    folder: Path, options: Sequence[str] = ()
) -> tuple[list[str], dict[str, str]]:
    """Return the command that opens a workspace in JupyterLab, and its environment.

    JupyterLab and its kernel are those of this Python, and the workspace is its root.
    """
    if not (folder / "notebooks").is_dir():
        raise TrialkitError(
            f"{folder} has no notebooks folder; make a workspace with "
            f"`trialkit new {folder}`"
        )
    need("jupyterlab", extra="lab")
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        "--LabApp.default_url=/lab/tree/notebooks",
        *options,
    ]
    return command, {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}


def example_path() -> Path:
    """Return the folder of the records that ship with trialkit.

    Returns
    -------
    pathlib.Path
        A folder of files that `load` reads.
    """
    return Path(__file__).parent / "data" / "examples"
