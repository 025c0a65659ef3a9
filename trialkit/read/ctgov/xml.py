"""ClinicalTrials.gov's legacy XML (`<clinical_study>`, until 2024) to Records.

A file holds one study or many. Contact persons and investigators are never read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from trialkit.read.document import SourceFacts
from trialkit.read.values.dates import iso_date, read_date
from trialkit.read.values.design import design_of
from trialkit.read.values.ids import id_of, identifier_of, registry_of
from trialkit.read.values.levels import known, masking, yes_no
from trialkit.read.values.numbers import read_age, read_count
from trialkit.read.xml import Element, elements, prose_of, text_of, texts_of
from trialkit.record import (
    Arm,
    Excluded,
    Identifier,
    Intervention,
    Link,
    Outcome,
    PartialDate,
    Record,
    Reference,
    RelatedTrial,
    Remark,
    Site,
    Sponsor,
)

SHAPE = "ctgov_xml"

_ROOT = re.compile(rb"<clinical_study[\s>]")

#: Fields that are one line of text, and where it stands.
_LINES = {
    "brief_title": "brief_title",
    "official_title": "official_title",
    "acronym": "acronym",
    "why_stopped": "why_stopped",
    "organization": "source",
    "target_duration": "target_duration",
    "intervention_model_description": (
        "study_design_info/intervention_model_description"
    ),
    "masking_description": "study_design_info/masking_description",
    "gender_description": "eligibility/gender_description",
    "ipd_sharing_description": "patient_data/ipd_description",
    "ipd_sharing_time_frame": "patient_data/ipd_time_frame",
    "ipd_sharing_access_criteria": "patient_data/ipd_access_criteria",
    "ipd_sharing_url": "patient_data/ipd_url",
}
#: Fields of paragraphs.
_PROSE = {
    "brief_summary": "brief_summary/textblock",
    "detailed_description": "detailed_description/textblock",
    "eligibility_criteria": "eligibility/criteria/textblock",
    "study_population": "eligibility/study_pop/textblock",
    "bio_spec_description": "biospec_descr/textblock",
}
#: Fields with levels.
_LEVELS = {
    "overall_status": "overall_status",
    "last_known_status": "last_known_status",
    "study_type": "study_type",
    "allocation": "study_design_info/allocation",
    "intervention_model": "study_design_info/intervention_model",
    "primary_purpose": "study_design_info/primary_purpose",
    "sex": "eligibility/gender",
    "responsible_party_type": "responsible_party/responsible_party_type",
    "observational_model": "study_design_info/observational_model",
    "time_perspective": "study_design_info/time_perspective",
    "sampling_method": "eligibility/sampling_method",
    "bio_spec_retention": "biospec_retention",
    "ipd_sharing": "patient_data/sharing_ipd",
}
#: Yes or No.
_ANSWERS = {
    "has_expanded_access": "has_expanded_access",
    "gender_based": "eligibility/gender_based",
    "oversight_has_dmc": "oversight_info/has_dmc",
    "is_fda_regulated_drug": "oversight_info/is_fda_regulated_drug",
    "is_fda_regulated_device": "oversight_info/is_fda_regulated_device",
    "is_unapproved_device": "oversight_info/is_unapproved_device",
    "is_ppsd": "oversight_info/is_ppsd",
    "is_us_export": "oversight_info/is_us_export",
}
#: Lists of texts.
_LISTS = {
    "conditions": "condition",
    "keywords": "keyword",
    "condition_mesh": "condition_browse/mesh_term",
    "intervention_mesh": "intervention_browse/mesh_term",
}
#: Dates with a type.
_DATES = ("start_date", "primary_completion_date", "completion_date")
#: Days of the record: that of posting, else that of submission.
_DAYS = {
    "first_posted_date": ("study_first_posted", "study_first_submitted"),
    "last_updated_date": ("last_update_posted", "last_update_submitted"),
    "verified_date": ("verification_date",),
    "results_first_posted_date": ("results_first_posted", "results_first_submitted"),
}
_VOLUNTEERS = {"accepts healthy volunteers": True, "yes": True, "no": False}
#: Fields of the parts of a Record, and where each stands in its element.
_SPONSOR = {"name": "agency", "sponsor_class": "agency_class"}
_OUTCOME = {name: name for name in ("measure", "time_frame", "description")}
_REFERENCE = {"pmid": "PMID", "citation": "citation"}
_PAGE = {"label": "description", "url": "url"}
_DATA = {
    **{"label": "doc_type", "url": "doc_url"},
    **{"link_id": "doc_id", "comment": "doc_comment"},
}
_SITE = {
    **{"facility": "facility/name", "site_status": "status"},
    **{key: f"facility/address/{key}" for key in ("city", "state", "zip", "country")},
}
_CODED = frozenset({"sponsor_class", "site_status"})
_COLLABORATOR = partial(Sponsor, role="collaborator")
_RESULT = partial(Reference, reference_type="RESULT")
#: Lists of a Record: where their elements stand, what each is, and its fields.
_PARTS: tuple[tuple[str, str, Callable[..., Any], dict[str, str]], ...] = (
    ("sponsors", "sponsors/lead_sponsor", Sponsor, _SPONSOR),
    ("sponsors", "sponsors/collaborator", _COLLABORATOR, _SPONSOR),
    *(
        ("outcomes", f"{kind}_outcome", partial(Outcome, outcome_type=kind), _OUTCOME)
        for kind in ("primary", "secondary", "other")
    ),
    ("references", "reference", Reference, _REFERENCE),
    ("references", "results_reference", _RESULT, _REFERENCE),
    ("links", "link", partial(Link, link_type="see_also"), _PAGE),
    ("links", "study_docs/study_doc", partial(Link, link_type="available_ipd"), _DATA),
    ("sites", "location", Site, _SITE),
)


def sniff(head: bytes) -> bool:
    """Return whether the first bytes of a file look like legacy XML."""
    return head.lstrip()[:1] == b"<" and _ROOT.search(head) is not None


def stream(
    handle: BinaryIO, source_id: str, facts: SourceFacts | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Record of each study."""
    for position, study in enumerate(elements(handle, "clinical_study", source_id), 1):
        yield (
            study if isinstance(study, Excluded) else _made(study, position, source_id)
        )


