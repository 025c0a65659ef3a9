"""Records that list no cells, and words beside cells: each kind, and its reverse."""

import pytest

from tests.label.test_decision import decided, made
from trialkit.label.engine import label_records


def values(axis, *parts, **more):
    """Return the values of an axis over all arms of a record of parts."""
    labels = label_records([made(*parts, **more)]).labels
    return {label.value for label in labels if label.axis == axis}


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("BCMA-directed CAR T cells (ABC1) for myeloma", True),
        ("Autologous stromal vascular fraction (cSVF) in frailty", True),
        ("Gene-modified T lymphocytes in patients with sarcoma", True),
        ("PolyTreg immunotherapy in islet transplantation", True),
        ("Donor-derived CD123 CART cells for leukemia", True),
        ("Matched CMV-specific T lymphocytes (Cell-A)", True),
        ("Safety of adipose-derived stem cells to treat fistulas", True),
        ("A vaccine prepared from dendritic cells for cancer", True),
        ("Embryonic dopamine cell implants for Parkinson's disease", True),
        ("Circulating endothelial progenitor cells in patients with diabetes", False),
        ("Observed effects a drug has on osteoblasts", False),
    ],
)
def test_title_alone_gives_cells_that_are_made_to_be_given(title, answer):
    assert decided(f"title: {title}", "summary: Response is described.") is answer


def test_summary_gives_other_cells_than_those_of_the_setting():
    title = "title: A dose in patients undergoing stem cell transplantation"
    told = "summary: Patients will receive an infusion of donor lymphocytes."
    assert values("cell_type", title, told) == {"OTHER"}
    same = "summary: Patients will receive an infusion of stem cells."
    assert decided(title, same) is False


def test_transplantation_is_given_with_what_prepares_for_it_and_not_with_other_care():
    told = "summary: Patients undergo an infusion of stem cells on day 0."
    title = "title: {} in patients undergoing stem cell transplantation"
    assert decided(title.format("Busulfan conditioning"), told) is True
    assert decided(title.format("Sirolimus and tacrolimus"), told) is False
    assert decided(title.format("Busulfan levels and infections"), told) is False


def test_transplantation_of_title_and_summary_is_that_of_arms_with_drugs_alone():
    parts = (
        "title: Chemotherapy followed by peripheral stem cell transplantation",
        "arm: Conditioning | Thiotepa and carboplatin",
        "intervention DRUG: thiotepa",
    )
    told = "summary: Peripheral blood stem cells are reinfused on day 0."
    assert values("route", *parts, told) == {"PARENTERAL"}
    assert decided(*parts, "summary: Survival is compared.") is None


def test_name_that_lists_cells_beside_drugs_is_a_product():
    title = "title: Safety of AB500 cell injection"
    assert decided(title, "intervention DRUG: AB500 cell injection, fludarabine")
    assert decided(title, "intervention DRUG: fludarabine, cytarabine") is not True


@pytest.mark.parametrize(
    "parts",
    [
        (
            "title: A drug in cancer",
            "intervention: drug | It is a natural killer cell stimulatory factor.",
        ),
        (
            "title: Pharmacokinetics of zidovudine (AZT) in mononuclear cells",
            "intervention DRUG: Zidovudine",
        ),
        (
            "title: Collection of bone marrow for bone marrow stromal cells",
            "summary: Patients will receive an infusion of bone marrow stromal cells.",
        ),
        (
            "title: Microbes of recipients",
            "arm: A | Patients received mesenchymal stem cell transplantation.",
            "arm: B | Patients received a liver.",
            "intervention DIAGNOSTIC_TEST: microbes | Before and after transplantation",
        ),
    ],
)
def test_factor_level_collection_and_test_are_no_cells(parts):
    assert decided(*parts) is not True


def test_observation_without_any_giving_is_laboratory_work():
    parts = ("title: Models of a disease", "intervention GENETIC: stem cells edited")
    assert decided(*parts, study_type="OBSERVATIONAL") is False
    parts = (*parts, "summary: Patients receive the stem cells.")
    assert decided(*parts, study_type="OBSERVATIONAL") is True


