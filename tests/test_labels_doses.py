"""Doses: amounts are read as stated, whatever the register did to the superscript."""

import pytest

from trialkit.labels import label_records
from trialkit.labels.amounts import amounts_in
from trialkit.record import Arm, Intervention, Record


@pytest.mark.parametrize(
    ("text", "amount", "per"),
    [
        ("1x106 MSCs per kg", 1e6, "kg"),
        ("5 × 106 cells/patient", 5e6, "patient"),
        ("5*107 cells", 5e7, None),
        (r"about 1.67 × 10\^8 hepatocytes per kg of weight", 1.67e8, "kg"),
        ("0.5*10E6 MSC/kg body", 5e5, "kg"),
        ("1.0E+6 MSC/kg", 1e6, "kg"),
        ("5 × 10⁷ cells in each infusion", 5e7, "dose"),
        ("two million MSCs", 2e6, None),
        ("30,000,000 mesenchymal stem cells", 3e7, None),
        ("1.000.000 stromal cells per kilo", 1e6, "kg"),
        ("a total of 100 million cells", 1e8, "total"),
        ("a single dose of 2×107 cells", 2e7, "dose"),
        ("100x106 MSCs", 1e8, None),
    ],
)
def test_amount_is_read(text, amount, per):
    (found,) = amounts_in(text)
    assert found.amount == pytest.approx(amount)
    assert found.per == per


def test_a_range_gives_both_bounds():
    assert [a.amount for a in amounts_in("0.5 to 1 x 10^6 cells/kg")] == [5e5, 1e6]


@pytest.mark.parametrize(
    "text",
    [
        "platelets > 50 x 10^9/L",
        "1x10^7 cells/mL",
        "a disease of 1.4 million people",
        "10 mg of a drug",
        "in 2014 patients",
        "",
    ],
)
def test_what_is_no_dose_of_cells_is_left_alone(text):
    assert amounts_in(text) == ()


def record(description):
    return Record(
        trial_id="NCT00000001",
        arms=(Arm(arm_label="Cells", interventions=("MSC",)),),
        interventions=(Intervention(name="MSC", description=description),),
    )


def test_number_interval_and_session_come_from_the_same_passage():
    text = "Six infusions of 2x10^6 MSCs per kg every 2 weeks, 3 hours per session."
    (dose,) = label_records([record(text)]).doses
    assert (dose.amount, dose.unit, dose.per) == (2e6, "cells", "kg")
    assert (dose.n_doses, dose.interval) == (6, "every 2 weeks")
    assert (dose.session_hours_min, dose.session_hours_max) == (3.0, 3.0)
    assert dose.basis == "given"
    assert text[dose.start : dose.end] == dose.quote


def test_no_dose_stated_gives_no_row():
    assert label_records([record("Cells by vein.")]).doses == []
