"""Wordings that registers really hold, each with what it must and must not say."""

import pytest

from tests.label.test_traps import label, routes, trial, values
from trialkit.label.engine import label_records
from trialkit.record import Arm, Intervention

CELLS = "Mesenchymal stem cells"


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("Cells are injected at the edge of the infarct area.", "ICAR"),
        ("Cells are infused into the infarct-related blood vessel.", "ICOR"),
        ("One knee will be injected with the cells.", "IART"),
        ("Cells are injected into the center of the nucleus pulposus.", "IDISC"),
        ("Cells are injected in the nonunion.", "IOSS"),
        ("Cells are implanted in the bone with a screw.", "IMPL"),
        (
            "Cells are injected at four points in the edge of the spinal cord (16 ul).",
            "ISC",
        ),
        ("Cells are injected to the anal sphincter.", "IM"),
        ("Cells are seeded on a silicone dressing for the ulcer.", "TOP"),
        ("Cells are infused to the focus through a bronchoscope.", "ETR"),
        ("The study drug in normal saline is injected intravenously.", "IV"),
        ("Cells reach the lung by the internal carotid artery.", "NOT_STATED"),
        ("Intra-arterial infusion of cells via the vertebral artery.", "OTHER"),
        (
            "Infusion of cells. Pentostatin is given by intravenous infusion.",
            "PARENTERAL",
        ),
        ("Cells are infused to repair the kidney.", "PARENTERAL"),
        ("Cells treat steroid-resistant graft-versus-host disease.", "NOT_STATED"),
        (
            "Cells are given; pain drugs by intramuscular injection of medications.",
            "NOT_STATED",
        ),
    ],
)
def test_a_place_given_into_is_the_route(description, route):
    assert routes(description) == {route}


def test_the_vein_of_the_sham_is_no_route_of_the_cells():
    words = "Sham procedure (puncture of the femoral vein), then cells into the liver."
    assert routes(words) == {"IH"}


def test_asc_means_fat_only_where_fat_is_named():
    product = "Adherent stromal cells (ASCs) from placenta"
    assert values(label(trial("By vein.", name=product)), "cell_source") == {"PL"}


def test_a_drug_of_the_control_group_lends_no_route():
    summary = (
        "Cells are given to one group. Patients of the control group received an "
        "intravenous injection of lipoic acid."
    )
    assert routes(None, brief_summary=summary) == {"NOT_STATED"}


def test_current_treatment_by_vein_is_background():
    summary = "The current treatment is intravenous infusion of clotting factors."
    assert routes("Infusion of the cells.", brief_summary=summary) == {"PARENTERAL"}


@pytest.mark.parametrize(
    "label_of_arm",
    [
        "No mesenchymal stem cells",
        "Non-MSCs",
        "Matrix lacking any cells",
        "Acellular sheet",
    ],
)
def test_an_arm_named_for_the_lack_of_cells_has_no_product(label_of_arm):
    record = trial(
        arms=(
            Arm(arm_label="Cells", interventions=(CELLS,)),
            Arm(arm_label=label_of_arm, interventions=("Matrix",)),
        ),
        interventions=(
            Intervention(name=CELLS, description="Intravenous infusion."),
            Intervention(name="Matrix", description=label_of_arm),
        ),
    )
    assert values(label(record), "route", "A2") == {"NONE"}


def test_what_cells_are_added_to_is_not_a_name_of_the_cells():
    record = trial(
        arms=(
            Arm(arm_label="MSC and DMARDs", interventions=("MSC + DMARDs",)),
            Arm(arm_label="DMARDs", interventions=("DMARDs",)),
        ),
        interventions=(
            Intervention(name="MSC + DMARDs", description="MSC by vein."),
            Intervention(name="DMARDs", description="Usual medicines."),
        ),
    )
    assert values(label(record), "route", "A2") == {"NONE"}


def test_arms_come_from_the_record_that_has_them_beside_an_export_without():
    name = "Umbilical cord mesenchymal stem cells"
    full = trial(
        "Infused into the portal vein.",
        arms=tuple(
            Arm(arm_label=dose, interventions=(name,)) for dose in ("High", "Low")
        ),
    )
    export = trial(arms=(), interventions=(Intervention(name=name),))
    result = label_records([export, full])
    assert values(result, "route", "A1") == values(result, "route", "A2") == {"PV"}


def test_one_intervention_that_lists_several_things_goes_by_the_arm():
    name = "fat filler, plate, chin surgery"
    record = trial(
        arms=(
            Arm(arm_label="autologous fat", interventions=(name,)),
            Arm(arm_label="plate", interventions=(name,)),
        ),
        interventions=(Intervention(name=name, description="Fat is injected."),),
    )
    result = label(record)
    assert values(result, "cell_type", "A1") == {"SVF"}
    assert values(result, "route", "A2") == {"NONE"}


