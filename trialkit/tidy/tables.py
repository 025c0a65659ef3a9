"""A batch of merged trials becomes the tidy tables of the codebook.

Nothing here looks beyond its batch, so that any number of trials can pass through. The
columns are plain lists until `trialkit.tidy.arrow` makes tables of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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

#: Fields whose presence says how complete a source is (table `sources`, report T2).
EXPECTED_FIELDS = (
    "brief_title",
    "official_title",
    "overall_status",
    "study_type",
    "phase",
    "allocation",
    "intervention_model",
    "primary_purpose",
    "masking",
    "enrollment",
    "enrollment_type",
    "start_date",
    "primary_completion_date",
    "completion_date",
    "last_updated_date",
    "has_results",
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
    "conditions",
    "keywords",
    "arms",
    "interventions",
    "outcomes",
    "sex",
    "minimum_age",
    "maximum_age",
    "healthy_volunteers",
    "sponsors",
    "responsible_party_type",
    "sites",
    "references",
)

_PLAIN = tuple(
    name for name in SCALARS if name not in (*SPAN_DATES, "minimum_age", "maximum_age")
)
#: Of the details, those that are lists.
_LISTED = ("expanded_access_types", "std_ages", "ipd_sharing_info_types")
_PHASE_GROUPS = {
    "EARLY_PHASE1": "Early 1",
    "PHASE1": "1",
    "PHASE2": "2",
    "PHASE3": "3",
    "PHASE4": "4",
    "NA": "NA",
}


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
    for name in _LISTED:
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
    return table_of({**data, **(labelled or {})}, "trials")


def _phase_group(phase: str | None) -> str:
    """Return a phase for display: what is no phase but words is one group."""
    if not phase:
        return NOT_STATED
    parts = [_PHASE_GROUPS.get(part, "") for part in phase.split("/")]
    return "/".join(parts) if all(parts) else OTHER_WORDING


def _display_title(record: Record) -> str | None:
    headline = record.lay.headline if record.lay else None
    return record.brief_title or record.official_title or headline


def _lead(record: Record) -> tuple[str | None, str | None]:
    for sponsor in record.sponsors:
        if sponsor.role == "lead":
            return sponsor.name, sponsor.sponsor_class
    return None, None


def countries_of(record: Record) -> str | None:
    """Return the countries of the sites, or of the record's list where no site has one.

    They have one name each; what names no country is none.
    """
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


def part_tables(merged: Sequence[Merged]) -> dict[str, pa.Table]:
    """Return the tables with several rows per trial, labels and sources excepted."""
    return {name: make(merged) for name, make in _PART_TABLES.items()}


def _parts(table: str, field: str) -> Callable[[Sequence[Merged]], pa.Table]:
    """Return a maker of `table`: one row per part of `Record.field`, names alike."""
    columns = [
        name
        for name, column in columns_of(table).items()
        if name != "trial_id" and not column.is_derived
    ]

    def make(merged: Sequence[Merged]) -> pa.Table:
        lists = [(item.trial_id, getattr(item.record, field)) for item in merged]
        parts = [part for _, these in lists for part in these]
        data = {name: list(map(attrgetter(name), parts)) for name in columns}
        data["trial_id"] = [key for key, these in lists for _ in these]
        return table_of(data, table)

    return make


def _arms(merged: Sequence[Merged]) -> pa.Table:
    rows = [
        (
            item.trial_id,
            arm_id,
            arm.arm_label,
            arm.arm_type,
            arm.description,
            not item.record.arms,
        )
        for item in merged
        for arm_id, arm in arms_of(item.record)
    ]
    return from_rows("arms", rows)


def _interventions(merged: Sequence[Merged]) -> pa.Table:
    rows = [
        (
            item.trial_id,
            f"I{position}",
            part.intervention_type,
            part.name,
            part.description,
            joined(part.other_names),
        )
        for item in merged
        for position, part in enumerate(item.record.interventions, 1)
    ]
    return from_rows("interventions", rows)


def _arm_interventions(merged: Sequence[Merged]) -> pa.Table:
    rows = [
        (item.trial_id, f"A{arm + 1}", f"I{position + 1}")
        for item in merged
        for arm, position in arm_links(item.record).pairs
    ]
    return from_rows("arm_interventions", rows)


def _conditions(merged: Sequence[Merged]) -> pa.Table:
    rows = [
        (
            item.trial_id,
            condition,
            condition_group(condition),
            _condition_basis(item, condition),
            joined(item.record.condition_mesh),
            joined(item.record.condition_mesh_ancestors),
        )
        for item in merged
        for condition in item.record.conditions
    ]
    return from_rows("conditions", rows)


def _condition_basis(item: Merged, condition: str) -> str:
    """How the record that the term comes from read its conditions."""
    origin = next((r for r in item.records if condition in r.conditions), item.record)
    return origin.basis.get("conditions", "stated")


def _lay_summaries(merged: Sequence[Merged]) -> pa.Table:
    names = [
        n for n in columns_of("lay_summaries") if n not in ("trial_id", "source_id")
    ]
    rows = [
        (item.trial_id, record.source_id, *(getattr(record.lay, n) for n in names))
        for item in merged
        for record in item.records
        if record.lay
    ]
    return from_rows("lay_summaries", rows)


_PART_TABLES: dict[str, Callable[[Sequence[Merged]], pa.Table]] = {
    "arms": _arms,
    "interventions": _interventions,
    "arm_interventions": _arm_interventions,
    "conditions": _conditions,
    "sites": _parts("sites", "sites"),
    "sponsors": _parts("sponsors", "sponsors"),
    "outcomes": _parts("outcomes", "outcomes"),
    "identifiers": _parts("identifiers", "identifiers"),
    "references": _parts("references", "references"),
    "links": _parts("links", "links"),
    "related_trials": _parts("related_trials", "related_trials"),
    "lay_summaries": _lay_summaries,
}


_EXPECTED_OF = attrgetter(*EXPECTED_FIELDS)


def stated_fields(merged: Iterable[Merged]) -> dict[str, set[str]]:
    """Return, per source, the expected fields that its records state."""
    stated: dict[str, set[str]] = {}
    for item in merged:
        for record in item.records:
            found = stated.setdefault(record.source_id, set())
            if len(found) < len(EXPECTED_FIELDS):
                values = zip(EXPECTED_FIELDS, _EXPECTED_OF(record), strict=True)
                found.update(
                    field for field, value in values if value not in (None, ())
                )
    return stated


def sources_table(
    sources: Sequence[Source], stated: Mapping[str, set[str]]
) -> pa.Table:
    """Return the table `sources`, with the number of expected fields each states."""
    names = [name for name in columns_of("sources") if name != "n_fields"]
    data = {name: [getattr(source, name) for source in sources] for name in names}
    data["n_fields"] = [len(stated.get(source.source_id, ())) for source in sources]
    return table_of(data, "sources")


class Pointers:
    """Fills in, part by part, to which trials of the set the `identifiers` point.

    Parameters
    ----------
    named
        By row of the whole table, the trials and whether one is the same trial.
    """

    def __init__(self, named: Mapping[int, tuple[str, bool]]) -> None:
        self._named = named
        self._n_rows = 0

    def __call__(self, part: pa.Table) -> pa.Table:
        """Return the next rows of the table with both columns filled."""
        rows = range(self._n_rows, self._n_rows + part.num_rows)
        self._n_rows = rows.stop
        found = [self._named.get(row, (None, None)) for row in rows]
        part = with_column(part, "identifiers", "points_to", [to for to, _ in found])
        same = [is_same for _, is_same in found]
        return with_column(part, "identifiers", "is_same_trial", same)


def excluded_table(excluded: Sequence[Excluded], sources: Sequence[Source]) -> pa.Table:
    """Return the table `excluded`: what was set aside while reading, and why."""
    paths = {source.source_id: source.path for source in sources}
    rows = [
        (
            item.source_id,
            item.path or paths.get(item.source_id),
            item.record,
            item.reason,
        )
        for item in excluded
    ]
    return from_rows("excluded", rows)
