"""Files to tables by parts: cut, made elsewhere, brought together and settled here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from trialkit import read
from trialkit.errors import TrialDataError
from trialkit.files import Paths, listed
from trialkit.merge.identity import Identity
from trialkit.merge.registrations import Links
from trialkit.read.files import expand
from trialkit.read.pieces import Piece, pieces, together
from trialkit.record import Excluded, Record
from trialkit.tidy.inventory import is_store
from trialkit.tidy.parts import (
    Change,
    Part,
    Place,
    Task,
    add_facts,
    add_tables,
    clear_tries,
    digest_of,
    encoded,
    link,
    make_part,
    own_version,
    part_of,
    part_without,
    records_of,
    without,
)
from trialkit.tidy.settle import Facts, Filled, columns_of, settle
from trialkit.tidy.store import StoreWriter
from trialkit.tidy.stream import Gathered, with_searches

if TYPE_CHECKING:
    from trialkit.tidy.labelled import Labelling

#: Bytes of the files of a part, at most and at least.
PART_BYTES = (1 << 26, 1 << 22)
#: Parts for each worker: one that is slow is waited for at the end.
_EACH = 4
#: Trials of a part whose records come from several others.
_TOGETHER = 500


class Mapper(Protocol):
    """What calls a function for many arguments, in other processes."""

    @property
    def n_workers(self) -> int:
        """How many calls run at a time."""
        ...

    def each(
        self,
        function: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        names: Sequence[object],
    ) -> Iterator[tuple[int, Any]]:
        """Yield place and result of each call, as they end."""
        ...


def fill_by(
    mapper: Mapper,
    sink: Gathered | StoreWriter,
    paths: Paths,
    labelling: Labelling | None,
    *,
    progress: Callable[[int], Any] = lambda n_records: None,
) -> Filled:
    """Do what `stream.fill` does, with parts that a mapper's workers make."""
    paths = listed(paths)
    for path in paths:
        if is_store(Path(path)):
            raise TrialDataError(f"{path} is a store: Dask reads files of records")
    making = _Making(mapper, sink, labelling, progress)
    aside = making.make(paths)
    parts = [making.parts[n] for n in sorted(making.parts)]
    told = ((part.sources, part.excluded) for part in parts)
    sources, excluded = together([([], aside), *told])
    if not making.n_records:
        raise read.nothing_usable(sources, excluded)
    facts = Facts()
    for part in parts:
        add_facts(facts, part)
        if isinstance(sink, StoreWriter):
            sink.parts |= part.files
        else:
            add_tables(sink, part)
    write_links = making.link if isinstance(sink, StoreWriter) else None
    filled = settle(sink, facts, labelling, sources, excluded, link=write_links)
    if not filled.n_trials:
        raise read.nothing_usable(sources, [*excluded, *facts.aside])
    searches = [receipt for part in parts for receipt in part.searches]
    return with_searches(filled, paths, sources, searches)


