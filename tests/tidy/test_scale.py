"""A Dask cluster makes the store that one process makes, or leaves the one before."""

import errno
import json
import os
from pathlib import Path

import pytest

import trialkit as tk
from tests.tidy.test_append import assert_same_rows, contents, newer
from trialkit.errors import MissingExtraError, TrialDataError
from trialkit.tidy import parted, parts, scale
from trialkit.tidy.load import load, open_store
from trialkit.tidy.store import write_store
from trialkit.tidy.stream import labelling_of
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow

pytest.importorskip("distributed", reason="needs trialkit[scale]")


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """A list that is cut, studies that stand in several files, and what is no record.

    One trial has a former id that is another's, one an id of another register.
    """
    folder = tmp_path_factory.mktemp("records")
    examples = sorted(Path(str(example_path())).rglob("*.json"))
    studies = [json.loads(path.read_text(encoding="utf-8")) for path in examples]
    own = studies[0]["protocolSection"]["identificationModule"]
    own["nctIdAliases"] = [examples[9].stem]
    broken = {"protocolSection": {"identificationModule": {"briefTitle": "No id"}}}
    (folder / "list.json").write_text(json.dumps([*studies[:16], broken, broken]))
    for path, study in zip(examples[12:20], studies[12:20], strict=True):
        (folder / path.name).write_text(json.dumps(newer(study)), encoding="utf-8")
    elsewhere = {"nctId": "ISRCTN12345678", "briefTitle": "Elsewhere"}
    elsewhere["secondaryIdInfos"] = [{"id": examples[3].stem}]
    study = {"protocolSection": {"identificationModule": elsewhere}}
    (folder / "other.json").write_text(json.dumps(study))
    (folder / "notes.txt").write_text("nothing of interest")
    return folder


@pytest.fixture(scope="module")
def client():
    from distributed import Client, LocalCluster

    form = {"processes": False, "n_workers": 2, "threads_per_worker": 1}
    with LocalCluster(**form, dashboard_address=":0") as cluster:
        with Client(cluster) as connected:
            yield connected


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(parted, "PART_BYTES", (60_000, 20_000))


def tidied(client, records, target):
    with scale.connected(client) as cluster, write_store(target) as store:
        parted.fill_by(cluster, store, records, labelling_of(False))
    return open_store(target)


def test_all_tables_are_those_of_one_process(client, records, tmp_path, monkeypatch):
    monkeypatch.chdir(records.parent)
    here = Path(records.name)  # relative, as it is typed
    few = [here / "other.json", *sorted(here.glob("NCT*"))[:3]]
    assert_same_rows(tk.load(few, client=client), load(few))
    alone = load(records, labels=False)
    assert {"study 17", "study 18"} <= set(alone.excluded["record"])
    assert_same_rows(tk.load(records, client=client, labels=False), alone)
    made = tidied(client, records, tmp_path / "store")
    assert len(list((tmp_path / "store" / "trials").iterdir())) > 4
    assert_same_rows(made, alone)
    some, same = (data.select(phase="Phase 1") for data in (made, alone))
    assert_same_rows(some, same)
    query = "select count(*) as n from trials join sites using (trial_id)"
    assert made.sql(query)["n"].tolist() == alone.sql(query)["n"].tolist()
    # One of single files takes its place, and again the other.
    alone.save(tmp_path / "store")
    assert not (tmp_path / "store" / "trials").exists()
    assert_same_rows(tidied(client, records, tmp_path / "store"), alone)
    assert not (tmp_path / "store" / "trials.parquet").exists()


def fails_first(data, made=parts.make_part, seen=set()):  # noqa: B006
    """Fail on the first try of each part, and leave half of one."""
    if data not in seen:
        seen.add(data)
        task = parts.msgspec.msgpack.decode(data, type=parts.Task)
        Path(task.place.folder, ".half.trying").mkdir(exist_ok=True)
        raise OSError("not now")
    return made(data)


