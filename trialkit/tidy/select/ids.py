"""Trials by an id, in any spelling: `nct...`, `ISRCTN 12345678`, `EUCTR2005-...-IT`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import chain

from trialkit.errors import ParameterError
from trialkit.merge.registrations import is_anothers, key_of
from trialkit.nearest import did_you_mean
from trialkit.read.values.ids import joined, registry_of
from trialkit.tidy.container import Tables


def ids_named(data: Tables, texts: Iterable[str]) -> tuple[set[str], list[str]]:
    """Return the trials that ids name, and the ids that name none of them.

    An id is first a record's own, in its register's spelling or another; where no
    record has it, it is one under which a trial is registered too. An id that a
    record gives as another study's, such as a parent's, does not name that record.
    """
    find = id_finder(data)
    named = {text: find(text) for text in texts}
    unknown = [text for text, ids in named.items() if not ids]
    for text in unknown:
        if not registry_of(_bare(text)):
            form = "an id is written as its register does, such as NCT01234567"
            hint = did_you_mean(text, _trial_ids(data), form, n=3)
            raise ParameterError(f"ids has no {text!r}; {hint}")
    return set(chain.from_iterable(named.values())), unknown


def id_finder(data: Tables) -> Callable[[str], list[str]]:
    """Return a function from an id, in any spelling, to the trials that it names."""
    # The nearest reading of an id counts. An index is built when it is first needed.
    readings = ((_bare, _own), (_key, _own), (_key, _also), (_key, _other))
    indexes = [
        (normal, cache(partial(_index, pairs, data, normal)))
        for normal, pairs in readings
    ]

    def find(text: str) -> list[str]:
        found = (index().get(normal(text)) for normal, index in indexes)
        return next(filter(None, found), [])

    return find


_Pairs = Iterator[tuple[str, str]]


def _index(
    pairs: Callable[[Tables], _Pairs], data: Tables, normal: Callable[[str], str]
) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for text, trial_id in pairs(data):
        index.setdefault(normal(text), []).append(trial_id)
    return index


def _trial_ids(data: Tables) -> list[str]:
    return data.columns("trials", ["trial_id"])["trial_id"].tolist()


def _own(data: Tables) -> _Pairs:
    yield from ((trial_id, trial_id) for trial_id in _trial_ids(data))


def _also(data: Tables) -> _Pairs:
    rows = data.columns("trials", ["registered_also_as", "trial_id"]).dropna()
    for listed, trial_id in rows.itertuples(index=False):
        yield from ((one, trial_id) for one in listed.split("; "))


def _other(data: Tables) -> _Pairs:
    rows = data.columns("identifiers", ["id", "id_type", "trial_id"])
    rows = rows.dropna(subset=["id"])
    for one, kind, trial_id in rows.itertuples(index=False):
        if registry_of(one) and not is_anothers(f"{one} {kind}"):
            yield one, trial_id


def _bare(text: str) -> str:
    return joined(text).upper()


def _key(text: str) -> str:
    return key_of(_bare(text))
