"""Gold labels: what a careful reader says of a trial's arms, from JSON lines or CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from trialkit.errors import TrialDataError
from trialkit.files import Paths, csv_rows, listed, refuse, text_of
from trialkit.label.user_vocabulary import extended
from trialkit.label.vocabulary import AXES as SHIPPED
from trialkit.label.vocabulary import Vocabulary

#: Axes that are scored, and the names that gold files give them.
AXES = ("route", "delivery_mode", "cell_type", "cell_source", "donor")
_NAMES = {"routes": "route", "delivery": "delivery_mode"} | {a: a for a in AXES}
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

Labels = frozenset[str]
#: What an axis has where no cells are given.
NOTHING: dict[str, Labels] = {axis: frozenset(["NONE"]) for axis in AXES} | {
    "delivery_mode": frozenset(["none"])
}


class GoldTrial(NamedTuple):
    """What a reader says of one trial: each arm's labels, and those of the trial.

    `arms` maps `A1`, `A2` ... to labels by axis, `doubt` is the reader's own note.
    `is_cell_trial` is None where the reader judged only axes of their own.
    """

    trial_id: str
    is_cell_trial: bool | None
    arms: dict[str, dict[str, Labels]]
    axes: dict[str, Labels]
    doubt: str = ""


def own_axes(known: Vocabulary) -> list[str]:
    """Return the axes that a user's own vocabularies add."""
    return [axis for axis in known if axis not in SHIPPED]


def scored_axes(gold: Iterable[GoldTrial]) -> list[str]:
    """Return the axes that are scored: the shipped ones, and a user's own in use."""
    used = dict.fromkeys(axis for one in gold for axis in one.axes)
    return [*AXES, *(axis for axis in used if axis not in AXES)]


def read_gold(path: str | Path, vocabularies: Paths = ()) -> dict[str, GoldTrial]:
    """Return the gold labels of a file by trial id.

    JSON lines hold one trial each: `id`, `scope` (`cell` or `not_cell`), `arms` (each
    `arm`, its place from 0 or -1 for a record without arms, `product`, `routes`), and
    `routes`, `delivery`, `cell_type`, `cell_source`, `donor` of the whole trial. A CSV
    holds one arm a row: `trial_id`, `arm`, `product` (yes or no), and the same axes,
    values joined by semicolons. An axis of your own is named as its vocabulary is; it
    holds for arms without cells, too.

    Parameters
    ----------
    path
        A file of JSON lines or CSV.
    vocabularies
        CSV files of your own, as `trialkit.load` takes them.

    Returns
    -------
    dict
        What was read by hand, by trial id.

    Raises
    ------
    TrialDataError
        If the file cannot be read, or a line of it is wrong: no trial, a trial or arm
        twice, an axis or label that the vocabulary lacks. Each is named with its line.
    """
    path = Path(path)
    text = text_of(path, "gold labels")
    is_json = text.lstrip().startswith("{")
    known = extended(map(Path, listed(vocabularies)))
    trials, wrong = (_from_json if is_json else _from_csv)(text, known)
    refuse(f"gold labels {path}", wrong)
    if not trials:
        raise TrialDataError(f"gold labels {path}: no trial in it")
    if all(one.is_cell_trial is None and not one.axes for one in trials.values()):
        told = "no label of a known axis in it; one of your own needs its vocabulary"
        raise TrialDataError(f"gold labels {path}: {told}")
    return trials


def base_of(value: str) -> str:
    """Return a label's id: `OTHER:words` is OTHER."""
    return value.strip().partition(":")[0]


def _from_json(text: str, known: Vocabulary) -> tuple[dict[str, GoldTrial], list[str]]:
    own = own_axes(known)
    trials: dict[str, GoldTrial] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            trial = _trial(json.loads(line), own)
            if trial.trial_id in trials:
                raise ValueError(f"{trial.trial_id} stands twice")
            _assert_known(trial.trial_id, (trial.axes, *trial.arms.values()), known)
            trials[trial.trial_id] = trial
        except json.JSONDecodeError as error:
            wrong.append(f"line {number}: not JSON ({error.msg})")
        except (ValueError, RecursionError) as error:
            wrong.append(f"line {number}: {error}")
    return trials, wrong


