"""Whether the answer pages of a search were all downloaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING

from trialkit.record import Source

if TYPE_CHECKING:
    import pandas as pd


def unfinished(
    sources: Iterable[Source], aside: Iterable[str | None] = ()
) -> tuple[str, ...]:
    """Return what is missing from a download in pages, in words; none if all is there.

    The first page of a search may say how many studies it found, and each page but the
    last that more follow. Pages count together, whatever the files' names.

    Parameters
    ----------
    sources
        Everything that was read.
    aside
        By source id, studies that are there and were set aside.

    Examples
    --------
    >>> page = Source(
    ...     source_id="a", path="a.json", n_records=20, n_total=2504, has_next_page=True
    ... )
    >>> unfinished([page])
    ('the download is incomplete: 20 of 2,504 studies, more pages follow (a.json)',)
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


def missing_pages(sources: pd.DataFrame, excluded: pd.DataFrame) -> tuple[str, ...]:
    """Return what `unfinished` says of two tables of a `Trials`."""
    names = [name for name in Source.__struct_fields__ if name in sources]
    plain = sources[names].astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    read = (Source(**{str(key): value for key, value in row.items()}) for row in rows)
    return unfinished(read, excluded["source_id"].dropna())
