"""ClinicalTrials.gov's legacy XML (`<clinical_study>`, until 2024) to Records.

A file holds one study or many. Contact persons and investigators are never read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from trialkit import record
from trialkit.read.document import SourceFacts
from trialkit.read.values.dates import iso_date, read_date
from trialkit.read.values.design import design_of
from trialkit.read.values.ids import id_of, identifier_of, registry_of
from trialkit.read.values.levels import known, masking, yes_no
from trialkit.read.values.numbers import read_age, read_count
from trialkit.read.xml import Element, elements, prose_of, text_of, texts_of
from trialkit.record import Excluded, Outcome, PartialDate, Record, Remark

SHAPE = "ctgov_xml"

_ROOT = re.compile(rb"<clinical_study[\s>]")


def _same(names: str, parent: str = "") -> dict[str, str]:
    """Return the paths of elements that are called as their fields."""
    return {name: f"{parent}{name}" for name in names.split()}


#: Fields and where their elements stand: one line of text, paragraphs, levels, yes or
#: no, and lists.
_LINES = {
    **_same("brief_title official_title acronym why_stopped target_duration"),
    **_same("intervention_model_description masking_description", "study_design_info/"),
    "organization": "source",
    "gender_description": "eligibility/gender_description",
    "ipd_sharing_description": "patient_data/ipd_description",
    "ipd_sharing_time_frame": "patient_data/ipd_time_frame",
    "ipd_sharing_access_criteria": "patient_data/ipd_access_criteria",
    "ipd_sharing_url": "patient_data/ipd_url",
}
_PROSE = {
    "brief_summary": "brief_summary/textblock",
    "detailed_description": "detailed_description/textblock",
    "eligibility_criteria": "eligibility/criteria/textblock",
    "study_population": "eligibility/study_pop/textblock",
    "bio_spec_description": "biospec_descr/textblock",
}
_LEVELS = {
    **_same("overall_status last_known_status study_type"),
    **_same("allocation intervention_model primary_purpose", "study_design_info/"),
    **_same("observational_model time_perspective", "study_design_info/"),
    "sex": "eligibility/gender",
    "responsible_party_type": "responsible_party/responsible_party_type",
    "sampling_method": "eligibility/sampling_method",
    "bio_spec_retention": "biospec_retention",
    "ipd_sharing": "patient_data/sharing_ipd",
}
_ANSWERS = {
    "has_expanded_access": "has_expanded_access",
    "gender_based": "eligibility/gender_based",
    "oversight_has_dmc": "oversight_info/has_dmc",
    **_same("is_fda_regulated_drug is_fda_regulated_device", "oversight_info/"),
    **_same("is_unapproved_device is_ppsd is_us_export", "oversight_info/"),
}
_LISTS = {
    "conditions": "condition",
    "keywords": "keyword",
    "condition_mesh": "condition_browse/mesh_term",
    "intervention_mesh": "intervention_browse/mesh_term",
}
_DATES = ("start_date", "primary_completion_date", "completion_date")
#: Days of the record: that of posting, else that of submission.
_DAYS = {
    "first_posted_date": ("study_first_posted", "study_first_submitted"),
    "last_updated_date": ("last_update_posted", "last_update_submitted"),
    "verified_date": ("verification_date",),
    "results_first_posted_date": ("results_first_posted", "results_first_submitted"),
}
_VOLUNTEERS = {"accepts healthy volunteers": True, "yes": True, "no": False}
_EXPANDED_ID = "expanded_access_info/expanded_access_nctid"
#: Fields of the parts of a Record, and where each stands in its element.
_SPONSOR = {"name": "agency", "sponsor_class": "agency_class"}
_OUTCOME = _same("measure time_frame description")
_REFERENCE = {"pmid": "PMID", "citation": "citation"}
_PAGE = {"label": "description", "url": "url"}
_DATA = {
    **{"label": "doc_type", "url": "doc_url"},
    **{"link_id": "doc_id", "comment": "doc_comment"},
}
_SITE = {
    **{"facility": "facility/name", "site_status": "status"},
    **_same("city state zip country", "facility/address/"),
}
_CODED = frozenset({"sponsor_class", "site_status"})
_COLLABORATOR = partial(record.Sponsor, role="collaborator")
_RESULT = partial(record.Reference, reference_type="RESULT")
_SEE_ALSO = partial(record.Link, link_type="see_also")
_IPD = partial(record.Link, link_type="available_ipd")
#: Lists of a Record: where their elements stand, what each is, and its fields.
_PARTS: tuple[tuple[str, str, Callable[..., Any], dict[str, str]], ...] = (
    ("sponsors", "sponsors/lead_sponsor", record.Sponsor, _SPONSOR),
    ("sponsors", "sponsors/collaborator", _COLLABORATOR, _SPONSOR),
    *(
        ("outcomes", f"{kind}_outcome", partial(Outcome, outcome_type=kind), _OUTCOME)
        for kind in ("primary", "secondary", "other")
    ),
    ("references", "reference", record.Reference, _REFERENCE),
    ("references", "results_reference", _RESULT, _REFERENCE),
    ("links", "link", _SEE_ALSO, _PAGE),
    ("links", "study_docs/study_doc", _IPD, _DATA),
    ("sites", "location", record.Site, _SITE),
)


def sniff(head: bytes) -> bool:
    """Return whether the first bytes of a file look like legacy XML."""
    return head.lstrip()[:1] == b"<" and _ROOT.search(head) is not None


def stream(
    handle: BinaryIO, source_id: str, facts: SourceFacts | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Record of each study."""
    for position, study in enumerate(elements(handle, "clinical_study", source_id), 1):
        if not isinstance(study, Excluded):
            study = _record(study, position, source_id)
        yield study


