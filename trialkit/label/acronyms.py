"""Short forms that a record explains itself: "Mindful Self-Compassion (MSC)"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from trialkit.label.text import Text, fold

#: "(MSC)", "(BM-MSCs)", or what follows a short form: "MSC (mesenchymal ...".
_AFTER = re.compile(r"[(\[]\s*([A-Za-z][A-Za-z0-9-]{1,9}?)s?\s*[)\];,]")
_BEFORE = re.compile(
    r"([A-Z](?<=\b[A-Z])[A-Za-z0-9-]{1,9}?)s?\s*[(\[=:]\s*([^()\[\]]{4,120})"
)
_WORDS = re.compile(r"[A-Za-z][\w']*")


def long_forms(texts: Iterable[Text]) -> dict[str, set[str]]:
    """Return the folded words that a record's short forms stand for.

    A short form is explained where its letters are, in order, the first letters of
    the words beside it (small words may be left out), as Schwartz and Hearst ask.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for hit in _AFTER.finditer(text.plain):
            words = _WORDS.findall(text.plain[max(0, hit.start() - 120) : hit.start()])
            _add(found, hit.group(1), words, from_end=True)
        for hit in _BEFORE.finditer(text.plain):
            _add(found, hit.group(1), _WORDS.findall(hit.group(2)), from_end=False)
    return found


def _add(
    found: dict[str, set[str]], short: str, words: list[str], *, from_end: bool
) -> None:
    letters = [c for c in short.lower() if c.isalpha()]
    most = len(letters) + min(len(letters), 5)
    for size in range(len(letters), min(most, len(words)) + 1):
        span = words[-size:] if from_end else words[:size]
        if _spells(letters, span):
            found[fold(short)].add(fold(" ".join(span)))
            return


def _spells(letters: list[str], words: list[str]) -> bool:
    """Return whether letters are first letters of words: the first word has one."""
    initials = [word[0].lower() for word in words]
    if len(letters) < 2 or initials[0] != letters[0] or initials[-1] != letters[-1]:
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)
