"""Trials and arms by route: order, indent, dots, and missing values."""

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.figure_frames import ROUTES, routes_frame, rows_of, words_of
from trialkit import brand, figures
from trialkit.errors import TrialDataError

pytestmark = pytest.mark.usefixtures("close_figures")


def dots(ax):
    """Return {row label: [(x, face, hatch)]}, rings before dots."""
    labels = dict(zip(ax.get_yticks(), rows_of(ax), strict=True))
    found = {}
    for made in ax.collections:
        ((x, y),) = made.get_offsets()
        face, hatch = to_hex(made.get_facecolor()[0]), made.get_hatch()
        found.setdefault(labels[float(y)], []).append((int(x), face, hatch))
    return found


def test_rows_are_the_routes_in_the_shared_order():
    ax = figures.routes(routes_frame())
    assert rows_of(ax) == [
        "Vein",
        "Hepatic artery",
        "Lymph node",
        "Outside the body",
        "Not stated",
    ]


def test_rows_keep_the_shared_order_whatever_the_frame_s():
    frame = routes_frame().iloc[::-1]
    assert rows_of(figures.routes(frame)) == rows_of(figures.routes(routes_frame()))


def test_trials_are_filled_dots_and_arms_open_rings():
    found = dots(figures.routes(routes_frame()))
    assert found["Hepatic artery"] == [(2, "#ffffff", None), (1, "#d55e00", None)]
    assert found["Vein"][1][1] == "#0072b2"


def test_not_stated_is_last_grey_and_hatched():
    frame = routes_frame({"Not stated": (2, 3), "Portal vein": (1, 1)})
    ax = figures.routes(frame)
    assert rows_of(ax)[-1] == "Not stated"
    ring, dot = dots(ax)["Not stated"]
    assert ring[0] == 3
    assert dot[:2] == (2, "#bbbbbb")
    assert set(dot[2]) == {"/"}


def test_a_missing_group_counts_as_not_stated():
    frame = routes_frame({"Portal vein": (1, 1), None: (2, 2)})
    assert words_of(figures.routes(frame))[-2:] == ["2", "2"]


def test_counts_are_printed_and_zero_is_no_dot():
    ax = figures.routes(routes_frame())
    assert words_of(ax)[:2] == ["trials", "arms"]
    assert words_of(ax)[2:] == ["1", "1", "1", "2", "1", "1", "2", "2", "0", "0"]
    assert "Not stated" not in dots(ax)


def test_the_axis_has_whole_counts_from_zero_and_the_distinct_trials():
    ax = figures.routes(routes_frame())
    assert list(ax.get_xticks()) == [0, 1, 2]
    assert ax.get_xlim()[0] == 0
    assert ax.get_xlabel().endswith("4 trials in all")


def test_all_missing_draws_one_row():
    assert rows_of(figures.routes(routes_frame({None: (3, 3)}))) == ["Not stated"]


def test_a_route_outside_the_vocabulary_is_kept():
    frame = routes_frame({"Teleportation": (1, 1), "Portal vein": (1, 1)})
    assert rows_of(figures.routes(frame))[-2:] == ["Teleportation", "Not stated"]


def test_an_empty_frame_says_so():
    assert words_of(figures.routes(routes_frame().iloc[:0])) == ["No trials to show"]


def test_a_frame_without_a_column_is_an_error_that_names_it():
    with pytest.raises(
        TrialDataError, match="the figure routes needs the column n_arms"
    ):
        figures.routes(routes_frame().drop(columns="n_arms"))


def test_the_frame_is_not_changed_and_settings_are_left_alone():
    frame, before = routes_frame(), dict(mpl.rcParams)
    figures.routes(frame)
    pd.testing.assert_frame_equal(frame, routes_frame())
    assert dict(mpl.rcParams) == before


def test_given_axes_are_drawn_in_and_returned():
    import matplotlib.pyplot as plt

    ax = plt.figure().add_subplot()
    assert figures.routes(routes_frame(), ax=ax) is ax
    assert plt.get_fignums() == [ax.figure.number]


def test_a_figure_is_as_wide_as_the_page_and_as_tall_as_its_rows():
    few = figures.routes(routes_frame({"Portal vein": (1, 1)})).figure
    groups = [name for name in brand.load().routes if name != "No cell product"]
    many = figures.routes(routes_frame(dict.fromkeys(groups, (1, 1)))).figure
    assert few.get_figwidth() * 25.4 == pytest.approx(160)
    assert few.get_figheight() < many.get_figheight() < 215 / 25.4
    assert len(ROUTES) < len(groups)
