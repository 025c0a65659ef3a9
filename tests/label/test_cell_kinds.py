"""Whose words on cells count: other cells, other patients, and what binds to what."""

import pytest

from tests.label.test_traps import label, trial, values
from trialkit.record import Arm, Intervention


def of(axis, description, name="Cell product", title="Cells in a disease", **more):
    """Return the values of an axis for one arm with one intervention."""
    return values(label(trial(description, name, brief_title=title, **more)), axis)


def told(axis, summary, name="Mesenchymal stem cells", **more):
    """Return the values of an axis where only the summary can tell them."""
    return values(label(trial(None, name, brief_summary=summary, **more)), axis)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Autologous CAR-T cells", "TCELL"),
        ("TCR-engineered lymphocytes", "TCELL"),
        ("EBV-specific CTL", "TCELL"),
        ("Tumor infiltrating lymphocytes", "TCELL"),
        ("Cytokine-induced killer cells", "TCELL"),
        ("Gamma delta T lymphocytes", "TCELL"),
        ("Donor lymphocyte infusion", "OTHER"),
        ("Natural killer cell infusion", "NK"),
        ("CAR-NK cells", "NK"),
        ("Pulsed dendritic cell vaccine", "DC"),
        ("Polyclonal Treg cells", "TREG"),
        ("Islet allotransplantation", "ISLET"),
        ("Autologous chondrocyte implantation", "CHON"),
        ("Cultivated limbal epithelial sheet", "OTHER"),
        ("Oral mucosal epithelial cell sheet", "OTHER"),
        ("Retinal pigment epithelial cells", "RPE"),
        ("Midbrain dopaminergic progenitor cells", "NSC"),
        ("Skeletal myoblasts", "OTHER"),
        ("Endothelial progenitor cells", "EPC"),
        ("Cardiosphere-derived cells", "CPC"),
        ("Cord blood infusion", "CB-MNC"),
        ("Bone marrow transplantation", "BMA"),
        ("Bone marrow-derived progenitor cells", "BMSC?"),
    ],
)
def test_each_family_of_cells_has_its_type(name, expected):
    assert of("cell_type", "One infusion of the cells.", name) == {expected}


def test_dc_is_a_dendritic_cell_and_no_direct_current():
    assert of("cell_type", "DC are injected.", "DC-CIK cells") == {"DC", "TCELL"}
    assert of("cell_type", "DC cardioversion.", "NK cells") == {"NK"}


@pytest.mark.parametrize(
    "words",
    [
        "The cells shall help by promoting regulatory T cells.",
        "The cells are expanded with NK cells.",
        "The cells are co-cultured with dendritic cells.",
        "The cells grow on irradiated feeder cells from T lymphocytes.",
    ],
)
def test_a_target_a_partner_and_a_feeder_are_not_given(words):
    assert of("cell_type", words, "Mesenchymal stem cells") == {"MSC"}


def test_a_second_product_is_given_beside_the_first():
    words = "The cells are infused with regulatory T cells."
    assert of("cell_type", words, "Mesenchymal stem cells") == {"MSC", "TREG"}


def test_marrow_is_the_graft_of_a_transplant_named_by_its_cells():
    hsct = "Hematopoietic stem cell transplant"
    assert of("cell_type", "Bone marrow infusion on day 0.", hsct) == {"HSC"}
    blood = "Peripheral blood stem cell transplant"
    both = of("cell_type", "Or bone marrow transplantation on day 0.", blood)
    assert both == {"HSC", "BMA"}


def test_marrow_given_beside_msc_leaves_both():
    arm = Arm(arm_label="A", interventions=("Bone marrow transplantation", "MSC"))
    items = tuple(Intervention(name=name) for name in arm.interventions)
    found = values(label(trial(arms=(arm,), interventions=items)), "cell_type")
    assert found == {"BMA", "MSC"}


@pytest.mark.parametrize(
    "summary",
    [
        "About 12,000 patients receive stem cells of bone marrow each year.",
        "One earlier trial of cells from bone marrow showed a better function.",
        "Cells derived from bone marrow offer the advantage of a long shelf life.",
        "The disease occurs when donor T cells from bone marrow attack the skin.",
        "You will have a bone marrow aspiration to check the status of the disease.",
        "The test counts cells in bone marrow.",
    ],
)
def test_marrow_of_others_or_for_a_test_is_no_source(summary):
    assert told("cell_source", summary) == {"NOT_STATED"}


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Patients will receive fetal-derived human neural stem cells.", "FETAL"),
        ("Patients will receive islets isolated from donor pancreata.", "OTHER"),
        ("On day 0 the patients receive it: bone marrow is infused.", "BM"),
        ("Patients will receive T cells grown from tumor tissue.", "OTHER"),
        ("Patients will receive treated white blood cells.", "PB"),
    ],
)
def test_a_tissue_that_adjoins_the_cells_is_their_source(summary, expected):
    assert told("cell_source", summary, "Cell product") == {expected}


