"""T10, T12 and T13: records out of date, conflicting values, label accuracy."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.errors import TrialDataError
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.wording import field_name, word
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    first_rows,
    is_missing,
    records,
    stack,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.trials import Trials

#: Labels with fewer gold cases than this get no score.
_FEWEST_CASES = 10
#: Longest value that a table of conflicts shows whole.
_LONGEST = 160
#: What the report says where no score ships with the rules.
NOT_MEASURED = "Label accuracy: accuracy not measured."


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
            stack(*(cell(row["detail"]) for row in flags)),
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
            _short(row["chosen"], row["field"]),
            cell(row["rule"]),
        )
        for row in records(head)
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


def _value(row: dict[str, Any], side: str) -> str:
    value = _short(row[f"value_{side}"], row["field"])
    source = cell(row[f"source_{side}"])
    date = cell(row[f"date_{side}"])
    return value if is_missing(row[f"source_{side}"]) else f"{value} ({source}, {date})"


def _short(value: str | None, field: str) -> str:
    if is_missing(value):
        return MISSING
    text = str(value)
    shown = word(text, field) if text.isupper() else text
    if len(shown) > _LONGEST:
        shown = shown[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return markdown_text(shown)


def label_accuracy(
    data: Trials, *, as_of: str | pd.Timestamp, path: Path | None = None
) -> Table:
    """Return T13, how often the labels are right, measured on labelled trials.

    The score is frozen with the rules and ships as `data/score.json`: `date`,
    `gold_trials`, `rules` (their version) and `rows`, each with `axis`, `label` (null
    for all labels of the axis), `support`, `precision`, `recall`, `f1` and their
    intervals `precision_low`, `precision_high` ... as shares between 0 and 1.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.
    path
        Another score file.

    Raises
    ------
    TrialDataError
        If the score file is not of that form.
    """
    score = _score(path)
    rows = score.get("rows", [])
    frame = pd.DataFrame(rows, columns=_SCORE_COLUMNS)
    gold = f"{score['gold_trials']:,} labelled trials" if rows else ""
    return Table(
        label="tbl-label-accuracy",
        caption=f"Accuracy of the labels on {gold}, kept apart from those that the "
        f"rules were written with; rules {markdown_text(score.get('rules', ''))}, "
        f"scored {markdown_text(score.get('date', ''))}. Unit: labels; 95 % "
        f"intervals in brackets. Labels with fewer than {_FEWEST_CASES} cases are not "
        f"scored. {cut_off(as_of)}"
        if rows
        else NOT_MEASURED,
        frame=frame,
        columns=(
            Column("Axis", 2),
            Column("Label", 3),
            Column("Cases", 1, "right"),
            Column("Precision", 2, "right"),
            Column("Recall", 2, "right"),
            Column("F1", 2, "right"),
        ),
        rows=tuple(_score_row(row) for row in records(frame)),
        empty_text=NOT_MEASURED,
    )


_SCORE_COLUMNS = [
    "axis",
    "label",
    "support",
    *(
        f"{name}{end}"
        for name in ("precision", "recall", "f1")
        for end in ("", "_low", "_high")
    ),
]


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
    rows = [row for row in _score(path).get("rows", []) if row.get("label") is None]
    parts = [
        f"{field_name(row['axis'])} {row['f1']:.2f}"
        for row in rows
        if row.get("f1") is not None
    ]
    return f"F1: {'; '.join(parts)}" if parts else "not measured"


def _score_row(row: dict[str, Any]) -> tuple[str, ...]:
    name = "all labels" if row["label"] is None else row["label"]
    head = (markdown_text(field_name(row["axis"])), markdown_text(name))
    support = int(row["support"] or 0)
    if support < _FEWEST_CASES:
        return (*head, f"{support:,}", "too few to score", "–", "–")
    return (*head, f"{support:,}", *(_score_cell(row, n) for n in _SCORES))


_SCORES = ("precision", "recall", "f1")


def _score_cell(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return "–"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    interval = "" if low is None or high is None else f" ({low:.2f}–{high:.2f})"
    return f"{row[name]:.2f}{interval}"
