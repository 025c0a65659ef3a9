"""Vocabularies as data: ids, labels, standard codes and the phrases that mean them.

One CSV per axis in `data/vocabulary/`. Phrases are separated by `|` and folded as the
texts are: capitals, dashes and wide letters are free. A trailing `*` lets the last word
go on; a phrase that begins with `=` is matched as written, capitals included, because
`SC` is not `sc`; one that begins with `~` is a hint, used only where no other phrase of
the axis is found. `not_phrases` look like the id and are not it: being longer, they win
and say nothing. docs/labels.md explains every column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from trialkit.errors import TrialDataError
from trialkit.files import csv_rows, data_rows, data_text, refuse
from trialkit.label.entries import ANY, Entry, ancestors, parent_in, reached, yields
from trialkit.label.normalize import normalize
from trialkit.label.once import once
from trialkit.label.text import fold
from trialkit.nearest import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

AXES = (
    "route",
    "cell_type",
    "cell_source",
    "donor",
    "delivery_mode",
    "site",
    "access",
    "perfusate",
    "species",
    "processing",
)
#: Axes that have the vocabulary of another one.
BORROWED = {"donor_inferred": "donor"}
#: Columns that only labelling reads; a file may lack them.
LABELLING = ("yields_to", "roles", "gate", "explains")
COLUMNS = tuple(
    name for name in Entry._fields if name not in ("axis", "where", *LABELLING)
)
_NEEDED = ("id", "label", "phrases")
_MATCHES = {"", "exact", "broad", "close"}
#: What an id is to the rules, beside its meaning.
ROLES = ("device", "generic", "population", "routine", "umbrella", "vein")
NOT_STATED, NONE = "NOT_STATED", "NONE"
#: What an arm has that gets no cells: as a delivery mode, and on every other axis.
NO_CELLS = ("none", NONE)


class Vocabulary(dict[str, dict[str, Entry]]):
    """All axes, checked: `vocabulary[axis][id]` is an Entry, in display order."""

    def __init__(self, axes: Mapping[str, dict[str, Entry]]):
        super().__init__(axes)
        for axis, entries in axes.items():
            _check(axis, entries)

    def __missing__(self, axis: str) -> NoReturn:
        raise TrialDataError(f"no axis {axis!r}; {did_you_mean(axis, self)}")

    @once
    def with_role(self, axis: str, role: str) -> frozenset[str]:
        """Return the ids of an axis that have a role."""
        return frozenset(e.id for e in self[axis].values() if role in e.roles)


@cache
def shipped() -> Vocabulary:
    """Return the vocabularies that ship with the package."""
    return Vocabulary(
        {
            axis: entries_of(axis, data_text(f"vocabulary/{axis}.csv"), f"{axis}.csv")
            for axis in AXES
        }
    )


def vocabulary(axis: str) -> pd.DataFrame:
    """Return the vocabulary of one axis as a table, in display order.

    Ids map to standard codes as `match` says: exact, broad (the standard's term is
    wider, as INTRAVENOUS is for a peripheral vein) or close.

    Parameters
    ----------
    axis
        `route`, `cell_type`, `cell_source`, `donor`, `delivery_mode`, `site`,
        `access`, `perfusate`, `species` or `processing`.

    Returns
    -------
    pandas.DataFrame
        Columns `id`, `label`, `parent`, `group`, `group_order`, `family`,
        `code_system`, `code`, `term`, `match`, `phrases`, `not_phrases`, `source`.

    Raises
    ------
    TrialDataError
        If there is no such axis.

    Examples
    --------
    >>> vocabulary("route").set_index("id").loc["EC.bal", ["code", "term"]].tolist()
    ['C38212', 'EXTRACORPOREAL']
    """
    import pandas as pd

    table = pd.DataFrame([*shipped()[axis].values()], columns=Entry._fields)[[*COLUMNS]]
    for name in ("phrases", "not_phrases"):
        table[name] = table[name].str.join("|")
    table = table.astype("string").replace("", pd.NA)
    orders = {group: n for n, group in enumerate(groups(axis))}
    table.insert(4, "group_order", table["group"].map(orders).astype("Int64"))
    return table


def groups(axis: str) -> tuple[str, ...]:
    """Return the display groups of an axis, in order, "Not stated" last."""
    seen = dict.fromkeys(e.group for e in shipped()[axis].values() if e.group)
    return tuple(sorted(seen, key=lambda group: group == "Not stated"))


def label_of(axis: str, identifier: str) -> str:
    """Return the readable label of an id; an unknown id is returned as it is.

    Parameters
    ----------
    axis
        An axis of the vocabulary, such as `route`.
    identifier
        An id of that axis, such as `IA.hepatic`.

    Returns
    -------
    str
        Words for a reader.
    """
    entry = _shipped_entry(axis, identifier)
    return entry.label if entry else identifier


def group_of(axis: str, identifier: str) -> str | None:
    """Return the display group of an id, or None where it has none."""
    entry = _shipped_entry(axis, identifier)
    return (entry.group or None) if entry else None


def family_of(axis: str, identifier: str) -> str | None:
    """Return the family of an id (`Adult tissue` ...), or None where it has none."""
    entry = _shipped_entry(axis, identifier)
    return (entry.family or None) if entry else None


def code_of(axis: str, identifier: str) -> str | None:
    """Return the standard code of an id (`C38276`, `CL:0000134`), or None."""
    entry = _shipped_entry(axis, identifier)
    return (entry.code or None) if entry else None


def _shipped_entry(axis: str, identifier: str) -> Entry | None:
    axis = BORROWED.get(axis, axis)
    return shipped()[axis].get(identifier) if axis in shipped() else None


def is_extracorporeal(route: str) -> bool:
    """Return whether a route is a device outside the body: `EC`, or below it."""
    return route.partition(".")[0] in shipped().with_role("route", "device")


def in_order(axis: str, identifiers: Iterable[str]) -> list[str]:
    """Return ids in display order; those of a user's own come last, by name."""
    places = _orders(axis)
    return sorted(identifiers, key=lambda own: (places.get(own, len(places)), own))


