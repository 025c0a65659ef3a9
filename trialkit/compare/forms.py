"""What a file could tell: a field that a form cannot hold was not dropped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from trialkit.tidy.trials import Trials

#: Forms that hold every field that is compared.
_WHOLE = frozenset({"ctgov_v2_json", "ctgov_history_json", "ctgov_xml"})
#: A field that no record of a side states, and more than this share of the other's,
#: is one that the side's files do not hold: a table has the columns that were chosen
#: for it, and an answer of an interface the fields that were asked for.
_MANY, _MOST = 1 / 3, 1 / 2
#: Of fewer records of a whole form nothing is known of that.
_FEW = 5


class Forms(NamedTuple):
    """The forms of the sources of each trial, by trial."""

    of: Mapping[str, frozenset[str]]
    default: frozenset[str] = frozenset()

    def of_trial(self, trial_id: str) -> frozenset[str]:
        """Return the forms of a trial's sources."""
        return self.of.get(trial_id, self.default)

    @property
    def are_whole(self) -> bool:
        """Whether every source can hold every field."""
        return all(map(is_whole, [self.default, *self.of.values()]))


def forms_of(data: Trials, ids: Collection[str]) -> Forms:
    """Return in which forms the sources tell of some trials."""
    shapes = dict(
        zip(data.sources["source_id"], data.sources["shape"].fillna(""), strict=True)
    )
    kinds = frozenset(map(str, shapes.values()))
    if len(kinds) < 2:
        return Forms({}, kinds)
    rows = data.columns("statements", ["trial_id", "source_id"]).drop_duplicates()
    rows = rows[rows["trial_id"].isin(set(ids))]
    forms: dict[str, set[str]] = {}
    for trial_id, source_id in zip(rows["trial_id"], rows["source_id"], strict=True):
        forms.setdefault(trial_id, set()).add(str(shapes.get(source_id, "")))
    return Forms({i: frozenset(found) for i, found in forms.items()})


def is_silent(n_old: int, n_new: int, n_all: int, *, are_whole: bool) -> bool:
    """Return whether one side's files do not hold a field.

    Parameters
    ----------
    n_old, n_new
        How many common trials state it on each side.
    n_all
        How many common trials there are.
    are_whole
        Whether all files are of forms that can hold it.
    """
    if min(n_old, n_new) or (are_whole and n_all < _FEW):
        return False
    return max(n_old, n_new) > n_all * (_MOST if are_whole else _MANY)


def silent(
    old: pd.DataFrame,
    new: pd.DataFrame,
    columns: Collection[str],
    *,
    are_whole: bool,
) -> set[str]:
    """Return the columns that one side's files do not hold."""
    counts = {c: [int(frame[c].notna().sum()) for frame in (old, new)] for c in columns}
    return {
        column
        for column, (n_old, n_new) in counts.items()
        if is_silent(n_old, n_new, len(old), are_whole=are_whole)
    }


def is_whole(forms: frozenset[str]) -> bool:
    """Return whether files of these forms can hold every field."""
    return forms <= _WHOLE


def has_whole(forms: frozenset[str]) -> bool:
    """Return whether one of a trial's files can hold every field."""
    return bool(forms & _WHOLE)
