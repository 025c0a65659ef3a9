"""The folder of a download while it grows, and how it becomes the finished one.

Pages stand in `NAME.part` beside the folder that they are for, with a journal of what
was asked: one line a page, so that a download goes on where it was broken off. Only a
finished folder gets the name that was asked for.
"""

from __future__ import annotations

import gzip
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import msgspec

from trialkit.atomic import alone, cannot_write
from trialkit.errors import ParameterError, TrialkitError
from trialkit.plural import counted
from trialkit.read.receipt import (
    NAME,
    UNFINISHED,
    Page,
    Receipt,
    Version,
    encode,
    receipt_in,
)

#: What ends the name of a folder until it is finished.
PART = ".part"


class Begun(msgspec.Struct, tag="begun", frozen=True):
    """The first line of a journal: what is asked, of which data, and since when."""

    base_url: str
    question: dict[str, str]
    requests: tuple[dict[str, str], ...]
    version: Version
    start: str
    program: str

    def asks_as(self, other: Begun) -> bool:
        """Return whether two downloads ask the same."""
        return (self.base_url, self.requests) == (other.base_url, other.requests)


class Step(msgspec.Struct, tag="step", frozen=True):
    """A line of a journal: one answer.

    `series` is the number of the request, `ids` what stood on the page for the first
    time, with the days of their last update, and their statuses, where only those were
    asked for; `night` the day of the data, `token` that of the next page, and `file`
    the kept page.
    """

    series: int
    ids: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    token: str = ""
    night: str = ""
    n_total: int | None = None
    file: str = ""
    sha256: str = ""
    #: The id that was looked up by itself.
    looked_up: str = ""
    #: The number of the version, and what the name of its file tells besides.
    version: int | None = None
    name: str = ""


