"""Lead sponsors."""

from __future__ import annotations

from trialkit import summarize
from trialkit.summarize.counted import Day
from trialkit.tables.content import coded
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tidy.trials import Trials


@limited(100)
def sponsors(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the lead sponsors by their name as registered."""
    frame = summarize.sponsors(data)
    head, cut = first_rows(frame, limit)
    name = "lead_sponsor_class"
    return table_of(
        "tbl-sponsors",
        "Lead sponsors, by number of trials. Names stay as registered: two spellings, "
        "or an old and a new name of one institution, are two rows. Unit: trials, "
        f"N = {len(data.trials):,}; {frame.attrs['n_sponsors']:,} names.{cut} "
        "Participants are planned and actual ones together.",
        frame,
        Column("Lead sponsor", 3.8, "lead_sponsor"),
        Column("Class", 2.4, lambda row: coded(row[name], name)),
        numbers("Trials", 1, "n"),
        numbers("Participants", 1.3, "participants"),
        numbers("Trials without number", 1.5, "n_without_number"),
        rows=head,
    )
