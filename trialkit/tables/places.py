"""Lead sponsors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    coded,
    cut_off,
    first_rows,
    records,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


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