def fails(data):
    raise ZeroDivisionError("never")


def test_a_part_that_fails_is_tried_again_then_named(
    client, records, tmp_path, monkeypatch
):
    store = tmp_path / "store"
    monkeypatch.setattr(parted, "make_part", fails_first)
    made = tidied(client, records, store)
    assert len(made) == len(load(records, labels=False))
    was = contents(store)
    assert not [path for path in was if ".trying" in str(path)]
    monkeypatch.setattr(parted, "make_part", fails)
    told = r"(list|NCT|other).*: 3 tries failed, the last with ZeroDivisionError"
    with pytest.raises(TrialDataError, match=told):
        tidied(client, records, store)
    monkeypatch.undo()
    monkeypatch.setattr(parted, "own_version", lambda: "0.0")
    with pytest.raises(TrialDataError, match=r"where this is 0\.0: install the same"):
        tidied(client, records, store)
    monkeypatch.undo()

    def full(path, schema, **form):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.ParquetWriter", full)
    with pytest.raises(TrialDataError, match=r"cannot write .*store: No space left"):
        tidied(client, records, store)
    assert contents(store) == was
    # A part of another run is told by the end of its file.
    first, other = sorted((store / "trials").iterdir())[:2]
    first.write_bytes(other.read_bytes())
    with pytest.raises(TrialDataError, match=r"trials/000000\.parquet cannot be read"):
        len(open_store(store).trials)


def test_a_scheduler_that_is_gone_is_told(client, monkeypatch):
    class Gone:
        status = "closed"
        scheduler = None

        def scheduler_info(self, n_workers):
            return {"workers": {}}

        def submit(self, *_, **__):
            return Lost()

    class Lost:
        status = "cancelled"

        def release(self):
            pass

    monkeypatch.setattr("distributed.as_completed", lambda futures, **_: iter(futures))
    with pytest.raises(TrialDataError, match=r"scheduler at .* is gone: start it"):
        list(scale.Cluster(Gone()).each(abs, [(1,)], ["one"]))
    monkeypatch.setattr(scale, "_ALONE", -1)
    with pytest.raises(TrialDataError, match="has no worker since"):
        list(scale.Cluster(Gone()).each(abs, [(1,)], ["one"]))
    monkeypatch.setattr(scale, "_PATIENCE", 1)
    with (
        pytest.raises(TrialDataError, match="no Dask scheduler answers at nowhere"),
        scale.connected("nowhere:1"),
    ):
        raise AssertionError


def dies(data):
    os._exit(3)


def test_a_worker_that_dies_is_named_with_what_it_made(records, tmp_path, monkeypatch):
    import dask

    monkeypatch.setattr(parted, "make_part", dies)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        pytest.raises(
            TrialDataError, match=r"other\.json: the workers that made it died"
        ),
        scale.connected(scale.LOCAL, n_workers=1) as cluster,
        write_store(tmp_path / "store") as store,
    ):
        parted.fill_by(cluster, store, records / "other.json", None)
    assert not list(tmp_path.iterdir())


def test_workers_of_this_machine_that_do_not_start_are_told(monkeypatch):
    def dying(**_):
        try:
            raise RuntimeError("a worker was killed")
        except RuntimeError as error:
            raise RuntimeError("Cluster failed to start") from error

    monkeypatch.setattr("distributed.LocalCluster", dying)
    told = "workers of this machine did not start: a worker was killed"
    with pytest.raises(TrialDataError, match=told), scale.connected(scale.LOCAL):
        pass


def test_without_dask_the_extra_is_named(records, monkeypatch):
    monkeypatch.setattr("trialkit.extras.find_spec", lambda name: None)
    scale.need.cache_clear()
    with pytest.raises(MissingExtraError, match=r"trialkit\[scale\]"):
        load(records, client=object())
    scale.need.cache_clear()
