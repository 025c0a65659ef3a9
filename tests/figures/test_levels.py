"""Figures of half width: bars, columns and one divided bar of a column's counts."""

from functools import cache

import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgba
from matplotlib.patches import Rectangle

from tests.examples import example_trials
from tests.figure_frames import words_of
from tests.trials_by_hand import AS_OF, many, seeds
from trialkit import brand, figures
from trialkit.figures import FIGURES
from trialkit.figures.draw import levels, share

pytestmark = pytest.mark.usefixtures("close_figures")

ACCENT, GREY = brand.color("accent"), brand.color("bar")
LIGHT, WHITE = brand.color("rest"), brand.color("white")
HALVES = [name for name, figure in FIGURES.items() if figure.is_half]
MM = 25.4


def counts(column, numbers, **attrs):
    """Return a summary frame of {level: n}, "Not stated" last."""
    names = [name for name in numbers if name != "Not stated"]
    level = pd.Categorical(numbers, [*names, "Not stated"], ordered=True)
    frame = pd.DataFrame({column: level, "n": list(numbers.values())})
    frame.attrs |= {"n_trials": sum(numbers.values())} | attrs
    return frame


def boxes(ax):
    """Return (fill, width, height) of each bar as drawn, in millimetres."""
    return [
        (
            to_hex(box.get_facecolor()),
            round(box.get_width(), 2),
            round(box.get_height(), 2),
        )
        for box in ax.get_children()
        if isinstance(box, Rectangle) and box is not ax.patch
    ]


TYPES = {"Stem cell": 2, "Hepatocyte": 8, "Immune cell": 4, "Not stated": 9}


def test_bars_are_ranked_by_their_counts_and_not_stated_is_last():
    ax = figures.cell_types(counts("cell_type", TYPES))

    assert words_of(ax) == [
        *("Hepatocyte", "8", "Immune cell", "4", "Stem cell", "2", "Not stated", "9")
    ]


def test_bars_are_as_long_as_their_counts():
    ax = figures.cell_types(counts("cell_type", TYPES))

    lengths = [width for _, width, _ in boxes(ax)]
    assert [width / lengths[-1] * 9 for width in lengths] == pytest.approx(
        [8, 4, 2, 9], abs=0.01
    )


def test_the_largest_has_the_accent_and_what_is_not_stated_an_outline():
    ax = figures.cell_types(counts("cell_type", TYPES))

    assert [fill for fill, *_ in boxes(ax)] == [ACCENT, GREY, GREY, WHITE]
    assert all(box.get_hatch() is None for box in ax.patches)


def test_where_many_share_the_largest_number_none_has_the_accent():
    for numbers in ({name: 3 for name in "ABCDE"}, {"A": 3, "B": 3}, {"A": 3}):
        ax = figures.cell_types(counts("cell_type", numbers))
        assert ACCENT not in [fill for fill, *_ in boxes(ax)]


def test_levels_that_do_not_fit_are_one_light_row_above_not_stated():
    numbers = {f"Type {n:02}": 40 - n for n in range(15)} | {"Not stated": 3}
    ax = figures.cell_types(counts("cell_type", numbers))

    words = words_of(ax)
    assert words[-4:] == ["4 more types", "≤ 29 each", "Not stated", "3"]
    assert [fill for fill, *_ in boxes(ax)][-2:] == [LIGHT, WHITE]
    assert len(words) == 2 * (levels.MOST_ROWS + 1)


def test_what_is_not_stated_is_outlined_in_one_way():
    counted = counts("cell_type", {"A": 2, "Not stated": 1})
    phases = counts("phase_group", {"1": 2, "2": 1, "Not stated": 1})
    pairs = [("A", "1", 2), ("Not stated", "1", 1)]
    pairs = pd.DataFrame(pairs, columns=["condition_group", "phase_group", "n"])
    outlines = {
        (box.get_edgecolor(), box.get_linewidth())
        for ax in (
            figures.cell_types(counted),
            figures.phases(phases),
            figures.crosstab(pairs),
            figures.starts_by_year(years({2020: 1}).assign(route_group="Not stated")),
        )
        for box in ax.patches
        if to_hex(box.get_facecolor()) == WHITE
    }
    assert outlines == {(to_rgba(brand.color("slate")), 0.8)}


