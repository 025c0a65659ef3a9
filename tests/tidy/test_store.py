"""A store gives back what was saved; CSV is safe and keeps NA; nothing half-written."""

import json
import pickle

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from tests.examples import example_trials
from trialkit.errors import ParameterError, TrialDataError
from trialkit.record import Record, Source
from trialkit.tidy.arrow import arrow_of
from trialkit.tidy.csv import csv_frame, save_csv
from trialkit.tidy.load import from_records, open_store
from trialkit.tidy.store import save

pytestmark = pytest.mark.slow


@pytest.fixture
def data():
    records = [
        Record(trial_id="NCT00000001", phase="NA", brief_title="=1+1", enrollment=0),
        Record(trial_id="NCT00000002"),
    ]
    return from_records(records, [Source(source_id="a", path="a.json")], labels=False)


def test_store_gives_back_every_table(data, tmp_path):
    again = open_store(save(data, tmp_path / "x.parquet"))
    for name, frame in data.tables():
        assert_frame_equal(getattr(again, name), frame)


def test_store_replaces_an_earlier_store_and_leaves_nothing_beside_it(data, tmp_path):
    save(data, tmp_path / "x.parquet")
    save(data.select(ids=["NCT00000001"]), tmp_path / "x.parquet")
    assert len(open_store(tmp_path / "x.parquet")) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_a_store_is_for_others_to_read_where_a_plain_folder_is(data, tmp_path):
    (tmp_path / "plain").mkdir()
    mode = save(data, tmp_path / "x.parquet").stat().st_mode
    assert mode == (tmp_path / "plain").stat().st_mode


def test_store_takes_an_empty_folder(data, tmp_path):
    (tmp_path / "empty").mkdir()
    assert len(open_store(save(data, tmp_path / "empty"))) == 2


