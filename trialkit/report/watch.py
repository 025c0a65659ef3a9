"""Watching searches: what is new is fetched, and what changed is told beside the index.

What was told last is remembered beside the feed, so that a change is told once, also
where a download was updated by hand, or the run ended before it was told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialkit.errors import ParameterError
from trialkit.escape import html_text
from trialkit.fetch.download import Progress, Tell
from trialkit.fetch.question import question
from trialkit.fetch.run import fetch
from trialkit.plural import counted
from trialkit.read.receipt import Receipt
from trialkit.report.batch import NEWS
from trialkit.report.feed import FEED, Entry, with_entries
from trialkit.report.outputs import write_together
from trialkit.report.searches import Search

if TYPE_CHECKING:
    import pandas as pd

#: What was told last, by search.
_TOLD = "changes.json"
#: Changes of one search that the page and the feed hold; a command tells all.
_MOST_SHOWN = 200


@dataclass(frozen=True)
class News:
    """What is new of a search; `changes` is None where nothing is to compare with.

    `last` is the download that was told last, empty where none was.
    """

    search: Search
    receipt: Receipt
    changes: pd.DataFrame | None
    last: str = ""

    @property
    def is_telling(self) -> bool:
        """Whether anything changed: records with another day or contact may not."""
        return self.changes is None or len(self.changes) > 0

    @property
    def headline(self) -> str:
        """What changed, in one sentence."""
        if self.changes is None:
            n = counted(self.receipt.n_studies, "study", "studies")
            if self.last:
                return f"{n}; what changed is not known, for {self.last} is gone"
            how = "told" if self.receipt.update else "downloaded"
            return f"{n}, {how} for the first time"
        from trialkit.compare.told import headline

        return headline(self.changes)

    def __str__(self) -> str:
        return f"{Path(self.search.folder).name}: {self.headline}"


def refresh(
    searches: Iterable[Search], *, pace: float, tell: Tell, progress: Progress
) -> None:
    """Fetch what is new of each search; what brings nothing new leaves no folder."""
    common: dict[str, Any] = {"pace": pace, "tell": tell, "progress": progress}
    for search in searches:
        before = search.downloaded()
        if before is None:
            fetch(search.folder, **search.options, **common)
            continue
        if question(**search.options).asked != before.question:
            told = "holds another search than the catalogue names now"
            raise ParameterError(f"{before.folder} {told}: name another folder")
        fetch(update=search.folder, only_changes=True, **common)


def news_of(searches: Iterable[Search], out: Path) -> list[News]:
    """Return what is new of each search since it was told last."""
    told, found = _told(out), []
    for search in searches:
        receipt = search.downloaded()
        last = told.get(search.folder, "")
        if receipt is None or last == receipt.folder:
            continue
        before = last if Path(last).is_dir() else ""
        frame = _changes(before, receipt.folder) if before else None
        found.append(News(search, receipt, frame, last))
    return found


def _changes(old: str, new: str) -> pd.DataFrame:
    from trialkit.compare.changes import changes

    return changes(old, new)


def write_news(
    news: Sequence[News], out: Path, failed: Sequence[str] = ()
) -> list[Path]:
    """Write what changed as a feed and a page; return these files.

    The page, which is mailed, names the reports that `failed`.
    """
    if not news:
        return []
    from trialkit.compare.page import Remark, html_page, html_table

    telling = [one for one in news if one.is_telling]
    entries: list[Entry] = []
    # What is told now, so that with this status nobody mails an earlier page.
    page: list[pd.DataFrame | Remark] = []
    for one in telling:
        if one.changes is None:
            table = ""
            page.append(Remark(Path(one.receipt.folder).name, f"{one.headline}."))
        else:
            table = html_table(one.changes[:_MOST_SHOWN])
            page.append(_first_rows(one.changes))
        entries.append(Entry(str(one), one.receipt, f"<p>{_shown(one)}</p>{table}"))
    if failed:
        told = f"Failed, and so not made anew: {', '.join(failed)}."
        page.append(Remark("Reports", told))
    file = out / FEED
    earlier = file.read_bytes() if file.is_file() else b""
    told = {**_told(out), **{one.search.folder: one.receipt.folder for one in news}}
    files = {_TOLD: json.dumps(told, indent=1).encode()}
    if entries:
        files[FEED] = with_entries(earlier, entries, page=NEWS)
        files[NEWS] = html_page(*page).encode("utf-8")
    write_together(out, files)
    return [out / name for name in (FEED, NEWS) if name in files]


def _shown(one: News) -> str:
    return html_text(one.headline)


def _first_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are shown, with a note on the others."""
    if len(frame) <= _MOST_SHOWN:
        return frame
    first = frame[:_MOST_SHOWN]
    n = len(frame) - _MOST_SHOWN
    old, new = frame.attrs["old"], frame.attrs["new"]
    rest = f"{n:,} more changes: `trialkit changes {old} {new}` tells all"
    first.attrs = {**frame.attrs, "notes": [*frame.attrs["notes"], rest]}
    return first


def _told(out: Path) -> dict[str, str]:
    """Return which folder of each search was told last."""
    try:
        told = json.loads((out / _TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
