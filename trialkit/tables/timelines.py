"""Durations, start-up times, and records out of date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.dates import MONTH
from trialkit.escape import markdown_text
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import (
    counted,
)
from trialkit.tables.table import (
    DASH_NOTE,
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    first_rows,
    pair,
    phase_words,
    quartiles,
    records,
    stack,
    stated,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def durations_by_route(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return months from start to completion by route."""
    return _durations(data, "route_group", "Route", as_of)


def durations_by_phase(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return months from start to completion by phase."""
    return _durations(data, "phase_group", "Phase", as_of, words=phase_words)


def _durations(
    data: Trials,
    by: str,
    header: str,
    as_of: str | pd.Timestamp,
    *,
    words: Callable[[Any], str] = str,
) -> Table:
    frame = summarize.durations_by_route(data, by=by)
    rows = [
        (
            stated(words(row[by])),
            *_spread_cells(row),
            f"{row['n_approximate']:,}",
            f"{row['n_missing']:,}",
        )
        for row in records(frame)
    ]
    attrs = frame.attrs
    n = attrs["n_reversed"]
    left_out = f"; left out: {counted(n, 'trial')} with a completion before the start"
    return Table(
        label=f"tbl-durations-by-{by.removesuffix('_group')}",
        caption=f"Months from start to completion by {header.lower()}, planned and "
        f"reached dates together. Unit: trials, N = {attrs['n_usable']:,} of "
        f"{attrs['n_trials']:,} with both dates{left_out if n else ''}. Quartiles are "
        f"given from 4 trials on. {cut_off(as_of)}",
        frame=frame,
        columns=(
            *_spread_columns(header),
            Column("From a month or year (~)", 1.6, "right"),
            Column("Without a duration", 1.4, "right"),
        ),
        rows=tuple(rows) if attrs["n_usable"] else (),
        notes=(MISSING_NOTE, DASH_NOTE),
        empty_text="No trial states a start and a completion that follows it.",
    )


def start_up(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return months from the first posting of a record to the start, by year."""
    frame = summarize.start_up(data)
    rows = [
        (
            stated(row["start_year"]),
            *_spread_cells(row),
            f"{row['n_before']:,}",
            f"{row['n_after']:,}",
            f"{row['n_missing']:,}",
        )
        for row in records(frame)
    ]
    attrs = frame.attrs
    return Table(
        label="tbl-start-up",
        caption="From the first posting of the record to the start of the trial, in "
        "months, by year of start; below 0 the trial started first. Unit: trials, N = "
        f"{attrs['n_usable']:,} of {attrs['n_trials']:,} with both dates. A start "
        f"known to the month is taken at its middle. {cut_off(as_of)}",
        frame=frame,
        columns=(
            *_spread_columns("Year of start"),
            Column("Posted before or at the start", 1.6, "right"),
            Column("Posted after", 1.1, "right"),
            Column("Without both dates", 1.4, "right"),
        ),
        rows=tuple(rows) if attrs["n_usable"] else (),
        notes=(MISSING_NOTE, DASH_NOTE),
        empty_text="No trial states both a first posting and a start.",
    )


def _spread_columns(header: str) -> tuple[Column, ...]:
    return (
        Column(header, 2.6),
        Column("Trials", 1, "right"),
        Column("Median", 1.1, "right"),
        Column("Quartiles", 1.6, "right"),
        Column("Range", 1.6, "right"),
    )


def _spread_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{row['n']:,}",
        number(row["median"]),
        quartiles(row, row["n"]),
        pair(row["min"], row["max"]),
    )


def _facts(flags: Iterable[dict[str, Any]]) -> list[str]:
    """Return what a record says, each fact once though it bears several flags."""
    return list(dict.fromkeys("; ".join(row["detail"] for row in flags).split("; ")))


def stale_records(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T10, records that may be out of date at the cut-off."""
    frame = summarize.stale_records(data, as_of=as_of)
    by_trial: dict[str, list[dict[str, Any]]] = {}
    kept = frame["trial_id"].drop_duplicates().to_frame()
    head, cut = first_rows(kept, limit)
    for row in records(frame[frame["trial_id"].isin(head["trial_id"])]):
        by_trial.setdefault(row["trial_id"], []).append(row)
    rows = [
        (
            f"{trial_link(key)} {cell(flags[0]['title'])}",
            stack(*(markdown_text(row["flag"]) for row in flags)),
            stack(*(cell(part) for part in _facts(flags))),
        )
        for key, flags in by_trial.items()
    ]
    n = frame.attrs["n_flagged"]
    return Table(
        label="tbl-stale",
        caption="Records that may be out of date. The flag speaks of the registry "
        f"record, not of the trial. Unit: trials, {n:,} of {len(data.trials):,}. A "
        f"record without dates or status cannot be flagged.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 4),
            Column("Record may be out of date", 2.4),
            Column("What the record says", 4),
        ),
        rows=tuple(rows),
        empty_text="No record looks out of date at the cut-off.",
    )


#: Stands once above the cards.
COURSE_NOTE = (
    "In “Course” a mark is half a year (a year where the line would be long): ■ up to "
    "the data cut-off, □ after it, ◆ or ◇ with the primary completion."
)


_MOST = 24


_DATES = ("start_date", "completion_date", "primary_completion_date")


def course(row: dict[str, Any], cut_off: pd.Timestamp) -> str | None:
    """Return a trial from start to completion as marks, None without both dates.

    Parameters
    ----------
    row
        A row of `trials`, missing values as None.
    cut_off
        The data cut-off.
    """
    start, end, primary = (_middle(row, name) for name in _DATES)
    if start is None or end is None or end < start:
        return None
    months = (end - start).days / MONTH
    step = next(n for n in (6, 12, 24, 60, 120, 600) if months / n <= _MOST)
    count = max(1, round(months / step))
    turn = (cut_off - start).days / MONTH
    marks = ["■" if (i + 0.5) * step <= turn else "□" for i in range(count)]
    if primary is not None and start <= primary <= end:
        at = min(count - 1, int((primary - start).days / MONTH / step))
        marks[at] = "◆" if marks[at] == "■" else "◇"
    return f"{start:%Y} {''.join(marks)} {end:%Y}"


def _middle(row: dict[str, Any], name: str) -> pd.Timestamp | None:
    low, high = row[f"{name}_earliest"], row[f"{name}_latest"]
    return None if low is None or high is None else low + (high - low) / 2
