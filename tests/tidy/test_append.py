"""Records that are added to a store give what all records at once would give."""

import json
import multiprocessing
import os
from copy import deepcopy
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

import trialkit as tk
from tests.compare.studies import STUDIES
from trialkit.cli import main
from trialkit.errors import TrialDataError
from trialkit.tidy.append import append
from trialkit.tidy.load import load, open_store
from trialkit.tidy.store import save, write_store
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow

EXAMPLES = sorted(Path(str(example_path())).rglob("*.json"))[::2]


def rows_of(frame):
    """Return the rows of a table without their order."""
    texts = frame.astype("string").fillna("<NA>")
    return texts.sort_values(list(texts.columns)).reset_index(drop=True)


def assert_same_rows(one, other):
    for name, frame in other.tables():
        assert_frame_equal(rows_of(getattr(one, name)), rows_of(frame), obj=name)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def newer(study):
    protocol = study["protocolSection"]
    protocol["identificationModule"]["briefTitle"] = "A new title"
    protocol.setdefault("statusModule", {})["lastUpdatePostDateStruct"] = {
        "date": "2026-11-20"
    }
    protocol.setdefault("designModule", {})["enrollmentInfo"] = {"count": 77}
    return study


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Old and new records: a third of the trials in the first, another in both.

    One new record links two registers, another bears the old id of a stored trial.
    """
    here = tmp_path_factory.mktemp("records")
    old, new = here / "old", here / "new"
    old.mkdir(), new.mkdir()
    for number, path in enumerate(EXAMPLES):
        study = json.loads(path.read_text(encoding="utf-8"))
        if number % 3:
            (old / path.name).write_text(json.dumps(study), encoding="utf-8")
        if number % 3 != 1:
            told = newer(study) if number % 3 == 2 else study
            (new / path.name).write_text(json.dumps(told), encoding="utf-8")
    own = {"nctId": "NCT99999999", "briefTitle": "Renamed"}
    own["nctIdAliases"] = [sorted(old.iterdir())[0].stem]
    other = {"nctId": "ISRCTN12345678", "briefTitle": "Elsewhere"}
    other["secondaryIdInfos"] = [{"id": sorted(old.iterdir())[-1].stem}]
    for identification in (own, other):
        study = {"protocolSection": {"identificationModule": identification}}
        path = new / f"{identification['nctId']}.json"
        path.write_text(json.dumps(study), encoding="utf-8")
    return old, new


def test_a_store_with_more_records_is_that_of_all_of_them(folders, tmp_path, capsys):
    old, new = folders
    store = save(load(old), tmp_path / "store")
    before = set(open_store(store).trials["trial_id"])
    with pytest.raises(SystemExit) as ended:
        main(["tidy", str(new), "--append", "--out", str(store)])
    assert ended.value.code == 0
    together = load([old, new])
    assert_same_rows(open_store(store), together)
    again = set(together.trials["trial_id"])
    told = capsys.readouterr().err
    assert f"{len(again):,} trials from" in told
    renamed = before - again
    shared = before & {path.stem for path in new.iterdir()}
    assert len(renamed) == 1
    n_added = len(again) - len(before)
    assert f"{len(shared | renamed)} trials updated, {n_added} added" in told
    # A second store that is made of the first has the same tables, links among them.
    copy = tmp_path / "copy"
    with pytest.raises(SystemExit):
        main(["tidy", str(store), "--out", str(copy)])
    assert_same_rows(open_store(copy), together)


def test_python_appends_to_the_store_that_trials_come_from(folders, tmp_path):
    old, new = folders
    store = save(load(old, labels=False), tmp_path / "store")
    data = tk.open(store).append(new)
    assert_same_rows(data, load([old, new], labels=False))
    with pytest.raises(TrialDataError, match="the same bytes as"):
        data.append(new)
    with pytest.raises(TrialDataError, match="not those of a store"):
        load(old, labels=False).append(new)


def test_what_the_register_changed_without_an_update_is_as_of_the_later_data(tmp_path):
    def written(name, day, **status):
        study = deepcopy(STUDIES[0])
        study["protocolSection"]["statusModule"] |= status
        about = {"organization": {"fullName": "A hospital"}}
        study["protocolSection"]["identificationModule"] |= about
        study["derivedSection"] = {"miscInfoModule": {"versionHolder": day}}
        (tmp_path / name).write_text(json.dumps([study]))
        return tmp_path / name

    fuller = written(
        "a.json", "2026-03-01", whyStopped="", statusVerifiedDate="2026-01"
    )
    lapsed = written("b.json", "2026-06-01", overallStatus="UNKNOWN")
    for one, other in ((fuller, lapsed), (lapsed, fuller)):
        both = load([one, other])
        assert both.trials["overall_status"].tolist() == ["UNKNOWN"]
        store = save(load(one), tmp_path / f"store-{one.stem}")
        appended = append(other, store)
        assert appended.n_updated == 1
        assert_same_rows(open_store(store), both)
        said = both.statements.set_index("value")["note"]
        assert said["RECRUITING"] == "of an earlier state of the record"


def test_a_store_that_cannot_take_the_records_stays_as_it_was(folders, tmp_path):
    old, new = folders
    store = save(load(old, labels=False), tmp_path / "store")
    was = contents(store)

    def refused(match, **given):
        with pytest.raises(TrialDataError, match=match):
            append(new, store, **given)

    refused("has no labels: add to it with --no-labels")
    facts = json.loads((store / "trialkit.json").read_text())
    for key, value, match in (
        ("codebook", "older", r"columns may differ from those of .*: run `trialkit"),
        ("rules", "others", "has labels: add to it without --no-labels"),
    ):
        (store / "trialkit.json").write_text(json.dumps({**facts, key: value}))
        refused(match, labels=False)
        assert len(open_store(store)) == facts["n_trials"]
        if key == "rules":
            refused("by other rules than those of this trialkit: run", labels=True)
    (store / "trialkit.json").write_bytes(was[store / "trialkit.json"])
    with pytest.raises(TrialDataError, match="is no store to add to"):
        append(new, tmp_path / "other", labels=False)
    with pytest.raises(TrialDataError, match="no such file"):
        append(tmp_path / "nowhere", store, labels=False)
    assert contents(store) == was
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_corrections_and_vocabularies_of_a_store_are_not_forgotten(folders, tmp_path):
    old, new = folders
    key = sorted({p.stem for p in old.iterdir()} & {p.stem for p in new.iterdir()})[1]
    own = tmp_path / "own.csv"
    own.write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        f"{key},A1,route,PV,read,we,2026-01-01\n"
    )
    store = save(load(old, overrides=own), tmp_path / "store")
    with pytest.raises(
        TrialDataError, match=rf"corrected labels of {key}.*--overrides"
    ):
        append(new, store)
    append(new, store, overrides=own)
    assert_same_rows(open_store(store), load([old, new], overrides=own))
    words = tmp_path / "device.csv"
    words.write_text("id,label,phrases\nMARS,MARS,MARS\n")
    with pytest.raises(TrialDataError, match=r"other vocabularies.*--vocabulary"):
        append(EXAMPLES[0], store, vocabularies=words, overrides=own)


def write_slowly(target, ready, go):
    with write_store(target):
        ready.set()
        go.wait(30)


def test_a_second_writer_is_told_and_changes_nothing(folders, tmp_path):
    if not hasattr(os, "fork"):
        pytest.skip("needs a system that can fork")
    data = load(folders[0], labels=False)
    fork = multiprocessing.get_context("fork")
    for target in (tmp_path / "new", save(data, tmp_path / "store")):
        ready, go = fork.Event(), fork.Event()
        other = fork.Process(target=write_slowly, args=(target, ready, go))
        other.start()
        assert ready.wait(30)
        with pytest.raises(TrialDataError, match="another process is writing it: wait"):
            save(data, target)
        go.set()
        other.join()
        assert other.exitcode == 0
        assert not list(tmp_path.glob(".*"))
        assert not list(target.glob(".*"))
        assert open_store(target).trials.empty
