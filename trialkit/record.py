"""What ONE source says about ONE trial: the only hand-off between sources and tidy.

A reader in `trialkit.read` turns bytes into `Record`s; later rooms never see a file.
Wire names are ClinicalTrials.gov's own, so that the v2 reader decodes straight from
bytes; the Python names are the table columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

#: Sections that may support a label; the others are read, kept and never labelled.
LABEL_SECTIONS = (
    *("arm_label", "arm_description", "intervention_name", "intervention_description"),
    *("intervention_other_name", "active_substance", "brief_title", "official_title"),
    *("brief_summary", "detailed_description", "keyword", "lay_summary"),
    "lay_could_go_wrong",
)

_CLINICALTRIALS_GOV = re.compile(r"NCT\d{8}")


class _Part(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Base of the parts of a Record: immutable, no garbage-collector tracking."""


class PartialDate(_Part, frozen=True):
    """A date as the source gives it.

    `date` is ISO text cut to what is known (`2024-04-23`, `2024-04` or `2024`); `type`
    is `ACTUAL`, `ESTIMATED` or None where the source does not say.
    """

    date: str | None = None
    type: str | None = None


class Arm(_Part, frozen=True, rename={"arm_label": "label", "arm_type": "type"}):
    """One arm; `interventions` holds names as written, with or without `TYPE: `."""

    arm_label: str | None = None
    arm_type: str | None = None
    description: str | None = None
    interventions: tuple[str, ...] = msgspec.field(default=(), name="interventionNames")


class Intervention(
    _Part,
    frozen=True,
    rename={"intervention_type": "type", "other_names": "otherNames"},
):
    """One intervention; `arm_labels` names the arms it belongs to."""

    intervention_type: str | None = None
    name: str | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()
    arm_labels: tuple[str, ...] = msgspec.field(default=(), name="armGroupLabels")


class Site(_Part, frozen=True, rename={"site_status": "status"}):
    """One facility; contact persons, telephone numbers and e-mails are not kept."""

    facility: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip: str | None = None
    site_status: str | None = None


class Sponsor(_Part, frozen=True, rename={"sponsor_class": "class"}):
    """A lead sponsor or collaborator, as registered."""

    name: str | None = None
    sponsor_class: str | None = None
    role: str = "lead"


class Outcome(_Part, frozen=True, rename={"time_frame": "timeFrame"}):
    """One outcome; `outcome_type` is `primary`, `secondary`, `other` or not stated."""

    measure: str | None = None
    time_frame: str | None = None
    description: str | None = None
    outcome_type: str | None = None


class Identifier(_Part, frozen=True, rename={"id_type": "type"}):
    """Another id of the same trial, and its type: `org_study_id`, `nct_alias` …."""

    id: str | None = None
    id_type: str | None = None


class Reference(_Part, frozen=True, rename={"reference_type": "type"}):
    """A cited publication. Its words can never support a label."""

    pmid: str | None = None
    reference_type: str | None = None
    citation: str | None = None


class Link(_Part, frozen=True):
    """A page or data set that the registrant points to. It never supports a label."""

    link_type: str | None = None
    label: str | None = None
    url: str | None = None
    link_id: str | None = None
    comment: str | None = None


class RelatedTrial(_Part, frozen=True):
    """ANOTHER trial that a page names. Its words can never support a label."""

    related_id: str
    title: str | None = None


class LaySummary(_Part, frozen=True):
    """A plain-language page: a third party's words, kept apart from the registry's."""

    headline: str | None = None
    summary: str | None = None
    active_substance: str | None = None
    could_lead_to: str | None = None
    could_go_wrong: str | None = None
    first_seen_date: str | None = None
    last_updated_date: str | None = None


#: In the note of a remark on words that stay in their field.
KEPT = "kept as written"


class Remark(_Part, frozen=True):
    """Something odd that a reader saw: a value it did not take, and why.

    It becomes a row of `statements`. `basis` says what it is: `unread`, words that the
    reader could not take for a value; `derived`, words from which a value was made; or
    `conflict`, a second value that contradicts the first, which is listed as such.
    """

    field: str
    value: str | None = None
    note: str | None = None
    basis: str = "unread"


