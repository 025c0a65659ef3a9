"""The content of one table cell, as Markdown; text of records is escaped."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pandas as pd

from trialkit.escape import MISSING, markdown_text
from trialkit.record import trial_address
from trialkit.summarize.statistics import QUARTILES_FROM, number
from trialkit.summarize.wording import NOT_STATED, word

#: Mark of a value on which sources differ.
DAGGER = "†"
#: The end of the caption of every table with quartiles or ranges.
SPREAD_NOTE = "A dash stands for no number, or too few."
#: A basket trial names sixty conditions, a large one forty countries: the row would
#: fill a page.
MOST_LISTED = 8
_LONGEST_LIST = 160
#: One row of a frame by column, missing values as None.
Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dicts, missing values of any kind as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")  # type: ignore[return-value]


def by_trial(frame: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the rows of a frame as dicts, grouped by trial."""
    groups: dict[str, list[Row]] = {}
    for row in records(frame):
        groups.setdefault(row["trial_id"], []).append(row)
    return groups


def cell(value: Any) -> str:
    """Return one value as a cell, missing as a muted "not stated"."""
    if is_missing(value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return markdown_text(value)


def stated(text: str | None) -> str:
    """Return the words of a label as a cell, "Not stated" muted."""
    is_stated = not is_missing(text) and text != NOT_STATED
    return markdown_text(text) if is_stated else MISSING


def coded(code: str | None, column: str) -> str:
    """Return a registry code as a cell in the words that readers see."""
    return stated(word(code, column))


def field_value(value: str | None, field: str | None, *, longest: int) -> str:
    """Return a value of any field as a cell: a code in words, a long text cut."""
    if is_missing(value):
        return MISSING
    return markdown_text(cut_words(word(value, field or ""), longest))


def cut_words(text: str, longest: int) -> str:
    """Return a text, cut at a space and marked where it is longer than `longest`."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + "…"


def listed(text: str | None) -> str:
    """Return a list as a cell; a long one is cut to fit a narrow column."""
    items = [] if is_missing(text) else str(text).split("; ")
    lengths = accumulate(map(len, items))
    n_fitting = sum(length <= _LONGEST_LIST for length in lengths)
    shown = items[: max(1, min(n_fitting, MOST_LISTED))]
    more = len(items) - len(shown)
    return f"{cell('; '.join(shown))}; *{more} more*" if more > 1 else cell(text)


def pair_of(first: Any, second: Any) -> str:
    """Return two facts as one cell; where neither is stated it is said once."""
    if is_missing(first) and is_missing(second):
        return MISSING
    return f"{cell(first)}; {cell(second)}"


def is_missing(value: Any) -> bool:
    """Return whether a value is missing or an empty text."""
    return value is None or value is pd.NA or value == "" or bool(pd.isna(value))


def stack(*parts: str) -> str:
    """Return several pieces of Markdown as one cell, empty ones left out."""
    return "; ".join(part for part in parts if part)


def linked(row: Row, *columns: str) -> str:
    """Return the trial of a row as a link, with the text of other columns after it."""
    told = (stated_as(name, row[name]) for name in columns)
    return " ".join([trial_link(row["trial_id"]), *told])


def stated_as(name: str, value: Any) -> str:
    """Return a value as a cell; what is missing of a name that stands nowhere else."""
    return f"*{name} not stated*" if is_missing(value) else cell(value)


def trial_link(trial_id: str) -> str:
    """Return a trial's id as a link to its register, where the register is known."""
    shown, address = markdown_text(trial_id), trial_address(trial_id)
    return f"[{shown}]({address})" if address else shown


def quartiles(row: Row, n: int) -> str:
    """Return the quartiles of `n` numbers as a range, a dash where they are too few."""
    return pair(row["q1"], row["q3"]) if n >= QUARTILES_FROM else "–"


def pair(low: float | None, high: float | None) -> str:
    """Return two numbers as a range, a dash where there is none."""
    if is_missing(low):
        return "–"
    return number(low) if low == high else f"{number(low)} to {number(high)}"
