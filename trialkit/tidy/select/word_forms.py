"""Words as a search compares them: folded text, and the other forms of a word.

Folding unifies case, accents, full-width letters, dashes and apostrophes. Forms are
made of the words of the search, never of the text, so that a text is read once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

#: ASCII signs that part words; `.,;:!?` stay, so that no phrase goes across them.
SIGNS = str.maketrans(dict.fromkeys("-_/\\()[]{}<>\"'`~#@$^=+|%&*", " "))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_POSSESSIVE = re.compile(r"(?<=\w)'[sS](?!\w)")
#: Signs behind a word that are no letters of it: "Prochymal™", "cells¹".
MARKS, RAISED = "™℠", "⁰¹²³⁴⁵⁶⁷⁸⁹"
#: Letters that have no accent to take off, and signs of other scripts.
LETTERS = str.maketrans(
    {
        **{"ß": "ss", "ẞ": "SS", "ς": "σ", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"},
        **{"đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ı": "i"},
        **dict.fromkeys("’‘ʼ′＇", "'"),
        **dict.fromkeys("。｡．！？；", "."),
        **dict.fromkeys("、，：", ","),
        **dict.fromkeys(MARKS, " "),
        **{raised: f" {digit}" for digit, raised in enumerate(RAISED)},
    }
)
_ACCENT = re.compile("[\u0300-\u036f]")
#: Greek letters stand for their names: "β-thalassemia", "interferon α".
GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa"}
#: Scripts that write words without blanks between.
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0xD7FF),  # Chinese, Japanese, Korean
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class Folded(NamedTuple):
    """A folded text as written, and in small letters; both of the same length."""

    cased: str
    lower: str


def fold(text: str) -> Folded:
    """Return a text as a search compares it."""
    if not text.isascii():
        text = _NOT_ASCII.sub(_plain, text)
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    cased = " ".join(text.translate(SIGNS).split())
    return Folded(cased, cased.lower())


def _plain(run: re.Match[str]) -> str:
    """Return characters beyond ASCII without accents, widths and invisible signs."""
    text = unicodedata.normalize("NFKC", run[0].translate(LETTERS))
    text = unicodedata.normalize("NFD", text.translate(LETTERS))
    text = unicodedata.normalize("NFC", _ACCENT.sub("", text))
    text = GREEK.get(text.lower(), text)
    return "".join(map(_kept, text))


def _kept(character: str) -> str:
    kind = unicodedata.category(character)
    if kind[0] in "LNM" or character.isascii():
        return character
    return "" if kind == "Cf" else " "  # a soft hyphen or a joiner parts nothing


def inverted(name: str) -> str:
    """Return a register's inverted name in natural order."""
    return " ".join(part.strip() for part in reversed(name.split(",")))


def makes_words(character: str) -> bool:
    """Return whether a letter or digit is of a script with blanks between words."""
    if character.isascii():
        return character.isalnum()
    code = ord(character)
    return character.isalnum() and not any(a <= code <= b for a, b in UNSPACED)


#: Endings of a noun and of its adjective.
ADJECTIVES = (
    *(("osis", "otic"), ("asis", "atic"), ("itis", "itic"), ("psis", "ptic")),
    *(("emia", "emic"), ("pathy", "pathic"), ("trophy", "trophic")),
    *(("plegia", "plegic"), ("penia", "penic"), ("uria", "uric"), ("algia", "algic")),
    *(("xia", "xic"), ("lepsy", "leptic"), ("phrenia", "phrenic"), ("rgy", "rgic")),
    *(("rrhea", "rrheic"), ("ysis", "ytic"), ("tism", "tistic"), ("cardia", "cardic")),
)
#: American and British spellings of a part of a word.
SPELLINGS = (
    *(("emia", "aemia"), ("emic", "aemic"), ("hemat", "haemat"), ("hemo", "haemo")),
    *(("edema", "oedema"), ("esoph", "oesoph"), ("pediatr", "paediatr")),
    *(("fetal", "foetal"), ("fetus", "foetus"), ("tumor", "tumour")),
    *(("estrogen", "oestrogen"), ("rrhea", "rrhoea"), ("pedic", "paedic")),
    *(("gynec", "gynaec"), ("anesth", "anaesth"), ("celiac", "coeliac")),
    *(("fiber", "fibre"), ("center", "centre"), ("behavior", "behaviour")),
    *(("ization", "isation"), ("ized", "ised"), ("izing", "ising")),
)
#: Beginnings that are written with or without a hyphen.
PREFIXES = re.compile(r"(non|post|anti|pre|peri|intra|extra|trans|auto)(?=\w{4})")


def word_forms(word: str) -> list[str]:
    """Return a lower-case word and its other forms: plural, adjective, spelling."""
    if len(word) < 3 or not word.isalpha() or not word.isascii():
        return [word]
    spelled = [word, *_swapped(word, SPELLINGS)]
    found: dict[str, None] = {}
    for one in spelled:
        base = [one, *singular(one)]
        for other in (*base, *chain.from_iterable(map(_related, base))):
            found |= dict.fromkeys((other, _plural(other)))
    parted = [PREFIXES.sub(r"\1 ", one, count=1) for one in found]
    return list(dict.fromkeys((*found, *parted)))


def _related(word: str) -> Iterator[str]:
    """Yield the adjective of a noun, and the noun of an adjective."""
    if len(word) < 6:
        return
    for noun, adjective in ADJECTIVES:
        for old, new in ((noun, adjective), (adjective, noun)):
            if word.endswith(old):
                yield word.removesuffix(old) + new


def _swapped(word: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for american, british in pairs:
        if british in word:
            yield word.replace(british, american)
        elif american in word:
            yield word.replace(american, british)


def _plural(word: str) -> str:
    if word.endswith("sis"):
        return word[:-2] + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es" if not word.endswith("es") else word
    return word + "s"


def singular(word: str) -> Iterator[str]:
    """Yield the possible singulars of a word of four letters or more."""
    if len(word) < 4:
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    elif word.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield from (word[:-1], word[:-2])
        if word.endswith("ses"):
            yield word[:-2] + "is"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
