"""The values that the words given to a filter stand for.

Case, dashes and blanks make no difference. An unknown word is an error that names the
nearest known ones: a filter must not be silently empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from trialkit.codebook import levels_of
from trialkit.codewords import (
    NOT_STATED,
    OTHER_WORDING,
    code_word,
    full_words,
    other_wordings,
)
from trialkit.errors import ParameterError
from trialkit.label.entries import Entry, below
from trialkit.label.text import fold
from trialkit.nearest import did_you_mean
from trialkit.read.values.countries import country_of
from trialkit.read.values.levels import level

_ANY = re.compile(r"any (.+)", re.IGNORECASE)
#: What stands between several values. A register also writes one phase so.
_BETWEEN = re.compile(r"\s*(?:[,;|&+]|\b(?:and|or)\b)\s*", re.IGNORECASE)
#: So many words are named where none is near.
_SOME = 8
#: Columns whose levels are printed in few words.
_PRINTED = ("route_group", "cell_source", "cell_type", "route_family")


class Choice(NamedTuple):
    """Values that words stand for, None for the missing one; `shown` in `selection`."""

    shown: str
    members: frozenset[str | None]


ABSENT = Choice(NOT_STATED, frozenset({None}))
Resolve = Callable[[str], Choice | None]


def empty_filter(name: str, wanted: object) -> ParameterError:
    """Return the error of a filter without a value."""
    return ParameterError(f"{name}={wanted!r} is empty; leave it out to keep all")


def as_texts(name: str, wanted: str | Iterable[str]) -> list[str]:
    """Return the texts that a filter is given, one or several, none of them empty."""
    is_one = isinstance(wanted, str) or not isinstance(wanted, Iterable)
    texts: list[Any] = [wanted] if is_one else list(wanted)
    if not all(isinstance(text, str) for text in texts):
        raise ParameterError(f"{name}={wanted!r} is no text")
    if not texts or not all(text.strip() for text in texts):
        raise empty_filter(name, wanted)
    return texts


def is_absent(wanted: object) -> bool:
    """Return whether a filter asks for "Not stated"."""
    return isinstance(wanted, str) and fold(wanted) == fold(NOT_STATED)


def chosen(
    name: str,
    texts: Sequence[str],
    resolve: Resolve,
    *known: Callable[[], Iterable[str]],
) -> list[Choice]:
    """Return what each text means, or raise a ParameterError with the nearest words.

    `known` gives the words to choose from, the best known first.
    """
    found = {text: resolve(text) for text in texts}
    for text, choice in found.items():
        if choice is None:
            words = [list(dict.fromkeys(give())) for give in known]
            hint = _several(name, text, resolve) or _hint(text, words)
            raise ParameterError(f"{name} has no {text!r}; {hint}")
    return list(dict.fromkeys(filter(None, found.values())))


def _several(name: str, text: str, resolve: Resolve) -> str | None:
    """Return how the values are given that a text holds side by side, if it does."""
    parts = _BETWEEN.split(text.strip())
    if len(parts) == 1 or not all(part and resolve(part) for part in parts):
        return None
    command = " ".join(f"-p {name}={part!r}" for part in parts)
    return f"several values are a list, {parts!r}; in a command {command}"


def _hint(text: str, known: Sequence[Sequence[str]]) -> str:
    """Return the nearest words of the first list that has any, else some of it."""
    first = next(filter(None, known), ())
    some = [*first[:_SOME], *(["…"] if len(first) > _SOME else [])]
    hint = f"it takes {'; '.join(some)}" if some else "no trial states any"
    for words in reversed(known):
        hint = did_you_mean(text, words, hint, n=3)
    return hint


def code_choice(column: str, text: str, own: Collection[str]) -> Choice | None:
    """Return the codes of a column of `trials` that a text means.

    `own` holds the trials' values: one that is no known code is taken as written.
    """
    levels = levels_of("trials", column)
    every = [*levels, *own]
    if is_absent(text):
        return ABSENT
    if fold(text) == fold(OTHER_WORDING):
        return Choice(OTHER_WORDING, frozenset(other_wordings(own, levels)))
    named = _any_of(column, text, every)
    if named:
        return Choice(" | ".join(named), frozenset(named))
    if same := [
        value
        for value in every
        if fold(text) in (fold(value), fold(code_word(value, column)))
    ]:
        return Choice(same[0], frozenset(same))
    for words in full_words(text, [column]):
        return code_choice(column, words, own)
    if column == "phase" and _BETWEEN.search(text):
        return None
    value = level(column, text)
    return Choice(value, frozenset({value})) if value else None


def code_words(column: str, own: Iterable[str]) -> list[str]:
    """Return the words of a column's codes and of the trials' own values."""
    every = (*levels_of("trials", column), *own)
    return [code_word(value, column) for value in every]


def _any_of(column: str, text: str, every: Iterable[str]) -> list[str]:
    """Return the phases that include the one in a text such as `any phase 1`."""
    found = _ANY.fullmatch(text.strip())
    one = level("phase", found[1]) if found and column == "phase" else None
    parts = ((value, value.removeprefix("EARLY_").split("/")) for value in every)
    return list(dict.fromkeys(value for value, own in parts if one in own))


def country_choice(text: str, own: Collection[str]) -> Choice | None:
    """Return the country that a text means, however the trials' records spell it."""
    if is_absent(text):
        return ABSENT
    name = country_of(text)
    if name:
        same = (value for value in own if country_of(value) == name)
        return Choice(name, frozenset({name, *same}))
    return _as_written(text, own)


