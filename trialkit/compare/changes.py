"""What changed between two sets of trials: the comparison as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from warnings import warn

import pandas as pd

from trialkit.compare.between import OTHER_FORM, Between, between, is_labelled
from trialkit.compare.change import KINDS, frame_of, watched
from trialkit.compare.rows import trial_rows
from trialkit.compare.searches import search_notes, searches_of
from trialkit.compare.sides import Side, open_side
from trialkit.compare.unread import aside_notes
from trialkit.compare.which import Common, alone, in_common
from trialkit.errors import ParameterError
from trialkit.files import Paths
from trialkit.plural import counted
from trialkit.record import trial_address
from trialkit.tidy.trials import Trials


def changes(
    old: Trials | Side | Paths,
    new: Trials | Side | Paths,
    *,
    watch: str | Iterable[str] = (),
) -> pd.DataFrame:
    """Return what changed between two sets of trials, one row per change.

    Records are compared, not printed tables. Case, blanks, HTML, kinds of dashes and
    the order of lists are no change, nor is a field that the form of a file cannot
    hold. Outcomes, arms and sites are paired first, so that one that was reworded is
    one change and not two.

    Parameters
    ----------
    old, new
        Trials that are loaded; or a download, a folder or file of records, a store, or
        a report that `trialkit report` has made.
    watch
        Kinds of changes to return, by default all: `trials`, `results`, `status`,
        `outcomes`, `enrollment`, `dates`, `criteria`, `arms`, `interventions`, `sites`,
        `sponsor`, `design`, `conditions`, `labels`, `texts`, `ids`, `references`,
        `other`.

    Returns
    -------
    pandas.DataFrame
        trial_id, title, kind (as in `watch`), change (what became of it), field, old
        and new (of a long text the passages that differ), days (by which a date
        moved, later is positive), because (of a label: the record, the rules or a
        correction), note, and link to the record; the most telling first. `attrs` hold
        old and new (their names), n_old, n_new and n_common (trials), since (the
        newest day in the old ones), and notes (what must be known of the comparison).

    Raises
    ------
    ParameterError
        If the old records are newer than the new ones, a path holds nothing to
        compare, or `watch` names no kind.
    TrialDataError
        If a path names nothing, or no record.

    Examples
    --------
    >>> import trialkit as tk
    >>> data = tk.load_example()
    >>> len(tk.changes(data, data))
    0
    """
    kinds = watched(watch)
    if isinstance(new, Side) and not isinstance(old, Side):
        # As version 0.1 took them.
        warn("tk.changes takes the earlier trials first", DeprecationWarning, 2)
        old, new = new, old
    with_labels = "labels" in kinds
    before, now = (open_side(side, labels=with_labels) for side in (old, new))
    return compared(before, now, kinds)


def compared(before: Side, now: Side, kinds: Collection[str] = KINDS) -> pd.DataFrame:
    """Return what changed from one side to the other, as `changes` does."""
    common = in_common(before, now)
    _refuse_reversed(before, now, common)
    both = between(before, now, common)
    found = [*alone(before, now, common), *both.changes]
    shown = [change for change in found if change.kind in kinds]
    ids = {change.trial_id for change in shown}
    frame = frame_of(shown, _facts(before, now, ids))
    frame.attrs = {
        "old": before.name,
        "new": now.name,
        "n_old": len(before.data),
        "n_new": len(now.data),
        "n_common": len(common),
        "since": before.since,
        "notes": [*before.notes, *now.notes, *_notes(before, now, both, kinds)],
    }
    return frame


def _refuse_reversed(old: Side, new: Side, common: Sequence[Common]) -> None:
    """Refuse records that are older than those that they are compared with."""
    days = [
        trial_rows(side.data, ids, ["last_updated_date"])["last_updated_date"]
        for side, ids in _sides(old, new, common)
    ]
    one, other = (day.reset_index(drop=True) for day in days)
    n_later = int(one.lt(other).fillna(False).sum())
    n_earlier = int(one.gt(other).fillna(False).sum())
    if n_earlier > n_later:
        records = counted(n_earlier, "record")
        raise ParameterError(
            f"“{old.name}” is newer than “{new.name}” ({records} last updated later): "
            "the older one comes first"
        )
    then, now = searches_of(old, new)
    # Old versions may be downloaded after the records of today.
    if then and now and not then.history and then.day > now.day:
        raise ParameterError(
            f"“{old.name}” was downloaded on {then.day}, “{new.name}” on {now.day}: "
            "the older one comes first"
        )


def _sides(
    old: Side, new: Side, common: Sequence[Common]
) -> tuple[tuple[Side, list[str]], tuple[Side, list[str]]]:
    ids = [pair.old for pair in common], [pair.new for pair in common]
    return (old, ids[0]), (new, ids[1])


def _facts(old: Side, new: Side, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return title and link of trials, the newer title where there are two."""
    wanted, facts = set(ids), {}
    for side in (old, new):
        frame = side.data.columns("trials", ["trial_id", "display_title"])
        frame = frame[frame["trial_id"].isin(wanted)]
        for trial_id, title in zip(*frame.to_numpy().T, strict=True):
            shown = None if pd.isna(title) else title
            facts[trial_id] = {"title": shown, "link": trial_address(trial_id)}
    return facts


def _notes(
    old: Side, new: Side, both: Between, kinds: Collection[str]
) -> Iterator[str]:
    if not len(old.data) or not len(new.data):
        empty = old.name if not len(old.data) else new.name
        yield f"“{empty}” holds no trial to compare"
    yield from search_notes(searches_of(old, new))
    yield from aside_notes({"before": old, "now": new})
    if "labels" in kinds:
        yield from _label_notes(old, new)
    if both.silent:
        named = ", ".join(both.silent)
        yield f"not compared, since no record of one side states it: {named}"
    if n := sum(change.note.startswith(OTHER_FORM) for change in both.changes):
        rest = "rests" if n == 1 else "rest"
        yield (
            f"{counted(n, 'change')} {rest} on files of different kinds, of which only "
            "what both state is compared"
        )


def _label_notes(old: Side, new: Side) -> Iterator[str]:
    if not is_labelled(old.data) or not is_labelled(new.data):
        yield "labels are not compared: one side has none"
    elif old.data.origin.rules != new.data.origin.rules:
        yield (
            "the labels of both sides were made by different rules: a changed label "
            "says whether the record or the rules changed it"
        )
