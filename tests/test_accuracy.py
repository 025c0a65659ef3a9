"""T13: the frozen score is printed, and a score of other rules is said to be one."""

import json

import pytest

from benchmarks.freeze import TARGET, frozen
from trialkit.provenance import rules_version
from trialkit.scoring import score_labels
from trialkit.tables.accuracy import accuracy_words, label_accuracy
from trialkit.trials import load
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


@pytest.mark.skipif(not TARGET.is_file(), reason="no score is frozen yet")
def test_the_shipped_score_was_measured_with_these_rules():
    assert json.loads(TARGET.read_text())["rules"] == rules_version(), (
        "rules have changed since the score was frozen: run benchmarks.freeze"
    )
