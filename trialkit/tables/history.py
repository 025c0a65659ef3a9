"""Changes since an earlier report, store or download."""

from __future__ import annotations

import re
from math import ceil

import pandas as pd

from trialkit.compare.change import ARRIVED, KINDS
from trialkit.compare.sides import Side
from trialkit.compare.told import headline, what_became
from trialkit.escape import MISSING, markdown_text
from trialkit.plural import capital
from trialkit.summarize.counted import Day
from trialkit.summarize.history import changes_since
from trialkit.tables.content import Row, cut_words, trial_link
from trialkit.tables.table import (
    Column,
    Table,
    first_rows,
    limited,
    numbers,
    table_of,
)
from trialkit.tidy.trials import Trials

#: Longest value of a change that is shown whole, and longest titles: beside an id,
#: and alone on two lines.
_LONGEST, _SHORT, _TITLE = 160, 38, 70
_ADDRESS = re.compile(r"\]\([^()\s]+\)")
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
    frame = changes_since(data, earlier)
    if earlier is None:
        return of_changes(frame, limit=limit, empty_text=_NO_EARLIER)
    return of_changes(frame, limit=limit)


def of_changes(
    frame: pd.DataFrame,
    *,
    label: str = "tbl-changes",
    limit: int | None = None,
    empty_text: str = "",
) -> Table:
    """Return changes as a table, the most telling first.

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
        Column("Trial", 2.1, _trial),
        Column("Change", 1.8, _change),
        Column("Before", 2.6, lambda row: _value(row, "old")),
        Column("Now", 2.6, lambda row: _value(row, "new")),
        rows=head,
        empty_text=empty_text or f"Nothing has changed since {since}.",
    )


def _trial(row: Row) -> str:
    # A trial of one side alone has its title there, where there is room for it.
    is_short = row["title"] and row["kind"] != "trials"
    title = markdown_text(cut_words(row["title"], _SHORT)) if is_short else ""
    return " ".join(filter(None, [trial_link(row["trial_id"]), title]))


def _change(row: Row) -> str:
    what, notes = what_became(row)
    return markdown_text(f"{what} ({notes})" if notes else what)


def _value(row: Row, side: str) -> str:
    if row["kind"] == "trials":
        is_here = (side == "new") == (row["change"] in ARRIVED)
        title = row["title"] if is_here else None
        return markdown_text(cut_words(title, _TITLE)) if title else "–"
    if row[side] is None:
        is_whole = "added" in row["change"] or "dropped" in row["change"]
        return "–" if is_whole else MISSING
    return markdown_text(cut_words(row[side], _LONGEST))


#: Lines of a page in print below heading and sentences, what the rule below a row
#: takes, and characters that a line of each column holds.
_LINES, _RULE, _FIT = 84, 0.7, (24, 21, 36, 36)


def rows_of_a_page(frame: pd.DataFrame) -> int:
    """Return how many changes fit on one page in print."""
    table, n_lines = of_changes(frame), 0.0
    for n, row in enumerate(table.rows):
        held = zip(map(_shown, row), _FIT, strict=True)
        n_lines += max(ceil(len(text) / fit) for text, fit in held) + _RULE
        if n_lines > _LINES:
            return max(n, 1)
    return len(table.rows)


def _shown(table_cell: str) -> str:
    """Return the words of a cell, without the address of its link."""
    return _ADDRESS.sub("]", table_cell)


def by_kind(frame: pd.DataFrame) -> Table:
    """Return how many changes of each kind there are, and what became of the fields."""
    rows = [
        {
            "kind": kind,
            "n_changes": len(own),
            "n_trials": own["trial_id"].nunique(),
            "changes": "; ".join(
                f"{word} {n:,}" for word, n in own["change"].value_counts().items()
            ),
        }
        for kind in KINDS
        if len(own := frame[frame["kind"].eq(kind)])
    ]
    counts = pd.DataFrame(rows, columns=["kind", "n_changes", "n_trials", "changes"])
    since = markdown_text(frame.attrs["since"])
    return table_of(
        "tbl-changes-by-kind",
        f"Changes since {since} by kind. Unit: changes, N = {len(frame):,}.",
        counts,
        Column("Kind", 1.5, lambda row: markdown_text(capital(row["kind"]))),
        numbers("Changes", 0.8, "n_changes"),
        numbers("Trials", 0.8, "n_trials"),
        Column("What became of them", 6, "changes"),
        empty_text=f"Nothing has changed since {since}.",
    )


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
