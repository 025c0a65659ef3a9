"""What was planned at registration, and runs of status, counted a second time."""

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest

import trialkit as tk
from tests.trials_by_hand import made, trial
from trialkit import summarize
from trialkit.prose import findings

pytestmark = pytest.mark.slow

AS_OF = "2024-06-30"
#: By trial: versions (day, status), planned (number, type, completion), and now.
HISTORIES = {
    1: (
        [
            *(("2010-01-05", "NOT_YET_RECRUITING"), ("2010-06-01", "RECRUITING")),
            *(("2011-06-01", "RECRUITING"), ("2013-02-01", "COMPLETED")),
        ],
        *((40, "ESTIMATED", "2012-06"), (31, "ACTUAL", "2013-01-10")),
    ),
    2: (
        [
            *(("2015-03-01", "RECRUITING"), ("2015-03-01", "SUSPENDED")),
            ("2016-03-01", "RECRUITING"),
        ],
        # A day in the month that was stated has not moved.
        *((20, None, "2019-05"), (25, "ACTUAL", "2019-05-07")),
    ),
    3: (
        [("2018-01-01", "COMPLETED")],
        # Registered when it was over: its number was no plan.
        *((12, None, "2017-01"), (12, "ACTUAL", "2017-02")),
    ),
    4: (
        [("2020-01-01", "NOT_YET_RECRUITING"), ("2023-01-01", "WITHDRAWN")],
        *((60, "ESTIMATED", "2022-12-31"), (0, "ACTUAL", "2022-10-31")),
    ),
    5: (None, (10, "ESTIMATED", "2020-01-01"), (10, "ACTUAL", "2021-01-01")),
}
FINAL = {"COMPLETED", "WITHDRAWN", "TERMINATED"}


