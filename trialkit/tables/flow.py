"""Sources, records left out, and possible duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import (
    counted,
    kind_words,
)
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    first_rows,
    records,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def excluded(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return what was set aside or left out by a filter, with the reason."""
    frame = summarize.excluded(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            "–" if row["record"] is None else trial_link(row["record"]),
            "–" if row["source"] is None else cell(row["source"]),
            cell(row["reason"]),
        )
        for row in records(head)
    ]
    return Table(
        label="tbl-excluded",
        caption="Records that are not in this report, and why. Unit: records, "
        f"N = {len(frame):,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(Column("Record", 2), Column("File", 2), Column("Reason", 5)),
        rows=tuple(rows),
        empty_text="No record was set aside.",
    )


def possible_twins(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return pairs of trials that may be one; they are counted as two."""
    frame = summarize.possible_twins(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            trial_link(row["trial_id"]),
            trial_link(row["other_id"]),
            cell(row["reason"]),
            cell(row["title"]),
        )
        for row in records(head)
    ]
    return Table(
        label="tbl-twins",
        caption="Trials that may be the same: no id proves it, so each is counted. "
        f"Unit: pairs of trials, N = {len(frame):,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 2),
            Column("Other trial", 2),
            Column("Why", 2),
            Column("Title of the first", 5),
        ),
        rows=tuple(rows),
        empty_text="No two trials share a title or a second id.",
    )


def sources(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T2, what each source gave."""
    frame = summarize.sources(data)
    rows = [
        (
            cell(row["source"]),
            cell(kind_words(row["kind"], row["wording"])),
            cell(row["n_documents"]),
            cell(row["n_trials"]),
            _span(row["oldest_update"], row["newest_update"]),
            cell(number(row["median_fields"])),
        )
        for row in records(frame)
    ]
    return Table(
        label="tbl-sources",
        caption=f"Sources of this report. Unit: documents, N = {len(data.sources):,}, "
        f"on {counted(len(data.trials), 'trial')}. A mirror copies the register’s "
        "page; a lay page rewrites it for patients, and its own dates are not the "
        f"registry’s. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Source", 2.2),
            Column("Kind", 2.6),
            Column("Documents", 1.6, "right"),
            Column("Trials", 1, "right"),
            Column("Registry records last updated", 3),
            Column("Expected fields stated (median)", 2.2, "right"),
        ),
        rows=tuple(rows),
        notes=(
            MISSING_NOTE,
            "A trial that several registers have is counted once: by its "
            "ClinicalTrials.gov record, otherwise by the one registered first.",
        ),
        empty_text="No source was read.",
    )


def _span(first: str | None, last: str | None) -> str:
    if first == last:
        return cell(first)
    return f"{cell(first)} to {cell(last)}"
