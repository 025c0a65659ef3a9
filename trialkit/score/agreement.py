"""How far two readers of the same records agree: the ceiling of a score."""

from __future__ import annotations

from collections.abc import Mapping

from trialkit.errors import TrialDataError
from trialkit.score.families import ALL, by_family
from trialkit.score.gold import AXES, GoldTrial
from trialkit.score.labelled import Labelled
from trialkit.score.rows import NO_LABELS, aligned, decisions

#: What agreement is told of, beside F1 of the axes.
ARMS, DECISION = "arm_rows", "is_cell_trial"


def reader_agreement(
    first: Mapping[str, GoldTrial], second: Mapping[str, GoldTrial]
) -> dict[str, float]:
    """Return how far two readers agree: F1 by axis, arm rows and the decision.

    F1 is the same whichever reader is taken for the truth, so that the figures can be
    set beside those of the rules.

    Parameters
    ----------
    first, second
        What `read_gold` makes of each reader's file, the same trials in both.

    Returns
    -------
    dict
        Shares between 0 and 1 by axis, `arm_rows` (exactly the same routes) and
        `is_cell_trial`.

    Raises
    ------
    TrialDataError
        If one of them has a trial that the other has not.
    """
    apart = sorted(set(first) ^ set(second))
    if apart:
        raise TrialDataError(f"not read by both readers: {', '.join(apart[:5])}")
    said = {
        key: Labelled(
            bool(one.is_cell_trial),
            one.arms,
            {axis: one.axes.get(axis, NO_LABELS) for axis in AXES},
        )
        for key, one in second.items()
    }
    rows, _ = aligned(first, said)
    lines = by_family(rows, decisions(first, said), first)
    names = {
        **{("trial", axis, "f1"): axis for axis in AXES},
        ("arm", "route", "exact"): ARMS,
        ("trial", "is_cell_trial", "exact"): DECISION,
    }
    return {
        names[key]: round(line["value"], 4)
        for line in lines
        if line["family"] == ALL
        and (key := (line["unit"], line["axis"], line["figure"])) in names
        and line["total"]
    }
