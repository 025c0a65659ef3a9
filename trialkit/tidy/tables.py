"""The tidy tables of a batch of merged trials, as Arrow tables.

Nothing here looks beyond its batch, so that any number of trials can pass through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from trialkit.codebook import columns_of
from trialkit.codewords import NOT_STATED, OTHER_WORDING
from trialkit.dates import age_years, date_span
from trialkit.merge import DETAILS, SCALARS, Merged
from trialkit.merge.arm_links import arm_links
from trialkit.read.values.conditions import condition_group
from trialkit.read.values.countries import country_of
from trialkit.record import Excluded, PartialDate, Record, Source, arms_of
from trialkit.tidy.arrow import from_rows, table_of, with_column
from trialkit.tidy.value_lists import joined

if TYPE_CHECKING:
    import pyarrow as pa

#: Dates that keep precision and type, in the order of the table `trials`.
SPAN_DATES = ("start_date", "primary_completion_date", "completion_date")

#: Fields whose presence says how complete a source is (table `sources`).
EXPECTED_FIELDS = tuple(
    "brief_title official_title overall_status study_type phase allocation "
    "intervention_model primary_purpose masking enrollment enrollment_type start_date "
    "primary_completion_date completion_date last_updated_date has_results "
    "brief_summary detailed_description eligibility_criteria conditions keywords arms "
    "interventions outcomes sex minimum_age maximum_age healthy_volunteers sponsors "
    "responsible_party_type sites references".split()
)

_PLAIN = tuple(
    name for name in SCALARS if name not in (*SPAN_DATES, "minimum_age", "maximum_age")
)
#: Of the details, those that are lists.
_JOINED = ("expanded_access_types", "std_ages", "ipd_sharing_info_types")
#: What a lay page says, from its headline on.
_LAY_OF = attrgetter(*list(columns_of("lay_summaries"))[2:])
_PHASE_GROUPS = {f"PHASE{n}": str(n) for n in (1, 2, 3, 4)}
_PHASE_GROUPS |= {"EARLY_PHASE1": "Early 1", "NA": "NA"}


def trials_table(
    merged: Sequence[Merged], labelled: Mapping[str, list[Any]] | None = None
) -> pa.Table:
    """Return the table `trials`; `labelled` holds the columns that the labels add."""
    records = [item.record for item in merged]
    data: dict[str, list[Any]] = {"trial_id": [item.trial_id for item in merged]}
    data["counted_as"] = data["trial_id"]
    data["registry"] = [record.registry for record in records]
    for name in (*_PLAIN, *DETAILS):
        data[name] = list(map(attrgetter(name), records))
    for name in _JOINED:
        data[name] = [joined(values) for values in data[name]]
    data["display_title"] = [_display_title(record) for record in records]
    data["phase_group"] = [_phase_group(record.phase) for record in records]
    for name in SPAN_DATES:
        data |= _span_columns(name, [getattr(record, name) for record in records])
    for bound in ("minimum_age", "maximum_age"):
        data[bound] = [getattr(record, bound) for record in records]
        data[f"{bound}_years"] = [age_years(text) for text in data[bound]]
    data["who_masked"] = [joined(record.who_masked) for record in records]
    data["keywords"] = [joined(record.keywords) for record in records]
    leads = [_lead(record) for record in records]
    data["lead_sponsor"] = [lead[0] for lead in leads]
    data["lead_sponsor_class"] = [lead[1] for lead in leads]
    data["n_arms"] = [len(record.arms) for record in records]
    data["n_sites"] = [len(record.sites) for record in records]
    data["countries"] = [countries_of(record) for record in records]
    data["n_sources"] = [len({r.source_id for r in item.records}) for item in merged]
    data["has_conflict"] = [
        any(statement.is_conflict for statement in item.statements) for item in merged
    ]
    data["is_old_version"] = [item.is_old_version for item in merged]
    return table_of({**data, **(labelled or {})}, "trials")


def _phase_group(phase: str | None) -> str:
    """Return the display group of a phase."""
    if not phase:
        return NOT_STATED
    parts = [_PHASE_GROUPS.get(part, "") for part in phase.split("/")]
    return "/".join(parts) if all(parts) else OTHER_WORDING


def _display_title(record: Record) -> str | None:
    headline = record.lay.headline if record.lay else None
    return record.brief_title or record.official_title or headline


def _lead(record: Record) -> tuple[str | None, str | None]:
    leads = (part for part in record.sponsors if part.role == "lead")
    return next(((lead.name, lead.sponsor_class) for lead in leads), (None, None))


def countries_of(record: Record) -> str | None:
    """Return the countries of the sites, else those of the record's own list."""
    of_sites = dict.fromkeys(country_of(site.country) for site in record.sites)
    return joined(of_sites) or joined(dict.fromkeys(map(country_of, record.countries)))


def _span_columns(name: str, dates: list[PartialDate | None]) -> dict[str, list[Any]]:
    spans = [date_span(date.date if date else None) for date in dates]
    return {
        name: [date.date if date else None for date in dates],
        f"{name}_precision": [span.precision for span in spans],
        f"{name}_type": [date.type if date else None for date in dates],
        f"{name}_earliest": [span.earliest for span in spans],
        f"{name}_latest": [span.latest for span in spans],
    }


#: Rows of one trial, without its id.
_Rows = Iterator[tuple]


