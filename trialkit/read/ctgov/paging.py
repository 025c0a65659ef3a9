"""What an answer page of ClinicalTrials.gov's API says of the pages around it."""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple

#: How much of the beginning and the end of a document may hold what stands around
#: the studies; the token of the next page has 16 characters.
_SIZE = 4096
_BEFORE = re.compile(rb'\s*\{([^{}]*?)"studies"\s*:\s*\[')
_TOTAL = re.compile(rb'"totalCount"\s*:\s*\[?\s*"?(\d{1,12})\b')
_NEXT = re.compile(rb'"nextPageToken"\s*:\s*\[?\s*"[^"]')


class Paging(NamedTuple):
    """How many studies a search found, if the page says it; whether more follow."""

    n_total: int | None = None
    has_next_page: bool | None = None


class Ends:
    """A file that remembers how it began and how it ended."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self.head = b""
        self.tail = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._handle.read(size)
        if not self.head:
            self.head = data[:_SIZE]
        if data:
            self.tail = (self.tail + data[-_SIZE:])[-_SIZE:]
        return data


def paging_of(ends: Ends) -> Paging:
    """Return what the ends of a document say; nothing where it is no answer page."""
    before = _BEFORE.match(ends.head)
    if not before:
        return Paging()
    # Of several answers in one file the last says whether more follow.
    after = ends.tail[ends.tail.rfind(b"}", 0, ends.tail.rstrip().rfind(b"}")) + 1 :]
    around = before[1] + after
    total = _TOTAL.search(around)
    return Paging(int(total[1]) if total else None, bool(_NEXT.search(around)))
