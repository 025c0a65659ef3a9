"""What a reader is given and gives back."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from functools import cached_property, partial
from typing import BinaryIO, NamedTuple

from trialkit.codebook import levels_of
from trialkit.errors import TrialDataError
from trialkit.read.ctgov.paging import Paging
from trialkit.read.encoding import decode, guess_encoding
from trialkit.read.ictrp import workbook
from trialkit.record import Excluded, Record, Retold, Source

#: How much of a document a `sniff` sees.
HEAD_BYTES = 1 << 16
#: How much of it is searched for its encoding. Pages are smaller; exports that are
#: larger keep one encoding from beginning to end.
_SAMPLE_BYTES = 1 << 22

#: The most that is held at once; UTF-8 files of most shapes are streamed instead.
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
    b"SQLite format 3": "an SQLite database",
}
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


class SourceFacts(NamedTuple):
    """What a reader learned of the document itself, for the table `sources`."""

    kind: str
    shape: str
    site: str | None = None
    source_date: str | None = None
    wording: str = "verbatim"
    paging: Paging = Paging()

    def with_retold(self, retold: Retold) -> SourceFacts:
        """Return the facts of a document that holds a record which says this of itself.

        One record whose sentences are rewritten makes the whole document such a one:
        none of its words may be taken for a quotation.
        """
        kind = retold.kind if retold.kind in levels_of("sources", "kind") else self.kind
        is_verbatim = {retold.wording or "verbatim", self.wording} == {"verbatim"}
        wording = "verbatim" if is_verbatim else "rewritten"
        return self._replace(kind=kind, wording=wording)


class Reading(NamedTuple):
    """What a reader gives back: Records, what it set aside, facts of the document.

    `sources` is for a document that passes on Records of other documents: these.
    """

    records: list[Record]
    excluded: list[Excluded]
    facts: SourceFacts
    sources: tuple[Source, ...] = ()


class Document:
    """One file, or one member of an archive, as a reader gets it: UTF-8 throughout.

    Parameters
    ----------
    path
        As given by the user, with the member of an archive after `!`.
    source_id
        Short and stable: the file's stem and the beginning of its hash.
    sha256
        Hash of the bytes that `opener` gives: unpacked, for a zip member or a gzip; of
        a workbook itself, whose list is read as text.
    opener
        Opens the bytes at their beginning.

    Raises
    ------
    TrialDataError
        If the bytes are no text.
    """

    def __init__(
        self, path: str, source_id: str, sha256: str, opener: Callable[[], BinaryIO]
    ) -> None:
        self.path = path
        self.source_id = source_id
        self.sha256 = sha256
        with opener() as handle:
            sample = handle.read(_SAMPLE_BYTES)
        #: Whether it is the list in a workbook, handed on as the text of a CSV.
        self.is_workbook = sample.startswith(workbook.MAGIC)
        if self.is_workbook:
            text = workbook.as_csv(opener)
            opener, sample = partial(io.BytesIO, text), text[:_SAMPLE_BYTES]
        self._opener = opener
        self.encoding = _encoding_of_text(sample)
        #: The first 64 KiB as UTF-8, without a byte order mark.
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
    """Return the encoding of a text.

    Raises
    ------
    TrialDataError
        If the sample is empty or binary.
    """
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
