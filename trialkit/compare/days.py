"""How far a date moved, as exactly as both dates are known."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from trialkit.dates import date_span
from trialkit.plural import counted


class Move(NamedTuple):
    """What became of a date, by how many days, and whether these are exact."""

    change: str
    days: int | None
    is_exact: bool


def move(old: str | None, new: str | None) -> Move:
    """Return what became of a date that reads otherwise now.

    Of dates that one day can meet both, one is only told better or worse than the
    other: nothing moved. A month or year moves from its middle, and not exactly.

    Examples
    --------
    >>> move("2024-04-23", "2024-05-01")
    Move(change='later', days=8, is_exact=True)
    >>> move("2024-04", "2024-04-23")
    Move(change='told to the day', days=None, is_exact=True)
    >>> move("2024-04", "2024-06")
    Move(change='later', days=61, is_exact=False)
    """
    before, after = date_span(old), date_span(new)
    if not (before.earliest and before.latest and after.earliest and after.latest):
        return Move(_said(old, new), None, True)
    if before.earliest <= after.latest and after.earliest <= before.latest:
        return Move(f"told to the {after.precision}", None, True)
    days = _middle(after.earliest, after.latest)
    days -= _middle(before.earliest, before.latest)
    is_exact = before.precision == after.precision == "day"
    return Move("later" if days > 0 else "earlier", days, is_exact)


def _said(old: str | None, new: str | None) -> str:
    if not old:
        return "stated now"
    return "no longer stated" if not new else "changed"


def _middle(first: str, last: str) -> int:
    ends = (date.fromisoformat(day).toordinal() for day in (first, last))
    return sum(ends) // 2


def days_words(days: int | None, *, is_exact: bool) -> str:
    """Return a number of days in words, "" for none.

    Examples
    --------
    >>> days_words(61, is_exact=False), days_words(-1, is_exact=True)
    ('about 61 days later', '1 day earlier')
    """
    if not days:
        return ""
    about = "" if is_exact else "about "
    return f"{about}{counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
