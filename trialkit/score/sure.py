"""How many labels called sure are right, how many labels are sure, and each doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import pandas as pd

from trialkit.label.confidence import SURE
from trialkit.score.gold import AXES, NOTHING, GoldTrial, Labels, base_of
from trialkit.score.measure import Row

_COLUMNS = ["trial_id", "arm_id", "axis", "value", "confidence", "doubts"]
_YES, _NO = frozenset(["yes"]), frozenset(["no"])


def confidence_rows(
    table: pd.DataFrame, known: Mapping[str, GoldTrial]
) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield figures by name and axis: shares of labels, one row a label.

    A label is right where a reader gives it to its arm, else to the trial. `sure_right`
    is the share of right ones among the sure, `sure_coverage` that of sure ones among
    all, and `doubt_NAME` the share of right ones among those with a doubt.
    """
    rated = table[table["confidence"].ne("") & table["axis"].isin(AXES)]
    places = {trial_id: n for n, trial_id in enumerate(known)}
    found: dict[tuple[str, str], list[Row]] = {}
    for trial_id, arm_id, axis, value, confidence, doubts in rated[_COLUMNS].to_numpy():
        gold = _gold(known[trial_id], arm_id, axis) if trial_id in places else None
        if gold is None:
            continue
        is_right = base_of(value) in gold
        is_sure = confidence == SURE
        says = {"sure_coverage": is_sure}
        says |= {"sure_right": is_right} if is_sure else {}
        says |= {f"doubt_{one}": is_right for one in doubts.split("; ") if one}
        for name, is_so in says.items():
            row = Row(places[trial_id], _YES, _YES if is_so else _NO)
            found.setdefault((name, axis), []).append(row)
    for name in dict.fromkeys(name for name, _ in sorted(found, reverse=True)):
        own = {axis: found[name, axis] for axis in AXES if (name, axis) in found}
        yield name, "", list(chain(*own.values()))
        for axis, rows in own.items():
            yield name, axis, rows


def _gold(one: GoldTrial, arm_id: str, axis: str) -> Labels | None:
    """Return a reader's labels of an arm, None on an axis that they did not judge."""
    arm = one.arms.get(arm_id, {})
    if axis in arm:
        return arm[axis]
    is_without = arm.get("route") == NOTHING["route"]
    return NOTHING[axis] if is_without else one.axes.get(axis)
