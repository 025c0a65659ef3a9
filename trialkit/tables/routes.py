"""Routes: relations, comparisons and sites of delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.summarize.statistics import share_text
from trialkit.tables.overview import participants
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
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def route_comparisons(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T6, the trials whose arms differ by route."""
    frame = summarize.route_comparisons(data)
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['title'])}",
            cell(row["arms"]),
            coded(row["allocation"], "allocation"),
            coded(row["masking"], "masking"),
            participants(row["enrollment"], row["enrollment_type"]),
            cell(row["time_frames"]),
        )
        for row in records(frame)
    ]
    return Table(
        label="tbl-route-comparisons",
        caption="Routes compared inside trials: the comparison being made by the "
        "trial; no result is implied. Participants are those of the whole trial. "
        f"Unit: trials, N = {len(frame):,} of {len(data.trials):,}. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 3),
            Column("Arms and their routes", 3.4),
            Column("Allocation", 1.4),
            Column("Masking", 1.2),
            Column("Participants", 1.5),
            Column("Time frames, primary outcomes", 2),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No trial has arms that differ by route.",
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
