"""Join the lists of several sources into one; no source takes anything away.

Parts are matched one to one: by all their words, by name and type, by name, and last
by words of which one has all that the other has. A list that says less, in fewer parts
or with fewer fields, takes nothing from one that says more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import msgspec

from trialkit.merge.agreement import (
    PROSE,
    agree,
    folded,
    is_coarser,
    is_cut,
    part_text,
    prose,
    words,
)
from trialkit.record import Arm, Intervention, Link, Outcome, Reference, Site, Sponsor

#: The field that names a part, and the one that tells two of a name apart.
_NAMES: dict[type, tuple[str, str]] = {
    Arm: ("arm_label", "arm_type"),
    Intervention: ("name", "intervention_type"),
    Outcome: ("measure", "outcome_type"),
    Sponsor: ("name", "role"),
    Site: ("facility", "city"),
    Reference: ("citation", "pmid"),
    Link: ("url", "link_type"),
}
#: More parts whose name begins with the same word are not compared word by word.
_MOST_ALIKE = 300


#: A part, and whether it is a line of a CSV.
_Taken = tuple[Any, bool]


class _Pair(NamedTuple):
    """The place of a part in the other list; unsure where another would do as well."""

    at: int
    is_sure: bool


def lists_agree(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether each part of one list is in the other, with as much or with less said."""
    if len(one) > len(other):
        one, other = other, one
    return _is_within(one, other) or _is_within(other, one)


