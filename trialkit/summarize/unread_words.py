"""What could not be read: words that no level is known for, dates that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit.summarize.counted import once

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


@once
def unread(data: Trials) -> pd.DataFrame:
    """Return the words of the records that could not be read, each once.

    A recruitment status, phase or sex that is none of the registry's levels stays in
    its column as written, and figures count it as "Other wording"; a date or number
    that is none is missing. Neither contradicts anything. Words that differ only in
    case and spaces stand together, as they are written most often.

    Parameters
    ----------
    data
        The trials whose records are looked at.

    Returns
    -------
    pandas.DataFrame
        field, value, note (what became of it), n_trials, example (the id of a trial):
        the commonest first.

    Examples
    --------
    >>> import trialkit as tk
    >>> len(unread(tk.load_example()))
    0
    """
    said = data.statements
    rows = said[said["basis"].eq("unread").fillna(False)]
    rows = rows[["trial_id", "field", "value", "note"]].astype("string").fillna("")
    rows["key"] = rows["value"].str.casefold().str.split().str.join(" ")
    groups = rows.groupby(["field", "key", "note"], sort=False)
    made = groups.agg(
        value=("value", lambda values: values.mode().iloc[0]),
        n_trials=("trial_id", "nunique"),
        example=("trial_id", "min"),
    ).reset_index()
    made = made.sort_values(["n_trials", "field", "key"], ascending=[False, True, True])
    made = made[["field", "value", "note", "n_trials", "example"]]
    made = made.astype({"n_trials": "Int64"}).reset_index(drop=True)
    made.attrs |= {
        "n_trials": len(data.trials),
        "n_flagged": int(rows["trial_id"].nunique()),
    }
    return made
