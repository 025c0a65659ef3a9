"""A copy of a register's page on another site, with its labels or without.

Without labels ("Clinical Phase", then "PHASE1") values are read by their type and place
(basis `positional`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from trialkit import record
from trialkit.read.document import SourceFacts
from trialkit.read.pages.blocks import Draft, blocks_of, find_id, key_of
from trialkit.read.pages.fields import POSITIONAL, Field, Parse, items_of, read_fields
from trialkit.read.pages.mirror_arms import read_arms
from trialkit.read.pages.mirror_sites import read_sites
from trialkit.read.pages.text import Line, Page
from trialkit.read.values.conditions import known_conditions, split_conditions
from trialkit.read.values.dates import iso_date
from trialkit.read.values.levels import level, own_level, yes_no
from trialkit.read.values.numbers import age, count
from trialkit.record import Record

LABELLED, LABELS_LOST = "mirror_page", "mirror_page_labels_lost"
#: The site of this template; the page's text does not name it.
SITE = "meddatax.com"

_ID = re.compile(r"NCT\d{8}$", re.IGNORECASE)
_NO_RESULTS = re.compile(
    r"results pending|no results|not (?:yet )?(?:published|posted)"
)
_RESULTS = re.compile(r"results (?:are )?(?:available|posted|published)")
_HAS_YEAR = re.compile(r"\d{4}(?:-|$)")
_ENROLLMENT = re.compile(
    r"([\d,]{1,40}) (?:participants?|patients?|subjects?)(?:\W+(\w+)\W*)?$", re.I
)
_PHASE_WORD = re.compile(r"phase|期|^(?:n/?a|not applicable)$", re.IGNORECASE)
_WHO = {
    "participant": "PARTICIPANT",
    "care provider": "CARE_PROVIDER",
    "caregiver": "CARE_PROVIDER",
    "investigator": "INVESTIGATOR",
    "outcomes? assessor": "OUTCOMES_ASSESSOR",
}
_WHO_LINE = re.compile(rf"(?:(?:{'|'.join(_WHO)})s?\W*)+$", re.IGNORECASE)


def _text(text: str) -> str | None:
    return text if text not in ("", "-") else None


def _enum(label: str, column: str, *, names_itself: bool = False) -> Field:
    alone = _phase if column == "phase" else partial(own_level, column)
    return Field(label, column, partial(level, column), names_itself, alone)


def _phase(text: str) -> str | None:
    """Return a phase that says so: a bare number may be anything."""
    return level("phase", text) if _PHASE_WORD.search(text.strip()) else None


def _date(text: str) -> str | None:
    return iso_date(text) if _HAS_YEAR.match(text) else None


def _enrollment(text: str) -> tuple[int, str | None] | None:
    """Return the number of participants and its type, from "12 participants"."""
    found = _ENROLLMENT.match(text)
    number = count(found[1]) if found else None
    if found is None or number is None:
        return None
    return number, level("enrollment_type", found[2])


#: An age with its unit: a bare number may be anything.
_age = partial(age, bare=False)
HEAD_FIELDS = (
    Field("Last Updated", "last_updated_date", _date),
    Field("Official Title", "official_title", _text),
    Field("Acronym", "acronym", _text),
)
#: In the order of the page, which tells two dates or two ages apart.
BASIC_FIELDS = (
    _enum("Recruitment Status", "overall_status"),
    _enum("Clinical Phase", "phase", names_itself=True),
    Field("Total Enrollment", "enrollment", _enrollment, names_itself=True),
    _enum("Study Classification", "study_type", names_itself=True),
    Field("Study Start Date", "start_date", _date),
    Field("Primary Completion Date", "primary_completion_date", _date),
    Field("Study Completion Date", "completion_date", _date),
)
DESIGN_FIELDS = (
    _enum("Allocation Method", "allocation"),
    _enum("Intervention Model", "intervention_model"),
    _enum("Primary Study Purpose", "primary_purpose"),
    _enum("Blinding Strategy", "masking"),
)
ELIGIBILITY_FIELDS = (
    Field("Minimum Eligible Age", "minimum_age", _age),
    Field("Maximum Eligible Age", "maximum_age", _age),
    _enum("Eligible Sex", "sex"),
    Field("Accepts Healthy Volunteers", "healthy_volunteers", yes_no),
)


def _results(draft: Draft, lines: Sequence[Line]) -> None:
    said = " ".join(line.text for line in lines).casefold()
    if _NO_RESULTS.search(said):
        draft.put("has_results", False)
    elif _RESULTS.search(said):
        draft.put("has_results", True)


def _basic(draft: Draft, lines: Sequence[Line]) -> None:
    read_fields(draft, lines, BASIC_FIELDS)
    # A page saved twice over has the block twice: the first one counts.
    if isinstance(draft.values.get("enrollment"), tuple):
        number, kind = draft.values.pop("enrollment")
        draft.put("enrollment", number)
        draft.put("enrollment_type", kind)
    for field in BASIC_FIELDS:
        date = draft.values.get(field.name)
        if field.parse is _date and isinstance(date, str):
            draft.values[field.name] = record.PartialDate(date=date)


def _prose(field: str) -> Callable[[Draft, Sequence[Line]], None]:
    def handler(draft: Draft, lines: Sequence[Line]) -> None:
        draft.put(field, draft.text_of(lines))
        draft.passage(field, lines)

    return handler


def _conditions(draft: Draft, lines: Sequence[Line]) -> None:
    found = [name for line in lines for name in split_conditions(line.text)]
    draft.put("conditions", tuple(dict.fromkeys(found)))


def _keywords(draft: Draft, lines: Sequence[Line]) -> None:
    draft.put("keywords", tuple(line.text for line in lines))
    for line in lines:
        draft.passage("keyword", [line])


def _design(draft: Draft, lines: Sequence[Line]) -> None:
    """Read the design; free notes on model and masking are dropped."""
    for line in read_fields(draft, lines, DESIGN_FIELDS):
        if _WHO_LINE.match(line.text):
            who = (v for k, v in _WHO.items() if re.search(k, line.text, re.IGNORECASE))
            draft.put("who_masked", tuple(dict.fromkeys(who)))


def _eligibility(draft: Draft, lines: Sequence[Line]) -> None:
    """Keep the criteria whole, and read the fields after them."""
    labels = {key_of(field.label) for field in ELIGIBILITY_FIELDS}
    cut = next((i for i, li in enumerate(lines) if key_of(li.text) in labels), None)
    if cut is None:
        cut = len(lines)
        parsers = [field.parse_alone for field in ELIGIBILITY_FIELDS]
        while cut and any(parse(lines[cut - 1].text) is not None for parse in parsers):
            cut -= 1
    draft.put("eligibility_criteria", draft.text_of(lines[:cut]))
    read_fields(draft, lines[cut:], ELIGIBILITY_FIELDS)


def _sponsors(draft: Draft, lines: Sequence[Line]) -> None:
    found: list[dict[str, Any]] = []
    role = partial(level, "role")
    for item in items_of(lines, {"Sponsor Role": role}):
        kind = level("lead_sponsor_class", item.line.text)
        if item.label and found:
            found[-1]["role"] = item.value or found[-1]["role"]
        elif found and kind and "sponsor_class" not in found[-1]:
            found[-1]["sponsor_class"] = kind
        elif not item.label:
            default = "collaborator" if found else "lead"
            found.append({"name": item.line.text, "role": default})
    draft.put("sponsors", tuple(record.Sponsor(**fields) for fields in found))


def _responsible_party(draft: Draft, lines: Sequence[Line]) -> None:
    """Keep the type of the responsible party, not the person's name."""
    read_fields(draft, lines, [_enum("Responsibility Role", "responsible_party_type")])


