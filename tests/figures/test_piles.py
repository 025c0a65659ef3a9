"""Columns of trials: starts by year and group, and years from start to completion."""

from collections import Counter

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from tests.examples import example_cell_trials
from tests.figure_frames import words_of
from tests.figures.labels import faults_of
from trialkit import brand, figures, summarize
from trialkit.figures.draw.families import hue_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

AS_OF = "2025-12-31"
VEIN, LIVER = "Into a vein", "Into the liver's own vessels"


def boxes(ax):
    """Return (middle, height, face) of each box, the key left out."""
    found = [p for p in ax.artists + ax.patches if isinstance(p, Rectangle)]
    return [
        (p.get_x() + p.get_width() / 2, p.get_height(), to_hex(p.get_facecolor()))
        for p in found
        if p.get_data_transform() == ax.transData
    ]


def below(ax):
    """Return the place of each word below the axis."""
    low = max(text.get_position()[1] for text in ax.texts if text.get_va() == "top")
    return {
        text.get_text(): text.get_position()[0]
        for text in ax.texts
        if text.get_position()[1] == low
    }


def in_column(ax, name):
    at = below(ax)[name]
    return [box for box in boxes(ax) if abs(box[0] - at) < 0.6]


def starts(*rows, **attrs):
    frame = pd.DataFrame(rows, columns=["year", "route_family", "n"])
    frame["is_partial"] = frame["year"] == frame["year"].max()
    frame.attrs |= {"as_of": "2023-06-30", "n_planned": 2, "n_undated": 1} | attrs
    return frame


TWO = ((2021, VEIN, 2), (2021, "Not stated", 0), (2022, VEIN, 0), (2022, LIVER, 0))
TWO += ((2023, VEIN, 1), (2023, LIVER, 0), (2023, "Not stated", 3))


def test_each_trial_of_the_examples_is_a_box_in_its_year():
    data = example_cell_trials()
    ax = figures.starts_by_year(data, as_of=AS_OF)
    days = data.trials["start_date_earliest"].dropna()
    n_of = Counter(str(day.year) for day in days)
    for year, n in n_of.items():
        assert len(in_column(ax, year)) == n
    assert len(in_column(ax, "no date")) == len(data.trials) - len(days)
    strip = summarize.landscape_strip(data, as_of=AS_OF).dropna(subset="start_earliest")
    for family, n in Counter(strip["route_family"]).items():
        if family != "Not stated":
            hue = hue_of(family)
            assert sum(face == hue for *_, face in boxes(ax)) == n
            assert f"{family} {n}" in words_of(ax)
    assert faults_of(ax) == []


def test_the_key_counts_every_trial_and_no_date_has_its_own_look():
    data = example_cell_trials()
    ax = figures.starts_by_year(data, as_of=AS_OF)
    named = [w.rsplit(" ", 1) for w in words_of(ax) if w[:1].isupper()]
    assert sum(int(n) for _, n in named) == len(data.trials)
    assert named[-1] == ["No date", "1"]
    looks = {b.get_linestyle() for b in ax.patches if not b.get_linewidth() == 0}
    assert len(looks) == 2  # a route that is not stated is outlined in a whole line


def test_years_without_a_start_keep_their_place():
    ax = figures.starts_by_year(starts(*TWO))
    assert list(below(ax)) == ["2021", "2022", "2023", "no date"]
    assert in_column(ax, "2022") == []
    faces = [face for *_, face in in_column(ax, "2023")]
    assert faces == [hue_of(VEIN), "#ffffff", "#ffffff", "#ffffff"]
    assert [w for w in words_of(ax) if w.isdecimal() and len(w) == 1] == ["2", "4", "1"]


def test_the_note_tells_the_year_that_is_not_over_and_later_starts():
    assert figures.starts_by_year.note(starts(*TWO)) == (
        "2023 counts to 2023-06-30. Not drawn: 2 trials with a later start."
    )
    whole = starts(*TWO, n_planned=0).assign(is_partial=False)
    assert figures.starts_by_year.note(whole) == ""


def test_above_100_trials_columns_are_plain_and_the_peak_is_named():
    rows = [(1990 + i, VEIN, 3 + (i == 17) * 40) for i in range(34)]
    ax = figures.starts_by_year(starts(*rows))
    marked = [face for *_, face in boxes(ax) if face == brand.color("accent")]
    assert len(marked) == 1
    assert [w for w in words_of(ax) if w.isdecimal() and len(w) < 4] == ["43"]
    assert "1 trial states no start." in figures.starts_by_year.note(starts(*rows))
    assert faults_of(ax) == []


