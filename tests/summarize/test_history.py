"""Participants and dates compared with an earlier state."""

import pandas as pd
import pytest

from tests.trials_by_hand import made, trial
from trialkit import report, summarize
from trialkit.errors import ParameterError

pytestmark = pytest.mark.slow


def test_a_plan_and_a_date_are_compared_with_the_earlier_state(tmp_path):
    then = [
        trial(1, enrollment=40, enrollment_type="ESTIMATED", completion_date="2024-06"),
        trial(2, completion_date="2025-01-01"),
    ]
    now = [
        trial(1, enrollment=31, enrollment_type="ACTUAL", completion_date="2025-02-10"),
        trial(3, brief_title="=New"),
    ]
    data = made(trials=now)
    earlier = report.open_earlier(made(trials=then).save(tmp_path / "store"))
    assert summarize.planned_actual(data, earlier)["difference"].to_list() == [-9]
    moved = summarize.schedule_changes(data, earlier)
    assert moved["before"].to_list() == [pd.Timestamp("2024-06-30")]
    assert moved["days"].to_list() == [225]


def test_an_earlier_state_is_something_to_compare_with_or_nothing(tmp_path):
    assert report.open_earlier("") is None
    with pytest.raises(ParameterError, match="no earlier report"):
        report.open_earlier(tmp_path / "none")
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(ParameterError, match="kept neither"):
        report.open_earlier(tmp_path)
