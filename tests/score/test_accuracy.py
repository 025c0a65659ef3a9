"""T13: the frozen score is printed, and a score of other rules is said to be one."""

import json

import pandas as pd
import pytest

from benchmarks.freeze import TARGET, frozen, since
from trialkit.score import score_labels
from trialkit.tables.accuracy import accuracy_words, label_accuracy
from trialkit.tidy.load import load
from trialkit.version import rules_version
from trialkit.workspace import example_path

GOLD = {
    "id": "NCT01218464",
    "arms": [
        {"arm": 0, "routes": ["IV.peripheral"]},
        {"arm": 1, "product": False, "routes": ["NONE"]},
    ],
    "routes": ["IV.peripheral"],
    "delivery": "in_body",
    "cell_type": ["MSC"],
    "cell_source": ["UC"],
    "donor": ["NOT_STATED"],
}


@pytest.fixture(scope="module")
def data():
    return load(example_path() / "NCT01218464.json")


@pytest.fixture
def written(data, tmp_path):
    """Freeze a score of one trial, and return its content and path."""
    (tmp_path / "gold.jsonl").write_text(json.dumps(GOLD))
    score = score_labels(data, tmp_path / "gold.jsonl")
    made = frozen(score, date="2026-11-22", note="Measured on *one* trial.")
    path = tmp_path / "score.json"
    path.write_text(json.dumps(made))
    return made, path


def test_a_frozen_score_is_printed_with_its_date_size_rules_and_note(data, written):
    made, path = written
    table = label_accuracy(data, as_of="2026-11-22", path=path)
    assert "on 1 labelled trials" in table.caption
    assert f"rules {rules_version()}; scored 2026-11-22" in table.caption
    assert "older rules" not in table.caption
    assert table.notes[-1] == r"Measured on \*one\* trial."
    assert {row["axis"] for row in made["rows"]} >= {"route", "donor"}
    assert accuracy_words(path).startswith("F1: Route 1.00")


def test_a_score_of_other_rules_is_said_to_be_one(data, written):
    made, path = written
    path.write_text(json.dumps({**made, "rules": "0123456789"}))
    table = label_accuracy(data, as_of="2026-11-22", path=path)
    assert "measured with older rules than those at work" in table.caption
    assert accuracy_words(path).endswith("(measured with older rules)")


def test_a_score_of_older_rules_tells_how_many_records_they_label_otherwise(
    data, written
):
    made, path = written
    other = data.labels.assign(trial_id="NCT2")
    old = pd.concat([data.labels, other])
    new = pd.concat([data.labels, other.assign(value="x")])
    told = since(old, new)
    assert told == {"rules": rules_version(), "records": 2, "differ": 1}
    path.write_text(json.dumps({**made, "rules": "0123456789", "since": told}))
    caption = label_accuracy(data, as_of="2026-11-22", path=path).caption
    assert "older rules than those at work, which label 1 of the 2 records" in caption
    older = {**told, "rules": "9876543210"}
    path.write_text(json.dumps({**made, "rules": "0123456789", "since": older}))
    caption = label_accuracy(data, as_of="2026-11-22", path=path).caption
    assert "which label" not in caption


@pytest.mark.skipif(not TARGET.is_file(), reason="no score is frozen yet")
def test_the_shipped_score_tells_of_these_rules():
    score = json.loads(TARGET.read_text())
    told = {score["rules"], score.get("since", {}).get("rules")}
    assert rules_version() in told, (
        "rules have changed since the score was frozen: run benchmarks.freeze"
    )
