"""The traps of the domain guide (B8), each as a small trial in our own words."""

import pytest

from trialkit.label.engine import label_records
from trialkit.record import (
    Arm,
    Intervention,
    LaySummary,
    Passage,
    Record,
    Reference,
    RelatedTrial,
)


def trial(description=None, name="Umbilical cord mesenchymal stem cells", **more):
    """One arm with one intervention, the usual shape of a register entry."""
    fields = {
        "brief_title": "Cells in liver failure",
        "arms": (Arm(arm_label="Treatment", interventions=(name,)),),
        "interventions": (Intervention(name=name, description=description),),
    }
    return Record(trial_id="NCT00000001", **(fields | more))


def label(record):
    return label_records([record])


def values(result, axis, arm="A1"):
    return {r.value for r in result.labels if r.axis == axis and r.arm_id == arm}


def routes(description, **more):
    return values(label(trial(description, **more)), "route")


def test_t01_venous_access_of_a_liver_device_is_access_and_no_route():
    result = label(
        trial(
            "The hepatocytes work in a bioartificial liver; the circuit is reached by "
            "central venous access (femoral, jugular or subclavian vein).",
            name="Bioartificial liver",
        )
    )
    assert values(result, "route") == {"EC.bal"}
    assert values(result, "access") == {"central_venous"}


ELIGIBILITY = [
    ("T02", "Collapse of peripheral veins so that no access is possible"),
    ("T12", "Liver transplantation recipients"),
    ("T13", "Allergy to plasma, heparin or protamine"),
    ("T20", "Active thrombosis of the portal or hepatic veins"),
    ("T21", "Patent portal vein on Doppler"),
    ("T23", "Bioartificial liver support therapy in the past month"),
    ("T36", "Prior allogeneic stem cell transplantation or organ allograft"),
]


@pytest.mark.parametrize(("trap", "text"), ELIGIBILITY)
def test_eligibility_text_never_supports_a_label(trap, text):
    plain = label(trial("One infusion of cells."))
    with_criteria = label(trial("One infusion of cells.", eligibility_criteria=text))
    assert with_criteria == plain


def test_t03_lay_words_that_cells_stay_outside_are_stated_by_the_lay_page():
    page = Record(
        trial_id="NCT00000001",
        source_id="lay",
        page_passages=(
            Passage(
                section="active_substance",
                text="mesenchymal stem cells in a blood purification device",
            ),
            Passage(section="lay_summary", text="The cells do not enter the patient."),
        ),
    )
    result = label(page)
    assert values(result, "route") == {"EC.cell"}
    (row,) = [r for r in result.labels if r.axis == "cells_enter_body"]
    assert (row.value, row.basis) == ("false", "stated-lay")


def test_t04_abdominal_muscle_is_muscle():
    text = "Injecting liver-like cells into the abdominal muscle"
    assert routes(text, name="Liver-like cells") == {"IM"}


def test_t05_t06_general_statements_are_background():
    summary = (
        "Stem cells can be given by several ways, of which the portal vein is the most "
        "common. Infusion by the hepatic artery was shown to be better."
    )
    assert routes("One dose of cells.", brief_summary=summary) == {"NOT_STATED"}


def test_t07_t08_references_and_related_trials_never_support_a_label():
    record = trial(
        "Given by peripheral vein.",
        references=(Reference(citation="Autologous marrow cells by hepatic artery"),),
        related_trials=(
            RelatedTrial(related_id="NCT2", title="Autologous menstrual blood cells"),
        ),
    )
    result = label(record)
    assert values(result, "route") == {"IV.peripheral"}
    assert values(result, "donor") == {"NOT_STATED"}
    assert values(result, "cell_source") == {"UC"}


