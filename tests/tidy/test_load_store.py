"""A store is loaded in place of records, with the labels that it has."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from trialkit.cli import main
from trialkit.errors import TrialDataError, TrialDataWarning
from trialkit.prose.made import how_made
from trialkit.prose.methods import methods
from trialkit.read import read as load_records
from trialkit.report.opening import open_report
from trialkit.report.plan import plan_report
from trialkit.tidy.csv import save_csv
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


def test_labels_by_other_rules_are_made_again_of_what_a_store_holds(
    records, store, tmp_path
):
    data = open_store(store)
    for rules in ("old", ""):
        other = save(data, tmp_path / f"{rules}_store")
        facts = json.loads((other / "trialkit.json").read_text())
        assert facts["rules"] == rules_version()
        (other / "trialkit.json").write_text(json.dumps({**facts, "rules": rules}))
        assert len(load_filled(other, labels=False)[0]) == len(data)
        again, told = load_filled(other)
        assert_frame_equal(again.labels, data.labels)
        assert_frame_equal(again.trials, data.trials)
        assert again.origin.rules == rules_version()
        assert any("labelled again" in one for one in told.warnings) == bool(rules)
    more, _ = load_filled([store, records])
    assert more.trials["trial_id"].tolist() == data.trials["trial_id"].tolist()


def test_a_folder_of_csv_is_taken_with_its_labels(store, tmp_path):
    data = open_store(store)
    folder = save_csv(data, tmp_path / "csv")
    again, told = load_filled(folder)
    assert_frame_equal(again.labels, data.labels)
    assert told.n_sources == len(data.sources)
    with pytest.raises(
        TrialDataError, match="holds tables as CSV, which are read alone"
    ):
        load([folder, EXAMPLES])
    (folder / "trialkit.json").unlink()
    with pytest.raises(
        TrialDataError, match="as CSV, whose labels are not by the rules"
    ):
        load(folder)
    assert len(load_filled(folder, labels=False)[0]) == len(data)


def test_a_folder_that_holds_a_report_is_told_in_one_line(tmp_path):
    (tmp_path / "report.json").write_text("{}")
    (tmp_path / "landscape.html").write_text("<html><body>A report</body></html>")
    with pytest.raises(
        TrialDataError, match=r"holds a report; its report\.json names"
    ) as told:
        load_records(tmp_path)
    assert len(str(told.value)) < 200 + len(str(tmp_path))


def test_a_store_without_a_column_of_today_is_loaded(store, tmp_path):
    folder = shutil.copytree(store, tmp_path / "store")
    file, listing = folder / "trials.parquet", folder / "trialkit.json"
    pq.write_table(pq.read_table(file).drop_columns("is_old_version"), file)
    told = json.loads(listing.read_text())
    del told["files"][file.name]
    listing.write_text(json.dumps(told))
    with pytest.warns(TrialDataWarning, match="incomplete"):
        assert load(folder).trials["is_old_version"].isna().all()
