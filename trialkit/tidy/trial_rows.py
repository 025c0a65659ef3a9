"""The Records of one trial from the rows that the tables have of it.

Of a trial with one source all that a table holds comes back. Of one with several each
source gets what `statements` quotes of it, and the first the lists of all: merged
again, they give the tables that they were read from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from trialkit.codebook import columns_of
from trialkit.merge import DETAILS, LISTS, SCALARS
from trialkit.merge.agreement import as_text
from trialkit.merge.choice import FORMER, LEVEL, OTHER_CONDITIONS, OUTRANKED
from trialkit.record import (
    Arm,
    Identifier,
    Intervention,
    LaySummary,
    Link,
    Outcome,
    PartialDate,
    Passage,
    Record,
    Reference,
    RelatedTrial,
    Remark,
    Site,
    Sponsor,
    Version,
)
from trialkit.tidy.tables import SPAN_DATES
from trialkit.tidy.value_lists import members

#: Tables whose rows are the parts of a list of that name.
PARTS: dict[str, type] = {
    "outcomes": Outcome,
    "sponsors": Sponsor,
    "sites": Site,
    "references": Reference,
    "links": Link,
    "identifiers": Identifier,
    "related_trials": RelatedTrial,
}
_MESH = {
    "condition_mesh": "mesh_terms",
    "condition_mesh_ancestors": "mesh_ancestors",
    "condition_branches": "registry_groups",
}
#: Fields that are lists of plain texts in a Record.
_TEXTS = frozenset(
    name for name, value in Record.__annotations__.items() if "[str, " in str(value)
)
FIELDS = frozenset((*SCALARS, *LISTS, *DETAILS, "conditions", "sites"))
_DATE = re.compile(r"([\d-]+)?(?:, )?(ACTUAL|ESTIMATED)?")
#: Notes on a value that another one displaced; other notes are a reader's remarks.
DISPLACED = (None, OUTRANKED, LEVEL, FORMER, OTHER_CONDITIONS)
#: Passages of a page have these sections or offsets in it; a record's have neither.
_OF_PAGES = ("lay_", "active_substance")

_PLAIN_OF_VERSION = [
    name
    for name in Version.__struct_fields__
    if name not in (*SPAN_DATES, "changed_modules")
]
Rows = dict[str, list[dict[str, Any]]]


def records_of(trial: dict[str, Any], rows: Rows, only: str) -> list[Record]:
    """Return what each source says of one trial, as far as it is known."""
    said = [row for row in rows["statements"] if row["source_id"]]
    pages = [*rows.get("lay_summaries", ()), *rows.get("passages", ())]
    named = [row["source_id"] for row in (*said, *pages)]
    sources = list(dict.fromkeys(named)) or [only]
    values = _values(trial, rows)
    claims: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    remarks: dict[str, list[Remark]] = defaultdict(list)
    for row in said:
        if row["note"] in DISPLACED and row["field"] in FIELDS:
            claims[row["field"]].setdefault(row["source_id"], row)
        elif row["field"] != "arm_interventions":
            told = (row[name] for name in ("field", "value", "note", "basis"))
            remarks[row["source_id"]].append(Remark(*told))
    records = []
    for n, source_id in enumerate(sources):
        own: dict[str, Any] = {}
        for field, value in values.items():
            of_field = claims.get(field)
            if not of_field or (len(of_field) == 1 and source_id in of_field):
                is_own = bool(of_field) or n == 0
                own |= {field: value} if is_own else {}
            elif source_id in of_field:
                own[field] = _told(field, of_field[source_id], value)
        basis = {
            field: of_field[source_id]["basis"]
            for field, of_field in claims.items()
            if source_id in of_field and of_field[source_id]["basis"] != "stated"
        }
        own |= _of_pages(source_id, rows, has_others=len(sources) > 1)
        own["remarks"] = tuple(remarks[source_id])
        records.append(
            Record(
                trial_id=trial["trial_id"],
                source_id=source_id,
                registry=trial["registry"],
                basis=basis,
                **{name: value for name, value in own.items() if value is not None},
            )
        )
    return records


def versions_of(
    record: Record, rows: list[dict[str, Any]], trial: dict[str, Any]
) -> Iterator[Record]:
    """Yield the list of the known versions; mark a record that is an old one."""
    versions = []
    for row in rows:
        told: dict[str, Any] = {name: row[name] for name in _PLAIN_OF_VERSION}
        told |= {name: _date_of(row, name) for name in SPAN_DATES}
        told["changed_modules"] = members(row["changed_modules"])
        versions.append(Version(**told))
    numbers = [one.version for one in versions if one.version is not None]
    last = max(numbers, default=None)
    if trial.get("is_old_version"):
        own = [one for one in versions if one.has_record and one.version is not None]
        record.version = max((one.version for one in own if one.version), default=0)
        record.version_date = own[-1].version_date if own else None
        last = None if last == record.version else last
    yield Record(
        trial_id=record.trial_id,
        source_id=versions[0].source_id,
        versions=tuple(versions),
        last_version=last,
        is_list_of_versions=True,
    )


def _date_of(row: dict[str, Any], name: str) -> PartialDate | None:
    date, kind = row.get(name), row.get(f"{name}_type")
    return PartialDate(date=date, type=kind) if date or kind else None


def _values(trial: dict[str, Any], rows: Rows) -> dict[str, Any]:
    """Return the fields of a trial as its tables have them."""
    values: dict[str, Any] = {}
    for name in (*SCALARS, *DETAILS, "who_masked", "keywords"):
        value = trial.get(name)
        values[name] = members(value) if name in _TEXTS else value
    for name in SPAN_DATES:
        values[name] = _date_of(trial, name)
    for name, part in PARTS.items():
        fields = [f for f in part.__struct_fields__ if f in columns_of(name)]
        made = ({f: row[f] for f in fields} for row in rows[name])
        values[name] = tuple(part(**given) for given in made)
    conditions = rows["conditions"]
    values["conditions"] = tuple(row["condition"] for row in conditions)
    for name, column in _MESH.items():
        values[name] = members(conditions[0][column]) if conditions else ()
    chosen = (row for row in rows["statements"] if row["is_chosen"])
    stated = {row["field"]: row["value"] for row in chosen}
    values["arms"] = _likely(_arms(rows), stated.get("arms"))
    values["interventions"] = _likely(_interventions(rows), stated.get("interventions"))
    for name in (*_MESH, "intervention_mesh", "countries"):
        if not values.get(name) and stated.get(name):
            values[name] = tuple(stated[name].split("; "))
    return values


def _likely(forms: Iterable[tuple], text: str | None) -> tuple:
    """Return the list that a source gave: of these forms that which has its text.

    Of several sources none may: the last form says least, and contradicts none.
    """
    forms = list(forms)
    return next((parts for parts in forms if as_text(parts) == text), forms[-1])


def _arms(rows: Rows) -> Iterator[tuple[Arm, ...]]:
    """Yield the arms, naming their interventions as registers do, or not at all."""
    names = {row["intervention_id"]: row["name"] or "" for row in rows["interventions"]}
    kinds = {
        row["intervention_id"]: (row["intervention_type"] or "").replace("_", " ")
        for row in rows["interventions"]
    }
    typed = {key: f"{kinds[key].title()}: {name}" for key, name in names.items()}
    own = [row for row in rows["arms"] if not row["is_implicit"]]
    for form in ({}, names, typed):
        linked = _linked(rows, "arm_id", "intervention_id", form)
        yield tuple(
            Arm(
                arm_label=row["arm_label"],
                arm_type=row["arm_type"],
                description=row["description"],
                interventions=linked.get(row["arm_id"], ()),
            )
            for row in own
        )


def _interventions(rows: Rows) -> Iterator[tuple[Intervention, ...]]:
    """Yield the interventions, naming the arms that get them, or not."""
    labels = {row["arm_id"]: row["arm_label"] or "" for row in rows["arms"]}
    for form in (labels, {}):
        linked = _linked(rows, "intervention_id", "arm_id", form)
        yield tuple(
            Intervention(
                intervention_type=row["intervention_type"],
                name=row["name"],
                description=row["description"],
                other_names=members(row["other_names"]),
                arm_labels=linked.get(row["intervention_id"], ()),
            )
            for row in rows["interventions"]
        )


def _linked(
    rows: Rows, key: str, other: str, names: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return by id the names of what an arm or an intervention is linked with."""
    linked: dict[str, list[str]] = defaultdict(list)
    for row in rows["arm_interventions"]:
        linked[row[key]].append(names.get(row[other], ""))
    return {own: tuple(filter(None, named)) for own, named in linked.items()}


