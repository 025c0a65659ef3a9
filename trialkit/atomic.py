"""Atomic file writes: a file or folder appears complete, or not at all.

A writer fills a locked folder beside the target and renames it into place. The next
writer removes what a killed one left unlocked.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from errno import EISDIR, ENOTDIR
from pathlib import Path
from secrets import token_hex
from zlib import crc32

from trialkit.errors import TrialDataError, TrialkitError

try:
    import fcntl
except ImportError:  # Windows: no locks, so nothing of a killed writer is removed
    fcntl = None

#: The complete new files of a folder, while they are moved into place.
_READY = ".ready.trialkit"


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Make a folder, with its parents, and remove those that the block leaves empty."""
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for place in new:
            with suppress(OSError):  # it is not empty, or another process was quicker
                place.rmdir()


@contextmanager
def cannot_write(
    target: Path, kind: type[TrialkitError] = TrialDataError
) -> Iterator[None]:
    """Turn an OSError of the block into a TrialkitError that names the target."""
    try:
        yield
    except OSError as error:
        why = error.strerror or error
        if isinstance(error, shutil.Error):  # a list of failures
            why = error.args[0][0][2]
        raise kind(f"cannot write {target}: {why}") from error


@contextmanager
def write_file(target: Path) -> Iterator[Path]:
    """Yield a path to write to; the file replaces `target` if the block succeeds."""
    with cannot_write(target), folder_made(target.parent):
        with _aside(target.parent, f".{target.name}") as folder:
            yield folder / target.name
            (folder / target.name).replace(target)


@contextmanager
def write_folder(
    target: Path,
    *,
    stale: Callable[[], Iterable[Path]] = tuple,
    error: type[TrialkitError] | None = TrialDataError,
) -> Iterator[Path]:
    """Yield a folder to fill; its files move to `target` if the block succeeds.

    A new folder appears at once. In an existing one all files are replaced together:
    whoever calls `recover` first finds the old files or the new ones, even if the
    writer was killed between two moves. Files of other names stay, except those that
    `stale` returns; it is called while no other process can write to `target`. If an
    `error` is given, an OSError becomes one that names the target.
    """
    home = target if target.is_dir() else target.parent
    told = cannot_write(target, error) if error else nullcontext()
    with told, folder_made(home):
        if home is target:
            _clear(target.parent)
        with _aside(home, f".{target.name}") as folder:
            yield folder
            _put(folder, target, stale)


def _put(folder: Path, target: Path, stale: Callable[[], Iterable[Path]]) -> None:
    if not target.exists():
        try:
            folder.rename(target)
            return
        except OSError:
            if not target.is_dir():  # no other writer was quicker
                raise
    with locked(target):
        _move_ready(target)
        for path in _files_in(folder):  # before anything is moved
            if (target / path).is_dir():
                raise IsADirectoryError(EISDIR, f"{path}: {os.strerror(EISDIR)}")
            if any((target / place).is_file() for place in path.parents):
                raise NotADirectoryError(ENOTDIR, f"{path}: {os.strerror(ENOTDIR)}")
        left = list(stale())
        # From this rename on, the new files count, wherever they still are.
        folder.rename(target / _READY)
        _move_ready(target)
        for path in left:
            path.unlink(missing_ok=True)
        for inside in {path.parent for path in left} - {target}:
            with suppress(OSError):  # it holds something else too
                inside.rmdir()


def recover(folder: Path) -> None:
    """Move into place the files that a killed writer had complete."""
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


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder for this process, on systems that can."""
    with ExitStack() as until_then:
        if fcntl:
            descriptor = os.open(folder, os.O_RDONLY)
            until_then.callback(os.close, descriptor)
            with suppress(OSError):  # some file systems have no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Refuse a second writer of a folder while the block runs, where systems can."""
    home = target if target.is_dir() else target.parent
    name = "" if home is target else target.name
    file = home / f".{name}.writing.trialkit"
    with cannot_write(target), folder_made(home), ExitStack() as until_then:
        while fcntl:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
            until_then.callback(os.close, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                told = "another process is writing it: wait for its end and try again"
                raise TrialDataError(f"cannot write {target}: {told}") from None
            except OSError:  # some file systems have no locks
                break
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), file.stat()):
                    break  # else its last owner removed it meanwhile
        if fcntl:
            # It moves along if the folder that it is in does.
            until_then.callback(file.unlink, missing_ok=True)
        yield


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """Yield an empty temporary folder of this process, named for its purpose."""
    with _aside(Path(tempfile.gettempdir()), f"trialkit-{name}", mode=0o700) as folder:
        yield folder


@contextmanager
def _aside(home: Path, name: str, mode: int = 0o777) -> Iterator[Path]:
    """Yield a folder that no other process uses, and remove it after the block."""
    _clear(home)
    with ExitStack() as until_then:
        while True:
            folder = home / f"{name}.{_host()}{token_hex(4)}.trialkit"
            folder.mkdir(mode=mode)
            until_then.callback(shutil.rmtree, folder, ignore_errors=True)
            with suppress(FileNotFoundError):
                until_then.enter_context(locked(folder))
            if folder.is_dir():  # no other process removed it before it was locked
                break
        yield folder


def _clear(home: Path) -> None:
    """Remove what killed writers of this machine left in a folder."""
    if not fcntl:
        return
    ours = re.compile(rf".+\.{_host()}[0-9a-f]{{8}}\.trialkit")
    left: list[str] = []
    with suppress(OSError), os.scandir(home) as entries:
        left = [entry.path for entry in entries if ours.fullmatch(entry.name)]
    for path in left:
        with suppress(OSError):  # its writer is alive, or it belongs to another user
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
            finally:
                os.close(descriptor)


def _host() -> str:
    return f"{crc32(platform.node().encode('utf-8', 'replace')):08x}"