class Version(_Part, frozen=True):
    """One version of a trial's record in the history that its register keeps.

    `version` counts from 0, the one at registration; an older download of the record
    has no number. Without `has_record` it is only what a list of versions tells.
    """

    version: int | None = None
    version_date: str | None = None
    overall_status: str | None = None
    why_stopped: str | None = None
    enrollment: int | None = None
    enrollment_type: str | None = None
    start_date: PartialDate | None = None
    primary_completion_date: PartialDate | None = None
    completion_date: PartialDate | None = None
    changed_modules: tuple[str, ...] = ()
    has_record: bool = False
    source_id: str = ""


class Passage(_Part, frozen=True):
    """A piece of stored text that may support labels, and where it stands.

    `start` is the offset of `text` in the stored document (a page), or 0 where the
    field itself is the stored text. `arm` and `intervention` are positions in the
    Record's `arms` and `interventions`, or None.
    """

    section: str
    text: str
    start: int = 0
    arm: int | None = None
    intervention: int | None = None


class Record(msgspec.Struct, kw_only=True, gc=False, omit_defaults=True):
    """What one source says about one trial.

    Every field is optional but the id: absent in the source is None or an empty tuple,
    never a guess. Enumerations carry ClinicalTrials.gov's v2 values (`SINGLE_GROUP`,
    `PHASE1/PHASE2`, `NA`); a reader of another shape translates into them.

    `basis` says, per field, how a value was read where that is not "stated":
    `positional` (a label was lost), `stated-lay` (a third party's page) or `derived`;
    `data_date` is the day of the register's data that it is of.
    An old version has its number as `version`; a list of versions, which is no record
    of the trial, tells `versions` and the newest number, `last_version`.
    """

    trial_id: str
    source_id: str = ""
    registry: str | None = None
    basis: dict[str, str] = {}

    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    identifiers: tuple[Identifier, ...] = ()

    overall_status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    start_date: PartialDate | None = None
    primary_completion_date: PartialDate | None = None
    completion_date: PartialDate | None = None
    first_posted_date: str | None = None
    last_updated_date: str | None = None
    verified_date: str | None = None
    has_results: bool | None = None

    study_type: str | None = None
    phase: str | None = None
    allocation: str | None = None
    intervention_model: str | None = None
    primary_purpose: str | None = None
    masking: str | None = None
    who_masked: tuple[str, ...] = ()
    enrollment: int | None = None
    enrollment_type: str | None = None

    brief_summary: str | None = None
    detailed_description: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_mesh: tuple[str, ...] = ()
    condition_mesh_ancestors: tuple[str, ...] = ()
    condition_branches: tuple[str, ...] = ()
    intervention_mesh: tuple[str, ...] = ()

    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    eligibility_criteria: str | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    healthy_volunteers: bool | None = None

    sponsors: tuple[Sponsor, ...] = ()
    responsible_party_type: str | None = None
    sites: tuple[Site, ...] = ()
    countries: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    links: tuple[Link, ...] = ()
    related_trials: tuple[RelatedTrial, ...] = ()

    organization: str | None = None
    organization_class: str | None = None
    results_first_posted_date: str | None = None
    has_expanded_access: bool | None = None
    delayed_posting: bool | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    intervention_model_description: str | None = None
    masking_description: str | None = None
    patient_registry: bool | None = None
    target_duration: str | None = None
    bio_spec_retention: str | None = None
    bio_spec_description: str | None = None
    expanded_access_types: tuple[str, ...] = ()
    std_ages: tuple[str, ...] = ()
    gender_based: bool | None = None
    gender_description: str | None = None
    study_population: str | None = None
    sampling_method: str | None = None
    oversight_has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None
    is_unapproved_device: bool | None = None
    is_ppsd: bool | None = None
    is_us_export: bool | None = None
    fdaaa801_violation: bool | None = None
    ipd_sharing: str | None = None
    ipd_sharing_description: str | None = None
    ipd_sharing_info_types: tuple[str, ...] = ()
    ipd_sharing_time_frame: str | None = None
    ipd_sharing_access_criteria: str | None = None
    ipd_sharing_url: str | None = None

    lay: LaySummary | None = None
    data_date: str | None = None
    remarks: tuple[Remark, ...] = ()
    page_passages: tuple[Passage, ...] = ()

    version: int | None = None
    version_date: str | None = None
    last_version: int | None = None
    versions: tuple[Version, ...] = ()
    is_list_of_versions: bool = False


