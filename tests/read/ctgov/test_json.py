"""The reader of ClinicalTrials.gov's v2 JSON."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from copy import deepcopy

import pytest

from trialkit.read.ctgov import json as ctgov_json
from trialkit.read.ctgov.json import sniff, stream
from trialkit.record import (
    Arm,
    Excluded,
    Identifier,
    PartialDate,
    Record,
    Remark,
    Sponsor,
)

STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "nctIdAliases": ["NCT07654321"],
            "orgStudyIdInfo": {"id": "HEP-1"},
            "secondaryIdInfos": [
                {"id": "2019-001234-22", "type": "EUDRACT_NUMBER"},
                {"id": "K08", "type": "OTHER", "domain": "A foundation"},
                {"id": "ABC"},
            ],
            "briefTitle": "Invented cells in an invented liver",
        },
        "statusModule": {
            "overallStatus": "UNKNOWN",
            "lastKnownStatus": "RECRUITING",
            "startDateStruct": {"date": "2019-03"},
            "completionDateStruct": {"date": "2021-02-28", "type": "ESTIMATED"},
            "studyFirstSubmitDate": "2019-01-02",
            "studyFirstPostDateStruct": {"date": "2019-01-05", "type": "ACTUAL"},
            "lastUpdateSubmitDate": "2020-06-01",
            "expandedAccessInfo": {"hasExpandedAccess": True, "nctId": "NCT00000009"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Nobody",
            },
            "leadSponsor": {"name": "A clinic", "class": "OTHER"},
            "collaborators": [{"name": "A firm", "class": "INDUSTRY"}],
        },
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "maskingInfo": {"masking": "SINGLE", "whoMasked": ["PARTICIPANT"]},
            },
            "enrollmentInfo": {"count": 0, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Cells",
                    "type": "EXPERIMENTAL",
                    "interventionNames": ["Biological: cells"],
                }
            ],
            "interventions": [
                {"type": "BIOLOGICAL", "name": "cells", "armGroupLabels": ["Cells"]}
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Survival", "timeFrame": "1 year"}],
            "otherOutcomes": [{"measure": "Cost"}],
        },
        "contactsLocationsModule": {
            "locations": [
                {
                    "facility": "Ward 1",
                    "city": "Lyon",
                    "country": "France",
                    "status": "RECRUITING",
                    "contacts": [{"name": "Nobody", "phone": "1", "email": "a@b.c"}],
                },
                {"facility": "Ward 2", "country": "France"},
            ]
        },
    },
    "derivedSection": {
        "conditionBrowseModule": {
            "meshes": [{"id": "D1", "term": "Liver Failure"}],
            "ancestors": [{"id": "D2", "term": "Liver Diseases"}, {"id": "D3"}],
            "browseBranches": [
                {"abbrev": "BC06", "name": "Digestive System Diseases"},
                {"abbrev": "All"},
            ],
        }
    },
}


def study(**changes):
    """Return the study with values set at dotted paths; `...` removes one."""
    made = deepcopy(STUDY)
    for path, value in changes.items():
        *parents, name = path.split("__")
        place = made["protocolSection"]
        for parent in parents:
            place = place[parent]
        if value is ...:
            del place[name]
        else:
            place[name] = value
    return made


def read(data: bytes, source_id: str) -> tuple[list[Record], list[Excluded]]:
    """Return the Records of a document, and what was set aside."""
    items = list(stream(io.BytesIO(data), source_id))
    records = [item for item in items if isinstance(item, Record)]
    return records, [item for item in items if isinstance(item, Excluded)]


def one(document) -> Record:
    """Return the only Record of a document; nothing may be set aside."""
    records, excluded = read(json.dumps(document).encode(), "S1")
    assert excluded == []
    (record,) = records
    return record


def test_a_day_of_submission_stands_for_the_day_of_posting_and_is_marked():
    record = one(study(statusModule__studyFirstPostDateStruct=...))
    assert record.first_posted_date == "2019-01-02"
    assert record.basis == {"first_posted_date": "derived"}


def test_each_module_reaches_its_field():
    record = one(STUDY)
    assert (record.trial_id, record.registry) == ("NCT01234567", "ClinicalTrials.gov")
    assert record.source_id == "S1"
    assert record.identifiers == (
        Identifier(id="HEP-1", id_type="org_study_id"),
        Identifier(id="2019-001234-22", id_type="EUCTR"),
        Identifier(id="K08", id_type="A foundation"),
        Identifier(id="ABC", id_type="secondary_id"),
        Identifier(id="NCT07654321", id_type="nct_alias"),
    )
    assert (record.overall_status, record.last_known_status) == (
        "UNKNOWN",
        "RECRUITING",
    )
    assert record.start_date == PartialDate(date="2019-03")
    assert record.completion_date == PartialDate(date="2021-02-28", type="ESTIMATED")
    assert record.first_posted_date == "2019-01-05"
    assert record.last_updated_date == "2020-06-01"
    assert record.basis == {}
    assert (record.enrollment, record.enrollment_type) == (0, "ACTUAL")
    assert (record.masking, record.who_masked) == ("SINGLE", ("PARTICIPANT",))
    assert record.arms == (
        Arm(
            arm_label="Cells",
            arm_type="EXPERIMENTAL",
            interventions=("Biological: cells",),
        ),
    )
    assert [o.outcome_type for o in record.outcomes] == ["primary", "other"]
    assert record.sponsors == (
        Sponsor(name="A clinic", sponsor_class="OTHER"),
        Sponsor(name="A firm", sponsor_class="INDUSTRY", role="collaborator"),
    )
    assert record.responsible_party_type == "PRINCIPAL_INVESTIGATOR"
    assert record.countries == ("France",)
    assert record.condition_mesh == ("Liver Failure",)
    assert record.condition_mesh_ancestors == ("Liver Diseases",)
    assert record.condition_branches == ("Digestive System Diseases",)
    assert [r.related_id for r in record.related_trials] == ["NCT00000009"]
    assert record.remarks == ()


def test_no_person_and_no_way_to_reach_one_is_kept():
    assert "Nobody" not in repr(one(STUDY))
    assert "a@b.c" not in repr(one(STUDY))


@pytest.mark.parametrize(
    ("phases", "phase"),
    [
        (..., None),
        (["NA"], "NA"),
        (["EARLY_PHASE1"], "EARLY_PHASE1"),
        (["PHASE1"], "PHASE1"),
        (["PHASE1", "PHASE2"], "PHASE1/PHASE2"),
    ],
)
def test_five_phases_are_five_things(phases, phase):
    assert one(study(designModule__phases=phases)).phase == phase


def test_absent_enrollment_is_not_zero_and_the_sentinel_is_remarked_on():
    assert one(study(designModule__enrollmentInfo=...)).enrollment is None
    record = one(study(designModule__enrollmentInfo={"count": 99999999}))
    assert record.enrollment is None
    assert [(r.field, r.value) for r in record.remarks] == [("enrollment", "99999999")]


def test_masking_absent_none_and_unspecified_are_three_states():
    def masking(info):
        record = one(study(designModule__designInfo={"maskingInfo": info}))
        return record.masking, record.who_masked

    assert masking({}) == (None, ())
    assert masking({"masking": "NONE"}) == ("NONE", ())
    assert masking({"masking": "DOUBLE"}) == ("DOUBLE", ())


def test_absent_has_results_is_not_false():
    assert one(STUDY).has_results is None
    assert one(STUDY | {"hasResults": False}).has_results is False


def test_partial_record_holds_what_was_fetched():
    fetched = {"protocolSection": {"identificationModule": {"nctId": "NCT01234567"}}}
    assert one(fetched) == Record(
        trial_id="NCT01234567", source_id="S1", registry="ClinicalTrials.gov"
    )


def shapes():
    """Return the same two studies in every form a file can have."""
    a = json.dumps(STUDY)
    b = json.dumps(study(identificationModule__nctId="NCT00000002"))
    return {
        "list": f"[{a}, {b}]",
        "page": f'{{"totalCount": 2, "studies": [{a},{b}], "nextPageToken": "x"}}',
        "page, studies last": f'{{"nextPageToken": "x", "studies": [{a},{b}]}}',
        "lines": f"{a}\n{b}\n",
        "lines, none at the end": f"{a}\r\n{b}",
        "indented list": json.dumps([json.loads(a), json.loads(b)], indent=2),
        "one after the other": f"{a}{b}",
        "indented, one after the other": json.dumps(json.loads(a), indent=1)
        + "\n"
        + json.dumps(json.loads(b), indent=1),
        "pages, one per line": f'{{"studies":[{a}]}}\n{{"studies":[{b}]}}',
        "keys in another order": json.dumps(
            [{"derivedSection": {}, **json.loads(t)} for t in (a, b)]
        ),
    }


@pytest.mark.parametrize("form", list(shapes()))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_form_gives_the_same_records(form, encoding):
    data = shapes()[form].encode(encoding)
    assert sniff(data)
    records, excluded = read(data, "S1")
    assert [r.trial_id for r in records] == ["NCT01234567", "NCT00000002"]
    assert excluded == []
    assert records[0].arms == one(STUDY).arms


@pytest.mark.parametrize("form", list(shapes()))
@pytest.mark.parametrize("block", [64, 700, 3000])
def test_streaming_in_blocks_changes_nothing(form, block):
    data = shapes()[form].encode()
    assert list(stream(io.BytesIO(data), "S1", block=block)) == read(data, "S1")[0]


def boxed(value):
    """Return `value` as R's jsonlite writes it."""
    if isinstance(value, dict):
        return {k: boxed(v) for k, v in value.items()}
    if isinstance(value, list):
        return [boxed(v) for v in value]
    return [value]


