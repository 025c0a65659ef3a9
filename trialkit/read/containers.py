"""The content of a file: its bytes, unpacked if need be, or the members of a zip.

Nothing is unpacked to disk. A broken stream gives what precedes the break and reports
it afterwards. What unpacks to more than `MAX_RATIO` times its size, past `FREE_BYTES`,
is refused: text packs three to thirty times, an attack much more.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from trialkit.errors import TrialDataError
from trialkit.read.workbook import is_package

MAX_RATIO = 300
FREE_BYTES = 1 << 26
#: Members up to this size are unpacked once and held.
HELD_BYTES = 1 << 24
_BUFFER_BYTES = 1 << 18
_UNDER_PASSWORD = 1  # a bit of a member's flags
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # with members, and empty
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
#: What one file or member may raise; zipfile lacks some methods of compression.
UNREADABLE = (*_BROKEN, NotImplementedError, TrialDataError)

#: Opens a document at its beginning.
Opener = Callable[[], BinaryIO]


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a stream; `cut` says why it ended too soon, or is None."""

    def __init__(self, inner: Any, packed_bytes: int) -> None:
        self._inner = inner
        self._read = getattr(inner, "read1", inner.read)
        self._packed_bytes = packed_bytes
        self._n_bytes = 0
        self.cut: str | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` and return the number of bytes."""
        if self.cut:
            return 0
        try:
            data = self._read(len(buffer))
        except _BROKEN as error:
            self.cut = f"breaks off after {self._n_bytes} unpacked bytes: {error}"
            return 0
        self._n_bytes += len(data)
        _check_ratio(self._n_bytes, self._packed_bytes)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the packed stream too."""
        self._inner.close()
        super().close()


def contents(
    path: Path, names: Container[str] | None = None
) -> Iterator[tuple[str, Opener | Exception]]:
    """Yield `("", opener)` of a file, or `(member, opener)` of each member of a zip.

    A member that cannot be read comes with its error. An opener works until the next is
    asked for. If there are `names`, only those members are unpacked.
    """
    with path.open("rb") as handle:
        magic = handle.read(6)
    if magic[:4] in _ZIP:
        yield from _members(path, names)
        return
    unpacker = next((open_ for mark, open_ in _PACKED if magic.startswith(mark)), None)
    plain = partial(path.open, "rb")
    yield "", partial(_unpacked, path, unpacker) if unpacker else plain


def cut_of(handle: BinaryIO) -> str | None:
    """Return why a stream that was read to its end ended too soon, or None."""
    return getattr(getattr(handle, "raw", None), "cut", None)


def _zstd(path: Path) -> Any:
    # Arrow is there for the tables, and unpacks zstd, which Python learns in 3.14.
    from pyarrow import CompressedInputStream, OSFile

    return CompressedInputStream(OSFile(str(path)), "zstd")


_PACKED: tuple[tuple[bytes, Callable[[Path], Any]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"\x28\xb5\x2f\xfd", _zstd),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\x00", lzma.open),
)


def _unpacked(path: Path, unpacker: Callable[[Path], Any]) -> BinaryIO:
    return _buffered(unpacker(path), path.stat().st_size)


def _buffered(inner: Any, packed_bytes: int) -> BinaryIO:
    return io.BufferedReader(Unpacked(inner, packed_bytes), _BUFFER_BYTES)


def _members(
    path: Path, names: Container[str] | None
) -> Iterator[tuple[str, Opener | Exception]]:
    with zipfile.ZipFile(path) as archive:
        infos = {info.filename: info for info in archive.infolist()}
        if is_package(list(infos), archive):
            yield "", partial(path.open, "rb")
            return
        files = [infos[name] for name in sorted(infos) if _is_file(infos[name])]
        if not files:
            raise TrialDataError("an archive that holds no file")
        for info in files:
            if names is not None and info.filename not in names:
                continue
            try:
                yield info.filename, _member_opener(archive, info)
            except UNREADABLE as error:
                yield info.filename, error


def _is_file(info: zipfile.ZipInfo) -> bool:
    names = set(re.split(r"[/\\]", info.filename)) - {".", ".."}
    is_hidden = any(name.startswith((".", "__MACOSX")) for name in names)
    return not info.is_dir() and not is_hidden


def _member_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Opener:
    if info.flag_bits & _UNDER_PASSWORD:
        raise TrialDataError("under a password")
    _check_ratio(info.file_size, info.compress_size)
    if info.file_size <= HELD_BYTES:
        return partial(io.BytesIO, archive.read(info))
    archive.open(info).close()  # an unknown method shows now
    return lambda: _buffered(archive.open(info), info.compress_size)


def _check_ratio(n_bytes: int, packed_bytes: int) -> None:
    if n_bytes > max(FREE_BYTES, packed_bytes * MAX_RATIO):
        reason = f"unpacks to more than {MAX_RATIO} times its size: refused"
        raise TrialDataError(reason)
