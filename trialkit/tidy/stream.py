"""Files to tables, batch by batch: what `load` and `trialkit tidy` share.

Memory holds a batch, not the registry. A trial with several records waits for the last
of them; where it shows only after rows have been handed on that a trial has several,
the files are read a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from trialkit import read
from trialkit.errors import ParameterError
from trialkit.files import Paths, listed
from trialkit.merge.identity import Identity
from trialkit.read.downloads import continued, receipts_of, unfinished_folders
from trialkit.read.receipt import Receipt
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.batch import Built
from trialkit.tidy.by_need import HeldStatements
from trialkit.tidy.held import HeldTable
from trialkit.tidy.inventory import is_store
from trialkit.tidy.restored import Aside, Restored
from trialkit.tidy.settle import Facts, Filled, Sink, settle
from trialkit.tidy.store import StoreWriter, stored_tables, write_store
from trialkit.tidy.workers import WorkerPool, n_workers

if TYPE_CHECKING:
    import pyarrow as pa

    from trialkit.tidy.container import Table
    from trialkit.tidy.earlier import Earlier
    from trialkit.tidy.labelled import Labelling

#: Records whose tables are made together. Inputs up to this size are merged at once.
BATCH = 1000
#: Bytes of tables that stay in memory where there is a folder for more.
MOST_BYTES = 1 << 26
#: Bytes of their row groups there, which are read one by one.
_GROUP_BYTES = 1 << 23


class Gathered:
    """Keeps what all batches give in memory, as a `StoreWriter` does on disk.

    If there is more than memory should hold, and a folder `overflow` for it, all goes
    into a store there as soon as that shows. What is asked of it has to be asked before
    the folder goes.
    """

    def __init__(self, overflow: Path | None = None) -> None:
        self._overflow = overflow
        self._batches: list[Mapping[str, pa.Table]] = []
        self._changes: dict[str, Callable[[pa.Table], pa.Table]] = {}
        self._n_bytes = 0
        self._store: StoreWriter | None = None
        self._until_then = ExitStack()

    def __enter__(self) -> Gathered:
        return self

    def __exit__(self, *error: Any) -> None:
        self._until_then.__exit__(*error)

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep more rows of some tables."""
        if self._store:
            self._store.add(tables)
            return
        self._batches.append(tables)
        if not self._overflow:  # each is made when it is asked for
            return
        self._n_bytes += sum(table.nbytes for table in tables.values())
        if self._n_bytes > MOST_BYTES:
            store = write_store(self._overflow, group_bytes=_GROUP_BYTES)
            self._store = self._until_then.enter_context(store)
            while self._batches:
                self._store.add(self._batches.pop(0))

    def revise(self, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """Change the rows of a table, part by part, after all of them were added."""
        if self._store:
            self._store.revise(table, change)
        else:
            self._changes[table] = change

    def clear(self) -> None:
        """Forget all rows."""
        self._batches.clear()
        self._n_bytes = 0
        if self._store:
            self._store.clear()

    def tables(self) -> Mapping[str, Table]:
        """Return the tables, made when asked for; what no batch has may be left out."""
        if self._store and self._overflow:
            return stored_tables(self._overflow)[0]
        return self.held()

    def held(self) -> dict[str, HeldTable]:
        """Return the tables in memory, made when asked for."""
        names = dict.fromkeys(name for batch in self._batches for name in batch)
        held = {name: HeldTable(partial(self._whole, name)) for name in names}
        if "statements" in held:
            whole = partial(self._whole, "statements")
            held["statements"] = HeldStatements(whole, held["trials"])
        return held

    def _whole(self, name: str) -> pa.Table:
        from pyarrow import concat_tables

        change = self._changes.get(name, lambda part: part)
        batches = [batch for batch in self._batches if name in batch]
        return concat_tables(change(batch[name]) for batch in batches)


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
    sink: Sink,
    paths: Paths,
    labelling: Labelling | None,
    *,
    workers: int | None = None,
    progress: Callable[[int], Any] = lambda n_records: None,
    earlier: Earlier | None = None,
) -> Filled:
    """Read files, give the rows of all tables to `sink`, and return their numbers.

    Trials stand in the order in which their last records are read, whatever the number
    of workers; those of an `earlier` store that no record speaks of come first.
    """
    paths = listed(paths)
    with WorkerPool(n_workers(workers), labelling) as pool:
        rows = Rows(sink, labelling, pool)
        found = read_all(rows, partial(_parts, rows, paths, earlier), progress, earlier)
        if not found.n_records:
            raise read.nothing_usable(found.sources, found.excluded)
        filled = rows.end(found.sources, found.excluded)
        if not filled.n_trials:
            raise read.nothing_usable(
                found.sources, [*found.excluded, *rows.facts.aside]
            )
    before = earlier.restored.searches if earlier else ()
    filled = with_searches(filled, paths, found.sources, (*before, *found.searches))
    if earlier:
        n_updated = earlier.n_again
        n_added = filled.n_trials - len(earlier)
        return filled._replace(n_added=n_added, n_updated=n_updated)
    return filled