def _related(draft: Draft, lines: Sequence[Line]) -> None:
    found = list(draft.values.pop("related_trials", ()))
    title: list[Line] = []
    for line in lines:
        if _ID.match(line.text):
            title_text = draft.text_of(title)
            found.append(record.RelatedTrial(line.text.upper(), title_text))
            title = []
        else:
            title = [line]
    draft.put("related_trials", tuple(found))


def _references(draft: Draft, lines: Sequence[Line]) -> None:
    kind = partial(level, "reference_type")
    labels = {"Reference Type": ("reference_type", kind), "PMID": ("pmid", _pmid)}
    found = _entries(lines, "citation", labels)
    draft.put("references", tuple(record.Reference(**fields) for fields in found))


def _entries(
    lines: Sequence[Line], first: str, labels: dict[str, tuple[str, Parse]]
) -> list[dict[str, str | None]]:
    """Return an entry per line without a label, with the labelled fields after it."""
    found: list[dict[str, str | None]] = []
    parsers = {label: parse for label, (_, parse) in labels.items()}
    for item in items_of(lines, parsers):
        if item.label is None:
            found.append({first: item.line.text})
        elif found and item.value:
            found[-1][labels[item.label][0]] = item.value
    return found


def _pmid(text: str) -> str | None:
    found = re.match(r"(\d{1,9})\b", text)
    return found[1] if found else None


