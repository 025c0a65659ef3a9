"""Which labels are sure: those without any sign that they may be wrong.

`data/label_doubts.csv` has the signs, and the axes on which each counts. Of labels of
trials that no rule had seen, those with a sign were wrong far more often than those
without (docs/labels.md has the numbers). Other axes were measured by nobody: their
labels are neither sure nor unsure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from trialkit.files import data_rows
from trialkit.label import rules
from trialkit.label.result import Label, LabelResult
from trialkit.label.study import ELSEWHERE, NARRATIVE, THIS_STUDY, TITLES, Study
from trialkit.label.vocabulary import NO_CELLS, NOT_STATED, parent_of

SURE, UNSURE = "sure", "unsure"
#: Doubts that bear on whether cells are given at all.
OF_DECISION = ("cells_named", "product_elsewhere", "cell_free_named")
#: Those that a person settles who says that the trial gives cells.
SETTLED = ("product_elsewhere",)
#: Sections of an arm and of its interventions begin with this.
_OF_ARM = ("arm_", "intervention_")
_NAMES = (*TITLES, "arm_label", "intervention_name", "intervention_other_name")
#: Values that say less than a reader of the whole record might.
_GENERAL = (NOT_STATED, "OTHER", *rules.PARENTERAL.ids)


class _Case(NamedTuple):
    """A label with the others of its arm, and the words of the trial."""

    study: Study
    arm: int
    row: Label
    of_arm: dict[str, list[Label]]

    @property
    def own(self) -> list[Label]:
        """The labels of the same arm on the same axis."""
        return self.of_arm[self.row.axis]


def rate(result: LabelResult, study: Study | bool) -> LabelResult:
    """Return the result, each label sure, or unsure with the doubts that make it so.

    Of a trial that no rule has looked at it is only told whether its summary has a word
    for cells.
    """
    of_arms: dict[str, dict[str, list[Label]]] = {}
    for row in result.labels:
        of_arms.setdefault(row.arm_id, {}).setdefault(row.axis, []).append(row)
    for arm, rows_by_axis in enumerate(of_arms.values()):
        told: dict[str, bool] = {}
        for row in (row for rows in rows_by_axis.values() for row in rows):
            signs = _signs().get(row.axis)
            if signs is None:
                continue
            if isinstance(study, Study):
                case = _Case(study, arm, row, rows_by_axis)
                found = [name for name in signs if _has(name, case, told)]
            else:
                found = ["cells_named"] if study else []
            row.doubts = "; ".join(found) or None
            row.confidence = UNSURE if found else SURE
    return result


def _has(name: str, case: _Case, told: dict[str, bool]) -> bool:
    """Return whether a label has a sign; those on the product are asked once an arm."""
    if name not in OF_DECISION:
        return _SIGNS[name](case)
    if name not in told:
        told[name] = _SIGNS[name](case)
    return told[name]


def settle(result: LabelResult) -> None:
    """Take from all labels the doubt that a person's yes to the trial has settled."""
    for row in result.labels:
        if row.doubts:
            left = [one for one in row.doubts.split("; ") if one not in SETTLED]
            row.doubts = "; ".join(left) or None
            row.confidence = UNSURE if left else SURE


def is_doubted(result: LabelResult) -> bool:
    """Return whether any label of a trial is unsure."""
    return any(row.doubts for row in result.labels)


@cache
def doubts() -> dict[str, str]:
    """Return what each doubt says, by its name."""
    return {row["doubt"]: row["says"] for row in data_rows("label_doubts.csv")}


@cache
def _signs() -> dict[str, list[str]]:
    """Return the doubts that count on each axis."""
    by_axis: dict[str, list[str]] = {}
    for row in data_rows("label_doubts.csv"):
        for axis in row["axes"].split("|"):
            by_axis.setdefault(axis, []).append(row["doubt"])
    return by_axis


def _cells_named(case: _Case) -> bool:
    study = case.study
    if case.row.value not in NO_CELLS:
        return False
    texts = study.texts
    if study.has_arms:
        texts = study.of_arm_and(case.arm, study.links[case.arm])
    return any(study.mentions(text, "cell_type") for text in texts)


def _product_elsewhere(case: _Case) -> bool:
    types = case.of_arm.get("cell_type", ())
    return case.row.value not in NO_CELLS and not any(map(_is_of_arm, types))


def _is_of_arm(row: Label) -> bool:
    return row.quote is not None and str(row.section).startswith(_OF_ARM)


def _cell_free_named(case: _Case) -> bool:
    texts = case.study.of_arm_and(case.arm, case.study.links[case.arm])
    return case.row.value not in NO_CELLS and any(
        rules.NOT_CELLS.search(t.folded) for t in texts
    )


def _general(case: _Case) -> bool:
    value = case.row.value.partition(":")[0]
    generic = case.study.vocabularies.with_role(case.row.axis, "generic")
    return value in _GENERAL or value in generic


def _summary_only(case: _Case) -> bool:
    return case.row.quote is not None and case.row.section in NARRATIVE


def _several(case: _Case) -> bool:
    return len(case.own) > 1


def _other_named(case: _Case) -> bool:
    axis = case.row.axis
    given = {row.value for row in case.own}
    passed = given | {parent_of(axis, value) for value in given}
    passed |= case.study.vocabularies.with_role(axis, "generic")
    return any(
        mention.id not in passed
        and parent_of(axis, mention.id) not in given
        and case.study.stance_of(mention) in THIS_STUDY
        for text in case.study.texts
        if text.passage.section.startswith((*TITLES, *NARRATIVE, *_OF_ARM))
        for mention in case.study.mentions(text, axis)
    )


def _not_in_names(case: _Case) -> bool:
    given = {row.value for row in case.own}
    return NOT_STATED not in given and not any(
        mention.id in given and case.study.stance_of(mention) not in ELSEWHERE
        for text in case.study.texts
        if text.passage.section in _NAMES
        for mention in case.study.mentions(text, case.row.axis)
    )


def _by_rule(case: _Case) -> bool:
    rule = str(case.row.rule_id)
    return case.row.value not in NO_CELLS and not rule.startswith("vocabulary:")


_SIGNS: dict[str, Callable[[_Case], bool]] = {
    "cells_named": _cells_named,
    "product_elsewhere": _product_elsewhere,
    "cell_free_named": _cell_free_named,
    "general": _general,
    "summary_only": _summary_only,
    "several": _several,
    "other_named": _other_named,
    "not_in_names": _not_in_names,
    "by_rule": _by_rule,
}
