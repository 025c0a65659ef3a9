"""Short forms that a record explains itself: "Mindful Self-Compassion (MSC)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trialkit.label.text import Text, fold

#: "(MSC)", "(BM-MSCs)", or what follows a short form: "MSC (mesenchymal ...".
_AFTER = re.compile(r"[(\[]\s*([A-Za-z][A-Za-z0-9-]{1,9}?)s?\s*[)\];,]")
_BEFORE = re.compile(
    r"([A-Z](?<=\b[A-Z])[A-Za-z0-9-]{1,9}?)s?\s*[(\[=:]\s*([^()\[\]]{4,120})"
)
_WORDS = re.compile(r"[A-Za-z][\w']*")


def long_forms(texts: Iterable[Text], short: str) -> set[str]:
    """Return the folded words that a record's folded short form stands for.

    A short form is explained where its letters are, in order, the first letters of
    the words beside it (small words may be left out), as Schwartz and Hearst ask.
    """
    named = (text.plain for text in texts if short in text.folded)
    return {form for plain in named for form in _explained(plain, short)}


def _explained(plain: str, short: str) -> Iterator[str]:
    for hit in _AFTER.finditer(plain):
        if fold(hit[1]) == short:
            before = _WORDS.findall(plain[max(0, hit.start() - 120) : hit.start()])
            yield from _form(hit[1], before, from_end=True)
    for hit in _BEFORE.finditer(plain):
        if fold(hit[1]) == short:
            yield from _form(hit[1], _WORDS.findall(hit[2]), from_end=False)


def _form(short: str, words: list[str], *, from_end: bool) -> Iterator[str]:
    letters = [c for c in short.lower() if c.isalpha()]
    most = len(letters) + min(len(letters), 5)
    for size in range(len(letters), min(most, len(words)) + 1):
        span = words[-size:] if from_end else words[:size]
        if _spells(letters, span):
            yield fold(" ".join(span))
            return


def _spells(letters: list[str], words: list[str]) -> bool:
    """Return whether letters are first letters of words: the first word has one."""
    initials = [word[0].lower() for word in words]
    if len(letters) < 2 or initials[0] != letters[0] or initials[-1] != letters[-1]:
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)