def with_searches(
    filled: Filled,
    paths: Paths,
    sources: Sequence[Source],
    searches: Sequence[Receipt],
) -> Filled:
    """Return what was read with the receipts of its downloads, and their warnings."""
    searches = (*searches, *receipts_of(paths, sources))
    told = [warning for receipt in searches for warning in receipt.warnings]
    told += [*continued(searches), *unfinished_folders(paths)]
    warnings = (*filled.warnings, *told)
    return filled._replace(searches=searches, warnings=warnings)


#: A chunk of what is read, and its records as they come together.
Part: TypeAlias = "tuple[read.Collected, Iterable[list[Record]]]"


def read_all(
    rows: Rows,
    parts: Callable[[Callable[[str], str]], Iterable[Part]],
    progress: Callable[[int], Any],
    earlier: Earlier | None = None,
) -> Reading:
    """Read parts, a second time where a trial has records in several batches.

    `parts` is given what tells the present id of a trial.
    """
    found = Reading(rows, progress, earlier)
    if not found.run(parts):
        rows.clear()
        if earlier:
            earlier.touch(found.ids)
            rows.keep(earlier)
        found = Reading(rows, progress, earlier, known=found)
        found.run(parts)
    return found


def _parts(
    rows: Rows, paths: Paths, earlier: Earlier | None, id_of: Callable[[str], str]
) -> Iterator[Part]:
    """Yield the content of files in chunks; a store gives a trial's records at once."""
    stores = [path for path in listed(paths) if is_store(Path(path))]
    files = [path for path in listed(paths) if path not in stores]
    before = [*(earlier.restored.aside.sources if earlier else ())]
    for store in stores:
        restored = rows.restored(Path(store), id_of)
        before += restored.aside.sources
        sources, excluded = restored.aside
        yield read.Collected([], [*sources], [*excluded], restored.searches), ()
        for group in restored.groups():
            yield read.Collected(group, [], []), [group]
    if files or not stores:
        for part in read.read_chunks(files, before):
            yield part, each_alone(part)


def each_alone(part: read.Collected) -> Iterator[list[Record]]:
    """Yield the records of a chunk, of which any may be of any trial."""
    return ([record] for record in part.records)