def test_boxed_scalars_are_unboxed():
    assert one(boxed(STUDY)) == one(STUDY)


def test_nulls_are_absent_fields():
    record = one(study(designModule__phases=None, outcomesModule=None))
    assert (record.phase, record.outcomes, record.remarks) == (None, (), ())


@pytest.mark.parametrize(
    ("count", "enrollment"), [("55", 55), (55.0, 55), ([55], 55), (0, 0)]
)
def test_a_count_written_otherwise_is_still_the_count(count, enrollment):
    record = one(study(designModule__enrollmentInfo={"count": count}))
    assert (record.enrollment, record.remarks) == (enrollment, ())


@pytest.mark.parametrize("count", [-1, 10**30, 1.5, "many", {"n": 3}, True])
def test_a_count_that_is_none_is_remarked_on_and_costs_nothing_else(count):
    record = one(study(designModule__enrollmentInfo={"count": count}))
    assert record.enrollment is None
    path = "protocolSection.designModule.enrollmentInfo.count"
    assert [(r.field, r.value) for r in record.remarks] == [(path, repr(count))]
    assert record.arms == one(STUDY).arms


def test_not_a_number_is_read_around():
    data = json.dumps(study(designModule__enrollmentInfo={"count": float("nan")}))
    (record,), _ = read(data.encode(), "S1")
    assert record.enrollment is None
    assert record.remarks[0].value == "nan"