def term_choice(
    text: str, entries: Mapping[str, Entry], own: Collection[str]
) -> Choice | None:
    """Return the ids of a vocabulary that a text means, with those below them.

    An id, its label, group, family or standard code comes before a phrase. A group or
    family means only the ids that figures count under it, none below them.
    """
    # Its code, too, is what a figure counts as not stated.
    text = NOT_STATED if is_absent(text) else text
    found = (
        _named(text, entries, str)
        or _named(text, entries, fold)
        or _as_written(text, own)
        or _printed(text, entries)
    )
    ids = () if found else _by_phrase(fold(text), entries)
    return _choice(set(ids), set(), text, entries) if ids else found


def term_words(entries: Mapping[str, Entry]) -> Iterator[str]:
    """Yield the words that reports print for the ids of an axis."""
    for entry in entries.values():
        yield from filter(None, (entry.label, entry.group, entry.family))


def term_phrases(entries: Mapping[str, Entry]) -> Iterator[str]:
    """Yield the words that records use for the ids of an axis."""
    for entry in entries.values():
        yield from (phrase.strip("=~* ") for phrase in entry.phrases)


def _as_written(text: str, own: Iterable[str]) -> Choice | None:
    """Return the trials' own value, in any case; `OTHER:words` also by its words."""
    same = [
        value
        for value in own
        if fold(text) in (fold(value), fold(value.partition(":")[2] or value))
    ]
    return Choice(same[0], frozenset(same)) if same else None


def _named(
    text: str, entries: Mapping[str, Entry], alike: Callable[[str], str]
) -> Choice | None:
    wanted = alike(text.strip())
    ids, members, words = set(), set(), text.strip()
    for entry in entries.values():
        if wanted in (alike(entry.id), alike(entry.label)):
            ids.add(entry.id)
        for word in filter(None, (entry.group, entry.family, entry.code)):
            if wanted == alike(word):
                members.add(entry.id)
                words = word
    return _choice(ids, members, words, entries) if ids or members else None


def _printed(text: str, entries: Mapping[str, Entry]) -> Choice | None:
    """Return the level that figures and lists print in these few words."""
    for words in full_words(text, _PRINTED):
        if found := _named(words, entries, fold):
            return found
    return None


def _choice(
    ids: set[str], members: set[str], words: str, entries: Mapping[str, Entry]
) -> Choice:
    values = members.union(*(below(one, entries) for one in ids))
    for one in sorted(ids or members):
        if values == below(one, entries):
            return Choice(one, frozenset(values))
    return Choice(words, frozenset(values))


def _by_phrase(folded: str, entries: Mapping[str, Entry]) -> set[str]:
    """Return the ids whose phrase is the whole text; the longest phrase counts."""
    found = [
        (len(phrase.strip("=~*")), entry.id)
        for entry in entries.values()
        for phrase in entry.phrases
        if _pattern(phrase).fullmatch(folded)
    ]
    longest = max(found, default=(0, ""))[0]
    return {identifier for length, identifier in found if length == longest}


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase in folded text; `*` is any end of a word."""
    more = r"\w*" if phrase.endswith("*") else ""
    return re.compile(re.escape(fold(phrase.strip("=~*"))) + more)
