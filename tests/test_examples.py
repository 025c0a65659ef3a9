"""The example records: real trials as facts, every sentence rewritten."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from trialkit.codebook import levels_of

DATA = files("trialkit").joinpath("data")
RECORDS = {
    path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8"))
    for path in DATA.joinpath("examples").iterdir()
}
STUDIES = {key: record["protocolSection"] for key, record in RECORDS.items()}
PROVENANCE = list(
    csv.DictReader(
        DATA.joinpath("examples_provenance.csv").read_text(encoding="utf-8").split("\n")
    )
)
LABELS = list(
    csv.DictReader(
        (Path(__file__).parent / "data/examples_labels.csv").read_text().split("\n")
    )
)

# Paths of the API's JSON that the examples may hold: facts, and sentences of our own.
# Contacts, officials, references and terms derived by the registry stay out.
ALLOWED = {
    "hasResults",
    "trialkit.kind",
    "trialkit.wording",
    "protocolSection.identificationModule.nctId",
    "protocolSection.identificationModule.orgStudyIdInfo.id",
    "protocolSection.identificationModule.organization.fullName",
    "protocolSection.identificationModule.organization.class",
    "protocolSection.identificationModule.briefTitle",
    "protocolSection.identificationModule.officialTitle",
    "protocolSection.identificationModule.acronym",
    "protocolSection.statusModule.statusVerifiedDate",
    "protocolSection.statusModule.overallStatus",
    "protocolSection.statusModule.lastKnownStatus",
    "protocolSection.statusModule.whyStopped",
    "protocolSection.statusModule.studyFirstSubmitDate",
    "protocolSection.statusModule.lastUpdateSubmitDate",
    *(
        f"protocolSection.statusModule.{name}Struct.{part}"
        for name in (
            "startDate",
            "primaryCompletionDate",
            "completionDate",
            "studyFirstPostDate",
            "lastUpdatePostDate",
        )
        for part in ("date", "type")
    ),
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.type",
    "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "protocolSection.sponsorCollaboratorsModule.leadSponsor.class",
    "protocolSection.sponsorCollaboratorsModule.collaborators[].name",
    "protocolSection.sponsorCollaboratorsModule.collaborators[].class",
    "protocolSection.descriptionModule.briefSummary",
    "protocolSection.descriptionModule.detailedDescription",
    "protocolSection.conditionsModule.conditions[]",
    "protocolSection.conditionsModule.keywords[]",
    "protocolSection.designModule.studyType",
    "protocolSection.designModule.phases[]",
    "protocolSection.designModule.designInfo.allocation",
    "protocolSection.designModule.designInfo.interventionModel",
    "protocolSection.designModule.designInfo.primaryPurpose",
    "protocolSection.designModule.designInfo.maskingInfo.masking",
    "protocolSection.designModule.designInfo.maskingInfo.whoMasked[]",
    "protocolSection.designModule.enrollmentInfo.count",
    "protocolSection.designModule.enrollmentInfo.type",
    "protocolSection.armsInterventionsModule.armGroups[].label",
    "protocolSection.armsInterventionsModule.armGroups[].type",
    "protocolSection.armsInterventionsModule.armGroups[].description",
    "protocolSection.armsInterventionsModule.armGroups[].interventionNames[]",
    "protocolSection.armsInterventionsModule.interventions[].type",
    "protocolSection.armsInterventionsModule.interventions[].name",
    "protocolSection.armsInterventionsModule.interventions[].description",
    "protocolSection.armsInterventionsModule.interventions[].armGroupLabels[]",
    "protocolSection.armsInterventionsModule.interventions[].otherNames[]",
    *(
        f"protocolSection.outcomesModule.{kind}Outcomes[].{part}"
        for kind in ("primary", "secondary", "other")
        for part in ("measure", "timeFrame", "description")
    ),
    "protocolSection.eligibilityModule.eligibilityCriteria",
    "protocolSection.eligibilityModule.healthyVolunteers",
    "protocolSection.eligibilityModule.sex",
    "protocolSection.eligibilityModule.minimumAge",
    "protocolSection.eligibilityModule.maximumAge",
    *(
        f"protocolSection.contactsLocationsModule.locations[].{part}"
        for part in ("facility", "status", "city", "state", "zip", "country")
    ),
}


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield `(path, value)` of every value that is not a container."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path, value


def values(path: str) -> Counter[object]:
    """Count, over trials, the values at the end of a path."""
    return Counter(
        value
        for record in RECORDS.values()
        for where, value in set(leaves(record))
        if where.endswith(path)
    )


@pytest.mark.parametrize("trial_id", RECORDS)
def test_a_record_has_its_file_name_as_id_and_only_allowed_keys(trial_id: str) -> None:
    record = RECORDS[trial_id]
    assert re.fullmatch(r"NCT\d{8}", trial_id)
    assert record["protocolSection"]["identificationModule"]["nctId"] == trial_id
    found = dict(leaves(record))
    assert set(found) <= ALLOWED
    assert all(value is not None and value != "" for value in found.values())


@pytest.mark.parametrize("trial_id", RECORDS)
def test_dates_are_iso_text_cut_to_what_is_known(trial_id: str) -> None:
    dates = [
        value
        for path, value in leaves(STUDIES[trial_id].get("statusModule", {}))
        if path.endswith(("Date", ".date"))
    ]
    for date in dates:
        assert re.fullmatch(r"\d{4}(-[01]\d(-[0-3]\d)?)?", str(date))


@pytest.mark.parametrize(
    ("path", "table", "column"),
    [
        ("statusModule.overallStatus", "trials", "overall_status"),
        ("statusModule.lastKnownStatus", "trials", "last_known_status"),
        ("statusModule.startDateStruct.type", "trials", "start_date_type"),
        ("designModule.studyType", "trials", "study_type"),
        ("designModule.designInfo.allocation", "trials", "allocation"),
        ("designInfo.interventionModel", "trials", "intervention_model"),
        ("designInfo.primaryPurpose", "trials", "primary_purpose"),
        ("maskingInfo.masking", "trials", "masking"),
        ("enrollmentInfo.type", "trials", "enrollment_type"),
        ("leadSponsor.class", "trials", "lead_sponsor_class"),
        ("responsibleParty.type", "trials", "responsible_party_type"),
        ("eligibilityModule.sex", "trials", "sex"),
        ("armGroups[].type", "arms", "arm_type"),
        ("interventions[].type", "interventions", "intervention_type"),
        ("locations[].status", "sites", "site_status"),
    ],
)
def test_enumerations_hold_the_registrys_values(
    path: str, table: str, column: str
) -> None:
    found = set(values(path))
    assert found
    assert found <= set(levels_of(table, column))


@pytest.mark.parametrize("trial_id", STUDIES)
def test_arms_and_interventions_name_each_other(trial_id: str) -> None:
    module = STUDIES[trial_id].get("armsInterventionsModule", {})
    arms = {arm["label"] for arm in module.get("armGroups", [])}
    interventions = module.get("interventions", [])
    names = {item["name"] for item in interventions}
    for arm in module.get("armGroups", []):
        for name in arm.get("interventionNames", []):
            assert name in names or name.split(": ", 1)[1] in names
    for item in interventions:
        assert set(item.get("armGroupLabels", [])) <= arms


def test_each_record_has_one_row_of_provenance_in_the_same_order() -> None:
    assert [row["trial_id"] for row in PROVENANCE] == sorted(RECORDS)
    for row in PROVENANCE:
        assert row["source"]
        assert row["left_out"]
        assert re.fullmatch(r"\d{4}-\d\d(-\d\d)?", row["record_updated"])
        assert re.fullmatch(r"\d{4}-\d\d(-\d\d)?", row["snapshot"])


@pytest.mark.parametrize("trial_id", RECORDS)
def test_no_record_holds_a_way_to_reach_a_person(trial_id: str) -> None:
    text = json.dumps(RECORDS[trial_id], ensure_ascii=False)
    assert not re.search(r"\S@\S", text)
    assert not re.search(r"\+\d{1,3}[\s-]?\d{3}", text)  # +86 136..., +44-20...
    assert not re.search(r"\(?\b\d{3}\)?[\s-]\d{3}[\s-]\d{4}\b", text)
    assert not re.search(r"\b1[3-9]\d{9}\b", text)  # Chinese mobile numbers
    assert not re.search(r"\b(?:tel|telephone|phone|fax|e-?mail|https?)\b", text, re.I)


def test_every_arm_has_a_label_row() -> None:
    expected = [
        (trial_id, str(arm))
        for trial_id in sorted(STUDIES)
        for arm in range(
            len(
                STUDIES[trial_id].get("armsInterventionsModule", {}).get("armGroups")
                or []
            )
        )
        or [-1]  # without an arm block one row speaks for the whole trial
    ]
    assert [(row["trial_id"], row["arm"]) for row in LABELS] == expected


def test_arms_without_a_cell_product_carry_no_labels() -> None:
    axes = ("routes", "cell_type", "cell_source", "donor")
    for row in LABELS:
        is_none = [row[axis] == "NONE" for axis in axes]
        assert all(is_none) if row["product"] == "no" else not any(is_none)


def test_most_are_cell_trials_and_a_few_show_an_exclusion() -> None:
    cell = {row["trial_id"] for row in LABELS if row["product"] == "yes"}
    assert len(cell) >= 24
    assert 1 <= len(set(RECORDS) - cell) <= 3


@pytest.mark.parametrize(
    ("axis", "wanted"),
    [
        (
            "routes",
            "IV.peripheral IV.central IV IA.hepatic IA.splenic PV IH IP IM LN EC.bal "
            "EC.cell PARENTERAL NOT_STATED",
        ),
        ("relation", "single sequence alternative"),
        ("cell_type", "MSC HEP HLC HLC.msc LPC HSC HSC.CD133 BM-MNC MAC BMSC?"),
        ("cell_source", "UC BM AT SKIN LIV PB FETAL iPSC CiPSC NOT_STATED"),
        ("donor", "AUTO ALLO NOT_STATED"),
    ],
)
def test_labels_are_varied(axis: str, wanted: str) -> None:
    found = {value for row in LABELS for value in row[axis].split("; ")}
    assert set(wanted.split()) <= found


def test_facts_are_varied() -> None:
    assert {"EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"} == set(
        values("designModule.phases[]")
    )
    assert any("phases" not in study["designModule"] for study in STUDIES.values())
    assert {
        "UNKNOWN",
        "COMPLETED",
        "TERMINATED",
        "WITHDRAWN",
        "RECRUITING",
        "NOT_YET_RECRUITING",
    } <= set(values("overallStatus"))
    assert {"ACTUAL", "ESTIMATED"} == set(values("enrollmentInfo.type"))
    assert {"INTERVENTIONAL", "OBSERVATIONAL"} == set(values("studyType"))
    assert {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"} <= set(
        values("armGroups[].type")
    )
    assert len(values("locations[].country")) >= 10
    assert {True, False} == set(values("hasResults"))
    assert {len(str(date)) for date in values("startDateStruct.date")} == {7, 10}
    assert any("statusModule" not in study for study in STUDIES.values())
    assert any("contactsLocationsModule" not in study for study in STUDIES.values())


def test_unknown_status_comes_with_the_last_known_one() -> None:
    for study in STUDIES.values():
        status = study.get("statusModule", {})
        is_unknown = status.get("overallStatus") == "UNKNOWN"
        assert ("lastKnownStatus" in status) == is_unknown


def test_a_withdrawn_trial_has_no_participants() -> None:
    designs = [
        study["designModule"]["enrollmentInfo"]
        for study in STUDIES.values()
        if study.get("statusModule", {}).get("overallStatus") == "WITHDRAWN"
    ]
    assert designs == [{"count": 0, "type": "ACTUAL"}]


def test_the_examples_keep_the_wheel_small() -> None:
    text = [json.dumps(record, ensure_ascii=False) for record in RECORDS.values()]
    assert sum(map(len, text)) < 250_000