def test_an_arm_of_cells_or_placebo_is_a_cell_arm():
    record = trial(
        brief_title="Intravenous mesenchymal stem cells in stroke",
        arms=(
            Arm(
                arm_label="Cohort 1",
                arm_type="OTHER",
                description="Stroxel 200 million cells or placebo on day 0",
                interventions=("Stroxel", "Placebo"),
            ),
        ),
        interventions=(Intervention(name="Stroxel"), Intervention(name="Placebo")),
    )
    assert values(label(record), "route") == {"IV"}


@pytest.mark.parametrize(
    "title",
    [
        "Follow-up study of patients who completed the trial of mesenchymal stem cells",
        "Isolation and authentication of mesenchymal stem cells from discs",
        "Exercise after mesenchymal stem cell transplantation",
        "Safety of MSC-Exos in dementia",
        "Mitochondria isolated from mesenchymal stem cells in myositis",
    ],
)
def test_a_study_that_gives_no_cells_is_no_cell_trial(title):
    record = trial(
        brief_title=title,
        arms=(Arm(arm_label="All", interventions=("Visits",)),),
        interventions=(Intervention(name="Visits", description="Two visits."),),
    )
    assert label(record).is_cell_trial is False


def test_cells_that_a_product_is_made_of_are_not_its_type():
    result = label(
        trial(
            "The stromal vascular fraction is injected; it hosts many cells comprising "
            "CD34+ haematopoietic cells.",
            name="Stromal vascular fraction",
        )
    )
    assert values(result, "cell_type") == {"SVF"}


def test_mononuclear_cells_take_the_kind_of_their_one_tissue():
    result = label(
        trial("Mononuclear cells from bone marrow by vein.", name="Mononuclear cells")
    )
    assert values(result, "cell_type") == {"BM-MNC"}


def test_a_graft_that_both_groups_get_is_no_product():
    record = trial(
        arms=(
            Arm(
                arm_label="Cells",
                arm_type="EXPERIMENTAL",
                description="MSC, then haematopoietic stem cells.",
                interventions=(CELLS,),
            ),
            Arm(
                arm_label="Placebo",
                arm_type="PLACEBO_COMPARATOR",
                description="Infusion of haematopoietic stem cells, and saline.",
                interventions=("Saline",),
            ),
        ),
        interventions=(Intervention(name=CELLS), Intervention(name="Saline")),
    )
    assert values(label(record), "cell_type", "A1") == {"MSC"}


def test_where_cells_are_found_in_nature_is_no_source():
    summary = "MSCs were first identified in bone marrow and can be found in fat."
    assert values(
        label(trial("By vein.", name=CELLS, brief_summary=summary)), "cell_source"
    ) == {"NOT_STATED"}


def test_of_a_kit_for_two_kinds_of_cells_each_arm_gets_the_one_it_names():
    kit = "Kit for bone marrow concentrate and stromal vascular fraction"
    arms = tuple(
        Arm(arm_label=f"Injection of {cells}", interventions=(kit,))
        for cells in ("bone marrow concentrate", "stromal vascular fraction")
    )
    result = label(trial(arms=arms, interventions=(Intervention(name=kit),)))
    assert values(result, "cell_type", "A1") == {"BMA"}
    assert values(result, "cell_type", "A2") == {"SVF"}


def test_a_placebo_arm_that_bears_the_name_of_the_cells_gets_none():
    arms = (
        Arm(
            arm_label="Cohort 1: MSCs", arm_type="EXPERIMENTAL", interventions=(CELLS,)
        ),
        Arm(
            arm_label="Cohort 2: MSCs",
            arm_type="PLACEBO_COMPARATOR",
            description="A single infusion of placebo.",
            interventions=("Placebo",),
        ),
    )
    items = (Intervention(name=CELLS), Intervention(name="Placebo"))
    result = label(trial(arms=arms, interventions=items))
    assert values(result, "route", "A2") == {"NONE"}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("They are pulsed with apoptotic prostate cancer cells from a cell line.", ""),
        ("Tumor cells will be collected from the bone marrow for the vaccine.", ""),
        ("Dendritic cells of peripheral blood monocytes are given.", "PB"),
    ],
)
def test_what_cells_are_loaded_with_is_no_source(text, source):
    cells = "Dendritic cells"
    record = trial(
        brief_title="Dendritic cell vaccine",
        arms=(Arm(arm_label=cells, description=text, interventions=(cells,)),),
        interventions=(Intervention(name=cells),),
    )
    assert values(label(record), "cell_source") == {source or "NOT_STATED"}
