"""The reader of ClinicalTrials.gov's legacy XML, beside the JSON and CSV readers."""

from __future__ import annotations

import io
import json
import re

import pytest

from trialkit.errors import TrialDataError
from trialkit.merge.arm_links import arm_links
from trialkit.read import read as read_files
from trialkit.read.ctgov import csv as ctgov_csv
from trialkit.read.ctgov import json as ctgov_json
from trialkit.read.ctgov.xml import sniff, stream
from trialkit.record import Excluded, Identifier, PartialDate, Reference, Sponsor

STUDY = """<clinical_study rank="1">
  <id_info>
    <org_study_id>HEP-1</org_study_id>
    <secondary_id>2019-001234-22</secondary_id>
    <nct_id>NCT01234567</nct_id>
    <nct_alias>NCT07654321</nct_alias>
  </id_info>
  <brief_title>Invented cells in an
    invented liver</brief_title>
  <sponsors>
    <lead_sponsor>
      <agency>A clinic</agency><agency_class>Other</agency_class></lead_sponsor>
    <collaborator>
      <agency>A firm</agency><agency_class>U.S. Fed</agency_class></collaborator>
  </sponsors>
  <overall_official><last_name>Nobody, MD</last_name></overall_official>
  <brief_summary><textblock>
      The first paragraph is
      wrapped.

        -  an item
        -  another
  </textblock></brief_summary>
  <overall_status>Unknown status</overall_status>
  <last_known_status>Recruiting</last_known_status>
  <start_date>March 2019</start_date>
  <completion_date type="Anticipated">February 28, 2021</completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <study_design_info>
    <allocation>N/A</allocation>
    <intervention_model>Single Group Assignment</intervention_model>
    <primary_purpose>Treatment</primary_purpose>
    <masking>Double (Participant, Investigator)</masking>
  </study_design_info>
  <enrollment type="Actual">0</enrollment>
  <condition>Liver Failure</condition>
  <condition>Cirrhosis</condition>
  <arm_group>
    <arm_group_label>Cells</arm_group_label>
    <arm_group_type>Experimental</arm_group_type>
  </arm_group>
  <arm_group>
    <arm_group_label>None</arm_group_label>
    <arm_group_type>No Intervention</arm_group_type>
  </arm_group>
  <intervention>
    <intervention_type>Biological</intervention_type>
    <intervention_name>cells</intervention_name>
    <arm_group_label>Cells</arm_group_label>
  </intervention>
  <primary_outcome>
    <measure>Survival</measure><time_frame>1 year</time_frame>
  </primary_outcome>
  <other_outcome><measure>Cost</measure></other_outcome>
  <eligibility>
    <gender>All</gender>
    <minimum_age>18 Years</minimum_age>
    <maximum_age>N/A</maximum_age>
    <healthy_volunteers>No</healthy_volunteers>
  </eligibility>
  <location>
    <facility><name>Ward 1</name>
      <address><city>Lyon</city><zip>69000</zip><country>France</country></address>
    </facility>
    <contact><last_name>Nobody</last_name><email>a@b.c</email></contact>
  </location>
  <link><url>https://x.org/a</url><description>The trial's page</description></link>
  <study_docs><study_doc><doc_id>D1</doc_id><doc_type>Study Protocol</doc_type>
    <doc_url>https://x.org/d</doc_url><doc_comment>On request</doc_comment>
  </study_doc></study_docs>
  <reference><citation>One paper.</citation><PMID>1</PMID></reference>
  <results_reference><citation>Another paper.</citation></results_reference>
  <study_first_submitted>January 2, 2019</study_first_submitted>
  <study_first_posted type="Estimate">January 5, 2019</study_first_posted>
  <last_update_submitted>June 1, 2020</last_update_submitted>
  <responsible_party>
    <responsible_party_type>Sponsor</responsible_party_type></responsible_party>
  <condition_browse><mesh_term>Liver Failure</mesh_term></condition_browse>
</clinical_study>"""

