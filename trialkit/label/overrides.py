"""Corrections of labels by a person: a CSV file that is applied last.

Each row replaces all values of one axis of one arm. A row that matches nothing, or
that another row contradicts, is an error with file and line: a correction that is not
applied must be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, NoReturn

from trialkit.errors import TrialDataError
from trialkit.escape import csv_original
from trialkit.files import Paths, csv_rows, listed, refuse, text_of
from trialkit.label.confidence import SURE, settle
from trialkit.label.decision import ANSWERS
from trialkit.label.result import Label, LabelResult
from trialkit.label.vocabulary import (
    AXES,
    BORROWED,
    NONE,
    NOT_STATED,
    Vocabulary,
    is_extracorporeal,
)
from trialkit.nearest import did_you_mean

#: Columns of the file; `relation` may be left out, and others are not looked at.
_NEEDED = ("trial_id", "arm_id", "axis", "value", "reason", "decided_by", "date")
COLUMNS = (*_NEEDED, "relation")
CELL_TRIAL = "is_cell_trial"
ALL_ARMS = "*"
_FIXED_VALUES = {
    CELL_TRIAL: ("yes", "no"),
    "cells_enter_body": ("true", "false", NOT_STATED),
}
#: Labels that rest on the route, dropped when a person corrects it.
_OF_ROUTE = ("site", "access", "perfusate", "cells_enter_body")
#: What only an arm with cells can have.
_OF_CELLS = {*AXES, *BORROWED, "cells_enter_body"} - {"route"}
_RELATIONS = ("", "single", "sequence", "alternative")


class Override(NamedTuple):
    """One decision of a person on one axis of one arm, and where it is written."""

    trial_id: str
    arm_id: str
    axis: str
    values: tuple[str, ...]
    relation: str
    reason: str
    decided_by: str
    date: str
    path: str
    line: int


class Applied(NamedTuple):
    """An override with the arm that it changed and the values that it replaced."""

    override: Override
    arm_id: str
    replaced: tuple[str, ...]


def read_overrides(paths: Paths, vocabularies: Vocabulary) -> list[Override]:
    """Return the corrections in CSV files, checked against the vocabularies.

    A row without a value is not decided yet, and is passed over: templates hold many.
    `arm_id` is `A1` or `*` (every arm that gets cells), `value` several joined by `; `.
    """
    files = ((path, text_of(path, "overrides")) for path in map(Path, listed(paths)))
    return parse_overrides(files, vocabularies)


def parse_overrides(
    files: Iterable[tuple[Path, str]], vocabularies: Vocabulary
) -> list[Override]:
    """Return the corrections in the texts of files, as `read_overrides` does."""
    found: list[Override] = []
    for path, text in files:
        wrong: list[str] = []
        for line, row in csv_rows(text, _NEEDED, wrong):
            told = {name: csv_original(row.get(name, "")).strip() for name in COLUMNS}
            told |= {name: told[name].upper() for name in ("trial_id", "arm_id")}
            value = told.pop("value")
            values = tuple(v.strip() for v in value.split(";") if v.strip())
            one = Override(values=values, path=str(path), line=line, **told)
            problem = value and (
                _axis_problem(one.axis, values, vocabularies)
                or _row_problem(one, value)
            )
            if problem:
                wrong.append(f"line {line}: {problem}")
            elif value:
                found.append(one)
        refuse(f"overrides {path}", wrong)
    _refuse_twice(found)
    return found


def _axis_problem(
    axis: str, values: tuple[str, ...], vocabularies: Vocabulary
) -> str | None:
    base = BORROWED.get(axis, axis)
    known = _FIXED_VALUES.get(axis) or (base in vocabularies and vocabularies[base])
    if not known:
        hint = did_you_mean(axis, (*vocabularies, *BORROWED, *_FIXED_VALUES))
        return f"no axis {axis!r}; {hint}"
    for value in values:
        is_known = value in known or value == NOT_STATED
        if not is_known and not (value.startswith("OTHER:") and "OTHER" in known):
            hint = did_you_mean(value, known, f"it has {', '.join(known)}", n=3)
            return f"no value {value!r} on axis {axis}; {hint}"
    if len(set(values)) < len(values):
        return "a value stands twice"
    if len(values) > 1 and {NONE, NOT_STATED, "yes", "no"} & set(values):
        return "these values exclude each other"
    return None


def _row_problem(one: Override, value: str) -> str | None:
    relation = one.relation
    for name in ("trial_id", "reason", "decided_by"):
        if not getattr(one, name):
            return f"no {name}"
    if one.axis != CELL_TRIAL and not one.arm_id:
        return f"no arm_id; write A1, A2 ..., or {ALL_ARMS} for every arm with cells"
    if one.axis == CELL_TRIAL and one.arm_id:
        return f"{CELL_TRIAL} is of the trial: leave arm_id empty"
    if relation not in _RELATIONS:
        return f"relation {relation!r}; it is single, sequence or alternative"
    if relation and one.axis != "route":
        return "relation says how several routes relate; leave it empty here"
    if relation and (relation == "single") != (len(one.values) == 1):
        return f"relation {relation!r} does not fit {value!r}"
    try:
        date.fromisoformat(one.date)
    except ValueError:
        return f"date {one.date!r} is not of the form 2026-11-22"
    return None


def _refuse(one: Override, problem: str) -> NoReturn:
    raise TrialDataError(f"overrides {one.path}, line {one.line}: {problem}")


def _refuse_twice(overrides: Iterable[Override]) -> None:
    seen: dict[tuple[str, str, str], Override] = {}
    for one in overrides:
        first = seen.setdefault((one.trial_id, one.arm_id, one.axis), one)
        if first is not one:
            what = " ".join(filter(None, (one.trial_id, one.arm_id, one.axis)))
            where = f"{first.path}, line {first.line}"
            _refuse(one, f"{what} is decided in {where}, already")


def apply_overrides(
    results: Sequence[LabelResult],
    arms: Sequence[Sequence[str]],
    overrides: Iterable[Override],
) -> list[Applied]:
    """Apply corrections to the results, and return what they replaced.

    `arms` holds, for each result, the ids of the trial's arms.
    """
    places = {result.trial_id: n for n, result in enumerate(results)}
    done: dict[tuple[str, str, str], Applied] = {}
    # The trial, routes and donors first: they clear what others then fill again.
    rank = {CELL_TRIAL: 0, "route": 1, "donor": 2}
    for one in sorted(overrides, key=lambda one: rank.get(one.axis, 3)):
        if one.trial_id not in places:
            _refuse(one, f"no trial {one.trial_id} is loaded")
        result, known = results[places[one.trial_id]], arms[places[one.trial_id]]
        for arm_id in _arms_of(one, result, known):
            key = one.trial_id, arm_id, one.axis
            if key in done:
                _refuse(one, f"{' '.join(key)} is decided by another line already")
            done[key] = _apply(one, result, arm_id, known)
    _assert_cells_are_given(results, done.values())
    return list(done.values())


def _arms_of(one: Override, result: LabelResult, known: Sequence[str]) -> list[str]:
    if one.axis == CELL_TRIAL:
        return [""]
    if one.arm_id == ALL_ARMS:
        given = _arms_with_cells(result)
        if not given:
            _refuse(one, f"no arm of {one.trial_id} gets cells; name the arm")
        return given
    if one.arm_id not in known:
        only = f"only {', '.join(known)}"
        _refuse(one, f"{one.trial_id} has no arm {one.arm_id}, {only}")
    return [one.arm_id]


def _arms_with_cells(result: LabelResult) -> list[str]:
    rows = [row for row in result.labels if row.axis == "route" and row.value != NONE]
    return list(dict.fromkeys(row.arm_id for row in rows))


def _apply(
    one: Override, result: LabelResult, arm_id: str, known: Sequence[str]
) -> Applied:
    if one.axis == CELL_TRIAL:
        before = ANSWERS[result.is_cell_trial]
        result.is_cell_trial = one.values == ("yes",)
        result.reason = f"decided by {one.decided_by}: {one.reason}"
        if not result.is_cell_trial:
            result.labels, result.doses = [], []
            for arm in known:
                _set(result, one, arm, "route", (NONE,))
                _set(result, one, arm, "delivery_mode", ("none",))
        settle(result)
        return Applied(one, arm_id, (before,))
    replaced = _set(result, one, arm_id, one.axis, one.values)
    if one.axis == "route":
        _follow_route(result, one, arm_id)
    elif one.axis == "donor":
        _drop(result, arm_id, ["donor_inferred"])
    return Applied(one, arm_id, replaced)


def _set(
    result: LabelResult, one: Override, arm_id: str, axis: str, values: Sequence[str]
) -> tuple[str, ...]:
    """Replace the values of an axis of an arm, and return the old ones."""
    key = arm_id, axis
    old = [row for row in result.labels if (row.arm_id, row.axis) == key]
    kept = [row for row in result.labels if (row.arm_id, row.axis) != key]
    relation = one.relation or ("single" if len(values) == 1 else None)
    new = [
        Label(
            trial_id=result.trial_id,
            arm_id=arm_id,
            axis=axis,
            value=value,
            basis="override",
            relation=relation if axis == "route" and value != NONE else None,
            rule_id=f"override:{Path(one.path).name}:{one.line}",
            confidence=SURE,
        )
        for value in values
    ]
    at = result.labels.index(old[0]) if old else len(kept)
    result.labels = [*kept[:at], *new, *kept[at:]]
    return tuple(row.value for row in old)


def _follow_route(result: LabelResult, one: Override, arm_id: str) -> None:
    """Make the other labels of an arm agree with a corrected route."""
    if one.values == (NONE,):
        kept = ("route", "delivery_mode")
        _drop(result, arm_id, {row.axis for row in result.labels}.difference(kept))
        result.doses = [row for row in result.doses if row.arm_id != arm_id]
        mode = "none"
    else:
        _drop(result, arm_id, _OF_ROUTE)
        is_device = all(map(is_extracorporeal, one.values))
        mode = "extracorporeal" if is_device else "in_body"
    _set(result, one, arm_id, "delivery_mode", (mode,))


def _drop(result: LabelResult, arm_id: str, axes: Collection[str]) -> None:
    result.labels = [
        row for row in result.labels if row.arm_id != arm_id or row.axis not in axes
    ]


def _assert_cells_are_given(
    results: Sequence[LabelResult], done: Iterable[Applied]
) -> None:
    """Refuse a cell trial without cells in any arm, and cells in any other trial.

    So is a label of cells on an arm that gets none, as nothing would count it; an axis
    of a user's own may be of any arm.
    """
    by_id = {result.trial_id: result for result in results}
    for one, arm_id, _ in done:
        result = by_id[one.trial_id]
        given = _arms_with_cells(result)
        problem = ""
        if result.is_cell_trial and not given:
            problem = (
                "is a cell trial in which no arm has a route; decide the route too"
            )
        elif given and not result.is_cell_trial:
            problem = f"has a route but is no cell trial; decide {CELL_TRIAL} too"
        elif one.axis in _OF_CELLS and arm_id not in given:
            problem = f"{arm_id} gets no cells by its labels; decide its route too"
        if problem:
            _refuse(one, f"{one.trial_id} {problem}")
