"""What only the topic reports ask: for whom, where cells go, how long trials take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit.dates import MONTH
from trialkit.read.conditions import OTHER
from trialkit.summarize.count import count, full_grid, values_by
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import arm_labels, level_order, order_of, ordered, shown
from trialkit.summarize.statistics import spread
from trialkit.summarize.timelines import durations, middle
from trialkit.summarize.wording import NOT_STATED

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Conditions as registered that are named where the vocabulary's groups say too little.
_COMMONEST = 12
_OTHERS = "Other conditions"
_PLACES = ("delivery_mode", "route", "site", "access")


@of_counted
def condition_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each group of conditions and of routes.

    The groups are those of the vocabulary, which knows liver disease. Where most trials
    have none of them, the 12 commonest conditions as registered stand instead, the
    others together.

    Parameters
    ----------
    data
        The trials to count.

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
    made = count(data, by=[name, "route_group"])
    if name == "condition":
        made = _commonest(data, made.attrs)
    return full_grid(made, [name, "route_group"], ["n"])


def _commonest(data: Trials, attrs: dict) -> pd.DataFrame:
    """Return counts by the commonest conditions and route, the others together."""
    rows = values_by(data, ["condition", "route_group"])
    # A count of conditions has the commonest first.
    common = count(data, by="condition")["condition"].astype("string")
    names = [name for name in common if name != NOT_STATED][:_COMMONEST]
    text = rows["condition"].astype("string")
    text = text.where(text.isin([*names, NOT_STATED]), _OTHERS)
    rows["condition"] = ordered(text, [*names, _OTHERS])
    rows = rows.drop_duplicates()
    groups = rows.groupby(["condition", "route_group"], observed=True)
    made = groups.size().rename("n").reset_index()
    made.attrs |= attrs
    return made


@of_counted
def source_by_phase(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each cell source and phase.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        cell_source, phase_group, n: every pair of those present, 0 included.
    """
    made = count(data, by=["cell_source", "phase_group"])
    return full_grid(made, ["cell_source", "phase_group"], ["n"])


@of_counted
def delivery_sites(data: Trials) -> pd.DataFrame:
    """Return how cells are delivered: mode, route, anatomical site and access together.

    The four are kept apart: a vein that feeds a device is an access and no route. An
    arm is one row, whatever number of routes it has: which of two sites belongs to
    which of two routes, its labels do not say.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        delivery_mode, route, site, access (in words), n_trials, n_arms; in the order of
        the routes.
    """
    ids = arm_labels(data, _PLACES)
    arms = pd.DataFrame(index=ids.groupby(["trial_id", "arm_id"]).size().index)
    for axis in _PLACES:
        words = ids[["trial_id", "arm_id"]].assign(
            word=ordered(shown(ids[axis], axis, terms=data.terms), level_order(axis))
        )
        words = words.drop_duplicates().sort_values("word", kind="stable")
        words = words.astype({"word": "string"}).groupby(["trial_id", "arm_id"])
        arms[axis] = words["word"].agg("; ".join).astype("string")
    arms = arms.reset_index()
    groups = arms.groupby(list(_PLACES), observed=True)
    made = groups.agg(n_trials=("trial_id", "nunique"), n_arms=("arm_id", "size"))
    made = made.reset_index()
    first = made["route"].str.partition("; ")[0] if len(made) else made["route"]
    made = made.assign(rank=ordered(first, order_of("route"))).sort_values(
        ["rank", "n_trials", *_PLACES], ascending=[True, False, *[True] * 4]
    )
    made = made.drop(columns="rank").reset_index(drop=True)
    made.attrs |= {
        "n_trials": int(ids["trial_id"].nunique()),
        "n_arms": len(ids[["trial_id", "arm_id"]].drop_duplicates()),
    }
    return made


@of_counted
def summarize_durations(data: Trials, *, by: str) -> pd.DataFrame:
    """Return how many months the trials of each group last from start to completion.

    Parameters
    ----------
    data
        Trials.
    by
        What to group by, as in `count`.

    Returns
    -------
    pandas.DataFrame
        The column `by`, n (trials with a duration), median, q1, q3, min, max (months),
        n_approximate (a date known to the month or year), n_missing (trials without a
        duration: a date is missing, or the completion is before the start; `attrs`
        count the latter in n_reversed).
    """
    known = durations(data)
    months = known[["trial_id", "months", "is_approximate"]]
    rows = values_by(data, by).merge(months, on="trial_id", how="left")
    is_approximate = rows["is_approximate"].eq(True)
    made = _spreads(rows, by, "months", {"n_approximate": is_approximate})
    made.attrs |= {"n_reversed": known.attrs["n_reversed"]}
    return made


@of_counted
def start_up(data: Trials, *, by: str = "start_year") -> pd.DataFrame:
    """Return how many months pass from the first posting of a record to the start.

    Negative months mean that the trial started before its record was posted. Dates
    known to the month are taken at its middle, so that small values are rough.

    Parameters
    ----------
    data
        Trials.
    by
        What to group by, as in `count`.

    Returns
    -------
    pandas.DataFrame
        The column `by`, n (trials with both dates), median, q1, q3, min, max (months),
        n_before (posted before the start or on its day), n_after, n_missing.
    """
    trials = data.trials
    posted = pd.to_datetime(trials["first_posted_date"], errors="coerce")
    days = (middle(trials, "start_date") - posted).dt.days
    months = (days / MONTH).round(1).astype("Float64")
    rows = values_by(data, by).merge(
        trials[["trial_id"]].assign(months=months), on="trial_id", how="left"
    )
    is_before = rows["months"].ge(0).fillna(False)
    counts = {"n_before": is_before, "n_after": rows["months"].lt(0).fillna(False)}
    return _spreads(rows, by, "months", counts)


def _spreads(
    rows: pd.DataFrame, by: str, value: str, counts: dict[str, pd.Series]
) -> pd.DataFrame:
    """Return the five numbers of a value per group, and how often each mask is true."""
    made = []
    for group, own in rows.groupby(by, observed=False):
        five = spread(own[value])
        made.append(
            {
                by: group,
                "n": int(own[value].notna().sum()),
                "median": five.median,
                "q1": five.q1,
                "q3": five.q3,
                "min": five.low,
                "max": five.high,
                **{name: int(mask[own.index].sum()) for name, mask in counts.items()},
                "n_missing": int(own[value].isna().sum()),
            }
        )
    names = [by, "n", "median", "q1", "q3", "min", "max", *counts, "n_missing"]
    frame = pd.DataFrame(made, columns=names)
    frame[by] = pd.Series(frame[by], dtype="string").astype(rows[by].dtype)
    total = frame["n"] + frame["n_missing"]
    frame = frame[total.gt(0) | frame[by].eq(NOT_STATED)].reset_index(drop=True)
    frame.attrs |= {
        "n_trials": int(rows["trial_id"].nunique()),
        "n_usable": int(rows.loc[rows[value].notna(), "trial_id"].nunique()),
    }
    return frame
