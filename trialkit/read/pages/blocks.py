"""A page cut into blocks, and the draft of its Record."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from trialkit.errors import TrialDataError
from trialkit.read.pages.text import Line, Page
from trialkit.read.values.ids import registry_of
from trialkit.record import Passage, Record, Remark

_ID_LABEL = re.compile(r"NCT\s*(?:ID|Number)(?:\s*:)?\s*(NCT\d{8})?$", re.IGNORECASE)
_ID = re.compile(r"NCT\d{8}$", re.IGNORECASE)


def key_of(text: str) -> str:
    """Return a line as headings and labels are compared, spaces and case aside."""
    return " ".join(text.split()).rstrip(":").casefold()


class Block(NamedTuple):
    """The lines under one heading of a page."""

    heading: str
    lines: tuple[Line, ...]


def blocks_of(
    lines: Sequence[Line], heading_at: Callable[[int], str | None]
) -> list[Block]:
    """Return the page as blocks at the headings; the first one has none."""
    names = {i: name for i in range(len(lines)) if (name := heading_at(i))}
    cuts = [-1, *names, len(lines)]
    return [
        Block(names.get(start, ""), tuple(lines[start + 1 : end]))
        for start, end in pairwise(cuts)
    ]


def find_id(lines: Sequence[Line]) -> tuple[str, int]:
    """Return the page's own id, the one after "NCT ID", and the index of its line."""
    for index, line in enumerate(lines):
        label = _ID_LABEL.match(line.text)
        if label and label[1]:
            return label[1].upper(), index
        after = lines[index + 1].text if label and index + 1 < len(lines) else ""
        if _ID.match(after):
            return after.upper(), index
    raise TrialDataError("a trial page without an id: no line says 'NCT ID NCT…'")


class Draft:
    """The draft of a Record, filled section by section."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.values: dict[str, Any] = {}
        self.basis: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.passages: list[Passage] = []

    def put(self, field: str, value: Any, basis: str | None = None) -> None:
        """Set a field, unless it is set or the value is empty."""
        if value in (None, "", ()) or field in self.values:
            return
        self.values[field] = value
        if basis:
            self.basis[field] = basis

    def remark(
        self, field: str, value: str | None, note: str, basis: str = "unread"
    ) -> None:
        """Remark on a value that was not taken."""
        self.remarks.append(Remark(field, value, note, basis))

    def remark_if_cut(self, headings: Sequence[str], last: str) -> None:
        """Remark on the end of a page that lacks the `last` section of its layout."""
        if last not in headings or self.page.is_cut:
            end = f"ends in {headings[-1]!r}" if headings else "ends in its head"
            self.remark("page", end, "the page is cut: what follows is not known")

    def text_of(self, lines: Sequence[Line]) -> str | None:
        """Return the page's text from the first to the last of `lines`, verbatim."""
        return self.page.text[lines[0].start : lines[-1].end] if lines else None

    def passage(
        self,
        section: str,
        lines: Sequence[Line],
        arm: int | None = None,
        intervention: int | None = None,
    ) -> None:
        """Keep `lines` as one passage that may support a label."""
        text = self.text_of(lines)
        if text:
            start = lines[0].start
            self.passages.append(Passage(section, text, start, arm, intervention))

    def put_countries_of_sites(self) -> None:
        """Take the countries of the sites if the page lists none."""
        sites = self.values.get("sites", ())
        found = dict.fromkeys(site.country for site in sites if site.country)
        self.put("countries", tuple(found))

    def record(self, trial_id: str, source_id: str) -> Record:
        """Return the finished Record."""
        return Record(
            trial_id=trial_id,
            source_id=source_id,
            registry=registry_of(trial_id),
            basis=self.basis,
            remarks=tuple(self.remarks),
            page_passages=tuple(self.passages),
            **self.values,
        )