def test_a_level_that_counts_nothing_has_no_bar():
    ax = figures.cell_types(counts("cell_type", {"A": 2, "B": 0, "Not stated": 0}))

    assert words_of(ax) == ["A", "2"]


def test_statuses_and_endpoints_keep_their_order():
    frame = counts("status", {"Recruiting": 1, "Completed": 5, "Not stated": 2})

    assert words_of(figures.statuses(frame))[::2] == [
        *("Recruiting", "Completed", "Not stated")
    ]


CLASSES = {"1–10": 2, "11–20": 3, "21–50": 4, "over 50": 1, "Not stated": 6}


def test_classes_up_to_the_median_trial_have_the_accent():
    ax = figures.enrollment_classes(counts("enrollment_group", CLASSES))

    drawn = boxes(ax)
    assert [fill for fill, *_ in drawn] == [ACCENT, ACCENT, GREY, GREY, WHITE]
    assert [high / drawn[-1][2] * 6 for *_, high in drawn] == pytest.approx(
        [2, 3, 4, 1, 6], abs=0.01
    )
    assert words_of(ax)[:5] == ["2", "3", "4", "1", "6"]
    assert words_of(ax)[5:] == ["1–10", "11–20", "21–50", "over 50", "not stated"]


def test_trials_without_participants_are_no_part_of_the_half_in_the_accent():
    classes = {"0": 9, "1–10": 2, "11–20": 3, "21–50": 4, "over 500": 1}
    ax = figures.enrollment_classes(counts("enrollment_group", classes))
    assert [fill for fill, *_ in boxes(ax)] == [GREY, ACCENT, ACCENT, GREY, GREY]
    ax = figures.enrollment_classes(
        counts("enrollment_group", {"1–10": 1, "11–20": 2, "21–50": 1})
    )
    assert [fill for fill, *_ in boxes(ax)] == [ACCENT, ACCENT, GREY]


def years(numbers, **attrs):
    frame = pd.DataFrame({"year": list(numbers), "n": list(numbers.values())})
    frame = frame.assign(route_group="Vein", is_partial=False)
    frame.attrs |= {"n_trials": frame["n"].sum(), "as_of": AS_OF} | attrs
    return frame


def test_the_year_of_most_starts_has_the_accent_and_undated_trials_stand_apart():
    ax = figures.start_years(years({2019: 1, 2020: 3, 2021: 0}, n_undated=2))

    assert [fill for fill, *_ in boxes(ax)] == [GREY, ACCENT, GREY, WHITE]
    assert words_of(ax) == ["1", "3", "2", "2019", "2020", "2021", "no date"]


def test_of_many_years_some_are_named_and_only_the_largest_is_numbered():
    ax = figures.start_years(years({1990 + n: n % 7 + (n == 20) for n in range(36)}))

    assert words_of(ax) == ["7", "1990", "2000", "2010", "2020"]


def test_only_what_start_years_leaves_out_is_noted():
    frame = years({2019: 1}, n_undated=2, n_planned=3)

    assert figures.start_years.note(frame) == (
        "Not drawn: 3 trials planned to start after the cut-off."
    )
    assert figures.start_years.note(years({2019: 1}, n_undated=2)) == ""


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (2019, 2021, ["2019", "2020", "2021"]),
        (2001, 2012, ["2002", "2004", "2006", "2008", "2010", "2012"]),
        (2003, 2003, ["2003"]),
        (1900, 2026, ["1900", "1950", "2000"]),
    ],
)
def test_at_most_six_years_are_named(first, last, named):
    assert levels.every([str(year) for year in range(first, last + 1)]) == named


PHASES = {"1": 10, "2": 6, "NA": 1, "Not stated": 3}


def test_a_divided_bar_has_a_part_per_level_as_wide_as_its_count():
    ax = figures.phases(counts("phase_group", PHASES))

    drawn = boxes(ax)
    assert [width for _, width, _ in drawn] == pytest.approx(
        [84 * n / 20 - 0.35 for n in PHASES.values()], abs=0.01
    )
    assert [fill for fill, *_ in drawn] == [ACCENT, GREY, LIGHT, WHITE]
    assert {"10", "6", "1", "3"} <= set(words_of(ax))


