"""Several processes give the same tables, and end whatever happens."""

import json
import subprocess
import sys

import pytest
from pandas.testing import assert_frame_equal

import trialkit.tidy.stream as batches
from trialkit.errors import ParameterError, TrialDataError
from trialkit.tidy import workers
from trialkit.tidy.load import load

pytestmark = pytest.mark.slow


def study(number, **identification):
    names = {"nctId": f"NCT{number:08d}", "briefTitle": "Cells", **identification}
    arm = {"label": "Cells", "description": "UC-MSC by intravenous infusion."}
    return {
        "protocolSection": {
            "identificationModule": names,
            "armsInterventionsModule": {"armGroups": [arm]},
            "contactsLocationsModule": {"locations": [{"city": "Lyon"}] * 3},
        }
    }


@pytest.fixture
def records(tmp_path, monkeypatch):
    """Eleven trials, of which one has half a character in its title."""
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr(workers, "HERE_FIRST", 1)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", 2)
    studies = [study(number) for number in range(11)]
    studies[5] = study(5, briefTitle="Cells \ud800")
    path = tmp_path / "records.json"
    path.write_text(json.dumps(studies), encoding="utf-8")
    return path


@pytest.fixture
def started(monkeypatch):
    """The processes that are started."""
    made = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            made.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    return made


def assert_same(one, other):
    for (name, frame), (_, again) in zip(one.tables(), other.tables(), strict=True):
        assert_frame_equal(frame, again, obj=name)


def test_tables_and_their_order_do_not_depend_on_the_workers(records, started):
    alone = load(records, workers=1)
    assert not started
    together = load(records, workers=3)
    assert len(started) == 3
    assert_same(alone, together)
    assert together.trials["trial_id"].tolist() == [f"NCT{n:08d}" for n in range(11)]
    assert set(together.trials["routes"]) == {"IV"}


@pytest.mark.parametrize(("labels", "n_started"), [(True, 2), (False, 0)])
def test_trials_of_cells_to_label_start_other_processes_sooner(
    records, started, monkeypatch, labels, n_started
):
    monkeypatch.setattr(workers, "HERE_FIRST", 5)
    load(records, labels=labels, workers=2)
    assert len(started) == n_started


def test_a_trial_met_twice_is_one_row_for_any_number_of_workers(records, tmp_path):
    again = tmp_path / "again.json"
    again.write_text(json.dumps([study(3, briefTitle="Other"), study(99)]))
    alone = load([records, again], workers=1)
    assert_same(alone, load([records, again], workers=2))
    assert len(alone) == 12


def test_the_users_own_files_reach_the_workers(records, tmp_path):
    wrong = tmp_path / "overrides.csv"
    wrong.write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        "NCT00000008,A1,route,PV,read,we,2026-01-01\n"
    )
    data = load(records, overrides=wrong, workers=2).trials.set_index("trial_id")
    assert data.loc["NCT00000008", "routes"] == "PV"
    wrong.write_text(wrong.read_text().replace("NCT00000008,A1", "NCT00000008,A9"))
    with pytest.raises(TrialDataError, match="A9"):
        load(records, overrides=wrong, workers=2)


def test_few_records_start_no_process(records, started, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 6)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", 6)
    load(records, labels=False, workers=2)
    assert not started


def test_a_worker_that_dies_is_told_and_no_other_is_left(records, started, monkeypatch):
    monkeypatch.setattr(workers, "SERVER", "tests.tidy.servers.dying")
    with pytest.raises(TrialDataError, match=r"ended with status 3.*1 worker"):
        load(records, labels=False, workers=2)
    assert [process.poll() for process in started] != []
    assert None not in [process.poll() for process in started]


def test_an_interrupt_leaves_no_process(records, started):
    def interrupt(n_records):
        if n_records > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batches.fill(batches.Gathered(), records, None, workers=2, progress=interrupt)
    assert len(started) == 2
    assert None not in [process.poll() for process in started]


def test_a_fault_in_a_worker_comes_with_its_place(records, monkeypatch):
    monkeypatch.setattr(workers, "SERVER", "tests.tidy.servers.faulty")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        load(records, labels=False, workers=2)


def test_a_script_without_a_main_guard_runs_once(records, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, trialkit.tidy.stream, trialkit.read.readers, trialkit as tk\n"
        "trialkit.tidy.stream.BATCH = trialkit.read.readers.CHUNK = 2\n"
        "trialkit.tidy.workers.HERE_FIRST = 1\n"
        "print(len(tk.load(sys.argv[1], labels=False, workers=2)))\n"
    )
    done = subprocess.run(
        [sys.executable, script, records], capture_output=True, text=True, check=True
    )
    assert done.stdout == "11\n"


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_of_workers_below_one_is_refused(records, number):
    with pytest.raises(ParameterError, match="workers"):
        load(records, workers=number)