def test_above_100_trials_each_group_has_tiles_and_its_trials():
    rows = [(2000 + i, VEIN, 4) for i in range(24)]
    rows += [(2000 + i, LIVER, i % 3) for i in range(24)]
    rows += [(2000, "Not stated", 9), (1995, LIVER, 2)]
    frame = starts(*rows)
    ax = figures.starts_by_year(frame)
    words = words_of(ax)
    assert words[words.index("Vein") : words.index("Vein") + 3] == [
        *("Vein", "Liver’s vessels", "Not stated")
    ]
    assert {"to\n’00", "96", "26", "9", "6"} <= set(words)
    assert [face for *_, face in boxes(ax)].count("#ffffff") == 1
    assert faults_of(ax) == []


def test_the_caption_speaks_of_what_is_drawn():
    few = starts((2020, VEIN, 100), n_trials=101, n_usable=100)
    many = starts((2020, VEIN, 101), n_trials=102, n_usable=101)
    told = [figures.starts_by_year.caption_of(frame) for frame in (few, many)]
    assert "each trial in one group" in told[0]
    assert "each trial in one row" in told[1]


def test_columns_of_any_group_have_a_color_each_and_the_rest_is_one():
    rows = [(2020, f"Group {i}", 12 - i) for i in range(12)]
    frame = starts(*rows).rename(columns={"route_family": "cell_source"})
    ax = figures.source_by_year(frame.assign(source_family="Adult tissue"))
    words = words_of(ax)
    assert "Group 4 8" in words
    assert f"7 others {7 + 6 + 5 + 4 + 3 + 2 + 1}" in words
    assert len({face for *_, face in boxes(ax)}) >= 6
    assert faults_of(ax) == []


def test_phases_are_named_in_words():
    frame = starts((2020, "Early 1", 1), (2020, "NA", 2))
    ax = figures.phase_by_year(frame.rename(columns={"route_family": "phase_group"}))
    assert {"Early phase 1 1", "Not applicable 2"} <= {*words_of(ax)}


# Years from start to completion.


def lasting(*rows):
    frame = pd.DataFrame(rows, columns=["months", "overall_status"])
    frame.insert(0, "trial_id", [f"NCT{i}" for i in range(len(frame))])
    return frame.astype({"months": "Float64"})


def test_the_examples_have_the_years_of_a_second_count():
    data = example_cell_trials()
    ax = figures.durations(data)
    n_of = Counter()
    for row in data.trials.itertuples():
        dates = []
        for name in ("start", "completion"):
            low = getattr(row, f"{name}_date_earliest")
            high = getattr(row, f"{name}_date_latest")
            if pd.notna(low):
                dates.append(low + (high - low) / 2)
        if len(dates) == 2:
            months = round((dates[1].floor("D") - dates[0].floor("D")).days / 30.44, 1)
            year = max(1, -int(-months // 12))
            name = "up to 1" if year == 1 else f"{year - 1} to {year}"
            is_over = row.overall_status in ("COMPLETED", "TERMINATED")
            n_of[name, is_over] += 1
    columns = below(ax)
    assert {name for name, _ in n_of} <= set(columns)
    for (name, is_over), n in n_of.items():
        hue = brand.color("accent" if is_over else "rest")
        drawn = [height for _, height, face in in_column(ax, name) if face == hue]
        assert len(drawn) == 1
        numbers = [
            text.get_text()
            for text in ax.texts
            if abs(text.get_position()[0] - columns[name]) < 1.5
        ]
        assert str(n) in numbers
    over = sum(n for (_, is_over), n in n_of.items() if is_over)
    assert f"Completed or stopped {over}" in words_of(ax)
    assert faults_of(ax) == []


def test_a_year_ends_with_its_last_month_and_long_trials_are_one_column():
    rows = [(0, "COMPLETED"), (12, "UNKNOWN"), (12.1, "WITHDRAWN"), (400, "TERMINATED")]
    frame = lasting(*rows)
    ax = figures.durations(frame)
    names = list(below(ax))
    assert names[:2] == ["up to 1", "1 to 2"]
    assert names[-1] == "over 9"
    assert len(names) == 10
    assert figures.durations.alt(frame) == (
        "Years from start to completion: 4 trials, from 0 to 33.3, median 1. Trials by"
        " years: up to 1 2; 1 to 2 1; 2 to 3 0; 3 to 4 0; 4 to 5 0; 5 to 6 0; 6 to 7 0;"
        " 7 to 8 0; 8 to 9 0; over 9 1. Completed or stopped: 2."
    )


def test_numbers_that_do_not_fit_stand_above_their_column():
    rows = [(6, "COMPLETED")] * 300 + [(18, "COMPLETED"), (18, "UNKNOWN")]
    ax = figures.durations(lasting(*rows))
    assert [w for w in words_of(ax) if w.isdecimal()] == ["300", "1", "1"]
    assert faults_of(ax) == []
