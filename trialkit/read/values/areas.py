"""Areas of disease: heart and vessels, digestive system and liver, cancer and so on.

`data/condition_areas.csv` names, for each area, the groups of the registry and the MeSH
terms that stand for it, and words of conditions for trials that have neither. A `*`
stands for any letters, a leading `=` for capitals as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from trialkit.files import data_rows
from trialkit.read.values.conditions import MOST_KEPT

_TOKEN = re.compile(r"\w+(?:'\w+)?")


class _Area(NamedTuple):
    """One row of the table."""

    name: str
    only_alone: bool
    branches: frozenset[str]
    mesh: frozenset[str]


class _Phrase(NamedTuple):
    """Words that speak of an area, or (`is_not`) only seem to."""

    area: str
    words: tuple[str, ...]
    is_exact: bool
    is_not: bool

    def fits(self, tokens: Sequence[str]) -> bool:
        """Return whether `tokens`, from the first on, are the phrase."""
        own = tokens if self.is_exact else [token.casefold() for token in tokens]
        return len(own) >= len(self.words) and all(map(_fits, self.words, own))


def _fits(word: str, token: str) -> bool:
    core = word.strip("*")
    if word.startswith("*"):
        return core in token if word.endswith("*") else token.endswith(core)
    return token.startswith(core) if word.endswith("*") else token == core


@cache
def _areas() -> tuple[_Area, ...]:
    return tuple(
        _Area(
            row["area"],
            row["only_alone"] == "yes",
            _folded(row["branches"].split("|")),
            _folded(row["mesh"].split("|")),
        )
        for row in data_rows("condition_areas.csv")
    )


@cache
def area_names() -> tuple[str, ...]:
    """Return the names of the areas, in the order of the table."""
    return tuple(area.name for area in _areas())


def areas_of(
    conditions: Iterable[str],
    *,
    mesh: Iterable[str] = (),
    branches: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the areas of disease of one trial, in the order of the table.

    The registry's own groups decide where it gives any. It derives them from related
    terms too, so that insomnia stands under skin: those count that a MeSH term or a
    word of the conditions supports, and all of them only where none is. Without groups
    the MeSH terms decide, those above them included; without these, words. Symptoms
    are an area only where a trial has no other.

    Examples
    --------
    >>> areas_of(["Hepatocellular Carcinoma"])
    ('Cancer', 'Digestive system and liver')
    >>> areas_of(["Insomnia"], branches=["Nervous System Diseases", "Eye Diseases"])
    ('Nervous system',)
    """
    of_branches = _named(_folded(branches), "branches")
    of_mesh = _named(_folded(mesh), "mesh")
    of_words = {area for text in conditions for area in _in_words(text)}
    ranked = (of_branches & (of_mesh or of_words), of_branches, of_mesh, of_words)
    found = next(filter(None, ranked), set())
    shown = [area for area in _areas() if area.name in found]
    alone = [area.name for area in shown if not area.only_alone]
    return tuple(alone or [area.name for area in shown])


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in texts if text.strip())


def _named(names: frozenset[str], column: str) -> set[str]:
    return {area.name for area in _areas() if names & getattr(area, column)}


@lru_cache(maxsize=MOST_KEPT)
def _in_words(text: str) -> frozenset[str]:
    """Return the areas that the words of a condition speak of."""
    tokens = _tokens(text)
    found: list[tuple[str, range]] = []
    taken: dict[str, set[int]] = {}
    for start, token in enumerate(tokens):
        for phrase in _beginning_with(token):
            if phrase.fits(tokens[start : start + len(phrase.words)]):
                place = range(start, start + len(phrase.words))
                if phrase.is_not:
                    taken.setdefault(phrase.area, set()).update(place)
                else:
                    found.append((phrase.area, place))
    return frozenset(
        area for area, place in found if taken.get(area, set()).isdisjoint(place)
    )


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("’", "'"))


@lru_cache(maxsize=MOST_KEPT)
def _beginning_with(token: str) -> tuple[_Phrase, ...]:
    """Return the phrases that a word can begin; a register repeats few words often."""
    folded = token.casefold()
    stems = [f"{folded[:end]}*" for end in range(1, len(folded) + 1)]
    known = _by_first_word()
    keys = dict.fromkeys((token, folded, *stems))
    listed = [phrase for key in keys for phrase in known.get(key, ())]
    return (*listed, *(p for p in known["*"] if _fits(p.words[0], folded)))


@cache
def _by_first_word() -> dict[str, list[_Phrase]]:
    """Return the phrases by their first word, under "*" those of any beginning."""
    made: dict[str, list[_Phrase]] = {"*": []}
    for row in data_rows("condition_areas.csv"):
        for column in ("phrases", "not_phrases"):
            for text in filter(None, row[column].split("|")):
                phrase = _phrase(row["area"], text, is_not=column == "not_phrases")
                first = phrase.words[0]
                key = "*" if first.startswith("*") else first
                made.setdefault(key, []).append(phrase)
    return made


def _phrase(area: str, text: str, *, is_not: bool) -> _Phrase:
    words = tuple(text.removeprefix("=").split())
    return _Phrase(area, words, text.startswith("="), is_not)
