"""Every text that a file of each shape can hold: for tests of all fields."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import inspect

from trialkit.read.ctgov.columns import COLUMNS

#: What stands in the texts that are not looked at.
WORD = "word"
Path = tuple[str | int, ...]

#: Columns of the registry's CSV before 2023 and today, and of WHO ICTRP's export.
CLASSIC = (
    "Rank,NCT Number,Title,Acronym,Status,Study Results,Conditions,Interventions,"
    "Outcome Measures,Sponsor/Collaborators,Gender,Age,Phases,Enrollment,Funded Bys,"
    "Study Type,Study Designs,Other IDs,Start Date,Primary Completion Date,"
    "Completion Date,First Posted,Results First Posted,Last Update Posted,Locations,"
    "Study Documents,URL"
).split(",")
NEW = [
    name.title().replace("Nct", "NCT").replace("Url", "URL")
    for name in COLUMNS
    if name.title() not in CLASSIC or name in ("nct number", "conditions", "locations")
]
ICTRP = (
    "TrialID Last_Refreshed_on Public_title Scientific_title Acronym Primary_sponsor "
    "Date_registration Date_registration3 Export_date Source_Register web_address "
    "Recruitment_Status other_records Inclusion_agemin Inclusion_agemax "
    "Inclusion_gender Date_enrollement Target_size Study_type Study_design Phase "
    "Countries Contact_Firstname Contact_Lastname Contact_Address Contact_Email "
    "Contact_Tel Contact_Affiliation Inclusion_Criteria Exclusion_Criteria Condition "
    "Intervention Primary_outcome results_date_posted results_date_completed "
    "results_url_link Retrospective_flag Bridging_flag Bridged_type "
    "results_yes_no Secondary_ID Secondary_outcome Secondary_Sponsor Source_Support"
).split()
#: Where the legacy XML holds text that a table takes.
XML = """
id_info/org_study_id id_info/secondary_id id_info/nct_id id_info/nct_alias brief_title
official_title acronym sponsors/lead_sponsor/agency sponsors/lead_sponsor/agency_class
sponsors/collaborator/agency source oversight_info/has_dmc brief_summary/textblock
detailed_description/textblock overall_status last_known_status why_stopped start_date
completion_date primary_completion_date phase study_type has_expanded_access
study_design study_design_info/allocation study_design_info/intervention_model
study_design_info/intervention_model_description study_design_info/primary_purpose
study_design_info/masking study_design_info/masking_description
study_design_info/time_perspective study_design_info/observational_model
target_duration primary_outcome/measure primary_outcome/time_frame
primary_outcome/description secondary_outcome/measure other_outcome/description
enrollment condition keyword arm_group/arm_group_label arm_group/arm_group_type
arm_group/description intervention/intervention_type intervention/intervention_name
intervention/description intervention/other_name intervention/arm_group_label
biospec_retention biospec_descr/textblock eligibility/criteria/textblock
eligibility/study_pop/textblock eligibility/sampling_method eligibility/gender
eligibility/gender_based eligibility/gender_description eligibility/minimum_age
eligibility/maximum_age eligibility/healthy_volunteers overall_contact/phone
overall_contact/email location/facility/name location/facility/address/city
location/facility/address/state location/facility/address/zip location/status
location/facility/address/country location/contact/phone location_countries/country
link/url link/description reference/citation reference/PMID results_reference/citation
verification_date study_first_submitted last_update_submitted study_first_posted
last_update_posted results_first_posted responsible_party/responsible_party_type
condition_browse/mesh_term intervention_browse/mesh_term
patient_data/sharing_ipd patient_data/ipd_description patient_data/ipd_time_frame
patient_data/ipd_access_criteria patient_data/ipd_url study_docs/study_doc/doc_id
study_docs/study_doc/doc_type study_docs/study_doc/doc_url
study_docs/study_doc/doc_comment expanded_access_info/expanded_access_nctid
""".split()


def filled(kind: type) -> Iterator[tuple[Path, str]]:
    """Yield path and text of each text in a `kind` whose every field is filled."""
    yield from _texts(_whole(kind), ())


def with_text(kind: type, path: Path, text: str) -> dict[str, Any]:
    """Return a `kind` as plain data, with a text at one path and words elsewhere."""
    made = copy.deepcopy(_whole(kind))
    here: Any = made
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = text
    return made


@cache
def _whole(kind: type) -> dict[str, Any]:
    return _made(inspect.type_info(kind))


def _made(info: Any) -> Any:
    if isinstance(info, inspect.StructType):
        return {field.encode_name: _made(field.type) for field in info.fields}
    if isinstance(info, inspect.UnionType):
        return _made(next(t for t in info.types if not isinstance(t, inspect.NoneType)))
    if isinstance(info, inspect.VarTupleType):
        return [_made(info.item_type)]
    if isinstance(info, inspect.DictType):
        return {WORD: _made(info.value_type)}
    if isinstance(info, inspect.BoolType):
        return True
    return 5 if isinstance(info, inspect.IntType) else WORD


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, (*path, name))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _texts(part, (*path, position))
