"""Whose route it is, short and misspelt words, carriers: each with its counter-case."""

import pytest

from tests.label.test_traps import label, routes, trial, values
from trialkit.record import Arm, Intervention


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("The cells, iv, 10^6 per kg, once a week.", "IV"),
        ("A single i.v infusion of the cells.", "IV"),
        ("Cells are given sc every second day.", "SC"),
        ("The cells hang from an iv pole and are injected.", "PARENTERAL"),
        ("Cells go to the SC core laboratory and are injected.", "PARENTERAL"),
    ],
)
def test_a_short_form_in_small_letters_needs_a_dose_or_verb(description, route):
    assert routes(description) == {route}


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("Cells are given by intrathechal injection.", "ITH"),
        ("Cells are given intravenosly.", "IV"),
        ("Cells are given into the blood by infrarenal injection.", "PARENTERAL"),
        ("Cells are injected against endogenous infections.", "PARENTERAL"),
    ],
)
def test_one_wrong_letter_of_a_long_route_word_is_read(description, route):
    assert routes(description) == {route}


@pytest.mark.parametrize(
    ("description", "found"),
    [
        (
            "Intradermal injection of the cells and topical application of zalbutin.",
            {"ID"},
        ),
        ("Cells by intravenous infusion, and zalbutin under the skin.", {"IV"}),
        ("Cells by vein, with subcutaneous recombinant human IL-2.", {"IV"}),
        ("Intravenous and subcutaneous injection of the cells.", {"IV", "SC"}),
        ("Intradermal and topical application of the cells.", {"ID", "TOP"}),
    ],
)
def test_a_route_is_that_of_the_nearest_product(description, found):
    cells = "Mesenchymal stem cells"
    arm = Arm(
        arm_label="Both", description=description, interventions=(cells, "Zalbutin")
    )
    items = (Intervention(name=cells), Intervention(name="Zalbutin"))
    record = trial(arms=(arm,), interventions=items)
    assert values(label(record), "route") == found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("Cells are infused by a peripheral or central vein.", "central and arm"),
        ("Cells are infused by a central vein.", "central"),
        (
            "For peripheral or autonomic neuropathy, cells by a central vein.",
            "central",
        ),
    ],
)
def test_two_veins_may_share_their_word(description, found):
    veins = {"central": {"IV.central"}}
    veins["central and arm"] = {"IV.central", "IV.peripheral"}
    assert routes(description) == veins[found]


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("Stromal cells fixed in allogenic bone tissue, with open surgery.", "IMPL"),
        ("Marrow concentrate mixed with bone chips at surgery.", "IMPL"),
        ("Calcium phosphate soaked with the marrow cells.", "IMPL"),
        ("Stromal cells included in a collagen type I membrane.", "IMPL"),
        ("Stromal cells in saline for bone disease are injected.", "PARENTERAL"),
        ("Cells for chronic allograft failure are infused.", "PARENTERAL"),
    ],
)
def test_cells_on_a_solid_carrier_are_implanted(description, route):
    assert routes(description) == {route}


@pytest.mark.parametrize(
    ("description", "route"),
    [
        (
            "Cells are injected in the submucosal layer and in the fistula tract.",
            "ILES",
        ),
        ("Submucosal injection of the cells.", "OTHER"),
        ("Cells are injected to the facial nerve.", "ILES"),
        ("Cells are injected into the breast tissue.", "OTHER"),
        ("Cells are injected into one inguinal lymph node.", "LN"),
        ("Cells are spread between the grafted skin and its bed.", "TOP"),
        ("A study of cell transplant in nonunion of the limb patients.", "PARENTERAL"),
        ("Cells are transplanted into the nonunion of each patient.", "IOSS"),
        ("Instillation of the cells.", "PARENTERAL"),
        ("Usual care such as zinc and a dressing; cells are infused.", "PARENTERAL"),
    ],
)
def test_a_place_decides_before_a_vague_word(description, route):
    assert routes(description) == {route}


@pytest.mark.parametrize(
    ("description", "mode"),
    [
        ("Plasma passes by the cells in a cartridge.", "extracorporeal"),
        ("Blood flows by the cells outside the body and returns.", "extracorporeal"),
        ("Blood cells are taken, grown outside the body and infused.", "in_body"),
        ("Fat cells are washed outside the body and injected.", "in_body"),
    ],
)
def test_cells_are_in_a_device_only_where_blood_passes_them(description, mode):
    assert values(label(trial(description)), "delivery_mode") == {mode}


