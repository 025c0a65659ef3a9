"""Participants by route, cell type, phase and year."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import counted, word
from trialkit.tables.table import (
    DASH_NOTE,
    MISSING_NOTE,
    Column,
    Table,
    cut_off,
    pair,
    phase_words,
    quartiles,
    records,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


#: Columns of a table of participants, after that of the groups.
ENROLLMENT_COLUMNS = (
    Column("Trials", 1, "right"),
    Column("Total", 1.1, "right"),
    Column("Median", 1.1, "right"),
    Column("Quartiles", 1.4, "right"),
    Column("Range", 1.4, "right"),
    Column("Planned / actual / type ns", 1.8, "right"),
    Column("Without number", 1.2, "right"),
)


def enrollment_by_route(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T8, participants by route."""
    frame = summarize.enrollment_by_route(data, by="route_group")
    return Table(
        label="tbl-enrollment-by-route",
        caption="Participants by route. Unit: participants per trial; "
        f"N = {counted(len(data.trials), 'trial')}. A trial with two routes counts "
        "with its whole number in both rows, so rows can sum to more than the last "
        "one. Quartiles are interpolated (inclusive) and given from 4 numbers on. "
        f"{ZERO_NOTE} "
        "Planned, actual and numbers of unstated type enter together. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(Column("Route", 3), *ENROLLMENT_COLUMNS),
        rows=enrollment_rows(data, frame, lambda row: row["route_group"]),
        notes=(MISSING_NOTE, DASH_NOTE),
        empty_text="No trials.",
    )


#: The rule for trials in which nobody took part, the same wherever a median stands.
ZERO_NOTE = "A number of 0 (a trial withdrawn) enters no median, quartile or range."


def enrollment_rows(
    data: Trials, frame: pd.DataFrame, name: Callable[[dict[str, Any]], str]
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of participants by a group, all trials last."""
    if not len(data.trials):
        return ()
    total = summarize.enrollment_by_route(data, by=None)
    rows = [_enrollment_row(row, name(row)) for row in records(frame)]
    return (*rows, *(_enrollment_row(row, "All trials") for row in records(total)))


def _enrollment_row(row: dict[str, Any], name: str) -> tuple[str, ...]:
    kinds = (row["n_estimated"], row["n_actual"], row["n_type_not_stated"])
    return (
        markdown_text(name),
        f"{row['n']:,}",
        number(row["total"]),
        number(row["median"]),
        quartiles(row, sum(kinds) - row["n_zero"]),
        pair(row["min"], row["max"]),
        " / ".join(f"{n:,}" for n in kinds),
        f"{row['n_missing']:,}",
    )


def participants_by_type(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return participants by cell type."""
    return _enrollment(data, "cell_type", "Cell type", as_of)


def participants_by_phase(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return participants by phase."""
    return _enrollment(data, "phase_group", "Phase", as_of, words=phase_words)


def participants_by_year(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return participants by the year in which trials start."""
    return _enrollment(data, "start_year", "Year of start", as_of)


def participants_by_kind(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return participants, planned and reached numbers apart."""
    return _enrollment(
        data,
        "enrollment_type",
        "What the number is",
        as_of,
        words=partial(word, column="enrollment_type"),
    )


def _enrollment(
    data: Trials,
    by: str,
    header: str,
    as_of: str | pd.Timestamp,
    *,
    words: Callable[[Any], str] = str,
) -> Table:
    frame = summarize.enrollment_by_route(data, by=by)
    label = by.removesuffix("_group").replace("_", "-")
    return Table(
        label=f"tbl-participants-by-{label}",
        caption=f"Participants by {header[0].lower()}{header[1:]}. Unit: participants "
        f"per trial; N = {counted(frame.attrs['n_trials'], 'trial')}. A trial in "
        "two groups counts with its whole number in both. Quartiles are interpolated "
        f"(inclusive) and given from 4 numbers on. {ZERO_NOTE} {cut_off(as_of)}",
        frame=frame,
        columns=(Column(header, 3), *ENROLLMENT_COLUMNS),
        rows=enrollment_rows(data, frame, lambda row: words(row[by])),
        notes=(MISSING_NOTE, DASH_NOTE),
        empty_text="No trials.",
    )
