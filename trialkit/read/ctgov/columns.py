"""The columns of ClinicalTrials.gov's CSV, to fields of a Record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trialkit.read.values.dates import read_date
from trialkit.read.values.design import design_of
from trialkit.read.values.ids import ascii_signs, id_of, identifier_of
from trialkit.read.values.levels import known
from trialkit.read.values.numbers import read_age, read_count
from trialkit.read.values.places import site_of
from trialkit.record import Intervention, Outcome, PartialDate, Remark, Sponsor

_NCT = re.compile(r"NCT ?\d{8}", re.IGNORECASE)
_RESULTS = {
    "yes": True,
    "no": False,
    "has results": True,
    "no results available": False,
}
_AGE = re.compile(
    r"(?:up to (?P<only_max>[\d.]+ \w+)"
    r"|(?P<min>[\d.]+ \w+)(?: and older| to (?P<max>[\d.]+ \w+))?)",
    re.IGNORECASE,
)
_AGE_GROUPS = re.compile(r"child|older[ _]adult|adult", re.IGNORECASE)
_ONLY_GROUPS = re.compile(r"(?:(?:child|adult|older[ _]adult)(?:, )?)+", re.IGNORECASE)
#: Fields of a Record; `lead_class`, of the lead sponsor; `url_id`, the id in the URL.
Fields = dict[str, Any]
#: Reads a table cell that is not empty, and adds remarks; None if it does not fit.
Reader = Callable[[str, list[Remark]], Fields | None]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _text(field: str) -> Reader:
    return lambda text, _: {field: text}


def _level(field: str) -> Reader:
    return lambda text, _: {field: known(field, text)}


def _day(field: str) -> Reader:
    return lambda text, remarks: {field: read_date(field, text, remarks)}


def _date(field: str) -> Reader:
    def read(text: str, remarks: list[Remark]) -> Fields:
        date = read_date(field, text, remarks)
        return {field: PartialDate(date=date) if date else None}

    return read


def _list(field: str, of: Callable[[str], Any] = str) -> Reader:
    return lambda text, _: {field: tuple(map(of, _split(text)))}


def _outcomes(kind: str | None) -> Reader:
    """Keep each outcome whole: commas do not tell measure from time frame."""
    return _list("outcomes", lambda part: Outcome(part, outcome_type=kind))


def _intervention(text: str) -> Intervention:
    kind, colon, name = text.partition(": ")
    level = known("intervention_type", kind) if colon else None
    if level is None or not level.isupper():
        return Intervention(name=text)
    return Intervention(intervention_type=level, name=name.strip())


def _sponsors(*roles: str) -> Reader:
    """Return a reader that gives the first name the first role, the others the last."""
    return lambda text, _: {
        "sponsors": tuple(
            Sponsor(name=name, role=roles[min(position, len(roles) - 1)])
            for position, name in enumerate(_split(text))
        )
    }


def _funder(text: str, remarks: list[Remark]) -> Fields:
    """Take the lead sponsor's class; of several any may be its own."""
    classes = _split(text)
    return {"lead_class": known("sponsor_class", text)} if len(classes) == 1 else {}


def _study_type(text: str, remarks: list[Remark]) -> Fields:
    """Take the type, and the kinds of expanded access of the classic column."""
    kind, _, more = text.partition(":")
    if known("study_type", kind) != "EXPANDED_ACCESS":
        return {"study_type": known("study_type", text.replace(":", " "))}
    listed = (part.upper() for part in _split(more))
    kinds = (re.match(r"INDIVIDUAL|INTERMEDIATE|TREATMENT", part) for part in listed)
    types = tuple(dict.fromkeys(found[0] for found in kinds if found))
    return {"study_type": "EXPANDED_ACCESS", "expanded_access_types": types}


def _results(text: str, remarks: list[Remark]) -> Fields | None:
    has_results = _RESULTS.get(text.lower())
    return None if has_results is None else {"has_results": has_results}


def _age(text: str, remarks: list[Remark]) -> Fields | None:
    """Take the groups, and the limits of the classic column."""
    found = _AGE.match(text)
    groups = tuple(
        part.strip().upper().replace(" ", "_") for part in _AGE_GROUPS.findall(text)
    )
    if not found:
        return {"std_ages": groups} if _ONLY_GROUPS.fullmatch(text) else None
    highest = found["max"] or found["only_max"]
    return {
        "std_ages": groups or None,
        "minimum_age": read_age("minimum_age", found["min"], remarks),
        "maximum_age": read_age("maximum_age", highest, remarks),
    }


def _sites(text: str, remarks: list[Remark]) -> Fields:
    sites = tuple(site_of(part) for part in _split(text))
    countries = dict.fromkeys(site.country for site in sites if site.country)
    return {"sites": sites, "countries": tuple(countries)}


def _id(field: str) -> Reader:
    def read(text: str, remarks: list[Remark]) -> Fields | None:
        found = _NCT.search(ascii_signs(text))
        return {field: id_of(found[0])} if found else None

    return read


#: The columns of dates, and the field that each fills.
DATES = {
    "start date": "start_date",
    "primary completion date": "primary_completion_date",
    "completion date": "completion_date",
    "first posted": "first_posted_date",
    "results first posted": "results_first_posted_date",
    "last update posted": "last_updated_date",
}
#: Days of the record, which have no type.
_OF_RECORD = ("first_posted_date", "results_first_posted_date", "last_updated_date")
#: Header of a column in lower case, and its reader.
COLUMNS: dict[str, Reader] = {
    "nct number": _id("trial_id"),
    "study url": _id("url_id"),
    "url": _id("url_id"),
    "study title": _text("brief_title"),
    "title": _text("brief_title"),
    "acronym": _text("acronym"),
    "study status": _level("overall_status"),
    "status": _level("overall_status"),
    "brief summary": _text("brief_summary"),
    "study results": _results,
    "conditions": _list("conditions"),
    "interventions": _list("interventions", _intervention),
    "primary outcome measures": _outcomes("primary"),
    "secondary outcome measures": _outcomes("secondary"),
    "other outcome measures": _outcomes("other"),
    "outcome measures": _outcomes(None),
    "sponsor": _sponsors("lead"),
    "collaborators": _sponsors("collaborator"),
    "sponsor/collaborators": _sponsors("lead", "collaborator"),
    "sex": _level("sex"),
    "gender": _level("sex"),
    "age": _age,
    "phases": _level("phase"),
    "enrollment": lambda text, remarks: {
        "enrollment": read_count("enrollment", text, remarks)
    },
    "funder type": _funder,
    "funded bys": _funder,
    "study type": _study_type,
    "study design": lambda text, _: design_of(text),
    "study designs": lambda text, _: design_of(text),
    "other ids": _list("identifiers", identifier_of),
    **{
        name: (_day if field in _OF_RECORD else _date)(field)
        for name, field in DATES.items()
    },
    "locations": _sites,
    # Of documents and row numbers nothing is kept.
    **dict.fromkeys(("study documents", "rank"), lambda text, _: {}),
}

#: The columns of the API's CSV in order, for pages without a header.
API_HEADER = tuple(
    (
        "nct number|study title|study url|acronym|study status|brief summary"
        "|study results|conditions|interventions|primary outcome measures"
        "|secondary outcome measures|other outcome measures|sponsor|collaborators|sex"
        "|age|phases|enrollment|funder type|study type|study design|other ids"
        "|start date|primary completion date|completion date|first posted"
        "|results first posted|last update posted|locations|study documents"
    ).split("|")
)