@pytest.mark.parametrize(
    ("description", "found"),
    [
        (
            "Placebo by vein. They have the option to get the cells after a year.",
            "NONE",
        ),
        ("Cells by vein. They have the option to get more after a year.", "IV"),
    ],
)
def test_a_placebo_arm_that_lists_the_cells_gets_none(description, found):
    names = "Mesenchymal stem cells", "Placebo"
    arms = (
        Arm(arm_label="Group A", description="Cells by vein", interventions=names[:1]),
        Arm(arm_label="Group C", description=description, interventions=names),
    )
    record = trial(
        arms=arms, interventions=tuple(Intervention(name=name) for name in names)
    )
    assert values(label(record), "route", "A2") == {found}


def test_an_arm_of_vesicles_named_after_their_cells_gets_none():
    names = "SF-MSC-X", "SF-MSC"
    told = "Vesicles: mesenchymal stem cell exosomes", "Mesenchymal stem cells by vein"
    arms = tuple(Arm(arm_label=f"Arm {n}", interventions=(n,)) for n in names)
    items = tuple(
        Intervention(name=name, description=words)
        for name, words in zip(names, told, strict=True)
    )
    result = label(trial(arms=arms, interventions=items))
    assert values(result, "route", "A1") == {"NONE"}
    assert values(result, "route", "A2") == {"IV"}


def test_a_route_of_a_cited_trial_is_not_this_study_s():
    words = (
        "In the trial NCT01234567, twice intrathecal stem cell injections were safe. "
        "In this study the cells will be injected twice."
    )
    record = trial(brief_summary=words)
    assert values(label(record), "route") == {"PARENTERAL"}


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("Given ID on days 0 and 7.", "ID"),
        ("Cells given IP once.", "IP"),
        ("The patient ID is noted and the cells are infused.", "PARENTERAL"),
        ("Administered SC-CAR9 cells are infused.", "PARENTERAL"),
        ("Intradermal injection of the vaccine.", "ID"),
        ("Cells are infused after nivolumab IV over an hour.", "PARENTERAL"),
        ("Melphalan intravenously (IV), then an infusion of the cells.", "PARENTERAL"),
        ("Cells go into the tumor resection cavity of the brain.", "ICV"),
        ("Cells are manufactured locally and infused.", "PARENTERAL"),
    ],
)
def test_routes_of_vaccines_and_engineered_cells(description, route):
    assert routes(description, name="Dendritic cell vaccine") == {route}


@pytest.mark.parametrize(("kind", "route"), [("DRUG", "PARENTERAL"), ("OTHER", "IV")])
def test_a_drug_of_the_arm_lends_no_route_and_a_procedure_does(kind, route):
    names = "Stem cell transplantation", "Conditioning"
    items = (
        Intervention(name=names[0]),
        Intervention(name=names[1], description="Given IV", intervention_type=kind),
    )
    arms = (Arm(arm_label="Treatment", interventions=names),)
    record = trial(arms=arms, interventions=items)
    assert values(label(record), "route") == {route}


@pytest.mark.parametrize(
    ("kind", "drug", "told", "found"),
    [
        (
            "DRUG",
            "Zalbutin sulfate",
            "Patients receive zalbutin IV, then cells.",
            set(),
        ),
        ("RADIATION", "Yttrium 90 | intravenous infusion, single dose", "-", set()),
        ("DRUG", "Zalbutin sulfate", "Patients receive cells IV, then pills.", {"IV"}),
    ],
)
def test_a_route_of_what_prepares_is_not_that_of_the_graft(kind, drug, told, found):
    graft = Intervention(name="Bone marrow transplantation")
    name, _, description = drug.partition(" | ")
    other = Intervention(
        name=name, description=description, intervention_type=kind, arm_labels=()
    )
    record = trial(arms=(), interventions=(graft, other), detailed_description=told)
    assert values(label(record), "route") & {"IV"} == found


def test_a_hypothesis_of_this_study_tells_its_route():
    told = (
        "Our primary hypothesis is that transplantation of M2 macrophages by {} works."
    )
    for way, route in (
        ("intrathecal injection", "ITH"),
        ("lumbar administration", "ITH"),
    ):
        record = trial(None, "M2 macrophages", brief_summary=told.format(way))
        assert values(label(record), "route") == {route}
