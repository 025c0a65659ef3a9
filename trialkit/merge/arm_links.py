"""Which interventions belong to which arm, as far as a record says it.

Either side may state it: an arm lists `TYPE: name`, an intervention lists labels of
arms. Two interventions may bear one name and two arms one label, so a name alone is
taken only where it means one of them; what could mean several is handed back as open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from trialkit.record import Intervention, Record

_NOT_WORD = re.compile(r"[\W_]+")


class Open(NamedTuple):
    """A name or label that several interventions or arms bear; none is linked by it."""

    text: str
    arms: tuple[int, ...]
    interventions: tuple[int, ...]

    @property
    def note(self) -> str:
        """Why nothing is linked, in words for the table `statements`."""
        arms = [f"A{n + 1}" for n in self.arms]
        items = [f"I{n + 1}" for n in self.interventions]
        if len(arms) == 1:
            return f"arm {arms[0]} names it, and {_listed(items)} bear this name"
        return f"intervention {items[0]} names it, and {_listed(arms)} bear this label"


class ArmLinks(NamedTuple):
    """Pairs of positions, arm and intervention, in order; and what is left open."""

    pairs: list[tuple[int, int]]
    unresolved: list[Open]


def arm_links(record: Record) -> ArmLinks:
    """Return which interventions each arm gets, by type and name.

    An arm's `DRUG: MSC` means the drug of that name, not a procedure of the same name.
    Of several that are left, those that name the arm themselves are meant. The same
    holds for an intervention that names a label which two arms bear.
    """
    arms, items = record.arms, record.interventions
    if not arms or not items:
        return ArmLinks([], [])
    names = _Index([item.name for item in items])
    labels = _Index([arm.arm_label for arm in arms])
    pairs: set[tuple[int, int]] = set()
    unresolved: list[Open] = []
    named = [
        [(text, _named_by(text, names, items)) for text in arm.interventions]
        for arm in arms
    ]
    labelled = [
        [(label, labels.of(label)) for label in item.arm_labels] for item in items
    ]
    for n, texts in enumerate(named):
        for text, found in texts:
            sure = found if len(found) == 1 else _naming(n, found, labelled)
            pairs.update((n, p) for p in sure)
            if found and not sure:
                unresolved.append(Open(text, (n,), tuple(found)))
    for p, texts in enumerate(labelled):
        for text, found in texts:
            sure = found if len(found) == 1 else _naming(p, found, named)
            pairs.update((n, p) for n in sure)
            if found and not sure:
                unresolved.append(Open(text, tuple(found), (p,)))
    return ArmLinks(sorted(pairs), unresolved)


def _listed(ids: Sequence[str]) -> str:
    return f"{', '.join(ids[:-1])} and {ids[-1]}"


def _naming(
    one: int, several: Sequence[int], said: Sequence[Sequence[tuple[str, list[int]]]]
) -> list[int]:
    """Return those of the `several` on the other side that name this `one` back."""
    return [n for n in several if any(one in found for _, found in said[n])]


def _named_by(text: str, names: _Index, items: Sequence[Intervention]) -> list[int]:
    """Return the interventions that `TYPE: name`, or a name alone, can mean."""
    kind, colon, name = text.partition(": ")
    for fold in (str, _plain):
        bare = names.of(name, fold) if colon else []
        whole = names.of(text, fold)
        if len(bare) == 1 and not whole:
            return bare
        typed = [
            p for p in bare if _plain(items[p].intervention_type or "") == _plain(kind)
        ]
        found = list(dict.fromkeys((*whole, *typed))) or bare
        if found:
            return found
    return []


class _Index:
    """Positions by name; the plain form is made only where it is asked for."""

    def __init__(self, names: Sequence[str | None]) -> None:
        self._names = names
        self._positions: dict[Callable[[str], str], dict[str, list[int]]] = {}

    def of(self, name: str, fold: Callable[[str], str] | None = None) -> list[int]:
        """Return who bears a name, in one form of it, else as written or plain."""
        if fold is None:
            return self.of(name, str) or self.of(name, _plain)
        if fold not in self._positions:
            positions = self._positions[fold] = {}
            for position, bearer in enumerate(self._names):
                positions.setdefault(fold(bearer or ""), []).append(position)
            positions.pop("", None)
        return self._positions[fold].get(fold(name), [])


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return _NOT_WORD.sub(" ", name.casefold()).strip()
