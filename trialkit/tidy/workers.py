"""Worker processes that build the tables of batches from their Records."""

from __future__ import annotations

import os
import sys
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from trialkit.errors import ParameterError, TrialDataError, TrialkitError
from trialkit.merge.registrations import OtherId, Trial
from trialkit.processes import Child, answer_messages
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.batch import Built, build

if TYPE_CHECKING:
    from trialkit.tidy.labelled import Labelling

#: Batches that this process builds first: starting another pays off only for more.
HERE_FIRST = 5
#: A batch of trials of cells, to label, counts as so many.
_OF_CELLS = 5
#: What a worker process runs.
SERVER = "trialkit.tidy.workers.serve"
#: More processes than this wait for the one that reads.
_MOST = 8


def n_workers(asked: int | None = None) -> int:
    """Return how many processes to use: as asked, or one per processor."""
    if asked is not None and asked < 1:
        raise ParameterError(f"workers={asked!r} is not a number of 1 or more")
    if not sys.executable:  # an embedded Python cannot start another
        return 1
    if asked is not None:
        return asked
    has_affinity = hasattr(os, "sched_getaffinity")
    n_processors = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
    return min(n_processors or 1, _MOST)


#: The user's vocabularies and overrides, by which another process labels alike.
Recipe = tuple[tuple[str, ...], tuple[str, ...]]


class _Task(msgspec.Struct, array_like=True):
    """A batch to build."""

    records: list[Record]
    sources: list[Source]
    current: dict[str, str] | None
    recipe: Recipe | None


class _Answer(msgspec.Struct, array_like=True):
    """A built batch, a user's mistake, or the traceback of a fault."""

    mistake: str = ""
    fault: str = ""
    tables: dict[str, bytes] = {}
    trials: list[Trial] = []
    others: list[OtherId] = []
    stated: dict[str, set[str]] = {}
    dropped: dict[tuple[str, str], int] = {}
    old: list[str] = []
    aside: list[Excluded] = []
    n_cells: int = 0


class WorkerPool:
    """A pool of processes that build batches; they end with the `with` block."""

    def __init__(self, n_workers: int, labelling: Labelling | None) -> None:
        self._n_workers = n_workers
        self._labelling = labelling
        self._due: deque[Future[Built]] = deque()
        self._children: list[Child] = []
        self._idle: SimpleQueue[Child] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        self._n_here = 0

    def put(
        self,
        records: Sequence[Record],
        sources: Sequence[Source],
        *,
        is_last: bool,
        current: dict[str, str] | None = None,
    ) -> Iterator[Built]:
        """Take a batch, and yield those that are built, in the order of `put`."""
        is_worth_it = self._n_here >= HERE_FIRST and not is_last
        if self._n_workers > 1 and is_worth_it:
            self._start()
        if self._threads:
            recipe = self._labelling.recipe if self._labelling else None
            task = _Task(list(records), list(sources), current, recipe)
            message = msgspec.msgpack.encode(task)
            self._due.append(self._threads.submit(self._ask, message))
        else:
            here: Future[Built] = Future()
            built = build(records, sources, self._labelling, current)
            here.set_result(built)
            self._due.append(here)
            are_of_cells = 2 * built.n_cells > len(built.trials)
            self._n_here += _OF_CELLS if are_of_cells else 1
        most = 2 * self._n_workers
        while self._due and (self._due[0].done() or len(self._due) > most):
            yield self._due.popleft().result()

    def rest(self) -> Iterator[Built]:
        """Yield the batches that are still due."""
        while self._due:
            yield self._due.popleft().result()

    def cancel(self) -> None:
        """Drop the batches that are still due."""
        for future in self._due:
            future.cancel()
        self._due.clear()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()
        for child in self._children:
            child.end()
        if self._threads:
            self._threads.shutdown()
        for child in self._children:
            child.close()

    def _start(self) -> None:
        if self._threads:
            return
        self._threads = ThreadPoolExecutor(self._n_workers)
        for _ in range(self._n_workers):
            self._children.append(Child(SERVER))
            self._idle.put(self._children[-1])

    def _ask(self, task: bytes) -> Built:
        child = self._idle.get()
        try:
            message = child.ask(task)
        finally:
            self._idle.put(child)
        if message is None:
            raise TrialDataError(
                f"a worker process ended with status {child.process.wait()}: something "
                "stopped it, or memory is short; try again with 1 worker"
            )
        answer = msgspec.msgpack.decode(message, type=_Answer)
        if answer.mistake:
            raise TrialDataError(answer.mistake)
        if answer.fault:
            raise RuntimeError(f"in a worker process:\n{answer.fault}")
        tables = {name: unpacked(data) for name, data in answer.tables.items()}
        return Built(tables, *msgspec.structs.astuple(answer)[3:])


def serve() -> None:
    """Build the batches that arrive on standard input."""
    answer_messages(lambda task: msgspec.msgpack.encode(_answer(task)))


def _answer(task: bytes) -> _Answer:
    try:
        given = msgspec.msgpack.decode(task, type=_Task)
        labelling = labelling_by(given.recipe) if given.recipe else None
        built = build(given.records, given.sources, labelling, given.current)
    except TrialkitError as error:
        return _Answer(mistake=str(error))
    except Exception:
        return _Answer(fault=traceback.format_exc())
    tables = {name: packed(table) for name, table in built.tables.items()}
    return _Answer("", "", tables, *built[1:])


@cache
def labelling_by(recipe: Recipe, digest: str = "") -> Labelling:
    """Return the labelling of a recipe, made once; `digest` is that of its files."""
    from trialkit.tidy.labelled import Labelling

    return Labelling(*recipe)


def packed(table: pa.Table) -> Any:
    """Return a table as the bytes that go to another process."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return memoryview(sink.getvalue())


def unpacked(data: bytes) -> pa.Table:
    """Return the table in some bytes."""
    with pa.ipc.open_stream(data) as stream:
        return stream.read_all()
