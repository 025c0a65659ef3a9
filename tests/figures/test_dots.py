"""One dot per trial: fills, beeswarm, log ticks, and which statistics are drawn."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from tests.figure_frames import points_frame, rows_of, words_of
from trialkit import figures
from trialkit.figures.draw.dots import swarm

pytestmark = pytest.mark.usefixtures("close_figures")

PV = "Portal vein"
HEPATIC = "Hepatic artery"


def face_of(made):
    """Return the fill of a collection, None where it has none."""
    faces = made.get_facecolor()
    return to_hex(faces[0]) if len(faces) else None


def dots(ax):
    """Return (x, y, face) of every dot of the data, in all its layers."""
    return [
        (float(x), float(y), face_of(made))
        for made in ax.collections
        if isinstance(made, PathCollection)
        and made.get_offset_transform() == ax.transData
        for x, y in made.get_offsets()
    ]


def equal(count, route=PV, value=20):
    return points_frame([(route, value + i % 3, "ACTUAL") for i in range(count)])


def spread_marks(ax):
    """Return how many medians, bars and boxes are drawn."""
    lines = [c for c in ax.collections if type(c).__name__ == "LineCollection"]
    bars = [p for p in ax.patches if p.get_height() == pytest.approx(1.6)]
    boxes = [bar for bar in bars if bar.get_edgecolor()[3]]
    return len(lines), len(bars) - len(boxes), len(boxes)


def test_actual_is_filled_planned_open_and_unstated_half_grey():
    ax = figures.enrollment(points_frame([(PV, 10, "ACTUAL")]))
    assert [face for *_, face in dots(ax)] == ["#009e73"]
    ax = figures.enrollment(points_frame([(PV, 10, "ESTIMATED")]))
    assert [face for *_, face in dots(ax)] == ["#ffffff"]
    ax = figures.enrollment(points_frame([(PV, 10, pd.NA)]))
    assert [face for *_, face in dots(ax)] == ["#ffffff", "#bbbbbb", None]


def test_the_axis_is_logarithmic_with_1_2_5_ticks():
    ax = figures.enrollment(points_frame([(PV, 6, "ACTUAL"), (PV, 480, "ACTUAL")]))
    assert ax.get_xscale() == "log"
    assert list(ax.get_xticks()) == [5, 10, 20, 50, 100, 200, 500]
    assert [t.get_text() for t in ax.get_xticklabels()][-1] == "500"
    assert list(ax.get_xticks(minor=True)) == []


def test_a_trial_with_0_or_no_participants_is_no_dot():
    frame = points_frame([(PV, 0, "ACTUAL"), (PV, pd.NA, "ACTUAL"), (PV, 30, "ACTUAL")])
    ax = figures.enrollment(frame)
    assert [x for x, *_ in dots(ax)] == [30]
    assert words_of(ax)[-4:] == ["1", "", "0", ""]


def test_a_trial_with_two_routes_has_a_dot_in_each_row():
    frame = points_frame([(PV, 32, "ACTUAL"), ("Hepatic artery", 32, "ACTUAL")])
    ax = figures.enrollment(frame.assign(trial_id="NCT00000001"))
    assert len(dots(ax)) == 2
    assert rows_of(ax)[:2] == ["Hepatic artery", "Portal vein"]


@pytest.mark.parametrize(
    ("count", "marks"),
    [(2, (0, 0, 0)), (3, (1, 0, 0)), (8, (1, 1, 0)), (20, (1, 0, 1))],
)
def test_median_from_3_quartiles_from_8_a_box_from_20(count, marks):
    assert spread_marks(figures.enrollment(equal(count))) == marks


def test_the_median_is_printed_only_where_it_is_drawn():
    assert words_of(figures.enrollment(equal(2)))[-4:-2] == ["2", ""]
    assert words_of(figures.enrollment(equal(4)))[-4:-2] == ["4", "20.5"]


def test_a_column_of_medians_stands_only_where_one_is_drawn():
    assert "median" not in words_of(figures.enrollment(equal(2)))
    assert "median" in words_of(figures.enrollment(equal(3)))


def test_dots_of_one_value_do_not_overlap_and_stand_around_the_middle():
    offsets = swarm(np.full(5, 10.0), 2.0)
    gaps = np.diff(np.sort(offsets))
    assert (gaps >= 2.0 - 1e-6).all()
    assert offsets.max() == pytest.approx(-offsets.min())


def test_distant_dots_stay_in_the_middle():
    assert swarm(np.array([0.0, 5.0, 10.0]), 2.0).tolist() == [0, 0, 0]


def test_the_swarm_depends_on_the_data_alone():
    places = np.sort(np.random.default_rng(7).normal(0, 5, 200))
    one, two = swarm(places, 1.0), swarm(places, 1.0)
    assert (one == two).all()
    distance = np.hypot(*(np.subtract.outer(v, v) for v in (places, one)))
    np.fill_diagonal(distance, np.inf)
    assert distance.min() >= 1.0 - 1e-6


def test_four_hundred_trials_of_one_number_fit_on_a_page():
    figure = figures.enrollment(equal(400)).figure
    assert figure.get_figheight() * 25.4 <= 215.01


def test_a_missing_route_is_the_hatched_last_row():
    ax = figures.enrollment(points_frame([(pd.NA, 20, "ACTUAL"), (PV, 20, "ACTUAL")]))
    assert rows_of(ax) == ["Portal vein", "Not stated"]
    assert any(patch.get_hatch() for patch in ax.patches)
    assert "#bbbbbb" in {face for *_, face in dots(ax)}


def test_all_missing_and_empty_frames_say_so():
    frame = points_frame([(PV, pd.NA, pd.NA)])
    assert words_of(figures.enrollment(frame)) == ["No value to show"]
    assert words_of(figures.enrollment(frame.iloc[:0])) == ["No trials to show"]


def test_rows_of_phases_are_in_words():
    frame = pd.DataFrame({"trial_id": ["NCT1", "NCT2", "NCT3"], "enrollment": 9})
    frame["phase_group"] = ["Early 1", "1/2", "NA"]
    ax = figures.enrollment(frame.assign(enrollment_type="ACTUAL"))
    shown = [text.get_text() for text in ax.get_yticklabels()]
    assert shown == ["Early phase 1", "Phase 1/2", "Not applicable"]


def test_durations_from_months_are_open_dots():
    frame = pd.DataFrame(
        {
            "trial_id": ["a", "b"],
            "route_group": PV,
            "months": [27.0, 37.0],
            "is_approximate": [False, True],
        }
    )
    ax = figures.durations(frame)
    assert [(x, face) for x, _, face in dots(ax)] == [(27, "#009e73"), (37, "#ffffff")]
    assert list(ax.get_xticks()) == [0, 12, 24, 36, 48]
    assert ax.get_xscale() == "linear"


def test_a_duration_stands_in_the_row_of_each_of_the_trials_routes():
    rows = {
        "trial_id": ["a", "b"],
        "route_group": [HEPATIC, PV],
        "is_approximate": False,
    }
    frame = pd.DataFrame(rows).assign(months=[27.0, 37.0])
    ax = figures.durations(frame.assign(route_groups=[f"{HEPATIC}; {PV}", PV]))
    heights = {x: {y for other, y, _ in dots(ax) if other == x} for x in (27, 37)}
    assert len(heights[27]) == 2
    assert len(heights[37]) == 1


def test_the_frame_is_not_changed():
    rows = [(PV, 20, "ACTUAL"), ("Heart", 0, pd.NA)]
    frame = points_frame(rows)
    figures.enrollment(frame)
    pd.testing.assert_frame_equal(frame, points_frame(rows))
