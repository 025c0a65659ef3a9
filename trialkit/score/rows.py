"""Gold labels and scored labels side by side, and what does not align."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from trialkit.label.vocabulary import is_extracorporeal
from trialkit.plural import counted
from trialkit.score.gold import AXES, NOTHING, GoldTrial, Labels, scored_axes
from trialkit.score.labelled import Labelled
from trialkit.score.measure import Row

NO_LABELS: Labels = frozenset()


class Key(NamedTuple):
    """The trial and arm of a row; no arm for the trial as a whole."""

    trial_id: str
    arm_id: str


Rows = dict[tuple[str, str], dict[Key, Row]]


def unlike(
    gold: Mapping[str, GoldTrial],
    said: Mapping[str, Labelled],
    unlabelled: Collection[str],
) -> str:
    """Return why labels and gold are not of the same trials or axes, "" if they are.

    An axis that no label is on counts as not stated, but for one of a user's own: a
    vocabulary was forgotten where the trials were labelled.
    """
    if own := sorted(set(unlabelled) - set(AXES)):
        told = f"the labels have no axis {', '.join(own)}"
        return f"{told}: label with the vocabulary that the score takes"
    if gold and not gold.keys() & said.keys():
        which = f"which are of {counted(len(said), 'other trial')}"
        return f"no trial of the gold labels is among the labels, {which}"
    return ""


def aligned(
    gold: Mapping[str, GoldTrial], said: Mapping[str, Labelled]
) -> tuple[Rows, list[str]]:
    """Return the rows by unit and axis, and what does not align, in words.

    Arms are matched by their place in the record. A gold arm or trial that has no
    labels counts as missed, a labelled arm that gold does not have as false.
    """
    axes = scored_axes(gold.values())
    rows: Rows = {(unit, axis): {} for unit in ("arm", "trial") for axis in axes}
    amiss: list[str] = []
    for number, one in enumerate(gold.values()):
        labels = said.get(one.trial_id)
        if labels is None:
            amiss.append(f"{one.trial_id}: in the gold file, not among the labels")
        found = labels.arms if labels else {}
        for axis, values in one.axes.items():
            mine = labels.axes.get(axis, NO_LABELS) if labels else NO_LABELS
            rows["trial", axis][Key(one.trial_id, "")] = Row(number, values, mine)
        if labels and one.arms and set(found) != set(one.arms):
            amiss.append(
                f"{one.trial_id}: arms do not align: {', '.join(sorted(one.arms))} in "
                f"the gold file, {', '.join(sorted(found))} among the labels"
            )
        for axis in axes:
            judged = [arm_id for arm_id, row in one.arms.items() if axis in row]
            others = [arm_id for arm_id in found if arm_id not in one.arms]
            for arm_id in judged + others if judged else ():
                values = one.arms.get(arm_id, {}).get(axis, NO_LABELS)
                mine = found.get(arm_id, {}).get(axis, NO_LABELS)
                rows["arm", axis][Key(one.trial_id, arm_id)] = Row(number, values, mine)
    return {key: pairs for key, pairs in rows.items() if pairs}, amiss


def decisions(
    known: Mapping[str, GoldTrial], said: Mapping[str, Labelled]
) -> list[Row]:
    """Return whether gold and labels hold each judged trial for a cell trial."""
    rows = []
    for n, (trial_id, one) in enumerate(known.items()):
        if one.is_cell_trial is None:
            continue
        labelled = said.get(trial_id)
        decided = {str(labelled.is_cell_trial)} if labelled else ()
        rows.append(Row(n, frozenset({str(one.is_cell_trial)}), frozenset(decided)))
    return rows


def majority(rows: Mapping[Key, Row]) -> dict[Key, Row]:
    """Return rows that all say the commonest gold set: the baseline without reading."""
    common = Counter(tuple(sorted(row.gold)) for row in rows.values()).most_common(1)
    said = frozenset(common[0][0])
    return {key: row._replace(said=said) for key, row in rows.items()}


def by_keywords(
    rows: Mapping[Key, Row], axis: str, words: Mapping[str, Mapping[str, Labels]]
) -> dict[Key, Row]:
    """Return rows that say every id whose phrase stands anywhere in the record."""
    answers = {}
    for key, row in rows.items():
        found = words.get(key.trial_id, {})
        if axis == "delivery_mode":
            is_device = any(map(is_extracorporeal, found.get("route", ())))
            said = frozenset(["extracorporeal" if is_device else "in_body"])
        else:
            said = found.get(axis) or frozenset(["NOT_STATED"])
        if not found.get("cell_type"):
            said = NOTHING[axis]
        answers[key] = row._replace(said=said)
    return answers
