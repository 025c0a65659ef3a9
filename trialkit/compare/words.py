"""When two texts say the same, and which words of them differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from trialkit.read.values.markup import without_html

#: Words of a text that are shown around those that differ.
_AROUND = 5
#: Between passages of a text.
_GAP = " … "
#: What begins an item of a list, in the ways of registers.
_BULLET = re.compile(r"^(?:[-*•·–—▪●◦]+|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.IGNORECASE)
#: A mark that a register's editor sets before a sign.
_BACKSLASH = re.compile(r"\\(?=[^\w\s])")
_SIGNS = str.maketrans(
    {"‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'"}
    | {"“": '"', "”": '"', "\u200b": None, "\ufeff": None}
)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    r"""Return a text as it is compared: a reformat of it gives the same.

    Case, blanks, HTML, escapes, kinds of dashes and quotation marks, marks of lists
    and a full stop at the end are no words.

    Examples
    --------
    >>> plain("<p>Age &gt; 18&nbsp;years.</p>") == plain("age \\> 18  years")
    True
    """
    return " ".join(_lines(text))


def is_same(one: str | None, other: str | None, *, in_order: bool = True) -> bool:
    """Return whether two texts say the same, or are both missing.

    Parameters
    ----------
    one, other
        The texts.
    in_order
        False takes texts for lists: their lines may stand in any order.
    """
    if one == other:
        return True
    if plain(one or "") == plain(other or ""):
        return True
    return not in_order and sorted(_lines(one or "")) == sorted(_lines(other or ""))


def _lines(text: str) -> list[str]:
    bare = _BACKSLASH.sub("", unicodedata.normalize("NFKC", without_html(text)))
    bare = bare.translate(_SIGNS).casefold()
    lines = (_BULLET.sub("", line.strip()) for line in bare.splitlines())
    return [words for line in lines if (words := " ".join(line.split()).rstrip(" ."))]


class Piece(NamedTuple):
    """Words of two texts at one place; equal ones in both, the others in one each."""

    is_same: bool
    old: str
    new: str


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Yield two texts in pieces that they share, and pieces that differ."""
    before, after = old.split(), new.split()
    # Without the words that begin or end both: long texts have one changed place.
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    if head:
        yield Piece(True, " ".join(before[:head]), " ".join(after[:head]))
    inner = before[head : len(before) - tail], after[head : len(after) - tail]
    keys = [[_key(word) for word in words] for words in inner]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        yield Piece(tag == "equal", " ".join(inner[0][i:j]), " ".join(inner[1][k:m]))
    if tail:
        ends = before[len(before) - tail :], after[len(after) - tail :]
        yield Piece(True, *map(" ".join, ends))


def _shared(one: list[str], other: list[str]) -> int:
    """Return how many words two lists begin with alike."""
    n = 0
    for left, right in zip(one, other, strict=False):
        if _key(left) != _key(right):
            break
        n += 1
    return n


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    return _BACKSLASH.sub("", word).translate(_SIGNS).casefold()


def passages(old: str, new: str) -> tuple[str, str]:
    """Return the passages of two texts in which they differ, with words around them."""
    found = list(pieces(without_html(old), without_html(new)))
    sides: tuple[list[str], list[str]] = ([], [])
    for n, piece in enumerate(found):
        for side, text in zip(sides, (piece.old, piece.new), strict=True):
            shown = _cut(text, n == 0, n == len(found) - 1) if piece.is_same else text
            side.append(shown)
    before, after = (" ".join(filter(None, side)) for side in sides)
    return before, after


def _cut(text: str, is_first: bool, is_last: bool) -> str:
    """Return the words of a shared piece that stand next to a changed one."""
    words = text.split()
    if is_first and is_last:
        return text
    n = _AROUND if is_first or is_last else 2 * _AROUND
    if len(words) <= n + 2:
        return text
    first = [] if is_first else words[:_AROUND]
    last = [] if is_last else words[-_AROUND:]
    return " ".join([*first, _GAP.strip(), *last])
