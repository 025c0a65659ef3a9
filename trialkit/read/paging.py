"""Answer pages of a search in ClinicalTrials.gov's API, and whether any is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath
from typing import BinaryIO

from trialkit.record import Source

#: Bytes at each end of a document that hold what stands around the studies; the token
#: of the next page has 16 characters.
_SIZE = 4096
_BEFORE = re.compile(rb'\s*\{([^{}]*?)"studies"\s*:\s*\[')
_TOTAL = re.compile(rb'"totalCount"\s*:\s*\[?\s*"?(\d{1,12})\b')
_NEXT = re.compile(rb'"nextPageToken"\s*:\s*\[?\s*"[^"]')


class Ends:
    """A file that remembers its first and last bytes."""

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


def paging_of(ends: Ends) -> tuple[int | None, bool | None]:
    """Return how many studies a search found and whether more pages follow, if told."""
    before = _BEFORE.match(ends.head)
    if not before:
        return None, None
    # Of several answers in one file the last says whether more follow.
    after = ends.tail[ends.tail.rfind(b"}", 0, ends.tail.rstrip().rfind(b"}")) + 1 :]
    around = before[1] + after
    total = _TOTAL.search(around)
    return int(total[1]) if total else None, bool(_NEXT.search(around))


def unfinished(
    sources: Iterable[Source], aside: Iterable[str | None] = ()
) -> tuple[str, ...]:
    """Return a warning if pages of a download are missing.

    All pages count together, whatever the files' names. `aside` holds the source ids of
    studies that were set aside: they are not missing.
    """
    pages = {
        source.sha256 or source.source_id: source
        for source in sources
        if source.has_next_page is not None and source.records_file is None
    }.values()
    totals = [page.n_total for page in pages if page.n_total is not None]
    n_aside = Counter(aside)
    n_read = sum(page.n_records + n_aside[page.source_id] for page in pages)
    followed = [page for page in pages if page.has_next_page]
    is_last_there = len(followed) < len(pages)
    if n_read >= sum(totals) and (totals or is_last_there or not followed):
        return ()
    found = f" of {sum(totals):,}" if totals else ""
    read = f"{n_read:,}{found} studies"
    more = ", more pages follow" if followed else ""
    names = [PurePath(page.path).name for page in followed or pages]
    where = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    return (f"the download is incomplete: {read}{more} ({where})",)
