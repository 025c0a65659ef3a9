"""Errors that name the extra of a missing package."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

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
