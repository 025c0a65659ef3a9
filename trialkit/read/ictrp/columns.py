"""The columns of a WHO ICTRP export, to fields of a Record.

Some twenty registers fill them in their own words: HTML in texts, phases and sizes in
prose, dates in four styles. Words without a level are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trialkit import record
from trialkit.read.delimited import plain_name
from trialkit.read.values.dates import iso_date, read_date
from trialkit.read.values.design import design_of
from trialkit.read.values.ids import id_of, identifier_of
from trialkit.read.values.levels import known, level
from trialkit.read.values.markup import breaks, without_html
from trialkit.read.values.numbers import count, read_age, read_count
from trialkit.record import Intervention, Outcome, Remark

#: Columns by name, lower case with spaces, of one trial.
Row = dict[str, str]
Fields = dict[str, Any]
#: Takes the row and a list to add remarks to.
Reader = Callable[[Row, list[Remark]], Fields]

#: The columns of dates and their fields; the unambiguous form of a day goes first.
DATES = {
    "date registration3": "first_posted_date",
    "date registration": "first_posted_date",
    "date enrollement": "start_date",
    "results date completed": "completion_date",
}
#: Names of columns in WHO's full download, and of those who mend the spelling.
_OTHER_NAMES = {
    "date enrollment": "date enrollement",
    "date enrolment": "date enrollement",
    "agemin": "inclusion agemin",
    "agemax": "inclusion agemax",
    "gender": "inclusion gender",
    "conditions": "condition",
    "interventions": "intervention",
    "primary outcomes": "primary outcome",
    "secondaryids": "secondary ids",
}
_AGES = {"minimum_age": "inclusion agemin", "maximum_age": "inclusion agemax"}
#: Columns about the trial; without any, a row is an id alone.
TELLING = frozenset(
    {*DATES, "public title", "scientific title", "acronym", "primary sponsor"}
    | {"source register", "recruitment status", "inclusion agemin", "inclusion agemax"}
    | {"inclusion gender", "target size", "study type", "study design", "phase"}
    | {"countries", "inclusion criteria", "exclusion criteria", "condition"}
    | {"intervention", "primary outcome", "secondary outcome", "secondary outcomes"}
    | {"secondary id", "secondary ids"}
)
#: Days on which ICTRP took the row from the register, and handed it out.
_REFRESHED, _EXPORTED = "last refreshed on", "export date"
_NOT_KEPT = re.compile(
    r"(?:(?:public |scientific )?contact|ethics|results|bridging|bridged) .*"
    r"|retrospective flag|secondary sponsors|source support|type enrolment|childs"
    r"|url|web address|other records|internal number"
)
_NOT_ONE_GROUP = re.compile(r"\bgroups\b|\bversus\b|\bvs\b|condition\b", re.IGNORECASE)
_TYPED = re.compile(r"[A-Z][A-Za-z ]{2,30}: \S")
_SHORT_NAME = 150
#: Phases that a spreadsheet took for a day: `2020-03-02`, `2-Mar`, `Feb-01`.
_MONTHS = {"jan": "1", "feb": "2", "mar": "3", "apr": "4"}
_PART = "(0?[1-4]|jan|feb|mar|apr)"
_TURNED = re.compile(
    rf"(?:\d{{4}}[-/])?{_PART}[-/]{_PART}(?:[-/]\d{{2,4}})?(?: 0?0:00(?::00)?)?",
    re.IGNORECASE | re.ASCII,
)
_OF_A_DAY = re.compile(r"[a-z]|\d{4}", re.IGNORECASE)
_TERM = re.compile(r"MedDRA.*?Term:\s*(.+?)\s*(?:System Organ Class.*)?$", re.DOTALL)
_EUDRACT = re.compile(r"EUCTR((?:19|20)\d{2}-\d{6}-\d{2})", re.IGNORECASE)


def column_named(text: str) -> str:
    """Return the column that a header or an element names, whoever wrote it."""
    name = plain_name(text)
    return _OTHER_NAMES.get(name, name)


def is_column(name: str) -> bool:
    """Return whether WHO ICTRP has this column, also if nothing of it is kept."""
    kept = name in TELLING or name in ("trialid", _REFRESHED, _EXPORTED)
    return kept or _NOT_KEPT.fullmatch(name) is not None


def _line(row: Row, column: str) -> str:
    return " ".join(without_html(row.get(column, "")).split())


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for part in text.split(";") if (p := part.strip())))


def _identity(row: Row, remarks: list[Remark]) -> Fields:
    """Take names, status, and other ids of the trial."""
    trial_id = _line(row, "trialid")
    others = [
        identifier_of(text)
        for column in ("secondary id", "secondary ids")
        for text in _parts(_line(row, column))
    ]
    own = id_of(trial_id) or ""
    if eudract := _EUDRACT.match(own):  # one ICTRP record per country
        others.append(record.Identifier(eudract[1], "EUCTR"))
    if own.startswith("JPRN-"):
        others.append(record.Identifier(own.removeprefix("JPRN-"), "JPRN"))
    sponsor = _line(row, "primary sponsor")
    return {
        "brief_title": _line(row, "public title") or None,
        "official_title": _line(row, "scientific title") or None,
        "acronym": _line(row, "acronym") or None,
        "overall_status": known("overall_status", _line(row, "recruitment status")),
        "study_type": known("study_type", _line(row, "study type")),
        "sex": known("sex", _line(row, "inclusion gender")),
        "sponsors": (record.Sponsor(name=sponsor),) if sponsor else (),
        "identifiers": tuple(others),
    }


def _dates(row: Row, remarks: list[Remark]) -> Fields:
    """Take the dates; the export gives them no type."""
    days: Fields = {}
    for column, field in DATES.items():
        days[field] = days.get(field) or read_date(field, _line(row, column), remarks)
    for field in ("start_date", "completion_date"):
        days[field] = record.PartialDate(date=days[field]) if days[field] else None
    return days


def _phase(row: Row, remarks: list[Remark]) -> Fields:
    """Take the phase; a spreadsheet turns `1-2` and `2-3` into days."""
    text = _line(row, "phase")
    phases = _unturned(text)
    if phases:
        note = f"a spreadsheet's day for {phases}"
        remarks.append(Remark("phase", text, note, "derived"))
    return {"phase": known("phase", phases or text)}


def _unturned(text: str) -> str | None:
    """Return the two phases that a spreadsheet took for a day, or None."""
    found = _TURNED.fullmatch(text)
    if not found or not _OF_A_DAY.search(text):
        return None
    one, two = sorted(_MONTHS.get(part.lower(), part[-1:]) for part in found.groups())
    return f"{one}-{two}" if int(two) - int(one) == 1 else None


def _ages(row: Row, remarks: list[Remark]) -> Fields:
    return {f: read_age(f, _line(row, column), remarks) for f, column in _AGES.items()}


def data_day(row: Row) -> str | None:
    """Return the day of a row's data: the export's, else that of its last refresh.

    ICTRP exports write the month first; a day before the refresh was turned by a
    spreadsheet.
    """
    refreshed = iso_date(_line(row, _REFRESHED)) or ""
    text = _line(row, _EXPORTED)
    days = [day for order in ("month", "day") if (day := iso_date(text, order))]
    usual = days[0] if days else None
    return next((day for day in days if day >= refreshed), usual) or refreshed or None


def groups_of(text: str) -> list[tuple[str, str]]:
    """Return `(group, what it says)` of `group:…;group:…;`, or nothing."""
    parts = text.rstrip().removesuffix(";").split(";")
    groups = [tuple(map(str.strip, part.partition(":"))) for part in parts]
    if not all(name and mark for name, mark, _ in groups):
        return []
    return [(name, what) for name, _, what in groups]


def _size(row: Row, remarks: list[Remark]) -> Fields:
    """Take the target size, or the sum of the groups' sizes with a remark.

    It is missing if a name is of several groups (`Two groups:16`), or stands twice.
    """
    text = _line(row, "target size")
    groups = groups_of(text)
    if not groups:
        return {"enrollment": read_count("enrollment", text, remarks)}
    sizes = [count(size) for _, size in groups]
    names = {" ".join(name.lower().split()) for name, _ in groups}
    is_plain = len(names) == len(groups) and not any(map(_NOT_ONE_GROUP.search, names))
    if not is_plain or None in sizes:
        note = "groups that cannot be summed with certainty"
        remarks.append(Remark("enrollment", text, note))
        return {"enrollment": None}
    if len(groups) > 1:
        note = f"sum of {len(groups)} groups"
        remarks.append(Remark("enrollment", text, note, "derived"))
    return {"enrollment": sum(filter(None, sizes))}


def _conditions(row: Row, remarks: list[Remark]) -> Fields:
    """Take the free text as conditions, and the classification after it as keywords."""
    stated, *coded = breaks(row.get("condition", ""))
    keywords = []
    for part in map(without_html, ";".join(coded).split(";")):
        term = _TERM.match(part)
        keywords.append(" ".join((term[1] if term else part).split()))
    conditions = _parts(without_html(stated))
    lower = {"", *(name.lower() for name in conditions)}
    kept = dict.fromkeys(word for word in keywords if word.lower() not in lower)
    return {
        "conditions": tuple(" ".join(name.split()) for name in conditions),
        "keywords": tuple(kept),
    }


def _given(row: Row, remarks: list[Remark]) -> Fields:
    """Take interventions, or arms if the text names the groups of the target size."""
    text = without_html(row.get("intervention", ""))
    parts = _parts(text)
    typed = [_typed(part) for part in parts if _TYPED.match(part)]
    if parts and len(typed) == len(parts) and all(typed):
        return {"interventions": tuple(typed)}
    given = groups_of(text)
    sized = {name.lower() for name, _ in groups_of(_line(row, "target size"))}
    if given and {name.lower() for name, _ in given} == sized:
        arms = tuple(
            record.Arm(arm_label=" ".join(name.split()), description=what or None)
            for name, what in given
        )
        return {"arms": arms}
    if not text:
        return {}
    if len(text) <= _SHORT_NAME and "\n" not in text:
        return {"interventions": (Intervention(name=text),)}
    return {"interventions": (Intervention(description=text),)}


def _typed(part: str) -> Intervention | None:
    kind, _, name = part.partition(": ")
    found = level("intervention_type", kind)
    return Intervention(intervention_type=found, name=name) if found else None


def _outcomes(row: Row, remarks: list[Remark]) -> Fields:
    outcomes: list[Outcome] = []
    for column in ("primary outcome", "secondary outcome", "secondary outcomes"):
        text = without_html(row.get(column, ""))
        # A European record states objectives and end points in one text.
        is_one_text = re.search(r"end point\(s\):|Main Objective:", text)
        measures = (text,) if is_one_text else _parts(text)
        kind = column.split()[0]
        outcomes += [Outcome(measure, outcome_type=kind) for measure in measures]
    return {"outcomes": tuple(outcomes)}


def _eligibility(row: Row, remarks: list[Remark]) -> Fields:
    columns = ("inclusion criteria", "exclusion criteria")
    texts = (without_html(row.get(column, "")) for column in columns)
    return {"eligibility_criteria": "\n\n".join(filter(None, texts)) or None}


def _countries(row: Row, remarks: list[Remark]) -> Fields:
    """Take the countries; only Japanese registers separate them with commas."""
    text = _line(row, "countries")
    if row.get("trialid", "").upper().startswith("JPRN"):
        text = text.replace(",", ";")
    names = (part.strip(" ?") for part in text.split(";"))
    return {"countries": tuple(dict.fromkeys(name for name in names if name))}


def _results(row: Row, remarks: list[Remark]) -> Fields:
    is_there = _line(row, "results yes no").lower() == "yes"
    return {"has_results": True if is_there or row.get("results url link") else None}


def _design(row: Row, remarks: list[Remark]) -> Fields:
    return design_of(without_html(row.get("study design", "")))


READERS: tuple[Reader, ...] = (
    *(_identity, _dates, _phase, _ages, _size, _conditions, _given, _outcomes),
    *(_eligibility, _countries, _results, _design),
)
