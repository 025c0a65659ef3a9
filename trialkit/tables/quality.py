"""Conflicts, unread words, evidence of labels, and corrections by hand."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.quality import corrections
from trialkit.summarize.wording import as_quoted, counted, field_name, kind_words
from trialkit.tables.content import (
    Row,
    cell,
    field_value,
    is_missing,
    linked,
    records,
    stack,
    stated_as,
    trial_link,
)
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tables.trial_facts import arm_names
from trialkit.tidy.trials import Trials

#: Longest value that a table of conflicts shows whole.
_LONGEST = 160


@limited(200)
def conflicts(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return every value that was not chosen beside the one that was."""
    frame = summarize.conflicts(data)
    head, cut = first_rows(frame, limit)
    return table_of(
        "tbl-conflicts",
        f"Conflicting values. Unit: values, N = {len(frame):,} in "
        f"{frame.attrs.get('n_flagged', 0):,} of {counted(len(data.trials), 'trial')}."
        f"{cut} The source with more authority is kept (register, export, mirror, lay "
        "page), then the newer one; the other value stays on record.",
        frame,
        Column("Trial", 1.5, linked),
        Column("Field", 1.4, _field),
        Column("Value A (source, date)", 3, lambda row: _value(row, "a")),
        Column("Value B (source, date)", 3, lambda row: _value(row, "b")),
        Column("Kept", 2, lambda row: _shortened(row, "chosen")),
        Column("Rule", 2.2, "rule"),
        rows=map(_from_difference, records(head)),
        empty_text="No two sources, and no two parts of a record, contradict each "
        "other on a field.",
    )


def _field(row: Row) -> str:
    return markdown_text(field_name(row["field"]))


def _shortened(row: Row, name: str) -> str:
    return field_value(row[name], row["field"], longest=_LONGEST)


def _from_difference(row: Row) -> Row:
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


def _value(row: Row, side: str) -> str:
    value, source = _shortened(row, f"value_{side}"), row[f"source_{side}"]
    if is_missing(source):
        return value
    return f"{value} ({cell(source)}, {stated_as('date', row[f'date_{side}'])})"


@limited(100)
def unread(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the words of the records that could not be read, each once."""
    frame = summarize.unread(data)
    head, cut = first_rows(frame, limit)
    return table_of(
        "tbl-unread",
        f"Words that could not be read. Unit: words, N = {len(frame):,} in "
        f"{frame.attrs['n_flagged']:,} of {counted(len(data.trials), 'trial')}.{cut} "
        "Words without a level of the registry stay as written, and figures count them "
        "as “Other wording”; a date or number that is none is missing.",
        frame,
        Column("Field", 1.6, _field),
        Column("As written", 3.4, lambda row: _shortened(row, "value")),
        Column("What became of it", 3, "note"),
        numbers("Trials", 0.9, "n_trials"),
        Column("Example", 1.6, lambda row: trial_link(row["example"])),
        rows=head,
        empty_text="Every value of a record could be read.",
    )


#: What makes one quote of the evidence: the words, and where they stand.
_QUOTE = ["trial_id", "quote", "source", "kind", "wording", "section"]


@limited(400)
def evidence(
    data: Trials,
    *,
    as_of: Day,
    trial_id: str | None = None,
    axes: Collection[str] = (),
    limit: int | None = None,
) -> Table:
    """Return the evidence table: every label with the words that it rests on."""
    frame = summarize.evidence(data, trial_id)
    if axes:
        frame = frame[frame["axis"].isin(axes)]
    frame = frame[frame["quote"].notna()].reset_index(drop=True)
    quotes = frame[_QUOTE].drop_duplicates()
    named = frame.assign(arm=arm_names(data, frame))
    head, cut = first_rows(quotes, limit)
    return table_of(
        "tbl-evidence",
        "Evidence: the words behind every label. They are statements of registrants "
        "and, where the source is a lay page, of third parties, and not endorsed; "
        "between quotation marks where they are the source’s own. Unit: passages, "
        f"N = {len(quotes):,}, for {len(frame):,} labels.{cut}",
        frame,
        Column("Trial, arms", 2, lambda row: f"{linked(row)} {stack(*row['arms'])}"),
        Column("Words of the source", 4, _words),
        Column("Source; section", 2.8, _place),
        Column("Labels (code, basis)", 4, lambda row: stack(*row["labels"])),
        rows=_by_quote(head.merge(named, how="left", on=_QUOTE)),
        is_wide=True,
        empty_text="No label rests on a quote.",
    )


def _by_quote(frame: pd.DataFrame) -> list[Row]:
    """Return one row per quote: its arms, and the labels that rest on it."""
    found: dict[tuple[str, ...], Row] = {}
    for row in records(frame):
        key = tuple(row[name] for name in _QUOTE)
        quote = found.setdefault(key, {**row, "arms": {}, "labels": {}})
        quote["arms"][cell(row["arm"])] = None
        quote["labels"][_label(row)] = None
    return list(found.values())


def _words(row: Row) -> str:
    return as_quoted(cell(row["quote"]), row["wording"])


def _place(row: Row) -> str:
    kind = kind_words(row["kind"], row["wording"])
    name = field_name(row["section"] or "section not stated")
    return f"{cell(row['source'])}, {cell(kind)}; {markdown_text(name)}"


def _label(row: Row) -> str:
    basis = row["basis"] or "basis not stated"
    code = basis if row["code"] is None else f"{row['code']}, {basis}"
    return markdown_text(f"{field_name(row['axis'])}: {row['label']} ({code})")


def _decision(row: Row) -> str:
    by, day = stated_as("person", row["decided_by"]), stated_as("day", row["date"])
    return f"{by}, {day}"


def overrides(data: Trials, *, as_of: Day) -> Table:
    """Return the labels that a person corrected, and why."""
    frame = data.overrides
    return table_of(
        "tbl-overrides",
        "Labels that were corrected by hand, with what the rules had said. Unit: "
        f"corrections, N = {len(frame):,}.",
        frame,
        Column("Trial, arm", 2, lambda row: linked(row, "arm")),
        Column(
            "Kind of label", 1.4, lambda row: markdown_text(field_name(row["axis"]))
        ),
        Column("Decided", 1.5, "value"),
        Column("Rules had", 1.5, lambda row: cell(row["replaced"] or "no label")),
        Column("Reason", 3.5, "reason"),
        Column("Who, when", 1.6, _decision),
        rows=corrections(data).assign(arm=frame["arm_id"].fillna("whole trial")),
        empty_text="No label was corrected by hand.",
    )
