"""Batches made into tables by several processes, in order, where there are many.

The files are read here; what costs more, rows and labels, is made in processes of
their own, which get Records and give back Arrow tables over a pipe. They are plain
`python -c` children, so a script without `if __name__ == "__main__"` and a notebook are
safe, and they end when this process does, whatever way it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec
import pyarrow as pa

from trialkit.errors import ParameterError, TrialDataError, TrialkitError
from trialkit.merge.registrations import OtherId, Trial
from trialkit.record import Record, Source
from trialkit.tidy.batch import Made, make

if TYPE_CHECKING:
    from trialkit.tidy.labelled import Labelling

#: More processes than this wait for the one that reads.
_MOST = 8
#: Batches that are made here first, without and with labels: what a process costs to
#: start and to talk to is only won back by many.
_HERE_FIRST = (5, 1)
_SIZE_BYTES = 8
_CODE = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from trialkit.tidy.workers import serve; serve()"
)


def n_workers(asked: int | None = None) -> int:
    """Return how many processes to use: as many as there are processors, or as asked.

    Parameters
    ----------
    asked
        A number of one or more, or None.

    Returns
    -------
    int
        One or more.

    Raises
    ------
    ParameterError
        If `asked` is less than one.
    """
    if asked is not None and asked < 1:
        raise ParameterError(f"workers={asked!r} is not a number of 1 or more")
    if not sys.executable:  # an embedded Python cannot start another
        return 1
    if asked is not None:
        return asked
    has_affinity = hasattr(os, "sched_getaffinity")
    n_processors = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
    return min(n_processors or 1, _MOST)


class _Task(msgspec.Struct, array_like=True):
    """What a process is asked for."""

    records: list[Record]
    sources: list[Source]
    current: dict[str, str] | None = None


class _Answer(msgspec.Struct, array_like=True):
    """What it gives back: a batch, a user's mistake, or a fault of the program."""

    mistake: str = ""
    fault: str = ""
    tables: dict[str, bytes] = {}
    trials: list[Trial] = []
    others: list[OtherId] = []
    stated: dict[str, set[str]] = {}


class Team:
    """Makes batches; used in a `with` block, at whose end no process is left.

    Parameters
    ----------
    n_workers
        How many processes; 1 makes all batches here.
    labelling
        How to label routes, cells and donors, or None.
    """

    def __init__(self, n_workers: int, labelling: Labelling | None) -> None:
        self._n_workers = n_workers
        self._labelling = labelling
        self._due: deque[Future[Made]] = deque()
        self._members: list[_Member] = []
        self._idle: SimpleQueue[_Member] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        self._n_here = 0

    def put(
        self,
        records: Sequence[Record],
        sources: Sequence[Source],
        *,
        is_last: bool,
        current: dict[str, str] | None = None,
    ) -> Iterator[Made]:
        """Take a batch, and yield those that are made, in the order they were put."""
        is_worth_it = self._n_here >= _HERE_FIRST[self._labelling is not None]
        if self._n_workers > 1 and is_worth_it and not is_last:
            self._start()
        if self._threads:
            task = msgspec.msgpack.encode(_Task(list(records), list(sources), current))
            self._due.append(self._threads.submit(self._ask, task))
        else:
            here: Future[Made] = Future()
            here.set_result(make(records, sources, self._labelling, current))
            self._due.append(here)
            self._n_here += 1
        while self._due and (
            self._due[0].done() or len(self._due) > 2 * self._n_workers
        ):
            yield self._due.popleft().result()

    def rest(self) -> Iterator[Made]:
        """Yield the batches that are not handed back yet."""
        while self._due:
            yield self._due.popleft().result()

    def forget(self) -> None:
        """Drop what was put and not handed back."""
        for future in self._due:
            future.cancel()
        self._due.clear()

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()
        for member in self._members:
            member.end()
        if self._threads:
            self._threads.shutdown()
        for member in self._members:
            member.close()

    def _start(self) -> None:
        if self._threads:
            return
        self._threads = ThreadPoolExecutor(self._n_workers)
        recipe = self._labelling.recipe if self._labelling else None
        for _ in range(self._n_workers):
            self._members.append(_Member(msgspec.msgpack.encode(recipe)))
            self._idle.put(self._members[-1])

    def _ask(self, task: bytes) -> Made:
        member = self._idle.get()
        try:
            answer = msgspec.msgpack.decode(member.ask(task), type=_Answer)
        finally:
            self._idle.put(member)
        if answer.mistake:
            raise TrialDataError(answer.mistake)
        if answer.fault:
            raise RuntimeError(f"in a worker process:\n{answer.fault}")
        tables = {name: _unpacked(data) for name, data in answer.tables.items()}
        return Made(tables, answer.trials, answer.others, answer.stated)


class _Member:
    """A process that makes one batch at a time."""

    def __init__(self, recipe: bytes) -> None:
        # In a session of its own: ^C on a terminal comes to the reader alone.
        self._process = subprocess.Popen(  # noqa: S603 (our own code and paths)
            [sys.executable, "-c", _CODE, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._tasks = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)
        self._recipe = recipe

    def ask(self, task: bytes) -> bytes:
        """Return the answer to a task."""
        try:
            if self._recipe:
                _write(self._tasks, self._recipe)
                self._recipe = b""
            _write(self._tasks, task)
            answer = _read(self._answers)
        except OSError:
            answer = None
        if answer is None:
            status = self._process.wait()
            raise TrialDataError(
                f"a worker process ended with status {status}: something stopped it, "
                "or memory is short; try again with 1 worker"
            )
        return answer

    def end(self) -> None:
        """End the process: it holds nothing that is not here."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close the pipes to a process that has ended."""
        for pipe in (self._tasks, self._answers):
            try:
                pipe.close()
            except OSError:  # what was not flushed is of no use any more
                continue


def serve() -> None:
    """Make the batches that standard input brings, until it ends."""
    tasks, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    recipe = _read(tasks)
    labelling = None
    if recipe and (given := msgspec.msgpack.decode(recipe)):
        from trialkit.tidy.labelled import Labelling

        labelling = Labelling(*given)
    while task := _read(tasks):
        try:
            _write(answers, msgspec.msgpack.encode(_answer(task, labelling)))
        except BrokenPipeError:
            os._exit(1)


def _answer(task: bytes, labelling: Labelling | None) -> _Answer:
    try:
        given = msgspec.msgpack.decode(task, type=_Task)
        made = make(given.records, given.sources, labelling, given.current)
    except TrialkitError as error:
        return _Answer(mistake=str(error))
    except Exception:
        return _Answer(fault=traceback.format_exc())
    tables = {name: _packed(table) for name, table in made.tables.items()}
    return _Answer("", "", tables, made.trials, made.others, made.stated)


def _packed(table: pa.Table) -> Any:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return memoryview(sink.getvalue())


def _unpacked(data: bytes) -> pa.Table:
    with pa.ipc.open_stream(data) as stream:
        return stream.read_all()


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_SIZE_BYTES, "big"))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, None where the other side has ended."""
    size = pipe.read(_SIZE_BYTES)
    if len(size) < _SIZE_BYTES:
        return None
    n_bytes = int.from_bytes(size, "big")
    data = pipe.read(n_bytes)
    return data if len(data) == n_bytes else None
