"""A decoded v2 study to a Record: the one place that knows what each module means."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from trialkit.read.ctgov import wire
from trialkit.read.days import read_date
from trialkit.read.registries import id_of, registry_of
from trialkit.read.values import read_age, read_count
from trialkit.record import (
    Identifier,
    Link,
    Outcome,
    PartialDate,
    Record,
    RelatedTrial,
    Remark,
    Site,
    Sponsor,
)

_COUNTRY = attrgetter("country")
_NO_DESIGN = wire.DesignInfo()
_NO_MASKING = wire.Masking()
_NO_ENROLLMENT = wire.Enrollment()
#: Where a day stands that a version was posted, and where the day it was submitted.
_DAYS = {
    "first_posted_date": ("study_first_post_date_struct", "study_first_submit_date"),
    "last_updated_date": ("last_update_post_date_struct", "last_update_submit_date"),
    "results_first_posted_date": (
        "results_first_post_date_struct",
        "results_first_submit_date",
    ),
}
_OF_INFO = ("observational_model", "time_perspective", "intervention_model_description")
_OF_ELIGIBILITY = (
    "gender_based",
    "gender_description",
    "std_ages",
    "study_population",
    "sampling_method",
)


def trial_id_of(study: wire.Study) -> str | None:
    """Return the study's registry id, or None where it has none that is one."""
    if study.protocol_section is None:
        return None
    nct_id = study.protocol_section.identification_module.nct_id
    return id_of(nct_id)


def to_record(
    study: wire.Study, trial_id: str, source_id: str, remarks: tuple[Remark, ...] = ()
) -> Record:
    """Return what the study says as a Record; absent modules stay absent."""
    section = study.protocol_section or wire.Protocol()
    names, status = section.identification_module, section.status_module
    design, about = section.design_module, section.eligibility_module
    words, topics = section.description_module, section.conditions_module
    groups, places = (
        section.arms_interventions_module,
        section.contacts_locations_module,
    )
    browse = study.derived_section.condition_browse_module
    info = design.design_info or _NO_DESIGN
    masking = info.masking_info or _NO_MASKING
    sponsors = section.sponsor_collaborators_module
    party = sponsors.responsible_party
    odd = list(remarks)
    enrollment = design.enrollment_info or _NO_ENROLLMENT
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        registry=registry_of(trial_id),
        brief_title=names.brief_title,
        official_title=names.official_title,
        acronym=names.acronym,
        identifiers=_identifiers(names),
        overall_status=status.overall_status,
        last_known_status=status.last_known_status,
        why_stopped=status.why_stopped,
        start_date=_date(status.start_date_struct, "start_date", odd),
        primary_completion_date=_date(
            status.primary_completion_date_struct, "primary_completion_date", odd
        ),
        completion_date=_date(status.completion_date_struct, "completion_date", odd),
        verified_date=read_date("verified_date", status.status_verified_date, odd),
        has_results=study.has_results,
        study_type=design.study_type,
        phase="/".join(design.phases) or None,
        allocation=info.allocation,
        intervention_model=info.intervention_model,
        primary_purpose=info.primary_purpose,
        masking=masking.masking,
        who_masked=masking.who_masked,
        enrollment=_count(enrollment, odd),
        enrollment_type=enrollment.type,
        brief_summary=words.brief_summary,
        detailed_description=words.detailed_description,
        conditions=topics.conditions,
        keywords=topics.keywords,
        condition_mesh=_mesh(browse.meshes),
        condition_mesh_ancestors=_mesh(browse.ancestors),
        intervention_mesh=_mesh(
            study.derived_section.intervention_browse_module.meshes
        ),
        arms=groups.arm_groups,
        interventions=groups.interventions,
        outcomes=_outcomes(section.outcomes_module),
        eligibility_criteria=about.eligibility_criteria,
        sex=about.sex,
        minimum_age=read_age("minimum_age", about.minimum_age, odd),
        maximum_age=read_age("maximum_age", about.maximum_age, odd),
        healthy_volunteers=about.healthy_volunteers,
        sponsors=_sponsors(sponsors),
        responsible_party_type=party.type if party else None,
        sites=places.locations,
        countries=_countries(places.locations),
        references=section.references_module.references,
        links=_links(section.references_module),
        related_trials=_related(status, trial_id),
        **_days(status, odd),
        **_details(section),
        remarks=tuple(odd),
    )


