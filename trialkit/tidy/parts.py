"""Parts of a store, which other processes make: each from its pieces of the files.

A part is what `stream` makes of a few files alone. Where a trial has records in several
parts, its rows are dropped from each, and its records come together in another one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from secrets import token_hex
from shutil import rmtree

import msgspec
import pyarrow as pa

from trialkit import read
from trialkit.errors import TrialDataError, TrialkitError
from trialkit.merge.registrations import OtherId, Trial
from trialkit.read.pieces import Piece, read_pieces
from trialkit.read.receipt import Receipt
from trialkit.record import KEPT, Excluded, Record, Source
from trialkit.tidy.arrow import compute, replaced, text_of
from trialkit.tidy.inventory import Told, told_of
from trialkit.tidy.settle import Facts, Sink
from trialkit.tidy.store import FORM, StoreWriter
from trialkit.tidy.stream import Gathered, Rows, each_alone, read_all
from trialkit.tidy.tables import Pointers
from trialkit.tidy.workers import Recipe, WorkerPool, labelling_by, packed, unpacked
from trialkit.version import __version__, rules_version

_KEY = "trial_id"
#: The name of a folder that a try fills ends so.
_UNDER_WAY = ".trying"


class Place(msgspec.Struct, array_like=True):
    """Where a part is written: the folder that is filled, and the store's name."""

    folder: str
    target: str
    rules: str


class Task(msgspec.Struct, array_like=True):
    """A part to make, of pieces of files or of records that were read already."""

    number: int
    pieces: list[Piece] = []
    records: list[Record] = []
    sources: list[Source] = []
    current: dict[str, str] = {}
    recipe: Recipe | None = None
    digest: str = ""
    place: Place | None = None
    version: str = ""

    def __str__(self) -> str:
        if not self.pieces:
            return f"{len(self.records):,} records of trials that several files have"
        more = len(self.pieces) - 1
        return f"{self.pieces[0]}{f' and {more:,} more' if more else ''}"


class Part(msgspec.Struct, array_like=True):
    """A part that was made: what of it is left to settle, and its files or tables."""

    number: int
    mistake: str = ""
    sources: list[Source] = []
    excluded: list[Excluded] = []
    searches: list[Receipt] = []
    n_records: dict[str, int] = {}
    claims: dict[str, set[str]] = {}
    trials: list[Trial] = []
    others: list[OtherId] = []
    stated: dict[str, set[str]] = {}
    dropped: list[tuple[str, str, int]] = []
    old: list[str] = []
    aside: list[Excluded] = []
    files: dict[str, Told] = {}
    tables: dict[str, bytes] = {}


def own_version() -> str:
    """Return what decides how a part is made."""
    return f"{__version__} {rules_version()}"


def encoded(struct: msgspec.Struct) -> bytes:
    """Return a task or a part as the bytes that go from process to process."""
    return msgspec.msgpack.encode(struct)


def part_of(data: bytes) -> Part:
    """Return the part in some bytes."""
    return msgspec.msgpack.decode(data, type=Part)


def digest_of(recipe: Recipe | None) -> str:
    """Return a hash of the user's vocabularies and overrides."""
    digest = sha256()
    for name in chain.from_iterable(recipe or ()):
        digest.update(Path(name).read_bytes())
    return digest.hexdigest()


def make_part(data: bytes) -> bytes:
    """Return the part that a task asks for, or a user's mistake in its place."""
    task = msgspec.msgpack.decode(data, type=Task)
    try:
        if task.version != own_version():
            told = f"a worker has trialkit {own_version()} where this is {task.version}"
            raise TrialDataError(f"{told}: install the same everywhere")
        if task.digest != digest_of(task.recipe):
            raise TrialDataError("a worker sees other vocabularies or overrides")
        return encoded(_made(task))
    except FileNotFoundError as error:
        told = "files and store must lie where every worker finds them"
        return encoded(Part(task.number, f"a worker finds no {error.filename}: {told}"))
    except TrialkitError as error:
        return encoded(Part(task.number, str(error)))


def _made(task: Task) -> Part:
    if task.place is None:
        sink = Gathered()
        part = _filled(task, sink)
        part.tables = {
            name: packed(held.written()) for name, held in sink.held().items()
        }
        return part
    target, folder = Path(task.place.target), Path(task.place.folder)
    name = f"{task.number:06}"
    # Two tries may be under way: each fills a folder of its own.
    with _aside(folder, f"{name}{_UNDER_WAY}") as own:
        sink = StoreWriter(target, own, task.place.rules, name)
        try:
            sink.clear()
            part = _filled(task, sink)
            part.files = sink.complete_part()
        finally:
            sink.close()
        for inside in part.files:
            (folder / inside).parent.mkdir(exist_ok=True)
            (own / inside).replace(folder / inside)
    return part


@contextmanager
def _aside(home: Path, name: str) -> Iterator[Path]:
    folder = home / f".{token_hex(4)}.{name}"
    folder.mkdir()
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def clear_tries(folder: Path) -> None:
    """Remove what workers that died left in a folder."""
    for left in folder.glob(f".*{_UNDER_WAY}"):
        rmtree(left, ignore_errors=True)


