"""Which arm gets which intervention: by type and name, and never by a guess."""

import pytest

from trialkit.label.study import Study
from trialkit.merge import merge
from trialkit.merge.arm_links import arm_links
from trialkit.record import Arm, Intervention, Record


def record(arms, interventions):
    return Record(
        trial_id="NCT00000001",
        source_id="S1",
        arms=tuple(Arm(arm_label=label, interventions=names) for label, *names in arms),
        interventions=tuple(
            Intervention(intervention_type=kind, name=name, arm_labels=tuple(labels))
            for kind, name, *labels in interventions
        ),
    )


def pairs(arms, interventions):
    return arm_links(record(arms, interventions)).pairs


def test_an_arm_that_names_type_and_name_gets_that_one_of_two_of_a_name():
    given = [("DRUG", "MSC"), ("BIOLOGICAL", "MSC")]
    assert pairs([("A", "Drug: MSC"), ("B", "Biological: MSC")], given) == [
        (0, 0),
        (1, 1),
    ]


def test_of_two_of_one_type_and_name_the_one_that_names_the_arm_is_meant():
    given = [("DRUG", "Placebo", "1"), ("DRUG", "Placebo", "2")]
    assert pairs([("1", "Drug: Placebo"), ("2", "Drug: Placebo")], given) == [
        (0, 0),
        (1, 1),
    ]


def test_of_two_arms_of_one_label_the_one_that_names_the_intervention_is_meant():
    arms = [("Cohort", "Drug: MSC"), ("Cohort", "Drug: Saline")]
    given = [("DRUG", "MSC", "Cohort"), ("DRUG", "Saline", "Cohort")]
    assert pairs(arms, given) == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Biological: MSC", "BIOLOGICAL", "MSC"),
        ("Dietary Supplement: Iron", "DIETARY_SUPPLEMENT", "Iron"),
        ("msc  therapy", "BIOLOGICAL", "MSC Therapy"),
        ("MSC: high dose", "BIOLOGICAL", "MSC: high dose"),
        ("Drug: MSC: high dose", "DRUG", "MSC: high dose"),
        ("Drug: MSC", "BIOLOGICAL", "MSC"),
        ("干细胞", "BIOLOGICAL", "干细胞"),
    ],
)
def test_a_name_that_one_intervention_bears_links(text, kind, name):
    given = [(kind, name), ("PROCEDURE", "Surgery")]
    assert pairs([("A", text)], given) == [(0, 0)]


def test_names_that_differ_in_a_mark_are_two():
    given = [("BIOLOGICAL", "CD34+"), ("BIOLOGICAL", "CD34-")]
    assert pairs([("A", "Biological: CD34-")], given) == [(0, 1)]


def test_what_could_be_several_is_listed_and_not_linked():
    twice = record([("A", "MSC")], [("DRUG", "MSC"), ("PROCEDURE", "MSC")])
    assert arm_links(twice).pairs == []
    (merged,) = merge([twice], [])
    assert [(s.field, s.value, s.note) for s in merged.statements] == [
        ("arm_interventions", "MSC", "arm A1 names it, and I1 and I2 bear this name")
    ]
    assert not any(s.is_conflict or s.is_chosen for s in merged.statements)


def test_a_label_that_two_arms_bear_is_listed_and_not_linked():
    twice = record([("Cohort",), ("Cohort",)], [("DRUG", "MSC", "Cohort")])
    assert arm_links(twice).pairs == []
    (merged,) = merge([twice], [])
    assert [(s.value, s.note) for s in merged.statements] == [
        ("Cohort", "intervention I1 names it, and A1 and A2 bear this label")
    ]


def test_labels_take_an_arm_for_the_intervention_of_its_own_type():
    given = [("PROCEDURE", "Cells"), ("BIOLOGICAL", "Cells")]
    one = record([("A", "Biological: Cells"), ("B", "Procedure: Cells")], given)
    assert Study([one]).links == [[1], [0]]


def test_labels_look_at_all_that_an_arm_may_get():
    given = [("PROCEDURE", "Cells"), ("BIOLOGICAL", "Cells")]
    assert Study([record([("A", "Cells")], given)]).links == [[0, 1]]


def test_a_name_of_two_interventions_links_none_and_is_told():
    given = [("DRUG", "MSC"), ("PROCEDURE", "MSC")]
    links = arm_links(record([("A", "Drug: MSC", "MSC")], given))
    assert links.pairs == [(0, 0)]
    assert [item.text for item in links.unresolved] == ["MSC"]
