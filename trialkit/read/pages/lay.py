"""The plain-language page of a trial site: a third party's words, kept apart.

Its facts get the basis `stated-lay`: they fill gaps of the registry and never override
it. Its own dates and headline are not the trial's dates and title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from trialkit.read.document import SourceFacts
from trialkit.read.pages.blocks import Draft, blocks_of, find_id, key_of
from trialkit.read.pages.sentences import enrollment_in, phase_in
from trialkit.read.pages.text import Line, Page
from trialkit.read.values.conditions import known_conditions, split_conditions
from trialkit.read.values.dates import iso_date
from trialkit.read.values.levels import level
from trialkit.read.values.places import place_of
from trialkit.record import LaySummary, Record, Site

SHAPE = "lay_page"
#: The site of this layout; the page's disclaimer names it too.
SITE = "curemydisease.com"
LAY = "stated-lay"

_DISCLAIMER = re.compile(r" takes no responsibility", re.I)
#: The host before the disclaimer, and how far back it is searched.
_HOST, _LONGEST_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+$"), 100
_DATE = r":?\s+([A-Za-z.]+ \d{1,2},? \d{4}|\d{1,2} [A-Za-z.]+,? \d{4}|\d{4}-\d\d-\d\d)"
#: The site's own dates.
_SITE_DATES = {
    "first_seen_date": re.compile(rf"\bFirst seen{_DATE}", re.I),
    "last_updated_date": re.compile(rf"\bLast updated{_DATE}", re.I),
}
_CONTACT = re.compile(r"contact\b|(?:.*\b)?(?:phone|e-?mail|tel)\s*:", re.I)
_BULLET = re.compile(r"[•·*-]\s*(.*)")


class _LayDraft(Draft):
    """The draft of a Record and of its lay summary."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.lay: dict[str, str | None] = {}
        self.conditions: list[str] = []


_Handler = Callable[[_LayDraft, Sequence[Line]], None]


def _text(field: str, section: str | None = None) -> _Handler:
    """Return a handler that keeps a block as a field of the lay summary.

    Only with a `section` may it support a label: what "could lead to" is speculation.
    """

    def handler(draft: _LayDraft, lines: Sequence[Line]) -> None:
        draft.lay.setdefault(field, draft.text_of(lines))
        if section:
            draft.passage(section, lines)

    return handler


def _conditions(draft: _LayDraft, lines: Sequence[Line]) -> None:
    for line in lines:
        if not line.text.startswith(FURNITURE_OPENINGS):
            draft.conditions += split_conditions(_without_bullet(line.text))


def _furniture(draft: _LayDraft, lines: Sequence[Line]) -> None:
    """Leave out a block of the site's frame or of contact persons."""


#: Headings and the handlers of their blocks; other headings end no block.
SECTIONS: dict[str, _Handler] = {
    "Summary": _text("summary", "lay_summary"),
    "What this could mean": _furniture,  # "our plain-language read of the trial"
    "Active substance": _text("active_substance", "active_substance"),
    "What this could lead to": _text("could_lead_to"),
    "What could go wrong": _text("could_go_wrong", "lay_could_go_wrong"),
    "Disclaimer": _furniture,
    "Disclaimer Read more": _furniture,
    "Get updates": _furniture,  # its alert topic is not the trial's condition
    "Our safety recommendation!": _furniture,
    "Conditions": _conditions,
    "As listed by the trial registrant": _conditions,
    "Contacts and locations": _furniture,
    "Study contacts": _furniture,
    "Show contact details": _furniture,
    "Locations": lambda draft, lines: draft.put("sites", tuple(_sites(lines))),
}
#: The beginnings of the site's own sentences.
FURNITURE_OPENINGS = ("The condition(s) this trial", "The condition terms exactly")
_HEADINGS = {key_of(heading): heading for heading in SECTIONS}
#: Headings that tell this layout from any other page with a "Summary".
_MARKS = frozenset(
    {"what this could mean", "active substance"}
    | {"what this could lead to", "what could go wrong"}
)


def recognize(page: Page) -> bool:
    """Return whether a page is of this layout; the site's dates in its head will do."""
    first_seen = _SITE_DATES["first_seen_date"]
    has_dates = any(first_seen.search(line.text) for line in page.lines[:10])
    return has_dates or len(_MARKS & {key_of(line.text) for line in page.lines}) >= 2


def read(page: Page, source_id: str) -> tuple[Record, SourceFacts]:
    """Return the Record of a plain-language page, and facts of the page."""
    head, *sections = blocks_of(
        page.lines, lambda index: _HEADINGS.get(key_of(page.lines[index].text))
    )
    trial_id, at = find_id(head.lines)
    draft = _LayDraft(page)
    draft.lay["headline"] = draft.text_of(head.lines[max(at - 1, 0) : at])
    for line in head.lines[at:]:
        for field, pattern in _SITE_DATES.items():
            if found := pattern.search(line.text):
                draft.lay.setdefault(field, iso_date(found[1]))
    for heading, lines in sections:
        SECTIONS[heading](draft, lines)
    _facts_from_prose(draft)
    _fill_conditions(draft)
    draft.remark_if_cut([block.heading for block in sections], "Locations")
    draft.put_countries_of_sites()
    draft.values["lay"] = LaySummary(**draft.lay)
    facts = SourceFacts("lay", SHAPE, _site(page), draft.lay.get("last_updated_date"))
    return draft.record(trial_id, source_id), facts


def _facts_from_prose(draft: _LayDraft) -> None:
    """Take phase and enrollment if all sentences agree."""
    texts = (draft.lay.get("summary"), draft.lay.get("could_go_wrong"))
    facts = {"phase": phase_in(*texts), "enrollment": enrollment_in(*texts)}
    for field, found in facts.items():
        if len(found) == 1:
            draft.put(field, found.pop(), LAY)
        elif found:
            values = " / ".join(map(str, sorted(found)))
            note = "the page gives more than one number"
            draft.remark(field, values, note, "conflict")


def _fill_conditions(draft: _LayDraft) -> None:
    """Take the listed conditions, else those of the summary's first sentence."""
    listed = {name.casefold(): name for name in reversed(draft.conditions)}
    kept = frozenset(listed.values())
    found = [name for name in draft.conditions if name in kept]
    if not found:
        aim = re.split(r"(?<=[.!?])\s", draft.lay.get("summary") or "", maxsplit=1)[0]
        found = [mention.text for mention in known_conditions(aim)]
    draft.put("conditions", tuple(found), LAY)


def _sites(lines: Sequence[Line]) -> Iterator[Site]:
    """Yield the sites: facility, status if stated, and place; a contact has neither."""
    facility: str | None = None
    status: str | None = None
    for line in lines:
        text = _without_bullet(line.text)
        if not text:
            continue
        if _CONTACT.match(text):
            facility = facility if status else None
            continue
        place = place_of(text) if facility else None
        if place:
            yield replace(place, facility=facility, site_status=status)
            facility = status = None
        elif facility and level("overall_status", text):
            status = level("overall_status", text)
        else:
            if facility:
                yield Site(facility=facility, site_status=status)
            facility, status = text, None
    if facility:
        yield Site(facility=facility, site_status=status)


def _without_bullet(text: str) -> str:
    bullet = _BULLET.fullmatch(text)
    return bullet[1] if bullet else text


def _site(page: Page) -> str:
    for said in _DISCLAIMER.finditer(page.text):
        at = said.start()
        host = _HOST.search(page.text[max(at - _LONGEST_HOST, 0) : at])
        if host:
            return host[0].lower()
    return page.site or SITE