def _record(study: Element, position: int, source_id: str) -> Record | Excluded:
    written = text_of(study, "id_info/nct_id")
    trial_id = id_of(written)
    if trial_id is None:
        reason = f"nct_id {written!r} is not a registry id" if written else "no nct_id"
        name = written or f"study {position}"
        return Excluded(source_id=source_id, record=name, reason=reason)
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
        parts = (
            kind(**{key: _value(item, key, path) for key, path in paths.items()})
            for item in study.iterfind(at)
        )
        fields[name] = (*fields.get(name, ()), *parts)
    named = [site.country for site in fields["sites"] if site.country]
    named += texts_of(study, "location_countries/country")
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        basis=dict.fromkeys(submitted, "derived"),
        registry=registry_of(trial_id),
        identifiers=_identifiers(study),
        countries=tuple(dict.fromkeys(named)),
        related_trials=tuple(map(record.RelatedTrial, texts_of(study, _EXPANDED_ID))),
        has_results=True if study.find("clinical_results") is not None else None,
        remarks=tuple(remarks),
        **fields,
    )


def _date(study: Element, name: str, remarks: list[Remark]) -> PartialDate | None:
    element = study.find(name)
    date = read_date(name, text_of(study, name), remarks)
    if element is None or date is None:
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
    fields = design_of(text_of(study, "study_design") or "")
    blind = text_of(study, "study_design_info/masking")
    if blind:
        fields["masking"], fields["who_masked"] = masking(blind)
    return {"phase": known("phase", text_of(study, "phase")), **fields}


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
    return {"healthy_volunteers": _VOLUNTEERS.get(volunteers.lower())} | {
        field: read_age(field, text_of(study, f"eligibility/{field}"), remarks)
        for field in ("minimum_age", "maximum_age")
    }


def _groups(study: Element, remarks: list[Remark]) -> dict[str, Any]:
    """Take arms and interventions; a label of several arms links none of them."""
    interventions: list[record.Intervention] = []
    given: dict[str | None, list[str]] = {}
    for item in study.iterfind("intervention"):
        kind = text_of(item, "intervention_type")
        name = text_of(item, "intervention_name")
        labels = texts_of(item, "arm_group_label")
        interventions.append(
            record.Intervention(
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
        record.Arm(
            arm_label=label,
            arm_type=known("arm_type", text_of(group, "arm_group_type")),
            description=prose_of(group, "description"),
            interventions=tuple(given.get(label, ()) if n_bearing[label] == 1 else ()),
        )
        for group, label in groups
    )
    return {"arms": tuple(arms), "interventions": tuple(interventions)}


def _identifiers(study: Element) -> tuple[record.Identifier, ...]:
    return tuple(
        identifier_of(text, kind)
        if kind == "secondary_id"
        else record.Identifier(id=text, id_type=kind)
        for kind in ("org_study_id", "secondary_id", "nct_alias")
        for text in texts_of(study, f"id_info/{kind}")
    )


def _value(item: Element, name: str, path: str) -> str | None:
    if path == "description" and name == path:
        return prose_of(item, path)
    text = text_of(item, path)
    return known(name, text) if name in _CODED else text
