"""Which design features the records state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw.rows import Row, groups_of, one_line, stated
from trialkit.figures.draw.states import State, draw_states
from trialkit.figures.figure import Figure
from trialkit.summarize.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _states() -> dict[str, State]:
    return {
        "yes": State(brand.color("accent"), None, ""),
        "no": State(brand.color("white"), None, ""),
        "not stated": State(brand.color("missing"), "////", ""),
    }


def _draw_design(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw which trials are randomized, controlled, masked, overseen, at several sites.

    Up to 40 trials make a matrix, one column each; more make one bar per feature. An
    empty square says that the record denies the feature, a hatched one that it does
    not say. At the right of a feature stands how many trials have it.
    """
    states = pd.DataFrame(
        {
            "field": frame["feature"].astype("string"),
            "trial_id": frame["trial_id"].astype("string"),
            "state": stated(frame["state"]).str.lower(),
        }
    )
    rows = [Row(one_line(name), name) for name in groups_of(frame["feature"])[:-1]]
    has = states[states["state"] == "yes"].groupby("field").size()
    sums = {str(row.group): int(has.get(row.group, 0)) for row in rows}
    return draw_states(states, rows, ax, looks=_states(), sums=sums, head="yes")


def _design_in_words(frame: pd.DataFrame) -> str:
    rows = frame.assign(state=stated(frame["state"]))
    parts = []
    for feature in groups_of(frame["feature"])[:-1]:
        states = rows.loc[rows["feature"] == feature, "state"].value_counts()
        silent = int(states.get(NOT_STATED, 0))
        parts.append(f"{feature} {int(states.get('Yes', 0)):,} ({silent:,} not stated)")
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
