"""Several products in one arm: donor, type and source belong to one of them."""

import pandas as pd
import pytest

import trialkit as tk
from tests.examples import example_trials
from trialkit.label.engine import label_records
from trialkit.record import Arm, Intervention, Record
from trialkit.summarize.cells import donor_words
from trialkit.summarize.groups import NOT_TOLD, arm_labels, shown
from trialkit.summarize.pairs import paired
from trialkit.workspace import example_path

NO_TERMS = pd.DataFrame()


def rows(name, description="Cells are given by vein.", **more):
    arm = Arm(arm_label="Treatment", arm_type="EXPERIMENTAL", interventions=(name,))
    item = Intervention(name=name, description=description)
    fields = {"arms": (arm,), "interventions": (item,)} | more
    return label_records([Record(trial_id="NCT00000001", **fields)]).labels


def products(labels, arm="A1"):
    axes = {"cell_type", "cell_source", "donor", "donor_inferred"}
    return {
        (row.axis, row.value): row.product
        for row in labels
        if row.arm_id == arm and row.axis in axes and row.value != "NOT_STATED"
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "Autologous bone marrow mononuclear cells and umbilical cord mesenchymal "
            "stem cells",
            {
                ("cell_source", "BM"): "1",
                ("cell_source", "UC"): "2",
                ("cell_type", "BM-MNC"): "1",
                ("cell_type", "MSC"): "2",
                ("donor", "AUTO"): "1",
                ("donor_inferred", "ALLO"): "2",
            },
        ),
        (
            "Allogeneic mesenchymal stem cells from umbilical cord/ bone marrow",
            {
                ("cell_source", "BM"): "1",
                ("cell_source", "UC"): "2",
                ("cell_type", "MSC"): "1; 2",
                ("donor", "ALLO"): "1; 2",
            },
        ),
        (
            "Autologous mesenchymal stem cells and hematopoietic stem cells",
            {
                ("cell_type", "MSC"): "1",
                ("cell_type", "HSC"): "2",
                ("donor", "AUTO"): "1; 2",
            },
        ),
        (
            "Hematopoietic stem cells and mesenchymal stem cells derived from "
            "allogeneic umbilical cord",
            {
                ("cell_type", "MSC"): "1",
                ("cell_type", "HSC"): "2",
                ("cell_source", "UC"): "1; 2",
                ("donor", "ALLO"): "1; 2",
            },
        ),
        (
            "Autologous chondrocytes mixed with allogeneic adipose derived "
            "mesenchymal stem cells",
            {
                ("cell_type", "MSC"): "1",
                ("cell_type", "CHON"): "2",
                ("cell_source", "AT"): "1",
                ("cell_source", "OTHER"): "2",
                ("donor", "AUTO"): "2",
                ("donor", "ALLO"): "1",
            },
        ),
        (
            "Autologous bone marrow mesenchymal stem cells",
            {
                ("cell_source", "BM"): None,
                ("cell_type", "MSC"): None,
                ("donor", "AUTO"): None,
            },
        ),
    ],
)
def test_what_is_told_of_one_product_bears_its_number(name, expected):
    assert products(rows(name)) == expected


def test_a_donor_that_is_told_of_no_product_bears_no_number():
    labels = rows(
        "Adipose derived mesenchymal stem cells and chondrocytes",
        "Fat is harvested from the abdomen of the patients by liposuction.",
    )
    assert products(labels)["donor", "AUTO"] is None


def test_a_title_gives_no_arm_the_donor_of_another_arms_source():
    names = (
        "Bone marrow mesenchymal stem cells",
        "Umbilical cord mesenchymal stem cells",
    )
    labels = rows(
        "",
        brief_title="Autologous bone marrow mesenchymal stem cells versus third-party "
        "umbilical cord mesenchymal stem cells",
        arms=tuple(Arm(arm_label=name, interventions=(name,)) for name in names),
        interventions=tuple(Intervention(name=name) for name in names),
    )
    assert ("donor", "AUTO") in products(labels, "A1")
    assert ("donor", "ALLO") not in products(labels, "A1")
    assert ("donor", "ALLO") in products(labels, "A2")
    assert ("donor", "AUTO") not in products(labels, "A2")


@pytest.fixture(scope="module")
def two_products():
    return tk.load(example_path() / "NCT01877759.json")


def test_no_donor_is_crossed_with_the_source_of_another_product(two_products):
    made = tk.summarize.donor_by_source(two_products)
    assert made[["cell_source", "relation", "n"]].to_numpy().tolist() == [
        ["Bone marrow", "Autologous", 1],
        ["Umbilical cord", "Allogeneic (inferred)", 1],
    ]
    made = tk.count(two_products, by=["cell_source", "donor"])
    assert made.to_numpy().tolist() == [
        ["Bone marrow", "Autologous", 1],
        ["Umbilical cord", "Not stated", 1],
    ]


def test_words_on_donors_name_the_source_that_they_are_told_of(two_products):
    assert donor_words(two_products).tolist() == ["Autologous (bone marrow)"]
    made = donor_words(two_products, unit="arms")
    assert made.to_dict() == {("NCT01877759", "A1"): "Autologous (bone marrow)"}
    both = tk.load(example_path() / "NCT04243681.json")
    assert donor_words(both).tolist() == ["Autologous"]


def test_a_value_of_nobody_knows_which_product_stands_beside_not_told():
    arms = pd.DataFrame(
        {"trial_id": ["T", "U"], "arm_id": ["A1", "A1"]}, dtype="string"
    )
    told = [
        ("T", "cell_source", "BM", "1"),
        ("T", "cell_source", "AT", "2"),
        ("T", "donor", "AUTO", None),
        ("T", "route", "IV", None),
        ("U", "cell_source", "BM", None),
        ("U", "donor", "AUTO", None),
    ]
    rows = pd.DataFrame(told, columns=["trial_id", "axis", "value", "product"])
    rows = rows.assign(arm_id="A1").astype("string")
    made = paired(arms, rows, ["cell_source", "donor", "route"])
    assert made.drop(columns="arm_id").to_numpy().tolist() == [
        ["T", "BM", "NOT_TOLD", "IV"],
        ["T", "AT", "NOT_TOLD", "IV"],
        ["T", "NOT_TOLD", "AUTO", "IV"],
        ["U", "BM", "AUTO", "NOT_STATED"],
    ]
    assert len(paired(arms, rows, ["cell_source"])) == 3
    shown_words = shown(made["donor"], "donor", terms=NO_TERMS)
    assert shown_words[0] == NOT_TOLD


def test_arms_of_one_product_are_combined_as_before():
    data = example_trials()
    made = arm_labels(data, ["cell_source", "donor", "route"])
    assert len(made) == len(made.drop_duplicates())
    several = data.labels[data.labels["product"].notna()]
    assert set(several["trial_id"]) >= {"NCT01877759", "NCT04243681"}
    for axis in ("cell_source", "donor", "route"):
        single = arm_labels(data, [axis])
        assert set(single[axis]) <= set(made[axis]) | {"NOT_STATED"}
