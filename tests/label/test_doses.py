"""Doses: amounts are read as stated, whatever the register did to the superscript."""

import pytest

from trialkit.label.amounts import amounts_in
from trialkit.label.engine import label_records
from trialkit.label.normalize import normalize
from trialkit.record import Arm, Intervention, Record


def doses(description):
    arm = Arm(arm_label="Cells", interventions=("Stem cells",))
    item = Intervention(name="Stem cells", description=description)
    record = Record(trial_id="NCT00000001", arms=(arm,), interventions=(item,))
    return label_records([record]).doses


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
        ("the dose is 2x10^6 MSC.", 2e6, None),
        ("250,000 cells/kg", 2.5e5, "kg"),
        ("500.000 cells/kg", 5e5, "kg"),
        ("100M cells", 1e8, None),
        ("Each infusion of the product will contain 200 million cells", 2e8, "dose"),
        ("a total of 9 infusions of 1x10^6 cells", 1e6, None),
        ("1×10^6个/kg", 1e6, "kg"),
        ("1, 0x106 CSM / kg", 1e6, "kg"),
        ("2·0×106 cells/kg", 2e6, "kg"),
        ("Dose: 12,5 million cells", 1.25e7, None),
        ("1.0x10^6 cells/kg", 1e6, "kg"),
        ("1x10⁶ MSC/kg", 1e6, "kg"),
        ("5 × 10 6 /kg", 5e6, "kg"),
        ("10E6 MSC/kg", 1e6, "kg"),
        ("1E6cells/Kg", 1e6, "kg"),
        ("6.10e7 stem cells", 6.1e7, None),
        ("1.10^6 MSC/kg", 1e6, "kg"),
        ("0.5 . 10^6 MSC/kg", 5e5, "kg"),
        (".5 x 10^6/kg of MSC", 5e5, "kg"),
        ("2 times 10(6) BMSC/kg", 2e6, "kg"),
        ("10^6 cells/kg body weight", 1e6, "kg"),
        ("106 cells/kg body weight", 1e6, "kg"),
        ("infusion of 10⁷ allogeneic MSC", 1e7, None),
        ("2x1,000,000 hMSC/kg", 2e6, "kg"),
        ("2 x 1000000 cells/kg", 2e6, "kg"),
        ("2 x 10^6 CD34+ cells/kg", 2e6, "kg"),
        ("2 x 10^6 CART22 cells/kg", 2e6, "kg"),
        ("1x10^6 cells kg⁻¹", 1e6, "kg"),
        ("a total dose of Cellix® 600 x 10^6 cells", 6e8, "total"),
        ("a cumulative dose of up to 270 million cells", 2.7e8, "total"),
        ("1 ± 0.5 x 10^6 MSC/kg", 1e6, "kg"),
        ("stromal cells 500,000/kg", 5e5, "kg"),
        ("stem cells 3*10^7/5 ml", 3e7, None),
        ("a single dose of one hundred million stem cells", 1e8, "dose"),
        ("300 million cells (20 million/mL)", 3e8, None),
        ("2 x 10^6 cells/kg (up to a maximum dose of 10^8 cells)", 2e6, "kg"),
        ("a maximum of 2 x 10^6 cells/kg", 2e6, "kg"),
        ("1x10^6 cells·kg−1", 1e6, "kg"),
        ("dose 1 million xKg", 1e6, "kg"),
        ("MSC at a dose of 150 million.", 1.5e8, "dose"),
        ("25 M allogeneic MPCs", 2.5e7, None),
        ("twenty million MSC", 2e7, None),
        ("a scaffold seeded with 5x10^6 cells", 5e6, None),
        ("Low dose: 1 x 10^7 cells/2mL", 1e7, None),
        ("1E6 ± 30% live cells / Kg of weight", 1e6, "kg"),
        ("7x10^5 MSC/kg/dose (cumulative minimum dose: 2.8x10^6 MSC/kg)", 7e5, "kg"),
        ("2.8x10^6 MSC/kg as a cumulative dose", 2.8e6, "kg"),
        ("1 million mesenchymal cells per body kg", 1e6, "kg"),
        ("(cumulative minimum dose: 2.8x10^6 MSC/kg)", 2.8e6, "kg"),
    ],
)
def test_amount_is_read(text, amount, per):
    (found,) = amounts_in(text)
    assert found.amount == pytest.approx(amount)
    assert found.per == per


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("0.5 to 1 x 10^6 cells/kg", [5e5, 1e6]),
        ("(1～5)×10^6 cells", [1e6, 5e6]),
        ("1-2 x 1000000 MSC/kg", [1e6, 2e6]),
        ("1,5-3,0 10E6 MSC/kg", [1.5e6, 3e6]),
        ("2, 4 and 6 x 10^6 cells/kg", [2e6, 4e6, 6e6]),
        ("25, 50, or 100 million MSC", [2.5e7, 5e7, 1e8]),
        ("day 0 and 12,5 million cells", [1.25e7]),
        ("200 x 10^6 or 400 x 10^6 cells", [2e8, 4e8]),
        ("1×106\\~1×108 CAR-T/kg", [1e6, 1e8]),
        ("2.0 × 10^6, 4.0 × 10^6 and 8.0 × 10^6 CAR-T/kg", [2e6, 4e6, 8e6]),
        ("in 2014, 3x10^6 cells", [3e6]),
        ("three doses (80, 160, or 240 x 10^6 cells)", [8e7, 1.6e8, 2.4e8]),
    ],
)
def test_a_range_or_list_gives_each_of_its_amounts(text, amounts):
    found = amounts_in(normalize(text))
    assert [a.amount for a in found] == pytest.approx(amounts)