class Source(msgspec.Struct, kw_only=True, frozen=True):
    """One file or page that was read: where it lies, what it is, when it was made.

    `kind` orders authority: `registry` (the register's own export or API), `export`
    (WHO ICTRP and the like), `mirror` (a copy of the register's page), `lay`.
    `wording` is `rewritten` where the facts are the source's and the sentences are not:
    such text is never shown as a quotation. `records_file` is the file that was read in
    its stead, where it came in one. A page of a search says how many studies that
    found (`n_total`), and if more pages follow.
    """

    source_id: str
    path: str
    records_file: str | None = None
    sha256: str | None = None
    kind: str = "registry"
    wording: str = "verbatim"
    shape: str = ""
    site: str | None = None
    source_date: str | None = None
    n_records: int = 0
    n_total: int | None = None
    has_next_page: bool | None = None


class Retold(msgspec.Struct, kw_only=True, frozen=True):
    """What a record says of itself: of which kind of source it gives facts, and how.

    It stands under the key `trialkit` of a study's JSON, as in the example records:
    `kind` and `wording` as in `Source`.
    """

    kind: str | None = None
    wording: str | None = None


class Excluded(msgspec.Struct, kw_only=True, frozen=True):
    """A file or record that was set aside, and why; nothing is dropped without one."""

    source_id: str
    path: str | None = None
    record: str | None = None
    reason: str = ""


def passages(record: Record) -> Iterator[Passage]:
    """Yield every piece of a record's text that may support a label.

    A page's passages carry their offsets in the page; for structured records each
    field is its own stored text. Eligibility, outcomes, references and related trials
    are left out here, so no rule can ever reach them.
    """
    if record.page_passages:
        yield from record.page_passages
        return
    for section, text, arm, item in _sections(record):
        if text:
            yield Passage(section=section, text=text, arm=arm, intervention=item)


def _sections(
    record: Record,
) -> Iterator[tuple[str, str | None, int | None, int | None]]:
    """Yield section and text of each field, with its arm or intervention."""
    for n, arm in enumerate(record.arms):
        yield "arm_label", arm.arm_label, n, None
        yield "arm_description", arm.description, n, None
    for n, item in enumerate(record.interventions):
        yield "intervention_name", item.name, None, n
        yield "intervention_description", item.description, None, n
        for name in item.other_names:
            yield "intervention_other_name", name, None, n
    yield "brief_title", record.brief_title, None, None
    yield "official_title", record.official_title, None, None
    yield "brief_summary", record.brief_summary, None, None
    yield "detailed_description", record.detailed_description, None, None
    for keyword in record.keywords:
        yield "keyword", keyword, None, None


def arms_of(record: Record) -> tuple[tuple[str, Arm], ...]:
    """Return `(arm_id, Arm)` pairs; without an arm block there is one implicit arm.

    Ids are `A1`, `A2` … in the record's order: labels need not be unique, ids must be.
    """
    if not record.arms:
        return (("A1", Arm()),)
    return tuple((f"A{i}", arm) for i, arm in enumerate(record.arms, 1))


def trial_address(trial_id: str) -> str:
    """Return where a trial stands in its register, "" where that is not known."""
    is_known = _CLINICALTRIALS_GOV.fullmatch(str(trial_id))
    return f"https://clinicaltrials.gov/study/{trial_id}" if is_known else ""
