"""A decoded v2 study to a Record: the meaning of each module."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from trialkit import record
from trialkit.read.ctgov import wire
from trialkit.read.values.dates import iso_date, read_date
from trialkit.read.values.ids import id_of, registry_of
from trialkit.read.values.numbers import read_age, read_count
from trialkit.record import PartialDate, Record, Remark

_COUNTRY = attrgetter("country")
#: Modules, and their fields that go into a Record under the same names.
_SAME = {
    "identification_module": "brief_title official_title acronym",
    "status_module": "overall_status last_known_status why_stopped delayed_posting",
    "description_module": "brief_summary detailed_description",
    "conditions_module": "conditions keywords",
    "design_module": "study_type patient_registry target_duration",
    "arms_interventions_module": "interventions",
    "eligibility_module": "eligibility_criteria sex healthy_volunteers std_ages"
    " gender_based gender_description study_population sampling_method",
    "references_module": "references",
    "oversight_module": " ".join(wire.Oversight.__struct_fields__),
}
_PLACES = {n: f"{module}.{n}" for module, names in _SAME.items() for n in names.split()}
_VALUES_OF = attrgetter(*_PLACES.values())
#: The same of Structs inside modules.
_OF_DESIGN = [n for n in wire.DesignInfo.__struct_fields__ if n != "masking_info"]
_OF_MASKING = wire.Masking.__struct_fields__
_OF_SHARING = [n for n in wire.IpdSharing.__struct_fields__ if n != "ipd_sharing"]
#: Days of the record, and the beginning of their names in the status module.
_DAYS = {
    "first_posted_date": "study_first",
    "last_updated_date": "last_update",
    "results_first_posted_date": "results_first",
}
_DATES = ("start_date", "primary_completion_date", "completion_date")


def trial_id_of(study: wire.PastStudy) -> str | None:
    """Return the study's registry id, or None."""
    section = study.protocol_section
    return id_of(section.identification_module.nct_id) if section else None


def to_record(
    study: wire.PastStudy,
    trial_id: str,
    source_id: str,
    remarks: tuple[Remark, ...] = (),
) -> Record:
    """Return the content of a study as a Record; absent modules stay absent."""
    section = study.protocol_section or wire.Protocol()
    sponsors = section.sponsor_collaborators_module
    party = sponsors.responsible_party
    about, status = section.eligibility_module, section.status_module
    groups, derived = section.arms_interventions_module, study.derived_section
    sites = section.contacts_locations_module.locations
    odd = list(remarks)
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        registry=registry_of(trial_id),
        identifiers=_identifiers(section.identification_module),
        **{name: _date(status, name, odd) for name in _DATES},
        verified_date=read_date("verified_date", status.status_verified_date, odd),
        has_results=study.has_results,
        **_design(section.design_module, odd),
        condition_mesh=_mesh(derived.condition_browse_module.meshes),
        condition_mesh_ancestors=_mesh(derived.condition_browse_module.ancestors),
        condition_branches=_names(derived.condition_browse_module.browse_branches),
        intervention_mesh=_mesh(derived.intervention_browse_module.meshes),
        arms=groups.arm_groups,
        outcomes=_outcomes(section.outcomes_module),
        minimum_age=read_age("minimum_age", about.minimum_age, odd),
        maximum_age=read_age("maximum_age", about.maximum_age, odd),
        sponsors=_sponsors(sponsors),
        responsible_party_type=party.type if party else None,
        sites=sites,
        countries=tuple(filter(None, dict.fromkeys(map(_COUNTRY, sites)))),
        links=_links(section.references_module),
        related_trials=_related(status, trial_id),
        **_days(status, odd),
        **dict(zip(_PLACES, _VALUES_OF(section), strict=True)),
        **_details(section),
        data_date=iso_date(derived.misc_info_module.version_holder),
        remarks=tuple(odd),
    )


def _design(design: wire.Design, odd: list[Remark]) -> dict[str, Any]:
    """Return phase, enrollment, design and masking."""
    fields: dict[str, Any] = {"phase": "/".join(design.phases) or None}
    enrollment, info = design.enrollment_info, design.design_info
    if enrollment:
        fields["enrollment_type"] = enrollment.type
        if enrollment.count is not None:
            count = str(enrollment.count)
            fields["enrollment"] = read_count("enrollment", count, odd)
    if info:
        fields |= {name: getattr(info, name) for name in _OF_DESIGN}
        if info.masking_info:
            fields |= {name: getattr(info.masking_info, name) for name in _OF_MASKING}
    return fields


