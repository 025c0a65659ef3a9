"""Sources, records left out, and possible duplicates."""

from __future__ import annotations

from trialkit import summarize
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import counted, kind_words
from trialkit.tables.content import Row, cell, linked, trial_link
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tidy.trials import Trials


def sources(data: Trials, *, as_of: Day) -> Table:
    """Return what each source gave."""
    frame = summarize.sources(data)
    return table_of(
        "tbl-sources",
        f"Sources of this report. Unit: documents, N = {len(data.sources):,}, on "
        f"{counted(len(data.trials), 'trial')}. A mirror copies the register’s page; a "
        "lay page rewrites it for patients, and its own dates are not the registry’s. "
        "A trial that several registers have is counted once: by its "
        "ClinicalTrials.gov record, otherwise by the one registered first.",
        frame,
        Column("Source", 2.2, "source"),
        Column("Kind", 2.6, lambda row: cell(kind_words(row["kind"], row["wording"]))),
        numbers("Documents", 1.6, "n_documents"),
        numbers("Trials", 1, "n_trials"),
        Column("Registry records last updated", 3, _span),
        numbers("Expected fields stated (median)", 2.2, _median_fields),
        empty_text="No source was read.",
    )


def _median_fields(row: Row) -> str:
    return cell(number(row["median_fields"]))


def _span(row: Row) -> str:
    first, last = row["oldest_update"], row["newest_update"]
    return cell(first) if first == last else f"{cell(first)} to {cell(last)}"


@limited(200)
def excluded(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return what was set aside or left out by a filter, with the reason."""
    frame = summarize.excluded(data)
    head, cut = first_rows(frame, limit)
    return table_of(
        "tbl-excluded",
        "Records that are not in this report, and why. Unit: records, "
        f"N = {len(frame):,}.{cut}",
        frame,
        Column("Record", 2, lambda row: trial_link(row["record"] or "–")),
        Column("File", 2, lambda row: cell(row["source"] or "–")),
        Column("Reason", 5, "reason"),
        rows=head,
        empty_text="No record was set aside.",
    )


@limited(200)
def possible_twins(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return pairs of trials that may be one; they are counted as two."""
    frame = summarize.possible_twins(data)
    head, cut = first_rows(frame, limit)
    return table_of(
        "tbl-twins",
        "Trials that may be the same: no id proves it, so each is counted. Unit: pairs "
        f"of trials, N = {len(frame):,}.{cut}",
        frame,
        Column("Trial", 2, linked),
        Column("Other trial", 2, lambda row: trial_link(row["other_id"])),
        Column("Why", 2, "reason"),
        Column("Title of the first", 5, "title"),
        rows=head,
        empty_text="No two trials share a title or a second id.",
    )
