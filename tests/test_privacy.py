"""What is masked in a text that is kept, and what must not be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.privacy import (
    MASK,
    PART_FIELDS,
    TEXT_FIELDS,
    mask_contacts,
    without_contacts,
)
from trialkit.record import Arm, Intervention, Link, Outcome, Record, Reference, Site


@pytest.mark.parametrize(
    ("before", "contact", "after"),
    [
        ("write to ", "ada.place-holder+x@mail.example.org", ", please"),
        ("", "ada@example.org", ""),
        ("call ", "+86 139 1234 5678", " today"),
        ("(", "+44 (0)20 7946 0000", ")"),
        ("phone 24 h: ", "0086-10-12345678", "."),
        ("or ", "(555) 123-4567", "."),
        ("or ", "1-877-555-4559", ","),
        ("or ", "555-123-4567", " ext. 3"),
        ("WeChat ", "13912345678", "。"),
        ("微信 ", "１３９１２３４５６７８", "。"),
        ("Tel: ", "021 6437 0045", ""),
        ("Fax no. ", "33 1 42 34 56 78", ""),
        ("please call us at ", "64370045", "."),
        ("+86\n", "13912345678", "\n2"),
    ],
)
def test_contacts_are_masked_and_the_words_around_them_stay(before, contact, after):
    masked = mask_contacts(before + contact + after)

    assert masked == before + MASK * len(contact) + after


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-01 to 2026-06-30",
        "NCT06904755, ChiCTR2000029953, EudraCT 2014-004349-29, BFH20251124001",
        "1.67 × 10\\^8 cells/kg, 200 000 000 cells, 1x106, 5*10^7",
        "TBil ≥ 171 μmol/L; PTA 20-40 % (INR 1.5-2.6); age 18-80",
        "doi: 10.1016/0002-9343(92)90113-p. PMID: 19654548",
        "Lancet 2014;120(10):1453-61",
        "EC 1.14.13.39, CAS 50-00-0, ISBN 978-3-16-148410-0",
        "mobile phase 10 20 30; call 3 times; faxed in 2019",
        "patients @ 4 weeks; p@ss",
    ],
)
def test_numbers_that_are_no_telephone_stay(text):
    assert mask_contacts(text) == text


@given(st.text(alphabet="a1@.+- ()\n:tel", max_size=80))
def test_the_length_never_changes_and_masking_twice_changes_nothing(text):
    masked = mask_contacts(text)

    assert len(masked) == len(text)
    assert masked.count("\n") == text.count("\n")
    assert mask_contacts(masked) == masked


@pytest.mark.parametrize("unit", ["a", "1 ", "a@", "+1 ", "tel 1", "1-", "(1"])
def test_hostile_text_takes_no_time(unit):
    started = time.process_time()

    mask_contacts(unit * 50_000)

    assert time.process_time() - started < 2


def test_every_free_text_of_a_record_is_masked_and_the_rest_stays():
    call = "Call 555-123-4567"
    dots = f"Call {MASK * 12}"
    record = Record(
        trial_id="NCT09900001",
        brief_title=call,
        official_title="Plain",
        why_stopped=call,
        brief_summary=call,
        detailed_description=call,
        eligibility_criteria=call,
        arms=(Arm(arm_label="A", description=call), Arm(arm_label="B")),
        interventions=(Intervention(name="Cells", description=call),),
        outcomes=(Outcome(measure=call, time_frame="4 weeks"),),
        sites=(Site(facility=call, city="Oslo"),),
        references=(Reference(citation="Ask a@b.org. 2019;1:555-123-4567."),),
        links=(Link(label=call, url="https://x.org/5551234567?to=a@b.org"),),
    )

    assert without_contacts(record) == Record(
        trial_id="NCT09900001",
        brief_title=dots,
        official_title="Plain",
        why_stopped=dots,
        brief_summary=dots,
        detailed_description=dots,
        eligibility_criteria=dots,
        arms=(Arm(arm_label="A", description=dots), Arm(arm_label="B")),
        interventions=(Intervention(name="Cells", description=dots),),
        outcomes=(Outcome(measure=dots, time_frame="4 weeks"),),
        sites=(Site(facility=dots, city="Oslo"),),
        references=(Reference(citation=f"Ask {MASK * 7}. 2019;1:{MASK * 12}."),),
        links=(Link(label=dots, url=f"https://x.org/5551234567?to={MASK * 7}"),),
    )


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_a_contact_in_any_one_text_is_masked(field):
    record = Record(trial_id="NCT09900001")
    setattr(record, field, "Call 555-123-4567")

    assert getattr(without_contacts(record), field) == f"Call {MASK * 12}"


@pytest.mark.parametrize(
    ("field", "name"),
    [(field, name) for field, names in PART_FIELDS.items() for name in names],
)
def test_a_contact_in_any_one_text_of_a_part_is_masked(field, name):
    kind = {
        "arms": Arm,
        "interventions": Intervention,
        "outcomes": Outcome,
        "sites": Site,
        "links": Link,
    }[field]
    record = Record(trial_id="NCT09900001")
    setattr(record, field, (kind(), kind(**{name: "Call 555-123-4567"})))

    masked = getattr(without_contacts(record), field)
    assert masked == (kind(), kind(**{name: f"Call {MASK * 12}"}))


def test_a_record_without_contacts_is_left_alone():
    record = Record(
        trial_id="NCT09900001",
        brief_summary="12 patients in 2025",
        references=(Reference(citation="J Nothing. 2019; PMID 12345678"),),
    )
    arms = record.arms

    assert without_contacts(record) is record
    assert record.arms is arms
    assert record.brief_summary == "12 patients in 2025"
    assert without_contacts(Record(trial_id="x")) == Record(trial_id="x")