AS_JSON = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "nctIdAliases": ["NCT07654321"],
            "orgStudyIdInfo": {"id": "HEP-1"},
            "secondaryIdInfos": [{"id": "2019-001234-22", "type": "EUDRACT_NUMBER"}],
            "briefTitle": "Invented cells in an invented liver",
        },
        "statusModule": {
            "overallStatus": "UNKNOWN",
            "lastKnownStatus": "RECRUITING",
            "startDateStruct": {"date": "2019-03"},
            "completionDateStruct": {"date": "2021-02-28", "type": "ESTIMATED"},
            "studyFirstPostDateStruct": {"date": "2019-01-05", "type": "ESTIMATED"},
            "lastUpdateSubmitDate": "2020-06-01",
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {"type": "SPONSOR"},
            "leadSponsor": {"name": "A clinic", "class": "OTHER"},
            "collaborators": [{"name": "A firm", "class": "FED"}],
        },
        "descriptionModule": {
            "briefSummary": "The first paragraph is wrapped.\n\n- an item\n- another"
        },
        "conditionsModule": {"conditions": ["Liver Failure", "Cirrhosis"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "NA",
                "interventionModel": "SINGLE_GROUP",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {
                    "masking": "DOUBLE",
                    "whoMasked": ["PARTICIPANT", "INVESTIGATOR"],
                },
            },
            "enrollmentInfo": {"count": 0, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Cells",
                    "type": "EXPERIMENTAL",
                    "interventionNames": ["Biological: cells"],
                },
                {"label": "None", "type": "NO_INTERVENTION"},
            ],
            "interventions": [
                {"type": "BIOLOGICAL", "name": "cells", "armGroupLabels": ["Cells"]}
            ],
        },
        "referencesModule": {
            "seeAlsoLinks": [{"label": "The trial's page", "url": "https://x.org/a"}],
            "availIpds": [
                {
                    "id": "D1",
                    "type": "Study Protocol",
                    "url": "https://x.org/d",
                    "comment": "On request",
                }
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Survival", "timeFrame": "1 year"}],
            "otherOutcomes": [{"measure": "Cost"}],
        },
        "eligibilityModule": {
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {
            "locations": [
                {
                    "facility": "Ward 1",
                    "city": "Lyon",
                    "zip": "69000",
                    "country": "France",
                }
            ]
        },
    },
    "derivedSection": {
        "conditionBrowseModule": {"meshes": [{"term": "Liver Failure"}]}
    },
}

AS_CSV = (
    "NCT Number,Study Title,Study Status,Brief Summary,Conditions,Interventions,"
    "Sponsor,Collaborators,Sex,Phases,Enrollment,Study Type,Study Design,Start Date,"
    "Completion Date,First Posted,Last Update Posted,Locations\n"
    "NCT01234567,Invented cells in an invented liver,UNKNOWN,"
    '"The first paragraph is wrapped.\n\n- an item\n- another",Liver Failure|Cirrhosis,'
    "BIOLOGICAL: cells,A clinic,A firm,ALL,PHASE1|PHASE2,0,INTERVENTIONAL,"
    '"Allocation: NA|Intervention Model: SINGLE_GROUP|Masking: DOUBLE (PARTICIPANT, '
    'INVESTIGATOR)|Primary Purpose: TREATMENT",2019-03,2021-02-28,2019-01-05,'
    "2020-06-01,"
    '"Ward 1, Lyon, 69000, France"\n'
)


def items(text: str):
    return list(stream(io.BytesIO(text.encode()), "S1"))


def one(text: str):
    """Return the only Record of a file; nothing may be set aside."""
    assert sniff(text.encode())
    (record,) = items(text)
    assert not isinstance(record, Excluded)
    return record


def test_xml_and_json_of_one_trial_give_the_same_record():
    ours = one(STUDY)
    (theirs,) = ctgov_json.stream(io.BytesIO(json.dumps(AS_JSON).encode()), "S1")
    # The JSON has no references here, since legacy XML does not tell their type.
    assert ours.references == (
        Reference(pmid="1", citation="One paper."),
        Reference(citation="Another paper.", reference_type="RESULT"),
    )
    ours.references = ()
    assert [link.link_type for link in ours.links] == ["see_also", "available_ipd"]
    assert ours == theirs


def test_csv_and_json_of_one_trial_agree_wherever_the_csv_says_anything():
    (ours,) = ctgov_csv.stream(io.BytesIO(AS_CSV.encode()), "S1")
    (theirs,) = ctgov_json.stream(io.BytesIO(json.dumps(AS_JSON).encode()), "S1")
    for field in ours.__struct_fields__:
        value, other = getattr(ours, field), getattr(theirs, field)
        if field in ("start_date", "completion_date"):
            assert value.date == other.date
        elif field == "sponsors":
            assert [s.name for s in value] == [s.name for s in other]
        elif field == "interventions":
            assert [(i.intervention_type, i.name) for i in value] == [
                (i.intervention_type, i.name) for i in other
            ]
        elif value:
            assert value == other, field


