"""Which records speak of one trial: its registry id, and the former ids that led to it.

A record may name former ids of its trial (`nct_alias`). The rule, whatever the order in
which records are read:

- A former id leads to the id of the record that names it, and on to that one's
  successor, step by step to the last.
- Ids that lead to each other in a circle are one trial, under the lowest of them.
- An id that two different trials claim leads to neither: it stays a trial of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import chain
from operator import attrgetter
from typing import Any

from trialkit.merge.registrations import key_of
from trialkit.read.values.ids import identifier_of
from trialkit.record import Identifier, Record, RelatedTrial


class Identity:
    """The current id of every trial, found from records that are added one by one."""

    def __init__(self) -> None:
        self._claims: dict[str, set[str]] = {}
        self._n_records: dict[str, int] = {}
        self._current: dict[str, str] | None = {}
        #: Whether some trial may have more than one record.
        self.has_repeats = False

    def add(self, record: Record) -> None:
        """Note one more record."""
        key = record.trial_id
        for other in record.identifiers:
            if other.id_type == "nct_alias" and other.id and other.id != key:
                self._claims.setdefault(other.id, set()).add(key)
                self._current = None
                self.has_repeats |= other.id in self._n_records
        self.has_repeats |= key in self._n_records or key in self._claims
        self._n_records[key] = self._n_records.get(key, 0) + 1

    def told(self) -> tuple[dict[str, int], dict[str, set[str]]]:
        """Return the number of records by id, and who names each former id."""
        return self._n_records, self._claims

    def join(
        self, n_records: Mapping[str, int], claims: Mapping[str, Set[str]]
    ) -> None:
        """Note what another part of the records told."""
        for key, n in n_records.items():
            self._n_records[key] = self._n_records.get(key, 0) + n
        for other, keys in claims.items():
            self._claims.setdefault(other, set()).update(keys)
        self._current = None

    def of(self, trial_id: str) -> str:
        """Return the id that the trial with this id has now."""
        if self._current is None:
            self._current = successors(self._claims)
        return self._current.get(trial_id, trial_id)

    def repeats(self) -> dict[str, int]:
        """Return how many records speak of a trial, where that is more than one."""
        counts: dict[str, int] = {}
        for trial_id, n in self._n_records.items():
            key = self.of(trial_id)
            counts[key] = counts.get(key, 0) + n
        return {key: n for key, n in counts.items() if n > 1}


def successors(claims: Mapping[str, Set[str]]) -> dict[str, str]:
    """Return the current id of each id that has another one.

    `claims` holds, by former id, the ids whose records name it.
    """
    current: dict[str, str] = {}
    for circle in _circles(claims):
        onward = {current.get(to, to) for one in circle for to in claims.get(one, ())}
        onward -= set(circle)
        last = onward.pop() if len(onward) == 1 else min(circle)
        current.update((one, last) for one in circle if one != last)
    return current


def _circles(claims: Mapping[str, Set[str]]) -> list[list[str]]:
    """Return ids that lead to each other, alone or in circles, the last ones first."""
    back: dict[str, list[str]] = {}
    for one in sorted(claims):
        for to in claims[one]:
            back.setdefault(to, []).append(one)
    onward = {one: sorted(to) for one, to in claims.items()}
    circles: list[list[str]] = []
    seen: set[str] = set()
    # Backwards first: what is left last leads nowhere but within its circle.
    for start in reversed(_visited(sorted({*onward, *back}), back, set())):
        if start not in seen:
            circles.append(_visited([start], onward, seen))
    return circles


def _visited(
    starts: Iterable[str], edges: Mapping[str, list[str]], seen: set[str]
) -> list[str]:
    """Return what can be reached and is not yet seen, each after all it leads to."""
    order: list[str] = []
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(edges.get(start, ())))]
        while path:
            one, rest = path[-1]
            onward = next((to for to in rest if to not in seen), None)
            if onward is None:
                order.append(one)
                path.pop()
            else:
                seen.add(onward)
                path.append((onward, iter(edges.get(onward, ()))))
    return order


def each_once(lists: Iterable[Iterable[Any]], key: Callable[[Any], Any]) -> tuple:
    """Return the items of all lists, the first of each key."""
    first: dict[Any, Any] = {}
    for item in chain.from_iterable(lists):
        first.setdefault(key(item), item)
    return tuple(first.values())


def related_trials(ordered: Sequence[Record]) -> tuple[RelatedTrial, ...]:
    """Return the other trials that sources name, each once, with a title if any."""
    named = [item for record in ordered for item in record.related_trials]
    named.sort(key=lambda item: not item.title)
    return each_once([named], attrgetter("related_id"))


#: Types of an id that tell nothing of it, and the one that tells most.
_VAGUE = frozenset({"", "other_id", "other", "secondary_id"})
_FORMER = "nct_alias"


def identifiers(ordered: Sequence[Record], trial_id: str) -> tuple[Identifier, ...]:
    """Return the other ids of a trial: one id once, however it is written and typed.

    The best type is kept: that of a register, or of a former id, before a vague one.
    """
    by_key: dict[str, list[Identifier]] = {}
    for record in ordered:
        here: dict[str, list[Identifier]] = {}
        for other in record.identifiers:
            key = key_of(identifier_of(other.id or "").id or "").casefold()
            if key != trial_id.casefold() or other.id_type != _FORMER:
                here.setdefault(key, []).append(other)
        for key, items in here.items():
            known = by_key.setdefault(key, [])
            for n, other in enumerate(items):
                if n == len(known):
                    known.append(other)
                elif _clarity(other) > _clarity(known[n]):
                    known[n] = Identifier(known[n].id, other.id_type)
    return tuple(chain.from_iterable(by_key.values()))


def _clarity(item: Identifier) -> int:
    if item.id_type == _FORMER:
        return 2
    return (item.id_type or "").casefold() not in _VAGUE