def _filled(task: Task, sink: Gathered | StoreWriter) -> Part:
    labelling = labelling_by(task.recipe, task.digest) if task.recipe else None
    rows = Rows(sink, labelling, WorkerPool(1, labelling))
    part = Part(task.number)
    if task.pieces:
        chunks = partial(_chunks, task.pieces)
        found = read_all(rows, chunks, lambda n_records: None)
        part.sources, part.excluded = found.sources, found.excluded
        part.searches = found.searches
        part.n_records, part.claims = found.identity.told()
    else:
        rows.give(task.records, task.sources, is_last=True, current=task.current)
    facts = rows.finish()
    part.trials, part.others, part.stated = facts.trials, facts.others, facts.stated
    part.dropped = [(field, why, n) for (field, why), n in facts.dropped.items()]
    part.old, part.aside = facts.old, facts.aside
    return part


def _chunks(
    pieces: list[Piece], id_of: Callable[[str], str]
) -> Iterable[tuple[read.Collected, Iterable[list[Record]]]]:
    return ((chunk, each_alone(chunk)) for chunk in read_pieces(pieces))


def records_of(data: bytes, ids: Collection[str]) -> bytes:
    """Return the records of some trials in the pieces of a task."""
    task = msgspec.msgpack.decode(data, type=Task)
    records = [
        record
        for chunk in read_pieces(task.pieces)
        for record in chunk.records
        if record.trial_id in ids
    ]
    return msgspec.msgpack.encode(records)


def without(part: Part, ids: Collection[str], folder: str | None) -> Part:
    """Return a part without the rows of some trials, in its files or its tables."""
    gone = text_of(sorted(ids))
    counts = None
    for name in part.files:
        table = _read(Path(folder or "", name))
        if _KEY in table.schema.names:
            left = _left(table, gone)
            part.files[name] = _written(left, Path(folder or "", name))
            counts = _dropped(left) if name.startswith("statements/") else counts
    for name, packed_ in part.tables.items():
        table = unpacked(packed_)
        if _KEY in table.schema.names:
            left = _left(table, gone)
            part.tables[name] = packed(left)
            counts = _dropped(left) if name == "statements" else counts
    counted = counts or Counter()
    part.dropped = [(field, why, n) for (field, why), n in counted.items()]
    part.trials = [trial for trial in part.trials if trial.trial_id not in ids]
    part.others = [other for other in part.others if other.trial_id not in ids]
    part.old = [key for key in part.old if key not in ids]
    part.aside = [item for item in part.aside if item.record not in ids]
    return part


def _dropped(statements: pa.Table) -> Counter[tuple[str, str]]:
    """Return of how many trials in a file a field could not be read, and why."""
    rows = statements.select([_KEY, "field", "note", "basis"]).to_pylist()
    unread = {
        (row[_KEY], row["field"], row["note"] or "")
        for row in rows
        if row["basis"] == "unread"
    }
    return Counter((field, note) for _, field, note in unread if KEPT not in note)


def part_without(data: bytes, ids: Collection[str], folder: str | None) -> bytes:
    """Return what `without` does, from process to process."""
    return encoded(without(part_of(data), ids, folder))


class Change(msgspec.Struct, array_like=True):
    """What links change in a part: columns of `trials` by id, rows of `identifiers`."""

    number: int
    folder: str
    columns: dict[str, dict[str, str]] = {}
    named: dict[int, tuple[str, bool]] = {}


def link(data: bytes) -> dict[str, Told]:
    """Write the links into the files of a part; return what is told of those."""
    change = msgspec.msgpack.decode(data, type=Change)
    told: dict[str, Told] = {}
    for name, is_due, new in (
        ("trials", change.columns, partial(_linked, change.columns)),
        ("identifiers", change.named, Pointers(change.named)),
    ):
        if is_due:
            inside = f"{name}/{change.number:06}.parquet"
            file = Path(change.folder, inside)
            told[inside] = _written(new(_read(file)), file)
    return told


def _linked(columns: Mapping[str, Mapping[str, str]], table: pa.Table) -> pa.Table:
    return replaced(table, "trials", by=_KEY, **columns)


def _left(table: pa.Table, gone: pa.Array) -> pa.Table:
    is_gone = compute.is_in(table[_KEY], value_set=gone.cast(table[_KEY].type))
    return table.filter(compute.invert(is_gone))


def _read(file: Path) -> pa.Table:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as parquet:
        return parquet.read()


def _written(table: pa.Table, file: Path) -> Told:
    """Write a file in place of another, which is there until this one is whole."""
    from pyarrow.parquet import write_table

    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    write_table(table, new, **FORM)
    told = told_of(new, table.num_rows)
    new.replace(file)
    return told


def add_facts(facts: Facts, part: Part) -> None:
    """Note what a part left to settle."""
    for source_id, fields in part.stated.items():
        facts.stated.setdefault(source_id, set()).update(fields)
    facts.trials += part.trials
    facts.others += part.others
    for field, reason, n in part.dropped:
        facts.dropped[field, reason] += n
    facts.old += part.old
    facts.aside += part.aside


def add_tables(sink: Sink, part: Part) -> None:
    """Hand on the tables of a part that was not written."""
    sink.add({name: unpacked(data) for name, data in part.tables.items()})
