"""Routes: relations, comparisons and sites of delivery."""

from __future__ import annotations

from trialkit import summarize
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import share_text
from trialkit.summarize.wording import base_words
from trialkit.tables.content import coded, linked, stated
from trialkit.tables.overview import participants
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tidy.trials import Trials


def route_comparisons(data: Trials, *, as_of: Day) -> Table:
    """Return the trials whose arms differ by route."""
    frame = summarize.route_comparisons(data)
    return table_of(
        "tbl-route-comparisons",
        "Trials whose arms differ by route, and may differ by more; no result is "
        "implied. Participants are those of the whole trial. Unit: trials, "
        f"N = {len(frame):,} of {len(data.trials):,}.",
        frame,
        Column("Trial", 3, lambda row: linked(row, "title")),
        Column("Arms and their routes", 3.4, "arms"),
        Column("Allocation", 1.4, lambda row: coded(row["allocation"], "allocation")),
        Column("Masking", 1.2, lambda row: coded(row["masking"], "masking")),
        Column("Participants", 1.5, participants),
        Column("Time frames, primary outcomes", 2, "time_frames"),
        empty_text="There is no comparison of routes to list.",
    )


def route_relations(data: Trials, *, as_of: Day) -> Table:
    """Return how the routes of one trial relate to each other."""
    name = "route_relation"
    frame = summarize.count(data, by=name)
    n = frame.attrs["n_trials"]
    return table_of(
        "tbl-route-relations",
        "How the routes of one trial relate. Only trials whose arms differ by route "
        f"make a comparison of routes. N = {base_words(n, len(data.trials))}.",
        frame,
        Column("Routes in the trial", 4, lambda row: coded(row[name], name)),
        numbers("Trials", 1.5, lambda row: share_text(row["n"], n)),
        rows=frame if n else (),
    )


@limited(60)
def delivery_sites(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return delivery mode, route, anatomical site and access as arms state them."""
    frame = summarize.delivery_sites(data)
    head, cut = first_rows(frame, limit)
    return table_of(
        "tbl-delivery-sites",
        "Delivery, route, anatomical site and access, as one arm states them together. "
        f"N = {base_words(frame.attrs['n_trials'], len(data.trials))}; arms with a "
        f"cell product, N = {frame.attrs['n_arms']:,}. A trial counts in each row that "
        f"one of its arms states.{cut}",
        frame,
        Column("Delivery", 2, lambda row: stated(row["delivery_mode"])),
        Column("Route", 2.4, lambda row: stated(row["route"])),
        Column("Site", 2, lambda row: stated(row["site"])),
        Column("Access", 2, lambda row: stated(row["access"])),
        numbers("Trials", 0.8, "n_trials"),
        numbers("Arms", 0.8, "n_arms"),
        rows=head,
        empty_text="No arm gives a cell product.",
    )
