"""Changes since an earlier report, store or download."""

from __future__ import annotations

import pandas as pd

from trialkit.compare.change import KINDS
from trialkit.compare.sides import Side
from trialkit.compare.told import headline
from trialkit.escape import MISSING, markdown_text
from trialkit.plural import capital
from trialkit.summarize.counted import Day
from trialkit.summarize.history import changes_since
from trialkit.summarize.wording import field_name
from trialkit.tables.content import Row, cut_words, trial_link
from trialkit.tables.table import Column, Table, first_rows, limited, table_of
from trialkit.tidy.trials import Trials

#: Longest value of a change that is shown whole.
_LONGEST = 160
#: Kinds whose changes name their field themselves.
_NAMED = ("trials", "results", "outcomes", "arms", "interventions", "sites")
#: Columns of a table of changes that has a page for itself, and of a narrow one.
_NO_EARLIER = "No earlier report was given to compare with."


@limited(200)
def changes(
    data: Trials,
    *,
    as_of: Day,
    earlier: Side | None = None,
    limit: int | None = None,
) -> Table:
    """Return what changed since an earlier report, store or download."""
    return _table("tbl-changes", data, earlier, KINDS, limit)


def _table(
    label: str,
    data: Trials,
    earlier: Side | None,
    kinds: tuple[str, ...],
    limit: int | None,
) -> Table:
    """Return the changes of some kinds as a table."""
    frame = changes_since(data, earlier)
    own = frame[frame["kind"].isin(kinds)].reset_index(drop=True)
    own.attrs = frame.attrs
    if earlier is None:
        return of_changes(own, label=label, limit=limit, empty_text=_NO_EARLIER)
    return of_changes(own, label=label, limit=limit)


def of_changes(
    frame: pd.DataFrame,
    *,
    label: str = "tbl-changes",
    limit: int | None = None,
    empty_text: str = "",
) -> Table:
    """Return a frame of changes as a table, the most telling first.

    Parameters
    ----------
    frame
        What `tk.changes` returned, or some of its rows.
    label
        What refers to the table.
    limit
        Rows to show, told in the caption; None shows all.
    empty_text
        The sentence that stands for no change.
    """
    head, cut = first_rows(frame, limit)
    since = markdown_text(frame.attrs.get("since", "the earlier state"))
    return table_of(
        label,
        f"Changes since {since}, the most telling first. Unit: changes, "
        f"N = {len(frame):,}.{cut}",
        frame,
        Column("Trial", 1.7, _trial),
        Column("Change", 1.7, _change),
        Column("Before", 2.8, lambda row: _value(row, "old")),
        Column("Now", 2.8, lambda row: _value(row, "new")),
        rows=head,
        empty_text=empty_text or f"Nothing has changed since {since}.",
    )


def _trial(row: Row) -> str:
    title = markdown_text(cut_words(row["title"], 60)) if row["title"] else ""
    return " ".join(filter(None, [trial_link(row["trial_id"]), title]))


def _change(row: Row) -> str:
    told = capital(row["change"])
    if row["kind"] not in _NAMED:
        told = f"{field_name(row['field'])}: {row['change']}"
    because = f"because of {row['because']}" if row["because"] else None
    notes = "; ".join(filter(None, [row["note"], because]))
    return markdown_text(f"{told} ({notes})" if notes else told)


def _value(row: Row, side: str) -> str:
    if row["kind"] == "trials":
        return "–"
    if row[side] is None:
        is_whole = "added" in row["change"] or "dropped" in row["change"]
        return "–" if is_whole else MISSING
    return markdown_text(cut_words(row[side], _LONGEST))


def changes_page(frame: pd.DataFrame) -> str:
    """Return what `tk.changes` found as a page of Markdown."""
    told = frame.attrs
    title = (
        f"# Changes from {markdown_text(told['old'])} to {markdown_text(told['new'])}"
    )
    notes = [f"- {markdown_text(capital(note))}." for note in told["notes"]]
    parts = [title, markdown_text(headline(frame)), "\n".join(notes)]
    if len(frame):
        parts.append(of_changes(frame).markdown())
    return "\n\n".join(filter(None, parts)) + "\n"
