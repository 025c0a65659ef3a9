"""The registry mirror: every section, with labels and where they are lost."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit import read as sources
from trialkit.errors import TrialDataError
from trialkit.merge.arm_links import arm_links
from trialkit.read.pages import mirror as mirror_page
from trialkit.read.pages.text import page_of
from trialkit.record import (
    Arm,
    Identifier,
    Intervention,
    PartialDate,
    Record,
    Reference,
    RelatedTrial,
    Remark,
    Site,
    Sponsor,
    passages,
)

PAGES = Path(__file__).parents[2] / "data" / "pages"
LABELLED = (PAGES / "mirror.txt").read_text(encoding="utf-8")
LOST = (PAGES / "mirror_labels_lost.txt").read_text(encoding="utf-8")

VEIN = "Forty million patch cells through a vein of the arm."
RINSE = "A saline rinse follows."
REMARK = Remark(
    field="site_status",
    value="COMPLETED",
    note="a word at the end of the facility 'Blue River Hospital, Ward 4 Completed'; "
    "the site status is RECRUITING",
    basis="conflict",
)
RELATED = (
    RelatedTrial(
        related_id="NCT09911111",
        title="Autologous Marrow Cells Through the Portal Vein",
    ),
    RelatedTrial(related_id="NCT09922222", title="Donor Hepatocytes for Children"),
    RelatedTrial(related_id="NCT09933333", title="Cord Blood in Stroke"),
)


def of(text: str) -> Record:
    return mirror_page.read(page_of(text), "page")[0]


def labelled_record() -> Record:
    """Return what the labelled page says, every field of it."""
    return Record(
        trial_id="NCT09900010",
        source_id="page",
        registry="ClinicalTrials.gov",
        brief_title="Liver Patch Cells by Two Ways in End-Stage Liver Disease and "
        "Cirrhosis, Liver",
        identifiers=(
            Identifier(id="BR-2025-01", id_type="org_study_id"),
            Identifier(id="2025-500001-11", id_type="secondary_id"),
        ),
        overall_status="ACTIVE_NOT_RECRUITING",
        start_date=PartialDate(date="2025-03"),
        completion_date=PartialDate(date="2027-11-30"),
        last_updated_date="2026-02-11",
        has_results=False,
        study_type="INTERVENTIONAL",
        phase="PHASE1/PHASE2",
        allocation="RANDOMIZED",
        intervention_model="PARALLEL",
        primary_purpose="TREATMENT",
        masking="DOUBLE",
        who_masked=("PARTICIPANT", "OUTCOMES_ASSESSOR"),
        enrollment=1240,
        brief_summary="The trial compares two ways of giving patch cells. Questions: "
        f"{'•' * 16} or {'•' * 12}.\n\nIts second paragraph says nothing of veins.",
        conditions=("End-Stage Liver Disease", "Cirrhosis, Liver"),
        arms=(
            Arm(
                arm_label="Arm one",
                arm_type="EXPERIMENTAL",
                description="Patch cells through a vein of the arm",
                interventions=("Patch cells, vein", "Supportive care"),
            ),
            Arm(
                arm_label="Arm two",
                arm_type="EXPERIMENTAL",
                interventions=("Patch cells, artery", "Supportive care"),
            ),
            Arm(
                arm_label="Waiting list",
                arm_type="NO_INTERVENTION",
                description="No cells for half a year\n\nThen arm one is open to them.",
            ),
        ),
        interventions=(
            Intervention(
                intervention_type="BIOLOGICAL",
                name="Patch cells, vein",
                description=f"{VEIN}\n\nGiven once\n\n{RINSE}",
                other_names=("PATCH-V",),
                arm_labels=("Arm one",),
            ),
            Intervention(
                intervention_type="OTHER",
                name="Supportive care",
                description="Vitamins and rest",
                arm_labels=("Arm one", "Arm two"),
            ),
            Intervention(
                intervention_type="BIOLOGICAL",
                name="Patch cells, artery",
                arm_labels=("Arm two",),
            ),
        ),
        eligibility_criteria="Inclusion Criteria\n\n1. Cirrhosis of any cause; "
        "autologous cells allowed before\n\nExclusion Criteria\n\n1. Portal vein "
        "thrombosis",
        sex="FEMALE",
        minimum_age="6 Months",
        maximum_age="75 Years",
        healthy_volunteers=True,
        sponsors=(
            Sponsor(name="Blue River University", sponsor_class="OTHER"),
            Sponsor(
                name="Patchworks Ltd", sponsor_class="INDUSTRY", role="collaborator"
            ),
        ),
        responsible_party_type="SPONSOR_INVESTIGATOR",
        sites=(
            Site(
                facility="Blue River Hospital, Ward 4 Completed",
                city="Springfield",
                state="Illinois",
                zip="62701",
                country="United States",
                site_status="RECRUITING",
            ),
            Site(facility="Lake Clinic", city="Lyon", country="France"),
        ),
        countries=("United States", "France"),
        references=(
            Reference(
                pmid="12345678",
                reference_type="BACKGROUND",
                citation="Placeholder A. Autologous marrow cells through the hepatic "
                f"artery. J Nothing. 2019;1:1-2. Electronic address: {'•' * 15}.",
            ),
            Reference(
                reference_type="RESULT",
                citation="Placeholder B. A page without a number. 2020.",
            ),
        ),
        related_trials=RELATED,
        remarks=(REMARK,),
    )


def test_a_labelled_page_fills_every_field(as_html):
    text, html = of(LABELLED), of(as_html(LABELLED))

    expected = labelled_record()
    expected.page_passages = text.page_passages
    assert text == expected
    expected.page_passages = html.page_passages
    flat = msgspec.json.encode(expected).replace(rb"\n\n", rb"\n")
    assert html == msgspec.json.decode(flat, type=Record)


def test_the_same_page_without_labels_says_the_same_by_place():
    record = of(LOST)

    expected = labelled_record()
    stated = {"phase", "enrollment", "study_type"}
    single = "overall_status start_date completion_date allocation intervention_model "
    single += "primary_purpose masking minimum_age maximum_age sex healthy_volunteers"
    for field in [*single.split(), *stated, "sponsors", "identifiers", "who_masked"]:
        assert getattr(record, field) == getattr(expected, field)
    assert record.conditions == ("End-Stage Liver Disease", "Cirrhosis, Liver")
    assert record.basis == {
        **dict.fromkeys(single.split(), "positional"),
        "arms": "positional",
        "interventions": "positional",
        "conditions": "derived",
    }
    assert record.related_trials == RELATED
    assert record.countries == ("United States", "France")
    assert [(s.facility, s.city, s.site_status) for s in record.sites] == [
        ("Blue River Hospital, Ward 4 Completed", "Springfield", None),
        ("Lake Clinic", "Lyon", None),
    ]
    assert record.responsible_party_type is None


def test_arms_and_interventions_without_labels():
    record = of(LOST)

    assert [(a.arm_label, a.description, a.interventions) for a in record.arms] == [
        (
            "Arm one",
            "Patch cells through a vein of the arm",
            ("Patch cells, vein", "Supportive care"),
        ),
        ("Arm two", None, ("Patch cells, artery", "Supportive care")),
        (
            "Waiting list",
            "No cells for half a year\nThen arm one is open to them.",
            (),
        ),
    ]
    assert [(i.name, i.description, i.arm_labels) for i in record.interventions] == [
        ("Patch cells, vein", f"{VEIN}\n{RINSE}", ("Arm one",)),
        ("Supportive care", "Vitamins and rest", ("Arm one", "Arm two")),
        ("Patch cells, artery", None, ("Arm two",)),
    ]
    assert record.interventions[0].other_names == ("PATCH-V",)


def test_html_with_tables_lists_and_inline_labels():
    text = (PAGES / "mirror.html").read_text(encoding="utf-8")
    record, facts = mirror_page.read(page_of(text), "page")

    assert record.trial_id == "NCT09900012"
    assert facts.site == "example-mirror.org"
    assert facts.source_date == "2026-01-05"
    assert record.brief_title == "Islet‑like Cells & Liver Failure"
    assert (record.overall_status, record.phase) == ("SUSPENDED", None)
    assert (record.enrollment, record.enrollment_type) == (8, "ESTIMATED")
    assert record.completion_date == PartialDate(date="2029")
    assert record.conditions == ("Acute Liver Failure", "Stroke")
    assert (record.allocation, record.masking) == ("NON_RANDOMIZED", "NONE")
    assert record.brief_summary == (
        "First paragraph with 64Cu\nand a second line.\nThen a third <script>."
    )
    assert record.eligibility_criteria == "Adults\nConsent"
    assert record.arms[0].interventions == ("Islet-like cells",)
    assert record.interventions[0].intervention_type == "COMBINATION_PRODUCT"
    assert record.sites == (Site(facility='Ward "A"', city="Ghent", country="Belgium"),)
    assert record.basis == {}
    assert "Placeholder" not in repr(record)


def test_passages_know_their_arm_intervention_and_offset():
    record = of(LABELLED)
    page = page_of(LABELLED)

    for passage in record.page_passages:
        end = passage.start + len(passage.text)
        assert page.text[passage.start : end] == passage.text
        if passage.arm is not None and passage.section.startswith("arm"):
            arm = record.arms[passage.arm]
            assert passage.text in (arm.arm_label, arm.description)
        if passage.intervention is not None:
            item = record.interventions[passage.intervention]
            assert passage.text in (item.name, item.description, *item.other_names)
    sections = [(p.section, p.arm, p.intervention) for p in record.page_passages]
    assert ("intervention_description", 1, 1) in sections
    assert ("intervention_description", None, 0) in sections
    assert ("arm_label", 2, None) in sections


def test_nothing_but_label_sections_can_support_a_label():
    text = " ".join(passage.text.lower() for passage in passages(of(LABELLED)))

    for word in ("autologous", "portal", "hepatic artery", "cord blood", "university"):
        assert word not in text


@pytest.mark.parametrize("text", [LABELLED, LOST])
def test_contact_persons_and_officials_are_dropped(text):
    record = repr(of(text).__class__) + repr(of(text))

    for word in ("Ada", "Bob", "Head of Nothing", "0200", "18900000000", "@"):
        assert word not in record


def test_the_pages_own_id_is_the_one_after_nct_id():
    others = "NCT01111111\nNCT ID in a sentence: none\n"
    assert of(others + LABELLED).trial_id == "NCT09900010"


@pytest.mark.parametrize("text", ["NCT ID: ", "NCT ID: NCT123", "Number: NCT09900010"])
def test_a_page_without_its_own_id_is_an_error(text):
    with pytest.raises(TrialDataError, match="without an id"):
        of(LABELLED.replace("NCT ID: NCT09900010", text))


def test_a_heading_in_the_records_own_text_ends_no_section():
    text = LABELLED.replace(
        "Its second paragraph", "Conditions\n\nInterventions\n\nIts second paragraph"
    )

    record = of(text)

    assert record.brief_summary is not None
    assert record.brief_summary.endswith("says nothing of veins.")
    assert "Conditions\n\nInterventions" in record.brief_summary
    assert len(record.interventions) == 3


@pytest.mark.parametrize(
    ("said", "has_results"),
    [
        ("Results available\n\nSee the tables below.", True),
        ("Results pending", False),
        ("Ask the sponsor", None),
    ],
)
def test_the_state_of_results(said, has_results):
    start, end = LABELLED.index("Results pending"), LABELLED.index("Basic Information")

    assert of(LABELLED[:start] + said + "\n\n" + LABELLED[end:]).has_results is (
        has_results
    )


def test_one_date_or_age_without_its_label_is_not_guessed():
    text = LOST.replace("2025-03\n", "").replace("6 Months\n", "")

    record = of(text)

    assert record.start_date is record.completion_date is None
    assert record.minimum_age is record.maximum_age is None
    said = {(r.field, r.value) for r in record.remarks}
    assert {("start_date", "2027-11-30"), ("minimum_age", "75 Years")} <= said


def test_dates_and_ages_without_labels_are_told_by_order():
    text = LOST.replace("2025-03\n2027-11-30", "2027-11-30\n2026-01\n2025-03")

    record = of(text.replace("6 Months\n75 Years", "75 Years\n6 Months"))

    assert record.start_date == PartialDate(date="2025-03")
    assert record.primary_completion_date == PartialDate(date="2026-01")
    assert record.completion_date == PartialDate(date="2027-11-30")
    assert (record.minimum_age, record.maximum_age) == ("6 Months", "75 Years")


def test_an_unknown_value_is_remarked_on_and_an_empty_one_is_missing():
    text = LABELLED.replace("Active, not recruiting", "ON_HOLD_AGAIN")
    text = text.replace("\nRANDOMIZED\n", "\n")

    record = of(text)

    assert record.overall_status is None
    assert record.allocation is None
    assert record.intervention_model == "PARALLEL"
    assert (
        Remark(field="overall_status", value="ON_HOLD_AGAIN", note="not a known value")
        in record.remarks
    )


def test_two_interventions_of_one_name_are_told_apart_by_their_type():
    twin = "Patch cells, vein\n\nIntervention Type PROCEDURE"
    text = LABELLED.replace("Patch cells, artery\n\nIntervention Type BIOLOGICAL", twin)
    record = of(text)
    assert [item.arm_labels for item in record.interventions] == [
        ("Arm one",),
        ("Arm one", "Arm two"),
        ("Arm two",),
    ]
    assert arm_links(record).pairs == [(0, 0), (0, 1), (1, 1), (1, 2)]


def test_empty_sections_are_missing_and_the_title_gives_the_conditions():
    text = LABELLED.replace("\nEnd-Stage Liver Disease Cirrhosis, Liver\n", "\n")
    text = text.replace("United States\n\nFrance\n\n", "")

    record = of(text)

    assert record.detailed_description is None
    assert record.conditions == ("End-Stage Liver Disease", "Cirrhosis, Liver")
    assert record.basis == {"conditions": "derived"}
    assert record.countries == ("United States", "France")


def test_keywords_are_kept_one_a_line():
    text = LABELLED.replace(
        "Study Design\n",
        "Keywords\n\nExplore important words.\n\nPatch\n\nStudy Design\n",
    )

    assert of(text).keywords == ("Patch",)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("Study Results", "ends in its head"),
        ("Intervention Type OTHER", "ends in 'Study Groups'"),
        ("Eligibility Criteria", "ends in 'Interventions'"),
        ("Other Identifiers", "ends in 'References'"),
    ],
)
def test_a_page_that_is_cut_says_where(until, last):
    record = of(LABELLED[: LABELLED.index(until)])

    assert (
        Remark(
            field="page", value=last, note="the page is cut: what follows is not known"
        )
        in record.remarks
    )


def test_arms_are_told_apart_where_the_interventions_are_cut_off():
    record = of(LABELLED[: LABELLED.index("Interventions\n")])

    assert [arm.arm_label for arm in record.arms] == [
        "Arm one",
        "Arm two",
        "Waiting list",
    ]
    assert {item.name for item in record.interventions} == {
        "Patch cells, vein",
        "Patch cells, artery",
        "Supportive care",
    }


@given(st.integers(0, len(LABELLED)), st.sampled_from([LABELLED, LOST]))
def test_a_page_cut_anywhere_is_read_or_has_no_id(size, text):
    page = page_of(text[:size])
    try:
        record = mirror_page.read(page, "page")[0]
    except TrialDataError:
        assert not re.search(r"NCT ID: NCT\d{8}", text[:size])
        return
    assert record.trial_id in ("NCT09900010", "NCT09900011")
    for passage in record.page_passages:
        end = passage.start + len(passage.text)
        assert page.text[passage.start : end] == passage.text


@given(st.data())
def test_lines_in_any_order_never_break_the_reader(data):
    lines = LABELLED.split("\n")
    head, rest = lines[:5], lines[5:]
    drop = data.draw(st.sets(st.integers(0, len(rest) - 1), max_size=120))
    kept = [line for index, line in enumerate(rest) if index not in drop]
    extra = data.draw(st.lists(st.sampled_from(rest), max_size=10))

    record = of("\n".join(head + extra + kept))

    assert record.trial_id == "NCT09900010"


def test_a_page_cut_in_its_head_is_still_a_page(tmp_path):
    (tmp_path / "a.txt").write_text(LABELLED[: LABELLED.index("Study Results")])

    record = sources.read(tmp_path).records[0]

    assert record.trial_id == "NCT09900010"
    assert record.last_updated_date == "2026-02-11"
    assert [r.value for r in record.remarks] == ["ends in its head"]


def test_the_dispatch_tells_both_layouts_apart(tmp_path):
    (tmp_path / "a.txt").write_text(LABELLED, encoding="utf-8")
    (tmp_path / "b.txt").write_text(LOST, encoding="utf-8")

    found = sources.read(tmp_path)

    assert [(s.kind, s.shape) for s in found.sources] == [
        ("mirror", "mirror_page"),
        ("mirror", "mirror_page_labels_lost"),
    ]
