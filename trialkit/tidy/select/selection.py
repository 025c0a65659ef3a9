"""One step of a selection: the remaining trials, and counts of the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from trialkit.codebook import conform, table_names
from trialkit.merge.registrations import ONE_RECORD_EACH
from trialkit.tidy.container import Table, Tables

#: What `selection` calls the filter that keeps trials of living cells.
CELLS_ONLY = "cell trials only"
#: Steps whose reason is told trial by trial: in which words, and from which column.
_WHY = {
    CELLS_ONLY: ("not a cell trial", "cell_trial_reason"),
    ONE_RECORD_EACH: ("counted once, by another record", "registered_also_as"),
}


class Step(NamedTuple):
    """A filter as it is applied.

    `passes` is per trial True, False, or missing where the trial does not state what is
    asked; `why` says which words let it pass. `selection` shows `name` and `note`.
    """

    name: str
    passes: pd.Series
    why: pd.Series | None = None
    note: str = ""


def after(step: Step, data: Tables) -> dict[str, Table]:
    """Return the tables of the trials that pass a step, with its count and reasons."""
    kept = step.passes.fillna(False).astype(bool)
    ids = set(data.trials.loc[kept, "trial_id"].tolist())
    tables: dict[str, Table] = {
        table: partial(_rows_of, data, table, ids) for table in table_names()
    }
    trials = data.trials[kept]
    if step.why is not None:
        before = trials["why_included"].fillna("") + "; "
        why = (before + step.why[kept]).str.removeprefix("; ")
        trials = trials.assign(why_included=why)
    tables["trials"] = trials.reset_index(drop=True)
    counts = {
        "step": [len(data.selection) + 1],
        "filter": [step.name + step.note],
        "n_before": [len(data)],
        "n_kept": [int(kept.sum())],
        "n_removed": [int((~kept & step.passes.notna()).sum())],
        "n_missing": [int(step.passes.isna().sum())],
    }
    tables["selection"] = _append(data.selection, counts, "selection")
    removed = _removed(step, data, kept)
    tables["excluded"] = _append(data.excluded, removed, "excluded")
    return tables


def _removed(step: Step, data: Tables, kept: pd.Series) -> dict[str, list[Any]]:
    removed = data.trials[~kept]
    if step.name in _WHY:
        short, column = _WHY[step.name]
        words = {True: f"unsure: {short}?", False: short}
        shorts = step.passes[~kept].isna().map(words)
        reasons = [
            f"{told}: {why}" if pd.notna(why) else told
            for told, why in zip(shorts, removed[column], strict=True)
        ]
    else:
        is_missing = step.passes[~kept].isna()
        words = is_missing.map({True: "not stated", False: "does not apply"})
        reasons = [f"{step.name}: {word}" for word in words]
    return {"record": removed["trial_id"].tolist(), "reason": reasons}


def _rows_of(data: Tables, name: str, ids: set[str]) -> pd.DataFrame:
    frame = getattr(data, name)
    if "trial_id" not in frame:
        return frame
    return frame[frame["trial_id"].isin(ids)].reset_index(drop=True)


def _append(frame: pd.DataFrame, data: Mapping[str, list], table: str) -> pd.DataFrame:
    added = conform(data, table)
    if frame.empty:
        return added
    return conform(pd.concat([frame, added], ignore_index=True), table)
