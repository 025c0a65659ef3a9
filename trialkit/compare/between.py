"""What changed in the trials that both sides have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from trialkit.compare import labels, parts
from trialkit.compare.change import Change
from trialkit.compare.columns import Row, column_changes, trial_columns
from trialkit.compare.forms import forms_of, has_whole, is_silent, is_whole, silent
from trialkit.compare.outcomes import outcome_changes
from trialkit.compare.rows import (
    PARTS,
    by_trial,
    differ,
    link_rows,
    part_rows,
    sums,
    trial_rows,
)
from trialkit.compare.sides import Side
from trialkit.compare.unread import unread_of, with_unread
from trialkit.compare.which import Common
from trialkit.label.user_vocabulary import with_terms
from trialkit.label.vocabulary import Vocabulary
from trialkit.tidy.trials import Trials

#: What the note of a change begins with where the sources of both sides differ in kind.
OTHER_FORM = "read from another kind of file"
_LINKS = "arm_interventions"


class Pair(NamedTuple):
    """A trial on both sides: its rows of `trials`, and in what forms it was read."""

    ids: Common
    old: Row
    new: Row
    forms: tuple[frozenset[str], frozenset[str]]
    #: Whether a field that one side leaves out may be one that its form cannot hold.
    is_other_form: bool


class Between(NamedTuple):
    """The changes of common trials, and the fields that one side's files lack."""

    changes: list[Change]
    silent: tuple[str, ...]


def between(old: Side, new: Side, common: Sequence[Common]) -> Between:
    """Return the changes of the trials of both sides.

    Parameters
    ----------
    old, new
        The sides.
    common
        The ids of their common trials.
    """
    held = _held(old, new)
    columns = [c for c in trial_columns() if held is None or c in held]
    told = frozenset(columns)
    found = _pairs(old, new, common, [*columns, *_SETS])
    rest = None
    if held is None:
        rest = Parts((old.data, new.data), common, are_whole=found.are_whole)
        told -= found.silent
    words = _label_words(old.data, new.data) if held is None else None
    places = found.places | (rest.places if rest else set())
    changes: list[Change] = []
    unread = [unread_of(side.data) for side in (old, new)]
    for pair in found.pairs(sorted(places), is_held=held is not None):
        own = list(_of_trial(pair, told, rest))
        if words:
            own += _label_changes(old.data, new.data, pair, own, words)
        if pair.forms[0] != pair.forms[1] and held is None:
            own = [_from_other(change, *pair.forms) for change in own]
        lost = [d.get(i, frozenset()) for d, i in zip(unread, pair.ids, strict=True)]
        changes += [with_unread(change, *lost) for change in own] if any(lost) else own
    unheld = {*(columns if rest else ())} & found.silent | (
        rest.silent if rest else set()
    )
    return Between(changes, tuple(sorted(unheld)))


_SETS = ("countries", *labels.LABEL_COLUMNS)


class _Found:
    """The rows of `trials` of both sides, in one order, and where they differ."""

    def __init__(
        self,
        common: Sequence[Common],
        tables: tuple[pd.DataFrame, pd.DataFrame],
        forms: tuple[Any, Any],
        columns: Collection[str],
    ) -> None:
        self.common, self.tables, self.forms = common, tables, forms
        self.places = set(differ(*tables, list(columns)))
        self.are_whole = all(form.are_whole for form in forms)
        self.silent = silent(*tables, columns, are_whole=self.are_whole)

    def pairs(self, places: list[int], *, is_held: bool) -> Iterator[Pair]:
        """Yield some trials of both sides."""
        rows = (_plain(table.iloc[places]) for table in self.tables)
        for place, old, new in zip(places, *rows, strict=True):
            ids = self.common[place]
            forms = self.forms[0].of_trial(ids.old), self.forms[1].of_trial(ids.new)
            is_shared = forms[0] == forms[1] or all(map(has_whole, forms))
            yield Pair(ids, old, new, forms, is_held or not is_shared)


def _pairs(
    old: Side, new: Side, common: Sequence[Common], columns: Sequence[str]
) -> _Found:
    ids = [pair.old for pair in common], [pair.new for pair in common]
    tables = (
        trial_rows(old.data, ids[0], columns),
        trial_rows(new.data, ids[1], columns),
    )
    forms = forms_of(old.data, ids[0]), forms_of(new.data, ids[1])
    return _Found(common, tables, forms, columns)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts, missing values of any kind as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")  # type: ignore[return-value]


