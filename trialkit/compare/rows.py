"""The rows of both sides, and of which trials they differ at all.

Most trials of two downloads are the same: they are found by sums over their rows,
whatever the order of these, and only the others are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from trialkit.tidy.trials import Trials

#: Tables of a trial's parts, and the columns that are compared.
PARTS = {
    "outcomes": ("outcome_type", "measure", "time_frame", "description"),
    "arms": ("arm_label", "arm_type", "description"),
    "interventions": ("intervention_type", "name", "description", "other_names"),
    "sites": ("facility", "city", "state", "country", "site_status"),
    "sponsors": ("name", "role", "sponsor_class"),
    "conditions": ("condition",),
    "identifiers": ("id", "id_type"),
    "references": ("pmid", "reference_type", "citation"),
    "links": ("link_type", "label", "url", "link_id", "comment"),
}
_IDS = {"arms": ("arm_id",), "interventions": ("intervention_id",)}


def trial_rows(
    data: Trials, ids: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    """Return columns of `trials`, a row for each id in their order."""
    names = list(dict.fromkeys(["trial_id", *columns]))
    frame = data.columns("trials", names).set_index("trial_id")
    return frame.reindex(list(ids))


def differ(old: pd.DataFrame, new: pd.DataFrame, columns: Sequence[str]) -> list[int]:
    """Return the places of the rows of which any column differs."""
    found = pd.Series(False, index=range(len(old)))
    for column in columns:
        one, other = (
            f[column].astype("string").fillna("\0").reset_index(drop=True)
            for f in (old, new)
        )
        found |= one.ne(other)
    return found[found].index.tolist()


def part_rows(data: Trials, table: str, ids: Collection[str]) -> pd.DataFrame:
    """Return the rows that some trials have in a table of their parts."""
    names = ["trial_id", *_IDS.get(table, ()), *PARTS[table]]
    if table == "arms":
        names.append("is_implicit")
    frame = data.columns(table, names)
    frame = frame[frame["trial_id"].isin(set(ids))]
    if table == "arms":
        is_own = ~frame["is_implicit"].fillna(False).astype(bool)
        frame = frame[is_own].drop(columns="is_implicit")
    return frame


def link_rows(data: Trials, ids: Collection[str]) -> pd.DataFrame:
    """Return which arms give which interventions, with the names of both."""
    frame = data.columns("arm_interventions", ["trial_id", "arm_id", "intervention_id"])
    frame = frame[frame["trial_id"].isin(set(ids))]
    for table, name, key in (
        ("arms", "arm_label", "arm_id"),
        ("interventions", "name", "intervention_id"),
    ):
        own = data.columns(table, ["trial_id", key, name])
        frame = frame.merge(own, on=["trial_id", key], how="left")
    return frame


def sums(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return a number per trial that its rows give in any order."""
    if frame.empty:
        return pd.Series(dtype="uint64")
    texts = frame[list(columns)].astype("string").fillna("\0")
    hashed = pd.util.hash_pandas_object(texts, index=False)
    return hashed.groupby(frame["trial_id"].to_numpy()).sum()


def by_trial(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a frame as dicts by trial, missing values as None."""
    groups: dict[str, list[dict[str, Any]]] = {}
    plain = frame.astype(object).where(frame.notna(), None)
    for row in plain.to_dict("records"):
        groups.setdefault(row["trial_id"], []).append(row)  # type: ignore[arg-type]
    return groups
