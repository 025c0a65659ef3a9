"""One-letter slips of long route words: "intrathechal" is intrathecal.

Only words of ten letters or more that begin with "intra" are mended: among them no real
word is one letter from another. "Endogenous" and "endovenous" are, "infections" and
"injections" too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

from trialkit.label.entries import Entry

_BEGIN, _LENGTH = "intra", 10
#: Words that may be a slip; "inter" and "intro" begin others.
LONG_WORD = re.compile(r"i(?<=\bi)(?:n(?:t(?!er|ro)|r(?=[at]))|tr)[a-z]{7,}")


def slip_finder(entries: Iterable[Entry]) -> Callable[[str], str | None]:
    """Return a function from a word to the id of the word it is a slip of, or None."""
    owner = {
        phrase.rstrip("*"): entry.id
        for entry in entries
        for phrase in entry.phrases
        if phrase.startswith(_BEGIN) and len(phrase.rstrip("*")) >= _LENGTH
    }
    near = defaultdict(set)
    for word in owner:
        for shorter in _shortened(word):
            near[shorter].add(word)

    @cache
    def find(word: str) -> str | None:
        word = word.removesuffix("ly")
        if any(map(word.startswith, owner)):
            return None
        found = {
            one
            for shorter in _shortened(word)
            for one in near.get(shorter, ())
            if _is_one_off(word, one)
        }
        ids = {owner[one] for one in found}
        return ids.pop() if len(ids) == 1 else None

    return find


def _shortened(word: str) -> set[str]:
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def _is_one_off(one: str, two: str) -> bool:
    """Return whether two words differ by one letter, or by two that are swapped."""
    size, short = max(len(one), len(two)), min(len(one), len(two))
    if size - short > 1:
        return False
    head = 0
    while head < short and one[head] == two[head]:
        head += 1
    tail = 0
    while tail < short - head and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    middle = slice(head, size - tail)
    is_swapped = size == short and sorted(one[middle]) == sorted(two[middle])
    return size - head - tail <= (2 if is_swapped else 1)
