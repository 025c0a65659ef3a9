"""Comparisons such as `>=2015` or `10..50`: what numbers and dates they admit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from trialkit.dates import date_span
from trialkit.errors import ParameterError
from trialkit.tidy.select.choices import empty_filter

_SIGN = re.compile(r"(>=|<=|>|<|=|≥|≤)?\s*(\S+)")
_SIGNS = {"≥": ">=", "≤": "<=", None: "="}
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15}")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_NUMBER_FORMS = "'>=50', '<50', '10..50' or '50'"
_DATE_FORMS = "'>=2015', '<=2019-06', '2015..2020' or '2015-03-01'"


class Range(NamedTuple):
    """A range of values, both ends included; None is an open end."""

    text: str
    low: Any
    high: Any

    def admits(self, earliest: Any, latest: Any) -> bool | None:
        """Return whether a value lies inside; None where that cannot be told.

        A month lies inside where all its days do, and outside where none does.
        """
        if earliest is None or latest is None:
            return None
        low, high = self.low, self.high
        if (low is not None and latest < low) or (high is not None and earliest > high):
            return False
        is_in = (low is None or earliest >= low) and (high is None or latest <= high)
        return True if is_in else None


def number_ranges(name: str, wanted: int | str | Iterable[int | str]) -> list[Range]:
    """Return what one comparison of whole numbers, or several, admit."""
    return _ranges(name, wanted, _number, _NUMBER_FORMS)


def date_ranges(name: str, wanted: str | Iterable[str]) -> list[Range]:
    """Return what one comparison of dates, or several, admit, as ISO days.

    A year or month is all its days: `>2015` begins with 2016.
    """
    return _ranges(name, wanted, _days, _DATE_FORMS)


def any_admits(ranges: Iterable[Range], earliest: Any, latest: Any) -> bool | None:
    """Return whether one of several ranges admits a value; None if it may."""
    answers = {one.admits(earliest, latest) for one in ranges}
    return True in answers or (None if None in answers else False)


_Ends = tuple[Any, Any, Any, Any]  # before, first, last, after


def _ranges(
    name: str, wanted: Any, ends: Callable[[str], _Ends], forms: str
) -> list[Range]:
    is_one = isinstance(wanted, str) or not isinstance(wanted, Iterable)
    texts = [wanted] if is_one else list(wanted)
    if not texts or not all(str(text).strip() for text in texts):
        raise empty_filter(name, wanted)
    return [_range(name, text, ends, forms) for text in texts]


def _range(name: str, wanted: Any, ends: Callable[[str], _Ends], forms: str) -> Range:
    text = str(wanted).strip()
    try:
        low, high = _bounds(text, ends)
    except (ValueError, OverflowError):
        told = f"{name}={wanted!r} is no comparison; write {forms}"
        raise ParameterError(told) from None
    if low is not None and high is not None and low > high:
        raise ParameterError(f"{name}={wanted!r} ends before it begins")
    return Range(text, low, high)


def _bounds(text: str, ends: Callable[[str], _Ends]) -> tuple[Any, Any]:
    if ".." in text:
        first, last = (part.strip() for part in text.split("..", 1))
        if not (first or last):
            raise ValueError(text)
        return ends(first)[1] if first else None, ends(last)[2] if last else None
    found = _SIGN.fullmatch(text)
    if not found:
        raise ValueError(text)
    sign = _SIGNS.get(found[1], found[1])
    before, first, last, after = ends(found[2])
    return {
        "=": (first, last),
        ">=": (first, None),
        ">": (after, None),
        "<=": (None, last),
        "<": (None, before),
    }[sign]


def _number(text: str) -> _Ends:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    number = int(text.replace(",", ""))
    return number - 1, number, number, number + 1


def _days(text: str) -> _Ends:
    _, first, last = date_span(text if _DATE.fullmatch(text) else None)
    if first is None or last is None:
        raise ValueError(text)
    day = timedelta(days=1)
    before, after = date.fromisoformat(first) - day, date.fromisoformat(last) + day
    return before.isoformat(), first, last, after.isoformat()