def test_apheresis_gives_blood_only_where_blood_is_named():
    plain = "Patients undergo leukapheresis and receive CD34+ cells."
    assert told("cell_source", plain, "CD34+ cells") == {"NOT_STATED"}
    blood = "Patients undergo leukapheresis; cells from peripheral blood are given."
    assert told("cell_source", blood, "CD34+ cells") == {"PB"}


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("The cells are infused back into the patient.", "AUTO"),
        ("Your own cells are given.", "AUTO"),
        ("The cells of the same donor are given.", "ALLO"),
        ("Donor lymphocytes are infused.", "ALLO"),
        ("HLA-matched cells are infused.", "NOT_STATED"),
        ("An off-the-shelf cell product is infused.", "NOT_STATED"),
        ("The cells are fixed in allogenic bone tissue.", "NOT_STATED"),
        ("The cells are fixed in allogeneic bone tissue.", "NOT_STATED"),
        ("The cells are grown on feeder cells of healthy donors.", "NOT_STATED"),
    ],
)
def test_a_donor_is_that_of_the_product(description, expected):
    assert of("donor", description, "Mesenchymal stem cells") == {expected}


def test_the_donor_of_an_earlier_transplant_is_not_that_of_the_cells():
    title = "Mesenchymal cells after allo-HSCT"
    assert of("donor", "One infusion.", "MSC", title) == {"NOT_STATED"}
    title = "Allogeneic mesenchymal cells after HSCT"
    assert of("donor", "One infusion.", "MSC", title) == {"ALLO"}


def test_blood_cells_that_a_product_is_made_of_are_no_second_product():
    words = "Peripheral blood mononuclear cells are collected and modified."
    assert of("cell_type", words, "CAR-T cells") == {"TCELL"}
    assert of("cell_source", words, "CAR-T cells") == {"PB"}
    words = "Peripheral blood mononuclear cells are given by vein."
    assert of("cell_type", words, "CAR-T cells") == {"TCELL", "PB-MNC"}


def test_a_transplant_that_follows_is_not_the_product():
    words = "Patients go on to a bone marrow transplantation four weeks later."
    assert of("cell_type", words, "CAR-T cells") == {"TCELL"}
    assert of("cell_source", words, "CAR-T cells") == {"NOT_STATED"}
    title = "T cells ahead of allogeneic stem cell transplantation"
    assert of("donor", "One infusion.", "CAR-T cells", title) == {"NOT_STATED"}
    title = "Allogeneic stem cell transplantation for a knee"
    assert of("donor", "One injection.", "MSC", title) == {"ALLO"}


def test_an_arm_text_gives_a_source_only_where_cells_or_a_harvest_are_told():
    words = "Visits with imaging, bone marrow and a neurologic exam."
    assert of("cell_source", words, "CAR-T cells") == {"NOT_STATED"}
    words = "Patients undergo bone marrow aspiration from the hip, then receive MSC."
    assert of("cell_source", words, "MSC") == {"BM"}


def test_a_word_that_binds_to_no_product_tells_nothing_of_it():
    words = "The antigen is expressed in amniotic fluid stem cells."
    assert told("cell_source", words, "CAR-T cells") == {"NOT_STATED"}


def test_marrow_cells_are_read_more_exactly_where_the_study_tells():
    title = "Bone marrow cells for the heart"
    words = "Patients will receive bone marrow mononuclear cells or CD34+ cells."
    given = trial(None, "Cells", brief_title=title, brief_summary=words)
    assert values(label(given), "cell_type") == {"BM-MNC", "HSC"}
    plain = trial(None, "Cells", brief_title=title)
    assert values(label(plain), "cell_type") == {"BMA"}


@pytest.mark.parametrize(
    ("summary", "source", "donor"),
    [
        ("A limbal biopsy is taken from the healthy eye.", "EYE", "AUTO"),
        ("A muscle biopsy is taken from the thigh of the patient.", "MUSCLE", "AUTO"),
        ("A skin biopsy is obtained from each patient.", "SKIN", "AUTO"),
    ],
)
def test_tissue_that_is_taken_gives_source_and_donor(summary, source, donor):
    assert told("cell_source", summary, "Cell product") == {source}
    assert told("donor", summary, "Cell product") == {donor}


def test_hepatocyte_like_cells_made_of_mesenchymal_cells_are_told_apart():
    made = "Patients will receive MSC differentiated into hepatocyte-like cells."
    assert told("cell_type", made, "Hepatocyte-like cells") == {"HLC.msc"}
    other = "Patients will receive hepatocyte-like cells."
    assert told("cell_type", other, "Hepatocyte-like cells") == {"HLC"}


def test_an_earlier_trial_of_the_product_tells_what_it_is():
    words = "A phase 1 trial of Abcdecel (autologous marrow MSC) has shown safety."
    assert told("donor", words, "Abcdecel") == {"AUTO"}
    other = "A phase 1 trial of autologous marrow MSC has shown safety."
    assert told("donor", other, "Mesenchymal stem cells") == {"NOT_STATED"}


def test_an_aim_may_begin_with_its_verb():
    words = "The aims are:\n\nCompare autologous cells with surgery."
    assert told("donor", words) == {"AUTO"}


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("Patients with progressive disease may receive donor lymphocytes.", {"HSC"}),
        ("Donor lymphocytes are infused on day 30.", {"HSC", "OTHER"}),
    ],
)
def test_lymphocytes_that_only_some_get_are_no_type_of_the_graft(description, found):
    name = "Hematopoietic stem cell transplantation"
    assert of("cell_type", description, name) == found


def test_liver_before_cells_is_no_organ():
    name = "Heterologous liver cells"
    assert of("donor", "Infusion of hepatocytes.", name) == {"ALLO"}


def test_cells_that_make_a_vector_are_cells():
    name = "Vector producer cells"
    assert of("cell_type", "Infusion of vector producer cells.", name) == {"OTHER"}
