"""The first page and the page format, read from the front matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trialkit.errors import ReportError
from trialkit.report.display import METADATA_KEY

_PAPERS = ("a4", "us-letter")
_MONTHS = (
    "January February March April May June July August September October November"
    " December"
).split()


@dataclass(frozen=True)
class Cover:
    """Title block and page format; every text is plain text."""

    title: str
    subtitle: str = ""
    kicker: str = ""
    date: date | None = None
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    keywords: tuple[str, ...] = ()
    lang: str = "en"
    paper: str = "a4"
    landscape: bool = False
    warnings: tuple[str, ...] = ()
    contents: bool = False

    @property
    def cut_off(self) -> str:
        """The data cut-off in words, empty if there is none."""
        if self.date is None:
            return ""
        # strftime would follow the locale.
        return f"{self.date.day} {_MONTHS[self.date.month - 1]} {self.date.year}"


def read_cover(front: Mapping[str, Any]) -> Cover:
    """Return the cover in front matter; `show_title` outranks Quarto's own keys."""
    ours = {**front, **front.get(METADATA_KEY, {})}
    paper = str(ours.get("paper", "a4"))
    if paper not in _PAPERS:
        raise ReportError(f"paper must be {' or '.join(_PAPERS)}, not {paper!r}")
    return Cover(
        title=str(ours.get("title") or "Report"),
        subtitle=str(ours.get("subtitle") or ""),
        kicker=str(ours.get("kicker") or ""),
        date=_date(ours.get("date")),
        facts=tuple((str(k), str(v)) for k, v in ours.get("facts", {}).items()),
        notice=str(ours.get("notice") or ""),
        keywords=tuple(map(str, ours.get("keywords") or ())),
        lang=str(ours.get("lang") or "en"),
        paper=paper,
        landscape=ours.get("orientation") == "landscape",
        warnings=tuple(map(str, ours.get("warnings") or ())),
        contents=bool(ours.get("contents")),
    )


def _date(value: Any) -> date | None:
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ReportError(f"date {value!r} is not like 2026-06-30") from None
