"""Endpoints and posted results."""

from __future__ import annotations

from trialkit import summarize
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import share_text
from trialkit.summarize.wording import NOT_STATED, counted
from trialkit.tables.content import Row
from trialkit.tables.table import Column, Table, numbers, table_of
from trialkit.tidy.trials import Trials


def endpoints(data: Trials, *, as_of: Day) -> Table:
    """Return the domains of the endpoints that trials register."""
    frame = summarize.endpoints(data)
    n = len(data.trials)
    is_shown = (frame["n"].gt(0) | frame["domain"].eq(NOT_STATED)) & (n > 0)
    rows = frame.assign(n_rest=frame["n_other"] + frame["n_untyped"])[is_shown]
    return table_of(
        "tbl-endpoints",
        "Endpoints by domain, read from the words of the measure; the first domain "
        f"that fits counts, and no value or result is read. Unit: trials, N = {n:,}, "
        f"with {frame.attrs['n_endpoints']:,} endpoints. A trial with several "
        "endpoints counts once in each row and column, so that they can sum to more "
        "than N.",
        frame,
        Column("Domain", 3, "domain"),
        numbers("Trials", 1, "n"),
        numbers("As primary", 1.1, "n_primary"),
        numbers("As secondary", 1.2, "n_secondary"),
        numbers("Other, or type not stated", 1.6, "n_rest"),
        numbers("Endpoints with a time", 1.6, _with_time),
        rows=rows,
    )


def _with_time(row: Row) -> str:
    if row["domain"] == NOT_STATED:
        return "–"
    return f"{row['n_time_frame']:,} of {row['n_endpoints']:,}"


def results_reporting(data: Trials, *, as_of: Day) -> Table:
    """Return how many trials have posted results, of those that are due and others."""
    frame = summarize.results_reporting(data, as_of=as_of)
    n, due, posted = len(data.trials), frame.attrs["n_due"], frame.attrs["n_due_posted"]
    share = ""
    if due:
        early = frame.loc[frame["state"] == "Posted"].iloc[0]
        others = int(early["n"] - early["n_due"])
        more = f", and {counted(others, 'other trial')}" if others else ""
        share = f"Of the trials that are due, {share_text(posted, due)} have posted"
        share += f"{more}. "
    return table_of(
        "tbl-results-reporting",
        "Results in the registry. Due: primary completion (or completion, if it is not "
        "stated) 12 months or more before the cut-off, and not withdrawn; it is a rule "
        "of this report and not of any law. Cannot tell: the record gives neither "
        "date, or the source does not say whether results are posted. "
        f"{share}Unit: trials, N = {n:,}.",
        frame,
        Column("Results", 3, "state"),
        numbers("Trials", 1, "n"),
        numbers("Of these due", 1.2, "n_due"),
        rows=frame.head(len(frame) if n else 0),
    )
