"""One step of a selection: the remaining trials, and counts of the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from trialkit.codebook import conform
from trialkit.merge.registrations import ONE_RECORD_EACH
from trialkit.tidy.container import Table, Tables
from trialkit.tidy.stored import StoredTable

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
    tables = data.rows_of(kept)
    if step.why is not None:
        before = data.columns("trials", ["why_included"])["why_included"][kept]
        why = (before.fillna("") + "; " + step.why[kept]).str.removeprefix("; ")
        tables["trials"] = _with_why(tables["trials"], why.reset_index(drop=True))
    tables["selection"] = partial(_counted, step, data, kept)
    tables["excluded"] = partial(_removed, step, data, kept)
    return tables


def _with_why(trials: Table, why: pd.Series) -> Table:
    if isinstance(trials, pd.DataFrame):
        return trials.assign(why_included=why)
    if isinstance(trials, StoredTable):
        return trials.with_column("why_included", pa.array(why, from_pandas=True))
    raise TypeError(trials)


def _counted(step: Step, data: Tables, kept: pd.Series) -> pd.DataFrame:
    counts = {
        "step": [len(data.selection) + 1],
        "filter": [step.name + step.note],
        "n_before": [len(data)],
        "n_kept": [int(kept.sum())],
        "n_removed": [int((~kept & step.passes.notna()).sum())],
        "n_missing": [int(step.passes.isna().sum())],
    }
    return _append(data.selection, counts, "selection")


def _removed(step: Step, data: Tables, kept: pd.Series) -> pd.DataFrame:
    short, column = _WHY.get(step.name, ("", "trial_id"))
    removed = data.columns("trials", list({"trial_id": 0, column: 0}))[~kept]
    if short:
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
    rows = {"record": removed["trial_id"].tolist(), "reason": reasons}
    return _append(data.excluded, rows, "excluded")


def _append(frame: pd.DataFrame, data: Mapping[str, list], table: str) -> pd.DataFrame:
    added = conform(data, table)
    if frame.empty:
        return added
    return conform(pd.concat([frame, added], ignore_index=True), table)
