"""The fields of a ClinicalTrials.gov v2 study that a table holds, as typed Structs.

msgspec decodes bytes straight into these and skips everything else (results, contacts,
MeSH numbers): hence the speed. Every module and field may be absent.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from trialkit import record
from trialkit.record import PartialDate

#: What the column can hold; the slow path leaves larger numbers out.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class _Wire(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Base of the wire Structs: immutable, camelCase names as in the API."""


class OrgStudyId(_Wire, frozen=True):
    id: str | None = None


class SecondaryId(_Wire, frozen=True):
    """An id given by somebody else, `domain`."""

    id: str | None = None
    type: str | None = None
    domain: str | None = None


class Organization(_Wire, frozen=True, rename={"kind": "class"}):
    full_name: str | None = msgspec.field(default=None, name="fullName")
    kind: str | None = None


class Identification(_Wire, frozen=True):
    nct_id: str | None = None
    nct_id_aliases: tuple[str, ...] = ()
    org_study_id_info: OrgStudyId | None = None
    secondary_id_infos: tuple[SecondaryId, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    organization: Organization | None = None


class ExpandedAccess(_Wire, frozen=True):
    nct_id: str | None = None
    has_expanded_access: bool | None = None


class Status(_Wire, frozen=True):
    overall_status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    status_verified_date: str | None = None
    start_date_struct: PartialDate | None = None
    primary_completion_date_struct: PartialDate | None = None
    completion_date_struct: PartialDate | None = None
    study_first_submit_date: str | None = None
    study_first_post_date_struct: PartialDate | None = None
    last_update_submit_date: str | None = None
    last_update_post_date_struct: PartialDate | None = None
    results_first_post_date_struct: PartialDate | None = None
    results_first_submit_date: str | None = None
    expanded_access_info: ExpandedAccess | None = None
    delayed_posting: bool | None = None


class ResponsibleParty(_Wire, frozen=True):
    """The type only: the investigator's name and affiliation are not kept."""

    type: str | None = None


class Sponsors(_Wire, frozen=True):
    lead_sponsor: record.Sponsor | None = None
    collaborators: tuple[record.Sponsor, ...] = ()
    responsible_party: ResponsibleParty | None = None


class Description(_Wire, frozen=True):
    brief_summary: str | None = None
    detailed_description: str | None = None


class Conditions(_Wire, frozen=True):
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Masking(_Wire, frozen=True):
    masking: str | None = None
    who_masked: tuple[str, ...] = ()
    masking_description: str | None = None


class DesignInfo(_Wire, frozen=True):
    allocation: str | None = None
    intervention_model: str | None = None
    primary_purpose: str | None = None
    masking_info: Masking | None = None
    intervention_model_description: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None


class Enrollment(_Wire, frozen=True):
    count: Count | None = None
    type: str | None = None


class BioSpec(_Wire, frozen=True):
    retention: str | None = None
    description: str | None = None


class ExpandedAccessTypes(_Wire, frozen=True):
    individual: bool | None = None
    intermediate: bool | None = None
    treatment: bool | None = None


class Design(_Wire, frozen=True):
    study_type: str | None = None
    phases: tuple[str, ...] = ()
    design_info: DesignInfo | None = None
    enrollment_info: Enrollment | None = None
    patient_registry: bool | None = None
    target_duration: str | None = None
    bio_spec: BioSpec = BioSpec()
    expanded_access_types: ExpandedAccessTypes | None = None


class ArmsInterventions(_Wire, frozen=True):
    arm_groups: tuple[record.Arm, ...] = ()
    interventions: tuple[record.Intervention, ...] = ()


class Outcomes(_Wire, frozen=True):
    primary_outcomes: tuple[record.Outcome, ...] = ()
    secondary_outcomes: tuple[record.Outcome, ...] = ()
    other_outcomes: tuple[record.Outcome, ...] = ()


class Eligibility(_Wire, frozen=True):
    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: str | None = None
    gender_based: bool | None = None
    gender_description: str | None = None
    std_ages: tuple[str, ...] = ()
    study_population: str | None = None
    sampling_method: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None


class Locations(_Wire, frozen=True):
    """The places of contactsLocationsModule; contacts are not kept."""

    locations: tuple[record.Site, ...] = ()


class Linked(_Wire, frozen=True):
    """A page, which has a label, or data of the study, which have a type."""

    id: str | None = None
    type: str | None = None
    label: str | None = None
    url: str | None = None
    comment: str | None = None


class References(_Wire, frozen=True):
    references: tuple[record.Reference, ...] = ()
    see_also_links: tuple[Linked, ...] = ()
    avail_ipds: tuple[Linked, ...] = ()


class Oversight(_Wire, frozen=True):
    oversight_has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None
    is_unapproved_device: bool | None = None
    is_ppsd: bool | None = msgspec.field(default=None, name="isPpsd")
    is_us_export: bool | None = msgspec.field(default=None, name="isUsExport")
    fdaaa801_violation: bool | None = msgspec.field(
        default=None, name="fdaaa801Violation"
    )


class IpdSharing(_Wire, frozen=True):
    ipd_sharing: str | None = None
    description: str | None = None
    info_types: tuple[str, ...] = ()
    time_frame: str | None = None
    access_criteria: str | None = None
    url: str | None = None


class Protocol(_Wire, frozen=True):
    identification_module: Identification = Identification()
    status_module: Status = Status()
    sponsor_collaborators_module: Sponsors = Sponsors()
    description_module: Description = Description()
    conditions_module: Conditions = Conditions()
    design_module: Design = Design()
    arms_interventions_module: ArmsInterventions = ArmsInterventions()
    outcomes_module: Outcomes = Outcomes()
    eligibility_module: Eligibility = Eligibility()
    contacts_locations_module: Locations = Locations()
    references_module: References = References()
    oversight_module: Oversight = Oversight()
    ipd_sharing_statement_module: IpdSharing = IpdSharing()


class Mesh(_Wire, frozen=True):
    term: str | None = None


class Branch(_Wire, frozen=True):
    """A group under which the registry lists conditions."""

    name: str | None = None


class Browse(_Wire, frozen=True):
    meshes: tuple[Mesh, ...] = ()


class ConditionBrowse(_Wire, frozen=True):
    meshes: tuple[Mesh, ...] = ()
    ancestors: tuple[Mesh, ...] = ()
    browse_branches: tuple[Branch, ...] = ()


class Misc(_Wire, frozen=True):
    """`version_holder` is the day of the register's data, whatever its name."""

    version_holder: str | None = None


class Derived(_Wire, frozen=True):
    """The MeSH terms that the registry derived, and the day of its data."""

    condition_browse_module: ConditionBrowse = ConditionBrowse()
    intervention_browse_module: Browse = Browse()
    misc_info_module: Misc = Misc()


class HistoryVersion(msgspec.Struct, frozen=True, gc=False):
    """Which version of its record a study is, as ctrdata writes it: from 1 on."""

    version_number: int | None = None
    version_date: str | None = None


class PastStudy(_Wire, frozen=True):
    """One study, or an old version of it among those that ctrdata keeps."""

    protocol_section: Protocol | None = None
    derived_section: Derived = Derived()
    has_results: bool | None = None
    history_version: HistoryVersion | None = msgspec.field(
        default=None, name="history_version"
    )


class Study(PastStudy, frozen=True):
    """One study; two keys are none of the API.

    `trialkit` says that the record was retold, and ctrdata keeps old versions of the
    study in `history`.
    """

    trialkit: record.Retold | None = None
    history: tuple[PastStudy, ...] = ()
