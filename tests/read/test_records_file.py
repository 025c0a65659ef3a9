"""A records file passes records on: read again, they say what they said."""

import json

import pytest
from msgspec.structs import replace

import trialkit as tk
from trialkit import read as sources
from trialkit.errors import TrialDataError
from trialkit.read.records_file import encode
from trialkit.record import LaySummary, PartialDate, Passage, Record, Site, Source

PAGE = Source(source_id="page-1", path="page.txt", sha256="0" * 64, kind="mirror")
TRIAL = Record(
    trial_id="NCT00000001",
    source_id="page-1",
    basis={"phase": "positional"},
    phase="PHASE1/PHASE2",
    start_date=PartialDate(date="2024-04", type="ESTIMATED"),
    sites=(Site(facility="Ward 1", country="China"),),
    lay=LaySummary(headline="Cells"),
    page_passages=(Passage(section="lay_summary", text="into a vein", start=7),),
)


def written(folder, *lines):
    path = folder / "chosen.ndjson"
    path.write_bytes(b"".join(lines))
    return path


def test_a_record_and_its_source_come_back_as_they_were(tmp_path):
    path = written(tmp_path, *encode([TRIAL], [PAGE]))
    read = sources.read(path)
    assert read.records == [TRIAL]
    assert read.sources == [replace(PAGE, records_file=str(path))]
    assert read.excluded == []


def test_a_line_that_cannot_be_read_is_set_aside_and_the_others_stay(tmp_path):
    lines = list(encode([TRIAL], [PAGE]))
    lines.insert(2, b'{"record": {"trial_id": 7}}\n')
    read = sources.read(written(tmp_path, *lines))
    assert read.records == [TRIAL]
    (aside,) = read.excluded
    assert aside.record == "line 3"
    assert "not a line of a records file" in aside.reason


def test_a_file_of_a_newer_trialkit_is_refused(tmp_path):
    path = written(
        tmp_path, b'{"trialkit_records":2}\n', *list(encode([TRIAL], []))[1:]
    )
    with pytest.raises(TrialDataError, match="newer trialkit"):
        sources.read(path)


def test_contacts_that_someone_writes_into_the_file_are_dropped(tmp_path):
    record = Record(
        trial_id="NCT00000001", brief_summary="Write to a.b@example.org now"
    )
    read = sources.read(written(tmp_path, *encode([record], [PAGE])))
    assert "example.org" not in str(read.records)


@pytest.fixture
def two(tmp_path):
    """Two studies in one file, and a folder to write to."""
    studies = [
        {"protocolSection": {"identificationModule": {"nctId": f"NCT0000000{n}"}}}
        for n in (1, 2)
    ]
    path = tmp_path / "studies.json"
    path.write_text(json.dumps(studies))
    return path


def test_only_the_chosen_trials_of_a_file_are_written(two, tmp_path):
    data = tk.load(two)
    path = tk.save_records(
        data.select(ids=["NCT00000002"]), tmp_path / "b" / "one.ndjson"
    )
    again = tk.load(path)
    assert list(again.trials["trial_id"]) == ["NCT00000002"]
    assert again.sources["path"].tolist() == [str(two)]


def test_a_records_file_is_passed_on_without_the_files_behind_it(two, tmp_path):
    first = tk.save_records(tk.load(two), tmp_path / "first.ndjson")
    two.unlink()
    data = tk.load(first)
    second = tk.save_records(data.select(ids=["NCT00000002"]), tmp_path / "b.ndjson")
    first.unlink()
    again = tk.load(second)
    assert list(again.trials["trial_id"]) == ["NCT00000002"]
    assert again.sources["path"].tolist() == [str(two)]
    assert again.sources["records_file"].tolist() == [str(second)]


def test_a_trial_that_a_records_file_holds_no_more_is_named(two, tmp_path):
    path = tk.save_records(tk.load(two), tmp_path / "chosen.ndjson")
    data = tk.load(path)
    tk.save_records(data.select(ids=["NCT00000001"]), path)
    with pytest.raises(TrialDataError, match="no longer hold NCT00000002"):
        tk.save_records(data.select(ids=["NCT00000002"]), path)
    assert list(tk.load(path).trials["trial_id"]) == ["NCT00000001"]


def test_a_file_that_is_gone_is_named(two, tmp_path):
    data = tk.load(two)
    two.unlink()
    with pytest.raises(TrialDataError, match="json is gone"):
        tk.save_records(data, tmp_path / "x.ndjson")


def test_a_file_that_changed_since_it_was_loaded_is_named(two, tmp_path):
    data = tk.load(two)
    two.write_text(two.read_text().replace("NCT00000002", "NCT00000003"))
    with pytest.raises(TrialDataError, match="json has changed"):
        tk.save_records(data, tmp_path / "x.ndjson")
    assert not (tmp_path / "x.ndjson").exists()


def test_trials_of_several_sources_keep_their_conflicts(shared, tmp_path):
    data = tk.load(shared / "seeds")
    again = tk.load(tk.save_records(data, tmp_path / "seeds.ndjson"))
    assert tk.summarize.conflicts(again).equals(tk.summarize.conflicts(data))
    assert again.passages.equals(data.passages)
