"""Trials by an id, in any spelling: `nct...`, `ISRCTN 12345678`, `EUCTR2005-...-IT`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

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
    found: set[str] = set()
    lost: list[str] = []
    for text in texts:
        named = find(text)
        if not named and not registry_of(_bare(text)):
            ids = data.trials["trial_id"]
            form = "an id is written as its register does, such as NCT01234567"
            hint = did_you_mean(text, ids, form, n=3)
            raise ParameterError(f"ids has no {text!r}; {hint}")
        if named:
            found.update(named)
        else:
            lost.append(text)
    return found, lost


def id_finder(data: Tables) -> Callable[[str], list[str]]:
    """Return a function that gives the trials an id names, in any spelling of it."""
    readings = _readings(data)
    return lambda text: next(filter(None, (read(text) for read in readings)), [])


def _readings(data: Tables) -> list[Callable[[str], list[str] | None]]:
    """Return the ways to read an id, the nearest first: each gives the trials or None.

    The columns and rows behind the later ones are read when one is needed.
    """
    trials, others = data.trials, data.identifiers
    own = trials["trial_id"]

    @cache
    def same() -> dict[str, list[str]]:
        return _index(zip(map(_bare, own), own, strict=True))

    @cache
    def alike() -> dict[str, list[str]]:
        return _index(zip(map(_key, own), own, strict=True))

    @cache
    def also() -> dict[str, list[str]]:
        rows = trials[["registered_also_as", "trial_id"]].dropna()
        return _index(
            (_key(one), trial_id)
            for listed, trial_id in rows.itertuples(index=False)
            for one in listed.split("; ")
        )

    @cache
    def second() -> dict[str, list[str]]:
        rows = others[["id", "id_type", "trial_id"]].dropna(subset=["id"])
        return _index(
            (_key(one), trial_id)
            for one, kind, trial_id in rows.itertuples(index=False)
            if registry_of(one) and not is_anothers(f"{one} {kind}")
        )

    return [
        lambda text: same().get(_bare(text)),
        lambda text: alike().get(_key(text)),
        lambda text: also().get(_key(text)),
        lambda text: second().get(_key(text)),
    ]


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for key, trial_id in pairs:
        index[key].append(trial_id)
    return index


def _bare(text: str) -> str:
    return joined(text).upper()


def _key(text: str) -> str:
    return key_of(_bare(text))
