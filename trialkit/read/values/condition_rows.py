"""Conditions as rows of a figure: names that readers know, one for many spellings.

`data/condition_rows.csv` names them: by the conditions of the vocabulary that a row
holds, or by words of its own where the vocabulary says too little; `not_phrases` only
seem to be such words. A row yields to those that say more, `*` to any other of the
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from trialkit.files import data_rows
from trialkit.plural import capital
from trialkit.read.values.conditions import MOST_KEPT, condition_label

_ANY = "*"


class _Row(NamedTuple):
    name: str
    labels: tuple[str, ...]
    phrases: re.Pattern[str] | None
    not_phrases: re.Pattern[str] | None
    yields_to: tuple[str, ...]

    def is_named_in(self, condition: str) -> bool:
        """Return whether a condition has the row's own words."""
        if self.not_phrases:
            condition = self.not_phrases.sub(";", condition)
        return bool(self.phrases and self.phrases.search(condition))


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(
            row["row"],
            tuple(row["labels"].split("|")),
            _pattern(row["phrases"]),
            _pattern(row["not_phrases"]),
            tuple(row["yields_to"].split("|")),
        )
        for row in data_rows("condition_rows.csv")
    )


def _pattern(phrases: str) -> re.Pattern[str] | None:
    if not phrases:
        return None
    words = (r"\W+".join(phrase.split()) for phrase in phrases.split("|"))
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


@lru_cache(maxsize=MOST_KEPT)
def row_of(condition: str) -> str | None:
    """Return the row of a condition, or None where no vocabulary knows it.

    Examples
    --------
    >>> row_of("Primary Biliary Cirrhosis"), row_of("HBV"), row_of("Frostbite")
    ('Primary biliary cholangitis', 'Viral hepatitis', None)
    """
    label = condition_label(condition)
    by_words = (row for row in _rows() if row.is_named_in(condition))
    by_label = (row for row in _rows() if label in row.labels)
    found = next(by_words, None) or next(by_label, None)
    return found.name if found else label


def without_vague(rows: Iterable[str]) -> list[str]:
    """Return the rows of one trial without those that others of them say better.

    Examples
    --------
    >>> without_vague(["Liver failure, kind not named", "Acute liver failure"])
    ['Acute liver failure']
    """
    named = list(dict.fromkeys(rows))
    known = {row.name: row.yields_to for row in _rows()}
    return [name for name in named if not _yields(name, named, known)]


def _yields(name: str, named: Iterable[str], known: dict[str, tuple[str, ...]]) -> bool:
    better = known.get(name, ())
    others = (other for other in named if other != name)
    return any(
        other in better or (_ANY in better and other in known) for other in others
    )


def as_registered(condition: str) -> str:
    """Return a condition with one blank between words and a capital letter."""
    return capital(" ".join(condition.split()))