def test_store_never_replaces_a_folder_with_files(data, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(TrialDataError, match="exists and is not a trialkit store"):
        save(data, tmp_path / "mine")
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"


def test_open_names_a_folder_that_is_no_store(tmp_path):
    with pytest.raises(TrialDataError, match="is not a trialkit store"):
        open_store(tmp_path)


def test_open_refuses_a_store_of_a_newer_schema(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    (store / "trialkit.json").write_text(json.dumps({"trialkit": "9.0", "schema": 99}))
    with pytest.raises(TrialDataError, match=r"trialkit 9\.0.*update"):
        open_store(store)


def test_open_fills_a_table_that_an_older_store_lacks(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    (store / "selection.parquet").unlink()
    (store / "trialkit.json").write_text(json.dumps({"trialkit": "0.0", "schema": 1}))
    assert open_store(store).selection.empty


def test_open_refuses_a_store_of_which_a_file_is_gone(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    (store / "selection.parquet").unlink()
    with pytest.raises(TrialDataError, match=r"selection\.parquet is gone"):
        open_store(store)


def test_an_inventory_that_does_not_tell_the_files_is_refused(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    facts = json.loads((store / "trialkit.json").read_text())
    for files in ({}, None, {"trials.parquet": {"rows": 2}}, {"trials.parquet": 2}):
        (store / "trialkit.json").write_text(json.dumps({**facts, "files": files}))
        with pytest.raises(TrialDataError, match=r"json does not say what .* again$"):
            open_store(store)
    (store / "trialkit.json").write_text(json.dumps({"trialkit": "0.0", "schema": 1}))
    assert len(open_store(store)) == 2
    (store / "trials.parquet").unlink()
    with pytest.raises(TrialDataError, match=r"not complete: trials\.parquet is gone"):
        open_store(store)


@pytest.mark.parametrize("save_as", [save, save_csv])
def test_open_refuses_tables_of_two_runs(data, tmp_path, save_as):
    here = save_as(data, tmp_path / "here")
    there = save_as(data.select(ids=["NCT00000001"]), tmp_path / "there")
    table = next(there.glob("trials.*"))
    table.replace(here / table.name)
    with pytest.raises(TrialDataError, match=r"trials\.\w+ cannot be read: .* run"):
        open_store(here)


def test_open_takes_csv_tables_that_were_edited_once_they_are_not_listed(
    data, tmp_path
):
    folder = save_csv(data, tmp_path / "csv")
    text = (folder / "trials.csv").read_text()
    (folder / "trials.csv").write_text(text.replace("=1+1", "Edited"))
    with pytest.raises(TrialDataError, match=r"delete trialkit\.json"):
        open_store(folder)
    (folder / "trialkit.json").unlink()
    assert open_store(folder).trials["brief_title"][0] == "'Edited"


def test_a_table_that_is_replaced_before_it_is_read_is_told(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    before = open_store(store)
    assert len(before.trials) == 2
    save(data.select(ids=["NCT00000001"]), store)
    with pytest.raises(TrialDataError, match="another run"):
        len(before.arms)


def test_csv_never_goes_into_a_store(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    with pytest.raises(TrialDataError, match="a trialkit store: write CSV elsewhere"):
        save_csv(data, store)
    assert len(open_store(store)) == 2


def test_csv_leaves_the_other_files_of_its_folder_alone(data, tmp_path):
    (tmp_path / "notes.txt").write_text("keep")
    folder = save_csv(data, save_csv(data, tmp_path))
    assert len(open_store(folder)) == 2
    assert (folder / "notes.txt").read_text() == "keep"
    assert not list(folder.glob(".*"))


def test_csv_keeps_the_phase_na_and_disarms_formulas(data, tmp_path):
    folder = save_csv(data, tmp_path / "csv")
    trials = pd.read_csv(folder / "trials.csv", keep_default_na=False)
    assert trials["phase"].tolist() == ["NA", ""]
    assert trials["brief_title"].tolist() == ["'=1+1", ""]
    assert trials["enrollment"].tolist() == ["0", ""]


def test_csv_comes_with_a_data_dictionary_of_every_column(data, tmp_path):
    folder = save_csv(data, tmp_path / "csv")
    dictionary = pd.read_csv(folder / "data_dictionary.csv", keep_default_na=False)
    for name, frame in data.tables():
        listed = dictionary.loc[dictionary["table"] == name, "column"]
        assert listed.tolist() == list(frame.columns)


def test_csv_frame_guards_text_categories_and_headers_and_keeps_numbers():
    frame = pd.DataFrame(
        {
            "=name": pd.array(["=1", None], dtype="string"),
            "kind": pd.Categorical(["+x", "y"]),
            "n": [-1, 2],
        }
    )
    before = frame.copy()
    safe = csv_frame(frame)
    assert safe.to_csv(index=False).splitlines() == [
        "'=name,kind,n",
        "'=1,'+x,-1",
        ",y,2",
    ]
    pd.testing.assert_frame_equal(frame, before)


def test_open_reads_a_table_when_it_is_first_asked_for(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    size = (store / "sites.parquet").stat().st_size
    (store / "sites.parquet").write_bytes(b"x" * size)
    again = open_store(store)
    assert len(again.trials) == 2
    with pytest.raises(TrialDataError, match=r"sites\.parquet cannot be read"):
        len(again.sites)


def test_trials_can_be_pickled_whatever_was_asked_for_before(data, tmp_path):
    again = pickle.loads(pickle.dumps(open_store(save(data, tmp_path / "x.parquet"))))
    for name, frame in data.tables():
        assert_frame_equal(getattr(again, name), frame)


def test_categories_of_a_store_come_back_without_a_second_pass(tmp_path, monkeypatch):
    data = example_trials()
    again = open_store(save(data, tmp_path / "store"))
    monkeypatch.delattr("trialkit.tidy.arrow.conform")
    assert_frame_equal(again.trials, data.trials)
    assert_frame_equal(again.statements, data.statements)


def test_csv_read_again_gives_the_same_tables(tmp_path):
    data = example_trials()
    folder = save_csv(data, tmp_path / "csv")
    again = open_store(folder)
    for name, frame in data.tables():
        pd.testing.assert_frame_equal(getattr(again, name), frame)


def test_csv_that_holds_what_its_column_cannot_is_told(data, tmp_path):
    folder = save_csv(data, tmp_path / "csv")
    file = folder / "trials.csv"
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    frame.assign(enrollment="many").to_csv(file, index=False)
    with pytest.raises(TrialDataError, match=r"trials\.csv cannot be read"):
        open_store(folder)


def test_a_store_holds_a_value_once_that_statements_and_trials_have(tmp_path):
    data = example_trials()
    store = save(data, tmp_path / "store")
    written = pd.read_parquet(store / "statements.parquet")
    left = written[written["is_in_trials"]]
    assert len(left) > len(written) / 2
    assert left["value"].isna().all()
    again, chosen = open_store(store), data.select(phase="Phase 1")
    assert_frame_equal(again.statements, data.statements)
    some = again.select(phase="Phase 1")
    assert_frame_equal(some.statements, chosen.statements)
    query = "select * from statements order by all"
    assert_frame_equal(some.sql(query), chosen.sql(query))
    assert_frame_equal(
        some.columns("statements", ["field", "value"]),
        chosen.statements[["field", "value"]],
    )


def test_a_store_without_marks_gives_its_statements(data, tmp_path):
    store = save(data, tmp_path / "x.parquet")
    file = store / "statements.parquet"
    pq.write_table(arrow_of(data.statements, "statements"), file)
    (store / "trialkit.json").write_text(json.dumps({"trialkit": "0.0", "schema": 1}))
    assert_frame_equal(open_store(store).statements, data.statements)


def test_a_byte_that_changed_within_a_column_is_told(tmp_path):
    store = save(example_trials(), tmp_path / "store")
    file = store / "trials.parquet"
    group = pq.read_metadata(file).row_group(0)
    columns = {c.path_in_schema: c for c in map(group.column, range(group.num_columns))}
    title = columns["brief_title"]
    first = title.dictionary_page_offset or title.data_page_offset
    content = bytearray(file.read_bytes())
    content[first + title.total_compressed_size // 2] ^= 1
    file.write_bytes(content)
    data = open_store(store)
    assert len(data.select(phase="Phase 1"))  # does not read that column
    with pytest.raises(TrialDataError, match=r"trials\.parquet cannot be read"):
        data.select(condition="liver")
    with pytest.raises(ParameterError, match="sql: "):
        data.sql("select brief_title from trials")


def test_a_store_that_was_cut_short_is_told(tmp_path):
    store = save(example_trials(), tmp_path / "store")
    file = store / "sites.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(TrialDataError, match=r"sites\.parquet cannot be read"):
        open_store(store)