def test_a_date_that_is_none_is_remarked_on():
    record = one(study(statusModule__startDateStruct={"date": "soon"}))
    assert record.start_date is None
    assert record.remarks == (
        Remark(field="start_date", value="soon", note="not a date"),
    )


@pytest.mark.parametrize(
    ("broken", "name", "reason"),
    [
        ('{"protocolSection": {"identificationModule"', "study 2", "not valid JSON"),
        ('{"protocolSection": {}}', "study 2", "no nctId"),
        ('{"hasResults": true}', "study 2", "no protocolSection"),
        (
            '{"protocolSection": {"identificationModule": {"nctId": "X-1"}}}',
            "X-1",
            "'X-1' is not a registry id",
        ),
        *[(odd, "study 2", "not a JSON object") for odd in ("null", "5", '"x"', "[]")],
        ('{"protocolSection": ' + "[" * 99_999, "study 2", "nested too deeply"),
    ],
)
@pytest.mark.parametrize("glue", [("[", ",", "]"), ("", "\n", "")])
def test_one_broken_study_is_set_aside_and_the_rest_are_read(
    broken, name, reason, glue
):
    left, between, right = glue
    good = json.dumps(STUDY)
    data = left + between.join([good, broken, good]) + right
    records, (excluded,) = read(data.encode(), "S1")
    assert len(records) == 2
    assert (excluded.source_id, excluded.record) == ("S1", name)
    assert reason in excluded.reason