@pytest.mark.parametrize(
    "text",
    [
        "platelets > 50 x 10^9/L",
        "1x10^7 cells/mL",
        "a disease of 1.4 million people",
        "1x10^6 cells/100µl",
        "5x10^6 cells / 0.5 mL",
        "2x10^8 cells / 1 mL/vial",
        "1x10^6 cells per 100 microliters",
        "seeded at 1x10^6 cells in flasks",
        "plated in dishes at a density of 1x10^6 cells",
        "5x10^4 cells per well",
        "0x106 cells/kg",
        "0 million MSC",
        "a maximum of 1, 5x106 cells/kg",
        "twenty-five million cells",
        "the trial NCT01363401, autologous cells",
        "2 (6/6), 2.5 (5/6) or 3 (4/6) x 10exp7 cells",
        "about 10^9 cells will be collected",
        "those with a harvested cell count more than 1 x 10^6",
        "6.29 x 107, 9.43 x 107 and 14.15 x 107 cells/m2",
        "If the first 3 infusions of 10^4 cells/kg are well tolerated, the next dose",
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


@pytest.mark.parametrize(
    ("text", "pers"),
    [
        ("5 x 106 and then 10 x 106 cells/kg", ["kg", "kg"]),
        ("one infusion of 1×10^6, 2×10^6, 4×10^6 MSC/kg", ["kg"] * 3),
        ("20 million cells per subject (0.5×10^6 cells per kg)", ["patient", "kg"]),
    ],
)
def test_amounts_of_one_list_share_what_they_are_per(text, pers):
    assert [a.per for a in amounts_in(text)] == pers


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2x10^6 cells/kg, twice, after a month", 2),
        ("2x10^6 cells/kg once or twice", None),
        ("2x10^6 cells/kg twice a week", None),
        ("Infusion number: 8, 2x10^6 cells/kg", 8),
        ("2x10^6 cells in 6-10 injections of 0.2 ml", None),
        ("2x10^6 cells in 15 intramyocardial injections", None),
        ("2x10^6 cells; this is a single treatment group study", None),
        ("Either a single dose of 2x10^6 cells or two doses", None),
        ("2x10^6 cells at 3 different doses", None),
        ("1×10^6个/kg，每周一次，共4次", 4),
        ("two single intravenous dose of 2x10^6 cells/kg", 2),
        ("one single dose of 2x10^6 cells/kg", 1),
        ("Single injection of 2x10^6 cells and three injections of plasma", None),
        ("A single dose of 2x10^6 cells and then three infusions, monthly", 3),
    ],
)
def test_the_number_of_doses_is_that_of_givings(words, number):
    (dose, *_) = doses(words)
    assert dose.n_doses == number


def test_an_interval_keeps_both_of_its_ends():
    (dose,) = doses("3 infusions of 2x10^6 cells/kg at 3-4 days interval")
    assert dose.interval == "3-4 days interval"


def test_the_arms_own_number_wins_over_that_of_shared_words():
    arm = Arm(arm_label="Single injection of cells", interventions=("Stem cells",))
    item = Intervention(
        name="Stem cells", description="2x10^6 cells in each of two injections."
    )
    record = Record(trial_id="NCT00000001", arms=(arm,), interventions=(item,))
    assert {d.n_doses for d in label_records([record]).doses} == {1}


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


def test_an_amount_told_twice_is_one_dose():
    (dose,) = doses("A single dose of 2x10^7 cells. Thus 20 million stem cells.")
    assert (dose.amount, dose.per) == (2e7, "dose")