def _made(study: Element, position: int, source_id: str) -> Record | Excluded:
    written = text_of(study, "id_info/nct_id")
    trial_id = id_of(written)
    if trial_id is None:
        reason = f"nct_id {written!r} is not a registry id" if written else "no nct_id"
        return Excluded(
            source_id=source_id, record=written or f"study {position}", reason=reason
        )
    remarks: list[Remark] = []
    fields: dict[str, Any] = {name: text_of(study, at) for name, at in _LINES.items()}
    fields |= {name: prose_of(study, at) for name, at in _PROSE.items()}
    fields |= {name: known(name, text_of(study, at)) for name, at in _LEVELS.items()}
    fields |= {name: texts_of(study, at) for name, at in _LISTS.items()}
    fields |= {name: yes_no(text_of(study, at)) for name, at in _ANSWERS.items()}
    fields |= {name: _date(study, name, remarks) for name in _DATES}
    fields |= {name: _day(study, name, ats, remarks) for name, ats in _DAYS.items()}
    submitted = [
        name
        for name in ("first_posted_date", "results_first_posted_date")
        if fields[name] and not iso_date(text_of(study, _DAYS[name][0]))
    ]
    for part in (_design, _enrollment, _eligibility, _groups):
        fields |= part(study, remarks)
    for name, at, kind, paths in _PARTS:
        made = (
            kind(**{key: _value(item, key, path) for key, path in paths.items()})
            for item in study.iterfind(at)
        )
        fields[name] = (*fields.get(name, ()), *made)
    named = [site.country for site in fields["sites"] if site.country]
    named += texts_of(study, "location_countries/country")
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        basis=dict.fromkeys(submitted, "derived"),
        registry=registry_of(trial_id),
        identifiers=_identifiers(study),
        countries=tuple(dict.fromkeys(named)),
        related_trials=tuple(
            RelatedTrial(related_id=other)
            for other in texts_of(study, "expanded_access_info/expanded_access_nctid")
        ),
        has_results=True if study.find("clinical_results") is not None else None,
        remarks=tuple(remarks),
        **fields,
    )


