"""Labels as the engine wrote them, in the form in which they are scored."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.escape import csv_original
from trialkit.files import delimiter_of, text_of
from trialkit.label.vocabulary import NO_CELLS
from trialkit.score.gold import AXES, NOTHING, Labels, base_of
from trialkit.tidy.trials import Trials

_NEEDED = ("trial_id", "arm_id", "axis", "value")
_TEXT = (
    *("basis", "source_id", "section", "quote", "start", "end", "rule_id"),
    *("confidence", "doubts"),
)


class Labelled(NamedTuple):
    """The labels of one trial: per arm, and the sets of the trial."""

    is_cell_trial: bool
    arms: dict[str, dict[str, Labels]]
    axes: dict[str, Labels]


def label_rows(labels: Trials | pd.DataFrame | str | os.PathLike[str]) -> pd.DataFrame:
    """Return label rows as text, from trials, a table of labels or its CSV."""
    if isinstance(labels, (str, os.PathLike)):
        frame, name = _read(Path(labels)), str(labels)
    else:
        frame = labels if isinstance(labels, pd.DataFrame) else labels.labels
        name = "the labels"
    missing = [column for column in _NEEDED if column not in frame]
    if missing:
        raise TrialDataError(f"{name}: no column {', '.join(missing)}")
    frame = frame.reindex(columns=[*_NEEDED, *_TEXT]).astype("string")
    return frame.fillna("").reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    text = text_of(path, "labels")
    handle, mark = io.StringIO(text, newline=""), delimiter_of(text, _NEEDED)
    try:
        frame = pd.read_csv(handle, dtype="string", keep_default_na=False, sep=mark)
    except ValueError as error:
        told = str(error).splitlines()[0]
        raise TrialDataError(f"cannot read labels {path}: {told}") from None
    if "quote" in frame:
        frame["quote"] = frame["quote"].map(csv_original)
    return frame


def by_trial(rows: pd.DataFrame, axes: Sequence[str]) -> dict[str, Labelled]:
    """Return the labels of every trial; the sets of a trial leave control arms out.

    Axes of a user's own are those of all arms.
    """
    found: dict[str, dict[str, dict[str, set[str]]]] = {}
    scored = rows[rows["axis"].isin(axes)]
    for trial_id, arm_id, axis, value in scored[list(_NEEDED)].to_numpy():
        arms = found.setdefault(trial_id.upper(), {})
        arms.setdefault(arm_id, {}).setdefault(axis, set()).add(base_of(value))
    own = [axis for axis in axes if axis not in AXES]
    return {trial_id: _labelled(arms, own) for trial_id, arms in found.items()}


def _labelled(found: dict[str, dict[str, set[str]]], own: Sequence[str]) -> Labelled:
    arms, given = {}, []
    for arm_id, row in found.items():
        said = {a: frozenset(row.get(a, ["NOT_STATED"])) for a in (*AXES, *own)}
        if row.get("route") == NOTHING["route"]:
            arms[arm_id] = said | NOTHING
        else:
            arms[arm_id] = said
            given.append(said)
    of_cells = {a: _set_of([row[a] for row in given]) or NOTHING[a] for a in AXES}
    of_all = {a: _set_of([row[a] for row in arms.values()]) for a in own}
    return Labelled(bool(given), arms, of_cells | of_all)


def _set_of(rows: Sequence[Labels]) -> Labels:
    """Return the labels of several arms, "not stated" only where none says more."""
    values = frozenset().union(*rows)
    return values.difference(["NOT_STATED"], NO_CELLS) or values
