"""Synonyms of the search language: `data/synonyms.csv`, and rows of a user's own.

A search for `term` also finds `synonym`. `same` holds in both directions, `narrower`
only in this one ("liver" finds hepatitis); `not` names words that only look like the
term, as "Child-Pugh" looks like child.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trialkit.files import Paths, csv_rows, data_rows, listed, refuse, text_of
from trialkit.tidy.select.word_forms import fold, singular

if TYPE_CHECKING:
    import pandas as pd

SAME, NARROWER, NOT = RELATIONS = ("same", "narrower", "not")
COLUMNS = ("term", "synonym", "relation")
_WHAT = "the synonyms"


class Row(NamedTuple):
    """One row of the table."""

    term: str
    synonym: str
    relation: str = SAME


class Synonyms:
    """The terms of a table, and what each finds."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._members: dict[str, dict[str, None]] = {}
        self._concepts: dict[str, dict[str, None]] = {}
        self._narrower: dict[str, list[str]] = {}
        self._unlike: dict[str, list[str]] = {}
        for row in rows:
            term = key(row.term)
            if row.relation == SAME:
                self._join(term, row)
            elif row.relation == NARROWER:
                self._narrower.setdefault(term, []).append(row.synonym)
            else:
                self._unlike.setdefault(term, []).append(row.synonym)
        self._known = {**self._concepts, **self._narrower, **self._unlike}
        self.longest = max((len(word.split()) for word in self._known), default=1)

    def _join(self, term: str, row: Row) -> None:
        # Where one of the two has a meaning, the other takes part in it.
        known = self._concepts.get(term) or self._concepts.get(key(row.synonym), ())
        home = next(iter(known), term)
        members = self._members.setdefault(home, {row.term: None})
        members |= dict.fromkeys((row.term, row.synonym))
        for word in (term, key(row.synonym)):
            self._concepts.setdefault(word, {})[home] = None

    @property
    def terms(self) -> list[str]:
        """The key of every term."""
        return list(self._known)

    def __contains__(self, words: str) -> bool:
        return self._key(words) in self._known

    def _key(self, words: str) -> str:
        """Return a term as a key of the table, in the singular if need be."""
        own = key(words)
        *before, last = own.split() or [""]
        forms = (own, *(" ".join((*before, form)) for form in singular(last)))
        return next((form for form in forms if form in self._known), own)

    def same(self, words: str) -> list[str]:
        """Return the synonyms of a term."""
        own = self._key(words)
        concepts = (self._members[home] for home in self._concepts.get(own, ()))
        found = dict.fromkeys(chain.from_iterable(concepts))
        return [member for member in found if key(member) != own]

    def narrower(self, words: str) -> list[str]:
        """Return the narrower terms of a term, with their synonyms."""
        seen = {self._key(word) for word in (words, *self.same(words))}
        waiting, found = list(seen), []
        while waiting:
            for kind in self._narrower.get(waiting.pop(), ()):
                for word in (kind, *self.same(kind)):
                    if key(word) not in seen:
                        seen.add(key(word))
                        waiting.append(key(word))
                        found.append(word)
        return found

    def unlike(self, words: str) -> list[str]:
        """Return the words that only look like a term, or like what it finds.

        Colitis finds UC, and so is not like UC-MSC either.
        """
        named = (words, *self.same(words), *self.narrower(words))
        found = (self._unlike.get(self._key(word), ()) for word in named)
        return list(dict.fromkeys(chain.from_iterable(found)))


def key(words: str) -> str:
    """Return a term as a key of the table: in any case, with or without a hyphen."""
    return fold(words).lower


@cache
def _shipped_rows() -> tuple[Row, ...]:
    return tuple(Row(**row) for row in data_rows("synonyms.csv"))


def table_of(paths: Paths = ()) -> Synonyms:
    """Return the shipped table with the rows of a user's CSV files."""
    return _table_of(tuple(_own_rows(paths)))


@lru_cache(maxsize=2)
def _table_of(own: tuple[Row, ...]) -> Synonyms:
    return Synonyms((*_shipped_rows(), *own))


def _own_rows(paths: Paths) -> Iterable[Row]:
    for path in map(Path, listed(paths)):
        wrong: list[str] = []
        text = text_of(path, _WHAT)
        rows = csv_rows(text, COLUMNS[:2], wrong, known=COLUMNS)
        own = [_row(line, cells, wrong) for line, cells in rows]
        refuse(f"{_WHAT} {path}", wrong)
        yield from own


def _row(line: int, cells: Mapping[str, str], wrong: list[str]) -> Row:
    row = Row(*(cells.get(name, "").strip() for name in COLUMNS))
    row = row._replace(relation=row.relation or SAME)
    if not (key(row.term) and key(row.synonym)):
        wrong.append(f"line {line}: a row needs a term and a synonym")
    if row.relation not in RELATIONS:
        known = " or ".join(RELATIONS)
        wrong.append(f"line {line}: relation {row.relation!r} is not {known}")
    return row


def synonyms(paths: Paths = ()) -> pd.DataFrame:
    """Return the synonyms of the search language as a table.

    Parameters
    ----------
    paths
        CSV files of your own with the columns `term` and `synonym`, and `relation`
        where it is not `same`; their rows are added.

    Returns
    -------
    pandas.DataFrame
        `term`, `synonym` and `relation`: `same` holds in both directions; of `narrower`
        a search for the term finds the synonym too, where it stands in a condition,
        keyword, MeSH term or title; `not` looks like the term and is left out.

    Raises
    ------
    TrialDataError
        If a file cannot be read or a row is wrong.

    Examples
    --------
    >>> import trialkit as tk
    >>> table = tk.synonyms()
    >>> table.loc[table.term == "liver", "synonym"].iloc[0]
    'hepatic'
    """
    import pandas as pd

    rows = (*_shipped_rows(), *_own_rows(paths))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("string")