def test_a_file_cut_in_the_middle_gives_the_studies_before_the_cut():
    data = shapes()["page"].encode()
    records, (excluded,) = read(data[: len(data) - 400], "S1")
    assert [r.trial_id for r in records] == ["NCT01234567"]
    assert excluded.record == "NCT00000002"


@pytest.mark.parametrize(
    "data", [b"", b"NCT Number,Title", b"<a>", b'{"a": 1}', b"[1, 2]", b"\x00\x01"]
)
def test_other_content_is_not_taken_for_studies(data):
    assert not sniff(data)


def test_an_empty_answer_is_no_record_and_no_error():
    for data in (b'{"totalCount": 0, "studies": []}', b"[]"):
        assert sniff(data)
        assert read(data, "S1") == ([], [])


@pytest.mark.shared
def test_real_files_are_read_whole(shared):
    counts = {
        "ctgov_v2_api_page_1.json": 20,
        "ctgov_v2_api_page_2.json": 5,
        "ctgov_v2_website_list.json": 20,
        "ctgov_v2_every_scalar_boxed.json": 5,
    }
    for name, count in counts.items():
        records, excluded = read((shared / "records" / name).read_bytes(), name)
        assert (len(records), excluded) == (count, []), name
        assert all(record.remarks == () for record in records)
    lines = gzip.open(shared / "records/cell_therapy_ctgov.ndjson.gz").read()
    records, excluded = read(lines, "lines")
    assert (len(records), excluded) == (1177, [])


@pytest.mark.shared
def test_no_date_count_or_phase_of_600_real_studies_is_lost(shared):
    archive = zipfile.ZipFile(shared / "records/ctgov_v2_one_per_study.zip")
    for name in archive.namelist():
        data = archive.read(name)
        (record,), excluded = read(data, name)
        protocol = json.loads(data)["protocolSection"]
        status, design = protocol["statusModule"], protocol["designModule"]
        assert excluded == []
        assert record.remarks == ()
        for ours, theirs in (
            ("start_date", "startDateStruct"),
            ("primary_completion_date", "primaryCompletionDateStruct"),
            ("completion_date", "completionDateStruct"),
        ):
            date = getattr(record, ours) or PartialDate()
            stated = status.get(theirs, {})
            assert (date.date, date.type) == (stated.get("date"), stated.get("type"))
        enrollment = design.get("enrollmentInfo", {})
        assert record.enrollment == enrollment.get("count")
        assert record.enrollment_type == enrollment.get("type")
        assert record.phase == ("/".join(design.get("phases", [])) or None)
        arms = protocol.get("armsInterventionsModule", {})
        assert len(record.arms) == len(arms.get("armGroups", []))
        assert len(record.interventions) == len(arms.get("interventions", []))
    assert ctgov_json.SHAPE


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Alzheimer&#39;s Disease", "Alzheimer's Disease"),
        ("Alzheimer&Amp;#39;s, &quot;early&quot;", 'Alzheimer\'s, "early"'),
        (
            "ratio \\&amp;gt; 2, rate &#8805; 100&nbsp;bpm",
            "ratio \\> 2, rate ≥ 100 bpm",
        ),
        ("AT&T; R&D", "AT&T; R&D"),
    ],
)
def test_entities_of_html_are_read_as_their_signs(written, read):
    title = {"identificationModule__briefTitle": written}
    assert one(study(**title)).brief_title == read
