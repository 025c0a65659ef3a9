"""The Records that a store was made of, as far as its tables tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from trialkit.codebook import columns_of
from trialkit.errors import TrialDataError
from trialkit.merge.agreement import as_text
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.arrow import table_of
from trialkit.tidy.by_need import with_values, without_values
from trialkit.tidy.inventory import searches_of
from trialkit.tidy.store import stored_tables
from trialkit.tidy.stored import StoredTable
from trialkit.tidy.trial_rows import DISPLACED, FIELDS, PARTS, records_of, versions_of

if TYPE_CHECKING:
    from trialkit.tidy.labelled import Labelling

_KEY = "trial_id"
#: What tells a statement from the others.
_STATED = (_KEY, "field", "source_id")
#: Trials that are read at once.
_AT_ONCE = 1000
_NEEDED = (
    *(*PARTS, "arms", "interventions", "arm_interventions", "conditions"),
    *("lay_summaries", "versions", "passages", "statements"),
)


class Aside(NamedTuple):
    """The sources of a store, and what was set aside when it was made."""

    sources: Sequence[Source] = ()
    excluded: Sequence[Excluded] = ()


NOTHING = Aside()


class Restored:
    """The Records of the trials of a store, and what its sources said of them.

    `id_of` gives the id that a trial has now; `labelling` labels them again.
    """

    def __init__(
        self,
        folder: Path,
        id_of: Callable[[str], str],
        labelling: Labelling | None = None,
    ) -> None:
        tables, self.origin = stored_tables(folder)
        stored = {n: t for n, t in tables.items() if isinstance(t, StoredTable)}
        self.tables: Mapping[str, StoredTable] = stored
        self._id_of = id_of
        #: The receipts of what was downloaded.
        self.searches = searches_of(self.origin)
        excluded = self.read("excluded").to_pylist()
        sources = self.read("sources").to_pylist()
        #: How many fields each source fills.
        self.n_fields = {row["source_id"]: row.pop("n_fields", 0) for row in sources}
        self.aside = Aside(
            [Source(**row) for row in sources],
            [Excluded(**{**row, "reason": row["reason"] or ""}) for row in excluded],
        )
        #: Trials of which people corrected labels.
        self.corrected = set(self.read("overrides", _KEY)[_KEY].to_pylist())
        self._only = next((one.source_id for one in self.aside.sources), "")
        self._said: dict[tuple[str, ...], dict[str, Any]] = {}
        if labelling:
            self.check(labelling, self.corrected)

    def check(self, labelling: Labelling, again: Collection[str]) -> None:
        """Refuse labels without a person's corrections and vocabularies, as before."""
        forgotten = self.corrected.intersection(again).difference(labelling.corrected)
        if forgotten:
            raise TrialDataError(
                f"people corrected labels of {min(forgotten)} in {self.origin.store}: "
                "give the corrections again (--overrides)"
            )
        if self.read("terms").to_pylist() != labelling.terms().to_pylist():
            raise TrialDataError(
                f"{self.origin.store} was labelled with other vocabularies of one's "
                "own: give the same ones (--vocabulary)"
            )

    def read(self, table: str, *names: str) -> pa.Table:
        """Return some columns, or all of them, of a table."""
        return self.tables[table].read(names or None)

    def groups(self, kept: np.ndarray | None = None) -> Iterator[list[Record]]:
        """Yield the Records of each trial, of all or of the rows that are kept."""
        n = len(self.tables["trials"])
        at = np.arange(n) if kept is None else np.flatnonzero(kept)
        for start in range(0, len(at), _AT_ONCE):
            here = np.zeros(n, bool)
            here[at[start : start + _AT_ONCE]] = True
            trials = self.tables["trials"].at(here)
            tables = {name: self.tables[name].of(trials) for name in _NEEDED}
            rows = {name: _by_trial(table) for name, table in tables.items()}
            for row in trials.read().to_pylist():
                own = {name: rows[name].get(row[_KEY], []) for name in rows}
                records = records_of(row, own, self._only)
                self._note(records, own["statements"])
                if own["versions"]:
                    records += versions_of(records[0], own["versions"], row)
                yield records

    def _note(self, records: list[Record], statements: list[dict[str, Any]]) -> None:
        """Keep what a source says that its Record cannot say again."""
        by_source = {record.source_id: record for record in records}
        for row in statements:
            if row["note"] in DISPLACED and row["field"] in FIELDS:
                record = by_source.get(row["source_id"], records[0])
                if as_text(getattr(record, row["field"])) != row["value"]:
                    key = (self._id_of(row[_KEY]), row["field"], row["source_id"])
                    self._said.setdefault(key, row)

    def restated(self, statements: pa.Table, trials: pa.Table) -> pa.Table:
        """Return statements with what the store quotes in other words.

        Of a list that no table holds, only its text is known.
        """
        if not self._said:
            return statements
        rows, ids = with_values(statements, trials).to_pylist(), set()
        for row in rows:
            ids.add(row[_KEY])
            if row["note"] in DISPLACED:
                said = self._said.pop(tuple(row[name] for name in _STATED), None)
                row["value"] = said["value"] if said else row["value"]
        left = [key for key in self._said if key[0] in ids]
        rows += [{**self._said.pop(key), _KEY: key[0]} for key in left]
        columns = columns_of("statements")
        data = {name: [row[name] for row in rows] for name in columns}
        return without_values(table_of(data, "statements"), trials)


def _by_trial(table: StoredTable) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.read().to_pylist():
        rows[row["trial_id"]].append(row)
    return rows
