"""The tables of cthist (R) to Records: one row is one version of a record.

Versions are counted from 0 since its version 2.0, from 1 before. A cell `NA` is empty,
and a day is the first of a month where the precision says `month`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO

from trialkit.read import delimited
from trialkit.read.ctgov.versions import is_number
from trialkit.read.document import SourceFacts
from trialkit.read.values.dates import read_date
from trialkit.read.values.ids import id_of, registry_of
from trialkit.read.values.levels import known
from trialkit.read.values.numbers import count, read_age
from trialkit.record import Excluded, Outcome, PartialDate, Record, Remark, Sponsor

SHAPE = "cthist_csv"

_NEEDED = {"nctid", "version_number", "version_date"}
_ERROR = "Error"
_ROLES = "sponsor_collaborators"
_NUMBER = re.compile(r"(\d[\d,]*)(?:\s*\[(\w+)\])?")
_TIME_FRAME = re.compile(r"\s*\[ ?Time Frame: (.*?) ?\]\s*", re.DOTALL)
#: Columns of dates, and how the table names them.
_DATES = {
    "start_date": "study_start_date",
    "primary_completion_date": "primary_completion_date",
}

_Row = dict[str, str]


def sniff(head: bytes) -> bool:
    """Return whether a document is a table of versions."""
    first = delimited.header_of(head)
    return _NEEDED <= set(delimited.split_row(first, delimited.delimiter_of(first)))


def stream(
    handle: BinaryIO, source_id: str, facts: SourceFacts | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Record of each row, and what cannot be read."""
    found = list(_rows(handle))
    first = _first_number(row for row in found if isinstance(row, dict))
    for position, row in enumerate(found, 1):
        record = row if isinstance(row, str) else _record(row, first, source_id)
        if isinstance(record, str):
            name = f"row {position}"
            record = Excluded(source_id=source_id, record=name, reason=record)
        yield record


def _rows(handle: BinaryIO) -> Iterator[_Row | str]:
    body = delimited.rows(delimited.lines_of(handle))
    first = next(body, "")
    mark = delimited.delimiter_of(first)
    names = delimited.split_row(first, mark)
    for row in body:
        values = delimited.split_row(row, mark)
        reason = delimited.misfit(values, len(names))
        if reason:
            yield reason
        else:
            pairs = zip(names, values, strict=False)
            yield {name: "" if text == "NA" else text for name, text in pairs}


def _first_number(rows: Iterable[_Row]) -> int:
    """Return the number of the first version in this table, 0 or 1."""
    pairs = {(row["version_number"], row.get("total_versions", "")) for row in rows}
    if any(number == "0" for number, _ in pairs):
        return 0
    return int(any(number and number == total for number, total in pairs))


def _record(row: _Row, first: int, source_id: str) -> Record | str:
    trial_id = id_of(row["nctid"])
    number = row["version_number"]
    if trial_id is None:
        return "no NCT number in the row"
    if _ERROR in (row["version_date"], row.get("overall_status")):
        return f"{trial_id}: cthist could not download this version"
    if not is_number(number):
        return f"{trial_id}: the number of the version, {number!r}, is none"
    odd: list[Remark] = []
    total = row.get("total_versions", "")
    day = read_date("last_updated_date", row["version_date"], odd)
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        registry=registry_of(trial_id),
        version=int(number) - first,
        last_version=int(total) - 1 if is_number(total) else None,
        version_date=day,
        last_updated_date=day,
        overall_status=row.get("overall_status") or None,
        **_facts(row, odd),
        remarks=tuple(odd),
    )


def _facts(row: _Row, odd: list[Remark]) -> dict[str, Any]:
    number = _NUMBER.fullmatch(row.get("enrolment", ""))
    kind = row.get("enrolment_type") or (number[2] if number else None)
    sponsors = _sponsors(row.get("lead_sponsor") or row.get(_ROLES, ""))
    return {
        **{field: _date(row, name, odd) for field, name in _DATES.items()},
        "enrollment": count(number[1]) if number else None,
        "enrollment_type": known("enrollment_type", kind),
        "why_stopped": row.get("whystopped") or None,
        "has_results": {"TRUE": True, "FALSE": False}.get(
            row.get("results_posted", "")
        ),
        "minimum_age": read_age("minimum_age", row.get("min_age"), odd),
        "maximum_age": read_age("maximum_age", row.get("max_age"), odd),
        "sex": row.get("sex") or None,
        "eligibility_criteria": _criteria(row.get("criteria", "")),
        "outcomes": tuple(_outcomes(row.get("outcome_measures", ""))),
        "sponsors": sponsors,
    }


def _date(row: _Row, name: str, odd: list[Remark]) -> PartialDate | None:
    day = read_date(name, row.get(name) or None, odd)
    if day is None:
        return None
    if row.get(f"{name}_precision") == "month":
        day = day[:7]
    return PartialDate(day, known("enrollment_type", row.get(f"{name}_type")))


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in ("[", "{") else None
    except ValueError:
        return None


def _criteria(text: str) -> str | None:
    """Return the criteria, which older tables hold as a list of one text."""
    listed = _json(text)
    return "\n".join(map(str, listed)) if isinstance(listed, list) else text or None


def _outcomes(text: str) -> Iterator[Outcome]:
    listed = _json(text)
    for item in listed if isinstance(listed, list) else []:
        if not isinstance(item, dict):
            continue
        told = str(item.get("ordinal") or item.get("section") or "").split(" ")[0]
        measure, frame = item.get("measure"), item.get("timeFrame")
        about = item.get("description")
        if measure is None and (content := item.get("content")):
            parts = _TIME_FRAME.split(str(content), maxsplit=1)
            measure, frame, about = chain(parts, [None] * (3 - len(parts)))
        kind = told.lower() if told.lower() in ("primary", "secondary") else "other"
        if measure:
            yield Outcome(measure, frame, about or None, kind)


def _sponsors(text: str) -> tuple[Sponsor, ...]:
    """Return the lead sponsor; older tables list it with those of other roles."""
    lead = _json(text)
    if isinstance(lead, list):
        told = [part for part in lead if isinstance(part, dict)]
        named = (p.get("content") for p in told if p.get("label") == "Sponsor:")
        lead = {"name": next(named, None)}
    if not isinstance(lead, dict) or not lead.get("name"):
        return ()
    name, kind = (_unboxed(lead.get(key)) for key in ("name", "class"))
    return (Sponsor(name, kind),)


def _unboxed(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    return str(value) if value else None
