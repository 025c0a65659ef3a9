"""A table is made when it is asked for, once, and records go when all are made."""

import json
import weakref

import pytest

import trialkit.tidy.batch as batch
from trialkit.record import Record, Remark, Source
from trialkit.tidy import workers
from trialkit.tidy.load import load
from trialkit.tidy.stream import Gathered, fill


@pytest.fixture
def asked(monkeypatch):
    """The names of the tables that are made."""
    names = []

    def watched(name, make):
        def named(*arguments):
            names.append(arguments[0] if name == "part" else name)
            return make(*arguments)

        return named

    makers = {"trials": "trials_table", "part": "part_table"}
    makers["statements"] = "statements_table"
    for name, make in makers.items():
        monkeypatch.setattr(batch, make, watched(name, getattr(batch, make)))
    return names


def study(number, **status):
    names = {"nctId": f"NCT{number:08d}", "briefTitle": "Cells"}
    arms = {"armGroups": [{"label": "Cells", "description": "MSC by vein"}]}
    modules = {"identificationModule": names, "statusModule": status}
    return {"protocolSection": {**modules, "armsInterventionsModule": arms}}


def test_a_table_is_made_once_and_only_if_it_is_asked_for(tmp_path, asked):
    path = tmp_path / "studies.json"
    path.write_text(json.dumps([study(1), study(2)]), encoding="utf-8")
    data = load(path, labels=False)
    assert len(data) == 2
    assert asked == ["trials"]
    assert len(data.arms) == len(data.select(ids="NCT00000001").arms) + 1 == 2
    assert asked == ["trials", "arms"]


def test_records_are_let_go_when_all_tables_are_made():
    class Basis(dict):
        pass

    basis = Basis()
    is_held = weakref.ref(basis)
    records = [Record(trial_id="N", source_id="s", basis=basis)]
    tables = batch.build(records, [Source(source_id="s", path="p")], None).tables
    del records, basis
    assert is_held() is not None
    assert tables["statements"].num_rows == 0
    assert is_held() is not None
    assert dict(tables)["trials"].num_rows == 1
    assert is_held() is None


def test_what_could_not_be_read_is_counted_for_any_number_of_workers(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("trialkit.tidy.stream.BATCH", 2)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", 2)
    monkeypatch.setattr(workers, "HERE_FIRST", 1)
    odd = {"startDateStruct": {"date": "1800-01-01"}}
    studies = [study(n, **(odd if n % 3 == 0 else {})) for n in range(1, 10)]
    path = tmp_path / "studies.json"
    path.write_text(json.dumps(studies), encoding="utf-8")
    alone, together = (fill(Gathered(), path, None, workers=n).dropped for n in (1, 2))
    assert sum(alone.values()) == 3
    assert alone == together
    assert {field for field, _ in alone} == {"start_date"}


def test_a_remark_counts_once_per_trial_and_a_kept_word_is_not_missing():
    twice = Remark(field="phase", value="9", note="no phase")
    kept = Remark(field="phase", value="x", note="kept as written: no level")
    records = [
        Record(trial_id="N1", source_id="s", remarks=(twice, twice, kept)),
        Record(trial_id="N2", source_id="s", remarks=(twice,)),
    ]
    built = batch.build(records, [Source(source_id="s", path="p")], None)
    assert built.dropped == {("phase", "no phase"): 2}