def _held(old: Side, new: Side) -> frozenset[str] | None:
    known = [side.held for side in (old, new) if side.held is not None]
    return frozenset.intersection(*known) if known else None


def is_labelled(data: Trials) -> bool:
    """Return whether labels were made of some trials."""
    decided = data.columns("trials", ["cell_decision"])["cell_decision"]
    return bool(decided.notna().any())


def _from_other(change: Change, old: frozenset[str], new: frozenset[str]) -> Change:
    told = f"{OTHER_FORM} ({', '.join(sorted(old))}; now {', '.join(sorted(new))})"
    return change._replace(note="; ".join(filter(None, [told, change.note])))


class Parts:
    """The arms, outcomes, sites and other parts of the trials of both sides."""

    def __init__(
        self,
        sides: tuple[Trials, Trials],
        common: Sequence[Common],
        *,
        are_whole: bool,
    ) -> None:
        ids = [pair.old for pair in common], [pair.new for pair in common]
        own = [dict(zip(side, range(len(side)), strict=True)) for side in ids]
        self.places: set[int] = set()
        self.silent: set[str] = set()
        frames: dict[str, list[pd.DataFrame]] = {}
        for table in (*PARTS, _LINKS):
            frames[table] = [
                link_rows(data, names)
                if table == _LINKS
                else part_rows(data, table, names)
                for data, names in zip(sides, ids, strict=True)
            ]
            columns = ("arm_label", "name") if table == _LINKS else PARTS[table]
            self.places |= _unlike(frames[table], columns, own)
            self.silent |= _silent(table, frames[table], len(common), are_whole)
        used = [{ids[n][place] for place in self.places} for n in (0, 1)]
        self._rows = [
            {
                table: by_trial(pair[n][pair[n]["trial_id"].isin(used[n])])
                for table, pair in frames.items()
            }
            for n in (0, 1)
        ]

    def of(self, ids: Common, table: str) -> tuple[list[dict], list[dict]]:
        """Return the rows of a trial on both sides."""
        old, new = (rows[table] for rows in self._rows)
        return old.get(ids.old, []), new.get(ids.new, [])


def _silent(
    table: str, frames: list[pd.DataFrame], n_all: int, are_whole: bool
) -> set[str]:
    """Return the table if one side's files hold none, and such columns of it."""

    def never(column: str) -> bool:
        own = (frame.loc[frame[column].notna(), "trial_id"] for frame in frames)
        n_old, n_new = (ids.nunique() for ids in own)
        return is_silent(n_old, n_new, n_all, are_whole=are_whole)

    if never("trial_id"):
        return {table}
    columns = PARTS.get(table, ())
    return {f"{table}.{column}" for column in columns if never(column)}


def _unlike(
    frames: list[pd.DataFrame], columns: Sequence[str], own: list[dict[str, int]]
) -> set[int]:
    """Return the places of the trials whose rows are not the same on both sides."""
    old, new = (
        {place[i]: n for i, n in sums(frame, columns).items()}  # type: ignore[index]
        for frame, place in zip(frames, own, strict=True)
    )
    return {
        place for place in old.keys() | new.keys() if old.get(place) != new.get(place)
    }


def _of_trial(pair: Pair, told: frozenset[str], rest: Parts | None) -> Iterator[Change]:
    if pair.is_other_form:
        told = frozenset(
            c for c in told if pair.old[c] is not None and pair.new[c] is not None
        )
    trial_id = pair.ids.new
    yield from column_changes(trial_id, pair.old, pair.new, told)
    if rest is None:
        if "countries" in told:
            yield from parts.site_changes(trial_id, [], [], _countries(pair))
        return
    for compare in _COMPARED:
        yield from compare(pair, rest)


def _countries(pair: Pair) -> tuple[list[str], list[str]]:
    return _named(pair.old["countries"]), _named(pair.new["countries"])


def _named(joined: str | None) -> list[str]:
    return joined.split("; ") if joined else []