def _details(section: wire.Protocol) -> dict[str, Any]:
    """Return what few readers ask for."""
    design, ipd = section.design_module, section.ipd_sharing_statement_module
    organization = section.identification_module.organization
    access = section.status_module.expanded_access_info
    types = design.expanded_access_types
    return {
        "organization": organization.full_name if organization else None,
        "organization_class": organization.kind if organization else None,
        "has_expanded_access": access.has_expanded_access if access else None,
        "bio_spec_retention": design.bio_spec.retention,
        "bio_spec_description": design.bio_spec.description,
        "expanded_access_types": tuple(
            name.upper()
            for name in wire.ExpandedAccessTypes.__struct_fields__
            if types and getattr(types, name)
        ),
        "ipd_sharing": ipd.ipd_sharing,
        **{f"ipd_sharing_{name}": getattr(ipd, name) for name in _OF_SHARING},
    }


def _identifiers(names: wire.Identification) -> tuple[record.Identifier, ...]:
    ids: list[tuple[str | None, str]] = []
    if names.org_study_id_info and names.org_study_id_info.id:
        ids.append((names.org_study_id_info.id, "org_study_id"))
    for other in names.secondary_id_infos:
        kind = registry_of(other.id) or other.domain or (other.type or "").lower()
        ids.append((other.id, kind or "secondary_id"))
    ids += [(alias, "nct_alias") for alias in names.nct_id_aliases]
    return tuple(record.Identifier(*item) for item in ids)


def _date(status: wire.Status, field: str, odd: list[Remark]) -> PartialDate | None:
    date: PartialDate | None = getattr(status, f"{field}_struct")
    day = read_date(field, date.date, odd) if date else None
    if date is None or day is None:
        return None
    return date if day == date.date else PartialDate(date=day, type=date.type)


def _days(status: wire.Status, odd: list[Remark]) -> dict[str, Any]:
    """Return the days of posting, else of submission, with the basis of the latter.

    An update counts as soon as it is submitted.
    """
    days: dict[str, Any] = {}
    basis: dict[str, str] = {}
    for field, name in _DAYS.items():
        posted = getattr(status, f"{name}_post_date_struct")
        day = read_date(field, posted.date if posted else None, odd)
        if not day:
            day = read_date(field, getattr(status, f"{name}_submit_date"), odd)
            if day and field != "last_updated_date":
                basis[field] = "derived"
        days[field] = day
    return {**days, "basis": basis}


def _mesh(terms: tuple[wire.Mesh, ...]) -> tuple[str, ...]:
    return tuple([mesh.term for mesh in terms if mesh.term])


def _names(branches: tuple[wire.Branch, ...]) -> tuple[str, ...]:
    return tuple([branch.name for branch in branches if branch.name])


def _outcomes(module: wire.Outcomes) -> tuple[record.Outcome, ...]:
    return tuple(
        [
            replace(outcome, outcome_type=kind)
            for kind in ("primary", "secondary", "other")
            for outcome in getattr(module, f"{kind}_outcomes")
        ]
    )


def _sponsors(module: wire.Sponsors) -> tuple[record.Sponsor, ...]:
    lead = (module.lead_sponsor,) if module.lead_sponsor else ()
    if not module.collaborators:
        return lead
    return lead + tuple(replace(s, role="collaborator") for s in module.collaborators)


def _related(status: wire.Status, trial_id: str) -> tuple[record.RelatedTrial, ...]:
    """Return the expanded-access record of a study, another trial."""
    other = status.expanded_access_info and status.expanded_access_info.nct_id
    return (record.RelatedTrial(other),) if other and other != trial_id else ()


def _links(module: wire.References) -> tuple[record.Link, ...]:
    kinds = (("see_also", module.see_also_links), ("available_ipd", module.avail_ipds))
    return tuple(
        record.Link(kind, item.label or item.type, item.url, item.id, item.comment)
        for kind, items in kinds
        for item in items
    )
