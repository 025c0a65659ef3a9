"""Trials that may be one, though no id says so for certain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from trialkit.merge.registrations import key_of
from trialkit.read.registries import registry_of
from trialkit.summarize.counted import of_counted

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Shorter titles ("A pilot study") are of many trials.
_MIN_TITLE = 25


@of_counted
def possible_twins(data: Trials) -> pd.DataFrame:
    """Return pairs of trials that may be the same, for a person to decide.

    They share a title, one names the id of the other in its own register, or both give
    the same id of a third register. None of these is proof (extension studies and parts
    of a programme do all three), so such trials are never merged and each is counted.

    Parameters
    ----------
    data
        The trials to compare.

    Returns
    -------
    pandas.DataFrame
        trial_id, other_id, reason (`same title`, `names its id`, or `both give` and the
        id) and title (of trial_id). Of several trials with one title each is paired
        with the first.

    Examples
    --------
    >>> import trialkit as tk
    >>> list(tk.possible_twins(tk.load_example()).columns)
    ['trial_id', 'other_id', 'reason', 'title']
    """
    title = data.trials.set_index("trial_id")["display_title"]
    found: dict[tuple[str, str], list[str]] = {}
    for one, other, reason in (
        *_same_title(data.trials),
        *_named(data),
        *_same_second_id(data.identifiers),
    ):
        reasons = found.setdefault((min(one, other), max(one, other)), [])
        if reason not in reasons:
            reasons.append(reason)
    rows = [
        (one, other, "; ".join(reasons), title.get(one))
        for (one, other), reasons in sorted(found.items())
    ]
    columns = ["trial_id", "other_id", "reason", "title"]
    made = pd.DataFrame(rows, columns=columns).astype("string")
    made.attrs |= {"n_trials": len(data.trials)}
    return made


def _pairs(keys: pd.Series, ids: pd.Series) -> Iterator[tuple[str, str, str]]:
    """Pair the first trial of each key with every other; keys are not missing."""
    first = ids.groupby(keys).transform("first")
    is_other = first != ids
    yield from zip(first[is_other], ids[is_other], keys[is_other], strict=True)


def _same_title(trials: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    for column in ("official_title", "brief_title"):
        folded = (
            trials[column].str.casefold().str.replace(r"[\W_]+", " ", regex=True)
        ).str.strip()
        kept = folded[folded.str.len().ge(_MIN_TITLE).fillna(False)]
        for one, other, _ in _pairs(kept, trials.loc[kept.index, "trial_id"]):
            yield one, other, "same title"


def _named(data: Trials) -> Iterator[tuple[str, str, str]]:
    rows = data.identifiers
    kept = rows[rows["points_to"].notna() & ~rows["is_same_trial"].fillna(False)]
    here = set(data.trials["trial_id"])
    for own, others in zip(kept["trial_id"], kept["points_to"], strict=True):
        for other in others.split("; "):
            if other in here:
                yield own, other, "names its id"


def _same_second_id(identifiers: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    rows = identifiers.dropna(subset=["id"])
    is_register = [registry_of(str(text)) is not None for text in rows["id"]]
    kept = rows[pd.Series(is_register, index=rows.index, dtype=bool)]
    keys = kept["id"].map(key_of).astype("string")
    for one, other, key in _pairs(keys, kept["trial_id"]):
        yield one, other, f"both give {key}"