def study(number, status, people, day):
    n, kind, end = people
    info = {"count": n} | ({"type": kind} if kind else {})
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": "A"},
            "statusModule": {
                "overallStatus": status,
                "startDateStruct": {"date": f"200{number}-01"},
                "completionDateStruct": {"date": end},
                "lastUpdatePostDateStruct": {"date": day},
            },
            "designModule": {"studyType": "INTERVENTIONAL", "enrollmentInfo": info},
        }
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Load records, lists and first versions of the trials above from files."""
    folder = tmp_path_factory.mktemp("histories")
    for number, (versions, then, now) in HISTORIES.items():
        name = f"NCT{number:08d}"
        last = versions[-1][1] if versions else "RECRUITING"
        files = {"": study(number, last, now, "2024-01-01")}
        if versions:
            rows = [
                {"version": n, "date": day, "status": status, "moduleLabels": []}
                for n, (day, status) in enumerate(versions)
            ]
            first = study(number, versions[0][1], then, versions[0][0])
            files |= {"-list": {"changes": rows}}
            files |= {"-0": {"studyVersion": 0, "study": first}}
        for end, value in files.items():
            (folder / f"{name}{end}.json").write_text(json.dumps(value))
    return tk.load(folder)


def span(text):
    """Return the first and the last day that a date can mean."""
    if len(text) == 10:
        return date.fromisoformat(text), date.fromisoformat(text)
    last = (pd.Timestamp(f"{text}-01") + pd.offsets.MonthEnd(0)).date()
    return date.fromisoformat(f"{text}-01"), last


def test_plan_and_actual_are_those_of_the_first_version_and_the_record(data):
    expected = {}
    for number, (versions, (planned, kind, _), (actual, now, _)) in HISTORIES.items():
        is_plan = kind == "ESTIMATED" or (kind is None and versions[0][1] not in FINAL)
        if versions and is_plan and now == "ACTUAL":
            expected[f"NCT{number:08d}"] = (planned, actual, actual - planned)
    frame = summarize.planned_actual(data, None)
    columns = ["planned", "actual", "difference"]
    found = frame.set_index("trial_id")[columns].apply(tuple, axis=1).to_dict()
    assert found == expected
    assert len(expected) == 3
    assert set(frame["planned_in"]) == {"registration"}
    facts = {"n_trials": 5, "n_usable": 3, "n_registered": 4, "n_earlier": 0}
    assert frame.attrs == facts
    told = tk.plot.planned_actual.caption_of(frame)
    assert "N = 3 of 5 with both numbers. 4 of 5 trials have a version" in told
    assert told.endswith("0 is at the left edge.")


def test_the_landscape_tells_of_the_plan_where_it_is_known(data):
    told = findings.section("participants", data, as_of=AS_OF).lede
    assert told.endswith(
        "The version at registration is known of **4 of 5** trials; of **3** with a "
        "plan and an actual number **2** reached fewer participants than planned."
    )
    few = data.select(ids=["NCT00000001", "NCT00000002"])
    assert "registration" not in findings.section("participants", few, as_of=AS_OF).lede


def test_a_completion_has_moved_where_no_day_can_be_both(data):
    expected, compared = {}, 0
    for number, (versions, then, now) in HISTORIES.items():
        if not versions:
            continue
        (first, last), (early, late) = span(then[2]), span(now[2])
        compared += 1
        if early > last or late < first:
            expected[f"NCT{number:08d}"] = (late - last).days
    frame = summarize.schedule_changes(data, None)
    assert frame.set_index("trial_id")["days"].to_dict() == expected
    assert expected == {"NCT00000001": 194, "NCT00000003": 28, "NCT00000004": -61}
    assert frame.attrs["n_compared"] == compared == 4
    found = tk.plot.schedule_changes.note(frame)
    assert found.startswith("4 trials with a date then and now. 4 of 5 trials have")


def test_the_plan_of_an_earlier_report_stands_in_for_that_at_registration(data):
    class Before:  # what both sides of a comparison have
        trials = pd.DataFrame(
            {
                "trial_id": ["NCT00000001", "NCT00000005"],
                "enrollment": ["99", "17"],
                "enrollment_type": ["ESTIMATED", "ESTIMATED"],
                "completion_date": ["2001-01-01", "2020-01-01"],
            }
        ).astype("string")

    before: Any = Before()
    frame = summarize.planned_actual(data, before).set_index("trial_id")
    assert frame.loc["NCT00000001", "planned"] == 40
    assert tuple(frame.loc["NCT00000005"]) == (17, 10, -7, "earlier")
    moved = summarize.schedule_changes(data, before)
    note = tk.plot.schedule_changes.note(moved)
    assert note.endswith("Of 1 trial the plan of the earlier report.")


def test_runs_of_status_end_where_the_next_begins_or_at_the_cut_off(data):
    expected = []
    for number, (versions, *_) in HISTORIES.items():
        runs = []
        for day, status in versions or ():
            if not runs or runs[-1][1] != status:
                runs.append((day, status))
        for n, (day, status) in enumerate(runs):
            is_last = n == len(runs) - 1
            until = None if status in FINAL else AS_OF
            until = until if is_last else runs[n + 1][0]
            days = until and (date.fromisoformat(until) - date.fromisoformat(day)).days
            if days != 0 or is_last:
                expected.append((f"NCT{number:08d}", status, day, until, days))
    frame = summarize.status_runs(data, as_of=AS_OF)
    names = ["trial_id", "overall_status", "begins", "ends", "days"]
    days = {name: frame[name].dt.strftime("%Y-%m-%d") for name in names[2:4]}
    shown = frame[names].assign(**days).astype(object)
    shown = shown.where(shown.notna(), None)
    found = list(shown.itertuples(index=False, name=None))
    assert found == expected
    assert ("NCT00000002", "SUSPENDED", "2015-03-01", "2016-03-01", 366) in found
    assert frame.attrs["n_usable"] == 4
    assert "Recruiting 976 (1)" in tk.plot.status_runs.note(frame)


def test_a_gap_in_the_versions_or_a_later_cut_off_makes_no_run():
    trials = [trial(1), trial(2), trial(3, overall_status="UNKNOWN")]
    listed = [(1, 0, "2010-01-01"), (1, 2, "2012-01-01"), (2, 0, "2030-01-01")]
    listed += [(3, 0, "2011-01-01")]
    rows = [
        {
            "trial_id": f"NCT{n:08d}",
            "version": version,
            "version_date": day,
            "overall_status": "RECRUITING",
        }
        for n, version, day in listed
    ]
    frame = summarize.status_runs(made(trials=trials, versions=rows), as_of=AS_OF)
    assert frame["trial_id"].tolist() == ["NCT00000003"]
    assert frame["is_unconfirmed"].item()
    assert frame["days"].isna().item()
