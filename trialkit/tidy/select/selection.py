"""One step of a selection: the remaining trials, and counts of the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from trialkit.codebook import conform
from trialkit.merge.registrations import ONE_RECORD_EACH
from trialkit.tidy.arrow import compute, flags_of, mask_of, text_of
from trialkit.tidy.container import Table, Tables
from trialkit.tidy.held import HeldTable
from trialkit.tidy.stored import StoredTable

if TYPE_CHECKING:
    import pandas as pd

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
    passes: pa.Array
    why: pa.Array | None = None
    note: str = ""


def after(step: Step, data: Tables) -> dict[str, Table]:
    """Return the tables of the trials that pass a step, with its count and reasons."""
    kept = mask_of(step.passes)
    tables = data.rows_of(kept)
    if step.why is not None:
        rows = flags_of(kept)
        before = data.column("trials", "why_included").filter(rows)
        why = _joined(before, step.why.filter(rows))
        tables["trials"] = _with_why(tables["trials"], why)
    tables["selection"] = partial(_counted, step, data, kept)
    tables["excluded"] = partial(_removed, step, data, kept)
    return tables


def _joined(before: pa.ChunkedArray, why: pa.Array) -> pa.Array:
    """Return the reasons of earlier filters, and after them those of this one."""
    if before.null_count == len(before):
        return why
    blank, sign = text_of(["", "; "])
    has_none = compute.equal(compute.coalesce(before, blank), blank)
    both = compute.binary_join_element_wise(before, pa.chunked_array([why]), sign)
    joined = compute.if_else(has_none, pa.chunked_array([why]), both)
    return joined.combine_chunks()


def _with_why(trials: Table, why: pa.Array) -> Table:
    if isinstance(trials, HeldTable | StoredTable):
        return trials.with_column("why_included", why)
    import pandas as pd

    if isinstance(trials, pd.DataFrame):
        return trials.assign(why_included=pd.array(why, dtype="string"))
    raise TypeError(trials)


def _counted(step: Step, data: Tables, kept: np.ndarray) -> pd.DataFrame:
    n_missing = step.passes.null_count
    counts = {
        "step": [len(data.selection) + 1],
        "filter": [step.name + step.note],
        "n_before": [len(data)],
        "n_kept": [int(kept.sum())],
        "n_removed": [len(data) - int(kept.sum()) - n_missing],
        "n_missing": [n_missing],
    }
    return _append(data.selection, counts, "selection")


def _removed(step: Step, data: Tables, kept: np.ndarray) -> pd.DataFrame:
    short, column = _WHY.get(step.name, ("", "trial_id"))
    removed = data.columns("trials", list({"trial_id": 0, column: 0}))[~kept]
    is_missing = mask_of(step.passes.is_null())[~kept]
    if short:
        reasons = [
            f"{told}: {why}" if isinstance(why, str) else told
            for told, why in zip(
                np.where(is_missing, f"unsure: {short}?", short).tolist(),
                removed[column],
                strict=True,
            )
        ]
    else:
        words = np.where(is_missing, "not stated", "does not apply").tolist()
        reasons = [f"{step.name}: {word}" for word in words]
    rows = {"record": removed["trial_id"].tolist(), "reason": reasons}
    return _append(data.excluded, rows, "excluded")


def _append(frame: pd.DataFrame, data: Mapping[str, list], table: str) -> pd.DataFrame:
    import pandas as pd

    added = conform(data, table)
    if frame.empty:
        return added
    return conform(pd.concat([frame, added], ignore_index=True), table)
