"""The receipt of a download: what was asked of a register, when, and what came.

`trialkit fetch` writes it as `search.json` beside the pages, and whoever reads the
folder later learns from it which studies of each page count: one that came twice counts
once, and one that an update brought anew counts from there.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from trialkit.errors import TrialDataError
from trialkit.plural import counted

NAME = "search.json"
#: What lies in a folder whose download is under way or was broken off.
UNFINISHED = ".unfinished.jsonl"
#: Raised when a field changes its meaning, not when one is added.
FORM = 1
_MARK = b'"trialkit_search"'
_SHOWN = 5


class Version(msgspec.Struct, frozen=True):
    """What the register says of itself: its interface, and the time of its data."""

    api: str = ""
    data: str = ""


class Page(msgspec.Struct, frozen=True):
    """One page as it came: its file, the hash of its unpacked bytes, what counts of it.

    `ids` are the studies that count from this page. A study that stands on two pages,
    or of which an update brought a newer state, counts from one of them.
    """

    name: str
    sha256: str
    ids: tuple[str, ...]


class Listed(NamedTuple):
    """What a receipt says of a page: the ids that count, and the day of the data."""

    ids: frozenset[str]
    day: str


class Update(msgspec.Struct, frozen=True):
    """What an update found since the download that it continues.

    `of` is the folder of that download, and `since` the first day that was asked for.
    `changed` are studies whose record is another, `gone` those that the search finds no
    more; of these, `left` are in the register still.
    """

    of: str
    since: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a register, when, and what came.

    `question` holds the options as they were given, `requests` the parameters that the
    register got. `missing` are studies that were asked for, or listed by the register,
    and did not come; `aliases` are former ids with those of today. Times are UTC. Of a
    `history` the receipt names the versions that came and those that did not, by study.
    `folder` and `faults` are no part of the file: where it was read, and what is not as
    it says.
    """

    trialkit_search: int = FORM
    register: str = "ClinicalTrials.gov"
    base_url: str = ""
    question: dict[str, str] = {}
    requests: tuple[dict[str, str], ...] = ()
    version_before: Version = Version()
    version_after: Version = Version()
    n_total: int | None = None
    pages: tuple[Page, ...] = ()
    missing: tuple[str, ...] = ()
    aliases: dict[str, str] = {}
    is_complete: bool = msgspec.field(default=False, name="complete")
    program: str = ""
    start: str = ""
    end: str = ""
    update: Update | None = None
    history: str = ""
    versions: dict[str, tuple[int, ...]] = {}
    missing_versions: dict[str, tuple[int, ...]] = {}
    folder: str = ""
    faults: tuple[str, ...] = ()

    def __fspath__(self) -> str:
        return self.folder

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all studies that came, in their order."""
        return tuple(dict.fromkeys(id_ for page in self.pages for id_ in page.ids))

    @property
    def n_studies(self) -> int:
        """How many studies came."""
        return len(self.ids) if self.history else sum(len(p.ids) for p in self.pages)

    @property
    def found_none(self) -> bool:
        """Whether the register was asked, and says that there is no such study."""
        return self.n_total == 0 and not self.n_studies

    @property
    def day(self) -> str:
        """The day of the register's data, or else that of the download."""
        return (self.version_after.data or self.version_before.data or self.end)[:10]

    @property
    def words(self) -> str:
        """The question in one line, as it was asked."""
        asked = self.question
        if len(asked) == 1 and "ids" not in asked:
            return next(iter(asked.values()))
        return "; ".join(f"{name}: {value}" for name, value in asked.items())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before the studies are used."""
        told = self.faults
        if lost := self.missing_versions:
            n = sum(map(len, lost.values()))
            first = next(f"{id_} {numbers[0]}" for id_, numbers in lost.items())
            told = (f"{counted(n, 'version')} did not come, the first {first}", *told)
        elif not self.is_complete:
            found = "" if self.n_total is None else f" of {self.n_total:,}"
            told = (f"{self.n_studies:,}{found} studies{_named(self.missing)}", *told)
        start = f"the download {self.folder or NAME} is"
        how = "not as it came" if self.is_complete else "incomplete"
        return (f"{start} {how}: {'; '.join(told)}",) if told else ()


def _named(ids: tuple[str, ...]) -> str:
    """Return which ids are missing, the first of them by name."""
    if not ids:
        return ""
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return f", without {', '.join(ids[:_SHOWN])}{more}"


def encode(receipt: Receipt) -> bytes:
    """Return a receipt as the bytes of its file: fields first, then a page a line."""
    fields = msgspec.to_builtins(msgspec.structs.replace(receipt, pages=()))
    for name in ("pages", "folder", "faults"):
        del fields[name]
    head = msgspec.json.format(msgspec.json.encode(fields), indent=1)
    lines = b",\n".join(map(msgspec.json.encode, receipt.pages))
    return head.removesuffix(b"\n}") + b',\n "pages": [\n' + lines + b"\n ]\n}\n"


def decode(data: bytes, file: Path) -> Receipt:
    """Return the receipt that a file holds."""
    try:
        receipt = msgspec.json.decode(data, type=Receipt)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from None
    if receipt.trialkit_search > FORM:
        raise TrialDataError(f"{file} is of a newer trialkit: update this one")
    return msgspec.structs.replace(receipt, folder=str(file.parent), faults=())


def receipt_in(folder: Path) -> Receipt | None:
    """Return the receipt of a folder; None where it holds none of ours."""
    file = folder / NAME
    try:
        facts = file.stat()
    except OSError:
        return None
    return _read(file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=16)
def _read(file: Path, changed: int, n_bytes: int) -> Receipt | None:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise TrialDataError(f"{file} cannot be read: {error.strerror}") from None
    return decode(data, file) if _MARK in data[:200] else None


def is_receipt(file: Path) -> bool:
    """Return whether a file is the receipt of its folder."""
    return file.name == NAME and receipt_in(file.parent) is not None


def listed_page(file: Path) -> Listed | None:
    """Return what counts of a page, None where no receipt lists the file."""
    try:
        receipt = receipt_in(file.parent)
    except TrialDataError:
        return None
    pages = receipt.pages if receipt else ()
    ids = next((page.ids for page in pages if page.name == file.name), None)
    return Listed(frozenset(ids), receipt.day) if receipt and ids is not None else None
