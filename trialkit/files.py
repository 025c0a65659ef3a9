"""What appears whole or not at all, whatever stops its writer.

Everything is written in a folder of its own first, and moved from there. The folder is
locked as long as its process lives, so that the next one knows what a killed one left,
and clears it away.
"""

from __future__ import annotations

import csv
import io
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR, ENOTDIR
from pathlib import Path
from secrets import token_hex
from zlib import crc32

from trialkit.errors import TrialDataError, TrialkitError

try:
    import fcntl
except ImportError:  # Windows: nothing can be locked, and nothing is cleared away
    fcntl = None

#: New files of a folder that are all there, and not all in their places yet.
_READY = ".ready.trialkit"


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Make a folder for what the block writes; made for nothing, it goes again.

    Parameters
    ----------
    folder
        It and what it lies in are made if need be. Of what was made, a folder that is
        still empty when the block ends is removed.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for place in made:
            with suppress(OSError):  # it is not empty, or somebody else was quicker
                place.rmdir()


@contextmanager
def cannot_write(
    target: Path, kind: type[TrialkitError] = TrialDataError
) -> Iterator[None]:
    """Tell what the block cannot write by the name of the target.

    Raises
    ------
    TrialkitError
        Of the `kind` that is asked for, in the place of an OSError.
    """
    try:
        yield
    except OSError as error:
        why = error.strerror or error
        raise kind(f"cannot write {target}: {why}") from error


@contextmanager
def write_whole(target: Path) -> Iterator[Path]:
    """Yield a path to write a file to; it becomes `target` when the block ends well.

    Parameters
    ----------
    target
        The file; its folder is made if need be, and an earlier file stays as it is
        until then.

    Raises
    ------
    TrialDataError
        If the file cannot be written.
    """
    with cannot_write(target), folder_made(target.parent):
        with _aside(target.parent, f".{target.name}") as folder:
            yield folder / target.name
            (folder / target.name).replace(target)


@contextmanager
def write_folder(
    target: Path, *, stale: Callable[[], Iterable[Path]] = tuple
) -> Iterator[Path]:
    """Yield a folder to fill; its files are those of `target` when the block ends well.

    A new folder appears at once. Where there is one, its files are replaced together:
    whoever asks `settle` first sees those of before or those of now, even if the
    writer is killed on the way. Files of other names stay.

    Parameters
    ----------
    target
        It is made if need be.
    stale
        Called while nobody else can write here: files that are to go once the new ones
        are in their places.
    """
    home = target if target.is_dir() else target.parent
    with folder_made(home):
        if home is target:
            _clear(target.parent)
        with _aside(home, f".{target.name}") as folder:
            yield folder
            _put(folder, target, stale)


def _put(folder: Path, target: Path, stale: Callable[[], Iterable[Path]]) -> None:
    if not target.exists() and _appears(folder, target):
        return
    with locked(target):
        _move_ready(target)
        for path in _files_in(folder):
            _check_place(target, path)
        left = list(stale())
        # From here on the new files are what is there, wherever they still lie.
        folder.rename(target / _READY)
        _move_ready(target)
        _remove(left, target)


def _appears(folder: Path, target: Path) -> bool:
    """Let a folder be its target at once, unless another writer was quicker."""
    try:
        folder.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    return True


def _remove(left: list[Path], target: Path) -> None:
    for path in left:
        path.unlink(missing_ok=True)
    for inside in {path.parent for path in left} - {target}:
        with suppress(OSError):  # it holds something else too
            inside.rmdir()


def settle(folder: Path) -> None:
    """Bring to its end what a killed writer had ready for a folder.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    if (folder / _READY).is_dir():
        with locked(folder):
            _move_ready(folder)


def _move_ready(folder: Path) -> None:
    ready = folder / _READY
    if ready.is_dir():
        # What describes the others comes last.
        for path in sorted(_files_in(ready), key=lambda path: path.suffix == ".json"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (ready / path).replace(folder / path)
        shutil.rmtree(ready)


def _files_in(folder: Path) -> list[Path]:
    return [p.relative_to(folder) for p in folder.rglob("*") if not p.is_dir()]


def _check_place(folder: Path, path: Path) -> None:
    """Refuse before anything is moved what could not be moved to its place."""
    if (folder / path).is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if any((folder / place).is_file() for place in path.parents):
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process, where the system can lock a folder."""
    with ExitStack() as until_then:
        if fcntl:
            descriptor = os.open(folder, os.O_RDONLY)
            until_then.callback(os.close, descriptor)
            with suppress(OSError):  # some file systems have no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def workplace(name: str) -> Iterator[Path]:
    """Yield an empty folder for this process alone, which goes with the block.

    Parameters
    ----------
    name
        What the folder is for: the beginning of its name.
    """
    with _aside(Path(tempfile.gettempdir()), f"trialkit-{name}", mode=0o700) as folder:
        yield folder


