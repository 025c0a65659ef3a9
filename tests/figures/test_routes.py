"""Trials by route as bars: order, numbers, accent, and missing values."""

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.figure_frames import ROUTES, routes_frame, words_of
from trialkit import brand, figures
from trialkit.codewords import short_word
from trialkit.errors import TrialDataError

pytestmark = pytest.mark.usefixtures("close_figures")


def bars(ax):
    """Return {label: (number, fill)} in the order of the rows."""
    words = words_of(ax)
    fills = [to_hex(box.get_facecolor()) for box in ax.patches]
    return dict(zip(words[::2], zip(words[1::2], fills, strict=True), strict=True))


def test_the_commonest_route_is_first_and_equal_ones_keep_the_shared_order():
    assert list(bars(figures.routes(routes_frame()))) == [
        *("Outside body", "Vein", "Hepatic artery", "Lymph node")
    ]


def test_rows_keep_their_order_whatever_the_frame_s():
    frame = routes_frame().iloc[::-1]
    assert bars(figures.routes(frame)) == bars(figures.routes(routes_frame()))


def test_each_bar_tells_its_trials_and_a_route_of_none_has_no_bar():
    drawn = bars(figures.routes(routes_frame()))
    assert [n for n, _ in drawn.values()] == ["2", "1", "1", "1"]


def test_the_commonest_has_the_accent_and_not_stated_is_an_outline():
    drawn = bars(
        figures.routes(
            routes_frame({"Portal vein": (1, 1), "Not stated": (2, 3), "Vein": (2, 2)})
        )
    )
    assert drawn == {
        "Vein": ("2", brand.color("accent")),
        "Portal vein": ("1", brand.color("bar")),
        "Not stated": ("2", "#ffffff"),
    }


def test_a_missing_group_counts_as_not_stated():
    frame = routes_frame({"Portal vein": (1, 1), None: (2, 2)})
    assert words_of(figures.routes(frame))[-2:] == ["Not stated", "2"]


def test_all_missing_draws_one_row():
    assert words_of(figures.routes(routes_frame({None: (3, 3)}))) == ["Not stated", "3"]


def test_a_route_outside_the_vocabulary_is_kept():
    frame = routes_frame({"Teleportation": (1, 1), "Portal vein": (1, 1)})
    assert list(bars(figures.routes(frame))) == ["Portal vein", "Teleportation"]


def test_an_empty_frame_says_so():
    assert words_of(figures.routes(routes_frame().iloc[:0])) == ["No trials to show"]


def test_a_frame_without_a_column_is_an_error_that_names_it():
    with pytest.raises(
        TrialDataError, match="the figure routes needs the column n_trials"
    ):
        figures.routes(routes_frame().drop(columns="n_trials"))


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


def test_a_figure_is_half_a_page_wide_and_as_tall_as_its_rows():
    few = figures.routes(routes_frame({"Portal vein": (1, 1)})).figure
    groups = [name for name in brand.load().routes if name != "No cell product"]
    many = figures.routes(routes_frame(dict.fromkeys(groups, (1, 1)))).figure
    for figure in (few, many):
        assert figure.get_figwidth() * 25.4 == pytest.approx(84)
    assert few.get_figheight() < many.get_figheight() < 100 / 25.4
    assert len(ROUTES) < len(groups)


def test_a_short_word_stands_for_a_route_beside_its_bar_only():
    assert short_word("Outside the body", "route_group") == "Outside body"
    assert "Outside the body 2" in figures.routes.alt(routes_frame())
