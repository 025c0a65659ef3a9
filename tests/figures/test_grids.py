"""Grids of printed counts: blank zeros, one hue, "Not stated" hatched."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.figure_frames import grid_frame, rows_of, words_of
from trialkit import brand, figures

pytestmark = pytest.mark.usefixtures("close_figures")

PV = ("Portal vein",)


def phase_frame(rows):
    return pd.DataFrame(rows, columns=["phase_group", "route_group", "n"])


def cells(ax):
    """Return {(column, row label): (fill, is hatched)} of the filled cells."""
    names = [text.get_text().replace("\n", " ") for text in ax.get_xticklabels()]
    labels = dict(zip(ax.get_yticks(), rows_of(ax), strict=True))
    return {
        (names[round(box.get_x() + 0.5)], labels[box.get_y() + 0.5]): (
            to_hex(box.get_facecolor()),
            bool(box.get_hatch()),
        )
        for box in ax.patches
        if box.get_facecolor()[3] and box.get_width() == 1
    }


def test_every_phase_has_a_column_whether_or_not_it_occurs():
    ax = figures.phase_by_route(phase_frame([("1", "Portal vein", 1)]))
    assert [text.get_text() for text in ax.get_xticklabels()] == [
        *("Early\n1", "1", "1/2", "2", "2/3", "3", "4", "NA", "Not\nstated")
    ]


def test_zero_is_blank_and_a_count_is_printed_in_a_filled_cell():
    frame = phase_frame([("1", "Portal vein", 2), ("2", "Portal vein", 0)])
    ax = figures.phase_by_route(frame)
    assert list(cells(ax)) == [("1", "Portal vein")]
    assert words_of(ax) == ["2"]


def test_phase_na_and_phase_not_stated_are_two_columns():
    rows = [("NA", "Portal vein", 1), (None, "Portal vein", 1)]
    found = cells(figures.phase_by_route(phase_frame(rows)))
    assert found["NA", "Portal vein"][1] is False
    fill, is_hatched = found["Not stated", "Portal vein"]
    assert is_hatched
    red, green, blue = (int(fill[i : i + 2], 16) for i in (1, 3, 5))
    assert red == green == blue


def test_more_trials_are_darker_up_to_the_90th_percentile():
    rows = [("1", *PV, 1), ("2", *PV, 5), ("3", *PV, 9), ("4", *PV, 90)]
    found = cells(figures.phase_by_route(phase_frame(rows)))
    shades = [brand.luminance(found[phase, "Portal vein"][0]) for phase in "1234"]
    assert shades == sorted(shades, reverse=True)
    assert found["4", "Portal vein"][0] == brand.color("blue")


def test_one_trial_is_never_the_darkest_shade():
    found = cells(figures.phase_by_route(phase_frame([("1", "Portal vein", 1)])))
    assert brand.luminance(found["1", "Portal vein"][0]) > 0.5


def test_numbers_stand_out_from_their_cell():
    rows = [("1", *PV, 1), ("2", *PV, 5), ("3", *PV, 20), ("4", *PV, 90)]
    ax = figures.phase_by_route(phase_frame(rows))
    for text, (fill, _) in zip(ax.texts, cells(ax).values(), strict=True):
        ground, ink = brand.luminance(fill), brand.luminance(to_hex(text.get_color()))
        high, low = max(ground, ink), min(ground, ink)
        assert (high + 0.05) / (low + 0.05) > 4


@pytest.mark.parametrize("plot", [figures.phase_by_route, figures.source_by_route])
def test_an_empty_frame_says_so(plot):
    empty = grid_frame().assign(phase_group="1", n=1).iloc[:0]
    assert words_of(plot(empty)) == ["No trials to show"]


def test_the_frame_is_not_changed():
    frame = grid_frame()
    figures.source_by_route(frame)
    pd.testing.assert_frame_equal(frame, grid_frame())
