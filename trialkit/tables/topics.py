"""Tables that only the topic reports show, each a small summary by one group."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.products import amount_words
from trialkit.summarize.statistics import number, share_text
from trialkit.summarize.wording import counted, word
from trialkit.tables.contents import (
    DASH_NOTE,
    ENROLLMENT_COLUMNS,
    ZERO_NOTE,
    enrollment_rows,
    pair,
    quartiles,
)
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    coded,
    cut_off,
    first_rows,
    records,
    stated,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

_ENDS = ("min", "max")
_phase = partial(word, column="phase_group")


def participants_by_type(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return participants by cell type."""
    return _enrollment(data, "cell_type", "Cell type", as_of)


def participants_by_phase(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return participants by phase."""
    return _enrollment(data, "phase_group", "Phase", as_of, words=_phase)


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
    frame = summarize.summarize_enrollment(data, by=by)
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


def durations_by_route(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return months from start to completion by route."""
    return _durations(data, "route_group", "Route", as_of)


def durations_by_phase(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return months from start to completion by phase."""
    return _durations(data, "phase_group", "Phase", as_of, words=_phase)


def _durations(
    data: Trials,
    by: str,
    header: str,
    as_of: str | pd.Timestamp,
    *,
    words: Callable[[Any], str] = str,
) -> Table:
    frame = summarize.summarize_durations(data, by=by)
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


def route_relations(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return how the routes of one trial relate to each other."""
    frame = summarize.count(data, by="route_relation")
    n = frame.attrs["n_trials"]
    rows = [
        (
            coded(row["route_relation"], "route_relation"),
            share_text(row["n"], n),
        )
        for row in records(frame)
    ]
    return Table(
        label="tbl-route-relations",
        caption="How the routes of one trial relate. Only trials whose arms differ by "
        f"route make a comparison of routes. Unit: trials, N = {n:,}. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(Column("Routes in the trial", 4), Column("Trials", 1.5, "right")),
        rows=tuple(rows) if n else (),
        notes=(MISSING_NOTE,),
        empty_text="No trials.",
    )


def delivery_sites(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return delivery mode, route, anatomical site and access as arms state them."""
    frame = summarize.delivery_sites(data)
    head, cut = first_rows(frame, limit)
    columns = ("delivery_mode", "route", "site", "access")
    rows = [
        (
            *(stated(row[name]) for name in columns),
            f"{row['n_trials']:,}",
            f"{row['n_arms']:,}",
        )
        for row in records(head)
    ]
    attrs = frame.attrs
    return Table(
        label="tbl-delivery-sites",
        caption="Delivery, route, anatomical site and access, as one arm states them "
        f"together. Units: trials, N = {attrs['n_trials']:,}; arms with a cell "
        f"product, N = {attrs['n_arms']:,}. A trial counts in each row that one of its "
        f"arms states.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Delivery", 2),
            Column("Route", 2.4),
            Column("Site", 2),
            Column("Access", 2),
            Column("Trials", 0.8, "right"),
            Column("Arms", 0.8, "right"),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No arm gives a cell product.",
    )


def doses_by_route(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the numbers of cells that arms state, by kind of dose and route."""
    frame = summarize.doses_by_route(data)
    rows = [
        (
            markdown_text(row["panel"]),
            stated(row["route_group"]),
            f"{row['n_trials']:,}",
            f"{row['n_arms']:,}",
            cell(amount_words(row["median"])) if row["n_levels"] > 2 else "–",
            " to ".join(dict.fromkeys(cell(amount_words(row[end])) for end in _ENDS)),
        )
        for row in records(frame)
    ]
    return Table(
        label="tbl-doses-by-route",
        caption="Numbers of cells by kind of dose and route. Kinds are not converted "
        "into each other, and none into the other with a body weight. Unit: arms, in "
        f"{counted(frame.attrs['n_trials'], 'trial')} with a number; an arm with "
        f"several levels counts once. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Kind of dose", 2.6),
            Column("Route", 2.4),
            Column("Trials", 0.9, "right"),
            Column("Arms", 0.9, "right"),
            Column("Median", 1.2, "right"),
            Column("Range", 2, "right"),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE, "–: two levels or fewer."),
        empty_text="No arm states a number of cells.",
    )