@pytest.mark.parametrize(
    ("told", "routes"),
    [
        ("Patients get alemtuzumab SC and PBSC are reinfused.", {"PARENTERAL"}),
        ("Patients receive intravenous alemtuzumab, and PBSC.", {"NOT_STATED"}),
        ("Fludarabine followed by intravenous infusion of PBSC.", {"IV"}),
        ("PBSC are injected into their intravenous line.", {"IV"}),
        ("BM-SCs, which are PBSC, are infused.", {"PARENTERAL"}),
        ("Marrow aspiration and intradermal injection of PBSC.", {"ID"}),
        ("Route of immunization: ID, with PBSC.", {"ID"}),
        ("PBSC are put into the peri-infarcted area of the brain.", {"ICV"}),
    ],
)
def test_route_is_none_of_a_drug_or_of_a_short_name(told, routes):
    item = f"intervention: PBSC | {told}"
    assert values("route", "title: Cells in a disease", item) == routes


@pytest.mark.parametrize(
    ("told", "sources"),
    [
        ("Patients receive specially treated bone marrow.", {"BM"}),
        ("HIV DNA is measured in bone marrow cells.", {"NOT_STATED"}),
        ("A bone marrow aspirate of patients will be analyzed.", {"NOT_STATED"}),
    ],
)
def test_tissue_that_is_only_measured_is_no_source(told, sources):
    parts = ("title: Therapy with allogeneic MSC", f"summary: In this study {told}")
    assert values("cell_source", *parts, "intervention: MSC") == sources


def test_part_of_a_tissue_is_named_by_a_sentence_on_the_study():
    parts = ("title: Umbilical cord MSC in a disease", "intervention: UC-MSC")
    told = "summary: Study treatment: Wharton's jelly derived MSC."
    assert values("cell_source", *parts, told) == {"WJ"}
    told = "summary: Other studies have used Wharton's jelly derived MSC."
    assert values("cell_source", *parts, told) == {"UC"}


@pytest.mark.parametrize(
    ("told", "donors"),
    [
        ("Patients undergo PBSC harvest, and PBSC are reinfused.", {"AUTO"}),
        ("Donors undergo PBSC harvest, and patients get it.", {"NOT_STATED"}),
        ("PBSC are infused.", {"NOT_STATED"}),
    ],
)
def test_blood_cells_that_are_collected_from_patients_are_their_own(told, donors):
    parts = ("title: PBSC in lymphoma", f"summary: {told}", "intervention: PBSC")
    assert values("donor", *parts) == donors


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("regulatory T cell-depleted T lymphocytes", {"TCELL"}),
        ("T-cell add-back", {"TCELL"}),
        ("therapeutic allogeneic lymphocytes", {"OTHER"}),
        ("autologous stem cell transplantation", {"HSC"}),
        ("autologous stem cells", {"STEM?"}),
    ],
)
def test_cells_are_told_by_the_whole_name(name, types):
    title = "title: BEAM in patients requiring hematopoietic stem cell transplantation"
    assert values("cell_type", title, f"intervention PROCEDURE: {name}") == types


def test_title_of_a_cell_therapy_is_one_of_the_cells_that_the_summary_names():
    told = "summary: In this study tumor infiltrating lymphocytes are the product."
    assert decided("title: Adoptive cell therapy in cancer", told) is True
    assert decided("title: Infections after adoptive cell therapy", told) is not True


@pytest.mark.parametrize(
    ("told", "types"),
    [
        ("The stromal vascular fraction will be injected.", {"SVF"}),
        ("The expanded cells of the stromal vascular fraction are injected.", {"MSC"}),
        ("The adipose-derived stromal cells will be injected.", {"MSC"}),
    ],
)
def test_stem_cells_of_fat_are_fresh_where_the_study_tells_of_the_fraction(told, types):
    title = "title: Adipose-derived stem cell transplantation for hair"
    assert values("cell_type", title, f"summary: {told}") == types
