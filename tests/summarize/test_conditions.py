"""Conditions in groups: areas of disease, or finer ones where all trials share one."""

from collections import Counter

import pandas as pd
import pytest

import trialkit as tk
from tests.examples import example_cell_trials
from tests.trials_by_hand import made
from trialkit.read.values.areas import areas_of
from trialkit.read.values.condition_rows import row_of
from trialkit.tidy.value_lists import members

LIVER = ("Cirrhosis", "Acute Liver Failure", "Hepatitis B", "Liver Transplantation")


def trials(*conditions, **facts):
    """Return one trial per list of conditions; facts are lists, one a trial."""
    ids = [f"NCT{i:08d}" for i in range(len(conditions))]
    rows = [
        {"trial_id": trial_id, **{name: values[i] for name, values in facts.items()}}
        for i, trial_id in enumerate(ids)
    ]
    listed = [
        {"trial_id": trial_id, "condition": condition}
        for trial_id, own in zip(ids, conditions, strict=True)
        for condition in own
    ]
    return made(trials=rows, conditions=listed)


def counts(frame):
    return {row: n for row, n in zip(frame["condition"], frame["n"], strict=True) if n}


def test_a_trial_counts_in_every_area_that_it_names():
    data = trials(["Stroke"], ["Asthma", "Burns"], ["Knee Osteoarthritis"])
    made = tk.summarize.conditions(data)

    assert counts(made) == {
        "Heart and vessels": 1,
        "Immune system": 1,
        "Injury": 1,
        "Joints, bones and muscles": 1,
        "Lungs and airways": 1,
        "Nervous system": 1,
        "Skin": 1,
    }
    assert made.attrs["n_several"] == 2
    assert not made.attrs["is_fine"]


def test_where_most_trials_share_an_area_the_groups_are_finer():
    data = trials(*([name] for name in LIVER), ["Frostbite"])
    made = tk.summarize.conditions(data)

    assert made.attrs["is_fine"]
    assert counts(made) == {
        "Acute liver failure": 1,
        "Cirrhosis, stage not named": 1,
        "Frostbite": 1,
        "Liver transplantation": 1,
        "Viral hepatitis": 1,
    }


def test_half_of_the_trials_in_one_area_are_not_most_of_them():
    made = tk.summarize.conditions(trials(["Cirrhosis"], ["Stroke"]))

    assert not made.attrs["is_fine"]


def test_finer_groups_that_leave_too_many_without_a_row_are_not_taken():
    """20 cancers of 20 spellings: areas say more than 14 rows and a rest."""
    data = trials(*([f"Odd Cancer {n}"] for n in range(40)))
    made = tk.summarize.conditions(data)

    assert not made.attrs["is_fine"]
    assert counts(made) == {"Cancer": 40}


def test_a_field_that_the_vocabulary_does_not_know_is_shown_by_area():
    made = tk.summarize.conditions(trials(["Glaucoma"], ["Uveitis"], ["Knee Pain"]))

    assert not made.attrs["is_fine"]
    assert counts(made) == {"Eye": 2, "Joints, bones and muscles": 1}


def test_the_commonest_groups_come_first_and_ties_by_name():
    data = trials(["Stroke"], ["Glaucoma"], ["Burns"], ["Multiple Sclerosis"])

    assert list(counts(tk.summarize.conditions(data))) == [
        "Nervous system",
        "Eye",
        "Heart and vessels",
        "Immune system",
        "Injury",
        "Skin",
    ]


def test_at_most_fourteen_groups_have_a_row_beside_the_others():
    """One group more needs no row of others, which would be as long."""
    areas = list(dict.fromkeys(AREAS.values()))
    conditions = {area: name for name, area in AREAS.items()}
    few = trials(*([conditions[area]] for area in areas[:15]))
    many = trials(*([conditions[area]] for area in areas[:17]))

    assert len(counts(tk.summarize.conditions(few))) == 15
    made = tk.summarize.conditions(many)
    assert len(counts(made)) == 15
    assert counts(made)["Other conditions"] == 3
    assert len(made.attrs["others"]) == 3


#: A condition of one area each.
AREAS = {
    "Cancer": "Cancer",
    "Anemia": "Blood",
    "Heart Failure": "Heart and vessels",
    "Emphysema": "Lungs and airways",
    "Cirrhosis": "Digestive system and liver",
    "Kidney Failure": "Kidney and urinary tract",
    "Infertility": "Sexual and reproductive organs",
    "Preterm Labor": "Pregnancy and birth",
    "Epilepsy": "Nervous system",
    "Anxiety": "Mental health",
    "Glaucoma": "Eye",
    "Tinnitus": "Ear, nose, throat and mouth",
    "Osteoarthritis": "Joints, bones and muscles",
    "Vitiligo": "Skin",
    "Obesity": "Metabolism and hormones",
    "Allergy": "Immune system",
    "Malaria": "Infection",
}