def _told(field: str, row: dict[str, Any], merged: Any) -> Any:
    """Return the value of a statement; None of a list that its text cannot tell."""
    text = row["value"]
    if text is None or text == as_text(merged):
        return merged
    if field in _TEXTS:
        return tuple(text.split("; "))
    if field in SPAN_DATES:
        found = _DATE.fullmatch(text)
        return PartialDate(date=found[1], type=found[2]) if found else None
    if isinstance(merged, bool):
        return text == "true"
    if isinstance(merged, int):
        return int(text)
    if isinstance(merged, tuple):
        return merged if row["is_chosen"] else None
    return text


def _of_pages(source_id: str, rows: Rows, *, has_others: bool) -> dict[str, Any]:
    """Return what only pages have: a lay summary, and passages with their places.

    Beside other sources the passages are what is left of a Record's own texts, too.
    """
    found: dict[str, Any] = {}
    for row in rows["lay_summaries"]:
        if row["source_id"] == source_id:
            fields = LaySummary.__struct_fields__
            found["lay"] = LaySummary(**{name: row[name] for name in fields})
    kept = [row for row in rows["passages"] if row["source_id"] == source_id]
    is_page = any(row["start"] or row["section"].startswith(_OF_PAGES) for row in kept)
    if kept and (is_page or has_others):
        found["page_passages"] = tuple(
            Passage(
                section=row["section"],
                text=row["text"],
                start=row["start"],
                arm=_position(row["arm_id"]),
                intervention=_position(row["intervention_id"]),
            )
            for row in kept
        )
    return found


def _position(part_id: str | None) -> int | None:
    return int(part_id[1:]) - 1 if part_id else None
