"""Where the notebooks and the report settings lie: a clone, or an installed wheel."""

from __future__ import annotations

from pathlib import Path

from trialkit.errors import TrialkitError


def notebooks_dir() -> Path:
    """Return the folder of the notebooks that come with trialkit.

    Raises
    ------
    TrialkitError
        If neither the wheel's copy nor the clone's folder is there.
    """
    return _folder("notebooks")


def reports_dir() -> Path:
    """Return the folder of the report settings (`_brand.yml`, `_quarto.yml`).

    Raises
    ------
    TrialkitError
        If neither the wheel's copy nor the clone's folder is there.
    """
    return _folder("reports")


def _folder(name: str, package: Path = Path(__file__).parent) -> Path:
    # A wheel carries its own copy. A clone or an editable install has none, and there
    # the folder beside the package is the one that people edit.
    carried = package / "workspace" / name
    beside = package.parent / name
    for folder in (carried, beside):
        if folder.is_dir():
            return folder
    raise TrialkitError(
        f"trialkit's {name!r} folder is in neither {carried} nor {beside};"
        " install trialkit again"
    )