def _trial(data: Any, own: Sequence[str]) -> GoldTrial:
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise ValueError("no trial with an id")
    is_cell = _is_cell(data)
    arms: dict[str, dict[str, Labels]] = {}
    for row in _list(data.get("arms", [])):
        if not isinstance(row, dict) or not isinstance(row.get("arm"), int):
            raise ValueError("an arm without its place `arm`")
        arm_id = _arm_id(row["arm"])
        if arm_id in arms:
            raise ValueError(f"arm {row['arm']} stands twice")
        arms[arm_id] = _axes(row, own, _is_product(row.get("product", True)))
    axes = _axes(data, own, is_cell is not False)
    trial_id, doubt = data["id"].strip().upper(), str(data.get("doubt") or "")
    return _complete(GoldTrial(trial_id, is_cell, arms, axes, doubt), own)


def _is_cell(data: Mapping[str, Any]) -> bool | None:
    """Return what a line says of the whole trial, None if only of axes of one's own."""
    scope = data.get("scope")
    if scope is None:
        return True if any(data.get(name) for name in ("arms", *_NAMES)) else None
    if scope not in ("cell", "not_cell"):
        raise ValueError(f"scope {scope!r}; it is cell or not_cell")
    return scope == "cell"


def _arm_id(place: int) -> str:
    if place < -1:
        raise ValueError(f"arm {place}; it is 0, 1 ... or -1 for the whole trial")
    return f"A{max(place, 0) + 1}"


def _list(value: object) -> list[Any]:
    if not isinstance(value, (list, str)):
        raise ValueError(f"{value!r} is no list")
    return value.split(";") if isinstance(value, str) else value


def _axes(
    row: Mapping[str, Any], own: Iterable[str], has_product: bool
) -> dict[str, Labels]:
    """Return the labels of a row, by the axes that it gives.

    Where no cells are given, only axes of a user's own have any.
    """
    found = {
        axis: frozenset(filter(None, (base_of(str(v)) for v in _list(row[name]))))
        for name, axis in (*_NAMES.items(), *((axis, axis) for axis in own))
        if row.get(name) not in (None, "", [])
    }
    return found if has_product else found | {a: NOTHING[a] for a in found if a in AXES}


def _complete(one: GoldTrial, own: Iterable[str]) -> GoldTrial:
    """Fill the trial's labels from its arms where the file gives only those."""
    axes = dict(one.axes)
    for axis in (*AXES, *own):
        if axis not in axes:
            said = (row.get(axis, frozenset()) for row in one.arms.values())
            given = frozenset().union(*said) - NOTHING.get(axis, frozenset())
            if given:
                axes[axis] = given - {"NOT_STATED"} or given
    if one.is_cell_trial is False:
        axes |= NOTHING
        for row in one.arms.values():
            row["route"] = NOTHING["route"]
    return one._replace(axes=axes)


def _assert_known(
    trial_id: str, rows: Iterable[Mapping[str, Labels]], known: Vocabulary
) -> None:
    for axis, values in (pair for row in rows for pair in row.items()):
        for value in sorted(values.difference(known[axis], ["NOT_STATED"])):
            raise ValueError(f"{trial_id}: no label {value!r} on axis {axis}")


def _from_csv(text: str, known: Vocabulary) -> tuple[dict[str, GoldTrial], list[str]]:
    own = own_axes(known)
    rows: dict[str, dict[str, dict[str, Labels]]] = {}
    cells: dict[str, bool] = {}
    wrong: list[str] = []
    for line, row in csv_rows(text, ("arm", "product", "trial_id"), wrong):
        try:
            trial_id, arm_id, product = _csv_arm(row)
            if arm_id in rows.setdefault(trial_id, {}):
                raise ValueError(f"arm {row['arm']} of {trial_id} stands twice")
            axes = rows[trial_id][arm_id] = _axes(row, own, product)
            cells[trial_id] = cells.get(trial_id, False) or product
            _assert_known(trial_id, [axes], known)
        except ValueError as error:
            wrong.append(f"line {line}: {error}")
    read = (GoldTrial(key, cells[key], rows[key], {}) for key in cells)
    return {one.trial_id: _complete(one, own) for one in read}, wrong


def _csv_arm(row: Mapping[str, str]) -> tuple[str, str, bool]:
    trial_id = row["trial_id"].strip().upper()
    if not trial_id:
        raise ValueError("no trial_id")
    arm = row["arm"].strip().upper()
    if re.fullmatch(r"-1|\d{1,4}", arm):
        arm = _arm_id(int(arm))
    elif not re.fullmatch(r"A[1-9]\d{0,3}", arm):
        raise ValueError(f"arm {arm!r}; it is 0, 1 ..., -1 for the whole trial, or A1")
    return trial_id, arm, _is_product(row["product"])


def _is_product(value: object) -> bool:
    said = _YES.get(str(value).strip().lower())
    if said is None:
        raise ValueError(f"product {value!r}; it is yes or no")
    return said