def test_a_condition_of_no_known_area_stands_under_others_and_none_under_not_stated():
    data = trials(["Stem Cells"], ["Stroke"], [])
    made = tk.summarize.conditions(data)

    assert counts(made) == {
        "Heart and vessels": 1,
        "Nervous system": 1,
        "Other conditions": 1,
        "Not stated": 1,
    }
    assert made.attrs["n_usable"] == 2


def test_participants_are_those_that_are_stated_and_each_trial_once_in_all():
    named = ["Stroke"], ["Stroke"], ["Anemia"], ["Glaucoma"]
    data = trials(*named, enrollment=[10, 5, None, None])
    made = tk.summarize.conditions(data).set_index("condition")

    assert made.loc["Nervous system", ["participants", "n_sized"]].tolist() == [15, 2]
    assert made.loc["Blood", "n_sized"] == 0
    assert pd.isna(made.loc["Blood", "participants"])
    assert made.attrs["participants"] == 15


def test_without_trials_there_are_no_groups():
    made = tk.summarize.conditions(trials())

    assert counts(made) == {}
    assert made.attrs["n_trials"] == 0


def test_starts_are_one_row_per_trial_and_group_without_the_undated():
    data = trials(
        ["Ischemic Stroke"],
        ["Anemia"],
        start_date=["2020-05", None],
        enrollment=[10, 5],
    )
    made = tk.summarize.condition_starts(data, as_of="2026-01-01")

    assert made[["condition", "enrollment"]].to_numpy().tolist() == [
        ["Heart and vessels", 10],
        ["Nervous system", 10],
    ]
    assert made["start_date"].unique().tolist() == ["2020-05"]
    assert made["start_latest"].dt.strftime("%F").unique().tolist() == ["2020-05-31"]
    assert "start" not in made
    assert (made.attrs["n_usable"], made.attrs["n_undated"]) == (1, 1)


def test_a_trial_can_be_counted_by_its_areas():
    made = tk.count(trials(["Stroke"], ["Stem Cells"]), by="condition_area")

    assert dict(zip(made["condition_area"], made["n"], strict=True)) == {
        "Heart and vessels": 1,
        "Nervous system": 1,
        "Other conditions": 1,
        "Not stated": 0,
    }


@pytest.fixture(scope="module")
def examples():
    return example_cell_trials().counted()


def test_the_examples_are_counted_as_plain_loops_count_them(examples):
    rows, people, undated = Counter(), Counter(), 0
    for _, trial in examples.trials.iterrows():
        table = examples.conditions
        own = table.loc[table["trial_id"] == trial["trial_id"], "condition"]
        known = {row_of(name) for name in own} - {None} or set(own)
        for vague, better in VAGUE.items():
            known -= {vague} if known & better else set()
        rows.update(known)
        people.update(dict.fromkeys(known, trial["enrollment"]))
        undated += pd.isna(trial["start_date"])
    made = tk.summarize.conditions(examples)
    starts = tk.summarize.condition_starts(examples, as_of="2026-06-30")

    assert counts(made) == rows
    assert dict(zip(made["condition"], made["participants"], strict=True)) == {
        **people,
        "Not stated": pd.NA,
    }
    assert starts.attrs["n_undated"] == undated
    assert len(starts) == sum(rows.values()) - undated


#: Rows of the examples that yield to others, by the rows that they yield to.
VAGUE = {
    "Cirrhosis, stage not named": {"Decompensated cirrhosis"},
    "Liver failure, kind not named": {
        "Acute liver failure",
        "Acute-on-chronic liver failure",
    },
    "Liver disease, kind not named": {"Fatty liver disease", "Decompensated cirrhosis"},
}


def test_the_matrix_adds_up_to_the_trials_and_participants_of_each_row(examples):
    made = tk.summarize.condition_by_route(examples)
    whole = tk.summarize.conditions(examples).set_index("condition")
    for condition, own in made.groupby("condition", observed=True):
        assert own["n"].sum() == own["n_trials"].iloc[0] == whole.loc[condition, "n"]
        people = own["participants"].iloc[0]
        assert pd.isna(people) or people == whole.loc[condition, "participants"]


def test_areas_of_the_examples_are_those_of_their_conditions(examples):
    known = Counter()
    for trial_id in examples.trials["trial_id"]:
        own = examples.conditions[examples.conditions["trial_id"] == trial_id]
        first = own.iloc[0]
        terms = [t for c in ("mesh_terms", "mesh_ancestors") for t in told(first[c])]
        branches = told(first["registry_groups"])
        known.update(areas_of(own["condition"], mesh=terms, branches=branches))
    made = tk.count(examples, by="condition_area")

    assert dict(zip(made["condition_area"], made["n"], strict=True)) == {
        **known,
        "Not stated": 0,
    }


def told(text):
    return members(None if pd.isna(text) else text)
