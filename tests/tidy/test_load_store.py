"""A store is loaded in place of records, with the labels that it has."""

import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from trialkit.cli import main
from trialkit.errors import ParameterError, TrialDataError
from trialkit.prose.made import how_made
from trialkit.prose.methods import methods
from trialkit.report.opening import open_report
from trialkit.report.plan import plan_report
from trialkit.tidy.load import load, load_filled, open_store
from trialkit.tidy.store import save
from trialkit.version import rules_version
from trialkit.workspace import example_path

EXAMPLES = Path(str(example_path()))


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    for path in sorted(EXAMPLES.rglob("*.json"))[:6]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "page.json").write_text('{"studies": [], "nextPageToken": "A"}')
    return folder


@pytest.fixture(scope="module")
def store(records, tmp_path_factory):
    return save(load_filled(records)[0], tmp_path_factory.mktemp("a") / "registry")


@pytest.fixture(autouse=True)
def no_labelling(request, monkeypatch):
    """Let no test label what its store has labels of."""
    if "records" not in request.fixturenames:
        monkeypatch.setattr("trialkit.tidy.load.fill", None)


def test_a_store_gives_what_its_records_give(records, store):
    (data, told), (again, told_again) = load_filled(records), load_filled(store)
    assert told_again[:3] == told[:3]
    assert told.warnings
    assert told_again.warnings == told.warnings
    for name, frame in data.tables():
        assert_frame_equal(getattr(again, name), frame)
    assert data.origin.rules == again.origin.rules == rules_version()
    assert again.select(cell_trials=True).counted().origin.store == str(store)


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_label_and_show_take_a_store(store, tmp_path, capsys):
    data = open_store(store)
    assert run("label", store, "--out", tmp_path / "labels.csv") == 0
    labels = pd.read_csv(tmp_path / "labels.csv")
    assert labels["trial_id"].tolist() == data.labels["trial_id"].tolist()
    trial = data.trials["trial_id"][0]
    assert run("show", trial, "--records", store) == 0
    assert trial in capsys.readouterr().out


def test_a_report_takes_a_store_and_says_so(store, capsys):
    plan = plan_report("landscape", records=store, engine="embedded")
    assert store / "trials.parquet" in plan.inputs
    chosen, cutoff = open_report([store])
    for told in (methods(chosen, as_of=cutoff), how_made(chosen)):
        assert "tables “registry”, with labels by the rules of this version" in told


def test_a_store_of_other_rules_or_without_labels_is_refused(store, tmp_path):
    data = open_store(store)
    for rules, told in (("old", "labels by other rules"), ("", "no labels by")):
        other = save(data, tmp_path / f"{rules}_store")
        facts = json.loads((other / "trialkit.json").read_text())
        assert facts["rules"] == rules_version()
        (other / "trialkit.json").write_text(json.dumps({**facts, "rules": rules}))
        with pytest.raises(TrialDataError, match=rf"{told}.*: run `trialkit tidy"):
            load(other)
        assert len(load_filled(other, labels=False)[0]) == len(data)


def test_a_store_is_read_alone_and_as_it_is(store, tmp_path):
    with pytest.raises(TrialDataError, match="a store is read alone"):
        load([store, EXAMPLES])
    with pytest.raises(ParameterError, match="its labels are made"):
        load(store, vocabularies="device.csv")
