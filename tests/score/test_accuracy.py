"""T13: the frozen score is printed, and a score of other rules is said to be one."""

import json

import pandas as pd
import pytest

from benchmarks import freeze
from benchmarks.freeze import TARGET, frozen, replaced, since
from trialkit.score import score_labels
from trialkit.tables.accuracy import (
    accuracy_by_label,
    accuracy_sentence,
    label_accuracy,
)
from trialkit.tidy.load import load
from trialkit.tidy.trials import Trials
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
    """Freeze a set of one trial, and return it and what writes sets as a score."""
    (tmp_path / "gold.jsonl").write_text(json.dumps(GOLD))
    score = score_labels(data, tmp_path / "gold.jsonl")
    note = "Measured on *one* trial."
    made = frozen(
        score, date="2026-11-22", note=note, name="first", readers={"route": 0.987}
    )

    def write(*sets):
        path = tmp_path / "score.json"
        path.write_text(json.dumps({"sets": sets}))
        return path

    return made, write


def sized(made, n_trials, **more):
    """Return a set whose families are of so many trials."""
    families = [{**line, "n_trials": n_trials} for line in made["families"]]
    return {**made, "families": families, **more}


def test_a_frozen_score_is_printed_with_its_date_size_rules_and_note(data, written):
    made, write = written
    path = write(made)
    for make in (label_accuracy, accuracy_by_label):
        caption = make(data, as_of="2026-11-22", path=path).caption
        assert f"first: 1 labelled trial, rules {rules_version()}, scored" in caption
        assert "older rules" not in caption
    note = label_accuracy(data, as_of="2026-11-22", path=path).notes[-1]
    assert note.startswith(r"First: Measured on \*one\* trial.")
    assert "Two blind readers agree: Route 0.99." in note
    assert {row["axis"] for row in made["rows"]} >= {"route", "donor"}


def test_a_kind_of_cells_has_its_own_row_with_the_size_of_the_sample(data, written):
    made, write = written
    table = label_accuracy(data, as_of="2026-11-22", path=write(sized(made, 10)))
    rows = {row[0]: row[1:] for row in table.rows}
    one = "1.00 (0.21–1.00)"
    assert rows["Mesenchymal stromal cells (1)"] == ("10", *[one] * 5, "1 of 1")
    assert "All trials read by hand" in rows
    few = label_accuracy(data, as_of="2026-11-22", path=write(sized(made, 9)))
    assert few.rows[0] == (
        *("Mesenchymal stromal cells (1)", "9", "not measured"),
        *["–"] * 5,
    )


def test_one_kind_of_cells_does_not_stand_for_another(data, written):
    made, write = written
    path = write(sized(made, 10))
    other = data.labels.replace({"value": {"MSC": "TCELL"}})
    changed = Trials({"trials": data.trials, "labels": other})
    rows = label_accuracy(changed, as_of="2026-11-22", path=path).rows
    assert rows[0][:3] == ("T cells such as CAR-T and TIL (1)", "0", "not measured")
    assert accuracy_sentence(data, path) == (
        "against trials read by hand F1 (precision and recall in one), by "
        "kind of label, is 1.00 for mesenchymal stromal cells (10 "
        "trials)"
    )
    assert accuracy_sentence(changed, path) == (
        "not measured, with fewer than 10 such trials read, for T cells such as CAR-T "
        "and TIL"
    )


def test_of_several_sets_each_is_printed_and_the_newest_is_told(data, written):
    made, write = written
    newer = sized(made, 12, name="second", date="2026-12-01")
    path = write(sized(made, 20), newer)
    table = label_accuracy(data, as_of="2026-12-02", path=path)
    assert [row[:2] for row in table.rows[:2]] == [
        ("Mesenchymal stromal cells (1); first", "20"),
        ("Mesenchymal stromal cells (1); second", "12"),
    ]
    assert "first: 1 labelled trial" in table.caption
    assert "second: 1 labelled trial" in table.caption
    assert "(12 trials)" in accuracy_sentence(data, path)


def test_a_set_not_taken_apart_stands_for_the_cells_of_most_of_its_trials(
    data, written
):
    made, write = written
    rows = [
        {**row, "support": 10} if row["label"] == "MSC" else row for row in made["rows"]
    ]
    whole = {**made, "families": [], "rows": rows, "gold_trials": 12}
    path = write(whole)
    assert "(10 of 12 trials)" in accuracy_sentence(data, path)
    table = label_accuracy(data, as_of="2026-11-22", path=path)
    assert table.rows[0][:2] == ("Mesenchymal stromal cells (1)", "10 of 12")
    assert "10 of its 12 trials give mesenchymal stromal cells" in table.notes[0]
    path = write({**whole, "gold_trials": 13})
    assert accuracy_sentence(data, path).startswith("not measured")


def test_a_set_that_is_measured_again_takes_the_place_of_its_name():
    sets = [{"name": "a", "date": "2026-01-01"}, {"name": "b", "date": "2026-02-01"}]
    new = {"name": "a", "date": "2026-03-01"}
    assert replaced(sets, new) == [sets[1], new]


def test_a_set_is_frozen_beside_the_others(tmp_path, monkeypatch, written):
    made, write = written
    path = write({**made, "date": "2026-01-01"})
    record = str(example_path() / "NCT01218464.json")
    gold = str(tmp_path / "gold.jsonl")
    monkeypatch.setattr(freeze, "TARGET", path)
    given = ["--set", "second", "--date", "2026-12-01", "--note", "x"]
    given += ["--readers", gold, gold]
    monkeypatch.setattr("sys.argv", ["freeze", record, gold, *given])
    freeze.main()
    first, second = json.loads(path.read_text())["sets"]
    assert (first["name"], second["name"]) == ("first", "second")
    assert second["readers"]["cell_type"] == 1
    assert {line["family"] for line in second["families"]} == {"ALL", "MSC"}


def test_a_score_of_other_rules_is_said_to_be_one(data, written):
    made, write = written
    path = write(sized({**made, "rules": "0123456789"}, 10))
    table = label_accuracy(data, as_of="2026-11-22", path=path)
    assert "measured with older rules than those at work" in table.caption
    assert accuracy_sentence(data, path).endswith("; the rules have changed since")


def test_a_score_of_older_rules_tells_how_many_records_they_label_otherwise(
    data, written
):
    made, write = written
    other = data.labels.assign(trial_id="NCT2")
    old = pd.concat([data.labels, other])
    new = pd.concat([data.labels, other.assign(value="x")])
    told = since(old, new)
    assert told == {"rules": rules_version(), "records": 2, "differ": 1}
    path = write({**made, "rules": "0123456789", "since": told})
    caption = label_accuracy(data, as_of="2026-11-22", path=path).caption
    assert "older rules than those at work, which label 1 of the 2 records" in caption
    older = {**told, "rules": "9876543210"}
    path = write({**made, "rules": "0123456789", "since": older})
    caption = label_accuracy(data, as_of="2026-11-22", path=path).caption
    assert "which label" not in caption


@pytest.mark.skipif(not TARGET.is_file(), reason="no score is frozen yet")
def test_the_shipped_score_tells_of_these_rules():
    for one in json.loads(TARGET.read_text())["sets"]:
        told = {one["rules"], one.get("since", {}).get("rules")}
        assert rules_version() in told, (
            f"rules have changed since {one['name']} was frozen: run benchmarks.freeze"
        )
