"""What is loaded stays in Arrow until a frame is asked for, and is held once."""

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from tests.examples import example_trials
from trialkit.tidy.container import Tables
from trialkit.tidy.load import load
from trialkit.workspace import example_path


@pytest.fixture(scope="module")
def data():
    return load(example_path())


def test_a_selection_makes_no_frame_of_what_it_was_taken_from():
    data = load(example_path())
    chosen = data.select(study_type="Interventional").select(condition="liver")
    assert all(map(len, (chosen, chosen.arms, chosen.trials)))
    assert not data.__dict__.keys() & {"trials", "arms"}


def test_rows_of_several_selections_are_those_of_frames(data):
    frames = Tables({name: frame for name, frame in example_trials().tables()})
    kept = np.arange(len(data)) % 3 > 0
    again = np.arange(kept.sum()) % 2 > 0
    one = Tables(Tables(data.rows_of(kept)).rows_of(again))
    other = Tables(Tables(frames.rows_of(kept)).rows_of(again))
    for name, frame in other.tables():
        assert_frame_equal(getattr(one, name), frame, obj=name)
        assert one.n_rows(name) == len(frame)


def test_what_keeps_every_trial_copies_none(data):
    every = Tables(data.rows_of(np.ones(len(data), bool)))
    own, whole = (
        tables.column("trials", "eligibility_criteria").chunk(0).buffers()[2]
        for tables in (every, data)
    )
    assert own.address == whole.address


def test_values_of_statements_are_filled_in_only_where_they_are_asked_for(data):
    held = data.unread("statements")
    assert held.written()["value"].null_count > held.read(["value"])["value"].null_count
    assert held.read(["field"]).num_rows == held.read().num_rows


@pytest.mark.parametrize("is_stored", [False, True])
def test_what_a_user_changes_in_a_frame_is_selected_and_written(is_stored, tmp_path):
    data = load(example_path())
    if is_stored:
        data = load(data.save(tmp_path / "before"))
    first, second = data.trials["trial_id"][:2]
    title = data.trials["brief_title"][0]
    data.trials.loc[0, "brief_title"] = "Mine"
    data.trials["mine"] = 1
    data.trials = data.trials.iloc[:2]
    data.arms["arm_label"] = "An arm"
    chosen = data.select(ids=[first])
    assert chosen.trials[["brief_title", "mine"]].to_numpy().tolist() == [["Mine", 1]]
    assert {*chosen.arms["arm_label"]} == {"An arm"}
    assert {
        *data.select(ids=[second]).select("mine OR NOT mine").sites["trial_id"]
    } <= {second}
    written = load(chosen.save(tmp_path / "after"))
    said = written.statements.query("field == 'brief_title'")["value"]
    assert (written.trials["brief_title"][0], *said) == ("Mine", title)


def test_a_frame_that_nobody_changed_costs_a_written_store_nothing():
    data = load(example_path())
    data.trials  # noqa: B018
    assert not data.is_changed("trials")
    data.trials.loc[0, "brief_title"] = "Mine"
    assert data.is_changed("trials")