def _date(study: Element, name: str, remarks: list[Remark]) -> PartialDate | None:
    element = study.find(name)
    text = text_of(study, name)
    if element is None or text is None:
        return None
    date = read_date(name, text, remarks)
    if date is None:
        return None
    return PartialDate(date=date, type=known("enrollment_type", element.get("type")))


def _day(
    study: Element, name: str, places: tuple[str, ...], remarks: list[Remark]
) -> str | None:
    texts = (text_of(study, place) for place in places)
    dates = (read_date(name, text, remarks) for text in texts)
    return next(filter(None, dates), None)


def _design(study: Element, remarks: list[Remark]) -> dict[str, Any]:
    """Take the phase, masking, and the one-line design of files before 2016."""
    made: dict[str, Any] = {"phase": known("phase", text_of(study, "phase"))}
    made |= design_of(text_of(study, "study_design") or "")
    blind = text_of(study, "study_design_info/masking")
    if blind:
        made["masking"], made["who_masked"] = masking(blind)
    return made


def _enrollment(study: Element, remarks: list[Remark]) -> dict[str, Any]:
    element = study.find("enrollment")
    text = text_of(study, "enrollment")
    if element is None or text is None:
        return {}
    return {
        "enrollment": read_count("enrollment", text, remarks),
        "enrollment_type": known("enrollment_type", element.get("type")),
    }


def _eligibility(study: Element, remarks: list[Remark]) -> dict[str, Any]:
    volunteers = text_of(study, "eligibility/healthy_volunteers") or ""
    made: dict[str, Any] = {"healthy_volunteers": _VOLUNTEERS.get(volunteers.lower())}
    for field in ("minimum_age", "maximum_age"):
        made[field] = read_age(field, text_of(study, f"eligibility/{field}"), remarks)
    return made


def _groups(study: Element, remarks: list[Remark]) -> dict[str, Any]:
    """Take arms and interventions; a label of several arms links none of them."""
    interventions: list[Intervention] = []
    given: dict[str | None, list[str]] = {}
    for item in study.iterfind("intervention"):
        kind = text_of(item, "intervention_type")
        name = text_of(item, "intervention_name")
        labels = texts_of(item, "arm_group_label")
        interventions.append(
            Intervention(
                intervention_type=known("intervention_type", kind),
                name=name,
                description=prose_of(item, "description"),
                other_names=texts_of(item, "other_name"),
                arm_labels=labels,
            )
        )
        for label in dict.fromkeys(labels):
            given.setdefault(label, []).append(f"{kind}: {name}")
    groups = [(g, text_of(g, "arm_group_label")) for g in study.iterfind("arm_group")]
    n_bearing = Counter(label for _, label in groups)
    arms = (
        Arm(
            arm_label=label,
            arm_type=known("arm_type", text_of(group, "arm_group_type")),
            description=prose_of(group, "description"),
            interventions=tuple(given.get(label, ()) if n_bearing[label] == 1 else ()),
        )
        for group, label in groups
    )
    return {"arms": tuple(arms), "interventions": tuple(interventions)}


def _identifiers(study: Element) -> tuple[Identifier, ...]:
    return tuple(
        identifier_of(text, kind)
        if kind == "secondary_id"
        else Identifier(id=text, id_type=kind)
        for kind in ("org_study_id", "secondary_id", "nct_alias")
        for text in texts_of(study, f"id_info/{kind}")
    )


def _value(item: Element, name: str, path: str) -> str | None:
    if path == "description" and name == path:
        return prose_of(item, path)
    text = text_of(item, path)
    return known(name, text) if name in _CODED else text
