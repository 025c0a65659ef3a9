"""T13: how often the labels are right, as it was measured and frozen with the rules."""

from __future__ import annotations

import json
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.escape import markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.groups import axis_words
from trialkit.summarize.wording import field_name
from trialkit.tables.content import Row
from trialkit.tables.table import Column, Table, numbers, table_of
from trialkit.tidy.trials import Trials
from trialkit.version import rules_version

#: Labels with fewer gold cases than this get no score.
_FEWEST_CASES = 10
#: What the report says where no score ships with the rules.
NOT_MEASURED = "Label accuracy: accuracy not measured."
_SCORES = ("precision", "recall", "f1")
_SCORE_COLUMNS = [
    "axis",
    "label",
    "support",
    *(f"{name}{end}" for name in _SCORES for end in ("", "_low", "_high")),
]
#: Figures of a whole axis that are printed below the table, and how.
_BELOW = {
    "exact": "exact sets",
    "coverage": "coverage",
    "false_claim_rate": "false claims where not stated",
}


def label_accuracy(
    data: Trials, *, as_of: Day, path: Path | None = None, axes: Collection[str] = ()
) -> Table:
    """Return how often the labels are right, measured on labelled trials.

    The score is frozen with the rules and ships as `data/score.json`: `date`,
    `gold_trials`, `gold_arms`, `rules` (their hash), `note` (what was measured on, and
    what that does not cover) and `rows`, each with `axis`, `label` (null for all labels
    of the axis), `support`, `precision`, `recall`, `f1` and their intervals
    `precision_low`, `precision_high` ... as shares between 0 and 1. `figures` has more
    shares, each with `axis`, `unit`, `figure`, `value`, `low`, `high`. A score of other
    rules than those at work is shown and said to be one.

    Returns
    -------
    Table
        Shows itself in a notebook.

    Raises
    ------
    TrialDataError
        If the score file is not of that form.
    """
    score = _score(path)
    rows = score.get("rows", [])
    frame = pd.DataFrame(rows, columns=_SCORE_COLUMNS)
    if axes:
        frame = frame[frame["axis"].isin(axes)].reset_index(drop=True)
    words = axis_words(frame.rename(columns={"label": "value"}), terms=data.terms)
    notes = (_below(score, axes), markdown_text(score.get("note", "")))
    return table_of(
        "tbl-label-accuracy",
        _caption(score) if rows else NOT_MEASURED,
        frame,
        Column("Axis", 2, lambda row: markdown_text(field_name(row["axis"]))),
        Column("Label", 3, lambda row: markdown_text(row["words"] or "all labels")),
        numbers("Cases", 1, lambda row: f"{_support(row):,}"),
        numbers("Precision", 2, lambda row: _share(row, "precision")),
        numbers("Recall", 2, lambda row: _share(row, "recall")),
        numbers("F1", 2, lambda row: _share(row, "f1")),
        rows=frame.assign(words=words.where(frame["label"].notna())),
        notes=tuple(filter(None, notes)),
        empty_text=NOT_MEASURED,
    )


def _caption(score: dict[str, Any]) -> str:
    older = "" if is_current(score) else f", {_older(score)}"
    day = markdown_text(score["date"])
    return (
        f"Accuracy of the labels on {score['gold_trials']:,} labelled trials; rules "
        f"{markdown_text(score['rules'])}{older}; scored {day}. "
        "Unit: labels per trial; 95 % intervals in brackets. Labels with fewer than "
        f"{_FEWEST_CASES} cases are not scored."
    )


def _older(score: dict[str, Any]) -> str:
    """Return that the rules have changed since, and what that did where it is known."""
    words = "measured with older rules than those at work"
    since = score.get("since", {})
    if since.get("rules") != rules_version():
        return words
    return (
        f"{words}, which label {since['differ']:,} of the {since['records']:,} records "
        "that these trials were drawn from otherwise"
    )


def is_current(score: dict[str, Any]) -> bool:
    """Return whether a score was measured with the rules that are at work."""
    return score.get("rules") == rules_version()


def _below(score: dict[str, Any], axes: Collection[str]) -> str:
    """Return a sentence per axis and unit."""
    groups: dict[str, list[str]] = {}
    for row in score.get("figures", []):
        if axes and row.get("axis") not in axes:
            continue
        words = _BELOW.get(row.get("figure"))
        if words and row.get("value") is not None:
            span = _interval(row.get("low"), row.get("high"))
            subject = f"{field_name(row.get('axis', ''))}, per {row.get('unit')}"
            groups.setdefault(subject, []).append(f"{words} {row['value']:.2f}{span}")
    lines = (f"{subject}: {'; '.join(parts)}." for subject, parts in groups.items())
    return markdown_text(" ".join(lines))


def _score(path: Path | None) -> dict[str, Any]:
    source = path or files("trialkit").joinpath("data", "score.json")
    if not source.is_file():
        return {}
    try:
        score = json.loads(source.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrialDataError(f"{source.name} is not a score: {error}") from error
    needed = {"rows", "gold_trials", "date", "rules"}
    if not isinstance(score, dict) or not needed <= set(score):
        raise TrialDataError(f"{source.name} lacks rows, gold_trials, date or rules")
    return score


def accuracy_words(path: Path | None = None) -> str:
    """Return the F1 of each axis in words, or that accuracy was not measured."""
    score = _score(path)
    rows = [row for row in score.get("rows", []) if row.get("label") is None]
    parts = [
        f"{field_name(row['axis'])} {row['f1']:.2f}"
        for row in rows
        if row.get("f1") is not None
    ]
    if not parts:
        return "not measured"
    older = "" if is_current(score) else " (measured with older rules)"
    return f"F1: {'; '.join(parts)}{older}"


def accuracy_sentence(path: Path | None = None) -> str:
    """Return in one sentence, without its stop, how often labels are right."""
    score = _score(path)
    rows = [row for row in score.get("rows", []) if row.get("label") is None]
    known = [row["f1"] for row in rows if row.get("f1") is not None]
    if not known:
        return "how often they are right was not measured"
    low, high = f"{min(known):.2f}", f"{max(known):.2f}"
    span = f"{low} to {high} by axis" if low != high else f"{low} on each axis"
    older = "" if is_current(score) else "; the rules have changed since"
    return f"on {score['gold_trials']:,} trials read by hand F1 is {span}{older}"


def _support(row: Row) -> int:
    return int(row["support"] or 0)


def _share(row: Row, name: str) -> str:
    if _support(row) < _FEWEST_CASES:
        return "too few to score" if name == _SCORES[0] else "–"
    if row[name] is None:
        return "–"
    return f"{row[name]:.2f}{_interval(row[f'{name}_low'], row[f'{name}_high'])}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" ({low:.2f}–{high:.2f})"
