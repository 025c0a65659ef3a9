"""What is shown of one trial: facts, labels per arm, sentences with marks.

`terminal` and `card` write it out. The cards of a report (`tables.cards`) are half a
page of design and places with few quotes, so that they share its words and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.escape import plain_text
from trialkit.read.values.ids import id_of
from trialkit.summarize.groups import axis_words
from trialkit.summarize.quality import corrections
from trialkit.summarize.wording import (
    as_quoted,
    field_name,
    is_rewritten,
    kind_words,
    word,
)
from trialkit.tidy.trials import Trials

_FACTS = (
    "overall_status",
    "phase",
    "enrollment",
    "enrollment_type",
    "start_date",
    "completion_date",
    "lead_sponsor",
    "countries",
)
#: Facts with words for their codes.
_CODES = ("overall_status", "phase", "enrollment_type")
#: Characters of context around marked words.
_MARGIN = 160


class LabelLine(NamedTuple):
    """One label of an arm in words; `quote` is None where a person decided."""

    axis: str
    words: str
    origin: str
    quote: str | None


class ArmView(NamedTuple):
    """One arm: its labels, the axes not stated, and where these were looked for."""

    arm_id: str
    name: str
    lines: list[LabelLine]
    unstated: list[str]
    searched: str


class MarkedPassage(NamedTuple):
    """A part of the record: pieces of text, and whether each is evidence."""

    section: str
    pieces: list[tuple[str, bool]]


class TrialView(NamedTuple):
    """All that is shown of one trial."""

    trial_id: str
    title: str
    facts: list[tuple[str, str]]
    arms: list[ArmView]
    corrections: list[str]
    passages: list[MarkedPassage]
    is_rewritten: bool


def view_of(data: Trials, trial_id: str) -> TrialView:
    """Return the view of the trial with an id, or with another id of it."""
    trial = _find(data, trial_id)
    key = str(trial["trial_id"])

    def own(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["trial_id"] == key]

    wording = data.sources.drop_duplicates("source_id").set_index("source_id").wording
    labels = own(data.labels)
    labels = labels.assign(
        words=axis_words(labels, terms=data.terms),
        wording=labels["source_id"].map(wording).astype("string"),
    )
    is_own = data.sources["source_id"].isin(own(data.statements)["source_id"])
    sources = data.sources[is_own]
    decision = trial["cell_decision"]
    answer = "not read" if pd.isna(decision) else decision
    reason = f"{answer} ({_text(trial['cell_trial_reason'])})"
    passages = (_marked(passage, labels) for passage in own(data.passages).itertuples())
    return TrialView(
        trial_id=key,
        title=_text(trial["display_title"]),
        facts=[
            *((field_name(column), _fact(trial, column)) for column in _FACTS),
            (field_name("is_cell_trial"), reason),
            ("Sources", _said_by(sources)),
        ],
        arms=[
            _arm(arm, labels[labels["arm_id"] == arm.arm_id])
            for arm in own(data.arms).itertuples()
        ],
        corrections=[_correction(row) for row in own(corrections(data)).itertuples()],
        passages=list(filter(None, passages)),
        is_rewritten=bool(is_rewritten(sources["wording"]).any()),
    )


def _said_by(sources: pd.DataFrame) -> str:
    """Return the kinds of the sources of a trial, and whose words they use."""
    text = sources[["kind", "wording"]].astype("string").fillna({"wording": ""})
    kinds = [
        f"example record ({kind_words(kind, wording)})"
        if wording == "rewritten"
        else kind_words(kind, wording).lower()
        for kind, wording in text.itertuples(index=False)
    ]
    return "; ".join(dict.fromkeys(kinds)) or "not stated"


def _find(data: Trials, trial_id: str) -> pd.Series:
    wanted = (id_of(trial_id) or trial_id.strip()).upper()
    if not wanted:
        raise TrialDataError("no trial id was given; expected one such as NCT07312864")
    ids = data.trials["trial_id"].str.upper()
    others = data.identifiers
    alias = others.loc[others["id"].str.upper() == wanted, "trial_id"]
    hits = data.trials[(ids == wanted) | data.trials["trial_id"].isin(alias)]
    if hits.empty:
        known = ", ".join(data.trials["trial_id"].head(5)) or "none"
        raise TrialDataError(
            f"no trial {trial_id} among {len(data):,} records (the first: {known})"
        )
    return hits.iloc[0]


def _fact(trial: pd.Series, column: str) -> str:
    value = trial[column]
    is_code = column in _CODES and pd.notna(value)
    return word(str(value), column) if is_code else _text(value)


def _text(value: object) -> str:
    return "not stated" if pd.isna(value) else plain_text(value)  # type: ignore[call-overload]


def _arm(arm: Any, labels: pd.DataFrame) -> ArmView:
    unstated = labels[labels["basis"] == "not_stated"]
    searched = unstated["section"].head(1).map(_text).str.replace("_", " ")
    return ArmView(
        arm_id=str(arm.arm_id),
        name="one arm, not described" if arm.is_implicit else _text(arm.arm_label),
        lines=list(_lines(labels)),
        unstated=list(map(field_name, unstated["axis"])),
        searched="".join(searched),
    )


def _lines(labels: pd.DataFrame) -> Iterator[LabelLine]:
    """Yield the labels with quotes, then those that a person decided."""
    row: Any
    is_decided = labels["basis"] == "override"
    for row in labels[labels["quote"].notna() & ~is_decided].itertuples():
        origin = f"{row.basis}, {row.rule_id}"
        quote = as_quoted(str(row.quote), str(row.wording))
        yield LabelLine(field_name(row.axis), row.words, origin, quote)
    for row in labels[is_decided].itertuples():
        yield LabelLine(field_name(row.axis), row.words, str(row.rule_id), None)


def _correction(row: Any) -> str:
    arm = f"{row.arm_id} " if isinstance(row.arm_id, str) else ""
    change = _text(row.value)
    if isinstance(row.replaced, str):
        change += f" instead of {plain_text(row.replaced)}"
    decided = f"({_text(row.decided_by)}, {row.date})"
    return f"{arm}{field_name(row.axis)}: {change}; {_text(row.reason)} {decided}"


def _marked(passage: Any, labels: pd.DataFrame) -> MarkedPassage | None:
    """Return the part of a passage that supports labels, None if there is none."""
    start, text = int(passage.start), str(passage.text)
    inside = labels[
        (labels["source_id"] == passage.source_id)
        & (labels["section"] == passage.section)
        & (labels["start"] >= start)
        & (labels["end"] <= start + len(text))
    ]
    found = {
        (int(row.start) - start, int(row.end) - start)
        for row in inside.itertuples()
        if text[int(row.start) - start : int(row.end) - start] == row.quote
    }
    if not found:
        return None
    first = max(0, min(found)[0] - _MARGIN)
    last = min(len(text), max(end for _, end in found) + _MARGIN)
    evidence = {at for left, right in found for at in range(left, right)}
    runs = groupby(range(first, last), evidence.__contains__)
    pieces = [("".join(text[at] for at in run), is_in) for is_in, run in runs]
    before = [("…", False)] if first else []
    after = [("…", False)] if last < len(text) else []
    return MarkedPassage(str(passage.section), [*before, *pieces, *after])
