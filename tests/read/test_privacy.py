"""Every text of a record is masked, whatever its field, and links stay links."""

from __future__ import annotations

import msgspec
import pytest

from tests.every_text import filled, with_text
from trialkit.merge.arm_links import arm_links
from trialkit.read.contacts import MASK
from trialkit.read.privacy import row_without_contacts, without_contacts
from trialkit.record import (
    Arm,
    Excluded,
    Intervention,
    Link,
    Record,
    Reference,
    Site,
    Source,
)

CALL, DOTS = "Call +86 571 8723 6558", f"Call {MASK * 17}"
PATHS = [path for path, _ in filled(Record) if path[-1] != "source_id"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_a_contact_in_any_one_text_of_a_record_is_masked(path):
    record = msgspec.convert(with_text(Record, path, CALL), Record, strict=False)

    masked = without_contacts(record)

    wanted = msgspec.convert(with_text(Record, path, DOTS), Record, strict=False)
    assert masked == wanted


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


def test_addresses_of_pages_and_codes_stay():
    record = Record(
        trial_id="NCT09900001",
        links=(Link(label=CALL, url="https://x.org/5551234567?to=a@b.org"),),
        sites=(Site(facility="Clinic", zip="02908-4735"),),
    )

    masked = without_contacts(record)

    assert masked.links == (
        Link(label=DOTS, url=f"https://x.org/5551234567?to={MASK * 7}"),
    )
    assert masked.sites == (Site(facility="Clinic", zip="02908-4735"),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Cells, ask ada@example.org", "BIOLOGICAL"),
        ("13912345678", "BIOLOGICAL"),
        # Where it stands alone nothing says that this is a telephone number.
        ("64370045", "Telephone"),
    ],
)
def test_arms_and_interventions_stay_linked_by_names_that_are_masked(name, kind):
    label = "Arm of ada@example.org"
    record = Record(
        trial_id="NCT09900001",
        arms=(
            Arm(arm_label=label, interventions=(f"{kind}: {name}",)),
            Arm(arm_label="Control"),
        ),
        interventions=(
            Intervention(intervention_type=kind, name=name),
            Intervention(intervention_type="DRUG", name="Saline", arm_labels=(label,)),
        ),
    )
    before = arm_links(record)

    masked = without_contacts(record)

    assert before.pairs == [(0, 0), (0, 1)]
    assert arm_links(masked) == before
    assert masked.arms[0].arm_label == f"Arm of {MASK * 15}"


def test_what_names_a_file_of_the_users_own_stays():
    path = "to ada@example.org/t.json"
    source = Source(source_id="ada-1", path=path, site="ada@example.org")
    aside = Excluded(source_id="ada-1", path=path, record=CALL, reason=f"{CALL}: no id")

    assert without_contacts(source) == Source(
        source_id="ada-1", path=path, site=MASK * 15
    )
    assert without_contacts(aside) == Excluded(
        source_id="ada-1", path=path, record=DOTS, reason=f"{DOTS}: no id"
    )


def test_a_record_with_half_a_letter_is_masked_too():
    record = Record(trial_id="NCT09900001", brief_title=f"\ud800 {CALL}")

    assert without_contacts(record).brief_title == f"\ud800 {DOTS}"


def test_a_cell_is_masked_before_it_is_cut_into_name_and_value():
    row = {"intervention": "Tel:64370045;B:15;", "secondary ids": "0120060315"}

    assert row_without_contacts(row) == {
        "intervention": f"Tel:{MASK * 8};B:15;",
        "secondary ids": "0120060315",
    }
