"""Which of many texts may hold the words of a search, told without Python objects.

A wrong yes costs time, a wrong no would lose a trial: `Candidates` says yes to more
texts than hold the words, and a `Matcher` reads those. Folding leaves each run of ASCII
letters and digits as it is, so a text holds a spelling only if it holds its runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import pyarrow as pa

from trialkit.tidy.arrow import answers_of, certain, compute, text_of
from trialkit.tidy.select.word_forms import MARKS, RAISED

#: Signs beyond ASCII that fold to blanks or signs, never to letters or to nothing: a
#: text of ASCII and these has the runs that its folded form has.
HARMLESS = "≥≤’‘“”–—−•·®©°±×→…\u00a0"
_RUN = re.compile(r"[a-z0-9]+")
#: Words of many terms, which tell little of any.
_COMMON = frozenset(
    "acute cell cells chronic disease diseases disorder disorders failure injury "
    "primary small stage syndrome syndromes therapy transplant transplantation "
    "transplantations transplants type".split()
)
_START, _END = "(?:^|[^a-z0-9])", "(?:$|[^a-z0-9])"


class Spelled(NamedTuple):
    """Words in small letters, and whether they are only the beginning of a word."""

    words: str
    is_open: bool


class Candidates:
    """The texts that may hold one of some spellings."""

    def __init__(self, spellings: Iterable[Spelled]) -> None:
        self._pattern = _pattern(spellings)

    def among(
        self, texts: pa.ChunkedArray, surely: Callable[[str], object] | None = None
    ) -> pa.ChunkedArray:
        """Return which texts may hold one of them; a missing one holds none.

        `surely` tells it of one text: it is asked of texts that return often.
        """
        return _answered(texts, partial(self._may_hold, surely=surely))

    def _may_hold(
        self, texts: pa.Array, n: int, surely: Callable[[str], object] | None
    ) -> pa.Array:
        may = texts.is_valid()
        if self._pattern is not None:
            may = certain(_matches(texts, self._pattern))
        # Of long texts most have some other letter, and taking accents off takes long.
        if self._pattern is not None and surely:
            is_odd = compute.invert(compute.string_is_ascii(_text(texts)))
            odd = compute.and_(may, certain(is_odd))
            if compute.any(odd).as_py():
                plain = _matches(_unaccented(texts.filter(odd)), self._pattern)
                may = compute.replace_with_mask(may, odd, plain)
        if surely and n > 2 * len(texts):
            near = _text(texts.filter(may)).to_pylist()
            sure = answers_of([bool(surely(text)) for text in near])
            may = compute.replace_with_mask(may, may, sure)
        return may


def with_text(texts: pa.ChunkedArray, without: str = "") -> pa.ChunkedArray:
    """Return which texts hold more than blanks, and are not `without`."""
    return _answered(texts, partial(_speaks, without=without))


def _answered(
    texts: pa.ChunkedArray, answer: Callable[[pa.Array, int], pa.Array]
) -> pa.ChunkedArray:
    """Return an answer for each text; one that has a code is asked once.

    `answer` also gets the number of rows that have these texts.
    """
    answers = [
        answer(chunk.dictionary, len(chunk)).take(chunk.indices)
        if isinstance(chunk, pa.DictionaryArray)
        else answer(chunk, len(chunk))
        for chunk in texts.chunks
    ]
    return certain(pa.chunked_array(answers, pa.bool_()))


def _matches(texts: pa.Array, pattern: str) -> pa.Array:
    return compute.match_substring_regex(_text(texts), pattern)


def _unaccented(texts: pa.Array) -> pa.Array:
    """Return texts without the accents and marks that folding takes off."""
    parted = compute.replace_substring_regex(_text(texts), f"[{MARKS}]", " ")
    parted = compute.replace_substring_regex(parted, f"([{RAISED}])", r" \1")
    apart = compute.utf8_normalize(parted, form="NFKD")
    return compute.replace_substring_regex(apart, "[\u0300-\u036f]", "")


def _speaks(texts: pa.Array, n: int, without: str) -> pa.Array:
    has = certain(_matches(texts, "[!-~]"))
    if without:
        is_other = compute.not_equal(_text(texts), text_of([without])[0])
        has = compute.and_(has, certain(is_other))
    unsure = compute.and_(compute.invert(_matches(texts, "[!-~]")), texts.is_valid())
    if not compute.any(unsure).as_py():
        return has
    others = [bool(text.strip()) for text in texts.filter(unsure).to_pylist()]
    return compute.replace_with_mask(has, unsure, answers_of(others))


def _text(texts: pa.Array) -> pa.Array:
    return texts.cast(pa.large_string())  # of nothing but missing values, too


def _pattern(spellings: Iterable[Spelled]) -> str | None:
    """Return a pattern that every text with a spelling has, None if there is none."""
    closed: dict[str, None] = {}
    opened: dict[str, None] = {}
    # Single words first: they stand for most of the longer terms that hold them.
    for words, is_open in sorted(
        dict.fromkeys(spellings), key=lambda one: one.words.count(" ")
    ):
        if not words.isascii():
            continue  # its letters are not of `HARMLESS`
        runs = _RUN.findall(words)
        if not runs:
            return None
        if not closed.keys() & set(runs[:-1] if is_open else runs):
            run = max(runs, key=lambda run: (run not in _COMMON, len(run)))
            ends_early = is_open and words.endswith(run)
            (opened if ends_early else closed)[run] = None
    parts = [f"[^\\x00-\\x7f{HARMLESS}]"]
    if opened:
        parts.append(f"{_START}(?:{'|'.join(opened)})")
    if closed:
        parts.append(f"{_START}(?:{'|'.join(closed)}){_END}")
    return f"(?i){'|'.join(parts)}"
