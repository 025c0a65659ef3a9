"""T10 and T12: records out of date, conflicting values; words that were not read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.wording import field_name
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    field_value,
    first_rows,
    is_missing,
    records,
    stack,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Longest value that a table of conflicts shows whole.
_LONGEST = 160


def _facts(flags: Iterable[dict[str, Any]]) -> list[str]:
    """Return what a record says, each fact once though it bears several flags."""
    return list(dict.fromkeys("; ".join(row["detail"] for row in flags).split("; ")))


def stale_records(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T10, records that may be out of date at the cut-off."""
    frame = summarize.stale_records(data, as_of=as_of)
    by_trial: dict[str, list[dict[str, Any]]] = {}
    kept = frame["trial_id"].drop_duplicates().to_frame()
    head, cut = first_rows(kept, limit)
    for row in records(frame[frame["trial_id"].isin(head["trial_id"])]):
        by_trial.setdefault(row["trial_id"], []).append(row)
    rows = [
        (
            f"{trial_link(key)} {cell(flags[0]['title'])}",
            stack(*(markdown_text(row["flag"]) for row in flags)),
            stack(*(cell(part) for part in _facts(flags))),
        )
        for key, flags in by_trial.items()
    ]
    n = frame.attrs["n_flagged"]
    return Table(
        label="tbl-stale",
        caption="Records that may be out of date. The flag speaks of the registry "
        f"record, not of the trial. Unit: trials, {n:,} of {len(data.trials):,}. A "
        f"record without dates or status cannot be flagged.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 4),
            Column("Record may be out of date", 2.4),
            Column("What the record says", 4),
        ),
        rows=tuple(rows),
        empty_text="No record looks out of date at the cut-off.",
    )


def conflicts(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T12, every value that was not chosen beside the one that was."""
    frame = summarize.conflicts(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            trial_link(row["trial_id"]),
            markdown_text(field_name(row["field"])),
            _value(row, "a"),
            _value(row, "b"),
            field_value(row["chosen"], row["field"], longest=_LONGEST),
            cell(row["rule"]),
        )
        for row in map(_from_difference, records(head))
    ]
    n = frame.attrs.get("n_flagged", 0)
    return Table(
        label="tbl-conflicts",
        caption=f"Conflicting values. Unit: values, N = {len(frame):,} in {n:,} of "
        f"{len(data.trials):,} trials.{cut} The source with more authority is kept "
        "(register, export, mirror, lay page), then the newer one; the other value "
        f"stays on record. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 1.5),
            Column("Field", 1.4),
            Column("Value A (source, date)", 3),
            Column("Value B (source, date)", 3),
            Column("Kept", 2),
            Column("Rule", 2.2),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No two sources, and no two parts of a record, contradict each "
        "other on a field.",
    )


def unread(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return the words of the records that could not be read, each once."""
    frame = summarize.unread(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            markdown_text(field_name(row["field"])),
            field_value(row["value"], row["field"], longest=_LONGEST),
            cell(row["note"]),
            f"{row['n_trials']:,}",
            trial_link(row["example"]),
        )
        for row in records(head)
    ]
    n = frame.attrs["n_flagged"]
    return Table(
        label="tbl-unread",
        caption="Words that could not be read. Unit: words, "
        f"N = {len(frame):,} in {n:,} of {len(data.trials):,} trials.{cut} Words "
        "without a level of the registry stay as written, and figures "
        "count them as “Other wording”; a date or number "
        f"that is none is missing. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Field", 1.6),
            Column("As written", 3.4),
            Column("What became of it", 3),
            Column("Trials", 0.9, "right"),
            Column("Example", 1.6),
        ),
        rows=tuple(rows),
        empty_text="Every value of a record could be read.",
    )


def _from_difference(row: dict[str, Any]) -> dict[str, Any]:
    """Let two long values that begin alike begin shortly before they differ."""
    both = [row["value_a"], row["value_b"]]
    if any(is_missing(value) or len(value) <= _LONGEST for value in both):
        return row
    pairs = enumerate(zip(*both, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), min(map(len, both)))
    if same <= _LONGEST // 2:
        return row
    word = both[0].rfind(" ", 0, same - _LONGEST // 4) + 1
    start = max(word, same - _LONGEST // 2)
    cut_a, cut_b = (f"… {value[start:]}" for value in both)
    return row | {"value_a": cut_a, "value_b": cut_b}


def _value(row: dict[str, Any], side: str) -> str:
    value = field_value(row[f"value_{side}"], row["field"], longest=_LONGEST)
    source = cell(row[f"source_{side}"])
    date = cell(row[f"date_{side}"])
    return value if is_missing(row[f"source_{side}"]) else f"{value} ({source}, {date})"
