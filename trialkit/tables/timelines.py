"""Durations, start-up times, and records out of date."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.dates import MONTH
from trialkit.escape import markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import counted
from trialkit.tables.content import (
    SPREAD_NOTE,
    Row,
    by_trial,
    cell,
    coded,
    linked,
    pair,
    quartiles,
    stack,
    stated,
)
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tidy.trials import Trials

#: Stands once above the cards.
COURSE_NOTE = (
    "In “Course” a mark is half a year (a year where the line would be long): ■ up to "
    "the data cut-off, □ after it, ◆ or ◇ with the primary completion."
)
#: Most marks of a course, and the months that a mark can stand for.
_MOST, _STEPS = 24, (6, 12, 24, 60, 120, 600)


def durations_by_route(data: Trials, *, as_of: Day) -> Table:
    """Return months from start to completion by route."""
    return _durations(data, "route_group", "Route")


def durations_by_phase(data: Trials, *, as_of: Day) -> Table:
    """Return months from start to completion by phase."""
    return _durations(data, "phase_group", "Phase")


def _durations(data: Trials, by: str, header: str) -> Table:
    frame = summarize.durations_by_route(data, by=by)
    attrs = frame.attrs
    n = attrs["n_reversed"]
    left_out = f"; left out: {counted(n, 'trial')} with a completion before the start"
    return table_of(
        f"tbl-durations-by-{by.removesuffix('_group')}",
        f"Months from start to completion by {header.lower()}, planned and reached "
        f"dates together. Unit: trials, N = {attrs['n_usable']:,} of "
        f"{attrs['n_trials']:,} with both dates{left_out if n else ''}. Quartiles are "
        f"given from 4 trials on. {SPREAD_NOTE}",
        frame,
        Column(header, 2.6, lambda row: coded(row[by], by)),
        *_SPREAD,
        numbers("From a month or year (\\~)", 1.6, "n_approximate"),
        numbers("Without a duration", 1.4, "n_missing"),
        rows=frame if attrs["n_usable"] else (),
        empty_text="No trial states a start and a completion that follows it.",
    )


_SPREAD = (
    numbers("Trials", 1, "n"),
    numbers("Median", 1.1, lambda row: number(row["median"])),
    numbers("Quartiles", 1.6, lambda row: quartiles(row, row["n"])),
    numbers("Range", 1.6, lambda row: pair(row["min"], row["max"])),
)


def start_up(data: Trials, *, as_of: Day) -> Table:
    """Return months from the first posting of a record to the start, by year."""
    frame = summarize.start_up(data)
    attrs = frame.attrs
    return table_of(
        "tbl-start-up",
        "From the first posting of the record to the start of the trial, in months, by "
        "year of start; below 0 the trial started first. Unit: trials, "
        f"N = {attrs['n_usable']:,} of {attrs['n_trials']:,} with both dates. A start "
        f"known to the month is taken at its middle. {SPREAD_NOTE}",
        frame,
        Column("Year of start", 2.6, lambda row: stated(row["start_year"])),
        *_SPREAD,
        numbers("Posted before or at the start", 1.6, "n_before"),
        numbers("Posted after", 1.1, "n_after"),
        numbers("Without both dates", 1.4, "n_missing"),
        rows=frame if attrs["n_usable"] else (),
        empty_text="No trial states both a first posting and a start.",
    )


@limited(200)
def stale_records(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the records that may be out of date at the cut-off."""
    frame = summarize.stale_records(data, as_of=as_of)
    head, cut = first_rows(frame["trial_id"].drop_duplicates().to_frame(), limit)
    flags = by_trial(frame[frame["trial_id"].isin(head["trial_id"])])
    return table_of(
        "tbl-stale",
        "Records that may be out of date. The flag speaks of the registry record, not "
        f"of the trial. Unit: trials, {frame.attrs['n_flagged']:,} of "
        f"{len(data.trials):,}. A record without dates or status cannot be "
        f"flagged.{cut}",
        frame,
        Column("Trial", 4, lambda row: linked(row, "title")),
        Column(
            "Record may be out of date",
            2.4,
            lambda row: stack(*(markdown_text(r["flag"]) for r in row["flags"])),
        ),
        Column("What the record says", 4, _facts),
        rows=({**rows[0], "flags": rows} for rows in flags.values()),
        empty_text="No record looks out of date at the cut-off.",
    )


def _facts(row: Row) -> str:
    """Return what a record says, each fact once though it bears several flags."""
    told = "; ".join(flag["detail"] for flag in row["flags"]).split("; ")
    return stack(*(cell(fact) for fact in dict.fromkeys(told)))


def course(row: Row, cut_off: pd.Timestamp) -> str | None:
    """Return a row of `trials` as marks from start to completion, None without both."""
    dates = ("start_date", "completion_date", "primary_completion_date")
    start, end, primary = (_middle(row, name) for name in dates)
    if start is None or end is None or end < start:
        return None
    months = (end - start).days / MONTH
    step = next(n for n in _STEPS if months / n <= _MOST)
    count = max(1, round(months / step))
    turn = (cut_off - start).days / MONTH
    marks = ["■" if (i + 0.5) * step <= turn else "□" for i in range(count)]
    if primary is not None and start <= primary <= end:
        at = min(count - 1, int((primary - start).days / MONTH / step))
        marks[at] = "◆" if marks[at] == "■" else "◇"
    return f"{start:%Y} {''.join(marks)} {end:%Y}"


def _middle(row: Row, name: str) -> pd.Timestamp | None:
    low, high = row[f"{name}_earliest"], row[f"{name}_latest"]
    return None if low is None or high is None else low + (high - low) / 2