@pytest.mark.parametrize(
    ("trap", "text", "route"),
    [
        ("T14", "The cells are infused via liver artery.", "IA.hepatic"),
        (
            "T15",
            "Cells go into the hepatic artery by a catheter in the femoral artery.",
            "IA.hepatic",
        ),
        ("T16", "Intrahepatic arterial catheterization for the cells", "IA.hepatic"),
        ("T17", "Cells are injected intrahepatically under sonography.", "IH"),
        (
            "T18",
            "Hepatocytes are infused by an umbilical venous catheter "
            "positioned in the portal vein.",
            "PV",
        ),
        (
            "T19",
            "The portal vein is reached by the right gastroomental vein for cells.",
            "PV",
        ),
        ("T43", "Infusions of cells in one dose", "PARENTERAL"),
        ("T45", "Percutaneous cells", "NOT_STATED"),
        ("T47", "Cells by hepatic artery without using the portal vein", "IA.hepatic"),
    ],
)
def test_the_vessel_that_the_cells_reach_is_the_route(trap, text, route):
    assert routes(text) == {route}


def test_t15_access_vessel_is_kept_apart():
    text = "Cells go into the hepatic artery by a catheter in the femoral artery."
    assert values(label(trial(text)), "access") == {"femoral_artery"}


def test_t18_an_umbilical_catheter_is_no_umbilical_cord():
    text = "Infused by an umbilical venous catheter in the portal vein."
    result = label(trial(text, name="Human hepatocytes"))
    assert "UC" not in values(result, "cell_source")
    assert values(result, "access") == {"umbilical_vein"}


@pytest.mark.parametrize(
    "text",
    [
        "Cells are given; hepatic artery thrombosis is an exclusion.",
        "Cells are given; central venous pressure is measured.",
        "Cells are given; intravenous antibiotics are allowed.",
        "Cells are given after intravenous anaesthesia.",
        "Cells are tested; infusion-related reactions are counted.",
    ],
)
def test_t22_t30_t31_disease_co_medication_and_timing_are_no_route(text):
    assert not routes(text) & {"IA.hepatic", "IV", "IV.central", "PV"}


def test_t24_t25_a_circuit_without_cells_is_no_cell_route():
    record = trial(
        arms=(
            Arm(arm_label="Cells", interventions=("MSC infusion",)),
            Arm(arm_label="Plasma", interventions=("Plasma exchange",)),
        ),
        interventions=(
            Intervention(name="MSC infusion", description="MSC by peripheral vein"),
            Intervention(name="Plasma exchange", description="Extracorporeal exchange"),
        ),
    )
    result = label(record)
    assert values(result, "route", "A1") == {"IV.peripheral"}
    assert values(result, "route", "A2") == {"NONE"}


def test_t26_t27_the_route_of_placebo_and_care_is_not_counted():
    record = trial(
        arms=(
            Arm(arm_label="Cells", interventions=("MSC",)),
            Arm(
                arm_label="Placebo",
                arm_type="PLACEBO_COMPARATOR",
                description="Saline by hepatic artery",
                interventions=("Saline",),
            ),
        ),
        interventions=(
            Intervention(name="MSC", description="Peripheral IV"),
            Intervention(name="Saline", description="Albumin intravenously"),
        ),
    )
    result = label(record)
    assert values(result, "route", "A1") == {"IV.peripheral"}
    assert values(result, "route", "A2") == {"NONE"}


def test_t28_t29_co_medication_and_mobilising_drugs_give_no_route():
    assert routes("Cells into lymph nodes; tacrolimus capsules follow.") == {"LN"}
    text = (
        "Granulocyte factor by subcutaneous injection, then leukapheresis and CD34+ "
        "cell infusion into the hepatic artery."
    )
    result = label(trial(text, name="CD34+ cells"))
    assert "IA.hepatic" in values(result, "route")
    assert values(result, "cell_type") == {"HSC"}
    assert values(result, "cell_source") == {"NOT_STATED"}  # no blood is named


