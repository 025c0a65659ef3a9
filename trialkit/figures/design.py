"""Which design features the records state."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, page
from trialkit.figures.draw.states import State, draw_states
from trialkit.figures.figure import Figure
from trialkit.summarize.wording import counted

_STATES = {
    "yes": State("accent"),
    "no": State("white"),
    "not stated": State("missing", "////"),
}


def _draw_design(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw which trials are randomized, controlled, masked, overseen, at several sites.

    Up to 40 trials make a matrix, one column each; more make one bar per feature. An
    empty square says that the record denies the feature, a hatched one that it does
    not say. At the right of a feature stands how many trials have it.
    """
    features = axis.groups_of(frame["feature"])[:-1]
    counts = axis.pair_counts(frame.assign(n=1), "feature", "state")
    sums = {feature: counts.get((feature, "Yes"), 0) for feature in features}
    rows = axis.rows_of(features)
    frame = frame.rename(columns={"feature": "field"})
    return draw_states(frame, rows, ax, looks=_STATES, sums=sums, head="yes")


def _design_in_words(frame: pd.DataFrame) -> str:
    counts = axis.pair_counts(frame.assign(n=1), "feature", "state")
    parts = []
    for feature in axis.groups_of(frame["feature"])[:-1]:
        yes, silent = (counts.get((feature, s), 0) for s in ("Yes", NOT_STATED))
        parts.append(f"{feature} {yes:,} ({silent:,} not stated)")
    number = counted(frame["trial_id"].nunique(), "trial")
    return f"Design features in {number}: {'; '.join(parts)}."


design = Figure(
    name="design",
    question="How are the trials designed?",
    summary=summarize.design,
    columns=("trial_id", "feature", "state"),
    drawing=_draw_design,
    caption="Design features that the records state. Unit: trials, N = {n}. White: the "
    "record says no; hatched: it does not say.",
    alt_text=_design_in_words,
    minimum=4,
)
