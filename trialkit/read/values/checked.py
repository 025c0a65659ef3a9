"""The last check of a Record, whatever its reader.

Words without a level are kept as written, with a remark: `tk.summarize.unread` lists
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from trialkit.codebook import columns_of
from trialkit.read.values.dates import iso_date, read_date
from trialkit.read.values.levels import known
from trialkit.read.values.numbers import read_count
from trialkit.record import KEPT, PartialDate, Record, Remark

#: Lists of a Record whose parts hold levels: table and column.
_PARTS = {
    "arms": "arm_type",
    "interventions": "intervention_type",
    "sites": "site_status",
    "sponsors": "sponsor_class",
}
_SPANS = ("start_date", "primary_completion_date", "completion_date")
_DAYS = (
    *("first_posted_date", "last_updated_date", "verified_date"),
    "results_first_posted_date",
)
#: Up to here a number of participants needs no second look.
_SURELY_PEOPLE = 1_000_000
_NOTE = f"{KEPT}: no level is known for it"


@cache
def _levels(table: str, column: str) -> frozenset[str | None]:
    return frozenset({None, *columns_of(table)[column].levels})


@cache
def _coded() -> tuple[tuple[str, frozenset[str | None]], ...]:
    """Return the fields of a Record that hold a level, and their levels."""
    return tuple(
        (name, _levels("trials", name))
        for name, column in columns_of("trials").items()
        if column.levels and name in Record.__struct_fields__
    )


def checked(record: Record) -> Record:
    """Return a Record whose codes are levels, or words with a remark on them.

    Impossible dates, and more participants than people, are left out with a remark.
    """
    remarks: list[Remark] = []
    changes: dict[str, Any] = {}
    for field, levels in _coded():
        written = getattr(record, field)
        if written not in levels:
            changes[field] = _known(field, written, levels, remarks)
    changes.update(_other(record, remarks))
    if not changes and not remarks:
        return record
    told = frozenset(record.remarks)
    fresh = (remark for remark in remarks if remark not in told)
    changes["remarks"] = (*record.remarks, *dict.fromkeys(fresh))
    return msgspec.structs.replace(record, **changes)


def _known(
    field: str, written: str, levels: frozenset[str | None], remarks: list[Remark]
) -> str | None:
    found = known(field, written)
    # The registry joins few phases, and another register any: `PHASE3/PHASE4`.
    is_phases = field == "phase" and found and levels.issuperset(found.split("/"))
    if found not in levels and not is_phases:
        remarks.append(Remark(field, found, _NOTE))
    return found


def _other(record: Record, remarks: list[Remark]) -> Iterator[tuple[str, Any]]:
    """Yield the changed parts, dates and number of participants."""
    for name, column in _PARTS.items():
        levels, parts = _levels(name, column), getattr(record, name)
        if any(getattr(part, column) not in levels for part in parts):
            yield name, tuple(_part(part, column, levels, remarks) for part in parts)
    for field in _SPANS:
        date = getattr(record, field)
        if date and date.date and iso_date(date.date) != date.date:
            day = read_date(field, date.date, remarks)
            yield field, PartialDate(date=day, type=date.type) if day else None
    for field in _DAYS:
        day = getattr(record, field)
        if day and iso_date(day) != day:
            yield field, read_date(field, day, remarks)
    if record.enrollment is not None and not 0 <= record.enrollment <= _SURELY_PEOPLE:
        number = read_count("enrollment", str(record.enrollment), remarks)
        if number != record.enrollment:
            yield "enrollment", number


def _part(
    part: Any, column: str, levels: frozenset[str | None], remarks: list[Remark]
) -> Any:
    written = getattr(part, column)
    if written in levels:
        return part
    value = _known(column, written, levels, remarks)
    return msgspec.structs.replace(part, **{column: value})
