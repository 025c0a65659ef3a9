"""Files cut into pieces, which other processes read, each without the others.

A long list of studies is cut where one ends and the next begins; every other document
is a piece as it is. What the pieces of a document tell is put together again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

import msgspec

from trialkit.errors import TrialDataError
from trialkit.files import Paths
from trialkit.read.ctgov import json
from trialkit.read.document import Document
from trialkit.read.files import documents, reopened, shown
from trialkit.read.reading import Collected, read_document
from trialkit.record import Excluded, Source

#: How far a cut is looked for; a study that is longer stays in one piece with the next.
_WINDOW = 1 << 22
_NUMBERED = re.compile(r"study (\d+)")


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """A document, or the bytes of a list from `start` to `end`, and its size.

    `shown` is the file as it was given, with which the names of its documents begin.
    """

    file: str
    name: str
    source_id: str
    sha256: str
    n_bytes: int
    start: int = 0
    end: int | None = None
    size: int = 0
    shown: str = ""

    def __str__(self) -> str:
        if self.end is None:
            return self.name
        return f"{self.name}, bytes {self.start:,} to {self.end:,}"


def pieces(
    paths: Paths, n_bytes: int, known: Iterable[Source] = ()
) -> Iterator[Piece | Excluded]:
    """Yield the pieces of all documents, none much longer than `n_bytes`."""
    for item in documents(paths, known):
        if isinstance(item, Excluded):
            yield item
        else:
            yield from _pieces_of(item, n_bytes)


def _pieces_of(document: Document, n_bytes: int) -> Iterator[Piece]:
    file = Path(document.file or document.path)
    size = file.stat().st_size
    whole = (str(file), document.path, document.source_id, document.sha256)
    called = shown(file)
    with file.open("rb") as handle:
        # Not a list that is unpacked first, or is one of several in an archive.
        is_plain = document.encoding == "utf-8" and document.head.startswith(
            handle.read(64)
        )
        if size < 2 * n_bytes or not is_plain or not json.is_list(document.head):
            yield Piece(*whole, n_bytes=document.n_bytes, shown=called)
            return
        start = 0
        while start < size:
            end = _cut(handle, start + n_bytes, size)
            yield Piece(*whole, end - start, start, end, size, called)
            start = end


def _cut(handle: BinaryIO, at: int, size: int) -> int:
    """Return the first place from `at` on where a study begins, or the end."""
    if at < size:
        handle.seek(at)
        found = json.first_start(handle.read(_WINDOW))
        if found is not None:
            return at + found
    return size


def read_pieces(given: Sequence[Piece]) -> Iterator[Collected]:
    """Yield the content of pieces in chunks, as `read_chunks` does of whole files."""
    for (file, called), group in groupby(given, attrgetter("file", "shown")):
        those = list(group)
        whole = {p.name: (p.source_id, p.sha256) for p in those if p.end is None}
        for document in reopened(Path(file), whole, called) if whole else ():
            yield from read_document(document)
            whole.pop(document.path)
        if whole:
            raise TrialDataError(f"{next(iter(whole))} is gone since it was found")
        for piece in those:
            if piece.end is not None:
                opener = partial(_opened, piece)
                args = (piece.name, piece.source_id, piece.sha256, opener)
                yield from read_document(Document(*args))


def _opened(piece: Piece) -> BinaryIO:
    """Return a part of a list as a list of its own."""
    with open(piece.file, "rb") as handle:
        if handle.seek(0, io.SEEK_END) != piece.size:
            raise TrialDataError(f"{piece.name} changed while it was read")
        handle.seek(piece.start)
        data = handle.read((piece.end or 0) - piece.start)
    is_open = piece.end == piece.size and not data.rstrip().endswith(b"]")
    if piece.start == 0:
        data = data.lstrip()[1:]
    if piece.end == piece.size and not is_open:
        data = data[: data.rindex(b"]")]
    return io.BytesIO(b"[" + data.rstrip(b", \r\n\t") + (b"" if is_open else b"]"))


def together(
    parts: Iterable[tuple[Sequence[Source], Sequence[Excluded]]],
) -> tuple[list[Source], list[Excluded]]:
    """Return what the parts of documents told, in order, as whole ones tell it."""
    sources: dict[str, Source] = {}
    aside: list[Excluded] = []
    before: dict[str, int] = {}
    for own, excluded in parts:
        for item in excluded:
            found = _NUMBERED.fullmatch(item.record or "")
            if found and (n := before.get(item.source_id)):
                record = f"study {int(found[1]) + n}"
                item = msgspec.structs.replace(item, record=record)
            aside.append(item)
        for source in own:
            key = source.source_id
            known = sources.get(key)
            sources[key] = _both(known, source) if known else source
            n_aside = sum(item.source_id == key for item in excluded)
            before[key] = before.get(key, 0) + source.n_records + n_aside
    return list(sources.values()), aside


def _both(one: Source, other: Source) -> Source:
    return msgspec.structs.replace(
        one,
        n_records=one.n_records + other.n_records,
        kind=one.kind if other.kind == "registry" else other.kind,
        wording=max(one.wording, other.wording, key=lambda word: word == "rewritten"),
    )
