"""The filters of `Trials.select`, by name, in the order in which they are applied.

A filter takes the trials and what is wanted, and returns a `Step`: what `selection`
calls it, and which trials pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit.errors import ParameterError
from trialkit.selection import Step

if TYPE_CHECKING:
    from trialkit.trials import Trials

Filter = Callable[["Trials", Any], Step]


def _ids(data: Trials, wanted: Iterable[str]) -> Step:
    return Step("ids", _equals(data.trials, "trial_id", list(wanted)))


def _condition(data: Trials, wanted: str | Sequence[str]) -> Step:
    words = _as_list("condition", wanted)
    return Step(f"condition: {' | '.join(words)}", _names(data, words))


def _one_of(name: str, column: str) -> Filter:
    """Return the filter on a column with one value per trial."""

    def choose(data: Trials, wanted: str | Sequence[str]) -> Step:
        values = _as_list(name, wanted)
        passes = _equals(data.trials, column, values)
        return Step(f"{name}: {' | '.join(values)}", passes)

    return choose


def _among(name: str, column: str) -> Filter:
    """Return the filter on a column that joins several values per trial."""

    def choose(data: Trials, wanted: str | Sequence[str]) -> Step:
        values = _as_list(name, wanted)
        passes = _holds(data.trials, column, values)
        return Step(f"{name}: {' | '.join(values)}", passes)

    return choose


def _cell_trials(data: Trials, wanted: bool) -> Step:
    name = "cell trials only" if wanted else "trials without cells only"
    return Step(name, data.trials["is_cell_trial"].eq(wanted))


#: Each is a parameter of `Trials.select`.
FILTERS: dict[str, Filter] = {
    "ids": _ids,
    "condition": _condition,
    "phase": _one_of("phase", "phase"),
    "status": _one_of("status", "overall_status"),
    "study_type": _one_of("study_type", "study_type"),
    "country": _among("country", "countries"),
    "route": _among("route", "routes"),
    "cell_type": _among("cell_type", "cell_types"),
    "cell_source": _among("cell_source", "cell_sources"),
    "donor": _among("donor", "donors"),
    "cell_trials": _cell_trials,
}


def _as_list(name: str, value: str | Sequence[str]) -> list[str]:
    wanted = [value] if isinstance(value, str) else list(value)
    if not wanted or not all(isinstance(w, str) and w.strip() for w in wanted):
        raise ParameterError(f"{name}={value!r} is empty; leave it out to keep all")
    return wanted


def _equals(trials: pd.DataFrame, column: str, wanted: list[str]) -> pd.Series:
    """Return whether a column is one of the wanted values; missing where missing."""
    text = trials[column].astype("string")
    return text.isin(wanted).astype("boolean").mask(text.isna())


def _holds(trials: pd.DataFrame, column: str, wanted: list[str]) -> pd.Series:
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


def _names(data: Trials, words: list[str]) -> pd.Series:
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
