"""The plain-language page: what it may fill, and what it must never become."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialkit import read as sources
from trialkit.record import LaySummary, Record, Remark, Site, passages

PAGES = Path(__file__).parents[2] / "data" / "pages"
FLAT = (PAGES / "lay_flat.txt").read_text(encoding="utf-8")
SPACED = (PAGES / "lay_spaced.txt").read_text(encoding="utf-8")


@pytest.fixture(params=["txt", "html"])
def read(request, tmp_path, as_html):
    """Return what reads a page from a .txt, and from the .html of the same page."""

    def reader(text: str) -> Record:
        path = tmp_path / f"page.{request.param}"
        path.write_text(as_html(text) if request.param == "html" else text, "utf-8")
        collected = sources.read(path)
        assert collected.excluded == []
        assert collected.sources[0].shape == "lay_page"
        assert collected.sources[0].kind == "lay"
        return collected.records[0]

    return reader


def test_a_flat_page_fills_lay_fields_and_nothing_of_the_registry(read):
    record = read(FLAT)

    summary = FLAT.splitlines()[4]
    assert record == Record(
        trial_id="NCT09900001",
        source_id=record.source_id,
        registry="ClinicalTrials.gov",
        basis=dict.fromkeys(("phase", "enrollment", "conditions"), "stated-lay"),
        phase="PHASE1",
        enrollment=32,
        conditions=("small-for-size graft",),
        sites=(
            Site(
                facility="First Hospital, Made-up University",
                city="Harbin",
                zip="150001",
                country="China",
            ),
        ),
        countries=("China",),
        lay=LaySummary(
            headline="Liver cell patch moves into a first small trial",
            summary=summary,
            active_substance=FLAT.splitlines()[8],
            could_lead_to=FLAT.splitlines()[10],
            could_go_wrong="It is a very early (Phase 1) trial with just 32 people. "
            f"Questions go to {'•' * 22} or {'•' * 17}.",
            first_seen_date="2026-03-03",
            last_updated_date="2026-04-12",
        ),
        page_passages=record.page_passages,
    )
    assert [p.section for p in record.page_passages] == [
        "lay_summary",
        "active_substance",
        "lay_could_go_wrong",
    ]


def test_speculation_and_headline_can_never_support_a_label(read):
    text = " ".join(passage.text for passage in passages(read(FLAT)))

    assert "intravenous" not in text
    assert "patch moves" not in text


def test_the_topic_of_the_alert_is_no_condition(read):
    assert "acute liver failure" not in str(read(FLAT)).lower()


def test_a_spaced_page_with_bullets_sites_and_conditions_on_one_line(read):
    record = read(SPACED)

    assert record.conditions == ("acute liver failure", "liver failure")
    assert (record.enrollment, record.phase) == (10, "PHASE1")
    riverside = Site(
        facility="Riverside Hospital",
        city="Wuhan",
        state="Hubei",
        zip="430000",
        country="China",
        site_status="RECRUITING",
    )
    hilltop = Site(
        facility="Hilltop Clinic",
        city="Lyon",
        country="France",
        site_status="NOT_YET_RECRUITING",
    )
    assert record.sites == (riverside, hilltop)
    assert record.countries == ("China", "France")


def test_the_status_of_a_site_is_not_the_status_of_the_trial(read):
    assert read(SPACED).overall_status is None


def test_contacts_are_dropped(read):
    text = repr(read(SPACED))

    assert "Placeholder" not in text
    assert "555" not in text
    assert "@" not in text


def test_the_registrants_own_terms_count_once(read):
    line = "The condition terms exactly as they were typed.\n"
    record = read(SPACED.replace(line, f"{line}\nLiver Failure\n\nStroke\n"))

    assert record.conditions == ("acute liver failure", "liver failure", "Stroke")


def test_numbers_that_disagree_are_remarked_on_and_not_taken(read):
    record = read(SPACED.replace("only 10 people", "only 14 people"))

    assert record.enrollment is None
    assert [(r.field, r.value) for r in record.remarks] == [("enrollment", "10 / 14")]


def test_the_id_may_stand_on_the_line_after_its_label(read):
    record = read(FLAT.replace("NCT ID NCT09900001", "NCT ID\nnct09900001"))

    assert record.trial_id == "NCT09900001"
    assert record.lay is not None
    assert record.lay.headline == "Liver cell patch moves into a first small trial"


def test_a_page_that_is_cut_is_read_as_far_as_it_goes_and_says_so(read):
    record = read(FLAT[: FLAT.index("Disclaimer")])

    assert record.enrollment == 32
    assert record.sites == ()
    assert record.remarks == (
        Remark(
            field="page",
            value="ends in 'What could go wrong'",
            note="the page is cut: what follows is not known",
        ),
    )


def test_the_sites_dates_may_stand_on_lines_of_their_own(read):
    record = read(FLAT.replace(" · Last updated Apr 12", "\nLast updated: 12 April"))

    assert record.lay is not None
    assert record.lay.first_seen_date == "2026-03-03"
    assert record.lay.last_updated_date == "2026-04-12"


def test_a_page_cut_in_its_summary_is_still_a_page(read):
    record = read(FLAT[: FLAT.index(" is tolerated")])

    assert record.lay is not None
    assert record.lay.summary == (
        "A first-in-human trial asks whether a shot of liver-like cells into the thigh "
        "muscle"
    )
    assert record.remarks[0].value == "ends in 'Summary'"


def test_a_page_without_its_own_dates_has_none(read):
    record = read("\n".join(FLAT.splitlines()[:2] + FLAT.splitlines()[3:]))

    assert record.lay is not None
    assert record.lay.first_seen_date is None
    assert record.lay.last_updated_date is None
