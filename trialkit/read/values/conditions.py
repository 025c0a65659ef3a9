"""Groups of conditions, and the known conditions in a text.

The vocabulary is `data/vocabulary/condition.csv`: phrases in lower case with blanks for
dashes; a final `*` is any ending, a leading `=` keeps capitals.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from trialkit.files import data_rows

OTHER = "other"
#: So many conditions, and words in them, are remembered: a register has ever new ones.
MOST_KEPT = 1 << 16

_DELIMITER = re.compile(r"[;|•·\n]")
_WORD = re.compile(r"\w+")
#: What may stand between the words of a phrase: "small for size", "Small-for-Size".
_GAP = r"[\s‐‑–—-]+"


class _Phrase(NamedTuple):
    """A phrase of the vocabulary; its pattern is compiled when a text needs it."""

    group: str
    label: str
    phrase: str
    first_word: str


class Mention(NamedTuple):
    """A known condition in a text: its words and where they stand."""

    text: str
    start: int
    end: int
    group: str


@cache
def _phrases() -> tuple[_Phrase, ...]:
    """Return all phrases, longest first: "acute liver failure" before its part."""
    rows = data_rows("vocabulary/condition.csv")
    listed = [
        _Phrase(row["group"], row["label"], phrase, _WORD.findall(phrase.casefold())[0])
        for row in rows
        for phrase in row["phrases"].split("|")
    ]
    return tuple(sorted(listed, key=lambda item: -len(item.phrase)))


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    is_exact = phrase.startswith("=")
    stem = phrase.removeprefix("=").removesuffix("*")
    words = (re.escape(word).replace("'", "['’]?") for word in stem.split())
    body = _GAP.join(words).replace("," + _GAP, r"\s*,\s*")
    more = r"\w*" if phrase.endswith("*") else ""
    return re.compile(rf"(?<!\w){body}{more}(?!\w)", 0 if is_exact else re.IGNORECASE)


@cache
def condition_group(condition: str | None) -> str | None:
    """Return our group of a condition, or None for an empty text.

    The longest known phrase decides: "Hepatitis B acute-on-chronic liver failure" is no
    hepatitis, and "liver failure" alone is not acute.
    """
    words = " ".join((condition or "").split())
    if not words:
        return None
    found = _longest(words)
    return found.group if found else OTHER


def condition_label(condition: str) -> str | None:
    """Return the vocabulary's name of a condition, or None where it knows none."""
    found = _longest(" ".join(condition.split()))
    return found.label if found else None


@lru_cache(maxsize=MOST_KEPT)
def _longest(condition: str) -> _Phrase | None:
    """Return the longest known phrase in a condition."""
    folded = condition.casefold()
    found = (
        p
        for p in _phrases()
        # A register has 100,000 conditions, and most hold no word of ours.
        if p.first_word in folded and _pattern(p.phrase).search(condition)
    )
    return next(found, None)


def known_conditions(text: str) -> tuple[Mention, ...]:
    """Return the known conditions in `text`, each wording once, in order.

    Of overlapping phrases the longest is taken.
    """
    taken: list[Mention] = []
    is_taken = bytearray(len(text))
    folded = text.casefold()
    for phrase in _phrases():
        if phrase.first_word not in folded:
            continue
        for match in _pattern(phrase.phrase).finditer(text):
            start, end = match.span()
            if not any(is_taken[start:end]):
                is_taken[start:end] = b"\1" * (end - start)
                taken.append(Mention(match[0], start, end, phrase.group))
    unique: dict[str, Mention] = {}
    for mention in sorted(taken, key=lambda mention: mention.start):
        unique.setdefault(mention.text.casefold(), mention)
    return tuple(unique.values())


def split_conditions(line: str) -> tuple[str, ...]:
    """Return the conditions printed on one line, verbatim.

    A line without delimiters is split only if known conditions cover all of it.
    """
    parts = filter(None, map(str.strip, _DELIMITER.split(line)))
    return tuple(name for part in parts for name in _tile(part))


def _tile(line: str) -> tuple[str, ...]:
    """Return the fewest known conditions that cover `line`, or the line itself."""
    #: Where a known condition may begin: how many stand before, and the last of them.
    best: dict[int, tuple[int, re.Match[str] | None]] = {0: (0, None)}
    for start in range(len(line)):
        if start not in best:
            continue
        n_found = best[start][0] + 1
        for phrase in _by_beginning().get(line[start : start + 2].casefold()[:2], ()):
            match = _pattern(phrase.phrase).match(line, start)
            if not match:
                continue
            after = match.end()
            while line[after : after + 1].isspace():
                after += 1
            if after not in best or n_found < best[after][0]:
                best[after] = n_found, match
    found: list[str] = []
    _, last = best.get(len(line), (0, None))
    while last:
        found.append(last[0])
        _, last = best[last.start()]
    return tuple(reversed(found)) or (line,)


@cache
def _by_beginning() -> dict[str, list[_Phrase]]:
    """Return the phrases by their first two letters, longest first."""
    phrases: dict[str, list[_Phrase]] = {}
    for phrase in _phrases():
        phrases.setdefault(phrase.first_word[:2], []).append(phrase)
    return phrases
