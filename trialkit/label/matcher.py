"""All phrases of all vocabularies in one pass over a text (Aho-Corasick).

One automaton pass costs the same whatever the number of phrases, while an alternation
in `re`, or one substring test per phrase, grows with the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick
import msgspec

from trialkit.label.slips import LONG_WORD, slip_finder
from trialkit.label.text import Text, fold
from trialkit.label.vocabulary import Vocabulary, shipped

#: The id of look-alike phrases, which win by length and say nothing.
_NOTHING = ""


class Mention(msgspec.Struct, frozen=True, eq=False):
    """A phrase of a vocabulary in a text; `start` and `end` count in plain text.

    Each is itself alone: questions on mentions are kept by what they are asked of.
    """

    axis: str
    id: str
    start: int
    end: int
    folded_start: int
    folded_end: int
    text: Text
    is_weak: bool

    @property
    def rule_id(self) -> str:
        """The rule that a label by this mention bears."""
        return f"vocabulary:{self.axis}:{self.id}"

    @property
    def words(self) -> str:
        """The folded words of the mention."""
        return self.text.folded[self.folded_start : self.folded_end]

    @property
    def sentence(self) -> int:
        """The number of the sentence that holds the mention."""
        return self.text.sentence_at(self.start)

    def around(self, reach: int = 90) -> tuple[str, str]:
        """Return the folded words before and after the mention."""
        return self.text.around(self.folded_start, self.folded_end, reach)


class _Phrase(NamedTuple):
    axis: str
    id: str
    is_open: bool
    exact: str
    is_weak: bool


class Matcher:
    """An automaton over the phrases of a Vocabulary."""

    def __init__(self, vocabularies: Vocabulary):
        self.vocabularies = vocabularies
        found: dict[str, list[_Phrase]] = {}
        for axis, entries in vocabularies.items():
            for entry in entries.values():
                for phrase in entry.phrases:
                    self._add(found, axis, entry.id, phrase)
                for phrase in entry.not_phrases:
                    self._add(found, axis, _NOTHING, phrase)
        self._automaton = ahocorasick.Automaton()
        for key, phrases in found.items():
            self._automaton.add_word(key, (len(key), tuple(phrases)))
        self._automaton.make_automaton()
        routes = vocabularies.get("route", {})
        self._slip_of = slip_finder(routes.values())

    @staticmethod
    def _add(found: dict, axis: str, identifier: str, phrase: str) -> None:
        is_weak, phrase = phrase.startswith("~"), phrase.removeprefix("~")
        is_open = phrase.endswith("*")
        exact = phrase[1:].rstrip("*") if phrase.startswith("=") else ""
        word = fold(phrase.removeprefix("=").rstrip("*"))
        found.setdefault(word, []).append(
            _Phrase(axis, identifier, is_open, exact, is_weak)
        )

    def mentions(self, text: Text) -> list[Mention]:
        """Return the mentions in a text, the first and longest where they overlap."""
        folded = text.folded
        hits: dict[str, list[tuple[int, int, _Phrase]]] = {}
        for last, (length, phrases) in self._automaton.iter(folded):
            start = last - length + 1
            if _is_inside_word(folded, start):
                continue
            for phrase in phrases:
                end = _end_of(folded, last + 1, phrase)
                at = text.plain_position(start) if phrase.exact else 0
                if end and text.plain.startswith(phrase.exact, at):
                    hits.setdefault(phrase.axis, []).append((start, end, phrase))
        for start, end, phrase in self._slips(folded):
            hits.setdefault(phrase.axis, []).append((start, end, phrase))
        found = [
            _mention(text, phrase, start, end)
            for spans in hits.values()
            for start, end, phrase in _longest(spans)
            if phrase.id != _NOTHING
        ]
        found.sort(key=lambda mention: mention.start)
        return found

    def _slips(self, folded: str) -> Iterator[tuple[int, int, _Phrase]]:
        """Yield the long route words that are one letter wrong."""
        for hit in LONG_WORD.finditer(folded):
            if found := self._slip_of(hit.group()):
                yield *hit.span(), _Phrase("route", found, True, "", False)


@cache
def default_matcher() -> Matcher:
    """Return the automaton of the shipped vocabularies, built on first use."""
    return Matcher(shipped())


def _mention(text: Text, phrase: _Phrase, start: int, end: int) -> Mention:
    spans = *text.plain_span(start, end), start, end
    return Mention(phrase.axis, phrase.id, *spans, text, phrase.is_weak)


def _end_of(folded: str, end: int, phrase: _Phrase) -> int:
    """Return the end of a hit that ends with a word, else 0."""
    if not _goes_on(folded, end) or not _goes_on(folded, end - 1):
        return end
    if phrase.is_open:
        while _goes_on(folded, end):
            end += 1
        return end
    is_plural = folded[end] == "s" and not folded[end + 1 : end + 2].isalnum()
    return end + 1 if is_plural and not phrase.exact else 0


def _goes_on(folded: str, position: int) -> bool:
    """Return whether an ASCII letter or digit stands at a position."""
    sign = folded[position : position + 1]
    return sign.isalnum() and sign.isascii()


def _is_inside_word(folded: str, start: int) -> bool:
    """Return whether a word goes on at a position; in "人UC" a new one begins."""
    signs = folded[start - 1 : start + 1] if start else ""
    return signs.isalnum() and signs[0] < _FIRST_CJK and signs[1] < _FIRST_CJK


_FIRST_CJK = "\u2e80"


def _longest(spans: list[tuple[int, int, _Phrase]]) -> list[tuple[int, int, _Phrase]]:
    """Keep the first, and of those the longest, of spans that overlap."""
    spans.sort(key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int, _Phrase]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
