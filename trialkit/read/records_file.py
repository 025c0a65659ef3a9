"""trialkit's own records file: Records of any mix of sources, with their sources.

A saved selection gives the same tables, labels and conflicts again. Each line is JSON:
first the version, then the receipts of downloads, the sources, and the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

import msgspec

from trialkit.errors import TrialDataError
from trialkit.read.document import Document, Reading, SourceFacts
from trialkit.read.receipt import Receipt
from trialkit.record import Excluded, Record, Source

SHAPE = "trialkit records"
#: Raised when a field of a Record changes its meaning.
_VERSION = 1
_MARK = b'{"trialkit_records":'


class _Line(msgspec.Struct, omit_defaults=True):
    trialkit_records: int | None = None
    search: Receipt | None = None
    source: Source | None = None
    record: Record | None = None


def sniff(head: bytes) -> bool:
    """Return whether a document is a records file."""
    return head.startswith(_MARK)


def read(document: Document) -> Iterator[Reading]:
    """Yield the Records of the file with the sources that they come from."""
    records: list[Record] = []
    sources: list[Source] = []
    searches: list[Receipt] = []
    excluded: list[Excluded] = []
    unread = partial(Excluded, source_id=document.source_id, path=document.path)
    with document.open() as handle:
        for number, line in _lines(handle):
            if isinstance(line, str):
                excluded.append(unread(record=f"line {number}", reason=line))
            elif line.record is not None:
                records.append(line.record)
            elif line.source is not None:
                here = msgspec.structs.replace(line.source, records_file=document.path)
                sources.append(here)
            elif line.search is not None:
                searches.append(line.search)
            elif (line.trialkit_records or 0) > _VERSION:
                raise TrialDataError("written by a newer trialkit: update this one")
    facts = SourceFacts("registry", SHAPE)
    yield Reading(records, excluded, facts, tuple(sources), tuple(searches))


def _lines(handle: BinaryIO) -> Iterator[tuple[int, _Line | str]]:
    """Yield number and content of each line, or why it cannot be read."""
    decoder = msgspec.json.Decoder(_Line)
    for number, text in enumerate(handle, 1):
        if text.strip():
            try:
                yield number, decoder.decode(text)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                yield number, f"not a line of a records file: {error}"


def encode(
    records: Iterable[Record],
    sources: Iterable[Source],
    searches: Iterable[Receipt] = (),
) -> Iterator[bytes]:
    """Yield the lines of a records file."""
    encoder = msgspec.json.Encoder()
    yield encoder.encode(_Line(trialkit_records=_VERSION)) + b"\n"
    for search in searches:
        yield encoder.encode(_Line(search=search)) + b"\n"
    for source in sources:
        yield encoder.encode(_Line(source=source)) + b"\n"
    for record in records:
        yield encoder.encode(_Line(record=record)) + b"\n"
