"""What is shown of one trial: facts, labels per arm, sentences with marks.

`terminal` and `card` write it out. The cards of a report (`tables.cards`) are half a
page of design and places with few quotes, so that they share its words and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """A piece of the record with the `spans` of evidence in it.

    `is_cut` tells whether the record goes on before and after it.
    """

    section: str
    text: str
    spans: list[tuple[int, int]]
    is_cut: tuple[bool, bool]


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
    labels = data.labels[data.labels["trial_id"] == key]
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")
    wording = labels["source_id"].map(sources["wording"].astype("string"))
    labels = labels.assign(
        words=axis_words(labels, terms=data.terms), wording=wording.astype("string")
    )
    arms = data.arms[data.arms["trial_id"] == key]
    decided = corrections(data)
    decided = decided[decided["trial_id"] == key]
    passages = data.passages[data.passages["trial_id"] == key]
    own = _sources_of(data, key)
    retold = bool(is_rewritten(own["wording"]).any())
    reason = f"{_yes_no(trial['is_cell_trial'])} ({_text(trial['cell_trial_reason'])})"
    return TrialView(
        trial_id=key,
        title=_text(trial["display_title"]),
        facts=[
            *((field_name(column), _fact(trial, column)) for column in _FACTS),
            (field_name("is_cell_trial"), reason),
            ("Sources", _said_by(own)),
        ],
        arms=[
            _arm(arm, labels[labels["arm_id"] == arm.arm_id])
            for arm in arms.itertuples()
        ],
        corrections=[_correction(row) for row in decided.itertuples()],
        passages=[
            marked
            for passage in passages.itertuples()
            if (marked := _marked(passage, labels))
        ],
        is_rewritten=retold,
    )


def _sources_of(data: Trials, trial_id: str) -> pd.DataFrame:
    said = data.statements
    ids = said.loc[said["trial_id"] == trial_id, "source_id"]
    return data.sources[data.sources["source_id"].isin(ids)]


def _said_by(sources: pd.DataFrame) -> str:
    """Return the kinds of the sources of a trial, and whose words they use."""
    text = sources.astype({"kind": "string", "wording": "string"}).fillna(
        {"wording": ""}
    )
    kinds = [
        f"example record ({kind_words(str(kind), str(wording))})"
        if wording == "rewritten"
        else kind_words(kind, wording).lower()
        for kind, wording in text[["kind", "wording"]].itertuples(index=False)
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
            f"no trial {trial_id} among {len(data)} records (the first: {known})"
        )
    return hits.iloc[0]


def _fact(trial: pd.Series, column: str) -> str:
    value = trial[column]
    return (
        word(str(value), column)
        if column in _CODES and pd.notna(value)
        else _text(value)
    )


def _text(value: object) -> str:
    return "not stated" if pd.isna(value) else plain_text(value)  # type: ignore[call-overload]


def _yes_no(value: object) -> str:
    return "cannot tell" if pd.isna(value) else ("yes" if value else "no")  # type: ignore[call-overload]


def _arm(arm: Any, labels: pd.DataFrame) -> ArmView:
    unstated = labels[labels["basis"] == "not_stated"]
    searched = ""
    if len(unstated):
        searched = _text(unstated["section"].iloc[0]).replace("_", " ")
    return ArmView(
        arm_id=str(arm.arm_id),
        name="one arm, not described" if arm.is_implicit else _text(arm.arm_label),
        lines=list(_lines(labels)),
        unstated=list(map(field_name, unstated["axis"])),
        searched=searched,
    )


def _lines(labels: pd.DataFrame) -> Iterator[LabelLine]:
    """Yield the labels with quotes, then those that a person decided."""
    is_decided = labels["basis"] == "override"
    for row in labels[labels["quote"].notna() & ~is_decided].itertuples():
        quote = as_quoted(str(row.quote), str(row.wording))
        yield _line(row, f"{row.basis}, {row.rule_id}", quote)
    for row in labels[is_decided].itertuples():
        yield _line(row, str(row.rule_id), None)


def _line(row: Any, origin: str, quote: str | None) -> LabelLine:
    return LabelLine(field_name(row.axis), row.words, origin, quote)


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
    return MarkedPassage(
        section=str(passage.section),
        text=text[first:last],
        spans=[(a - first, b - first) for a, b in _apart(found)],
        is_cut=(first > 0, last < len(text)),
    )


def _apart(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, touching ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