def _is_within(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    known = {folded(part_text(part)) for part in theirs}
    rest = [part for part in ours if folded(part_text(part)) not in known]
    return all(any(same(part, other) for other in theirs) for part in rest)


def same(one: Any, other: Any) -> bool:
    """Whether two parts can be one: one has all words of the other, or none differ."""
    ours, theirs = words(part_text(one)), words(part_text(other))
    if ours <= theirs or theirs <= ours:
        return True
    if not isinstance(one, msgspec.Struct):
        return False
    name, _ = _NAMES[type(one)]
    if not getattr(one, name) or not getattr(other, name):
        return False
    return all(
        _fields_agree(getattr(one, field), getattr(other, field), field)
        for field in one.__struct_fields__
    )


def _fields_agree(one: Any, other: Any, field: str) -> bool:
    if not one or not other:
        return True
    if isinstance(one, tuple):
        ours, theirs = set(map(folded, one)), set(map(folded, other))
        return ours <= theirs or theirs <= ours
    return agree(one, other, field)


class Given(NamedTuple):
    """A source's list, and how its parts may be used.

    A third party's page may not add parts (`may_extend`). A CSV has each part as one
    line of text (`is_line`): a source with the same words in fields is clearer.
    """

    parts: Sequence[Any]
    may_extend: bool = True
    is_line: bool = False


def combine(lists: Sequence[Given]) -> tuple:
    """Return one list of several: the first, with what the others add to it.

    Gaps of a part are filled from the same part elsewhere. Where a list names all
    parts of the one before and more, its other parts are added.
    """
    first, *rest = lists
    taken = [(part, first.is_line) for part in first.parts]
    for other in rest:
        taken = _combined(taken, other)
    return tuple(part for part, _ in taken)


def is_fuller(other: Sequence[Any], taken: Sequence[Any]) -> bool:
    """Whether a list names all parts of another, and more of them."""
    return len(other) > len(taken) and _holds_all(taken, other, _pairs(taken, other))


def _combined(taken: list[_Taken], other: Given) -> list[_Taken]:
    ours, theirs = [part for part, _ in taken], other.parts
    if ours == list(theirs) and not other.is_line:
        return [(part, False) for part in ours]
    pairs = _pairs(ours, theirs)
    holds_all = _holds_all(ours, theirs, pairs)
    filled = [
        _filled(one, (theirs[pair.at], other.is_line))
        if pair and (pair.is_sure or holds_all)
        else one
        for one, pair in zip(taken, pairs, strict=True)
    ]
    if not (holds_all and other.may_extend and len(theirs) > len(ours)):
        return filled
    placed = {pair.at: one for one, pair in zip(filled, pairs, strict=True) if pair}
    return [placed.get(n, (part, other.is_line)) for n, part in enumerate(theirs)]


def _holds_all(
    ours: Sequence[Any], theirs: Sequence[Any], pairs: Sequence[_Pair | None]
) -> bool:
    return all(
        pair is not None and same(part, theirs[pair.at])
        for part, pair in zip(ours, pairs, strict=True)
    )


def _filled(one: _Taken, other: _Taken) -> _Taken:
    """Return a part with its gaps filled; the clearer one where it says all of it.

    Measure, description and time frame of an outcome may be one text: the part with
    three fields is the clearer one.
    """
    (ours, ours_is_line), (theirs, theirs_is_line) = one, other
    if not isinstance(ours, msgspec.Struct):
        return one
    if ours_is_line and not theirs_is_line and _says_all(theirs, ours):
        return other
    if theirs_is_line and not ours_is_line and _says_all(ours, theirs):
        return one
    is_within = words(part_text(ours)) <= words(part_text(theirs))
    if is_within and _n_filled(theirs) > _n_filled(ours):
        return _with_gaps_filled(theirs, ours, is_spelling=True), theirs_is_line
    return _with_gaps_filled(ours, theirs), ours_is_line


def _says_all(one: Any, other: Any) -> bool:
    """Whether a part has every word of another, as often as that one has it."""
    ours, theirs = (Counter(prose(part_text(part)).split()) for part in (one, other))
    return theirs <= ours


def _with_gaps_filled(base: Any, rest: Any, *, is_spelling: bool = False) -> Any:
    """Return a part with what another one adds; `is_spelling` takes its spelling."""
    changes = {}
    for field in base.__struct_fields__:
        value, other = getattr(base, field), getattr(rest, field)
        if not other or value == other:
            continue
        is_text = isinstance(value, str) and isinstance(other, str)
        if (
            not value
            or (is_spelling and is_text and folded(value) == folded(other))
            or (field in PROSE and is_text and is_cut(value, other))
            or (field == "sponsor_class" and is_coarser(value, other))
        ):
            changes[field] = other
    return msgspec.structs.replace(base, **changes) if changes else base


def _n_filled(part: Any) -> int:
    return sum(bool(value) for value in msgspec.structs.astuple(part))


def _pairs(ours: Sequence[Any], theirs: Sequence[Any]) -> list[_Pair | None]:
    """Return, for each of our parts, which of theirs it is, each used once."""
    pairs: list[_Pair | None] = [None] * len(ours)
    free = dict.fromkeys(range(len(theirs)))
    for key, may_repeat in _keys(ours, theirs):
        left = [n for n, pair in enumerate(pairs) if pair is None]
        if not left or not free:
            break
        mine, others = _grouped(ours, left, key), _grouped(theirs, free, key)
        for name, here in mine.items():
            there = others.get(name, [])
            if len(here) == len(there) and (may_repeat or len(here) == 1):
                for n, at in zip(here, there, strict=True):
                    pairs[n] = _Pair(at, is_sure=True)
                    del free[at]
    _pair_by_words(ours, theirs, pairs, free)
    return pairs


def _keys(
    ours: Sequence[Any], theirs: Sequence[Any]
) -> list[tuple[Callable[[Any], Hashable], bool]]:
    """Return what parts are matched by, the surest first, and if it may repeat."""
    if not all(isinstance(part, msgspec.Struct) for part in (*ours, *theirs)):
        return [(lambda part: folded(part_text(part)), True)]
    name, kind = _NAMES[type((*ours, *theirs)[0])]

    def named(part: Any) -> Hashable:
        return folded(getattr(part, name))

    def named_and_typed(part: Any) -> Hashable:
        return named(part) and (named(part), folded(getattr(part, kind)))

    return [
        (lambda part: folded(part_text(part)), True),
        (_place_words, True),
        (named_and_typed, False),
        (named, False),
    ]


def _place_words(part: Any) -> Hashable:
    """Return the words of a part; a site's status is no part of what it is."""
    if isinstance(part, Site):
        part = msgspec.structs.replace(part, site_status=None)
    return words(part_text(part))


def _grouped(
    parts: Sequence[Any], places: Any, key: Callable[[Any], Hashable]
) -> dict[Hashable, list[int]]:
    grouped: dict[Hashable, list[int]] = {}
    for n in places:
        name = key(parts[n])
        if name:
            grouped.setdefault(name, []).append(n)
    return grouped


def _pair_by_words(
    ours: Sequence[Any],
    theirs: Sequence[Any],
    pairs: list[_Pair | None],
    free: dict[int, None],
) -> None:
    """Pair what is left where one part says what the other says, and more."""
    left = [n for n, pair in enumerate(pairs) if pair is None]
    mine, others = _grouped(ours, left, _first), _grouped(theirs, free, _first)
    for name, here in mine.items():
        there = others.get(name, [])
        if max(len(here), len(there)) > _MOST_ALIKE:
            continue
        found = {
            n: [at for at in there if _is_spelling(ours[n], theirs[at])] for n in here
        }
        wanted = Counter(at for places in found.values() for at in places)
        for n, places in sorted(found.items(), key=lambda item: len(item[1])):
            at = next((at for at in places if at in free), None)
            if at is not None:
                pairs[n] = _Pair(at, is_sure=len(places) == 1 == wanted[at])
                del free[at]


def _is_spelling(one: Any, other: Any) -> bool:
    """Whether two parts are one, written whole in its name or apart, or cut off."""
    if not isinstance(one, msgspec.Struct):
        return False
    name, _ = _NAMES[type(one)]
    ours, theirs = getattr(one, name) or "", getattr(other, name) or ""
    if is_cut(ours, theirs) or is_cut(theirs, ours):
        return True
    # One says in its name alone what the other says in several fields.
    said, said_there = words(part_text(one)), words(part_text(other))
    return (prose(ours).startswith(prose(theirs)) and said <= said_there) or (
        prose(theirs).startswith(prose(ours)) and said_there <= said
    )


def _first(part: Any) -> str:
    """Return the beginning of a part's name: what two spellings of it share."""
    name = _NAMES[type(part)][0] if isinstance(part, msgspec.Struct) else ""
    return folded((name and getattr(part, name)) or part_text(part))[:1]
