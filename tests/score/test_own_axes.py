"""Axes of a user's own are scored as the shipped ones are, and alone if need be."""

import json
from pathlib import Path

import pandas as pd
import pytest

import trialkit as tk
from trialkit.cli import main
from trialkit.errors import TrialDataError

EXAMPLE = Path(__file__).parents[2] / "docs" / "gene-therapy"
VOCABULARIES = sorted(EXAMPLE.glob("*.csv"))
ROWS = [
    ("NCT00000001", "A1", "route", "NONE"),
    ("NCT00000001", "A1", "vector", "AAV"),
    ("NCT00000001", "A2", "vector", "NOT_STATED"),
    ("NCT00000002", "A1", "vector", "ADENOVIRUS"),
    ("NCT00000002", "A1", "cell_type", "MSC"),
]


@pytest.fixture
def labels():
    return pd.DataFrame(ROWS, columns=["trial_id", "arm_id", "axis", "value"])


def written(path, *lines):
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def value(score, level, figure="f1", axis="vector"):
    rows = score.figures.set_index(["method", "unit", "axis", "level", "figure"])
    return rows.loc[("rules", "trial", axis, level, figure), "value"]


def test_an_own_axis_is_scored_with_its_parents_and_nothing_else(tmp_path, labels):
    gold = written(
        tmp_path / "gold.jsonl",
        {"id": "NCT00000001", "vector": ["AAV"]},
        {"id": "NCT00000002", "vector": ["VIRUS"]},
    )
    score = tk.score.score_labels(labels, gold, vocabularies=VOCABULARIES)
    assert value(score, "leaf") == 0.5
    assert value(score, "parent") == 1
    assert set(score.figures.axis) == {"vector", "", "is_cell_trial", "all"}
    assert list(score.misses.trial_id) == ["NCT00000002"]
    told = str(score)
    assert "vector, leaf" in told
    assert "By cells" not in told
    assert "cell trial or not" not in told


def test_arms_without_cells_keep_their_own_axes(tmp_path, labels):
    gold = tmp_path / "gold.csv"
    gold.write_text(
        "trial_id,arm,product,routes,vector\n"
        "NCT00000001,0,no,NONE,AAV\n"
        "NCT00000001,1,no,NONE,NOT_STATED\n"
    )
    known = tk.score.read_gold(gold, VOCABULARIES)
    assert known["NCT00000001"].axes["vector"] == {"AAV"}
    score = tk.score.score_labels(labels, gold, vocabularies=VOCABULARIES)
    arms = score.figures.query("unit == 'arm' and axis == 'vector' and level == 'leaf'")
    assert arms.set_index(["method", "figure"]).loc[("rules", "exact"), "value"] == 1


def test_axes_that_no_reader_judged_enter_no_share_of_sure_labels(tmp_path, labels):
    gold = written(tmp_path / "gold.jsonl", {"id": "NCT00000002", "routes": ["IV"]})
    rated = labels.assign(confidence="sure", doubts="")
    shares = tk.score.score_labels(rated, gold).figures
    assert "sure_right" not in set(shares.figure)


def test_an_own_axis_is_refused_without_its_vocabulary_and_a_wrong_id(tmp_path):
    gold = written(tmp_path / "gold.jsonl", {"id": "NCT00000001", "vector": ["HIV"]})
    with pytest.raises(TrialDataError, match="no label 'HIV' on axis vector"):
        tk.score.read_gold(gold, VOCABULARIES)
    with pytest.raises(TrialDataError, match="needs its vocabulary"):
        tk.score.read_gold(gold)


def test_the_command_scores_the_example_of_the_docs(tmp_path, capsys):
    named = [one for name in VOCABULARIES for one in ("--vocabulary", str(name))]
    text = (EXAMPLE / "labels.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    frame = pd.DataFrame(
        [
            {"trial_id": row["id"], "arm_id": "A1", "axis": axis, "value": value}
            for row in rows
            for axis in ("vector", "gene_target")
            for value in row[axis]
        ]
    )
    frame.to_csv(tmp_path / "labels.csv", index=False)
    gold = str(EXAMPLE / "labels.jsonl")
    with pytest.raises(SystemExit, match="0"):
        main(["score", str(tmp_path / "labels.csv"), gold, *named])
    assert "all axes of a trial exact: 40 of 40" in capsys.readouterr().out


SENTENCES = {
    "Patients receive a subretinal injection of an rAAV2 vector": ("AAV", "EYE"),
    "Patients receive CD34+ cells transduced with a lentiviral vector": (
        *("LENTIVIRUS", "BLOOD"),
    ),
    "Patients receive antiretroviral tablets by mouth": ("NOT_STATED", "NOT_STATED"),
}


def test_the_example_vocabularies_label_arms_without_cells(tmp_path):
    head = "NCT Number,Study Title,Study URL,Brief Summary,Conditions,Interventions"
    lines = [
        f"NCT0100000{n},Study {n},https://clinicaltrials.gov/study/NCT0100000{n},"
        f'"{text}.",Anemia,DRUG: Product {n}'
        for n, text in enumerate(SENTENCES)
    ]
    path = tmp_path / "records.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    data = tk.load(path, vocabularies=VOCABULARIES)
    found = data.labels.set_index(["trial_id", "axis"])["value"]
    for n, (text, wanted) in enumerate(SENTENCES.items()):
        for axis, value in zip(("vector", "gene_target"), wanted, strict=True):
            assert found[f"NCT0100000{n}", axis] == value, text
    quoted = data.labels[data.labels["quote"].notna()]
    stored = set(data.passages["trial_id"])
    assert set(quoted["trial_id"]) <= stored