class _Making:
    """The parts of one run, as they are made."""

    def __init__(
        self,
        mapper: Mapper,
        sink: Gathered | StoreWriter,
        labelling: Labelling | None,
        progress: Callable[[int], Any],
    ) -> None:
        self._mapper = mapper
        self._sink = sink
        self._folder: str | None = None
        place = None
        if isinstance(sink, StoreWriter):
            self._folder = _absolute(str(sink.folder))
            place = Place(self._folder, str(sink.target), sink.rules)
        recipe = labelling.recipe if labelling else None
        if recipe:
            own, corrections = recipe
            recipe = tuple(map(_absolute, own)), tuple(map(_absolute, corrections))
        self._common: dict[str, Any] = {
            "recipe": recipe,
            "digest": digest_of(recipe),
            "place": place,
            "version": own_version(),
        }
        self._progress = progress
        self._identity = Identity()
        self._tasks: list[Task] = []
        self.parts: dict[int, Part] = {}
        self.n_records = 0

    def make(self, paths: Paths) -> list[Excluded]:
        """Make all parts; return what is set aside before any is read."""
        n_bytes = self._size(paths)
        found, aside = self._found(paths, n_bytes)
        self._tasks = [
            Task(number, pieces=own, **self._common)
            for number, own in enumerate(_grouped(found, n_bytes))
        ]
        self._run(self._tasks)
        self._bring_together()
        if self._folder:
            clear_tries(Path(self._folder))
        return aside

    def _size(self, paths: Paths) -> int:
        """Return how many bytes of files a part is made of."""
        whole = sum(path.stat().st_size for path in expand(paths) if path.is_file())
        most, least = PART_BYTES
        return min(max(whole // (_EACH * self._mapper.n_workers), least), most)

    def _found(self, paths: Paths, n_bytes: int) -> tuple[list[Piece], list[Excluded]]:
        found: list[Piece] = []
        aside: list[Excluded] = []
        for item in pieces(paths, n_bytes):
            if isinstance(item, Excluded):
                aside.append(item)
            else:
                found.append(msgspec.structs.replace(item, file=_absolute(item.file)))
        return found, aside

    def _run(self, tasks: Sequence[Task]) -> None:
        given = [(encoded(task),) for task in tasks]
        for at, data in self._mapper.each(make_part, given, tasks):
            part = part_of(data)
            if part.mistake:
                raise TrialDataError(part.mistake)
            self.parts[tasks[at].number] = part
            self._identity.join(part.n_records, part.claims)
            self.n_records += sum(part.n_records.values())
            self._progress(self.n_records)

    def _bring_together(self) -> None:
        """Make the trials again that have records in several parts."""
        again = self._repeated()
        if not again:
            return
        of: dict[str, list[Record]] = {}
        tasks = [self._tasks[n] for n in again]
        given = [(encoded(task), set(again[task.number])) for task in tasks]
        read_again: dict[int, list[Record]] = {}
        for at, data in self._mapper.each(records_of, given, tasks):
            read_again[at] = msgspec.msgpack.decode(data, type=list[Record])
        for at in sorted(read_again):
            for record in read_again[at]:
                of.setdefault(self._identity.of(record.trial_id), []).append(record)
        self._drop({n: set(ids.values()) for n, ids in again.items()})
        groups = iter(of.values())
        number, more = len(self._tasks), []
        while own := list(islice(groups, _TOGETHER)):
            records = [record for group in own for record in group]
            more.append(self._task_of(number + len(more), records))
        self._run_again(more)

    def _run_again(self, tasks: Sequence[Task]) -> None:
        n_records = self.n_records
        self._run(tasks)
        self.n_records = n_records

    def _task_of(self, number: int, records: list[Record]) -> Task:
        used = {record.source_id for record in records}
        parts = self.parts.values()
        sources, _ = together((part.sources, ()) for part in parts)
        own = [source for source in sources if source.source_id in used]
        ids = {record.trial_id for record in records}
        current = {key: self._identity.of(key) for key in ids}
        given = {"records": records, "sources": own, "current": current}
        return Task(number, **given, **self._common)

    def _repeated(self) -> dict[int, dict[str, str]]:
        """Return, by part, ids of records to read again, and of the rows they made."""
        seen: dict[str, int] = {}
        several: set[str] = set()
        made: dict[int, dict[str, str]] = {}
        for number, part in self.parts.items():
            alone = Identity()
            alone.join(part.n_records, part.claims)
            made[number] = {key: alone.of(key) for key in part.n_records}
            rows = list(made[number].items())
            other = {row for key, row in rows if self._identity.of(key) != row}
            for key, row in rows:
                now = self._identity.of(key)
                if row in other or seen.setdefault(now, number) != number:
                    several.add(now)
        again = {
            number: {k: row for k, row in of.items() if self._identity.of(k) in several}
            for number, of in made.items()
        }
        return {number: ids for number, ids in again.items() if ids}

    def _drop(self, rows: dict[int, set[str]]) -> None:
        if not self._folder:
            for number, ids in rows.items():
                self.parts[number] = without(self.parts[number], ids, None)
            return
        numbers = list(rows)
        given = [(encoded(self.parts[n]), rows[n], self._folder) for n in numbers]
        names = [self._tasks[n] for n in numbers]
        for at, data in self._mapper.each(part_without, given, names):
            self.parts[numbers[at]] = part_of(data)

    def link(self, links: Links) -> None:
        """Write the links into the parts that they change."""
        order = sorted(self.parts)
        ends = list(accumulate(len(self.parts[n].others) for n in order))
        changes = {n: Change(n, self._folder or "") for n in order}
        for row, told in links.named.items():
            at = bisect_right(ends, row)
            changes[order[at]].named[row - (ends[at - 1] if at else 0)] = told
        for n in order:
            ids = {trial.trial_id for trial in self.parts[n].trials}
            for name, new in columns_of(links).items():
                own = {key: new[key] for key in ids & new.keys()}
                if own:
                    changes[n].columns[name] = own
        due = [c for c in changes.values() if c.columns or c.named]
        given = [(encoded(change),) for change in due]
        names = [f"the links of part {change.number}" for change in due]
        for _, told in self._mapper.each(link, given, names):
            if isinstance(self._sink, StoreWriter):
                self._sink.parts |= told


def _absolute(path: str) -> str:
    return str(Path(path).absolute())


def _grouped(found: Sequence[Piece], n_bytes: int) -> Iterator[list[Piece]]:
    """Yield pieces together, as many as have so many bytes."""
    own: list[Piece] = []
    size = 0
    for piece in found:
        own.append(piece)
        size += piece.n_bytes
        if size >= n_bytes:
            yield own
            own, size = [], 0
    if own:
        yield own