def test_a_name_without_room_above_its_part_stands_below_with_its_number():
    ax = figures.phases(counts("phase_group", PHASES))

    words = words_of(ax)
    assert {"Phase 1", "Phase 2"} <= set(words)
    assert words[-1] == "Not applicable: 1; Not stated: 3"


def test_names_below_a_divided_bar_stand_whole_in_as_many_lines_as_they_need():
    named = {f"A long name of phase {n}": 1 for n in range(6)}
    ax = figures.phases(counts("phase_group", {"Phase 1": 90, **named}))

    below = [word for text in words_of(ax) for word in text.split("; ")]
    assert {f"{name}: 1" for name in named} <= set(below)


@pytest.mark.parametrize(
    ("ticks", "lines"), [(["1-10", "over 500"], 1), (["101-500", "over 500"], 2)]
)
def test_names_below_an_axis_that_would_touch_stand_in_two_lines(ticks, lines):
    names = ["1-10", "20", "30", "40", "50", "60", "101-500", "over 500"]
    ax = levels.draw_columns(
        None, dict.fromkeys(names, 3), marked=set(), ticks=ticks, is_numbered=False
    )

    lows = {t.get_position()[1] for t in ax.texts if t.get_text() in ticks}
    assert len(lows) == lines


def test_results_posted_have_the_accent_though_they_are_few():
    frame = counts("state", {"Posted": 2, "Due, not posted": 9, "Not stated": 1})
    frame = frame.assign(n_actual=0, n_planned=0, n_untyped=0)
    drawn = boxes(figures.results_reporting(frame))

    assert [fill for fill, *_ in drawn] == [ACCENT, GREY, WHITE]


def test_gaps_count_what_trials_leave_out_the_emptiest_first():
    rows = [
        (field, f"NCT{i}", "Stated" if i < n else "Not stated", n)
        for field, n in {"Dose": 1, "Start": 4, "Donor": 0}.items()
        for i in range(4)
    ]
    frame = pd.DataFrame(rows, columns=["field", "trial_id", "state", "n_stated"])
    ax = figures.gaps(frame)

    assert words_of(ax) == ["Donor", "4", "Dose", "3"]
    assert {fill for fill, *_ in boxes(ax)} == {WHITE}
    whole = figures.gaps(frame[frame["field"] == "Start"])
    assert words_of(whole) == ["Nothing is left out"]


def test_where_there_is_nothing_to_count_a_note_says_so():
    nothing = {"marked": set()}
    drawn = [
        share.draw_share(None, {}, **nothing),
        levels.draw_bars(None, {}, **nothing, pale=set()),
        levels.draw_columns(None, {}, **nothing, ticks=()),
        figures.phases(counts("phase_group", {})),
    ]
    for ax in drawn:
        assert words_of(ax) == ["No trials to show"]
        assert ax.get_figure(root=True).get_figwidth() * MM == pytest.approx(84)


@cache
def data_of_all_sizes():
    """Return trials by their number, made once: what is counted is remembered."""
    trials = {"4": seeds(), "38": example_trials(), "1,000": many(1000)}
    return {size: data.counted() for size, data in trials.items()}


def frames_of(name):
    for size, data in data_of_all_sizes().items():
        frame = FIGURES[name].frame_of(data, as_of=AS_OF)
        if FIGURES[name].enough(frame) and not frame.empty:
            yield size, frame


@pytest.mark.slow
@pytest.mark.parametrize("name", HALVES)
def test_half_a_page_holds_every_word_at_8_points_and_none_covers_another(name):
    for size, frame in frames_of(name):
        ax = FIGURES[name](frame)
        sheet = ax.get_figure(root=True)
        assert sheet.get_figwidth() * MM == pytest.approx(84)
        assert all(text.get_fontsize() >= 8 for text in ax.texts)
        sheet.canvas.draw()
        places = [(t.get_text(), t.get_window_extent()) for t in ax.texts]
        edge = sheet.bbox.padded(sheet.dpi / MM * 0.2)
        for i, (word, place) in enumerate(places):
            assert edge.x0 <= place.x0 < place.x1 <= edge.x1, (size, word)
            assert edge.y0 <= place.y0 < place.y1 <= edge.y1, (size, word)
            for other, covered in places[:i]:
                inner = covered.padded(-sheet.dpi / MM * 0.3)
                assert not inner.overlaps(place), (size, word, other)