@cache
def _orders(axis: str) -> dict[str, int]:
    return {identifier: n for n, identifier in enumerate(shipped()[axis])}


def parent_of(axis: str, identifier: str) -> str:
    """Return the parent of an id where that is itself a label, else the id.

    Used for scores at parent level: `IV.peripheral` is `IV`, `CiPSC` is `iPSC`. An
    umbrella, which says that more is not stated, is a parent only of ids without
    phrases: no rule gives `IB`, its cases are `OTHER`.
    """
    axis = BORROWED.get(axis, axis)
    return parent_in(shipped()[axis], identifier) if axis in shipped() else identifier


def entries_of(axis: str, text: str, name: str) -> dict[str, Entry]:
    """Return the entries of a vocabulary file, given as text, by id."""
    entries: dict[str, Entry] = {}
    wrong: list[str] = []
    for line, row in csv_rows(text, _NEEDED, wrong, known=(*COLUMNS, *LABELLING)):
        entry = entry_of(axis, row, f"vocabulary {name}, line {line}")
        if not entry.id or not entry.label:
            wrong.append(f"line {line}: no {'label' if entry.id else 'id'}")
        elif entry.id in entries:
            wrong.append(f"line {line}: id {entry.id!r} stands twice")
        else:
            entries[entry.id] = entry
    refuse(f"vocabulary {name}", wrong)
    return entries


def entry_of(axis: str, row: Mapping[Any, str], where: str) -> Entry:
    """Return the entry in a row of a vocabulary file."""

    def stated(name: str) -> str:
        return row.get(name, "").strip()

    def split(name: str) -> tuple[str, ...]:
        parts = (part.strip() for part in stated(name).split("|"))
        return tuple(dict.fromkeys(filter(None, parts)))

    def phrases(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(_folded, split(name))))

    lists = {name: phrases(name) for name in ("phrases", "not_phrases")}
    lists |= {name: split(name) for name in LABELLING}
    words = {name: stated(name) for name in COLUMNS if name not in lists}
    return Entry(axis=axis, where=where, **words, **lists)  # type: ignore[arg-type]


def _check(axis: str, entries: Mapping[str, Entry]) -> None:
    owner: dict[str, str] = {}
    for entry in entries.values():
        where = f"{entry.where or f'vocabulary {axis}'}, id {entry.id!r}"
        problem = _problem(entry, entries) or _phrase_problem(entry, owner)
        if problem:
            raise TrialDataError(f"{where}: {problem}")


def _problem(entry: Entry, entries: Mapping[str, Entry]) -> str | None:
    if entry.parent and entry.parent not in entries:
        return f"parent {entry.parent!r} does not exist"
    if entry in ancestors(entry, entries):
        return "its parents lead back to itself"
    root = entry.parent.partition(".")[0]
    is_device = root in entries and "device" in entries[root].roles
    if is_device and not entry.id.startswith(f"{root}."):
        return f"an id below {entry.parent} begins with '{root}.', as {root}.mine"
    if entry.match not in _MATCHES:
        return f"match {entry.match!r} is not known"
    if entry.code_system == "NCI" and _cdisc_terms().get(entry.code) != entry.term:
        return f"{entry.code} {entry.term!r} is not in the CDISC ROUTE rows"
    for role in entry.roles:
        if role not in ROLES:
            return f"role {role!r} is not known; {did_you_mean(role, ROLES)}"
    for other in entry.yields_to:
        if other not in entries and other != ANY:
            return f"it yields to {other!r}, which does not exist"
    if entry.id in reached(set(entry.yields_to), lambda one: yields(one, entries)):
        return "what it yields to leads back to itself"
    return None


def _phrase_problem(entry: Entry, owner: dict[str, str]) -> str | None:
    for phrase in (*entry.phrases, *entry.not_phrases):
        if phrase in owner:
            return f"phrase {phrase!r} belongs to {owner[phrase]!r} already"
        owner[phrase] = entry.id
    for phrase in (*entry.phrases, *entry.not_phrases, *entry.gate, *entry.explains):
        if not _SAYS_SOMETHING.search(phrase):
            return f"phrase {phrase!r} holds no letter or digit"
    return None


_SAYS_SOMETHING = re.compile(r"[^\W_]")


def _folded(phrase: str) -> str:
    """Return a phrase as texts are folded, its marks kept; `=` keeps capitals."""
    body = phrase.lstrip("~=")
    words = body.rstrip("*")
    marks, end = phrase.removesuffix(body), body.removeprefix(words)
    folded = normalize(words).strip() if "=" in marks else fold(words)
    return f"{marks}{folded or words}{end}"


@cache
def _cdisc_terms() -> dict[str, str]:
    rows = data_rows("vocabulary/cdisc_route.csv")
    return {row["nci_code"]: row["submission_value"] for row in rows}