class Growing:
    """A download that is not finished; `begun` is None where nothing came yet."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target.with_name(f"{target.name}{PART}")
        self.begun: Begun | None = None
        self.steps: list[Step] = []
        #: Ids of the kept pages, each once.
        self.ids: set[str] = set()
        #: The number of the last page that comes from an earlier download.
        self.n_before = 0
        #: Whether a page of an earlier run is gone, or has other bytes now.
        self.is_spoilt = False

    @property
    def asked(self) -> Begun:
        """What is asked, once that is known."""
        if self.begun is None:
            raise TrialkitError(f"{self.folder} is not begun")
        return self.begun

    @property
    def listed(self) -> dict[str, str]:
        """The ids that the register listed, with the day of the last update of each."""
        return {
            id_: day
            for step in self.steps
            for id_, day in zip(step.ids, step.days, strict=False)
        }

    @property
    def statuses(self) -> dict[str, str]:
        """The ids that the register listed, with the status of each."""
        return {
            id_: status
            for step in self.steps
            for id_, status in zip(step.ids, step.statuses, strict=False)
        }

    @property
    def _journal(self) -> Path:
        return self.folder / UNFINISHED

    def begin(self, begun: Begun) -> None:
        """Begin anew: what came so far is forgotten."""
        with cannot_write(self.folder):
            for path in self.folder.iterdir():
                path.unlink()
            self._journal.write_bytes(_line(begun))
        self.begun, self.steps, self.ids = begun, [], set()

    def resume(self) -> None:
        """Take up what an earlier download left."""
        lines = (
            self._journal.read_bytes().splitlines() if self._journal.exists() else []
        )
        decoder = msgspec.json.Decoder(Begun | Step)
        whole = []
        with suppress(msgspec.MsgspecError):  # the last line of a killed one
            whole += (decoder.decode(line) for line in lines)
        if not (whole and isinstance(whole[0], Begun)):
            return
        self.begun = whole[0]
        steps = [step for step in whole[1:] if isinstance(step, Step)]
        # What follows a page that is not as it came is asked for again.
        for step in takewhile(self._is_as_it_came, steps):
            self._take(step)
        self.is_spoilt = len(self.steps) < len(steps)
        with cannot_write(self.folder):
            self._journal.write_bytes(b"".join(map(_line, (self.begun, *self.steps))))

    def _is_as_it_came(self, step: Step) -> bool:
        if not step.file:
            return True
        with suppress(OSError, EOFError, zlib.error):
            body = gzip.decompress((self.folder / step.file).read_bytes())
            return sha256(body).hexdigest() == step.sha256
        return False

    def _take(self, step: Step) -> None:
        self.steps.append(step)
        if step.file:
            self.ids.update(step.ids)

    def add(self, step: Step, body: bytes = b"") -> None:
        """Keep an answer; its page is there before the journal names it."""
        with cannot_write(self.folder):
            if body:
                n_kept = sum(bool(step.file) for step in self.steps)
                about = f"-{step.name}" if step.name else ""
                name = f"page-{self.n_before + n_kept + 1:04}{about}.json.gz"
                file = self.folder / name
                file.write_bytes(gzip.compress(body, 4, mtime=0))
                digest = sha256(body).hexdigest()
                step = msgspec.structs.replace(step, file=name, sha256=digest)
            with self._journal.open("ab") as journal:
                journal.write(_line(step))
        self._take(step)

    def pages(self) -> tuple[Page, ...]:
        """Return the kept pages."""
        steps = (step for step in self.steps if step.file)
        return tuple(Page(step.file, step.sha256, step.ids) for step in steps)

    def finish(self, receipt: Receipt) -> Receipt:
        """Write the receipt, give the folder its name, and return the receipt of it."""
        with cannot_write(self.target):
            (self.folder / NAME).write_bytes(encode(receipt))
            self.folder.rename(self.target)
            # Without the receipt it would say that the download is not finished.
            (self.target / UNFINISHED).unlink()
        return msgspec.structs.replace(receipt, folder=str(self.target))

    def clear(self) -> None:
        """Forget what came."""
        self.steps = []

    def drop(self) -> None:
        """Remove the folder if nothing came."""
        if not self.steps:
            shutil.rmtree(self.folder, ignore_errors=True)


def _line(entry: Begun | Step) -> bytes:
    return msgspec.json.encode(entry) + b"\n"


@contextmanager
def growing(target: Path) -> Iterator[Growing]:
    """Yield the growing folder of a target, for this process alone."""
    _check(target)
    part = Growing(target)
    with alone(target):
        part.folder.mkdir(exist_ok=True)
        _check_part(part)
        try:
            part.resume()
            yield part
        except BaseException as error:
            if part.steps:
                told = f"{counted(len(part.ids), 'study', 'studies')} that came"
                error.add_note(
                    f"{told} are kept in {part.folder}: run the same again to go on"
                )
            raise
        finally:
            part.drop()


def _check(target: Path) -> None:
    """Refuse a target that holds anything; an empty one makes room."""
    if not target.name:
        raise ParameterError(f"{target} cannot be the folder of a download: name a new")
    if not target.exists():
        return
    if not target.is_dir():
        raise TrialkitError(f"cannot write {target}: a file, and pages need a folder")
    if receipt_in(target):
        told = "is a download already: update continues it, and out names another"
        raise TrialkitError(f"{target} {told}")
    if any(target.iterdir()):
        raise TrialkitError(f"{target} holds something else: name a new folder")
    target.rmdir()


def _check_part(part: Growing) -> None:
    known = ("page-", NAME, UNFINISHED)
    for path in part.folder.iterdir():
        if path.is_dir() or not path.name.startswith(known):
            told = f"{path.name}, which is no page of a download: name another folder"
            raise TrialkitError(f"{part.folder} holds {told}")


def begun_in(part: Path) -> Begun | None:
    """Return what a folder that is not finished asks, None where it is none."""
    with suppress(OSError, msgspec.MsgspecError):
        first, _, _ = (part / UNFINISHED).read_bytes().partition(b"\n")
        return msgspec.json.decode(first, type=Begun)
    return None


def dropped(part: Path) -> bool:
    """Remove a folder that is not finished, unless another process fills it."""
    with suppress(TrialkitError), alone(part.with_name(part.name.removesuffix(PART))):
        shutil.rmtree(part)
        return True
    return False


def linked(pages: Iterable[Page], source: Path, target: Path) -> None:
    """Put pages of another download into a folder, without copying where possible."""
    with cannot_write(target):
        for page in pages:
            file = target / page.name
            file.unlink(missing_ok=True)
            try:
                os.link(source / page.name, file)
            except OSError:  # another disk, or no links there
                shutil.copyfile(source / page.name, file)
