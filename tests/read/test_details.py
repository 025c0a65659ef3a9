"""Modules that few ask for reach their columns, alike from every shape."""

from __future__ import annotations

import io
import json

import pytest

from trialkit.merge import DETAILS
from trialkit.read.ctgov import csv as ctgov_csv
from trialkit.read.ctgov import json as ctgov_json
from trialkit.read.ctgov import xml as ctgov_xml
from trialkit.record import Record
from trialkit.tidy.load import from_records

STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "organization": {"fullName": "A clinic", "class": "OTHER"},
        },
        "statusModule": {
            "resultsFirstPostDateStruct": {"date": "2021-05-06", "type": "ACTUAL"},
            "expandedAccessInfo": {"hasExpandedAccess": False},
            "delayedPosting": True,
        },
        "designModule": {
            "studyType": "OBSERVATIONAL",
            "patientRegistry": True,
            "targetDuration": "2 Years",
            "designInfo": {
                "observationalModel": "CASE_ONLY",
                "timePerspective": "CROSS_SECTIONAL",
                "interventionModelDescription": "Two groups.",
                "maskingInfo": {"maskingDescription": "Nobody knows."},
            },
            "bioSpec": {"retention": "SAMPLES_WITH_DNA", "description": "Blood"},
            "expandedAccessTypes": {"individual": True, "treatment": False},
        },
        "eligibilityModule": {
            "stdAges": ["ADULT", "OLDER_ADULT"],
            "genderBased": True,
            "genderDescription": "Of one gender.",
            "studyPopulation": "People of one town",
            "samplingMethod": "NON_PROBABILITY_SAMPLE",
        },
        "oversightModule": {
            "oversightHasDmc": False,
            "isFdaRegulatedDrug": True,
            "isFdaRegulatedDevice": False,
            "isUnapprovedDevice": False,
            "isPpsd": True,
            "isUsExport": True,
            "fdaaa801Violation": False,
        },
        "ipdSharingStatementModule": {
            "ipdSharing": "UNDECIDED",
            "description": "Perhaps. Ask desk@example.org.",
            "infoTypes": ["STUDY_PROTOCOL", "SAP"],
            "timeFrame": "After a year",
            "accessCriteria": "On request",
            "url": "https://example.org",
        },
    }
}
XML = """<clinical_study>
<id_info><nct_id>NCT01234567</nct_id></id_info><source>A clinic</source>
<study_type>Observational [Patient Registry]</study_type>
<has_expanded_access>No</has_expanded_access>
<target_duration>2 Years</target_duration>
<study_design_info><observational_model>Case-Only</observational_model>
<time_perspective>Cross-Sectional</time_perspective>
<intervention_model_description>Two groups.</intervention_model_description>
<masking_description>Nobody knows.</masking_description></study_design_info>
<biospec_retention>Samples With DNA</biospec_retention>
<biospec_descr><textblock>Blood</textblock></biospec_descr>
<eligibility><study_pop><textblock>People of one town</textblock></study_pop>
<sampling_method>Non-Probability Sample</sampling_method>
<gender_based>Yes</gender_based>
<gender_description>Of one gender.</gender_description></eligibility>
<oversight_info><has_dmc>No</has_dmc>
<is_fda_regulated_drug>Yes</is_fda_regulated_drug>
<is_fda_regulated_device>No</is_fda_regulated_device>
<is_unapproved_device>No</is_unapproved_device><is_ppsd>Yes</is_ppsd>
<is_us_export>Yes</is_us_export></oversight_info>
<patient_data><sharing_ipd>Undecided</sharing_ipd>
<ipd_time_frame>After a year</ipd_time_frame>
<ipd_access_criteria>On request</ipd_access_criteria>
<ipd_url>https://example.org</ipd_url></patient_data>
<results_first_posted type="Actual">May 6, 2021</results_first_posted>
</clinical_study>"""
CSV = (
    "NCT Number,Age,Study Design,Results First Posted\n"
    'NCT01234567,"ADULT, OLDER_ADULT",'
    "Observational Model: CASE_ONLY|Time Perspective: CROSS_SECTIONAL,2021-05-06\n"
)
#: What the legacy XML has no place for, or has in other words.
NOT_IN_XML = {
    "organization_class",
    "delayed_posting",
    "patient_registry",
    "expanded_access_types",
    "std_ages",
    "fdaaa801_violation",
    "ipd_sharing_description",
    "ipd_sharing_info_types",
}


def one(stream, text: str) -> Record:
    (record,) = stream(io.BytesIO(text.encode()), "S1")
    return record


def test_every_detail_of_the_json_reaches_its_column():
    record = one(ctgov_json.stream, json.dumps(STUDY))
    trial = from_records([record], labels=False).trials.iloc[0]
    assert trial[list(DETAILS)].notna().all()
    assert trial["std_ages"] == "ADULT; OLDER_ADULT"
    assert trial["expanded_access_types"] == "INDIVIDUAL"
    assert not trial["oversight_has_dmc"], "no is a value"


def test_xml_says_the_same_wherever_it_has_a_place_for_it():
    record = one(ctgov_json.stream, json.dumps(STUDY))
    legacy = one(ctgov_xml.stream, XML)
    names = [name for name in DETAILS if name not in NOT_IN_XML]
    assert {name: getattr(legacy, name) for name in names} == {
        name: getattr(record, name) for name in names
    }


def test_csv_says_the_same_wherever_it_says_anything():
    record = one(ctgov_json.stream, json.dumps(STUDY))
    row = one(ctgov_csv.stream, CSV)
    said = {name: v for name in DETAILS if (v := getattr(row, name))}
    assert said == {
        name: getattr(record, name)
        for name in (
            "results_first_posted_date",
            "observational_model",
            "time_perspective",
            "std_ages",
        )
    }


def test_details_that_are_absent_stay_missing():
    record = one(ctgov_json.stream, json.dumps(STUDY).replace("designModule", "x"))
    trials = from_records([record], labels=False).trials
    assert trials["patient_registry"].isna().all()
    empty = from_records([Record(trial_id="NCT00000001")], labels=False).trials
    assert empty[list(DETAILS)].isna().all(axis=None)


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\n", "\u3000"])
@pytest.mark.parametrize("is_escaped", [True, False])
def test_a_blank_text_states_nothing(blank, is_escaped):
    study = {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT01234567",
                "briefTitle": blank,
                "acronym": 'So "called"',
            },
            "conditionsModule": {"conditions": [blank, "Cirrhosis"]},
            "contactsLocationsModule": {"locations": [{"city": blank, "zip": "1"}]},
        }
    }
    text = json.dumps([study], ensure_ascii=is_escaped)
    record = one(ctgov_json.stream, text)
    assert (record.brief_title, record.acronym) == (None, 'So "called"')
    assert record.conditions == ("Cirrhosis",)
    assert record.sites[0].city is None
    assert record.remarks == ()
