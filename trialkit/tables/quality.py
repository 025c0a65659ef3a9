"""Conflicts, unread words, evidence of labels, and corrections by hand."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.quality import corrections
from trialkit.summarize.wording import (
    as_quoted,
    field_name,
    kind_words,
)
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


#: What makes one quote of the evidence: the words, and where they stand.
_QUOTE = ["trial_id", "quote", "source", "kind", "wording", "section"]


def evidence(
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    trial_id: str | None = None,
    axes: Collection[str] = (),
    limit: int | None = None,
) -> Table:
    """Return the evidence table: every label with the words that it rests on.

    `axes` keeps the labels of some axes; without it, all.
    """
    frame = summarize.evidence(data, trial_id)
    if axes:
        frame = frame[frame["axis"].isin(axes)]
    frame = frame[frame["quote"].notna()].reset_index(drop=True)
    quotes = frame[_QUOTE].drop_duplicates()
    head, cut = first_rows(quotes, limit)
    return Table(
        label="tbl-evidence",
        caption="Evidence: the words behind every label. They are statements of "
        "registrants and, where the source is a lay page, of third parties, and not "
        "endorsed; between quotation marks where they are the source’s own. Unit: "
        f"passages, N = {len(quotes):,}, for {len(frame):,} labels.{cut} "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arms", 2),
            Column("Words of the source", 4.2),
            Column("Source; section", 2),
            Column("Labels (code, basis)", 4),
        ),
        rows=tuple(_by_quote(head.merge(frame, how="left", on=_QUOTE))),
        is_wide=True,
        empty_text="No label rests on a quote.",
    )


def _by_quote(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return one row per quote: its arms, and the labels that rest on it."""
    found: dict[tuple[Any, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for row in records(frame):
        arms, labels = found.setdefault(tuple(row[name] for name in _QUOTE), ({}, {}))
        arms[cell(row["arm_label"] or row["arm_id"])] = None
        labels[_label(row)] = None
    return [
        (
            f"{trial_link(trial_id)} {stack(*arms)}",
            as_quoted(cell(quote), wording),
            _place(source, kind, wording, section),
            stack(*labels),
        )
        for (trial_id, quote, source, kind, wording, section), (
            arms,
            labels,
        ) in found.items()
    ]


def _place(
    source: str | None, kind: str | None, wording: str | None, section: str | None
) -> str:
    name = field_name(section or "section not stated")
    return f"{cell(source)}, {cell(kind_words(kind, wording))}; {markdown_text(name)}"


def _label(row: dict[str, Any]) -> str:
    basis = row["basis"] or "basis not stated"
    code = basis if row["code"] is None else f"{row['code']}, {basis}"
    return markdown_text(f"{field_name(row['axis'])}: {row['label']} ({code})")


def overrides(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the labels that a person corrected, and why."""
    frame = data.overrides
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['arm_id'] or 'whole trial')}",
            markdown_text(field_name(row["axis"])),
            cell(row["value"]),
            cell(row["replaced"] or "no label"),
            cell(row["reason"]),
            f"{cell(row['decided_by'])}, {cell(row['date'])}",
        )
        for row in records(corrections(data))
    ]
    return Table(
        label="tbl-overrides",
        caption="Labels that were corrected by hand, with what the rules had said. "
        f"Unit: corrections, N = {len(frame):,}. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arm", 2),
            Column("Axis", 1.4),
            Column("Decided", 1.5),
            Column("Rules had", 1.5),
            Column("Reason", 3.5),
            Column("Who, when", 1.6),
        ),
        rows=tuple(rows),
        empty_text="No label was corrected by hand.",
    )
