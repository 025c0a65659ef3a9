"""The filters of `Trials.select`: per trial True, False, or missing for not stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from trialkit.trials import Trials


def equals(trials: pd.DataFrame, column: str, wanted: list[str]) -> pd.Series:
    """Return whether a column is one of the wanted values; missing where missing."""
    text = trials[column].astype("string")
    return text.isin(wanted).astype("boolean").mask(text.isna())


def holds(trials: pd.DataFrame, column: str, wanted: list[str]) -> pd.Series:
    """Return whether a joined set has a wanted value, or a child (`IV` > `IV.x`)."""
    text = trials[column]

    def has(values: object) -> bool | None:
        if not isinstance(values, str):
            return None
        if values == "NOT_STATED" and "NOT_STATED" not in wanted:
            return None
        return any(
            value == want or value.startswith(f"{want}.")
            for value in values.split("; ")
            for want in wanted
        )

    return pd.Series([has(v) for v in text], index=text.index, dtype="boolean")


def names(data: Trials, words: list[str]) -> pd.Series:
    """Return whether conditions, their groups or titles hold one of the words."""
    terms = (
        data.conditions["condition"]
        + "\n"
        + data.conditions["condition_group"].astype("string").fillna("")
    )
    text = terms.groupby(data.conditions["trial_id"]).agg("\n".join)
    trials = data.trials
    whole = trials["trial_id"].map(text).astype("string").fillna("")
    for column in ("brief_title", "official_title", "display_title"):
        whole = whole + "\n" + trials[column].fillna("")
    folded = whole.str.casefold()
    found = pd.Series(False, index=trials.index)
    for word in words:
        found |= folded.str.contains(word.casefold().strip(), regex=False)
    return found.astype("boolean").mask(folded.str.strip() == "")
