"""Files to tables, batch by batch: what `load` and `trialkit tidy` share.

Memory holds a batch, not the registry. A trial with several records waits for the last
of them; where it shows only after rows have been handed on that a trial has several,
the files are read a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit import read
from trialkit.errors import ParameterError
from trialkit.files import Paths, listed
from trialkit.merge.history import only_old_versions
from trialkit.merge.identity import Identity
from trialkit.merge.registrations import OtherId, Trial, find_links
from trialkit.read.downloads import receipts_of, unfinished_folders
from trialkit.read.paging import unfinished
from trialkit.read.receipt import Receipt
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.arrow import replaced
from trialkit.tidy.batch import Built
from trialkit.tidy.statements import dropped
from trialkit.tidy.tables import Pointers, excluded_table, sources_table
from trialkit.tidy.workers import WorkerPool, n_workers

if TYPE_CHECKING:
    import pyarrow as pa

    from trialkit.tidy.labelled import Labelling
    from trialkit.tidy.store import StoreWriter

#: Records whose tables are made together. Inputs up to this size are merged at once.
BATCH = 1000


class Filled(NamedTuple):
    """How much was read, and what was not.

    `excluded` holds the rows of that table, `dropped` counts by field and reason the
    trials of which it stays missing, `warnings` tell of missing pages and of trials of
    which only old versions were read, and `searches` are the receipts of what was
    downloaded.
    """

    n_trials: int
    n_sources: int
    excluded: list[dict[str, str | None]]
    dropped: Mapping[tuple[str, str], int]
    warnings: tuple[str, ...] = ()
    searches: tuple[Receipt, ...] = ()


class Gathered:
    """Keeps the rows of all batches in memory, as a `StoreWriter` does on disk."""

    def __init__(self) -> None:
        self._parts: dict[str, list[pa.Table]] = {}

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep more rows of some tables."""
        for name, table in tables.items():
            self._parts.setdefault(name, []).append(table)

    def revise(self, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """Change the rows of a table, part by part."""
        self._parts[table] = [change(part) for part in self._parts[table]]

    def clear(self) -> None:
        """Forget all rows."""
        self._parts.clear()

    def tables(self) -> dict[str, pa.Table]:
        """Return the complete tables; those without a batch are left out."""
        from pyarrow import concat_tables

        return {name: concat_tables(parts) for name, parts in self._parts.items()}


def labelling_of(
    labels: bool, vocabularies: Paths = (), overrides: Paths = ()
) -> Labelling | None:
    """Return how trials are labelled, or None where they are not."""
    if labels:
        from trialkit.tidy.labelled import Labelling

        return Labelling(vocabularies, overrides)
    if vocabularies or overrides:
        told = (
            "vocabularies and overrides need labels=True (on the command line --labels)"
        )
        raise ParameterError(told)
    return None


def fill(
    sink: Gathered | StoreWriter,
    paths: Paths,
    labelling: Labelling | None,
    *,
    workers: int | None = None,
    progress: Callable[[int], Any] = lambda n_records: None,
) -> Filled:
    """Read files, give the rows of all tables to `sink`, and return their numbers.

    Trials stand in the order in which their last records are read, whatever the number
    of workers.
    """
    paths = listed(paths)
    with WorkerPool(n_workers(workers), labelling) as pool:
        rows = Rows(sink, labelling, pool)
        found = _Reading(rows, progress)
        if not found.run(paths):
            rows.clear()
            found = _Reading(rows, progress, known=found)
            found.run(paths)
        if not found.n_records:
            raise read.nothing_usable(found.sources, found.excluded)
        filled = rows.end(found.sources, found.excluded)
        if not filled.n_trials:
            raise read.nothing_usable(found.sources, [*found.excluded, *rows.aside])
    searches = (*receipts_of(paths, found.sources), *found.searches)
    told = [warning for receipt in searches for warning in receipt.warnings]
    warnings = (*filled.warnings, *told, *unfinished_folders(paths))
    return filled._replace(searches=searches, warnings=warnings)


class Rows:
    """Hands on the rows of each batch, and at the end those that need all batches."""

    def __init__(
        self,
        sink: Gathered | StoreWriter,
        labelling: Labelling | None,
        pool: WorkerPool,
    ) -> None:
        self._sink = sink
        self._labelling = labelling
        self._pool = pool
        self._reset()

    def clear(self) -> None:
        """Forget what was given."""
        self._pool.cancel()
        self._sink.clear()
        self._reset()

    def _reset(self) -> None:
        self._stated: dict[str, set[str]] = {}
        self._trials: list[Trial] = []
        self._others: list[OtherId] = []
        self._dropped: Counter[tuple[str, str]] = Counter()
        self._old: list[str] = []
        self.aside: list[Excluded] = []

    def give(
        self,
        records: Sequence[Record],
        sources: Sequence[Source],
        *,
        is_last: bool,
        current: dict[str, str] | None = None,
    ) -> None:
        """Take the records of a batch."""
        self._take(self._pool.put(records, sources, is_last=is_last, current=current))

    def _take(self, batches: Iterable[Built]) -> None:
        for batch in batches:
            for source_id, fields in batch.stated.items():
                self._stated.setdefault(source_id, set()).update(fields)
            self._trials += batch.trials
            self._others += batch.others
            self._dropped.update(dropped(batch.tables["statements"]))
            self._old += batch.old
            self.aside += batch.aside
            self._sink.add(batch.tables)

    def end(self, sources: Sequence[Source], excluded: Sequence[Excluded]) -> Filled:
        """Hand on the rows that need all batches."""
        self._take(self._pool.rest())
        aside = excluded_table([*excluded, *self.aside], sources)
        ids = {trial.trial_id for trial in self._trials}
        shared = self._labelling.end(ids) if self._labelling else {}
        shared["sources"] = sources_table(sources, self._stated)
        self._sink.add({**shared, "excluded": aside})
        self._link()
        missing = unfinished(sources, (item.source_id for item in excluded))
        left_out = aside.to_pylist()
        counts = len(self._trials), len(sources)
        warnings = (*missing, *only_old_versions(self._old))
        return Filled(*counts, left_out, self._dropped, warnings)

    def _link(self) -> None:
        """Fill in which registrations are of one trial, which needs all trials."""
        links = find_links(self._trials, self._others)
        if links.counted_as:
            names = ("counted_as", "registered_also_as", "countries")
            new = {name: getattr(links, name) for name in names}
            change = partial(replaced, table="trials", by="trial_id", **new)
            self._sink.revise("trials", change)
        if links.named:
            self._sink.revise("identifiers", Pointers(links.named))


class _Reading:
    """One reading of the files; `known` is an earlier one that met a repeated trial."""

    def __init__(
        self,
        rows: Rows,
        progress: Callable[[int], Any],
        known: _Reading | None = None,
    ) -> None:
        self._rows = rows
        self._progress = progress
        self._identity = known._identity if known else Identity()
        self._repeats = known._identity.repeats() if known else {}
        self._source_of = known._source_of if known else {}
        self._is_second = known is not None
        self._pending: list[Record] = []
        self._waiting: dict[str, list[Record]] = {}
        self.n_records = 0
        self.sources: list[Source] = []
        self.excluded: list[Excluded] = []
        self.searches: list[Receipt] = []

    def run(self, paths: Paths) -> bool:
        """Read all files; False where a trial may have records in several batches."""
        is_vain = False
        for part in read.read_chunks(paths):
            self.sources += part.sources
            if not self._is_second:
                self._source_of.update((s.source_id, s) for s in part.sources)
            self.excluded += part.excluded
            self.searches += part.searches
            self.n_records += len(part.records)
            for record in part.records:
                self._take(record)
            if part.records:
                self._progress(self.n_records)
            # Rows are handed on, or soon, of a trial that has more records.
            has_repeats = self._identity.has_repeats and not self._is_second
            is_vain = is_vain or (has_repeats and self.n_records >= BATCH)
            if is_vain:
                self._pending.clear()
            elif len(self._pending) >= BATCH:
                self._give(is_last=False)
        if is_vain:
            return False
        for records in self._waiting.values():
            self._pending += records
        self._give(is_last=True)
        return True

    def _take(self, record: Record) -> None:
        if not self._is_second:
            self._identity.add(record)
        key = self._identity.of(record.trial_id) if self._repeats else ""
        if key not in self._repeats:
            self._pending.append(record)
            return
        group = self._waiting.setdefault(key, [])
        group.append(record)
        if len(group) == self._repeats[key]:
            self._pending += self._waiting.pop(key)

    def _give(self, *, is_last: bool) -> None:
        used = dict.fromkeys(record.source_id for record in self._pending)
        known = [self._source_of[key] for key in used if key in self._source_of]
        ids = {record.trial_id for record in self._pending}
        current = {key: self._identity.of(key) for key in ids}
        self._rows.give(self._pending, known, is_last=is_last, current=current)
        self._pending = []