@contextmanager
def _aside(home: Path, name: str, mode: int = 0o777) -> Iterator[Path]:
    """Yield a folder that no other writer uses; what is still there in the end goes."""
    _clear(home)
    with ExitStack() as until_then:
        while True:
            folder = home / f"{name}.{_host()}{token_hex(4)}.trialkit"
            folder.mkdir(mode=mode)
            until_then.callback(shutil.rmtree, folder, ignore_errors=True)
            with suppress(FileNotFoundError):
                until_then.enter_context(locked(folder))
            if folder.is_dir():  # nobody took it for litter before it was locked
                break
        yield folder


def _clear(home: Path) -> None:
    """Remove what killed writers on this machine left in a folder."""
    if not fcntl:
        return
    ours = re.compile(rf".+\.{_host()}[0-9a-f]{{8}}\.trialkit")
    left: list[str] = []
    with suppress(OSError), os.scandir(home) as entries:
        left = [entry.path for entry in entries if ours.fullmatch(entry.name)]
    for path in left:
        with suppress(OSError):  # its writer lives, or it is somebody else's
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
            finally:
                os.close(descriptor)


def _host() -> str:
    return f"{crc32(platform.node().encode('utf-8', 'replace')):08x}"


PathLike = str | os.PathLike[str]
#: A path, or several of them.
Paths = PathLike | Iterable[PathLike]


def listed(paths: Paths) -> list[PathLike]:
    """Return a list of the paths, also where it is one alone."""
    return [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)


_MOST_TOLD = 10


def text_of(path: Path, what: str) -> str:
    """Return the text of a file.

    Raises
    ------
    TrialDataError
        If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TrialDataError(f"cannot read {what} {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TrialDataError(f"cannot read {what} {path}: not UTF-8 text") from None


def yaml_fault(error: Exception) -> str:
    """Return in one line what PyYAML says of a text that is no YAML."""
    mark = getattr(error, "problem_mark", None)
    if mark:
        return f"line {mark.line + 1}: {getattr(error, 'problem', '')}"
    # A character that no YAML may hold: of two lines the second is its place.
    return str(error).splitlines()[0]


def csv_rows(
    text: str,
    needed: Iterable[str],
    wrong: list[str],
    *,
    known: Container[str] = (),
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of every row of a CSV; what is amiss is added to `wrong`.

    Parameters
    ----------
    text
        The file's text.
    needed
        Columns without which no row is read.
    wrong
        Gains one message, with its line, for the header and each row that is broken.
    known
        The columns that there may be; any if none are given.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or ()
        missing = [name for name in needed if name not in header]
        unknown = [name for name in header if known and name not in known]
        if missing or unknown:
            told = "no column" if missing else "unknown column"
            wrong.append(f"line 1: {told} {', '.join(missing or unknown)}")
            return
        for row in reader:
            if None in row or None in row.values():
                told = "more or fewer cells than the header"
                wrong.append(f"line {reader.line_num}: {told}")
            else:
                yield reader.line_num, row
    except csv.Error as error:
        wrong.append(f"line {reader.reader.line_num}: {error}")


def refuse(file: str, wrong: Sequence[str]) -> None:
    """Tell what is wrong with a file, the first ten of many.

    Raises
    ------
    TrialDataError
        If anything is wrong.
    """
    if wrong:
        more = len(wrong) - _MOST_TOLD
        rest = [f"and {more} more"] if more > 0 else []
        raise TrialDataError(f"{file}, {'; '.join([*wrong[:_MOST_TOLD], *rest])}")
