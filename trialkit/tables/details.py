"""T9, T11, endpoints and results: doses, sponsors, what is measured and posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.products import DOSE_BASIS, PER, amount_words, session_words
from trialkit.summarize.statistics import share_text
from trialkit.summarize.wording import NOT_STATED, as_quoted, counted
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    coded,
    cut_off,
    first_rows,
    records,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def regimens(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T9, doses and regimens as stated, with the words they were read from."""
    frame = summarize.doses(data)
    head, cut = first_rows(frame, limit)
    sessions = session_words(head)
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['arm_label'] or row['arm_id'])}",
            _amount(row),
            "–" if row["amount"] is None else _basis(row["basis"]),
            cell(regimen),
            as_quoted(cell(row["quote"]), row["wording"]) if row["quote"] else MISSING,
        )
        for row, regimen in zip(records(head), sessions, strict=True)
    ]
    n = frame.attrs["n_trials"]
    return Table(
        label="tbl-regimens",
        caption="Doses and regimens, as the records state them. No amount is "
        "converted with an assumed body weight, and cells loaded in a device are not "
        f"a dose that a patient gets. Unit: dose levels, N = {len(frame):,}, in {n:,} "
        f"of {len(data.trials):,} trials.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arm", 2.6),
            Column("Amount", 1.9),
            Column("Basis", 1.2),
            Column("Number, interval, length", 1.8),
            Column("Words of the source", 4),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        is_wide=True,
        empty_text="No trial states a dose.",
    )


def _amount(row: dict[str, Any]) -> str:
    amount = amount_words(row["amount"])
    if amount is None:
        return MISSING
    unit = markdown_text(row["unit"] or "cells")
    per = PER.get(row["per"] or "", f"per dose or in total {MISSING}")
    return f"{markdown_text(amount)} {unit} {per}"


def _basis(basis: str | None) -> str:
    return MISSING if basis is None else DOSE_BASIS.get(basis, markdown_text(basis))


def sponsors(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T11, lead sponsors by their name as registered."""
    frame = summarize.sponsors(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            cell(row["lead_sponsor"]),
            coded(row["lead_sponsor_class"], "lead_sponsor_class"),
            f"{row['n']:,}",
            cell(row["participants"]),
            f"{row['n_without_number']:,}",
        )
        for row in records(head)
    ]
    return Table(
        label="tbl-sponsors",
        caption="Lead sponsors, by number of trials. Names stay as registered: two "
        "spellings, or an old and a new name of one institution, are two rows. Unit: "
        f"trials, N = {len(data.trials):,}; {frame.attrs['n_sponsors']:,} names.{cut} "
        "Participants are planned and actual ones together. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Lead sponsor", 4),
            Column("Class", 2),
            Column("Trials", 1, "right"),
            Column("Participants", 1.3, "right"),
            Column("Trials without number", 1.5, "right"),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No trials.",
    )


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
