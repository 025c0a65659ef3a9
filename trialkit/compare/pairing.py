"""Which entries of an old list belong to which of a new one, in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

from trialkit.compare.words import plain

T = TypeVar("T")


class Paired(NamedTuple):
    """Pairs of entries, and those of one list alone."""

    pairs: list[tuple[dict, dict]]
    dropped: list[dict]
    added: list[dict]


def paired(
    old: Sequence[dict],
    new: Sequence[dict],
    keys: Sequence[Callable[[dict], Hashable]],
    *,
    text: Callable[[dict], str],
    least: float,
    block: Callable[[dict], Hashable] = lambda _: None,
) -> Paired:
    """Return the entries of two lists in pairs.

    Entries that are alike by a key belong together, by the strictest key first; of the
    others those whose texts are most alike, down to `least` of 100.

    Parameters
    ----------
    old, new
        The entries.
    keys
        What entries are alike by, the strictest first.
    text
        What is compared of those that no key pairs.
    least
        The least likeness of a pair.
    block
        Only entries with one value of it are compared so.
    """
    before, after = list(old), list(new)
    pairs: list[tuple[dict, dict]] = []
    for key in keys:
        pairs += _by_key(before, after, key)
    pairs += _by_likeness(before, after, text, least, block)
    return Paired(pairs, before, after)


def _by_key(
    before: list[dict], after: list[dict], key: Callable[[dict], Hashable]
) -> list[tuple[dict, dict]]:
    """Take the pairs of one key out of both lists, and return them."""
    places: dict[Hashable, list[dict]] = {}
    for entry in after:
        places.setdefault(key(entry), []).append(entry)
    pairs = []
    for entry in list(before):
        own = key(entry)
        if own is not None and places.get(own):
            other = places[own].pop(0)
            pairs.append((entry, other))
            _remove(before, entry)
            _remove(after, other)
    return pairs


def _by_likeness(
    before: list[dict],
    after: list[dict],
    text: Callable[[dict], str],
    least: float,
    block: Callable[[dict], Hashable],
) -> list[tuple[dict, dict]]:
    """Take the pairs of the most alike texts out of both lists, and return them."""
    # Of many sites each is met by each: what it is compared by is made once.
    olds, news = ([(block(e), text(e)) for e in entries] for entries in (before, after))
    scored = [
        (score, i, j)
        for i, (place, one) in enumerate(olds)
        for j, (other_place, other) in enumerate(news)
        if place == other_place and (score := likeness(one, other)) >= least
    ]
    pairs, taken = [], (set[int](), set[int]())
    for _, i, j in sorted(scored, key=lambda found: (-found[0], found[1], found[2])):
        if i not in taken[0] and j not in taken[1]:
            pairs.append((before[i], after[j]))
            taken[0].add(i)
            taken[1].add(j)
    for old, new in pairs:
        _remove(before, old)
        _remove(after, new)
    return pairs


def _remove(entries: list[dict], entry: dict) -> None:
    """Take this very entry out of a list; others may equal it."""
    at = next(n for n, other in enumerate(entries) if other is entry)
    del entries[at]


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, of 100; the order of their words is nothing.

    Examples
    --------
    >>> likeness("Overall survival at one year", "At one year: overall survival") > 90
    True
    >>> likeness("Overall survival", "Adverse events") < 60
    True
    """
    from rapidfuzz import fuzz, utils

    return fuzz.token_sort_ratio(
        plain(one), plain(other), processor=utils.default_process
    )
