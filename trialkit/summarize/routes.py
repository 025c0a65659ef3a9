"""Routes of administration: how often, in which phase, where, and compared."""

from __future__ import annotations

import pandas as pd

from trialkit.summarize.count import count, full_grid, trials_and_arms
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import (
    arm_labels,
    by_start,
    first_of,
    joined_by,
    joined_words,
    label_words,
    level_order,
    ordered,
    shown,
)
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.subject import has_whole_records
from trialkit.tidy.trials import Trials


@of_counted
def routes(data: Trials) -> pd.DataFrame:
    """Return how many trials and arms use each group of routes.

    Portal vein and peripheral vein are different groups, whatever code they share, and
    cells in an extracorporeal device are never "intravenous".

    Returns
    -------
    pandas.DataFrame
        route_group (those present, and "Not stated"), n_trials, n_arms, and n_total,
        the number of trials behind all rows: a trial with two routes counts in both.
    """
    frame = trials_and_arms(data, ["route_group"])
    # Every trial can be shown here: "Not stated" is a row like the others.
    frame["n_total"] = frame.attrs["n_usable"] = frame.attrs["n_trials"]
    return frame


@of_counted
def phase_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each phase and group of routes.

    Phase "NA" (not applicable) is a value the registry gives, and is not "Not stated".

    Returns
    -------
    pandas.DataFrame
        phase_group, route_group, n: every pair of the groups present, 0 included.
    """
    frame = count(data, by=["phase_group", "route_group"])
    return full_grid(frame, ["phase_group", "route_group"], ["n"])


_PLACES = ("delivery_mode", "route", "site", "access")


@of_counted
def delivery_sites(data: Trials) -> pd.DataFrame:
    """Return how cells are delivered: mode, route, anatomical site and access together.

    The four are kept apart: a vein that feeds a device is an access and no route. An
    arm is one row, whatever number of routes it has: which of two sites belongs to
    which of two routes, its labels do not say.

    Returns
    -------
    pandas.DataFrame
        delivery_mode, route, site, access (in words), n_trials, n_arms; in the order of
        the routes.
    """
    ids = arm_labels(data, _PLACES)
    arms = pd.DataFrame(index=ids.groupby(ARM_KEY).size().index)
    for axis in _PLACES:
        words = ordered(shown(ids[axis], axis, terms=data.terms), level_order(axis))
        rows = ids[ARM_KEY].assign(word=words).sort_values("word", kind="stable")
        arms[axis] = joined_by(rows, ARM_KEY, "word")
    arms = arms.reset_index()
    groups = arms.groupby(list(_PLACES), observed=True)
    frame = groups.agg(n_trials=("trial_id", "nunique"), n_arms=("arm_id", "size"))
    frame = frame.reset_index()
    frame["rank"] = first_of(frame["route"], "route")
    order = ["rank", "n_trials", *_PLACES]
    frame = frame.sort_values(order, ascending=[name != "n_trials" for name in order])
    frame = frame.drop(columns="rank").reset_index(drop=True)
    frame.attrs |= {"n_trials": n_trials(ids), "n_arms": len(arms)}
    return frame


#: What stands between two routes of one trial.
_BETWEEN = {
    "compared_between_arms": " vs ",
    "sequence_same_arm": ", then ",
    "alternative_same_arm": " or ",
}


def route_words(data: Trials) -> pd.Series:
    """Return the routes of each trial as one text: `A vs B`, `A, then B`, `A or B`."""
    joined = joined_words(data, "route")
    relation = data.trials.set_index("trial_id")["route_relation"].astype("string")
    between = relation.reindex(joined.index).map(_BETWEEN).fillna("; ")
    pairs = zip(joined, between, strict=True)
    text = [routes.replace("; ", sign) for routes, sign in pairs]
    return pd.Series(text, index=joined.index, dtype="string")


@of_counted
def route_comparisons(data: Trials) -> pd.DataFrame:
    """Return the trials whose arms differ by route: comparisons that they make.

    Returns
    -------
    pandas.DataFrame
        One row per such trial: trial_id, title, arms (`label: route`), allocation,
        masking, enrollment, enrollment_type, time_frames (of primary outcomes, as
        registered). Participants per arm are never derived. `attrs["has_arms"]` is
        false where the files read hold no arms, and so no comparison.
    """
    trials = data.trials
    relation = trials["route_relation"].astype("string")
    kept = relation.isin(["compared_between_arms"]).fillna(False)
    frame = by_start(data, trials.loc[kept])
    rows = label_words(data, ["route"], unit="arms")
    rows = rows.merge(data.arms[[*ARM_KEY, "arm_label"]], on=ARM_KEY, how="left")
    route = rows.groupby(ARM_KEY, sort=False)["route"].agg(" + ".join)
    label = rows.drop_duplicates(ARM_KEY)
    label = label["arm_label"].fillna(label["arm_id"]).to_numpy(dtype=object)
    text = route.reset_index(name="route")
    text["text"] = pd.Series(label, dtype="string") + ": " + text["route"]
    arms = text.groupby("trial_id", sort=False)["text"].agg("; ".join)
    columns = ["trial_id", "outcome_type", "time_frame"]
    outcomes = data.columns("outcomes", columns)
    outcomes = outcomes[outcomes["outcome_type"].eq("primary").fillna(False)]
    frames = joined_by(outcomes, ["trial_id"], "time_frame")
    columns = ["allocation", "masking", "enrollment", "enrollment_type"]
    result = frame[["trial_id"]].assign(title=frame["display_title"])
    result["arms"] = frame["trial_id"].map(arms).astype("string")
    result[columns] = frame[columns]
    result["time_frames"] = frame["trial_id"].map(frames).astype("string")
    result.attrs |= {"n_trials": len(result), "n_total": len(trials)}
    has_arms = not data.arms["is_implicit"].fillna(False).all()
    result.attrs["has_arms"] = has_arms or has_whole_records(data)
    return result
