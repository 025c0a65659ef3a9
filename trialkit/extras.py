"""Features that need packages of an extra tell its name when one is missing."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from trialkit.errors import MissingExtraError


@cache
def need(*modules: str, extra: str = "report") -> None:
    """Go on only where all modules of an extra that are needed can be imported.

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