def test_t32_t33_this_study_outweighs_what_studies_found_before():
    summary = (
        "A previous study showed that bone marrow derived mesenchymal stem cells help. "
        "In this study the patients will get umbilical cord mesenchymal stem cells via "
        "peripheral vein."
    )
    record = trial(None, name="Stem cells", brief_summary=summary)
    result = label(record)
    assert values(result, "cell_source") == {"UC"}
    assert values(result, "route") == {"IV.peripheral"}


def test_t34_a_record_that_contradicts_itself_keeps_both_sources():
    result = label(
        trial(
            "Umbilical cord blood mesenchymal stem cells via peripheral veins.",
            name="Cells",
            brief_title="UC-MSC infusion in liver failure",
        )
    )
    assert values(result, "cell_source") == {"CB", "UC"}


def test_t35_a_general_remark_on_donors_says_nothing():
    summary = "Mesenchymal stem cells are generally thought of as an autologous source."
    result = label(trial("Given by vein.", brief_summary=summary))
    assert values(result, "donor") == {"NOT_STATED"}


@pytest.mark.parametrize(
    ("trap", "name", "cell_type", "source"),
    [
        ("T37", "BMSC transplantation", "BMSC?", "BM"),
        ("T38", "hiHeps from fibroblasts", "HLC.direct", "FIB"),
        (
            "T39",
            "Hepatocytes derived from chemically induced pluripotent stem cells",
            "HLC",
            "CiPSC",
        ),
    ],
)
def test_the_end_product_is_the_type_and_the_origin_the_source(
    trap, name, cell_type, source
):
    result = label(trial("Infusion", name=name))
    assert values(result, "cell_type") == {cell_type}
    assert values(result, "cell_source") == {source}


def test_t40_a_headline_never_supports_a_label():
    page = Record(
        trial_id="NCT00000001",
        lay=LaySummary(headline="Autologous stem cell injection by vein"),
        page_passages=(
            Passage(section="active_substance", text="Hepatocyte-like cells"),
        ),
    )
    result = label(page)
    assert values(result, "cell_type") == {"HLC"}
    assert values(result, "donor") == {"NOT_STATED"}


@pytest.mark.parametrize(
    ("trap", "name"),
    [
        ("T41", "MSC-EV infusion"),
        ("T41", "Exosomes derived from mesenchymal stem cells"),
        ("T42", "G-CSF"),
        ("T42", "Platelet rich plasma"),
        ("-", "MSC secretome"),
        ("-", "Conditioned medium of mesenchymal stem cells"),
    ],
)
def test_what_holds_no_cells_is_no_cell_trial(trap, name):
    result = label(trial("Given intravenously", name=name, brief_title="A new drug"))
    assert result.is_cell_trial is False
    assert values(result, "route") == {"NONE"}
    assert values(result, "delivery_mode") == {"none"}


def test_t44_transplantation_alone_is_no_vessel():
    assert routes("Transplantation of hepatocytes", name="Hepatocytes") == {
        "PARENTERAL"
    }


def test_t46_animals_give_no_route():
    summary = "Mice received a tail vein injection of cells by the portal vein."
    assert routes("One dose of cells.", brief_summary=summary) == {"NOT_STATED"}


def test_t48_either_or_keeps_all_routes():
    result = label(trial("Cells by portal vein or hepatic artery or peripheral vein"))
    assert values(result, "route") == {"PV", "IA.hepatic", "IV.peripheral"}
    assert {r.relation for r in result.labels if r.axis == "route"} == {"alternative"}


def test_two_routes_in_turn_are_a_sequence():
    result = label(trial("First into the portal vein, then intravenously on day 2"))
    assert values(result, "route") == {"PV", "IV"}
    assert {r.relation for r in result.labels if r.axis == "route"} == {"sequence"}


def test_t49_t50_doses_keep_their_power_of_ten():
    (dose,) = label(trial(r"About 1.67 × 10\^8 cells per kg by vein")).doses
    assert dose.amount == pytest.approx(1.67e8)


def test_t51_counts_of_patients_are_no_dose():
    assert label(trial("3 patients per group; thirty of the patients")).doses == []
