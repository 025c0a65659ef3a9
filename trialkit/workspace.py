"""Notebooks and report settings: trialkit's own, and those of a workspace."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from trialkit.atomic import folder_made
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
    """Make a workspace: copies of notebooks and settings, and a folder for records.

    Nothing is overwritten. Returns the folders that were made.
    """
    parts = {name: shipped(name) for name in ("notebooks", "reports")}
    for name in (*parts, "records"):
        if (folder / name).exists():
            raise TrialkitError(f"{folder / name} exists; choose another folder")
    made = [folder / name for name in (*parts, "records")]
    try:
        with folder_made(folder), ExitStack() as if_it_fails:
            for place in made:
                if_it_fails.callback(shutil.rmtree, place, ignore_errors=True)
            for name, source in parts.items():
                shutil.copytree(source, folder / name, ignore=_NOT_COPIED)
            (folder / "records").mkdir()
            if_it_fails.pop_all()
    except shutil.Error as error:  # a list of failures
        _, _, why = error.args[0][0]
        raise TrialkitError(f"cannot write {folder}: {why}") from error
    except OSError as error:
        raise TrialkitError(f"cannot write {folder}: {error.strerror}") from error
    return made


_NOT_COPIED = shutil.ignore_patterns("output", "build", ".*", "__pycache__")


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
