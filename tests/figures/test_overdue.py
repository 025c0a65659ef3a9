"""Open trials: the date planned for their result against the cut-off."""

import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from tests.examples import example_cell_trials
from tests.figure_frames import words_of
from tests.figures.labels import faults_of
from tests.trials_by_hand import empty, made, trial
from trialkit import brand, figures, summarize

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

AS_OF = "2025-12-31"
OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "SUSPENDED")
OPEN += ("ENROLLING_BY_INVITATION",)


def frame_of(*dates, as_of=AS_OF, title="A short title", is_primary=True):
    """Return a frame of open trials that are planned for these days."""
    frame = pd.DataFrame({"planned_latest": pd.to_datetime(list(dates))})
    frame.insert(0, "trial_id", [f"NCT{i}" for i in range(len(frame))])
    frame["short_title"] = title
    frame["is_primary"] = pd.array([is_primary] * len(frame), dtype="boolean")
    frame["is_overdue"] = frame["planned_latest"] < as_of
    frame.attrs = {"as_of": as_of, "n_trials": 20, "n_usable": len(frame)}
    return frame


def dots(ax):
    return [
        (float(made.get_offsets()[0][0]), to_hex(made.get_facecolor()[0]))
        for made in ax.collections
        if isinstance(made, PathCollection)
    ]


def cut_off_of(ax):
    ink = brand.color("ink")
    lines = [c for c in ax.collections if not isinstance(c, PathCollection)]
    (line,) = [c for c in lines if to_hex(c.get_color()[0]) == ink]
    return line.get_segments()[0][0][0]


def test_the_open_trials_of_the_examples_are_those_of_a_second_count():
    data = example_cell_trials()
    frame = summarize.overdue(data, as_of=AS_OF)
    late = {}
    for row in data.trials.itertuples():
        if row.overall_status in OPEN:
            day = row.primary_completion_date_latest
            day = row.completion_date_latest if pd.isna(day) else day
            late[row.trial_id] = bool(day < pd.Timestamp(AS_OF))
    assert dict(zip(frame["trial_id"], frame["is_overdue"], strict=True)) == late
    assert (frame.attrs["n_usable"], frame.attrs["n_overdue"]) == (12, 5)
    ax = figures.overdue(frame)
    assert sum(x < cut_off_of(ax) for x, _ in dots(ax)) == 5
    assert len(dots(ax)) == 12
    assert ax.figure.get_figwidth() * 25.4 == pytest.approx(84)
    assert faults_of(ax) == []
    assert figures.overdue.alt(frame) == (
        "Open trials, 12, against the data cut-off: 5 past the planned date,"
        " 7 before it; dates 2021 to 2028."
    )


def test_the_accent_marks_what_is_past_and_a_circle_a_last_date():
    ax = figures.overdue(frame_of("2020-01-01", "2028-01-01"))
    accent, bar = brand.color("accent"), brand.color("bar")
    assert [face for _, face in dots(ax)] == [accent, bar]
    ax = figures.overdue(frame_of("2020-01-01", is_primary=False))
    assert [face for _, face in dots(ax)] == ["#ffffff"]


def test_a_trial_without_a_date_says_so():
    ax = figures.overdue(frame_of(None, "2028-01-01", title=None))
    assert {"no date stated", "NCT0", "NCT1"} <= {*words_of(ax)}
    assert figures.overdue.alt(frame_of(None)) == (
        "Open trials, 1, against the data cut-off: 0 past the planned date,"
        " 0 before it, 1 without one."
    )


def test_long_titles_stay_inside():
    dates = [f"20{10 + i}-01-01" for i in range(15)]
    ax = figures.overdue(frame_of(*dates, title="Words of a title " * 20))
    assert len(dots(ax)) == 15
    assert faults_of(ax) == []


def test_above_15_trials_they_are_counted():
    days = ["2022-01-01"] * 3 + ["2024-06-30"] * 4 + ["2025-12-30"] * 5
    days += ["2026-01-01"] * 6 + [None]
    words = words_of(figures.overdue(frame_of(*days)))
    assert dict(zip(words[::2], words[1::2], strict=True)) == {
        "Past by over 2 years": "3",
        "Past by 1 to 2 years": "4",
        "Past by up to 1 year": "5",
        "Still to come": "6",
        "Not stated": "1",
    }


def test_a_month_has_passed_with_its_last_day_and_the_last_date_stands_in():
    rows = [
        trial(1, primary_completion_date="2025-12", overall_status="RECRUITING"),
        trial(2, completion_date="2025-11", overall_status="RECRUITING"),
        trial(3, completion_date="2020-01-01", overall_status="COMPLETED"),
        trial(4, completion_date="2020-01-01", overall_status="UNKNOWN"),
        trial(5, overall_status="SUSPENDED"),
    ]
    frame = summarize.overdue(made(trials=rows), as_of="2025-12-15")
    assert frame["is_overdue"].tolist() == [True, False, False]
    assert frame["is_primary"].tolist()[:2] == [False, True]
    assert pd.isna(frame["is_primary"].iloc[2])
    assert frame.attrs["n_trials"] == 5


def test_where_none_is_open_a_sentence_says_so():
    assert summarize.overdue(empty(), as_of=AS_OF).empty
    assert not figures.overdue.enough(summarize.overdue(empty(), as_of=AS_OF))
    assert figures.overdue.instead(empty()) == "No trial is open by its record."
