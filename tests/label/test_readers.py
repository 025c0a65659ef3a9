"""Wordings on which readers of unseen records and the rules once differed."""

import pytest

from tests.label.test_traps import label, routes, trial, values
from trialkit.label.context import has_cell_amount
from trialkit.label.study import Study
from trialkit.record import Arm, Intervention

CELLS = "Mesenchymal stem cells"


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("MSC intrathecally, then 10 ml of MSC secretome intravenously.", "ITH"),
        ("A tablet (placebo), IV 0.3 million MSC per kg.", "IV"),
        ("Paint the stem cell gel on the wound.", "TOP"),
        ("The cord may drop into the spinal canal. No word of cells.", "NOT_STATED"),
        ("Cells are given; needs intra-articular surgery.", "NOT_STATED"),
        ("Central venous catheter for collection of the cells.", "NOT_STATED"),
        ("MSC infusion, then intrathecal bioactive peptides.", "PARENTERAL"),
        ("Patients undergo bilateral ovaries injection of the cells.", "OTHER"),
        ("Cell delivery through cardiopulmonary bypass.", "OTHER"),
    ],
)
def test_the_route_is_that_of_the_cells(description, route):
    assert routes(description) == {route}


def test_ic_is_intracoronary_only_where_the_heart_is_named():
    words = "One IC infusion of the cells."
    assert routes(words, brief_title="Cells for myocardial infarction") == {"ICOR"}
    assert routes(words, brief_title="Cells for stroke") == {"PARENTERAL"}


@pytest.mark.parametrize(
    ("title", "description", "route"),
    [
        ("Cells in spinal cord injury", "Injected into the lesion area.", "ISC"),
        ("Cells in spinal cord injury", "Intralesional injection.", "ILES"),
        ("Shoulder pain after spinal cord injury", "Into the lesion.", "ILES"),
        ("Cells for diabetic foot ulcers", "Cells seeded in collagen.", "TOP"),
        ("Cells for bone defects", "Cells seeded in collagen.", "IMPL"),
        ("Cells for chondral lesions", "Cells are applied to the lesion.", "IMPL"),
    ],
)
def test_the_disease_tells_what_a_lesion_or_scaffold_means(title, description, route):
    assert routes(description, brief_title=title) == {route}


def test_routes_of_groups_told_in_the_summary_widen_that_of_the_title():
    summary = (
        "In this study group A will receive cells by intracoronary infusion and group "
        "B will receive cells by transendocardial injection."
    )
    title = "Transfer of cells into the myocardium"
    found = routes(None, brief_title=title, brief_summary=summary)
    assert found == {"ICAR", "ICOR"}


def test_a_placebo_arm_whose_treatments_are_reversed_gets_cells():
    words = "Either MSC or medium by vein; at week 24 treatments will be reversed."
    record = trial(
        arms=(
            Arm(arm_label="MSC", interventions=(CELLS,), description=words),
            Arm(arm_label="Medium", arm_type="PLACEBO_COMPARATOR", description=words),
        ),
        interventions=(Intervention(name=CELLS),),
    )
    assert values(label(record), "route", "A2") == {"IV"}


def test_cells_given_under_the_initial_study_are_not_given_here():
    record = trial(
        "Into the knee.",
        brief_title="Follow-up study of stem cells",
        detailed_description="Injections were performed under the initial study.",
    )
    assert label(record).is_cell_trial is False


@pytest.mark.parametrize(
    ("name", "axis", "value"),
    [
        ("Olfactory mucosa-derived mesenchymal stem cells", "cell_source", "OTHER"),
        ("Islets of allograft with autologous stem cells", "donor", "ALLO"),
    ],
)
def test_what_the_product_is_called(name, axis, value):
    assert value in values(label(trial("By vein.", name=name)), axis)


@pytest.mark.parametrize(
    "sentence",
    [
        "Cords are collected from women with healthy pregnancies for the cells.",
        "The second is allogeneic cell transfer, in which cells are transplanted.",
        "Smith and colleagues used allogeneic cells.",
    ],
)
def test_what_says_no_donor(sentence):
    found = label(trial("Cells by vein.", name=CELLS, detailed_description=sentence))
    assert values(found, "donor") == {"NOT_STATED"}


def test_the_volume_of_amniotic_fluid_is_no_source():
    words = "The amniotic fluid volume will be replaced."
    found = label(trial(words, name="Placental mesenchymal stem cells"))
    assert values(found, "cell_source") == {"PL"}


@pytest.mark.parametrize(
    ("words", "name", "types"),
    [
        ("Collected from bone marrow mononuclear cells.", CELLS, {"MSC"}),
        ("MNCs are obtained by centrifugation.", "Marrow concentrate", {"BMA"}),
        ("Bone marrow cells.", "Bone marrow mononuclear cells", {"BM-MNC"}),
        ("Cord blood expanded on mesenchymal cells.", "CD34+ cells", {"HSC"}),
        ("X-ACI, for acute cerebral infarction.", CELLS, {"MSC"}),
        ("Infusion.", "Fetal liver-derived mesenchymal stem cells", {"MSC"}),
    ],
)
def test_what_cells_are_made_from_or_grown_on_is_not_given(words, name, types):
    name = name.replace("Marrow c", "Bone marrow aspirate c")
    assert values(label(trial(words, name=name)), "cell_type") == types


@pytest.mark.parametrize(
    "words",
    [
        "The oral mucosa is closed by sutures.",
        "A sub-periosteal bone graft is added.",
        "The graft is wrapped with an amnion matrix.",
    ],
)
def test_tissue_that_is_cut_or_wrapped_is_no_source(words):
    found = label(trial(words, name="Bone marrow mesenchymal stem cells"))
    assert values(found, "cell_source") == {"BM"}


@pytest.mark.parametrize("count", ["500000 cells per square cm", "2 million cells"])
def test_a_number_of_cells_is_one_also_per_area(count):
    texts = Study([trial(f"Application of the product; {count}.")]).texts
    assert any(has_cell_amount(text) for text in texts)


def test_a_joint_told_beside_the_vein_is_a_route_too():
    words = (
        "Intravenous infusion of stem cells. Transplantation of stem cells in joints."
    )
    assert routes(words) == {"IV", "IART"}
