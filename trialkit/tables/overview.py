"""Key facts, characteristics, and one row per trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.statistics import PERCENT_FROM, share_text
from trialkit.summarize.wording import NOT_STATED, counted, word
from trialkit.tables.accuracy import accuracy_words
from trialkit.tables.table import (
    DAGGER,
    DAGGER_NOTE,
    MISSING_NOTE,
    Column,
    Table,
    cell,
    coded,
    cut_off,
    first_rows,
    is_missing,
    listed,
    records,
    stack,
    stated,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def key_facts(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T1, the report's key facts."""
    frame = summarize.key_facts(data, as_of=as_of)
    rows = [(markdown_text(row["label"]), _fact(row)) for row in records(frame)]
    rows.append(("Label accuracy", markdown_text(accuracy_words())))
    n = counted(len(data.trials), "trial")
    others = int(data.trials["is_cell_trial"].eq(False).fillna(False).sum())
    left = f" Rows on routes, cells, donors and doses leave out the {others:,} without "
    return Table(
        label="tbl-key-facts",
        caption=f"Key facts of {n}. Each row names its unit. A trial with two routes, "
        "sources or countries counts once in each, so such numbers can sum to more "
        f"than N.{left + 'a cell product.' if others else ''} What no source states is "
        f"counted as not stated. {cut_off(as_of)}",
        frame=frame,
        columns=(Column("Fact", 2), Column("Value", 5)),
        rows=tuple(rows),
    )


def _fact(row: dict[str, Any]) -> str:
    if is_missing(row["value"]) and row["total"] is not None:
        return share_text(row["n"], row["total"])
    return cell(row["value"])


def characteristics(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T3, design, status, place, size and start of the trials."""
    frame = summarize.characteristics(data)
    total = len(data.trials)
    has_shares = total >= PERCENT_FROM
    rows, last = [], None
    for row in records(frame):
        block = row["field"] if row["block"] != last else ""
        last = row["block"]
        number_cell = f"{row['n']:,}" if has_shares else f"{row['n']:,}/{total:,}"
        cells = [markdown_text(block), markdown_text(row["level"]), number_cell]
        rows.append((*cells, _share(row)) if has_shares else tuple(cells))
    columns = [
        Column("Characteristic", 3),
        Column("Level", 4),
        Column("Trials", 1.2, "right"),
    ]
    words = "Trials are counted, without percentages, because N is below 20."
    if has_shares:
        columns.append(Column("Share (95 % interval)", 2.2, "right"))
        words = "Shares with Wilson 95 % intervals."
    return Table(
        label="tbl-characteristics",
        caption=f"Characteristics of the trials. Unit: trials, N = {total:,}. {words} "
        "A trial in two countries or condition groups counts in both. Not applicable "
        f"is a registered value; not stated has a row of its own. {cut_off(as_of)}",
        frame=frame,
        columns=tuple(columns),
        rows=tuple(rows),
        empty_text="No trials.",
    )


def _share(row: dict[str, Any]) -> str:
    low, high = row["ci_low"], row["ci_high"]
    return f"{row['percent']:.1f} % ({low:.1f}–{high:.1f})"


#: Which cell of the trial table carries the dagger for a field with two values.
_CELL_OF = {
    "conditions": "conditions",
    "phase": "status",
    "overall_status": "status",
    "site_status": "status",
    "enrollment": "participants",
    "enrollment_type": "participants",
    "start_date": "dates",
    "completion_date": "dates",
    "primary_completion_date": "dates",
    "countries": "place",
    "sites": "place",
    "sponsors": "place",
    "lead_sponsor": "place",
}


def trials(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T4, one row per trial.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.
    limit
        Show only the first rows; the caption then says so. None shows all.
    """
    frame = summarize.trials(data)
    head, cut = first_rows(frame, limit)
    rows = tuple(_trial_row(row) for row in records(head))
    has_dagger = any(DAGGER in text for row in rows for text in row)
    return Table(
        label="tbl-trials",
        caption=f"The trials, by start date. Unit: trials, N = {len(frame):,}.{cut} "
        "“vs” stands between routes that arms compare; an arrow leads from the cell "
        f"type back to its source. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 3.2),
            Column("Conditions", 2),
            Column("Phase, status", 1.7),
            Column("Route", 2.1),
            Column("Cell type ← source; donor", 2.7),
            Column("Participants", 1.5),
            Column("Start → completion", 1.6),
            Column("Country; lead sponsor", 2.2),
        ),
        rows=rows,
        notes=(MISSING_NOTE, *((DAGGER_NOTE,) if has_dagger else ())),
        is_wide=True,
        empty_text="No trials.",
    )


def _trial_row(row: dict[str, Any]) -> tuple[str, ...]:
    fields = (row["differing"] or "").split("; ") if row["differing"] else []
    odd = {_CELL_OF.get(field, "trial") for field in fields}

    def mark(name: str) -> str:
        return f" {DAGGER}" if name in odd else ""

    title = cell(row["title"]) + (_LAY_TITLE if row["is_lay_title"] else "")
    status = coded(row["overall_status"], "overall_status")
    return (
        f"{trial_link(row['trial_id'])}{mark('trial')} {title}",
        listed(row["conditions"]) + mark("conditions"),
        stack(_phase(row["phase_group"]), status) + mark("status"),
        stated(row["routes"]),
        stack(_products(row["products"]), _donor(row["donors"])),
        participants(row["enrollment"], row["enrollment_type"]) + mark("participants"),
        f"{cell(row['start_date'])} → {cell(row['completion_date'])}" + mark("dates"),
        stack(listed(row["countries"]), cell(row["lead_sponsor"])) + mark("place"),
    )


_LAY_TITLE = " (headline of a lay page)"


def lay_title(row: dict[str, Any]) -> str:
    """Return what follows a title that no register gives, for a row of `trials`."""
    names = (row["brief_title"], row["official_title"])
    is_lay = row["display_title"] is not None and not any(names)
    return _LAY_TITLE if is_lay else ""


def _phase(group: str) -> str:
    if group == "NA":
        return "Phase not applicable"
    return f"Phase {MISSING}" if group == NOT_STATED else coded(group, "phase_group")


def _products(text: str | None) -> str:
    """Return `type ← source` pairs with "Not stated" shortened to a muted "ns"."""
    if text is None:
        return "no cell product"
    pairs = [pair.split(" ← ") for pair in text.split("; ")]
    return "; ".join(" ← ".join(stated(part) for part in pair) for pair in pairs)


def _donor(text: str | None) -> str:
    if text is None:
        return ""
    return f"donor {MISSING}" if text == NOT_STATED else markdown_text(text.lower())


def participants(enrollment: int | None, kind: str | None) -> str:
    """Return a number of participants with its type as a cell."""
    if is_missing(enrollment):
        return MISSING
    return f"{int(enrollment or 0):,} ({_kind(kind)})"


def _kind(kind: str | None) -> str:
    return (
        f"type {MISSING}"
        if is_missing(kind)
        else markdown_text(word(kind, "enrollment_type").lower())
    )