class Rows:
    """Hands on the rows of each batch, and at the end those that need all batches."""

    def __init__(
        self,
        sink: Sink,
        labelling: Labelling | None,
        pool: WorkerPool,
    ) -> None:
        self._sink = sink
        self._labelling = labelling
        self._pool = pool
        self._before = Aside()
        self._reset()

    def clear(self) -> None:
        """Forget what was given."""
        self._pool.cancel()
        self._sink.clear()
        self._reset()

    def _reset(self) -> None:
        self.facts = Facts()
        self._restored: list[Restored] = []

    def keep(self, earlier: Earlier) -> None:
        """Take the rows of a store that stay as they are."""
        self._before = earlier.restored.aside
        self._restored.append(earlier.restored)
        earlier.keep(self._sink, self.facts)

    def restored(self, store: Path, id_of: Callable[[str], str]) -> Restored:
        """Return the records of a store, whose rows are all made again."""
        restored = Restored(store, id_of, self._labelling)
        self.facts.known |= restored.n_fields
        self._restored.append(restored)
        return restored

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
            self.facts.add(batch)
            self._sink.add(self._restated(batch.tables))

    def _restated(self, tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
        """Return tables with what a store quotes in other words."""
        for restored in self._restored:
            statements = restored.restated(tables["statements"], tables["trials"])
            tables = {**tables, "statements": statements}
        return tables

    def finish(self) -> Facts:
        """Hand on the batches that are still due; return what is left to settle."""
        self._take(self._pool.rest())
        return self.facts

    def end(self, sources: Sequence[Source], excluded: Sequence[Excluded]) -> Filled:
        """Hand on the rows that need all batches."""
        self.finish()
        return settle(
            *(self._sink, self.facts, self._labelling, sources, excluded),
            self._before,
        )


class Reading:
    """One reading of the files; `known` is an earlier one that met a repeated trial."""

    def __init__(
        self,
        rows: Rows,
        progress: Callable[[int], Any],
        earlier: Earlier | None = None,
        known: Reading | None = None,
    ) -> None:
        self._rows = rows
        self._progress = progress
        self._earlier = earlier
        fresh = earlier.identity if earlier else Identity()
        self.identity = known.identity if known else fresh
        self._repeats = known.identity.repeats() if known else {}
        self._source_of = known._source_of if known else {}
        self._is_second = known is not None
        self._pending: list[Record] = []
        self._waiting: dict[str, list[Record]] = {}
        #: The trials that records were read of, by their own ids.
        self.ids: set[str] = set()
        self.n_records = 0
        before = earlier.restored.aside.sources if earlier else ()
        self._source_of.update((source.source_id, source) for source in before)
        self.sources: list[Source] = []
        self.excluded: list[Excluded] = []
        self.searches: list[Receipt] = []

    def run(self, parts: Callable[[Callable[[str], str]], Iterable[Part]]) -> bool:
        """Read all parts; False where a trial may have records in several batches."""
        # Which of its trials a store keeps shows when all is read.
        is_vain = bool(self._earlier) and not self._is_second
        for part, groups in parts(self.identity.of):
            self.sources += part.sources
            if not self._is_second:
                self._source_of.update((s.source_id, s) for s in part.sources)
            self.excluded += part.excluded
            self.searches += part.searches
            self.n_records += len(part.records)
            for records in groups:
                self._take(records)
            if part.records:
                self._progress(self.n_records)
            # Rows are handed on, or soon, of a trial that has more records.
            has_repeats = self.identity.has_repeats and not self._is_second
            is_vain = is_vain or (has_repeats and self.n_records >= BATCH)
            if is_vain:
                self._pending.clear()
            else:
                self._give_full()
        if is_vain:
            return False
        for records in self._earlier.groups() if self._earlier else ():
            self._take(records)
            self._give_full()
        for records in self._waiting.values():
            self._pending += records
        self._give(is_last=True)
        return True

    def _take(self, records: list[Record]) -> None:
        """Take records of one trial, which come together."""
        first = records[0].trial_id
        if not self._is_second:
            self.ids.add(first)
            self.identity.add(records[0])
        key = self.identity.of(first) if self._repeats else ""
        if key not in self._repeats:
            self._pending += records
            return
        self._waiting.setdefault(key, []).extend(records)
        self._repeats[key] -= 1
        if not self._repeats[key]:
            self._pending += self._waiting.pop(key)

    def _give_full(self) -> None:
        if len(self._pending) >= BATCH:
            self._give(is_last=False)

    def _give(self, *, is_last: bool) -> None:
        used = dict.fromkeys(record.source_id for record in self._pending)
        known = [self._source_of[key] for key in used if key in self._source_of]
        ids = {record.trial_id for record in self._pending}
        current = {key: self.identity.of(key) for key in ids}
        self._rows.give(self._pending, known, is_last=is_last, current=current)
        self._pending = []
