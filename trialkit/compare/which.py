"""The trials that stand on one side alone, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from trialkit.compare import change
from trialkit.compare.change import Change
from trialkit.compare.searches import Searches, searches_of
from trialkit.compare.sides import Side
from trialkit.dates import date_span
from trialkit.tidy.trials import Trials


class Common(NamedTuple):
    """Ids of one trial on both sides; they differ where a register gave a new one."""

    old: str
    new: str


class Aside(NamedTuple):
    """Why trials of a side are not among those compared, by id."""

    filtered: Mapping[str, str]
    unread: Mapping[str, str]


def in_common(old: Side, new: Side) -> list[Common]:
    """Return the trials of both sides, by their ids and former ids."""
    before, after = (_ids(side.data) for side in (old, new))
    now, then = (_former(side.data) for side in (new, old))
    known = set(after)
    found = [Common(own, own) for own in before if own in known]
    taken = {pair.new for pair in found}
    for own in before:
        other = now.get(own) if own not in known else None
        if other and other not in taken:
            found.append(Common(own, other))
            taken.add(other)
    # A register may also go back to a former id.
    olds = {pair.old for pair in found}
    for own in after:
        if own not in taken and own in then and then[own] not in olds:
            found.append(Common(then[own], own))
    return found


def _ids(data: Trials) -> list[str]:
    return data.columns("trials", ["trial_id"])["trial_id"].tolist()


def _former(data: Trials) -> dict[str, str]:
    """Return by former id the trial of a side; one that two claim leads to neither."""
    rows = data.columns("identifiers", ["trial_id", "id", "id_type"])
    rows = rows[rows["id_type"].eq("nct_alias").fillna(False)].dropna(subset=["id"])
    rows = rows[["id", "trial_id"]].drop_duplicates()
    rows = rows[~rows["id"].duplicated(keep=False)]
    return dict(zip(rows["id"], rows["trial_id"], strict=True))


def alone(old: Side, new: Side, common: list[Common]) -> Iterator[Change]:
    """Yield a change for each trial that one side alone has."""
    searches = searches_of(old, new)
    shared = {pair.old for pair in common}, {pair.new for pair in common}
    gone = [i for i in _ids(old.data) if i not in shared[0]]
    fresh = [i for i in _ids(new.data) if i not in shared[1]]
    if gone:
        aside = _aside(new.data)
        for trial_id in gone:
            yield _gone(trial_id, aside, searches)
    if fresh:
        aside = _aside(old.data)
        posted = _posted(new.data, fresh)
        for trial_id in fresh:
            posting = posted.get(trial_id), old.date
            yield _fresh(trial_id, aside, posting, searches)
    for pair in common:
        if pair.old != pair.new:
            yield Change(pair.new, "ids", "new id", "trial_id", pair.old, pair.new)


def _gone(trial_id: str, aside: Aside, searches: Searches) -> Change:
    if trial_id in aside.filtered:
        why = aside.filtered[trial_id]
        return Change(trial_id, "trials", change.LEFT_OUT, "trial_id", note=why)
    if trial_id in aside.unread:
        why = aside.unread[trial_id]
        return Change(trial_id, "trials", change.UNREAD, "trial_id", note=why)
    if searches.is_gone(trial_id):
        return Change(trial_id, "trials", change.GONE, "trial_id")
    what = change.LEFT if searches.has_left(trial_id) else change.ABSENT
    return Change(trial_id, "trials", what, "trial_id")


def _fresh(
    trial_id: str, aside: Aside, posting: tuple[str | None, str], searches: Searches
) -> Change:
    if trial_id in aside.filtered:
        why = f"before: {aside.filtered[trial_id]}"
        return Change(trial_id, "trials", change.LET_IN, "trial_id", note=why)
    if trial_id in aside.unread:
        why = f"before: {aside.unread[trial_id]}"
        return Change(trial_id, "trials", change.READ_NOW, "trial_id", note=why)
    posted, since = posting
    first = date_span(posted).latest
    what = change.NEW
    # Without a day nothing says that it is new to the register.
    if not (first and since and first >= since):
        what = change.ENTERED if searches.are_same else change.NOT_BEFORE
    note = f"first posted {posted}" if posted else "day of first posting not stated"
    return Change(trial_id, "trials", what, "trial_id", note=note)


def _aside(data: Trials) -> Aside:
    """Return which trials filters left out, and which records could not be read."""
    rows = data.excluded[["source_id", "record", "reason"]].dropna(subset=["record"])
    is_read = rows["source_id"].isna()
    return Aside(*(_by_id(rows[mask]) for mask in (is_read, ~is_read)))


def _by_id(rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(rows["record"], rows["reason"].fillna(""), strict=True))


def _posted(data: Trials, ids: list[str]) -> dict[str, str]:
    rows = data.columns("trials", ["trial_id", "first_posted_date"]).dropna()
    rows = rows[rows["trial_id"].isin(ids)]
    return dict(zip(rows["trial_id"], rows["first_posted_date"], strict=True))
