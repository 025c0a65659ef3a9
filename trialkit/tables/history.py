"""Changes since an earlier report."""

from __future__ import annotations

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.history import ADDED, CHANGED, Earlier
from trialkit.summarize.wording import counted, field_name
from trialkit.tables.content import Row, field_value, linked
from trialkit.tables.table import Column, Table, first_rows, limited, table_of
from trialkit.tidy.trials import Trials

#: Longest value of a change that is shown whole.
_LONGEST = 120
#: Changes with a value before, and with one now.
_CHANGES = {"before": (CHANGED,), "now": (ADDED, CHANGED)}


@limited(200)
def changes(
    data: Trials,
    *,
    as_of: Day,
    earlier: Earlier | None = None,
    limit: int | None = None,
) -> Table:
    """Return what was added, removed or changed since an earlier report or store."""
    frame = summarize.changes(data, earlier)
    head, cut = first_rows(frame, limit)
    name, sums = "none", ""
    empty_text = "No earlier report was given to compare with."
    if earlier is not None:
        name, known = markdown_text(earlier.name), frame.attrs
        sums = (
            f"Added {known['n_added']:,}, removed {known['n_removed']:,}, changed "
            f"{known['n_changed']:,}; {counted(known['n_before'], 'trial')} then, "
            f"{known['n_trials']:,} now. "
        )
        empty_text = f"Nothing has changed since “{name}”."
    return table_of(
        "tbl-changes",
        f"Changes since the earlier report “{name}”. {sums}A changed label can come "
        f"from the record or from newer rules. Unit: changes, N = {len(frame):,}.{cut}",
        frame,
        Column("Trial", 1.5, linked),
        Column("Change", 1, lambda row: row["change"].capitalize()),
        Column("Field", 1.5, _field),
        Column("Before", 3, lambda row: _value(row, "before")),
        Column("Now (title, where added)", 3, lambda row: _value(row, "now")),
        rows=head,
        empty_text=empty_text,
    )


def _field(row: Row) -> str:
    return "–" if row["field"] is None else markdown_text(field_name(row["field"]))


def _value(row: Row, side: str) -> str:
    if row["change"] not in _CHANGES[side]:
        return "–"
    return field_value(row[side], row["field"], longest=_LONGEST)
