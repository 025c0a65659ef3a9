"""Entries of a vocabulary, and how ids of one axis relate: kinds, and what is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

#: In `yields_to`: every id of the axis that does not say the same.
ANY = "*"
#: What has no id of its own; every axis may have it.
OTHER = "OTHER"


class Entry(NamedTuple):
    """One id of an axis."""

    axis: str
    id: str
    label: str
    parent: str
    group: str
    family: str
    code_system: str
    code: str
    term: str
    match: str
    phrases: tuple[str, ...]
    not_phrases: tuple[str, ...]
    source: str
    #: Ids beside which this one is dropped, as it says less.
    yields_to: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    #: Words of which one must stand in a trial's texts; `label/gate.py` reads them.
    gate: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    #: File and line that the entry was read from, for messages.
    where: str = ""


def ancestors(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[Entry]:
    """Yield the ancestors of an entry, each once; itself where they form a circle."""
    seen: set[str] = set()
    above = entries.get(entry.parent)
    while above and above.id not in seen:
        seen.add(above.id)
        yield above
        above = entries.get(above.parent)


def kind_of(entry: Entry, entries: Mapping[str, Entry]) -> str:
    """Return the id of which an entry is a kind, empty where there is none."""
    above = entries.get(entry.parent)
    if not above:
        return ""
    is_umbrella = above.id == OTHER or "umbrella" in above.roles
    return "" if is_umbrella and entry.phrases else above.id


def parent_in(entries: Mapping[str, Entry], identifier: str) -> str:
    """Return the id of which one is a kind, else the id itself."""
    entry = entries.get(identifier)
    return (entry and kind_of(entry, entries)) or identifier


def kinds_of(entries: Mapping[str, Entry]) -> dict[str, set[str]]:
    """Return the ids that are kinds of each id: `IV.central` of `IV`."""
    kinds: dict[str, set[str]] = {}
    for entry in entries.values():
        kinds.setdefault(kind_of(entry, entries), set()).add(entry.id)
    return kinds


def below(identifier: str, entries: Mapping[str, Entry]) -> set[str]:
    """Return an id and those that are a kind of it, at any depth."""
    kinds = kinds_of(entries)
    return reached({identifier}, lambda one: kinds.get(one, ()))


def reached(start: set[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    """Return a start and all that can be reached from it."""
    found, new = set(), start
    while new:
        found |= new
        new = {other for one in new for other in step(one)} - found
    return found


def most_exact(ids: Iterable[str], entries: Mapping[str, Entry]) -> set[str]:
    """Return the ids that yield to no other one that is kept.

    A generic id yields to one that goes, too: that says more than it does.
    """
    given = set(ids)
    others = {one: yields(one, entries) for one in given}
    is_exact = any(ANY not in yielding for yielding in others.values())

    def stays(identifier: str) -> bool:
        if ANY in others[identifier]:
            return not is_exact
        beside = given.intersection(others[identifier])
        if beside and "generic" in entries[identifier].roles:
            return False
        return not any(map(stays, beside))

    return set(filter(stays, given))


def yields(identifier: str, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """Return the ids that an id yields to; none for an unknown one."""
    return entries[identifier].yields_to if identifier in entries else ()
