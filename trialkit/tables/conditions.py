"""Conditions with their trials and participants."""

from __future__ import annotations

from trialkit import summarize
from trialkit.escape import MISSING
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import share_text
from trialkit.tables.content import Row, is_missing
from trialkit.tables.table import Column, Table, numbers, table_of
from trialkit.tidy.trials import Trials


def conditions(data: Trials, *, as_of: Day) -> Table:
    """Return the groups of conditions with their trials and participants."""
    frame = summarize.conditions(data)
    total = frame.attrs["n_trials"]
    return table_of(
        "tbl-conditions",
        "Trials by condition, and the participants that they state, planned and actual "
        "together. A trial counts in each of its groups; of a general and a closer one "
        f"only in the closer. Unit: trials, N = {total:,}.",
        frame,
        Column("Condition", 4, "condition"),
        numbers("Trials", 2, lambda row: share_text(row["n"], total)),
        numbers("Participants", 1.6, lambda row: _people(row)),
        numbers("Trials that state them", 1.6, "n_sized"),
        rows=frame[frame["n"] > 0],
        empty_text="There are no trials.",
    )


def _people(row: Row) -> str:
    people = row["participants"]
    return MISSING if is_missing(people) else f"{int(people):,}"
