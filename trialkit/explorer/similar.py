"""Trials like a given one, by conditions, labels and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from math import log, sqrt
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import pandas as pd

from trialkit.errors import ParameterError
from trialkit.label.vocabulary import NO_CELLS, NOT_STATED
from trialkit.read.values.conditions import OTHER
from trialkit.summarize.groups import axis_words

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Axes of the compared labels.
_AXES = ("route", "cell_type", "cell_source", "donor", "delivery_mode")
#: Columns with the compared words.
_TEXTS = ("brief_title", "official_title", "brief_summary", "detailed_description")
_WORD = re.compile(r"[^\W_]{3,}")
_NOTHING_STATED = (NOT_STATED, *NO_CELLS)
#: Most shared items named per likeness, and the least weight of one: a quarter have it.
_NAMED = 4
_TELLING = log(4)

#: Items by trial.
_Sets = Mapping[str, frozenset[str]]


def similar(data: Trials, trial_id: str, *, limit: int = 10) -> pd.DataFrame:
    """Return the trials most like one trial, and what they share with it.

    Three likenesses of 0 to 1 are averaged: of the conditions, of the labels (route,
    cell type, cell source, donor, delivery), and of the words of titles and
    descriptions. In each, what few trials state counts for more: two trials that share
    "rectus sheath" are closer than two that share "patients". Likeness of registered
    words, and of nothing else: it does not say that trials are comparable.

    Parameters
    ----------
    data
        Trials to look among.
    trial_id
        The trial to compare with.
    limit
        The most trials to return.

    Returns
    -------
    pandas.DataFrame
        trial_id, title, score, conditions, labels, words (each 0 to 1), shared; the
        closest first, trials that share nothing left out.

    Raises
    ------
    ParameterError
        If there is no such trial, or `limit` is below 1.

    Examples
    --------
    >>> import trialkit as tk
    >>> found = similar(tk.load_example(), "NCT07312864", limit=3)
    >>> len(found), bool(found["score"].is_monotonic_decreasing)
    (3, True)
    """
    if limit < 1:
        raise ParameterError(f"limit={limit}; it is 1 or more")
    trials = data.trials
    if not trials["trial_id"].eq(trial_id).any():
        raise ParameterError(f"no trial {trial_id!r} among {len(trials):,} trials")
    sides = _sides(data)
    found = trials[["trial_id"]].assign(title=trials["display_title"])
    for name, side in sides.items():
        alike = [side.likeness(trial_id, other) for other in found["trial_id"]]
        found[name] = pd.array(alike, dtype="Float64")
    found.insert(2, "score", found[list(sides)].mean(axis=1).round(3))
    found = found[found["trial_id"].ne(trial_id) & found["score"].gt(0)]
    found = found.sort_values(["score", "trial_id"], ascending=[False, True])
    found = found.head(limit).reset_index(drop=True)
    found[list(sides)] = found[list(sides)].round(2)
    shared = [_shared(sides, trial_id, other) for other in found["trial_id"]]
    return found.assign(shared=pd.array(shared, dtype="string"))


class _Side(NamedTuple):
    """The items of each trial, the weight of each item, and its sum by trial."""

    sets: _Sets
    weight: Mapping[str, float]
    sums: Mapping[str, float]

    def likeness(self, one: str, other: str) -> float:
        """Return the weight of shared items over the geometric mean of both trials."""
        shared = sum(self.weight[item] for item in self.shared(one, other))
        # Zero where both have only what every trial states.
        return shared / sqrt(self.sums[one] * self.sums[other]) if shared else 0.0

    def shared(self, one: str, other: str) -> frozenset[str]:
        """Return the items of both trials."""
        return self.sets.get(one, frozenset()) & self.sets.get(other, frozenset())


_KNOWN: WeakKeyDictionary[Trials, dict[str, _Side]] = WeakKeyDictionary()


def _sides(data: Trials) -> dict[str, _Side]:
    """Return the items and weights per likeness, computed once per set of trials."""
    if data not in _KNOWN:
        trials, conditions, labels = data.trials, data.conditions, data.labels
        is_own = labels["axis"].isin(_AXES) & ~labels["value"].isin(_NOTHING_STATED)
        labels = labels[is_own]
        groups = conditions["condition_group"].astype("string")
        # Words too: "Non-union of fracture" is close to "Fractures".
        named = [groups.mask(groups == OTHER), _words_in(conditions["condition"])]
        text = trials[list(_TEXTS)].fillna("").agg("\n".join, axis=1)
        sets = {
            "conditions": _sets(conditions, pd.concat(named)),
            "labels": _sets(labels, axis_words(labels, terms=data.terms)),
            "words": _sets(trials, _words_in(text)),
        }
        n = len(trials)
        _KNOWN[data] = {name: _side(own, n) for name, own in sets.items()}
    return _KNOWN[data]


def _side(sets: _Sets, n: int) -> _Side:
    """Weigh items by their inverse document frequency."""
    counts = Counter(item for own in sets.values() for item in own)
    weight = {item: log((1 + n) / count) for item, count in counts.items()}
    sums = {key: sum(weight[item] for item in own) for key, own in sets.items()}
    return _Side(sets, weight, sums)


def _words_in(texts: pd.Series) -> pd.Series:
    return texts.str.casefold().str.findall(_WORD).explode()


def _sets(rows: pd.DataFrame, items: pd.Series) -> _Sets:
    """Return the items of each trial, told by the labels that rows and items share."""
    items = items.replace("", pd.NA).dropna()
    by_trial = items.groupby(rows["trial_id"].reindex(items.index))
    return {str(trial_id): frozenset(own) for trial_id, own in by_trial}


def _shared(sides: Mapping[str, _Side], one: str, other: str) -> str:
    """Return shared conditions, labels and the rarest words."""
    named = []
    for side in sides.values():
        weight, both = side.weight, side.shared(one, other)
        rarest = sorted(both, key=lambda item: (-weight[item], item))
        named += [item for item in rarest if weight[item] >= _TELLING][:_NAMED]
    return "; ".join(dict.fromkeys(named))
