"""Dates that keep their precision, and ages as years.

A registry date is a day, a month or a year. Nothing here invents the missing part: a
partial date becomes the earliest and the latest day it can mean.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from trialkit.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

#: Days of a mean month of the Gregorian calendar.
MONTH = 365.2425 / 12
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
_AGE = re.compile(
    r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*((?a:year|month|week|day|hour|minute))s?\b", re.I
)
#: Units of ClinicalTrials.gov's age fields, in years of 365.25 days.
_YEARS_PER = {
    "year": 1.0,
    "month": 1 / 12,
    "week": 7 / 365.25,
    "day": 1 / 365.25,
    "hour": 1 / (24 * 365.25),
    "minute": 1 / (60 * 24 * 365.25),
}


class DateSpan(NamedTuple):
    """What a partial date can mean; ends are ISO days, all None where unreadable."""

    precision: str | None
    earliest: str | None
    latest: str | None


_UNREADABLE = DateSpan(None, None, None)
_PRECISIONS = ("year", "month", "day")


@lru_cache(maxsize=65536)
def date_span(text: str | None) -> DateSpan:
    """Return precision and the first and last day that an ISO date text can mean.

    Examples
    --------
    >>> date_span("2024-02")
    DateSpan(precision='month', earliest='2024-02-01', latest='2024-02-29')
    """
    found = _DATE.match(text or "")
    year, month, day = found.groups() if found else ("", "", "")
    try:
        first = date.fromisoformat(f"{year}-{month or '01'}-{day or '01'}")
    except ValueError:
        return _UNREADABLE
    last = first.replace(month=int(month or 12))
    last = last.replace(day=int(day or calendar.monthrange(last.year, last.month)[1]))
    precision = _PRECISIONS[bool(month) + bool(day)]
    return DateSpan(precision, first.isoformat(), last.isoformat())


def recency(text: str | None) -> tuple[int, int]:
    """Return what orders dates, later ones higher; a text that is no date comes first.

    A date that is known to the month counts from its first day, so it never outranks a
    day in it. Of two that begin alike the one that is known better ranks higher.

    Examples
    --------
    >>> sorted(["2024-04-23", "soon", "2024-05", "2024-04"], key=recency)
    ['soon', '2024-04', '2024-04-23', '2024-05']
    """
    span = date_span(text)
    if span.earliest is None:
        return (0, 0)
    return int(span.earliest.replace("-", "")), _PRECISIONS.index(span.precision)


@lru_cache(maxsize=4096)
def age_years(text: str | None) -> float | None:
    """Return an age such as `18 Years` or `6 Months` in years, None where unbounded.

    Examples
    --------
    >>> age_years("18 Years"), age_years("6 Months"), age_years("N/A")
    (18.0, 0.5, None)
    >>> age_years("1 Year 6 Months")
    1.5
    """
    years, at = None, 0
    while found := _AGE.match(text or "", at):
        years = (years or 0.0) + float(found[1]) * _YEARS_PER[found[2].lower()]
        at = found.end()
    return years


def as_day(value: str | date, *, name: str = "as_of") -> pd.Timestamp:
    """Return a day given as ISO text; a month is an error, since a cut-off is a day."""
    import pandas as pd

    if isinstance(value, date) and not pd.isna(value):
        return pd.Timestamp(value).normalize()
    if not isinstance(value, str) or date_span(value).precision != "day":
        raise ParameterError(f"{name}={value!r} is not a day such as '2026-06-30'")
    return pd.Timestamp(value)
