"""Changes since an earlier report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.history import ADDED, CHANGED, REMOVED, Earlier
from trialkit.summarize.wording import counted, field_name
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cut_off,
    field_value,
    first_rows,
    records,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


_ORDER = {ADDED: "Added", REMOVED: "Removed", CHANGED: "Changed"}


#: Longest value of a change that is shown whole.
_LONGEST = 120


def changes(
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    earlier: Earlier | None = None,
    limit: int | None = None,
) -> Table:
    """Return what was added, removed or changed since an earlier report or store."""
    frame = summarize.changes(data, earlier)
    head, cut = first_rows(frame, limit)
    value = partial(field_value, longest=_LONGEST)
    rows = [
        (
            trial_link(row["trial_id"]),
            _ORDER[row["change"]],
            "–" if row["field"] is None else markdown_text(field_name(row["field"])),
            value(row["before"], row["field"]) if row["change"] == CHANGED else "–",
            "–" if row["change"] == REMOVED else value(row["now"], row["field"]),
        )
        for row in records(head)
    ]
    sums = ""
    if earlier is not None:
        known = frame.attrs
        sums = (
            f"Added {known['n_added']:,}, removed {known['n_removed']:,}, changed "
            f"{known['n_changed']:,}; {counted(known['n_before'], 'trial')} then, "
            f"{known['n_trials']:,} now. "
        )
    return Table(
        label="tbl-changes",
        caption=f"Changes since the earlier report “{markdown_text(_name(earlier))}”. "
        f"{sums}A changed label can come from the record or from newer rules. Unit: "
        f"changes, N = {len(frame):,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 1.5),
            Column("Change", 1),
            Column("Field", 1.5),
            Column("Before", 3),
            Column("Now (title, where added)", 3),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No earlier report was given to compare with."
        if earlier is None
        else f"Nothing has changed since “{markdown_text(_name(earlier))}”.",
    )


def _name(earlier: Earlier | None) -> str:
    return "none" if earlier is None else earlier.name
