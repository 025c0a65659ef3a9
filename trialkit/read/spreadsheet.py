"""Traces of a spreadsheet or R in the first rows of a file.

Excel writes dates in its user's order, or as numbers of days; R writes `NA` for a
missing value. Only the rest of a column tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from trialkit.read.values.dates import iso_date, order_told
from trialkit.record import Remark

#: Table cells that say nothing in any column.
_EMPTY = frozenset({"", "NA", "NULL", "NaN", "nan", "<NA>", "#N/A", "N.A.", "-"})
#: From so many columns with a bare NA on, it is R's and not the register's.
_R_COLUMNS = 2
#: Excel's numbers of days from 1954 to 2119; no register writes five figures.
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.0+)?", re.ASCII)
#: One date of so many may be in another order than the rest.
_STRAY = 20
_DAY_ZERO = date(1899, 12, 30)


def is_empty(text: str) -> bool:
    """Return whether a table cell says nothing in any column: `NULL`, R's `NA`."""
    return text.strip() in _EMPTY


class Habits(NamedTuple):
    """How a file writes dates and missing values.

    `order` is what comes first in a date of figures, None if unknown; `numbered` are
    the columns of days as numbers; `not_missing` those in which `NA` is a value.
    """

    dates: Mapping[str, str]
    order: str | None
    numbered: frozenset[str]
    not_missing: frozenset[str]

    def plain(self, column: str, text: str, remarks: list[Remark]) -> str:
        """Return a table cell as the register would have written it, "" if missing."""
        is_value = text == "NA" and column in self.not_missing
        if is_empty(text) and not is_value:
            return ""
        if column not in self.dates:
            return text
        number = _SERIAL.fullmatch(text) if column in self.numbered else None
        if number:
            day = (_DAY_ZERO + timedelta(days=int(number[1]))).isoformat()
            note = f"Excel's number of the day {day}"
        else:
            day = iso_date(text, self.order)
            if day is None or len(day) > 4 or iso_date(text) == day:
                return day or text
            note = "day and month cannot be told apart"
        remarks.append(Remark(self.dates[column], text, note, "derived"))
        return day


def habits_of(
    names: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    dates: Mapping[str, str],
    order: str | None,
    not_missing: frozenset[str] = frozenset(),
) -> Habits:
    """Return the habits that the first rows of a file tell.

    `dates` maps the columns of dates to their fields; `order` is the register's own
    (None if it writes no dates in figures), `not_missing` its columns with `NA`.
    """
    columns: dict[str, list[str]] = {name: [] for name in names}
    for row in rows:
        for name, text in zip(names, row, strict=False):
            columns[name].append(text)
    told = Counter(order_told(text) for name in dates for text in columns.get(name, ()))
    n_missing = sum("NA" in columns[name] for name in columns.keys() - not_missing)
    return Habits(
        dates,
        order=_order(told["day"], told["month"], order),
        numbered=frozenset(n for n in dates if _is_numbered(columns.get(n, ()))),
        not_missing=not_missing if n_missing < _R_COLUMNS else frozenset(),
    )


def _order(n_days: int, n_months: int, usual: str | None) -> str | None:
    """Return what comes first if nearly all dates agree."""
    fewer, more = sorted((n_days, n_months))
    if not more:
        return usual
    if fewer * _STRAY > more:
        return None
    return "day" if n_days > n_months else "month"


def _is_numbered(texts: Sequence[str]) -> bool:
    stated = [text for text in texts if not is_empty(text)]
    return bool(stated) and all(map(_SERIAL.fullmatch, stated))