def _identifiers(draft: Draft, lines: Sequence[Line]) -> None:
    names = ("Identifier Type", "Identifier Source")
    found = _entries(lines, "id", dict.fromkeys(names, ("id_type", _text)))
    draft.put("identifiers", tuple(record.Identifier(**fields) for fields in found))


def _countries(draft: Draft, lines: Sequence[Line]) -> None:
    draft.put("countries", tuple(line.text for line in lines))


def _dropped(draft: Draft, lines: Sequence[Line]) -> None:
    """Leave out contact persons, officials and files."""


class Section(NamedTuple):
    """One row of the table of sections.

    `opening` begins the template's own sentence under the heading, which tells a
    heading from the same words in a record's text.
    """

    heading: str
    opening: str | None
    read: Callable[[Draft, Sequence[Line]], None]


SECTIONS = (
    Section("Study Results", None, _results),
    Section("Basic Information", "Get a concise snapshot", _basic),
    Section("Brief Summary", "Review the sponsor", _prose("brief_summary")),
    Section("Related Clinical Trials", "Explore similar", _related),
    Section("Detailed Description", "Dive into", _prose("detailed_description")),
    Section("Conditions", "See the medical", _conditions),
    Section("Keywords", "Explore important", _keywords),
    Section("Study Design", "Understand how", _design),
    Section("Study Groups", "Review each arm", _dropped),  # see read_arms
    Section("Interventions", "Learn about the drugs", _dropped),  # see read_arms
    Section("Eligibility Criteria", "Check the participation", _eligibility),
    Section("Sponsors", "Meet the organizations", _sponsors),
    Section("Responsible Party", "Identify the individual", _responsible_party),
    Section("Principal Investigators", "Learn about the lead", _dropped),
    Section("Locations", "Explore where", read_sites),
    Section("Countries", "Review the countries", _countries),
    Section("Central Contacts", "Reach out", _dropped),
    Section("Facility Contacts", "Find local", _dropped),
    Section("References", "Explore related publications", _references),
    Section("Provided Documents", None, _dropped),
    Section("Other Identifiers", "Review additional registry", _identifiers),
    Section("More Related Trials", "Additional clinical", _related),
)
_BY_HEADING = {key_of(section.heading): section for section in SECTIONS}
#: Every record has its organization's id: a page that ends before is cut.
_LAST = "Other Identifiers"


def recognize(page: Page) -> bool:
    """Return whether a page has headings of the mirror's template, or its head."""
    headings = {_heading(page, index) for index in range(len(page.lines))} - {None}
    head = [key_of(line.text) for line in page.lines[:10]]
    updated = any(line.startswith("last updated: ") for line in head)
    return len(headings) >= 2 or (updated and any("nct id: nct" in x for x in head))


def read(page: Page, source_id: str) -> tuple[Record, SourceFacts]:
    """Return the Record of a mirrored registry page, and facts of the page."""
    head, *blocks = blocks_of(page.lines, partial(_heading, page))
    trial_id, at = find_id(head.lines)
    draft = Draft(page)
    title = head.lines[max(at - 1, 0) : at]
    draft.put("brief_title", draft.text_of(title))
    draft.passage("brief_title", title)
    read_fields(draft, head.lines[at + 1 :], HEAD_FIELDS)
    named: dict[str, list[Line]] = {}
    for heading, lines in blocks:
        section = _BY_HEADING[key_of(heading)]
        lines = lines[1:] if section.opening else lines
        section.read(draft, lines)
        named.setdefault(heading, []).extend(lines)
    read_arms(draft, named.get("Study Groups", ()), named.get("Interventions", ()))
    draft.put_countries_of_sites()
    # The conditions of the title, if the register's list is empty.
    mentions = known_conditions(draft.values.get("brief_title", ""))
    found = tuple(dict.fromkeys(mention.text for mention in mentions))
    draft.put("conditions", found, "derived")
    draft.remark_if_cut([block.heading for block in blocks], _LAST)
    is_lost = POSITIONAL in draft.basis.values()
    shape = LABELS_LOST if is_lost else LABELLED
    date = draft.values.get("last_updated_date")
    facts = SourceFacts("mirror", shape, page.site or SITE, date)
    return draft.record(trial_id, source_id), facts


def _heading(page: Page, index: int) -> str | None:
    section = _BY_HEADING.get(key_of(page.lines[index].text))
    if section is None or section.opening is None:
        return section.heading if section else None
    after = page.lines[index + 1].text if index + 1 < len(page.lines) else ""
    return section.heading if after.startswith(section.opening) else None
