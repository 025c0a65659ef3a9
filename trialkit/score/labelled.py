"""Labels as the engine wrote them, in the form in which they are scored."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.escape import csv_original
from trialkit.files import text_of
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
    text = io.StringIO(text_of(path, "labels"), newline="")
    try:
        frame = pd.read_csv(text, dtype="string", keep_default_na=False)
    except ValueError as error:
        told = str(error).splitlines()[0]
        raise TrialDataError(f"cannot read labels {path}: {told}") from None
    if "quote" in frame:
        frame["quote"] = frame["quote"].map(csv_original)
    return frame


def by_trial(rows: pd.DataFrame) -> dict[str, Labelled]:
    """Return the labels of every trial; the sets of a trial leave control arms out."""
    found: dict[str, dict[str, dict[str, set[str]]]] = {}
    scored = rows[rows["axis"].isin(AXES)]
    for trial_id, arm_id, axis, value in scored[list(_NEEDED)].to_numpy():
        arms = found.setdefault(trial_id.upper(), {})
        arms.setdefault(arm_id, {}).setdefault(axis, set()).add(base_of(value))
    return {trial_id: _labelled(arms) for trial_id, arms in found.items()}


def _labelled(found: dict[str, dict[str, set[str]]]) -> Labelled:
    arms, given = {}, []
    for arm_id, row in found.items():
        if row.get("route") == NOTHING["route"]:
            arms[arm_id] = NOTHING
        else:
            arms[arm_id] = {a: frozenset(row.get(a, ["NOT_STATED"])) for a in AXES}
            given.append(arms[arm_id])
    axes = {}
    for axis in AXES:
        values = frozenset().union(*(row[axis] for row in given))
        stated = values - {"NOT_STATED"} - NOTHING[axis]
        axes[axis] = stated or values or NOTHING[axis]
    return Labelled(bool(given), arms, axes)
