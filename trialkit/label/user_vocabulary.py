"""A user's own ids beside the shipped ones: from CSV files, or from a set of trials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from trialkit.codebook import codebook
from trialkit.errors import TrialDataError
from trialkit.files import text_of
from trialkit.label.entries import OTHER, Entry, ancestors
from trialkit.label.vocabulary import (
    AXES,
    BORROWED,
    LABELLING,
    Vocabulary,
    entries_of,
    entry_of,
    shipped,
)

if TYPE_CHECKING:
    import pandas as pd

_AXIS_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
#: What else can be counted or labelled already, beside the columns of the tables.
_TAKEN = {
    "cdisc_route",
    *BORROWED,
    "cells_enter_body",
    "route_group",
    "source_family",
    "start_year",
    "enrollment_group",
}


def extended(paths: Iterable[str | Path]) -> Vocabulary:
    """Return the shipped vocabularies with a user's own CSV files added.

    The file's name is its axis. An id that the axis has already gains phrases; any
    other id, or any other axis, is new, and belongs to the group and family of its
    parent, else to those of `OTHER`, where it names none.
    """
    axes = {axis: dict(entries) for axis, entries in shipped().items()}
    taken = _TAKEN.union(codebook(), *codebook().values())
    for path in map(Path, paths):
        text, axis = text_of(path, "vocabulary"), path.stem
        is_new = _AXIS_NAME.fullmatch(axis) and axis not in taken
        if axis not in AXES and not is_new:
            raise TrialDataError(
                f"vocabulary {path.name}: a file is named after its axis, one of "
                f"{', '.join(AXES)} or a new one in small letters, such as "
                "device_type.csv, that no table or column has"
            )
        entries = axes.setdefault(axis, {})
        for identifier, entry in entries_of(axis, text, path.name).items():
            entries[identifier] = _joined(entries.get(identifier), entry)
    return _as_vocabulary({axis: _grouped(axis, axes[axis]) for axis in axes})


def with_terms(terms: pd.DataFrame) -> Vocabulary:
    """Return the shipped vocabularies with the ids of the table `terms` of some trials.

    They are those that the trials were labelled with, without the user's files.
    """
    axes = {axis: dict(entries) for axis, entries in shipped().items()}
    for row in terms.astype("string").fillna("").to_dict("records"):
        entry = entry_of(row["axis"], row, "")
        entries = axes.setdefault(entry.axis, {})
        entries[entry.id] = _joined(entries.get(entry.id), entry)
    return _as_vocabulary(axes)


def is_added(entry: Entry) -> bool:
    """Return whether an id is new, or has more phrases than the shipped one."""
    known = shipped()[entry.axis].get(entry.id) if entry.axis in shipped() else None
    return known is None or not (
        {*entry.phrases} <= {*known.phrases}
        and {*entry.not_phrases} <= {*known.not_phrases}
    )


def _as_vocabulary(axes: Mapping[str, Mapping[str, Entry]]) -> Vocabulary:
    return Vocabulary({axis: _claimed(entries) for axis, entries in axes.items()})


def _claimed(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries; phrases of `OTHER` that a user gives an id leave it.

    It holds what has no id of its own: a user who makes one takes its phrases along.
    """
    claimed = dict(entries)
    if other := claimed.get(OTHER):
        ids = (entry for entry in entries.values() if entry.id != OTHER)
        taken = {_bare(phrase) for entry in ids for phrase in entry.phrases}
        kept = (phrase for phrase in other.phrases if _bare(phrase) not in taken)
        claimed[OTHER] = other._replace(phrases=tuple(kept))
    return claimed


def _bare(phrase: str) -> str:
    return phrase.strip("~*")


def _joined(old: Entry | None, new: Entry) -> Entry:
    if old is None:
        return new
    lists = {
        name: tuple(dict.fromkeys(getattr(old, name) + getattr(new, name)))
        for name in ("phrases", "not_phrases", *LABELLING)
    }
    return old._replace(where=new.where, **lists)


def _grouped(axis: str, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries of an axis, new ones in the group and family of a parent."""
    known = shipped()[axis] if axis in shipped() else {}
    return {
        identifier: entry
        if identifier in known
        else entry._replace(
            group=_inherited(entry, entries, "group"),
            family=_inherited(entry, entries, "family"),
        )
        for identifier, entry in entries.items()
    }


def _inherited(entry: Entry, entries: Mapping[str, Entry], what: str) -> str:
    """Return the group or family of an entry, else of the first above it, else "Other".

    What is stated is never "Not stated": that group of `PARENTERAL` goes to no child.
    """
    own = getattr(entry, what)
    for above in ancestors(entry, entries):
        own = own or getattr(above, what).replace("Not stated", "")
    other = entries.get(OTHER)
    return own or (getattr(other, what) if other else "")
