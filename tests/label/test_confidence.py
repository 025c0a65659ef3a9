"""Which labels are sure: every doubt with a label that has it and one that has not."""

import json

import pandas as pd
import pytest

import trialkit as tk
from trialkit.label.confidence import doubts
from trialkit.label.engine import label_records
from trialkit.record import Arm, Intervention, Record
from trialkit.score import score_labels
from trialkit.summarize.doubts import doubted

TRIAL = "NCT00000001"
CELLS = "Allogeneic cord blood mesenchymal stem cells"
GIVEN = "Cells are infused intravenously."


def rated(name=CELLS, description=GIVEN, **more):
    """Return the labels of a record by arm and axis."""
    rows = (Arm(arm_label="Treated", arm_type="EXPERIMENTAL", interventions=(name,)),)
    item = Intervention(
        intervention_type="BIOLOGICAL", name=name, description=description
    )
    fields = {"brief_title": "A trial", "arms": rows, "interventions": (item,)} | more
    return label_records([Record(trial_id=TRIAL, **fields)]).labels


def doubts_of(axis, *, arm="A1", **record):
    (found,) = {r.doubts for r in rated(**record) if (r.arm_id, r.axis) == (arm, axis)}
    return (found or "").split("; ")


OLD = {
    "arms": (),
    "interventions": (),
    "brief_title": "Infusion of mesenchymal stem cells in cirrhosis",
}
CASES = {
    "cells_named": (
        ("route", {**OLD, "brief_title": "What becomes of mesenchymal stem cells"}),
        ("route", {"name": "Saline", "brief_summary": "MSC help elsewhere."}),
    ),
    "product_elsewhere": (("donor", OLD), ("donor", {})),
    "cell_free_named": (
        ("cell_type", {"description": f"{GIVEN} MSC make exosomes."}),
        ("cell_type", {}),
    ),
    "general": (
        ("route", {"description": "Cells are infused."}),
        ("route", {}),
    ),
    "summary_only": (
        (
            "route",
            {
                "description": "",
                "brief_summary": "In this study the MSC will be given intravenously.",
            },
        ),
        ("route", {}),
    ),
    "several": (
        ("route", {"description": f"{GIVEN} Or the cells are given intrathecally."}),
        ("route", {}),
    ),
    "other_named": (
        (
            "cell_type",
            {"brief_summary": "This study compares them to natural killer cells."},
        ),
        ("cell_type", {"brief_summary": "Natural killer cells are lymphocytes."}),
    ),
    "not_in_names": (
        (
            "cell_source",
            {
                "name": "Mesenchymal stem cells",
                "description": f"{GIVEN} The cells are from bone marrow.",
            },
        ),
        ("cell_source", {}),
    ),
    "by_rule": (
        ("route", {"description": "The cells are injected into the left knee."}),
        ("route", {}),
    ),
}


@pytest.mark.parametrize("doubt", CASES)
def test_a_doubt_stands_where_its_sign_is_and_nowhere_else(doubt):
    (axis, having), (same, without) = CASES[doubt]
    assert doubt in doubts_of(axis, **having)
    assert doubt not in doubts_of(same, **without)


def test_every_doubt_has_an_example():
    assert list(CASES) == list(doubts())


def test_a_label_is_sure_without_a_doubt_and_no_claim_where_nobody_measured():
    found = {row.axis: (row.value, row.confidence, row.doubts) for row in rated()}
    assert found["route"] == ("IV", "sure", None)
    assert found["donor"] == ("ALLO", "sure", None)
    assert found["processing"] == ("NOT_STATED", None, None)


def test_a_trial_that_names_no_cells_is_surely_none():
    rows = label_records([Record(trial_id=TRIAL, brief_title="Aspirin")]).labels
    assert {(row.value, row.confidence) for row in rows} == {
        ("none", "sure"),
        ("NONE", "sure"),
    }


def test_a_summary_that_names_cells_makes_a_record_without_arms_unsure():
    told = {"brief_title": "A title", "brief_summary": "Mesenchymal stem cells."}
    drug = Intervention(intervention_type="DRUG", name="Aspirin")
    arm = Arm(arm_label="Aspirin", interventions=("Aspirin",))
    for arms, confidence in (((), "unsure"), ((arm,), "sure")):
        record = Record(trial_id=TRIAL, arms=arms, interventions=(drug,), **told)
        rows = label_records([record]).labels
        assert {(row.value, row.confidence) for row in rows} == {
            ("none", confidence),
            ("NONE", confidence),
        }


