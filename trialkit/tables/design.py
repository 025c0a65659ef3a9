"""Endpoints and posted results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.statistics import share_text
from trialkit.summarize.wording import NOT_STATED, counted
from trialkit.tables.table import (
    Column,
    Table,
    cut_off,
    records,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def endpoints(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the domains of the endpoints that trials register."""
    frame = summarize.endpoints(data)
    numbers = ("n", "n_primary", "n_secondary", "n_other", "n_untyped")
    rows = [
        (
            markdown_text(row["domain"]),
            *(f"{row[name]:,}" for name in numbers[:3]),
            f"{row['n_other'] + row['n_untyped']:,}",
            "–"
            if row["domain"] == NOT_STATED
            else f"{row['n_time_frame']:,} of {row['n_endpoints']:,}",
        )
        for row in records(frame)
        if row["n"] or row["domain"] == NOT_STATED
    ]
    n = frame.attrs["n_endpoints"]
    return Table(
        label="tbl-endpoints",
        caption="Endpoints by domain, read from the words of the measure; the first "
        "domain that fits counts, and no value or result is read. Unit: trials, N = "
        f"{len(data.trials):,}, with {n:,} endpoints. A trial with several endpoints "
        "counts once in each row and column, so that they can sum to more than N. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Domain", 3),
            Column("Trials", 1, "right"),
            Column("As primary", 1.1, "right"),
            Column("As secondary", 1.2, "right"),
            Column("Other, or type not stated", 1.6, "right"),
            Column("Endpoints with a time", 1.6, "right"),
        ),
        rows=tuple(rows) if len(data.trials) else (),
        empty_text="No trials.",
    )


def results_reporting(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return how many trials have posted results, of those that are due and others."""
    frame = summarize.results_reporting(data, as_of=as_of)
    due, posted = frame.attrs["n_due"], frame.attrs["n_due_posted"]
    rows = [
        (markdown_text(row["state"]), f"{row['n']:,}", f"{row['n_due']:,}")
        for row in records(frame)
    ]
    share = f"Of the trials that are due, {share_text(posted, due)} have posted"
    early = frame.loc[frame["state"] == "Posted"].iloc[0]
    others = int(early["n"] - early["n_due"])
    share += f", and {counted(others, 'other trial')}. " if others else ". "
    return Table(
        label="tbl-results-reporting",
        caption="Results in the registry. Due: primary completion (or completion, if "
        "it is not stated) 12 months or more before the cut-off, and not withdrawn; it "
        "is a rule of this report and not of any law. Cannot tell: the record gives "
        "neither date, or the "
        f"source does not say whether results are posted. {share if due else ''}Unit: "
        f"trials, N = {len(data.trials):,}. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Results", 3),
            Column("Trials", 1, "right"),
            Column("Of these due", 1.2, "right"),
        ),
        rows=tuple(rows) if len(data.trials) else (),
        empty_text="No trials.",
    )
