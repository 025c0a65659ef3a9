"""T13: how often the labels are right, as it was measured and frozen with the rules."""

from __future__ import annotations

import json
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.escape import markdown_text
from trialkit.summarize.groups import axis_words
from trialkit.summarize.wording import field_name
from trialkit.tables.table import Column, Table, cut_off, records
from trialkit.version import rules_version

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

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
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    path: Path | None = None,
    axes: Collection[str] = (),
) -> Table:
    """Return T13, how often the labels are right, measured on labelled trials.

    The score is frozen with the rules and ships as `data/score.json`: `date`,
    `gold_trials`, `gold_arms`, `rules` (their hash), `note` (what was measured on, and
    what that does not cover) and `rows`, each with `axis`, `label` (null for all labels
    of the axis), `support`, `precision`, `recall`, `f1` and their intervals
    `precision_low`, `precision_high` ... as shares between 0 and 1. `figures` has more
    shares, each with `axis`, `unit`, `figure`, `value`, `low`, `high`. A score of other
    rules than those at work is shown and said to be one.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.
    path
        Another score file.
    axes
        Only the labels of these axes; without it, all.

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
    return Table(
        label="tbl-label-accuracy",
        caption=f"{_caption(score)} {cut_off(as_of)}" if rows else NOT_MEASURED,
        frame=frame,
        columns=(
            Column("Axis", 2),
            Column("Label", 3),
            Column("Cases", 1, "right"),
            Column("Precision", 2, "right"),
            Column("Recall", 2, "right"),
            Column("F1", 2, "right"),
        ),
        rows=tuple(_score_row(row) for row in records(frame.assign(words=words))),
        notes=tuple(
            filter(None, (_below(score, axes), markdown_text(score.get("note", ""))))
        ),
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
            low, high = row.get("low"), row.get("high")
            span = "" if low is None or high is None else f" ({low:.2f}–{high:.2f})"
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


def _score_row(row: dict[str, Any]) -> tuple[str, ...]:
    name = "all labels" if row["label"] is None else row["words"]
    head = (markdown_text(field_name(row["axis"])), markdown_text(name))
    support = int(row["support"] or 0)
    if support < _FEWEST_CASES:
        return (*head, f"{support:,}", "too few to score", "–", "–")
    return (*head, f"{support:,}", *(_score_cell(row, n) for n in _SCORES))


def _score_cell(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return "–"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    interval = "" if low is None or high is None else f" ({low:.2f}–{high:.2f})"
    return f"{row[name]:.2f}{interval}"
