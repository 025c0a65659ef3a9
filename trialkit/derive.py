"""What the labels add to the tables: label rows, and the sets derived per trial."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from trialkit.codebook import columns_of, conform
from trialkit.labels import LabelResult
from trialkit.labels.overrides import Applied, Paths, apply_overrides, read_overrides
from trialkit.labels.own import labeller
from trialkit.labels.vocabulary import Entry
from trialkit.merge import Merged
from trialkit.record import arms_of, passages
from trialkit.tidy import from_rows, joined

#: Sets derived per trial from the label rows of its cell-product arms.
DERIVED_SETS = {
    "routes": "route",
    "delivery_modes": "delivery_mode",
    "cell_types": "cell_type",
    "cell_sources": "cell_source",
    "donors": "donor",
}


class Labelling:
    """How trials are labelled: vocabularies and a person's corrections, both checked.

    Parameters
    ----------
    vocabularies, overrides
        A user's own CSV files; see `trialkit.load`.
    """

    def __init__(
        self, vocabularies: Iterable[str | os.PathLike[str]], overrides: Paths
    ) -> None:
        self._labeller = labeller([Path(path) for path in vocabularies])
        self._overrides = read_overrides(overrides, self._labeller.vocabularies)

    def tables(
        self, merged: Sequence[Merged], trials: pd.DataFrame
    ) -> dict[str, pd.DataFrame]:
        """Return what the labels add to the tables, the filled `trials` included."""
        results = [self._labeller.label(item) for item in merged]
        applied: list[Applied] = []
        if self._overrides:
            applied = apply_overrides(
                results, [_arm_ids(item) for item in merged], self._overrides
            )
        tables = label_tables(merged, results)
        tables["trials"] = with_labels(trials, tables["labels"], results)
        tables["overrides"] = _overrides_table(applied)
        tables["terms"] = _terms_table(self._labeller.added)
        return tables


def _arm_ids(item: Merged) -> list[str]:
    """Return the arms that labels speak of: those of the first record with an arm."""
    base = next((r for r in item.records if r.arms), item.records[0])
    return [arm_id for arm_id, _ in arms_of(base)]


def _overrides_table(applied: Iterable[Applied]) -> pd.DataFrame:
    rows = [
        (
            one.override.trial_id,
            one.arm_id or None,
            one.override.axis,
            joined(one.override.values),
            joined(one.replaced),
            one.override.reason,
            one.override.decided_by,
            one.override.date,
            one.override.path,
            one.override.line,
        )
        for one in applied
    ]
    return from_rows("overrides", rows)


def _terms_table(added: Iterable[Entry]) -> pd.DataFrame:
    columns = columns_of("terms")
    rows = [
        tuple(
            "|".join(entry.phrases)
            if name == "phrases"
            else getattr(entry, name) or None
            for name in columns
        )
        for entry in added
    ]
    return from_rows("terms", rows)


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