def _arms(item: Merged) -> _Rows:
    for arm_id, arm in arms_of(item.record):
        is_implicit = not item.record.arms
        yield arm_id, arm.arm_label, arm.arm_type, arm.description, is_implicit


def _interventions(item: Merged) -> _Rows:
    for n, part in enumerate(item.record.interventions, 1):
        names = joined(part.other_names)
        yield f"I{n}", part.intervention_type, part.name, part.description, names


def _arm_interventions(item: Merged) -> _Rows:
    for arm, position in arm_links(item.record).pairs:
        yield f"A{arm + 1}", f"I{position + 1}"


def _conditions(item: Merged) -> _Rows:
    record = item.record
    lists = record.condition_mesh, record.condition_mesh_ancestors
    told = *map(joined, lists), joined(record.condition_branches)
    for condition in record.conditions:
        basis = _holder(item, condition).basis.get("conditions", "stated")
        yield condition, condition_group(condition), basis, *told


def _holder(item: Merged, condition: str) -> Record:
    """Return the first record that names a condition."""
    if len(item.records) == 1:
        return item.record
    holders = (record for record in item.records if condition in record.conditions)
    return next(holders, item.record)


def _lay_summaries(item: Merged) -> _Rows:
    for record in item.records:
        if record.lay:
            yield record.source_id, *_LAY_OF(record.lay)


_IN_VERSION = attrgetter(
    *("version", "version_date", "overall_status", "why_stopped", "enrollment"),
    "enrollment_type",
)


def _versions(item: Merged) -> _Rows:
    for version in item.versions:
        spans = (_span_of(getattr(version, name)) for name in SPAN_DATES)
        modules = joined(version.changed_modules)
        dates = chain.from_iterable(spans)
        rest = modules, version.has_record, version.source_id
        yield *_IN_VERSION(version), *dates, *rest


def _span_of(date: PartialDate | None) -> tuple[str | None, ...]:
    text = date.date if date else None
    span = date_span(text)
    return text, span.precision, date and date.type, span.earliest, span.latest


_ROWS: dict[str, Callable[[Merged], _Rows]] = {
    "arms": _arms,
    "interventions": _interventions,
    "arm_interventions": _arm_interventions,
    "conditions": _conditions,
    "lay_summaries": _lay_summaries,
    "versions": _versions,
}
#: Tables whose columns are the fields of the parts in a record's list of that name.
_LISTS = ("sites sponsors outcomes identifiers references links related_trials").split()
#: The tables with several rows per trial, labels and sources excepted.
PARTS = (*_LISTS, *_ROWS)


def part_table(name: str, merged: Sequence[Merged]) -> pa.Table:
    """Return one of the tables in `PARTS`."""
    if name in _LISTS:
        return _listed(name, merged)
    rows = ((item.trial_id, *row) for item in merged for row in _ROWS[name](item))
    return from_rows(name, list(rows))


def _listed(name: str, merged: Sequence[Merged]) -> pa.Table:
    lists = [(item.trial_id, getattr(item.record, name)) for item in merged]
    parts = [part for _, these in lists for part in these]
    data = {
        column.column: list(map(attrgetter(column.column), parts))
        for column in columns_of(name).values()
        if column.column != "trial_id" and not column.is_derived
    }
    data["trial_id"] = [key for key, these in lists for _ in these]
    return table_of(data, name)


_EXPECTED_OF = attrgetter(*EXPECTED_FIELDS)


def stated_fields(merged: Iterable[Merged]) -> dict[str, set[str]]:
    """Return, per source, the expected fields that its records state."""
    stated: dict[str, set[str]] = {}
    for item in merged:
        for record in item.records:
            found = stated.setdefault(record.source_id, set())
            if len(found) < len(EXPECTED_FIELDS):
                values = zip(EXPECTED_FIELDS, _EXPECTED_OF(record), strict=True)
                found |= {field for field, value in values if value not in (None, ())}
    return stated


def sources_table(sources: Sequence[Source], n_fields: Mapping[str, int]) -> pa.Table:
    """Return the table `sources`, with the number of expected fields each states."""
    names = [name for name in columns_of("sources") if name != "n_fields"]
    data = {name: [getattr(source, name) for source in sources] for name in names}
    data["n_fields"] = [n_fields.get(source.source_id, 0) for source in sources]
    return table_of(data, "sources")


class Pointers:
    """Fills in, part by part, to which trials of the set the `identifiers` point.

    `named` holds, by row of the whole table, the trials and whether one is the same.
    """

    def __init__(self, named: Mapping[int, tuple[str, bool]]) -> None:
        self._named = named
        self._rows = count()

    def __call__(self, part: pa.Table) -> pa.Table:
        """Return the next rows of the table with both columns filled."""
        rows = islice(self._rows, part.num_rows)
        found = [self._named.get(row, (None, None)) for row in rows]
        part = with_column(part, "identifiers", "points_to", [to for to, _ in found])
        same = [is_same for _, is_same in found]
        return with_column(part, "identifiers", "is_same_trial", same)


def excluded_table(excluded: Sequence[Excluded], sources: Sequence[Source]) -> pa.Table:
    """Return the table `excluded`: what was set aside while reading, and why."""
    paths = {source.source_id: source.path for source in sources}
    rows = [
        (key, item.path or paths.get(key), item.record, item.reason)
        for key, item in ((item.source_id, item) for item in excluded)
    ]
    return from_rows("excluded", rows)
