"""Errors that name the extra of a missing package."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from trialkit.errors import MissingExtraError


@cache
def need(*modules: str, extra: str = "report") -> None:
    """Raise MissingExtraError in one line unless all modules can be imported.

    Examples
    --------
    >>> need("nowhere", extra="report")
    Traceback (most recent call last):
        ...
    trialkit.errors.MissingExtraError: nowhere is missing; install it with:
    pip install "trialkit[report]"
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        verb, them = ("is", "it") if len(missing) == 1 else ("are", "them")
        raise MissingExtraError(
            f"{' and '.join(missing)} {verb} missing; "
            f'install {them} with: pip install "trialkit[{extra}]"'
        )


def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package, which is not imported."""
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None
