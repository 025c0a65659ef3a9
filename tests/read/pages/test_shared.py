"""The real pages: what they say of fields is read as the labelled answers have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trialkit import read as sources
from trialkit.read.pages.text import page_of
from trialkit.record import Record, passages

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module", params=["txt", "html"])
def pages(shared: Path, as_html, request, tmp_path_factory) -> dict[str, Record]:
    """Return the Records of the five pages by the number their file begins with."""
    folder = shared / "seeds"
    if request.param == "html":
        made = tmp_path_factory.mktemp("html")
        for path in folder.glob("*.txt"):
            page = as_html(path.read_text(encoding="utf-8"))
            (made / path.with_suffix(".html").name).write_text(page, encoding="utf-8")
        folder = made
    found = sources.read(folder)
    assert found.excluded == []
    assert {s.site for s in found.sources} == {"curemydisease.com", "meddatax.com"}
    names = {s.source_id: Path(s.path).name[:3] for s in found.sources}
    return {names[record.source_id]: record for record in found.records}


LIVER_FAILURE_TITLE = (
    "Safety and Effectiveness of Mesenchymal Stem Cells in Blood Purification for the "
    "Treatment of Liver Failure"
)
#: Fields by page; a field that is not listed must be missing.
EXPECTED: dict[str, dict[str, Any]] = {
    "000": {
        "trial_id": "NCT07276568",
        "phase": "PHASE1",
        "enrollment": 12,
        "conditions": ("Small-for-Size syndrome",),
        "countries": ("China",),
    },
    "001": {
        "trial_id": "NCT06904755",
        "phase": "PHASE1",
        "enrollment": 10,
        "conditions": ("acute liver failure", "liver failure"),
        "countries": ("China",),
    },
    "002": {
        "trial_id": "NCT07312864",
        "brief_title": "Safety and Tolerability Study of a Novel Bioartificial Liver "
        "in Liver Failure and Small-for-Size Syndrome",
        "overall_status": "RECRUITING",
        "start_date": "2025-12-01",
        "completion_date": "2028-12-31",
        "last_updated_date": "2025-12-31",
        "has_results": False,
        "study_type": "INTERVENTIONAL",
        "phase": "PHASE1/PHASE2",
        "enrollment": 12,
        "allocation": "NA",
        "intervention_model": "SINGLE_GROUP",
        "primary_purpose": "TREATMENT",
        "masking": "NONE",
        "conditions": ("Liver Failure", "Small-for-Size Syndrome"),
        "sex": "ALL",
        "healthy_volunteers": False,
        "responsible_party_type": "PRINCIPAL_INVESTIGATOR",
        "countries": ("China",),
    },
    "003": {
        "trial_id": "NCT06904755",
        "brief_title": LIVER_FAILURE_TITLE,
        "overall_status": "RECRUITING",
        "start_date": "2024-04-23",
        "completion_date": "2026-12-30",
        "last_updated_date": "2025-04-01",
        "has_results": False,
        "study_type": "INTERVENTIONAL",
        "phase": "PHASE1",
        "enrollment": 10,
        "allocation": "NA",
        "intervention_model": "SINGLE_GROUP",
        "primary_purpose": "TREATMENT",
        "masking": "NONE",
        "conditions": ("Liver Failure",),
        "sex": "ALL",
        "minimum_age": "18 Years",
        "maximum_age": "65 Years",
        "healthy_volunteers": False,
        "countries": ("China",),
    },
    "004": {
        "trial_id": "NCT06984497",
        "brief_title": "Human Umbilical Cord-mesenchymal Stem Cells Via Different "
        "Transplantation Routes in ESLD",
        "overall_status": "NOT_YET_RECRUITING",
        "start_date": "2025-09-30",
        "completion_date": "2027-12-31",
        "last_updated_date": "2025-08-24",
        "has_results": False,
        "study_type": "INTERVENTIONAL",
        "phase": "NA",
        "enrollment": 32,
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "primary_purpose": "TREATMENT",
        "masking": "SINGLE",
        "who_masked": ("PARTICIPANT",),
        "conditions": ("End-Stage Liver Diseases",),
        "sex": "ALL",
        "minimum_age": "18 Years",
        "maximum_age": "80 Years",
        "healthy_volunteers": False,
        "responsible_party_type": "PRINCIPAL_INVESTIGATOR",
        "countries": ("China",),
    },
}
SCALARS = sorted({name for page in EXPECTED.values() for name in page})


def flat(record: Record) -> dict[str, Any]:
    """Return the single-valued fields that a record states."""
    values = {name: getattr(record, name) for name in SCALARS}
    for name, value in values.items():
        values[name] = getattr(value, "date", value)
    return {name: v for name, v in values.items() if v not in (None, ())}


@pytest.mark.parametrize("number", EXPECTED)
def test_single_values_come_out_right_and_no_others(pages, number):
    assert flat(pages[number]) == EXPECTED[number]


def test_how_a_value_was_read_is_told(pages):
    by_place = {name: "positional" for name in EXPECTED["003"]} | {
        "arms": "positional",
        "interventions": "positional",
        "conditions": "derived",
    }
    stated = "trial_id brief_title last_updated_date has_results study_type phase"
    for name in [*stated.split(), "enrollment", "countries"]:
        del by_place[name]

    assert pages["003"].basis == by_place
    assert pages["002"].basis == pages["004"].basis == {}
    lay = dict.fromkeys(["phase", "enrollment", "conditions"], "stated-lay")
    assert pages["000"].basis == pages["001"].basis == lay


def test_sites_keep_what_is_stated_and_no_placeholder(pages):
    sites = {
        number: [
            (s.facility, s.city, s.state, s.zip, s.country, s.site_status)
            for s in record.sites
        ]
        for number, record in pages.items()
    }
    beijing = "Beijing Friendship Hospital"
    command = "General Hospital of Northern Theater Command Recruiting"
    zhujiang = ("Zhujiang hospital", "Guangzhou", "Guangdong")
    capital = f"{beijing}, Capital Medical University"
    assert sites == {
        "000": [(capital, "Beijing", None, "100050", "China", None)],
        "001": [(*zhujiang, "510000", "China", "RECRUITING")],
        "002": [(beijing, "Beijing", None, None, "China", "RECRUITING")],
        "003": [(*zhujiang, None, "China", None)],
        "004": [(command, "Shenyang", "Liaoning", None, "China", None)],
    }


def test_a_status_word_in_a_facility_is_remarked_on_and_not_taken(pages):
    said = {n: [(r.field, r.value) for r in rec.remarks] for n, rec in pages.items()}

    assert said.pop("004") == [("site_status", "RECRUITING")]
    assert set(map(tuple, said.values())) == {()}


def test_sponsors_ids_related_trials_and_references(pages):
    sponsors = {
        number: [(s.name, s.sponsor_class, s.role) for s in record.sponsors]
        for number, record in pages.items()
    }
    assert sponsors == {
        "000": [],
        "001": [],
        "002": [("Beijing Friendship Hospital", "OTHER", "lead")],
        "003": [("Kebo Zhong", "OTHER", "lead")],
        "004": [("General Hospital of Shenyang Military Region", "OTHER", "lead")],
    }
    ids = [[(i.id, i.id_type) for i in pages[n].identifiers] for n in EXPECTED]
    assert ids == [
        [],
        [],
        [("BFH20251124001", "org_study_id")],
        [("Zhujiang Hospital", "org_study_id")],
        [("XHNKKY-DRSC", "org_study_id")],
    ]
    related = [trial.related_id for trial in pages["003"].related_trials]
    assert (
        related == "NCT01483248 NCT03626090 NCT00420134 NCT06740149 NCT01233102".split()
    )
    references = [(r.pmid, r.reference_type) for r in pages["004"].references]
    assert references == [("19654548", "BACKGROUND"), ("32977828", "BACKGROUND")]


def test_arms_and_interventions_are_linked(pages):
    arms = {
        number: [(a.arm_label, a.arm_type, len(a.interventions)) for a in record.arms]
        for number, record in pages.items()
    }
    blood = "Blood purification with mesenchymal stem cells therapy group"
    assert arms == {
        "000": [],
        "001": [],
        "002": [("CiPS-BAL", "EXPERIMENTAL", 1)],
        "003": [(blood, None, 1)],
        "004": [
            ("Peripheral veins infusion group", "EXPERIMENTAL", 1),
            ("Hepatic arterial infusion group", "EXPERIMENTAL", 1),
        ],
    }
    for record in pages.values():
        names = [item.name for item in record.interventions]
        assert {name for arm in record.arms for name in arm.interventions} == set(names)
        assert all(
            item.description and item.arm_labels for item in record.interventions
        )
    kinds = [
        i.intervention_type
        for n in ("002", "003", "004")
        for i in pages[n].interventions
    ]
    assert kinds == ["BIOLOGICAL", None, "OTHER", "OTHER"]


def test_lay_dates_and_headline_stay_apart(pages):
    for number in ("000", "001"):
        lay = pages[number].lay
        assert lay is not None
        assert (lay.first_seen_date, lay.last_updated_date) == ("2026-06-27",) * 2
        assert lay.headline is not None
        assert lay.headline.startswith("Stem cell")
    assert pages["002"].lay is None


def test_contacts_and_names_are_nowhere_in_a_record(pages):
    for record in pages.values():
        text = repr(record)
        for word in ("Wan-Ting", "13699189579", "18909881019", "Beilei", "Xingshun"):
            assert word not in text
        assert "Li-Ying" not in text
        assert "[email" not in text


def test_every_quote_of_the_answers_stands_in_a_passage_at_its_offset(shared):
    answers = json.loads((shared / "gold" / "seeds.json").read_text(encoding="utf-8"))
    records = {
        Path(s.path).name: r for s, r in _by_source(sources.read(shared / "seeds"))
    }
    axes = ("route", "cell_type", "cell_source", "cells_enter_body", "dose", "session")
    seen = 0
    for trial in answers:
        for label in trial["labels"]:
            if not label["field"].startswith(axes):
                continue
            for quote in label["evidence"]:
                where = [
                    passage
                    for passage in passages(records[quote["doc"]])
                    if passage.start <= quote["start"]
                    and quote["end"] <= passage.start + len(passage.text)
                ]
                assert where, (quote["doc"], quote["quote"])
                start = quote["start"] - where[0].start
                end = quote["end"] - where[0].start
                assert where[0].text[start:end] == quote["quote"]
                seen += 1
    assert seen > 20


def test_passages_are_verbatim_slices_of_the_page_as_loaded(shared):
    for source, record in _by_source(sources.read(shared / "seeds")):
        text = Path(source.path).read_bytes().decode("utf-8")
        assert page_of(text).text.count("\n") == text.count("\n")
        for passage in record.page_passages:
            end = passage.start + len(passage.text)
            assert text[passage.start : end] == passage.text


def _by_source(collected: sources.Collected):
    return zip(collected.sources, collected.records, strict=True)


LABELS = {
    "recruitment status",
    "clinical phase",
    "total enrollment",
    "study classification",
    "study start date",
    "study completion date",
    "allocation method",
    "intervention model",
    "primary study purpose",
    "blinding strategy",
    "minimum eligible age",
    "maximum eligible age",
    "eligible sex",
    "accepts healthy volunteers",
}
LABELS_IN_LINES = ("Group Type", "Intervention Type", "Sponsor Role", "Site Status")


@pytest.mark.parametrize("number", ["002", "004"])
def test_a_labelled_page_reads_the_same_when_its_labels_are_lost(
    shared, tmp_path, number
):
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [
        line
        for line in lines
        if line and line.lower() not in LABELS and not line.startswith(LABELS_IN_LINES)
    ]
    (tmp_path / "page.txt").write_text("\n".join(kept), encoding="utf-8")
    whole, lost = (sources.read(p).records[0] for p in (path, tmp_path))

    assert flat(lost) == flat(whole)
    assert [i.name for i in lost.interventions] == [i.name for i in whole.interventions]
    assert [(a.arm_label, a.interventions) for a in lost.arms] == [
        (a.arm_label, a.interventions) for a in whole.arms
    ]
    assert lost.sponsors == whole.sponsors
    assert [s.facility for s in lost.sites] == [s.facility for s in whole.sites]