def test_a_label_that_two_arms_bear_links_neither_by_a_guess():
    made = one(STUDY.replace("label>None<", "label>Cells<"))
    assert [arm.interventions for arm in made.arms] == [(), ()]
    assert arm_links(made).pairs == []
    assert [item.text for item in arm_links(made).unresolved] == ["Cells"]


def test_markup_in_a_text_takes_none_of_its_words():
    title = "Cells <i>in vivo</i> for <sup>90</sup>Y<!-- a note --> in<br/>many"
    made = one(
        re.sub(
            r"(<(brief_title|textblock)>).*?(</\2>)",
            rf"\g<1>{title}\3",
            STUDY,
            flags=re.DOTALL,
        )
    )
    assert made.brief_title == "Cells in vivo for 90Y in many"
    assert made.brief_summary == "Cells in vivo for 90Y in many"


def test_names_and_classes_become_the_levels_of_today():
    record = one(STUDY)
    assert record.identifiers == (
        Identifier(id="HEP-1", id_type="org_study_id"),
        Identifier(id="2019-001234-22", id_type="EUCTR"),
        Identifier(id="NCT07654321", id_type="nct_alias"),
    )
    assert record.sponsors[1] == Sponsor(
        name="A firm", sponsor_class="FED", role="collaborator"
    )
    assert record.start_date == PartialDate(date="2019-03")
    assert (record.minimum_age, record.maximum_age) == ("18 Years", None)
    assert "Nobody" not in repr(record)
    assert "a@b.c" not in repr(record)


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("", None),
        ("N/A", "NA"),
        ("Early Phase 1", "EARLY_PHASE1"),
        ("Phase 1", "PHASE1"),
        ("Phase 1/Phase 2", "PHASE1/PHASE2"),
    ],
)
def test_five_phases_are_five_things(text, phase):
    assert one(STUDY.replace("Phase 1/Phase 2", text)).phase == phase


def test_the_design_of_older_files_is_one_line():
    start, end = STUDY.index("<study_design_info>"), STUDY.index("</study_design_info>")
    line = (
        "<study_design>Allocation: Randomized, Endpoint Classification: Safety Study, "
        "Intervention Model: Parallel Assignment, Masking: Double Blind (Subject, "
        "Investigator), Primary Purpose: Treatment</study_design>"
    )
    record = one(STUDY[:start] + line + STUDY[end + len("</study_design_info>") :])
    assert (record.allocation, record.intervention_model) == ("RANDOMIZED", "PARALLEL")
    assert (record.masking, record.who_masked) == (
        "DOUBLE",
        ("PARTICIPANT", "INVESTIGATOR"),
    )


def test_many_studies_in_one_file_are_many_records():
    other = STUDY.replace("NCT01234567", "NCT00000002")
    made = items(f"<search_results>{STUDY}{other}</search_results>")
    assert [record.trial_id for record in made] == ["NCT01234567", "NCT00000002"]


def test_a_file_cut_in_the_middle_gives_the_studies_before_the_cut():
    record, excluded = items(f"<search_results>{STUDY}{STUDY[:900]}")
    assert record.trial_id == "NCT01234567"
    assert isinstance(excluded, Excluded)
    assert excluded.record == "what follows record 1"
    assert "breaks off" in excluded.reason


def test_a_study_without_an_id_is_set_aside():
    (excluded,) = items(STUDY.replace("NCT01234567", ""))
    assert (excluded.record, excluded.reason) == ("study 1", "no nct_id")


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<?xml version="1.0"?>\n<!DOCTYPE a [\n<!ELEMENT a ANY>]>',
    ],
)
def test_entities_and_outside_types_are_refused(prolog):
    with pytest.raises(TrialDataError, match="refused"):
        items(prolog + STUDY.replace("Liver Failure", "&x;", 1))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_are_seen(tmp_path, encoding):
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>\n'
    text = (declared if encoding == "iso-8859-1" else "") + STUDY
    (tmp_path / "a.xml").write_bytes(text.replace("Lyon", "Orléans").encode(encoding))
    (record,) = read_files(tmp_path / "a.xml").records
    assert record.sites[0].city == "Orléans"


@pytest.mark.shared
def test_150_real_files_are_read_whole(shared):
    collected = read_files(shared / "records/ctgov_legacy_xml.zip")
    assert (len(collected.records), collected.excluded) == (150, [])
    assert all(record.remarks == () for record in collected.records)
    assert sum(len(record.sites) for record in collected.records) == 1962
    assert sum(len(record.arms) for record in collected.records) == 123
    assert sum(len(record.interventions) for record in collected.records) == 331
    assert sum(record.start_date is not None for record in collected.records) == 136
    assert sum(record.enrollment is not None for record in collected.records) == 115
