"""Changes since an earlier report or store."""

import pandas as pd
import pytest

from tests.trials_by_hand import made, trial
from trialkit import summarize
from trialkit.errors import ParameterError

pytestmark = pytest.mark.slow


def then_and_now(tmp_path):
    then = [
        trial(1, enrollment=40, enrollment_type="ESTIMATED", completion_date="2024-06"),
        trial(2, completion_date="2025-01-01"),
    ]
    now = [
        trial(1, enrollment=31, enrollment_type="ACTUAL", completion_date="2025-02-10"),
        trial(3, brief_title="=New"),
    ]
    store = made(trials=then).save(tmp_path / "store")
    return made(trials=now), summarize.open_earlier(store)


def test_changes_name_what_was_added_removed_and_changed(tmp_path):
    data, earlier = then_and_now(tmp_path)
    shown = summarize.changes(data, earlier)
    assert shown.attrs["n_added"] == shown.attrs["n_removed"] == 1
    changed = shown[shown["change"] == "changed"].set_index("field")
    assert list(changed.index) == ["enrollment", "enrollment_type", "completion_date"]
    assert tuple(changed.loc["enrollment", ["before", "now"]]) == ("40", "31")


def test_a_plan_and_a_date_are_compared_with_the_earlier_state(tmp_path):
    data, earlier = then_and_now(tmp_path)
    assert summarize.planned_actual(data, earlier)["difference"].to_list() == [-9]
    moved = summarize.schedule_changes(data, earlier)
    assert moved["before"].to_list() == [pd.Timestamp("2024-06-30")]
    assert moved["days"].to_list() == [225]


def test_an_earlier_state_is_a_store_a_report_or_nothing(tmp_path):

    assert summarize.open_earlier("") is None
    with pytest.raises(ParameterError, match="no earlier report"):
        summarize.open_earlier(tmp_path / "none")
    (tmp_path / "landscape-data").mkdir()
    with pytest.raises(ParameterError, match="neither a report"):
        summarize.open_earlier(tmp_path)
    (tmp_path / "landscape-data" / "tbl-trials.csv").write_text("trial_id\nNCT1\n")
    with pytest.raises(ParameterError, match="lacks the column"):
        summarize.open_earlier(tmp_path / "report.json")
