"""A store that records are added to: what of it stays, and what is made again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from trialkit.codebook import codebook_hash, table_names
from trialkit.errors import TrialDataError
from trialkit.merge.identity import Identity
from trialkit.merge.registrations import OtherId, Trial
from trialkit.read.values.countries import country_of
from trialkit.record import Identifier, Record
from trialkit.tidy.arrow import replaced, with_column
from trialkit.tidy.inventory import is_store, read_inventory
from trialkit.tidy.restored import Restored
from trialkit.tidy.settle import Facts, Sink
from trialkit.tidy.stored import StoredTable
from trialkit.tidy.value_lists import joined
from trialkit.version import __version__, rules_version

if TYPE_CHECKING:
    from trialkit.tidy.labelled import Labelling

_KEY = "trial_id"
#: Tables that are written anew, or have no row per trial.
_SHARED = ("terms", "sources", "selection")


class Earlier:
    """The trials of a store: those that new records speak of are made again."""

    def __init__(self, folder: Path, labelling: Labelling | None) -> None:
        self.identity = Identity()
        self._labelling = labelling
        self.restored = Restored(folder, self.identity.of)
        self._ids = self.restored.read("trials", _KEY)[_KEY].to_pylist()
        self._again: list[str] = []
        if self.restored.tables["selection"]:
            told = "holds a selection: add to the store that it was taken from"
            raise TrialDataError(f"{folder} {told}")
        self._note()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def n_again(self) -> int:
        """How many trials of the store are made again."""
        return len(self._again)

    def _note(self) -> None:
        """Add the ids of the trials, and their former ones, to the identity."""
        former: dict[str, list[Identifier]] = {}
        rows = self.restored.read("identifiers", _KEY, "id", "id_type").to_pylist()
        for row in rows:
            if row["id_type"] == "nct_alias":
                own = Identifier(id=row["id"], id_type=row["id_type"])
                former.setdefault(row[_KEY], []).append(own)
        for key in self._ids:
            others = tuple(former.get(key, ()))
            self.identity.add(Record(trial_id=key, identifiers=others))

    def touch(self, new: Collection[str]) -> None:
        """Choose the trials that new records, or a person's corrections, speak of."""
        of = self.identity.of
        spoken = {of(key) for key in new}
        corrected = self._labelling.corrected if self._labelling else set()
        self._again = [k for k in self._ids if of(k) in spoken or k in corrected]
        if self._labelling:
            self.restored.check(self._labelling, self._again)

    def groups(self) -> Iterator[list[Record]]:
        """Yield the records of each trial that is made again."""
        yield from self.restored.groups(self._mask(self._again))

    def keep(self, sink: Sink, facts: Facts) -> None:
        """Hand on the rows of all other trials, without the links among them."""
        tables = self.restored.tables
        trials = tables["trials"].at(~self._mask(self._again))
        linked = self._linked(trials)
        for name in table_names():
            if name in tables and name not in _SHARED:
                plain = StoredTable(tables[name].file, tables[name].facts)
                for part in plain.of(trials).parts():
                    sink.add({name: self._unlinked(name, part, linked, facts)})
        sink.add({"sources": self.restored.read("sources")})

    def _unlinked(
        self, name: str, part: pa.Table, linked: dict[str, str | None], facts: Facts
    ) -> pa.Table:
        if name == "trials":
            own = {key: key for key in linked}
            none = dict.fromkeys(linked)
            new = {"counted_as": own, "registered_also_as": none, "countries": linked}
            part = replaced(part, "trials", by=_KEY, **new)
            rows = part.select(list(Trial._fields)).to_pylist()
            facts.trials += [Trial(**row) for row in rows]
            facts.old += part[_KEY].filter(part["is_old_version"]).to_pylist()
        elif name == "identifiers":
            nothing = [None] * part.num_rows
            for column in ("points_to", "is_same_trial"):
                part = with_column(part, name, column, nothing)
            rows = part.select(list(OtherId._fields)).to_pylist()
            facts.others += [OtherId(**row) for row in rows]
        return part

    def _linked(self, trials: StoredTable) -> dict[str, str | None]:
        """Return the own countries of trials whose row has those of all records."""
        also = trials.read([_KEY, "registered_also_as"])
        ids = also[_KEY].filter(also["registered_also_as"].is_valid()).to_pylist()
        if not ids:
            return {}
        tables = self.restored.tables
        those = tables["trials"].at(self._mask(ids))
        own: dict[str, dict[str | None, None]] = {key: {} for key in ids}
        for row in tables["sites"].of(those).read([_KEY, "country"]).to_pylist():
            own[row[_KEY]][country_of(row["country"])] = None
        for row in tables["statements"].of(those).read().to_pylist():
            key = row[_KEY]
            is_own = row["field"] == "countries" and row["is_chosen"]
            if is_own and not any(own[key]):
                names = (row["value"] or "").split("; ")
                own[key] = dict.fromkeys(map(country_of, names))
        return {key: joined(names) for key, names in own.items()}

    def _mask(self, ids: Collection[str]) -> np.ndarray:
        """Return which rows of the table `trials` are those of some ids."""
        wanted = set(ids)
        return np.fromiter((key in wanted for key in self._ids), bool, len(self._ids))


def check_store(folder: Path, labelling: Labelling | None) -> None:
    """Refuse a store whose rows would not be like those of the new records."""
    facts = read_inventory(folder)
    if not is_store(folder) or not facts:
        told = "is no store to add to: make one without --append"
        raise TrialDataError(f"{folder} {told}")
    rules = facts.get("rules", "")
    again = f"run `trialkit tidy {folder} RECORDS --out OTHER`, which makes all again"
    if facts.get("codebook") != codebook_hash():
        raise TrialDataError(
            f"{folder} was written by trialkit {facts.get('trialkit')}, whose columns "
            f"may differ from those of {__version__}: {again}"
        )
    if labelling and not rules:
        raise TrialDataError(f"{folder} has no labels: add to it with --no-labels")
    if rules and not labelling:
        raise TrialDataError(f"{folder} has labels: add to it without --no-labels")
    if labelling and rules != rules_version():
        told = "has labels by other rules than those of this trialkit"
        raise TrialDataError(f"{folder} {told}: {again}")
