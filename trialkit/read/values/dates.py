"""Dates of registers, spreadsheets and databases to ISO text; no day is invented."""

from __future__ import annotations

import re
from functools import lru_cache

from trialkit.dates import date_span
from trialkit.read.values.levels import folded, says_nothing
from trialkit.record import Remark

_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|"
        "aug august|sep sept september|oct october|nov november|dec december".split(
            "|"
        ),
        1,
    )
    for name in names.split()
}
_TIME = r"(?:[t ]\d{1,2}:\d{2}[\d:.]*(?: ?[ap]m)?(?: ?(?:z|utc|[+-]\d{2}:?\d{2}))?)?"
_FIGURES = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _TIME, re.ASCII)
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2})" + _TIME + ")?)?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月(?: ?(?P<d>\d{1,2}) ?日)?",
        r"(?P<name>[a-z]{3,9})[.,]? (?:(?P<d>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<y>\d{4})"
        + _TIME,
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ -](?P<name>[a-z]{3,9})\.?,?[ -]"
        r"(?P<y>\d{4}|\d{2})" + _TIME,
        r"(?P<name>[a-z]{3,9})-(?P<y>\d{4}|\d{2})",
    )
)
#: Two-digit years below this are of this century, as in a spreadsheet.
_CENTURY = 70
_LONGEST = 80
#: What databases and spreadsheets write for no date.
_ZERO_DAYS = frozenset(
    {"1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "1900-01", "1900"}
    | {"1904-01-01", "1970-01-01", "1753-01-01", "0001-01-01", "9999-12-31"}
)
#: Days of trials: before and after them a figure is no year.
_FIRST_YEAR, _LAST_YEAR = "1900", "2100"


@lru_cache(maxsize=65536)
def iso_date(text: str | None, order: str | None = "day") -> str | None:
    """Return a date as ISO text cut to what is known, or None if `text` is no date.

    `order` is what comes first in figures (`03/04/2020`): `day`, as in WHO ICTRP, or
    `month`; None cuts such a date to its year. If only one order is a date, it counts.
    """
    date = _written(text, order) if text and len(text) <= _LONGEST else None
    return date if date and _why_no_date(date) is None else None


def _written(text: str, order: str | None) -> str | None:
    text = folded(text)
    if figures := _FIGURES.fullmatch(text):
        return _from_figures(figures[1], figures[2], figures[3], order)
    matches = (pattern.fullmatch(text) for pattern in _PATTERNS)
    match = next(filter(None, matches), None)
    return _iso(match.groupdict()) if match else None


def _from_figures(first: str, second: str, year: str, order: str | None) -> str | None:
    day_first = f"{year}-{second:0>2}-{first:0>2}"
    month_first = f"{year}-{first:0>2}-{second:0>2}"
    real = {day for day in (day_first, month_first) if date_span(day).precision}
    if len(real) < 2:
        return next(iter(real), None)
    return {"day": day_first, "month": month_first, None: year}[order]


def _iso(found: dict[str, str | None]) -> str | None:
    year, name = found["y"] or "", found.get("name")
    if name and name not in _MONTHS:
        return None
    if len(year) == 2:
        year = f"{'20' if int(year) < _CENTURY else '19'}{year}"
    month = _MONTHS[name] if name else found.get("m")
    parts = (year, month, found.get("d"))
    return "-".join(f"{part:0>2}" for part in parts if part)


def _why_no_date(iso: str) -> str | None:
    if iso in _ZERO_DAYS:
        return "a sign for no date"
    if date_span(iso).precision is None:
        return "not a date"
    is_of_trials = _FIRST_YEAR <= iso[:4] <= _LAST_YEAR
    return None if is_of_trials else "not a year of a trial"


def read_date(
    field: str, text: str | None, remarks: list[Remark], *, order: str | None = "day"
) -> str | None:
    """Return a date as ISO text, with a remark where the words are no date."""
    found = iso_date(text, order) if text else None
    if found or text is None or says_nothing(text):
        return found
    written = _written(text, order) if len(text) <= _LONGEST else None
    note = (written and _why_no_date(written)) or "not a date"
    remarks.append(Remark(field, text[:_LONGEST], note))
    return None


def order_told(text: str) -> str | None:
    """Return which of `day` and `month` comes first, None if the figures fit both."""
    figures = _FIGURES.fullmatch(folded(text)) if len(text) <= _LONGEST else None
    first, second = (int(figures[1]), int(figures[2])) if figures else (0, 0)
    if max(first, second) < 13:
        return None
    return "day" if first > second else "month"
