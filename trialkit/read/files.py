"""Paths to Documents: files, folders, globs, and the members of archives."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from trialkit.errors import TrialDataError
from trialkit.files import Paths, listed
from trialkit.read.containers import UNREADABLE, Opener, contents, cut_of
from trialkit.read.document import Document
from trialkit.read.receipt import is_receipt, listed_page
from trialkit.read.values.ids import named_study, registry_of
from trialkit.record import Excluded, Source

_STEM_LENGTH = 20
_ADDRESS = re.compile("https?://", re.IGNORECASE)
_HASH_LENGTH = 6
_HASH_OF_NOTHING = hashlib.sha256().hexdigest()

#: What begins the reason why a second file of the same bytes is set aside.
SAME_BYTES = "the same bytes as"


def documents(
    paths: Paths, known: Iterable[Source] = ()
) -> Iterator[Document | Excluded]:
    """Yield every document under `paths` in a fixed order, or why it cannot be read.

    Hidden files, and the folder `NAME_files` that a browser saves beside `NAME.html`,
    are skipped, and so is the receipt of a download, which says which records of the
    pages beside it count. The second of two files with the same bytes is set aside, as
    is one with those of a `known` source; but only the name may tell of which study a
    list of versions is.
    """
    seen = {(one.sha256 or "", named_study(one.path)): one.path for one in known}
    ids = {one.source_id for one in known}
    for path in expand(paths):
        try:
            if is_receipt(path):
                continue
        except TrialDataError as error:
            yield _set_aside(str(path), error, ids)
            continue
        for name, open_raw in _parts(path):
            try:
                if isinstance(open_raw, Exception):
                    raise open_raw
                sha256, cut = _hash(open_raw)
                key = sha256, named_study(name)
                if key in seen:
                    first = seen[key]
                    raise TrialDataError(f"{SAME_BYTES} {first}, read once")
                seen[key] = name
                source_id = _source_id(name, sha256, ids)
                document = Document(name, source_id, sha256, open_raw)
                document.listed = listed_page(path)
                document.file = path
                yield document
                if cut:
                    yield Excluded(source_id=source_id, path=name, reason=cut)
            except UNREADABLE as error:
                yield _set_aside(name, error, ids)


def has_text(paths: Paths) -> bool:
    """Return whether any file under `paths` is text, as every record is."""
    for path in expand(paths):
        for _, opened in _parts(path):
            with suppress(*UNREADABLE):
                if not isinstance(opened, Exception):
                    Document("", "", "", opened)
                    return True
    return False


def expand(paths: Paths) -> list[Path]:
    """Return the files that `paths` name, in order and each once; none is an error."""
    found: dict[str, Path] = {}
    for given in listed(paths):
        for path in _expand_one(os.fspath(given)):
            found.setdefault(os.path.realpath(path), path)
    if not found:
        raise TrialDataError("no path was given; expected files, folders or globs")
    return list(found.values())


def _to_fetch(given: str) -> str:
    """Return how an address or an id is downloaded, "" for anything else."""
    if _ADDRESS.match(given):
        return (
            "; an address of ClinicalTrials.gov is downloaded by trialkit fetch --url"
        )
    if registry_of(given) == "ClinicalTrials.gov":
        return f"; trialkit fetch --ids {given} --out FOLDER downloads the study"
    return ""


def _expand_one(given: str) -> list[Path]:
    if not given:
        # An unset variable; pathlib would take it for the current folder.
        raise TrialDataError("a path is empty; the current folder is written '.'")
    path = Path(given).expanduser()
    if path.is_dir():
        if files := list(_walk(path)):
            return files
        raise TrialDataError(f"the folder {given} holds no file")
    if path.exists():
        return [path]
    hint = _to_fetch(given)
    if hint or not glob.has_magic(given):
        raise TrialDataError(f"no such file or folder: {given}{hint}")
    files: list[Path] = []
    for match in map(Path, sorted(glob.glob(given, recursive=True))):
        files += _walk(match) if match.is_dir() else [match]
    if not files:
        raise TrialDataError(f"no file matches {given}")
    return files


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


def _parts(path: Path) -> Iterator[tuple[str, Opener | Exception]]:
    """Yield `(path, opener)` of a file, or of each member of an archive."""
    called = shown(path)
    try:
        if not path.is_file():
            what = "a folder that cannot be read" if path.is_dir() else "not a file"
            raise TrialDataError(what)
        for member, opener in contents(path):
            yield f"{called}!{member}" if member else called, opener
    except UNREADABLE as error:
        yield called, error


def shown(path: Path) -> str:
    """Return a path as the name of its document."""
    return str(path).encode("utf-8", "replace").decode()


def reopened(
    path: Path, ids: Mapping[str, tuple[str, str]], called: str
) -> Iterator[Document]:
    """Yield documents of a file again; `ids` has source id and hash of each by name.

    Names begin with what the file was called, which may be relative to another folder.
    """
    members = None if called in ids else {n.removeprefix(f"{called}!") for n in ids}
    for member, opener in contents(path, members):
        name = f"{called}!{member}" if member else called
        if name in ids:
            if isinstance(opener, Exception):
                raise opener
            document = Document(name, *ids[name], opener)
            document.listed = listed_page(path)
            yield document


def _hash(open_raw: Opener) -> tuple[str, str | None]:
    """Return the hash of the bytes, and why they end too soon if they do."""
    with open_raw() as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
        cut = cut_of(handle)
    if cut and digest == _HASH_OF_NOTHING:
        raise TrialDataError(f"cannot be read: {cut}")
    return digest, cut


def _source_id(name: str, digest: str, taken: set[str]) -> str:
    """Return the stem with as much of the hash as makes the id unique."""
    names = re.split(r"[/\\]", name.rpartition("!")[2])
    stem = [n for n in names if n not in ("", ".", "..")][-1].partition(".")[0]
    short = re.sub(r"[^\w-]+", "_", stem)[:_STEM_LENGTH].strip("_") or "file"
    ids = (f"{short}-{digest[:n]}" for n in range(_HASH_LENGTH, len(digest) + 1))
    source_id = next(id_ for id_ in ids if id_ not in taken)
    taken.add(source_id)
    return source_id


def _set_aside(name: str, error: Exception, ids: set[str]) -> Excluded:
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    if isinstance(error, TrialDataError):
        reason = str(error)
    else:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = f"cannot be read: {detail}"
    return Excluded(source_id=_source_id(name, digest, ids), path=name, reason=reason)
