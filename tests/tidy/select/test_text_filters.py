"""What a search chooses among trials, over which of their texts, and what it tells."""

import pytest

import trialkit as tk
from tests.examples import example_trials
from trialkit.errors import ParameterError, TrialDataError
from trialkit.record import Arm, Intervention, Outcome, Record
from trialkit.tidy.load import from_records

pytestmark = pytest.mark.slow


def trials(**records):
    """Return trials of which each is a record with a few fields."""
    return from_records(
        [Record(trial_id=key, **fields) for key, fields in records.items()],
        labels=False,
    )


def kept(data):
    return data.trials.trial_id.tolist()


DATA = trials(
    NCT00000001={
        "brief_title": "Cells for the knee",
        "conditions": ("Cartilage Defect",),
        "brief_summary": "Time to delivery of care.",
    },
    NCT00000002={
        "brief_title": "A study",
        "conditions": ("Hepatic Cirrhosis",),
        "condition_mesh": ("Fibrosis",),
        "condition_mesh_ancestors": ("Liver Diseases", "Pathologic Processes"),
        "keywords": ("zinc",),
    },
    NCT00000003={
        "acronym": "GOLD",
        "arms": (Arm(arm_label="Iron arm", description="copper daily"),),
        "interventions": (
            Intervention(name="Tin", description="Lead", other_names=("Mercury",)),
        ),
        "detailed_description": "Of nickel.",
        "eligibility_criteria": "no platinum",
        "outcomes": (Outcome(measure="silver"),),
    },
    NCT00000004={},
)


def test_the_first_argument_is_a_search_over_all_that_says_what_a_trial_is():
    for word in ("gold", "iron", "copper", "tin", "lead", "mercury", "nickel"):
        assert kept(DATA.select(word)) == ["NCT00000003"], word
    assert kept(DATA.select("zinc")) == ["NCT00000002"]


def test_eligibility_and_outcomes_are_not_searched():
    assert kept(DATA.select("platinum OR silver")) == []


def test_a_condition_is_searched_in_conditions_mesh_terms_groups_and_titles_only():
    assert kept(DATA.select(condition="liver")) == ["NCT00000002"]
    assert kept(DATA.select(condition='"pathologic processes"')) == ["NCT00000002"]
    assert kept(DATA.select(condition="cirrhosis/fibrosis")) == ["NCT00000002"]
    assert kept(DATA.select(condition="knee")) == ["NCT00000001"]
    assert kept(DATA.select(condition="zinc OR iron OR delivery OR other")) == []


def test_terms_above_the_registrys_own_find_a_trial():
    chosen = DATA.select("pathologic process")
    assert chosen.trials.why_included.tolist() == ['MeSH: "Pathologic Processes"']
    row = chosen.conditions.iloc[0]
    assert row.mesh_terms == "Fibrosis"
    assert row.mesh_ancestors == "Liver Diseases; Pathologic Processes"


def test_not_takes_what_does_not_match_and_records_without_text_among_them():
    chosen = DATA.select("NOT liver")
    assert kept(chosen) == ["NCT00000001", "NCT00000003", "NCT00000004"]
    assert chosen.selection[
        ["n_kept", "n_removed", "n_missing"]
    ].to_numpy().tolist() == [[3, 1, 0]]
    assert chosen.trials.why_included.tolist() == ["without: liver"] * 3


def test_a_record_without_text_counts_as_missing_where_words_are_asked_for():
    chosen = DATA.select(condition="liver")
    assert chosen.selection[
        ["n_kept", "n_removed", "n_missing"]
    ].to_numpy().tolist() == [[1, 2, 1]]


def test_words_may_stand_in_different_fields_of_a_trial():
    chosen = DATA.select("knee cartilage")
    assert chosen.trials.why_included.tolist() == [
        'title: "Cells for the knee"; condition: "Cartilage Defect"'
    ]


def test_each_search_adds_why_a_trial_is_included():
    chosen = DATA.select("zinc", condition="liver")
    assert chosen.trials.why_included.tolist() == [
        'keyword: "zinc"; condition: "Hepatic Cirrhosis" (liver = hepatic)'
    ]
    assert DATA.trials.why_included.isna().all()
    assert chosen.select(phase="Not stated").trials.why_included.notna().all()


def test_where_nothing_is_left_the_selection_says_what_each_part_finds():
    chosen = DATA.select("liver AND knee AND NOT gold")
    assert chosen.selection["filter"].tolist() == [
        "query: liver AND knee AND NOT gold (each alone: liver 1, knee 1, gold 1)"
    ]
    assert set(chosen.excluded.reason) == {
        "query: liver AND knee AND NOT gold: does not apply",
        "query: liver AND knee AND NOT gold: not stated",
    }
    assert DATA.select("platinum").selection["filter"].tolist() == ["query: platinum"]


def test_a_long_text_is_told_around_the_words():
    text = "word " * 200 + "here is zinc, and " + "more " * 200
    (why,) = (
        trials(NCT00000001={"brief_summary": text}).select("zinc").trials.why_included
    )
    assert why.startswith('text: "…word')
    assert why.endswith('more…"')
    assert "here is zinc, and" in why
    assert len(why) < 170


def test_own_synonyms_are_taken(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("term,synonym\nhoof,knee\n", encoding="utf-8")
    assert kept(DATA.select("hoof", synonyms=path)) == ["NCT00000001"]
    assert kept(DATA.select("hoof")) == []
    with pytest.raises(TrialDataError, match="cannot read the synonyms"):
        DATA.select("hoof", synonyms=tmp_path / "none.csv")


@pytest.mark.parametrize("name", ["query", "condition"])
def test_a_mistake_names_the_filter_and_marks_the_place(name):
    with pytest.raises(ParameterError) as told:
        DATA.select(**{name: "liver AND"})
    assert str(told.value) == f"{name}: words must follow\n  liver AND\n        ^"


def test_no_trials_give_no_trials():
    assert len(trials().select("liver", condition="NOT liver")) == 0


def test_every_example_is_on_the_liver():
    # Read one by one: cirrhosis, liver failure, PBC, PSC, autoimmune hepatitis, HBV,
    # transplantation, small-for-size, and Crigler-Najjar treated with liver cells.
    data = example_trials()
    assert len(data.select(condition="liver")) == len(data) == 40
    assert len(data.select(condition="NOT liver")) == 0


@pytest.mark.shared
def test_no_delivery_is_a_liver(shared):
    data = tk.load(shared / "records/cell_therapy_ctgov.ndjson.gz", labels=False)
    chosen = data.select(condition="liver")
    assert chosen.trials.why_included.str.contains("hepat|HBV|liver", case=False).all()
    assert len(chosen) < 15
    for word in ("MS", "OA", "ear", "ALS", "ALF"):
        why = data.select(condition=word).trials.why_included
        assert why.str.contains("sclerosis|arthritis|ALS", case=False).all()
