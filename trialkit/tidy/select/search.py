"""Search texts, and tell by which words each is found.

One pass over a text (Aho-Corasick) looks for all words, their forms and synonyms, so
that the time grows with the text and not with the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from math import prod
from typing import NamedTuple

import ahocorasick
import numpy as np
import pyarrow as pa

from trialkit.errors import ParameterError
from trialkit.escape import plain_text
from trialkit.files import Paths
from trialkit.tidy.arrow import (
    compute,
    flags_of,
    numbers_of,
    positions_in,
    text_of,
)
from trialkit.tidy.select.candidates import Candidates, Spelled, with_text
from trialkit.tidy.select.query import Node, Term, holds, parse, terms_of
from trialkit.tidy.select.synonyms import NARROWER, NOT, SAME, Synonyms, table_of
from trialkit.tidy.select.word_forms import (
    Folded,
    fold,
    inverted,
    makes_words,
    word_forms,
)
from trialkit.tidy.value_lists import members

_EDGES = ".,;:!? "
_MOST_FORMS = 64
_INVERTED_UP_TO = 150
_SHOWN = 140
_VOWELS = frozenset("AEIOUY")
_LONGER_WORDS = frozenset({"AIDS"})
#: What follows an abbreviation in the name of a product: "CKD-314", no year.
_NUMBERED = re.compile(r" (?!(?:19|20)\d\d\b)\d{2}")
_ITSELF = ""
_NEAREST = {_ITSELF: 0, SAME: 1, NARROWER: 2}
_SIGNS = {_ITSELF: "", SAME: "=", NARROWER: ">"}


class Field(NamedTuple):
    """Texts to search, by trial.

    Texts with `is_topic` (a condition, a title) are found by narrower terms too. Each
    text of `is_list` is several, joined. A text that equals `without` is none.
    """

    name: str
    keys: pa.ChunkedArray
    texts: pa.ChunkedArray
    is_topic: bool = True
    is_list: bool = False
    without: str = ""


class Found(NamedTuple):
    """The result of a search, by trial.

    `passes` is missing, not False, for a trial without text; `why` says which words
    were found, and where; `n_alone` counts the trials that hold each term.
    """

    passes: pa.Array
    why: pa.Array
    n_alone: dict[str, int]


class _Spelling(NamedTuple):
    """One spelling of a term; `exact` holds the capitals it needs, by position."""

    term: Term
    words: str
    exact: tuple[tuple[int, str], ...] = ()
    kind: str = _ITSELF
    shown: str = ""
    is_open: bool = False


class _Hit(NamedTuple):
    """The place of a spelling in a folded text."""

    spelling: _Spelling
    start: int
    end: int


class _Told(NamedTuple):
    """The words that hold a term, and the other term that found them."""

    place: str
    by: str


class Matcher:
    """A search, ready to look into texts."""

    def __init__(self, texts: Sequence[str], name: str, table: Synonyms) -> None:
        self.text = " | ".join(" ".join(text.split()) for text in texts)
        self.tree: Node = parse(texts, name=name, table=table)
        #: Each term, and whether the search wants it somewhere.
        self.terms: dict[Term, bool] = {}
        for term, is_wanted in terms_of(self.tree):
            self.terms[term] = self.terms.get(term, False) or is_wanted
        spellings = [s for term in self.terms for s in _spellings(term, table)]
        self._automaton = _automaton(spellings)
        #: What short texts hold, which return in other columns and pieces.
        self._known: dict[tuple[str, str], dict[Term, _Told]] = {}
        self._candidates = Candidates(
            Spelled(s.words, s.is_open) for s in spellings if s.kind != NOT
        )

    def hits(self, texts: Iterable[object]) -> list[bool]:
        """Return whether each text passes by itself; a missing one is empty."""
        held = (self._found(text) if isinstance(text, str) else () for text in texts)
        return [holds(self.tree, terms) for terms in held]

    def search(self, trial_ids: pa.ChunkedArray, fields: Iterable[Field]) -> Found:
        """Return which trials pass, over all their texts."""
        found: dict[str, dict[Term, _Told]] = {}
        silent = trial_ids
        self._known.clear()
        for field in fields:
            keys, texts = field.keys, field.texts
            if len(silent):
                speaking = keys.filter(with_text(texts, field.without))
                silent = silent.filter(compute.invert(compute.is_in(silent, speaking)))
            own = partial(self._again, field, self._known)
            may_hold = self._candidates.among(texts, own if field.is_topic else None)
            rows = zip(
                keys.filter(may_hold).to_pylist(),
                texts.filter(may_hold).cast(pa.large_string()).to_pylist(),
                strict=True,
            )
            self._look(field, rows, found)
        return self._by_trial(trial_ids, found, silent)

    def _by_trial(
        self,
        trial_ids: pa.ChunkedArray,
        found: Mapping[str, dict[Term, _Told]],
        silent: pa.ChunkedArray,
    ) -> Found:
        """Return the result of each trial; most hold no term, and are asked once."""
        every = trial_ids.combine_chunks()
        at = positions_in(text_of(list(found)), every)
        own = [terms for terms, n in zip(found.values(), at, strict=True) if n >= 0]
        at = at[at >= 0]
        without, *with_terms = (holds(self.tree, terms) for terms in ({}, *own))
        passes = np.full(len(every), without)
        passes[at] = with_terms
        is_silent = np.zeros(len(every), bool)
        if len(silent) and not without:
            is_silent[positions_in(silent, every)] = True
        told = [self._why(terms) for terms in ({}, *own)]
        which = np.full(len(every), 0 if without else -1)
        which[at] = np.where(with_terms, np.arange(1, len(told)), -1)
        why = text_of([*told, None]).take(numbers_of(which % (len(told) + 1)))
        n_of = {term: sum(term in terms for terms in own) for term in self.terms}
        by_term = {str(term): n for term, n in n_of.items()}
        return Found(flags_of(passes, missing=is_silent), why, by_term)

    def _again(
        self, field: Field, known: dict[tuple[str, str], dict[Term, _Told]], text: str
    ) -> dict[Term, _Told]:
        """Return what `_told` does, which is asked once of each text."""
        if (field.name, text) not in known:
            known[field.name, text] = self._told(field, text)
        return known[field.name, text]

    def _look(
        self,
        field: Field,
        rows: Iterable[tuple[str, str]],
        found: dict[str, dict[Term, _Told]],
    ) -> None:
        """Note which terms of each trial the texts of a field hold, and where."""
        known = self._known if field.is_topic else {}
        for key, text in rows:
            if len(found.get(key, ())) == len(self.terms):
                continue
            for term, told in self._again(field, known, text).items():
                found.setdefault(key, {}).setdefault(term, told)

    def _told(self, field: Field, text: str) -> dict[Term, _Told]:
        """Return which terms a text of a field holds, and in which words."""
        told: dict[Term, _Told] = {}
        if text == field.without:
            return told
        for one in members(text) if field.is_list else (text,):
            for term, hit in self._found(one, is_topic=field.is_topic).items():
                told.setdefault(term, _told(field.name, one, hit))
        return told

    def _found(self, text: str, *, is_topic: bool = True) -> dict[Term, _Hit]:
        """Return the terms that a text holds, each with its nearest spelling."""
        folded = fold(_with_inverted(text) if is_topic else text)
        hits: list[_Hit] = []
        unlike: dict[Term, set[int]] = {}
        for last, spellings in self._automaton.iter(folded.lower):
            for spelling in spellings:
                start, end = last - len(spelling.words) + 1, last + 1
                if spelling.kind == NARROWER and not is_topic:
                    continue
                if not _stands_alone(folded, start, end, spelling):
                    continue
                if spelling.kind == NOT:
                    unlike.setdefault(spelling.term, set()).update(range(start, end))
                else:
                    hits.append(_Hit(spelling, start, end))
        found: dict[Term, _Hit] = {}
        for hit in sorted(hits, key=lambda hit: _NEAREST[hit.spelling.kind]):
            not_in = unlike.get(hit.spelling.term, set())
            if not not_in.issuperset((hit.start, hit.end - 1)):
                found.setdefault(hit.spelling.term, hit)
        return found

    def _why(self, found: dict[Term, _Told]) -> str:
        where: dict[str, list[str]] = {}
        for term, is_wanted in self.terms.items():
            if is_wanted and term in found:
                by = where.setdefault(found[term].place, [])
                by += [found[term].by] if found[term].by else []
        told = [f"{at} ({', '.join(by)})" if by else at for at, by in where.items()]
        without = [f"without: {term}" for term in self.terms if term not in found]
        return "; ".join(told or without)


def matcher(
    text: str | Sequence[str], *, name: str = "query", synonyms: Paths = ()
) -> Matcher:
    """Return a search in the language of docs/select.md, ready to look into texts."""
    texts = [text] if isinstance(text, str) else list(text)
    if not all(isinstance(one, str) for one in texts):
        raise ParameterError(f"{name}={text!r} is not a text, or a list of them")
    return Matcher(texts, name, table_of(synonyms))


def _spellings(term: Term, table: Synonyms) -> Iterator[_Spelling]:
    """Yield the spellings of a term, of its synonyms and of narrower terms."""
    if term.is_open:
        own = _folded(term.text)
        yield _Spelling(term, own.lower, _exact(own), is_open=True)
        return
    for words, exact in _forms(term.text):
        yield _Spelling(term, words, exact)
    same = (*table.same(term.text), *_by_word(term.text, table))
    for kind, others in ((SAME, same), (NARROWER, table.narrower(term.text))):
        for other in others:
            for words, exact in _forms(other):
                yield _Spelling(term, words, exact, kind, other)
    for other in table.unlike(term.text):
        words = _folded(other).lower
        for form in (words, f"{words}s"):
            yield _Spelling(term, form, kind=NOT)


def _folded(text: str) -> Folded:
    folded = fold(text)
    return Folded(folded.cased.strip(_EDGES), folded.lower.strip(_EDGES))


def _by_word(term: str, table: Synonyms) -> Iterator[str]:
    """Yield a phrase with one word replaced: "liver cancer", "hepatic cancer"."""
    words = term.split()
    for at, word in enumerate(words if len(words) > 1 else ()):
        for other in table.same(word):
            if " " not in other and not _exact(_folded(other)):
                yield " ".join((*words[:at], other, *words[at + 1 :]))


def _forms(term: str) -> Iterator[tuple[str, tuple[tuple[int, str], ...]]]:
    """Yield the folded forms of a term, each with the capitals that it needs."""
    own = _folded(term)
    exact = _exact(own)
    if exact:
        yield own.lower, exact
        *others, (at, last) = exact
        if at + len(last) == len(own.cased):
            yield own.lower + "s", (*others, (at, last + "s"))  # MSCs, not MSCS
        return
    words = own.lower.split()
    choices = [word_forms(word) for word in words]
    if prod(map(len, choices)) > _MOST_FORMS:
        choices = [[word] for word in words[:-1]] + choices[-1:]
    for chosen in product(*choices):
        yield " ".join(chosen), ()
    if len(words) > 1 and " " not in term:
        yield "".join(words), ()  # COVID-19, COVID19


def _exact(own: Folded) -> tuple[tuple[int, str], ...]:
    """Return the abbreviations that are words in small letters, with their positions.

    They have two letters, or three with a vowel among them (MS, ALS, but not HBV),
    or are AIDS.
    """
    words = re.finditer(r"\S+", own.cased)
    return tuple((word.start(), word[0]) for word in words if _is_ambiguous(word[0]))


def _is_ambiguous(word: str) -> bool:
    is_short = len(word) == 2 or (len(word) == 3 and _VOWELS & set(word.upper()))
    is_capital = sum(letter.isupper() for letter in word) > 1
    return word in _LONGER_WORDS or (bool(is_short) and is_capital)


def _automaton(spellings: Iterable[_Spelling]) -> ahocorasick.Automaton:
    by_words: dict[str, dict[_Spelling, None]] = {}
    for spelling in spellings:
        by_words.setdefault(spelling.words, {}).setdefault(spelling)
    automaton = ahocorasick.Automaton()
    for words, own in by_words.items():
        automaton.add_word(words, tuple(own))
    automaton.make_automaton()
    return automaton


def _stands_alone(text: Folded, start: int, end: int, spelling: _Spelling) -> bool:
    """Return whether a hit is a whole word, and in capitals where it needs them."""
    lower = text.lower
    if start and makes_words(lower[start]) and makes_words(lower[start - 1]):
        return False
    goes_on = end < len(lower) and makes_words(lower[end])
    if goes_on and makes_words(lower[end - 1]) and not spelling.is_open:
        return False
    is_short = spelling.kind in (SAME, NARROWER) and end - start <= 4
    if is_short and _NUMBERED.match(lower, end):
        return False
    return all(text.cased.startswith(w, start + at) for at, w in spelling.exact)


def _with_inverted(text: str) -> str:
    if "," in text and len(text) <= _INVERTED_UP_TO:
        return f"{text} ; {inverted(text)}"
    return text


def _told(name: str, text: str, hit: _Hit) -> _Told:
    term, _, _, kind, other, _ = hit.spelling
    by = f"{term} {_SIGNS[kind]} {other}" if other else ""
    return _Told(f'{name}: "{_shown(text, hit)}"', by)


def _shown(text: str, hit: _Hit) -> str:
    """Return a text, or the words around the hit of a long one."""
    words = plain_text(" ".join(text.split()))
    if len(words) <= _SHOWN:
        return words
    # Folding moves the place by little: the words around it are wide enough.
    middle = round((hit.start + hit.end) / 2 / len(fold(text).lower) * len(words))
    first = max(0, min(middle - _SHOWN // 2, len(words) - _SHOWN))
    last = first + _SHOWN
    cut = words[first:last]
    cut = cut if not first else "…" + cut[cut.find(" ") + 1 :]
    return cut if last == len(words) else cut[: cut.rfind(" ")] + "…"
