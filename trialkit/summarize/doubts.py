"""Labels that need a reader, first those whose answer would change most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit.label.confidence import OF_DECISION, SETTLED, UNSURE
from trialkit.label.overrides import CELL_TRIAL
from trialkit.label.vocabulary import NO_CELLS
from trialkit.summarize.groups import own_axes

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Axes that reports count, in the order of their questions; a user's own follow.
AXES = ("route", "cell_type", "cell_source", "donor")
#: Values that leave a label open where nothing tells whether it is sure.
_OPEN = ("NOT_STATED", "PARENTERAL", "BMSC?", "STEM?")
_COLUMNS = ["trial_id", "arm_id", "axis", "labelled", "doubts"]


def doubted(data: Trials) -> pd.DataFrame:
    """Return the questions to a reader: one row per axis of an arm that is unsure.

    `is_cell_trial` is asked once for a trial, where cells may not be given at all, or
    may be given after all; its answer settles labels that are unsure for no other
    reason, and these are not asked for. Trials of which an answer changes most come
    first: whether they count as cell trials, then those with most axes open. What a
    person has decided is not asked again.
    """
    labels = data.labels.merge(data.trials[["trial_id", "is_cell_trial"]])
    decided = data.overrides.loc[data.overrides["axis"] == CELL_TRIAL, "trial_id"]
    decisions = _decisions(data, labels)
    decisions = decisions[~decisions["trial_id"].isin(decided)]
    rows = pd.concat([decisions, _axes(data, labels, decisions["trial_id"])])
    order = {axis: n for n, axis in enumerate((CELL_TRIAL, *AXES, *own_axes(data)))}
    by_trial = rows.groupby("trial_id", sort=False)["axis"]
    places = {one: n for n, one in enumerate(data.trials["trial_id"])}
    rows = rows.assign(
        _decision=~rows["trial_id"].isin(decisions["trial_id"]),
        _axes=-by_trial.transform("nunique") if len(rows) else 0,
        _place=rows["trial_id"].map(places),
        _axis=rows["axis"].astype("string").map(order),
    )
    rows = rows.sort_values(["_decision", "_axes", "_place", "_axis"], kind="stable")
    return rows[_COLUMNS].astype("string").reset_index(drop=True)


def _decisions(data: Trials, labels: pd.DataFrame) -> pd.DataFrame:
    """Return the trials of which it is unsure whether they give cells.

    A cell trial is one where each arm that gets cells has such a doubt, another trial
    where any arm has.
    """
    rows = labels[labels["axis"].eq("delivery_mode").fillna(False)]
    is_doubted = rows["doubts"].fillna("").map(_is_of_decision).astype(bool)
    is_other = rows["is_cell_trial"].eq(False).fillna(False)
    gets = ~rows["value"].isin(NO_CELLS)
    surely = set(rows.loc[gets & ~is_doubted, "trial_id"])
    found = rows[is_doubted & (is_other | gets) & ~rows["trial_id"].isin(surely)]
    is_unsure = data.trials["cell_decision"].eq(UNSURE).fillna(False)
    trials = data.trials[is_unsure | data.trials["trial_id"].isin(found["trial_id"])]
    doubts = found.drop_duplicates("trial_id").set_index("trial_id")["doubts"]
    return pd.DataFrame(
        {
            "trial_id": trials["trial_id"],
            "arm_id": None,
            "axis": CELL_TRIAL,
            "labelled": trials["cell_decision"].astype("string"),
            "doubts": trials["trial_id"].map(doubts.astype("string").to_dict()),
        },
        columns=_COLUMNS,
    )


def _is_of_decision(doubts: str) -> bool:
    return not set(doubts.split("; ")).isdisjoint(OF_DECISION)


def _is_settled(doubts: str) -> bool:
    return bool(doubts) and set(doubts.split("; ")).issubset(SETTLED)


def _axes(data: Trials, labels: pd.DataFrame, asked: pd.Series) -> pd.DataFrame:
    """Return the unsure axes of arms, without what the answer on the trial settles."""
    is_open = labels["confidence"].eq(UNSURE).fillna(False)
    is_open |= labels["confidence"].isna() & labels["value"].isin(_OPEN)
    is_open &= labels["axis"].isin([*AXES, *own_axes(data)])
    is_open &= labels["basis"].ne("override")
    is_open &= labels["is_cell_trial"].ne(False).fillna(True)
    arms = labels["trial_id"] + "\t" + labels["arm_id"]
    is_route = labels["axis"].eq("route")
    without = arms.isin(arms[is_route & labels["value"].isin(NO_CELLS)])
    is_open &= is_route | (arms.isin(arms[is_route]) & ~without)
    doubts = labels["doubts"].fillna("")
    settled = doubts.map(_is_settled).astype(bool)
    is_open &= ~(labels["trial_id"].isin(asked) & settled)
    key = ["trial_id", "arm_id", "axis"]
    same = arms + "\t" + labels["axis"].astype("string")
    rows = labels[same.isin(same[is_open])]
    if rows.empty:
        return pd.DataFrame(columns=_COLUMNS)
    grouped = rows.astype({"axis": "string"}).groupby(key, sort=False)
    found = grouped.agg(labelled=("value", "; ".join), doubts=("doubts", "first"))
    return found.reset_index()[_COLUMNS]
