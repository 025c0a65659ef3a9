"""What a reader gets, a Document, and what it gives back, a Reading."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from trialkit.codebook import levels_of
from trialkit.errors import TrialDataError
from trialkit.read import sqlite, workbook
from trialkit.read.encoding import decode, guess_encoding
from trialkit.read.receipt import Listed, Receipt
from trialkit.record import Excluded, Record, Retold, Source

#: How much of a document a `sniff` sees.
HEAD_BYTES = 1 << 16
#: How much of it tells the encoding.
_SAMPLE_BYTES = 1 << 22
#: The most that is held in memory; UTF-8 files of most shapes are streamed.
MAX_HELD_BYTES = 1 << 30

_MAGIC = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PAR1": "a parquet file",
    b"\xd0\xcf\x11\xe0": (
        "an Office file of the old kind (.xls, .doc) or under a password; save a list "
        "of WHO ICTRP as .xlsx or CSV"
    ),
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x1f\x8b": "an archive inside an archive",
}
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


class SourceFacts(msgspec.Struct):
    """What a reader learns of the document itself: fields of its Source."""

    kind: str = "registry"
    shape: str = ""
    site: str | None = None
    source_date: str | None = None
    wording: str = "verbatim"
    n_total: int | None = None
    has_next_page: bool | None = None

    def add_retold(self, retold: Retold) -> None:
        """Note what a record says of itself; one rewritten makes the document so."""
        if retold.kind in levels_of("sources", "kind"):
            self.kind = retold.kind or self.kind
        if retold.wording not in (None, "", "verbatim"):
            self.wording = "rewritten"


class Reading(NamedTuple):
    """Records of a document, what was set aside, and facts of the document.

    `sources` are the original ones, if the document passes on Records of others, and
    `searches` the receipts of the downloads among them.
    """

    records: list[Record]
    excluded: list[Excluded]
    facts: SourceFacts
    sources: tuple[Source, ...] = ()
    searches: tuple[Receipt, ...] = ()


class Document:
    """One text file, or one member of an archive, in UTF-8; other bytes are refused.

    `path` is the user's, with the member of an archive after `!`; `sha256` the hash of
    the unpacked bytes, or of a workbook itself.
    """

    def __init__(
        self, path: str, source_id: str, sha256: str, opener: Callable[[], BinaryIO]
    ) -> None:
        self.path = path
        #: What counts of it, where it is a page that a receipt lists.
        self.listed: Listed | None = None
        #: The file that it is, or is in, where it was found in one.
        self.file: Path | None = None
        self.source_id = source_id
        self.sha256 = sha256
        with opener() as handle:
            sample = handle.read(_SAMPLE_BYTES)
        #: How many bytes it has, or more than that.
        self.n_bytes = len(sample)
        #: Whether the text is the CSV of a workbook's list.
        self.is_workbook = sample.startswith(workbook.MAGIC)
        if self.is_workbook:
            text = workbook.as_csv(opener)
            opener, sample = partial(io.BytesIO, text), text[:_SAMPLE_BYTES]
        elif sample.startswith(sqlite.MAGIC):
            text = sqlite.as_lines(opener, path, MAX_HELD_BYTES)
            opener, sample = partial(io.BytesIO, text), text[:_SAMPLE_BYTES]
        self._opener = opener
        self.encoding = _encoding_of_text(sample)
        #: The beginning, as a `sniff` gets it.
        self.head = self._to_utf8(sample[:HEAD_BYTES])

    def open(self) -> BinaryIO:
        """Return the document as a stream of UTF-8, at its beginning."""
        if self.encoding not in ("utf-8", "utf-8-sig"):
            return io.BytesIO(self.data)
        handle = self._opener()
        if self.encoding == "utf-8-sig":
            handle.read(len(codecs.BOM_UTF8))
        return handle

    @cached_property
    def data(self) -> bytes:
        """The whole document as UTF-8, without a byte order mark."""
        with self._opener() as handle:
            data = handle.read(MAX_HELD_BYTES + 1)
        if len(data) > MAX_HELD_BYTES:
            raise TrialDataError(
                f"larger than {MAX_HELD_BYTES >> 30} GiB, and of no shape and encoding "
                "that is read piece by piece"
            )
        return self._to_utf8(data)

    @cached_property
    def text(self) -> str:
        """The whole document as text, newlines untouched."""
        return decode(self.data, "utf-8")

    def _to_utf8(self, data: bytes) -> bytes:
        if self.encoding in ("utf-8", "utf-8-sig"):
            return data.removeprefix(codecs.BOM_UTF8)
        return decode(data, self.encoding).encode()


def _encoding_of_text(sample: bytes) -> str:
    """Return the encoding of a text; an empty or binary sample is refused."""
    if not sample.strip():
        raise TrialDataError("the file is empty")
    for magic, what in _MAGIC.items():
        if sample.startswith(magic):
            raise TrialDataError(f"not text: {what}")
    encoding = guess_encoding(sample)
    head = sample[:HEAD_BYTES]
    if not encoding.startswith("utf-8"):
        head = decode(head, encoding).encode("utf-8", "replace")
    if len(head) - len(head.translate(None, _CONTROL)) > len(head) // 1000:
        raise TrialDataError("not text: a binary file")
    return encoding
