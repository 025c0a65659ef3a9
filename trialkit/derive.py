"""What the labels add to the tables: label rows, and the sets derived per trial."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from trialkit.codebook import columns_of, conform
from trialkit.labels import LabelResult
from trialkit.merge import Merged
from trialkit.record import passages
from trialkit.tidy import from_rows

#: Sets derived per trial from the label rows of its cell-product arms.
DERIVED_SETS = {
    "routes": "route",
    "delivery_modes": "delivery_mode",
    "cell_types": "cell_type",
    "cell_sources": "cell_source",
    "donors": "donor",
}


def label_tables(
    merged: Sequence[Merged], results: Sequence[LabelResult]
) -> dict[str, pd.DataFrame]:
    """Return `labels`, `doses` and `passages` for the results of labelling."""
    tables = {}
    for table in ("labels", "doses"):
        rows = [row for result in results for row in getattr(result, table)]
        names = list(columns_of(table))
        data = {name: [getattr(row, name) for row in rows] for name in names}
        tables[table] = conform(data, table)
    tables["passages"] = _passages(merged, results)
    return tables


def _passages(merged: Sequence[Merged], results: Sequence[LabelResult]) -> pd.DataFrame:
    rows = [
        (
            item.trial_id,
            record.source_id,
            f"P{number}",
            passage.section,
            None if passage.arm is None else f"A{passage.arm + 1}",
            None if passage.intervention is None else f"I{passage.intervention + 1}",
            passage.start,
            passage.text,
        )
        for item, result in zip(merged, results, strict=True)
        if result.is_cell_trial is not False
        for record in item.records
        for number, passage in enumerate(passages(record), 1)
    ]
    return from_rows("passages", rows)


def with_labels(
    trials: pd.DataFrame, labels: pd.DataFrame, results: Sequence[LabelResult]
) -> pd.DataFrame:
    """Return `trials` with the cell-trial decision and the derived sets filled in.

    A set is the union over the arms that get a cell product; control arms never count.
    "Not stated" is in a set only where no arm states a value.
    """
    filled = trials.assign(
        is_cell_trial=pd.array([r.is_cell_trial for r in results], dtype="boolean"),
        cell_trial_reason=pd.array([r.reason for r in results], dtype="string"),
    )
    for column, axis in DERIVED_SETS.items():
        values = _set_of(labels[labels["axis"] == axis])
        filled[column] = filled["trial_id"].map(values).astype("string")
    relation = _route_relation(labels[labels["axis"] == "route"])
    text = filled["trial_id"].map(relation).astype("string")
    filled["route_relation"] = text.astype(trials["route_relation"].dtype)
    return filled


def _set_of(rows: pd.DataFrame) -> pd.Series:
    given = rows[~rows["value"].isin(["NONE", "none"])]
    is_stated = given["value"].ne("NOT_STATED")
    has_stated = is_stated.groupby(given["trial_id"]).transform("any")
    kept = given[is_stated | ~has_stated].drop_duplicates(["trial_id", "value"])
    return kept.groupby("trial_id", sort=False)["value"].agg("; ".join)


def _route_relation(rows: pd.DataFrame) -> pd.Series:
    """Say per trial how several routes relate (LANDSCAPE's five cases)."""
    given = rows[~rows["value"].isin(["NONE", "NOT_STATED"])]
    if given.empty:
        return pd.Series(dtype="string")
    per_arm = given.groupby(["trial_id", "arm_id"], sort=False).agg(
        routes=("value", lambda values: frozenset(values)),
        relation=("relation", "first"),
    )
    return per_arm.groupby("trial_id", sort=False).apply(_relation_of)


def _relation_of(arms: pd.DataFrame) -> str:
    within = {
        f"{relation}_same_arm"
        for routes, relation in zip(arms["routes"], arms["relation"], strict=True)
        if len(routes) > 1 and relation in ("sequence", "alternative")
    }
    differ = len(set(arms["routes"])) > 1
    if differ:
        return "mixed" if within else "compared_between_arms"
    if len(within) > 1:
        return "mixed"
    return next(iter(within), "single")
