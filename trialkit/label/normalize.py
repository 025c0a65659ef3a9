"""Stored text to plain text: one character for what readers take for the same.

Full-width letters, ligatures and letters with a separate accent become what NFKC makes
of them, invisible characters go, and traditional Chinese and Japanese forms of the
vocabularies' characters become the simplified ones. What NFKC would change in value
stays: 10⁶ is not 106, and Ⅳ and ½ are no letters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

from trialkit.files import data_rows

#: Signs whose NFKC form says something else: 10⁶ (106), CO₂, ① (1), ½ (1⁄2).
_KEPT_KINDS = ("<super>", "<sub>", "<circle>", "<fraction>")
#: Signs that end a sentence, and Roman numbers: Ⅳ is never "intravenous".
_KEPT = {"…", "；", *map(chr, range(0x2160, 0x2180))}
#: A sign that stands for a whole phrase (U+FDFA: 18 letters) stays as it is.
_LONGEST = 4
_MARKS = frozenset(map(chr, (*range(0x300, 0x370), 0x3099, 0x309A, 0xFF9E, 0xFF9F)))
#: NFKC sorts the marks of a letter in quadratic time, so that at most 8 are one piece.
_PIECE = re.compile(
    rf"(?s:.[{''.join(sorted(_MARKS))}]{{1,8}})"
    r"|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+|[^\x00-\x7f]"
)


class Shift(NamedTuple):
    """A piece whose length changed: its span in plain text and in stored text."""

    start: int
    end: int
    stored_start: int
    stored_end: int


class Shifts:
    """The way back from plain text to the stored text."""

    def __init__(self, shifts: list[Shift]):
        self._shifts = shifts
        self._starts = [shift.start for shift in shifts]

    def stored_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stored span of a plain one; a piece is taken whole."""
        low = self._at(start)
        first = (
            low.stored_start if start < low.end else low.stored_end + start - low.end
        )
        if end <= start:
            return first, first
        high = self._at(end - 1)
        return first, high.stored_end + max(end - high.end, 0)

    def _at(self, position: int) -> Shift:
        number = bisect_right(self._starts, position) - 1
        return self._shifts[number] if number >= 0 else _NO_SHIFT


_NO_SHIFT = Shift(0, 0, 0, 0)


def normalize(text: str) -> str:
    """Return a text with one character for what readers take for the same."""
    return normalize_mapped(text)[0]


def normalize_mapped(text: str) -> tuple[str, Shifts | None]:
    """Return the plain form of a text, and the way back where lengths differ."""
    if text.isascii():
        return text, None
    letters = set(text)
    if letters.isdisjoint(_MARKS):
        changed = {c for c in letters if c > "\x7f" and _FORMS[ord(c)] != c}
        if all(len(_FORMS[ord(c)]) == 1 for c in changed):
            return text.translate(_FORMS) if changed else text, None
    return _by_pieces(text)


def _by_pieces(text: str) -> tuple[str, Shifts]:
    pieces: list[str] = []
    shifts: list[Shift] = []
    last = length = 0
    for piece in _PIECE.finditer(text):
        form = piece.group().translate(_FORMS)
        if len(piece.group()) > 1:
            form = unicodedata.normalize("NFC", form)
        pieces += (text[last : piece.start()], form)
        start = length + piece.start() - last
        length = start + len(form)
        last = piece.end()
        if len(form) != last - piece.start():
            shifts.append(Shift(start, length, piece.start(), last))
    pieces.append(text[last:])
    return "".join(pieces), Shifts(shifts)


class _Forms(dict[int, str]):
    """Plain forms by code point, each made when it is first met."""

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


_FORMS = _Forms()


def _form(sign: str) -> str:
    if unicodedata.category(sign) == "Cf" or sign in _SELECTORS:
        return ""
    kind = unicodedata.decomposition(sign).partition(" ")[0]
    if sign in _KEPT or sign in _MARKS - _NARROW or kind in _KEPT_KINDS:
        return sign
    form = unicodedata.normalize("NFKC", sign)
    is_free_accent = len(form) > 1 and form.startswith(" ")
    if is_free_accent or len(form) > _LONGEST:
        return sign
    return "".join(han_variants().get(one, one) for one in form)


#: Half-width voice marks, which become the marks that join a letter.
_NARROW = frozenset("\uff9e\uff9f")
#: They choose the picture of the character before.
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


@cache
def han_variants() -> dict[str, str]:
    """Return simplified characters by their traditional and Japanese forms."""
    rows = data_rows("vocabulary/han_variants.csv")
    return {sign: row["simplified"] for row in rows for sign in row["variants"]}
