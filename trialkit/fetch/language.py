"""Pieces of the register's own search language."""

from __future__ import annotations

from collections.abc import Mapping

#: Words in capitals that the register takes for orders; ALL finds every study.
ORDERS = frozenset(
    "ALL AND AREA COVERAGE DISTANCE EXPANSION MAX MIN MISSING NOT OR RANGE SEARCH "
    "TILT".split()
)


def cut_short(word: str) -> str:
    """Return the message on a word cut short, which the register does not know."""
    told = f"write {word} out, as cirrho* may be (cirrhosis OR cirrhotic)"
    return f"the register knows no words cut short: {told}"


def joined(parts: list[str]) -> str:
    """Return what must all hold."""
    return parts[0] if len(parts) == 1 else " AND ".join(f"({part})" for part in parts)


def since(request: Mapping[str, str], day: str) -> dict[str, str]:
    """Return a request for what of it the register updated on a day or later."""
    newer = f"AREA[LastUpdatePostDate]RANGE[{day},MAX]"
    own = request.get("filter.advanced", "")
    return {**request, "filter.advanced": joined([own, newer] if own else [newer])}
