"""Batches give the tables that all records at once would give, in bounded memory."""

import errno
import json
import os
import subprocess
import sys

import pytest
from pandas.testing import assert_frame_equal
from pyarrow.parquet import ParquetWriter

import trialkit.tidy.stream as batches
from trialkit.errors import TrialDataError
from trialkit.tidy.batch import build
from trialkit.tidy.load import load, load_filled, open_store
from trialkit.tidy.store import save, write_store
from trialkit.tidy.stream import fill, labelling_of

pytestmark = pytest.mark.slow


def study(number, title="Cells", n_sites=3, **identification):
    names = {"nctId": f"NCT{number:08d}", "briefTitle": title, **identification}
    return {
        "protocolSection": {
            "identificationModule": names,
            "statusModule": {"startDateStruct": {"date": "2024-02"}},
            "designModule": {"phases": ["PHASE1"], "enrollmentInfo": {"count": 0}},
            "conditionsModule": {"conditions": ["Liver Failure"]},
            "contactsLocationsModule": {"locations": [{"city": "Lyon"}] * n_sites},
        }
    }


def write(path, studies):
    return write_text(path, json.dumps(studies))


def write_text(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def sorted_tables(data):
    for name, frame in data.tables():
        if "trial_id" in frame:
            frame = frame.sort_values("trial_id", kind="stable")
        yield name, frame.reset_index(drop=True)


def assert_same(one, other):
    for (name, frame), (_, again) in zip(
        sorted_tables(one), sorted_tables(other), strict=True
    ):
        assert_frame_equal(frame, again, obj=name)


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Build every batch in this process: `test_workers` is about others."""
    monkeypatch.setattr("trialkit.tidy.workers.HERE_FIRST", 1000)


@pytest.fixture
def mixed(tmp_path):
    """Two files: three trials are in both, and one has an old id in the first."""
    folder = tmp_path / "records"
    folder.mkdir()
    write(folder / "a.json", [study(n) for n in range(1, 9)])
    again = [study(n, title=f"Cells {n}") for n in (2, 5, 8)]
    renamed = study(99, nctIdAliases=["NCT00000003"])
    write(folder / "b.json", [*again, renamed, study(10)])
    return folder


@pytest.mark.parametrize("size", [1, 2, 5])
def test_tables_do_not_depend_on_the_size_of_a_batch(mixed, monkeypatch, size):
    whole = load(mixed, labels=True)
    monkeypatch.setattr(batches, "BATCH", size)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", size)
    parts = load(mixed, labels=True)
    assert len(parts) == 9
    assert_same(parts, whole)
    assert parts.statements.query("not is_chosen")["field"].tolist().count(
        "brief_title"
    ) == len(whole.statements.query("not is_chosen and field == 'brief_title'"))


def test_a_store_filled_by_batches_is_the_store_that_is_saved(
    mixed, tmp_path, monkeypatch
):
    expected = open_store(save(load(mixed), tmp_path / "saved"))
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", 2)
    with write_store(tmp_path / "filled") as store:
        filled = fill(store, mixed, labelling_of(True))
    assert (filled.n_trials, filled.n_sources) == (9, 2)
    assert_same(open_store(tmp_path / "filled"), expected)
    names = [path.name for path in sorted((tmp_path / "saved").iterdir())]
    assert [path.name for path in sorted((tmp_path / "filled").iterdir())] == names


def test_a_store_that_is_begun_again_holds_nothing_of_what_was_given_first(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("trialkit.tidy.store.GROUP_BYTES", 1000)
    monkeypatch.setattr(batches, "BATCH", 5)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", 5)
    ids = range(1, 31)
    many = write(tmp_path / "b.json", [study(n, n_sites=30) for n in ids])
    # Read last: the one site of each is among the thirty that stay.
    one = write(tmp_path / "a.json", [study(n, n_sites=1) for n in ids])
    with write_store(tmp_path / "store") as store:
        fill(store, [many, one], None)
    again = open_store(tmp_path / "store")
    assert len(again.sites) == 30 * 30
    assert_same(again, load([many, one], labels=False))


def test_a_batch_comes_with_the_sources_of_its_records_only(tmp_path, monkeypatch):
    seen = []

    def watched(records, sources, labelling, current):
        seen.append(({r.source_id for r in records}, {s.source_id for s in sources}))
        return build(records, sources, labelling, current)

    monkeypatch.setattr("trialkit.tidy.workers.build", watched)
    monkeypatch.setattr(batches, "BATCH", 2)
    for number in range(1, 8):
        write(tmp_path / f"{number}.json", [study(number)])
    write(tmp_path / "again.json", [study(3, title="Again")])
    assert len(load(tmp_path, labels=False).sources) == 8
    assert all(given <= used for used, given in seen)
    # The last batch is one of the second reading: where its trial stands twice.
    assert seen[-1][0] == seen[-1][1]


def test_registrations_are_linked_across_batches(tmp_path, monkeypatch):
    other = {"id": "NCT00000001", "type": "REGISTRY", "domain": "x"}
    studies = [study(1), study(2), study(3)]
    studies[2]["protocolSection"]["identificationModule"] |= {
        "nctId": "ISRCTN12345678",
        "secondaryIdInfos": [{"id": "A-1"}, other],
    }
    path = write(tmp_path / "a.json", studies)
    whole = load(path, labels=False)
    linked = whole.trials.set_index("trial_id")["counted_as"]
    assert linked["ISRCTN12345678"] == "NCT00000001"
    monkeypatch.setattr(batches, "BATCH", 1)
    monkeypatch.setattr("trialkit.read.readers.CHUNK", 1)
    assert_same(load(path, labels=False), whole)
    with write_store(tmp_path / "store") as store:
        fill(store, path, None)
    assert_same(open_store(tmp_path / "store"), whole)


def correction_of_none(tmp_path):
    """Return a file that corrects a label of a trial that is in no file."""
    return write_text(
        tmp_path / "own.csv",
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        "NCT00000777,A1,route,IV,because,me,2026-01-01\n",
    )


def test_a_correction_of_a_trial_that_no_batch_holds_is_refused(mixed, tmp_path):
    with pytest.raises(TrialDataError, match="no trial NCT00000777 is loaded"):
        load(mixed, overrides=correction_of_none(tmp_path))


def test_one_broken_record_among_many_is_named_and_the_others_are_kept(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(batches, "BATCH", 10)
    studies = [study(n) for n in range(1, 41)]
    studies[17]["protocolSection"]["identificationModule"]["nctId"] = "no id"
    path = write(tmp_path / "a.json", studies)
    with write_store(tmp_path / "store") as store:
        filled = fill(store, path, None)
    assert filled.n_trials == 39
    assert [row["record"] for row in filled.excluded] == ["no id"]


def test_a_failure_leaves_no_store_and_the_earlier_one_as_it_was(mixed, tmp_path):
    earlier = save(load(mixed, labels=False), tmp_path / "store")
    (tmp_path / "empty").mkdir()
    for target in (earlier, tmp_path / "new" / "store"):
        with pytest.raises(TrialDataError), write_store(target) as store:
            fill(store, tmp_path / "empty", None)
    assert len(open_store(earlier)) == 9
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "empty",
        "records",
        "store",
    ]


def test_a_store_for_which_there_is_no_room_keeps_no_file_open(tmp_path, monkeypatch):
    opened = []

    def open_three(path, schema, **form):
        if len(opened) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        opened.append(ParquetWriter(path, schema, **form))
        return opened[-1]

    monkeypatch.setattr("pyarrow.parquet.ParquetWriter", open_three)
    with (
        pytest.raises(TrialDataError, match=r"cannot write .*store: No space left"),
        write_store(tmp_path / "new" / "store"),
    ):
        raise AssertionError
    assert [file.is_open for file in opened] == [False] * 3
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="others know no such name")
def test_a_store_whose_name_is_no_text_is_told(tmp_path):
    with (
        pytest.raises(TrialDataError, match="its name is not UTF-8"),
        write_store(tmp_path / os.fsdecode(b"\xff")),
    ):
        raise AssertionError
    assert not list(tmp_path.iterdir())


def test_progress_tells_the_records_read_so_far(mixed, tmp_path):
    told = []
    with write_store(tmp_path / "store") as store:
        fill(store, mixed, None, progress=told.append)
    assert told == [8, 13]


def test_a_parquet_store_is_written_without_pandas(mixed, tmp_path):
    # Labelling imports it for its vocabularies; reading and writing do not.
    arguments = ["tidy", str(mixed), "--no-labels", "--out", str(tmp_path / "out")]
    code = (
        "import sys; from trialkit.cli import cli;"
        f"cli({arguments!r}, standalone_mode=False);"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    assert len(open_store(tmp_path / "out")) == 9


def test_what_memory_should_not_hold_goes_to_a_store_and_is_the_same(
    tmp_path, monkeypatch
):
    """Also of files that are read twice, and of trials that are linked at the end."""
    first = {"id": "NCT00000001", "type": "REGISTRY", "domain": "x"}
    other = study(0, nctId="ISRCTN12345678", secondaryIdInfos=[first])
    write(tmp_path / "a.json", [study(number) for number in range(1, 12)])
    write(tmp_path / "b.json", [study(3, "Other words"), other])
    files = sorted(tmp_path.glob("*.json"))
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr(batches, "MOST_BYTES", 10_000)
    monkeypatch.setattr(batches, "_GROUP_BYTES", 1)
    there = tmp_path / "overflow"
    held, told = load_filled(files)
    overflowed, told_again = load_filled(files, overflow=there)
    assert (there / "trials.parquet").is_file()
    assert held.trials["counted_as"].notna().any()
    assert_same(held, overflowed)
    assert (told, held.origin) == (told_again, overflowed.origin)
    # Saved group by group, a selection is the one that was in memory.
    chosen = {"condition": "liver failure", "ids": [f"NCT{n:08d}" for n in (2, 3, 9)]}
    saved = [
        data.select(**chosen).save(tmp_path / name)
        for name, data in (("one", held), ("other", overflowed))
    ]
    assert_same(*map(open_store, saved))


def test_what_memory_can_hold_goes_to_no_store(mixed, tmp_path):
    assert len(load_filled(mixed, overflow=tmp_path / "overflow")[0])
    assert not (tmp_path / "overflow").exists()


def test_a_failure_leaves_nothing_of_what_went_to_a_store(mixed, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "MOST_BYTES", 1)
    there = tmp_path / "overflow" / "records"
    with pytest.raises(TrialDataError, match="no trial NCT00000777 is loaded"):
        load_filled(mixed, overrides=correction_of_none(tmp_path), overflow=there)
    assert not there.parent.exists()