def _both(pair: Pair, rest: Parts, table: str) -> tuple[list[dict], list[dict]] | None:
    """Return the rows of a trial on both sides, None where they are not comparable."""
    old, new = rest.of(pair.ids, table)
    is_one_empty = bool(old) != bool(new)
    if is_one_empty and (pair.is_other_form or table in rest.silent):
        return None
    return old, new


def _is_loose(pair: Pair, rest: Parts, *tables: str) -> bool:
    """Return whether what an entry leaves out may be left out by the form of a file."""
    if pair.is_other_form or not all(map(is_whole, pair.forms)):
        return True
    return any(name.partition(".")[0] in tables for name in rest.silent)


def _of_both(pair: Pair, found: Iterator[Change]) -> Iterator[Change]:
    """Yield changes, without entries of lists that one form may have cut."""
    for change in found:
        if not pair.is_other_form or (change.old and change.new):
            yield change


def _outcomes(pair: Pair, rest: Parts) -> Iterator[Change]:
    if both := _both(pair, rest, "outcomes"):
        loose = _is_loose(pair, rest, "outcomes")
        found = outcome_changes(pair.ids.new, *both, is_loose=loose)
        yield from _of_both(pair, found)


def _arms(pair: Pair, rest: Parts) -> Iterator[Change]:
    tables = ("arms", "interventions", _LINKS)
    both = {table: _both(pair, rest, table) or ([], []) for table in tables}
    old, new = ({t: rows[n] for t, rows in both.items()} for n in (0, 1))
    loose = _is_loose(pair, rest, *tables)
    yield from _of_both(pair, parts.arm_changes(pair.ids.new, old, new, is_loose=loose))


def _sites(pair: Pair, rest: Parts) -> Iterator[Change]:
    both = _both(pair, rest, "sites") or ([], [])
    if pair.is_other_form:
        both = ([], [])
    countries = _countries(pair)
    if pair.is_other_form and not all(countries):
        countries = ([], [])
    yield from parts.site_changes(pair.ids.new, *both, countries)


def _sponsors(pair: Pair, rest: Parts) -> Iterator[Change]:
    if both := _both(pair, rest, "sponsors"):
        if pair.is_other_form:
            both = tuple([x for x in side if x["role"] == "lead"] for side in both)
        loose = _is_loose(pair, rest, "sponsors")
        yield from parts.sponsor_changes(pair.ids.new, *both, is_loose=loose)


def _listed(
    kind: str, table: str, name: str, pair: Pair, rest: Parts
) -> Iterator[Change]:
    both = _both(pair, rest, table)
    if both and not pair.is_other_form:
        texts = ([_entry(row, name) for row in side] for side in both)
        if change := parts.entries_change(pair.ids.new, kind, table, *texts):
            yield change


def _entry(row: dict, name: str) -> str:
    """Return an entry of a list as one text; a publication is known by its number."""
    if name == "citation":
        return f"PMID {row['pmid']}" if row["pmid"] else row["citation"] or ""
    return row[name] or row.get("label") or ""


_COMPARED = (
    _outcomes,
    _arms,
    _sites,
    _sponsors,
    partial(_listed, "conditions", "conditions", "condition"),
    partial(_listed, "ids", "identifiers", "id"),
    partial(_listed, "references", "references", "citation"),
    partial(_listed, "references", "links", "url"),
)


def _label_words(old: Trials, new: Trials) -> tuple[Vocabulary, Vocabulary] | None:
    """Return the vocabularies of both sides, None where labels cannot be compared."""
    if not (is_labelled(old) and is_labelled(new)):
        return None
    return with_terms(old.terms), with_terms(new.terms)


def _label_changes(
    old: Trials,
    new: Trials,
    pair: Pair,
    changed: list[Change],
    known: tuple[Vocabulary, Vocabulary],
) -> list[Change]:
    corrected = [
        frame.loc[frame["trial_id"].eq(own), ["arm_id", "axis", "value"]]
        .to_numpy()
        .tolist()
        for frame, own in zip((old.overrides, new.overrides), pair.ids, strict=True)
    ]
    because = labels.reason(
        changed,
        is_same_rules=old.origin.rules == new.origin.rules,
        is_corrected=corrected[0] != corrected[1],
    )
    rows = pair.old, pair.new
    found = labels.label_changes(pair.ids.new, *rows, because=because, known=known)
    return list(found)
