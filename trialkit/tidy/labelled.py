"""The label tables, and the columns of `trials` that are derived from labels."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import combinations
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialkit.codebook import columns_of
from trialkit.files import Paths, listed
from trialkit.label.confidence import is_doubted
from trialkit.label.decision import ANSWERS
from trialkit.label.entries import OTHER, Entry, ancestors
from trialkit.label.overrides import Applied, apply_overrides, read_overrides
from trialkit.label.result import LabelResult
from trialkit.label.user_labels import labeller
from trialkit.label.vocabulary import NO_CELLS, shipped
from trialkit.merge import Merged
from trialkit.record import arms_of, passages
from trialkit.tidy.arrow import from_rows, table_of
from trialkit.tidy.value_lists import joined

if TYPE_CHECKING:
    import pyarrow as pa

#: Axes of which each trial has a set, such as `routes`, over its cell-product arms.
_SETS = ("route", "delivery_mode", "cell_type", "cell_source", "donor")

#: The group of routes that say no more than that something is injected or infused.
_NO_SITE = "Not stated"


class Labelling:
    """A labeller with its checked vocabularies and a person's corrections."""

    def __init__(self, vocabularies: Paths, overrides: Paths) -> None:
        #: The arguments of the same labelling in another process.
        self.recipe = _names(vocabularies), _names(overrides)
        own, corrections = self.recipe
        self._labeller = labeller([Path(name) for name in own])
        self._overrides = read_overrides(corrections, self._labeller.vocabularies)

    def batch(
        self, merged: Sequence[Merged]
    ) -> tuple[dict[str, list[Any]], dict[str, Callable[[], pa.Table]]]:
        """Return the columns of `trials` by labels, and how their tables are made."""
        results = [self._labeller.label(item) for item in merged]
        applied: list[Applied] = []
        if self._overrides:
            here = {result.trial_id for result in results}
            applied = apply_overrides(
                results,
                [[arm_id for arm_id, _ in arms_of(item.record)] for item in merged],
                [one for one in self._overrides if one.trial_id in here],
            )
        for result in results:
            self._labeller.add_codes(result.labels)
        tables = {
            **{
                name: partial(_label_table, name, results)
                for name in ("labels", "doses")
            },
            "passages": partial(_passages, merged, results),
            "overrides": partial(_overrides_table, applied),
        }
        return label_columns(results), tables

    def end(self, ids: Collection[str]) -> dict[str, pa.Table]:
        """Return the tables of all batches; refuse corrections of unknown trials."""
        vain = [one for one in self._overrides if one.trial_id not in ids]
        apply_overrides([], [], vain)
        return {"terms": self.terms()}

    def terms(self) -> pa.Table:
        """Return the table of the entries that the user's vocabularies add."""
        return _terms_table(self._labeller.added)

    @property
    def corrected(self) -> set[str]:
        """The ids of trials that a person corrects."""
        return {one.trial_id for one in self._overrides}


def _names(paths: Paths) -> tuple[str, ...]:
    return tuple(os.fspath(path) for path in listed(paths))


def _overrides_table(applied: Iterable[Applied]) -> pa.Table:
    rows = [
        (
            *(own.trial_id, one.arm_id or None, own.axis, joined(own.values)),
            *(own.relation or None, joined(one.replaced), own.reason),
            *(own.decided_by, own.date, own.path, own.line),
        )
        for one in applied
        for own in [one.override]
    ]
    return from_rows("overrides", rows)


def _terms_table(added: Iterable[Entry]) -> pa.Table:
    columns = columns_of("terms")
    rows = [
        tuple(
            ("|".join(value) if isinstance(value, tuple) else value) or None
            for value in (getattr(entry, name) for name in columns)
        )
        for entry in added
    ]
    return from_rows("terms", rows)


def _label_table(table: str, results: Sequence[LabelResult]) -> pa.Table:
    """Return the table `labels` or `doses`."""
    rows = [row for result in results for row in getattr(result, table)]
    names = columns_of(table)
    data = {name: list(map(attrgetter(name), rows)) for name in names}
    return table_of(data, table)


def _passages(merged: Sequence[Merged], results: Sequence[LabelResult]) -> pa.Table:
    rows = [
        (
            item.trial_id,
            record.source_id,
            f"P{number}",
            passage.section,
            None if passage.arm is None else f"A{passage.arm + 1}",
            None if passage.intervention is None else f"I{passage.intervention + 1}",
            passage.start,
            passage.text,
        )
        for item, result in zip(merged, results, strict=True)
        if result.is_cell_trial is not False or result.labels or is_doubted(result)
        for record in item.records
        for number, passage in enumerate(passages(record), 1)
    ]
    return from_rows("passages", rows)


def label_columns(results: Sequence[LabelResult]) -> dict[str, list[Any]]:
    """Return the columns of `trials` that the labels fill.

    A set is the union over the arms with a cell product, "Not stated" only where no arm
    states a value.
    """
    columns: dict[str, list[Any]] = {
        "is_cell_trial": [result.is_cell_trial for result in results],
        "cell_decision": [ANSWERS[result.is_cell_trial] for result in results],
        "cell_trial_reason": [result.reason for result in results],
        "route_relation": [_route_relation(result) for result in results],
    }
    for axis in _SETS:
        columns[f"{axis}s"] = [_set_of(result, axis) for result in results]
    return columns


def _set_of(result: LabelResult, axis: str) -> str | None:
    values = [row.value for row in result.labels if row.axis == axis]
    given = dict.fromkeys(v for v in values if v not in NO_CELLS)
    stated = [value for value in given if value != "NOT_STATED"]
    return "; ".join(stated or given) or None


def _route_relation(result: LabelResult) -> str | None:
    """Return the relation between the routes of a trial, None where it is unknown."""
    routes: dict[str, set[str]] = {}
    relations: dict[str, str] = {}
    for row in result.labels:
        if row.axis == "route" and row.value not in ("NONE", "NOT_STATED"):
            routes.setdefault(row.arm_id, set()).add(row.value)
            if row.relation:
                relations.setdefault(row.arm_id, row.relation)
    if not routes:
        return None
    several = {arm for arm, values in routes.items() if len(values) > 1}
    if several - relations.keys():
        return None  # a person named several routes, and not how they relate
    own = {relations[arm] for arm in several} & {"sequence", "alternative"}
    within = {f"{relation}_same_arm" for relation in own}
    if any(_differ(a, b) for a, b in combinations(routes.values(), 2)):
        return "mixed" if within else "compared_between_arms"
    return "mixed" if len(within) > 1 else next(iter(within), "single")


def _differ(routes: Collection[str], others: Collection[str]) -> bool:
    """Return whether two arms are given cells by different routes.

    A route that only says less than another, such as "intravenous" beside a peripheral
    vein, or an injection whose site is not stated, is no different one.
    """
    pairs = [(route, [_may_be_one(route, o) for o in others]) for route in routes]
    back = [any(row[i] for _, row in pairs) for i in range(len(others))]
    return not all(any(row) for _, row in pairs) or not all(back)


def _may_be_one(route: str, other: str) -> bool:
    if route == other:
        return True
    known = shipped()["route"]
    entries = [known[name] for name in (route, other) if name in known]
    if any(entry.group == _NO_SITE for entry in entries):
        return True
    above = [{e.id for e in ancestors(entry, known)} - {OTHER} for entry in entries]
    return len(entries) == 2 and (other in above[0] or route in above[1])