def _details(section: wire.Protocol) -> dict[str, Any]:
    """Return what only few readers ask for: fields of the same names, mostly absent."""
    status, about = section.status_module, section.eligibility_module
    design, ipd = section.design_module, section.ipd_sharing_statement_module
    info = design.design_info or _NO_DESIGN
    made: dict[str, Any] = {
        name: value
        for part, names in (
            (status, ("delayed_posting",)),
            (info, _OF_INFO),
            (design, ("patient_registry", "target_duration")),
            (about, _OF_ELIGIBILITY),
            (section.oversight_module, wire.Oversight.__struct_fields__),
        )
        for name in names
        if (value := getattr(part, name)) is not None
    }
    organization = section.identification_module.organization
    if organization:
        made["organization"] = organization.full_name
        made["organization_class"] = organization.kind
    if status.expanded_access_info:
        made["has_expanded_access"] = status.expanded_access_info.has_expanded_access
    if info.masking_info:
        made["masking_description"] = info.masking_info.masking_description
    types = design.expanded_access_types
    return made | {
        "bio_spec_retention": design.bio_spec.retention,
        "bio_spec_description": design.bio_spec.description,
        "expanded_access_types": tuple(
            name.upper()
            for name in wire.ExpandedAccessTypes.__struct_fields__
            if types and getattr(types, name)
        ),
        "ipd_sharing": ipd.ipd_sharing,
        "ipd_sharing_description": ipd.description,
        "ipd_sharing_info_types": ipd.info_types,
        "ipd_sharing_time_frame": ipd.time_frame,
        "ipd_sharing_access_criteria": ipd.access_criteria,
        "ipd_sharing_url": ipd.url,
    }


def _identifiers(names: wire.Identification) -> tuple[Identifier, ...]:
    made = []
    if names.org_study_id_info and names.org_study_id_info.id:
        made.append(Identifier(id=names.org_study_id_info.id, id_type="org_study_id"))
    for other in names.secondary_id_infos:
        kind = registry_of(other.id) or other.domain or (other.type or "").lower()
        made.append(Identifier(id=other.id, id_type=kind or "secondary_id"))
    for alias in names.nct_id_aliases:
        made.append(Identifier(id=alias, id_type="nct_alias"))
    return tuple(made)


def _date(
    date: PartialDate | None, field: str, odd: list[Remark]
) -> PartialDate | None:
    day = read_date(field, date.date, odd) if date else None
    if date is None or day is None:
        return None
    return date if day == date.date else PartialDate(date=day, type=date.type)


def _days(status: wire.Status, odd: list[Remark]) -> dict[str, Any]:
    """Return the days of posting, else of submission, and which are the latter.

    A record is updated when its last update is submitted as well as when it is posted.
    """
    made: dict[str, Any] = {}
    basis: dict[str, str] = {}
    for field, (posted_at, submitted_at) in _DAYS.items():
        posted = getattr(status, posted_at)
        day = read_date(field, posted.date if posted else None, odd)
        if not day:
            day = read_date(field, getattr(status, submitted_at), odd)
            if day and field != "last_updated_date":
                basis[field] = "derived"
        made[field] = day
    return {**made, "basis": basis}


def _count(enrollment: wire.Enrollment, odd: list[Remark]) -> int | None:
    number = enrollment.count
    return number if number is None else read_count("enrollment", str(number), odd)


def _mesh(terms: tuple[wire.Mesh, ...]) -> tuple[str, ...]:
    return tuple([mesh.term for mesh in terms if mesh.term])


def _countries(sites: tuple[Site, ...]) -> tuple[str, ...]:
    return tuple(filter(None, dict.fromkeys(map(_COUNTRY, sites))))


def _outcomes(module: wire.Outcomes) -> tuple[Outcome, ...]:
    return tuple(
        [
            Outcome(
                measure=outcome.measure,
                time_frame=outcome.time_frame,
                description=outcome.description,
                outcome_type=kind,
            )
            for kind, outcomes in (
                ("primary", module.primary_outcomes),
                ("secondary", module.secondary_outcomes),
                ("other", module.other_outcomes),
            )
            for outcome in outcomes
        ]
    )


def _sponsors(module: wire.Sponsors) -> tuple[Sponsor, ...]:
    lead = (module.lead_sponsor,) if module.lead_sponsor else ()
    if not module.collaborators:
        return lead
    return lead + tuple(
        Sponsor(name=s.name, sponsor_class=s.sponsor_class, role="collaborator")
        for s in module.collaborators
    )


def _related(status: wire.Status, trial_id: str) -> tuple[RelatedTrial, ...]:
    """Return the expanded-access record of this study: another trial."""
    other = status.expanded_access_info and status.expanded_access_info.nct_id
    return (RelatedTrial(related_id=other),) if other and other != trial_id else ()


def _links(module: wire.References) -> tuple[Link, ...]:
    if not (module.see_also_links or module.avail_ipds):
        return ()
    see_also = [
        Link(link_type="see_also", label=item.label, url=item.url)
        for item in module.see_also_links
    ]
    data = [
        Link(
            link_type="available_ipd",
            label=item.type,
            url=item.url,
            link_id=item.id,
            comment=item.comment,
        )
        for item in module.avail_ipds
    ]
    return (*see_also, *data)