def study(number, title, arms=(), summary=""):
    names = [f"Biological: {name}" for _, name in arms]
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT0000000{number}",
                "briefTitle": title,
            },
            "descriptionModule": {"briefSummary": summary},
            "armsInterventionsModule": {
                "armGroups": [
                    {
                        "label": label,
                        "type": "EXPERIMENTAL",
                        "interventionNames": [f"Biological: {name}"],
                    }
                    for label, name in arms
                ],
                "interventions": [
                    {"type": "BIOLOGICAL", "name": name.removeprefix("Biological: ")}
                    for name in names
                ],
            },
        }
    }


SURE = study(1, "A", [("IV", f"{CELLS} given intravenously")])
ONE_OPEN = study(2, "B", [("Cells", "Cord blood mesenchymal stem cells, intravenous")])
TWO_OPEN = study(3, "C", [("Cells", "Mesenchymal stem cells, intravenous")])
UNSURE = study(
    4,
    "Mesenchymal stem cells in cirrhosis",
    summary="In this study MSC will be infused into a vein.",
)
NAMED = study(5, "What becomes of mesenchymal stem cells", summary="A survey.")


@pytest.fixture
def loaded(tmp_path):
    def load(*studies, **more):
        path = tmp_path / "records.json"
        path.write_text(json.dumps(studies))
        return tk.load(path, **more)

    return load


def questions(data):
    rows = doubted(data)[["trial_id", "arm_id", "axis", "labelled"]]
    return [tuple(row) for row in rows.fillna("").to_numpy()]


def test_what_changes_most_is_asked_first_and_what_is_sure_is_not(loaded):
    found = questions(loaded(SURE, ONE_OPEN, TWO_OPEN, UNSURE, NAMED))
    decisions = [one for one in found if one[2] == "is_cell_trial"]
    assert decisions == [
        ("NCT00000004", "", "is_cell_trial", "yes"),
        ("NCT00000005", "", "is_cell_trial", "no"),
    ]
    assert list(dict.fromkeys(one[0][-1] for one in found)) == ["4", "5", "3", "2"]
    assert found[-1] == ("NCT00000002", "A1", "donor", "NOT_STATED")


def test_the_sentences_of_a_trial_that_may_give_cells_after_all_are_shown(loaded):
    (row,) = tk.undecided(loaded(NAMED)).itertuples()
    assert (row.axis, row.labelled, row.doubts) == (
        "is_cell_trial",
        "no",
        "cells_named",
    )
    assert row.sentence == "What becomes of mesenchymal stem cells"


def test_a_readers_answer_is_sure_and_settles_the_trial(loaded, tmp_path):
    path = tmp_path / "own.csv"
    told = "reason,decided_by,date"
    path.write_text(
        f"trial_id,arm_id,axis,value,{told}\n"
        "NCT00000004,,is_cell_trial,yes,read,me,2026-11-22\n"
        "NCT00000004,A1,donor,NOT_STATED,read,me,2026-11-22\n"
    )
    before, after = loaded(UNSURE), loaded(UNSURE, overrides=path)
    assert "is_cell_trial" in set(doubted(before)["axis"])
    assert set(doubted(after)["axis"]) == {"route", "cell_source"}
    rows = after.labels.set_index("axis")
    assert rows.loc["donor", "confidence"] == "sure"
    assert rows.loc["cell_type", "confidence"] == "sure"


def test_a_score_tells_how_many_sure_labels_are_right(tmp_path):
    rows = [
        (TRIAL, "A1", "route", "IV", "sure", ""),
        (TRIAL, "A2", "route", "IM", "sure", ""),
        (TRIAL, "A3", "route", "IV", "unsure", "by_rule; several"),
        (TRIAL, "A1", "donor", "ALLO", "", ""),
    ]
    columns = "trial_id arm_id axis value confidence doubts".split()
    gold = {
        "id": TRIAL,
        "scope": "cell",
        "arms": [{"arm": n, "product": True, "routes": ["IV"]} for n in range(3)],
        "routes": ["IV"],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(gold))
    score = score_labels(pd.DataFrame(rows, columns=columns), path)
    own = score.figures[score.figures["unit"] == "label"]
    found = {(r.figure, r.axis): (r.n, r.total) for r in own.itertuples()}
    assert found["sure_right", ""] == (1, 2)
    assert found["sure_coverage", "route"] == (2, 3)
    assert found["doubt_by_rule", "route"] == (1, 1)
    assert "sure labels right: 1 of 2" in str(score)
    assert "right with doubt several: 1 of 1" in str(score)
