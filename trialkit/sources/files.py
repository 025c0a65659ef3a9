"""Paths to Documents: files, folders, globs, zip members and gzip files."""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from trialkit.errors import TrialDataError
from trialkit.record import Excluded
from trialkit.sources.document import Document

#: What one user may pass: a path, a glob, or several of them.
Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

#: Larger than any export a registry offers: an archive made to fill the memory.
MAX_BYTES = 2 << 30
_MAX_RATIO = 300
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # with members, and empty
#: No deflate stream unpacks to more.
_DEFLATE_LIMIT = 1100
_STEM_LENGTH = 20
_HASH_LENGTH = 6
_UNREADABLE = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,  # a compression method that zipfile lacks
    RuntimeError,  # a member under a password
    TrialDataError,
)


def documents(paths: Paths) -> Iterator[Document | Excluded]:
    """Yield every document under `paths` in a fixed order, or why it cannot be read.

    Folders are walked in sorted order. Hidden files and the folder `NAME_files` that a
    browser saves beside `NAME.html` are passed over: they hold no record. Of two files
    with the same bytes the second is set aside, so that no source counts twice.

    Parameters
    ----------
    paths
        Files, folders, globs, or several of them.

    Yields
    ------
    Document or Excluded
        One per file, and one per member of a zip.

    Raises
    ------
    TrialDataError
        If a path names nothing, or a folder holds no file.
    """
    seen: dict[str, str] = {}
    ids: set[str] = set()
    for path in expand(paths):
        for name, open_raw in _parts(path):
            try:
                if isinstance(open_raw, Exception):
                    raise open_raw
                sha256 = _hash(open_raw)
                if sha256 in seen:
                    first = seen[sha256]
                    raise TrialDataError(f"the same bytes as {first}, read once")
                seen[sha256] = name
                yield Document(name, _source_id(name, sha256, ids), sha256, open_raw)
            except _UNREADABLE as error:
                yield _set_aside(name, error, ids)


def expand(paths: Paths) -> list[Path]:
    """Return the files that `paths` name, in order and each once.

    Raises
    ------
    TrialDataError
        If a path does not exist, a folder holds no file, or a glob matches nothing.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    found: dict[str, Path] = {}
    for given in paths:
        for path in _expand_one(os.fspath(given)):
            found.setdefault(os.path.realpath(path), path)
    if not found:
        raise TrialDataError("no path was given; expected files, folders or globs")
    return list(found.values())


def _expand_one(given: str) -> list[Path]:
    path = Path(given).expanduser()
    if path.is_dir():
        inside = list(_walk(path))
        if not inside:
            raise TrialDataError(f"the folder {given} holds no file")
        return inside
    if path.exists():
        return [path]
    if not glob.has_magic(given):
        raise TrialDataError(f"no such file or folder: {given}")
    matches = [Path(match) for match in sorted(glob.glob(given, recursive=True))]
    inside = [
        file
        for match in matches
        for file in (_walk(match) if match.is_dir() else [match])
    ]
    if not inside:
        raise TrialDataError(f"no file matches {given}")
    return inside


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder, and the folders in it that cannot be listed."""
    closed: list[Path] = []
    for here, folders, names in os.walk(
        folder, onerror=lambda error: closed.append(Path(str(error.filename)))
    ):
        pages = {Path(n).stem for n in names if n.lower().endswith((".htm", ".html"))}
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "__MACOSX"))
            and name.removesuffix("_files") not in (pages if "_files" in name else ())
        )
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(here, name)
    yield from closed


Opener = Callable[[], BinaryIO]


def _parts(path: Path) -> Iterator[tuple[str, Opener | Exception]]:
    """Yield `(path, opener)` of a file, or of each member where it is a zip."""
    shown = str(path).encode("utf-8", "replace").decode()
    try:
        if not path.is_file():
            what = "a folder that cannot be read" if path.is_dir() else "not a file"
            raise TrialDataError(what)
        with path.open("rb") as handle:
            magic = handle.read(4)
        if magic in _ZIP_MAGIC:
            yield from _members(path, shown)
        elif magic[:2] == b"\x1f\x8b":
            yield shown, partial(_open_gzip, path)
        else:
            _check_size(path.stat().st_size, path.stat().st_size)
            yield shown, partial(path.open, "rb")
    except _UNREADABLE as error:
        yield shown, error


def _members(path: Path, shown: str) -> Iterator[tuple[str, Opener | Exception]]:
    n_files = 0
    with zipfile.ZipFile(path) as archive:
        names = {info.filename: info for info in archive.infolist()}
        if "[Content_Types].xml" in names:
            raise TrialDataError("not text: an Office file")
        for member in sorted(names):
            info = names[member]
            hidden = any(part.startswith((".", "__MACOSX")) for part in _split(member))
            if info.is_dir() or hidden:
                continue
            name = f"{shown}!{member}"
            n_files += 1
            try:
                _check_size(info.file_size, info.compress_size)
                yield name, partial(io.BytesIO, archive.read(info))
            except _UNREADABLE as error:
                yield name, error
    if not n_files:
        raise TrialDataError("an archive that holds no file")


def _split(member: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", member) if part not in ("", ".", "..")]


def _check_size(size: int, packed: int) -> None:
    if size > MAX_BYTES:
        raise TrialDataError(f"larger than {MAX_BYTES >> 30} GiB")
    if size > 1 << 26 and size > packed * _MAX_RATIO:
        raise TrialDataError(f"unpacks to {size // packed} times its size")


def _open_gzip(path: Path) -> BinaryIO:
    with path.open("rb") as handle:
        handle.seek(-4, os.SEEK_END)  # where gzip keeps the unpacked size
        size = int.from_bytes(handle.read(4), "little")
    packed = path.stat().st_size
    if size < packed * _DEFLATE_LIMIT:  # else the file is broken, and says so below
        _check_size(size, packed)
    return gzip.open(path, "rb")  # type: ignore[return-value]


def _hash(open_raw: Opener) -> str:
    with open_raw() as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]


def _source_id(name: str, digest: str, taken: set[str]) -> str:
    """Return the stem and as much of the hash as makes the id unique."""
    stem = _split(name.rpartition("!")[2])[-1].partition(".")[0]
    short = re.sub(r"[^\w-]+", "_", stem)[:_STEM_LENGTH].strip("_") or "file"
    ids = (f"{short}-{digest[:n]}" for n in range(_HASH_LENGTH, len(digest) + 1))
    chosen = next(made for made in ids if made not in taken)
    taken.add(chosen)
    return chosen


def _set_aside(name: str, error: Exception, ids: set[str]) -> Excluded:
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    if isinstance(error, TrialDataError):
        reason = str(error)
    else:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = f"cannot be read: {detail}"
    return Excluded(source_id=_source_id(name, digest, ids), path=name, reason=reason)
