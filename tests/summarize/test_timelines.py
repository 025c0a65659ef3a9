"""Timelines: exact or approximate, nothing filled in, nothing read from the clock."""

import pandas as pd
import pytest

from tests.trials_by_hand import AS_OF, BAL, MUSCLE, REACTOR, ROUTES, empty, made, seeds
from trialkit import summarize
from trialkit.errors import ParameterError

pytestmark = pytest.mark.slow


def dated(**fields):
    return made(trials=[{"trial_id": "NCT1", "brief_title": "One", **fields}])


def test_durations_of_the_seeds_are_exact_days():
    frame = summarize.durations(seeds())
    assert dict(zip(frame["trial_id"], frame["days"], strict=True)) == {
        ROUTES: 822,
        REACTOR: 981,
        BAL: 1126,
    }
    assert not frame["is_approximate"].any()
    assert round(frame["months"].median()) == 32
    assert frame.attrs["n_usable"] == 3


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2024-01", "2024-03", 60),
        ("2024", "2024-07-01", 0),
        ("2024-01-10", "2024-02", 36),
    ],
)
def test_months_and_years_run_from_their_middle_and_are_marked(start, end, days):
    frame = summarize.durations(dated(start_date=start, completion_date=end))
    assert frame["is_approximate"].tolist() == [True]
    assert frame["days"].tolist() == [days]


def test_a_completion_before_the_start_is_no_duration_but_is_flagged():
    data = dated(start_date="2024-05-01", completion_date="2023-05-01")
    frame = summarize.durations(data)
    assert frame.empty
    assert frame.attrs["n_reversed"] == 1
    flags = summarize.stale_records(data, as_of="2022-01-01")
    assert flags["flag"].tolist() == ["Completion before start"]


def test_the_timeline_is_sorted_by_start_and_undated_trials_come_last():
    frame = summarize.timeline(seeds(), as_of=AS_OF)
    assert frame["trial_id"].tolist() == [REACTOR, ROUTES, BAL, MUSCLE]
    assert frame["is_undated"].tolist() == [False, False, False, True]
    assert frame["route_group"].tolist()[1] == "Vein"
    assert frame["route_groups"].tolist()[1] == "Vein; Hepatic artery"
    assert frame.attrs == {"as_of": AS_OF, "n_trials": 4, "n_usable": 3}


def test_future_depends_on_the_cut_off_alone():
    frame = summarize.timeline(seeds(), as_of="2025-01-01")
    assert frame["is_future"].tolist() == [False, True, True, False]


@pytest.mark.parametrize("as_of", ["2026-06", "yesterday", ""])
def test_a_cut_off_is_a_day(as_of):
    for function in (summarize.timeline, summarize.stale_records, summarize.key_facts):
        with pytest.raises(ParameterError, match="as_of"):
            function(seeds(), as_of=as_of)


def test_the_one_record_of_the_seeds_that_may_be_out_of_date():
    frame = summarize.stale_records(seeds(), as_of=AS_OF)
    expected = pd.DataFrame(
        {
            "trial_id": [ROUTES],
            "title": ["Cells by two routes"],
            "flag": ["Start date has passed"],
            "detail": ["start 2025-09-30; status not yet recruiting"],
        },
        dtype="string",
    )
    pd.testing.assert_frame_equal(frame, expected)


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        (
            {"overall_status": "RECRUITING", "completion_date": "2024-05"},
            ["Completion date has passed"],
        ),
        ({"overall_status": "RECRUITING", "completion_date": "2024-06"}, []),
        ({"overall_status": "COMPLETED", "completion_date": "2020-01-01"}, []),
        ({"completion_date": "2020-01-01"}, []),
        (
            {"overall_status": "RECRUITING", "last_updated_date": "2022-05-31"},
            ["Not updated for two years"],
        ),
        ({"overall_status": "RECRUITING", "last_updated_date": "2022-06-01"}, []),
        ({"overall_status": "COMPLETED", "last_updated_date": "2002-06-01"}, []),
        (
            {
                "overall_status": "UNKNOWN",
                "completion_date": "2020",
                "last_updated_date": "2019-01-01",
            },
            ["Status unknown"],
        ),
        (
            {"overall_status": "NOT_YET_RECRUITING", "start_date": "2024"},
            [],
        ),
    ],
)
def test_what_makes_a_record_look_out_of_date(fields, flags):
    frame = summarize.stale_records(dated(**fields), as_of="2024-06-01")
    assert frame["flag"].tolist() == flags


def test_an_unknown_status_names_the_last_known_one():
    data = dated(overall_status="UNKNOWN", last_known_status="RECRUITING")
    frame = summarize.stale_records(data, as_of="2024-06-01")
    assert frame["detail"].tolist() == [
        "last update not stated, last known status recruiting; status unknown"
    ]


def test_missing_dates_stay_missing():
    frame = summarize.timeline(dated(start_date="2024-05"), as_of=AS_OF)
    row = frame.iloc[0]
    assert (str(row["start_earliest"].date()), str(row["start_latest"].date())) == (
        "2024-05-01",
        "2024-05-31",
    )
    assert pd.isna(row["completion_latest"])
    assert not row["is_undated"]


def test_no_trials():
    assert summarize.timeline(empty(), as_of=AS_OF).empty
    assert summarize.durations(empty()).empty
    assert summarize.stale_records(empty(), as_of=AS_OF).empty
