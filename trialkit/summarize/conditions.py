"""Conditions by route."""

from __future__ import annotations

import pandas as pd

from trialkit.read.values.conditions import OTHER
from trialkit.summarize.count import count, full_grid, values_by
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import ordered
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Conditions as registered that are named where the vocabulary's groups say too little.
_COMMONEST = 12
_OTHERS = "Other conditions"


@of_counted
def condition_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each group of conditions and of routes.

    The groups are those of the vocabulary, which knows liver disease. Where most trials
    have none of them, the 12 commonest conditions as registered stand instead, the
    others together.

    Returns
    -------
    pandas.DataFrame
        condition_group or condition, route_group, n: every pair of those present, 0
        included.
    """
    rows = values_by(data, ["condition_group", "route_group"])
    others = rows["condition_group"].astype("string").eq(OTHER)
    name = "condition_group"
    if rows.loc[others, "trial_id"].nunique() * 2 > rows["trial_id"].nunique():
        name = "condition"
    frame = count(data, by=[name, "route_group"])
    if name == "condition":
        frame = _commonest(data, frame.attrs)
    return full_grid(frame, [name, "route_group"], ["n"])


def _commonest(data: Trials, attrs: dict) -> pd.DataFrame:
    """Return counts by the commonest conditions and route, the others together."""
    rows = values_by(data, ["condition", "route_group"])
    # A count of conditions has the commonest first.
    common = count(data, by="condition")["condition"].astype("string")
    names = [name for name in common if name != NOT_STATED][:_COMMONEST]
    text = rows["condition"].astype("string")
    text = text.where(text.isin([*names, NOT_STATED]), _OTHERS)
    rows["condition"] = ordered(text, [*names, _OTHERS])
    groups = rows.drop_duplicates().groupby(["condition", "route_group"], observed=True)
    frame = groups.size().reset_index(name="n")
    frame.attrs |= attrs
    return frame
