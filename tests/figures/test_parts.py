"""Sources by route, donors, doses and design: every number drawn is counted again."""

import itertools

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.examples import example_trials
from tests.figure_frames import grid_frame, words_of
from trialkit import brand, figures, summarize
from trialkit.summarize import cells

pytestmark = pytest.mark.usefixtures("close_figures")

MISSING = "Not stated"


def texts_of(figure):
    figure.draw_without_rendering()
    return [t for t in figure.findobj(mpl.text.Text) if t.get_text().strip()]


def assert_legible(ax):
    """No text leaves the figure, is smaller than 8 points, turned, or on another."""
    figure = ax.figure
    boxes = []
    for text in texts_of(figure):
        box = text.get_window_extent()
        assert text.get_fontsize() >= 8, text
        assert text.get_rotation() == 0, text
        assert -1 <= box.x0 <= box.x1 <= figure.bbox.width + 1, text
        assert -1 <= box.y0 <= box.y1 <= figure.bbox.height + 1, text
        boxes.append((text.get_text(), box))
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        dx = min(a.x1, b.x1) - max(a.x0, b.x0)
        dy = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert dx <= 1 or dy <= 3, f"{one!r} stands on {other!r}"
    assert all(patch.get_hatch() is None for patch in ax.patches)


def filled(ax, color):
    return [p for p in ax.patches if to_hex(p.get_facecolor()) == color]


def labelled(ax):
    """Return how many boxes there are of each part."""
    names = [p.get_label() for p in ax.patches if p.get_label()[:1] not in ("", "_")]
    return {name: names.count(name) for name in names}


def test_a_matrix_prints_each_pair_and_the_trials_of_rows_and_columns():
    ax = figures.source_by_route(grid_frame())

    assert [word.replace("\n", " ") for word in words_of(ax)] == [
        *("Umbilical cord", MISSING),
        *("Vein", "3", "Hepatic artery", "1", "Outside body", "1"),
        *("Trials", "4", "1", "Trials", "3", "1", "1"),
    ]


def test_the_accent_marks_the_largest_pair_and_not_stated_is_outlined():
    ax = figures.source_by_route(grid_frame())

    (box,) = filled(ax, brand.color("accent"))
    assert (box.get_x(), box.get_y()) == (
        min(p.get_x() for p in ax.patches),
        min(p.get_y() for p in ax.patches),
    )
    assert len(filled(ax, brand.color("white"))) == 2  # the pair, and the row's bar


def test_the_matrix_of_the_examples_is_counted_again():
    data = example_trials().counted()
    frame = summarize.source_by_route(data)
    pairs = summarize.count(data, by=["cell_source", "route_group"])
    counted = sorted(map(int, pairs["n"][pairs["n"] > 0]))
    edges = [
        int(n)
        for axis in ("cell_source", "route_group")
        for n in summarize.count(data, by=axis)["n"]
        if n
    ]
    ax = figures.source_by_route(frame)

    numbers = [int(text) for text in words_of(ax) if text.isdigit()]
    assert sorted(numbers) == sorted([*counted, *edges])


def many_routes(n=40):
    rows = [("Other", "Skin", f"Route {i:02}", n - i, n - i) for i in range(n)]
    frame = grid_frame(rows)
    frame.attrs["rest"] = [f"Route {i:02}" for i in range(9, n)]
    frame.attrs |= {"n_rest": 77, "rest_of_source": {"Skin": 77}}
    return frame


def test_of_many_routes_the_less_frequent_are_one_column():
    ax = figures.source_by_route(many_routes())

    assert "Further routes" in {text.replace("\n", " ") for text in words_of(ax)}
    assert "Route 09" not in words_of(ax)
    assert words_of(ax).count("77") == 2


def test_the_rest_of_the_routes_counts_each_trial_once(monkeypatch):
    monkeypatch.setattr(cells, "MOST_ROUTES", 2)
    data = example_trials().select(country=["China", "Germany"])
    attrs = summarize.source_by_route(data).attrs

    strip = summarize.landscape_strip(data, as_of="2026-01-01")
    told = strip["route_groups"].str.split("; ").map(set)
    rest = told.map(lambda routes: bool(routes & set(attrs["rest"])))
    assert "Vein" not in attrs["rest"]
    assert "Not stated" not in attrs["rest"]
    assert attrs["n_rest"] == int(rest.sum())
    cord = strip["cell_sources"].eq("Umbilical cord")
    assert attrs["rest_of_source"]["Umbilical cord"] == int((rest & cord).sum())


def donors(rows):
    frame = pd.DataFrame(rows, columns=["cell_source", "relation", "n"])
    frame["source_family"] = "Other"
    frame.attrs |= {"n_trials": 99, "n_usable": 99}
    return frame


DONORS = [
    ("Bone marrow", "Autologous", 6),
    ("Bone marrow", "Allogeneic", 3),
    ("Umbilical cord", "Allogeneic (inferred)", 12),
    (MISSING, MISSING, 2),
]


def test_each_trial_of_a_source_is_a_box_in_the_color_of_its_donor():
    ax = figures.donor_by_source(donors(DONORS))

    assert labelled(ax) == {
        **{"Autologous": 6, "Allogeneic": 3, "Allogeneic (inferred)": 12},
        MISSING: 2,
    }
    words = words_of(ax)
    assert {"Patient’s own", "Another person’s", "Donor not stated"} <= set(words)
    assert words[-6:] == ["Umbilical cord", "12", "Bone marrow", "9", *words[-2:]]


def test_an_inferred_donor_is_paler_and_a_missing_one_an_outline():
    ax = figures.donor_by_source(donors(DONORS))
    fill = {p.get_label(): to_hex(p.get_facecolor()) for p in ax.patches}

    assert fill["Allogeneic"] == brand.color("brown")
    pale = brand.luminance(fill["Allogeneic (inferred)"])
    assert pale > brand.luminance(fill["Allogeneic"])
    assert fill[MISSING] == "#ffffff"


def test_above_60_trials_donors_are_bars_with_numbers():
    ax = figures.donor_by_source(donors([*DONORS, ("Skin", "Autologous", 50)]))

    assert labelled(ax)["Autologous"] == 2
    assert {"50", "12", "6", "3"} <= set(words_of(ax))


def test_of_many_sources_the_smaller_are_one_row_that_keeps_its_sum():
    rows = [(f"Source {i:02}", "Autologous", 30 - i) for i in range(20)]
    words = words_of(figures.donor_by_source(donors(rows)))

    assert "9 other sources" in words
    assert f"{sum(30 - i for i in range(11, 20))}" in words


def doses(n=3, panel="Given, cells per kg body weight"):
    rows = [
        (f"NCT{i:08}", "A1", f"Title {i}", panel, "Vein", "Into a vein", per, amount)
        for i in range(n)
        for amount, per in ((1e6 * (i + 1), "kg"), (5e5, "kg"))
    ]
    columns = ["trial_id", "arm_id", "short_title", "panel", "route_group"]
    frame = pd.DataFrame(rows, columns=[*columns, "route_family", "per", "amount"])
    frame.attrs |= {"n_trials": n, "n_total": n, "n_usable": n}
    return frame


def test_a_trial_is_a_row_with_its_doses_in_plain_words():
    words = words_of(figures.doses(doses()))

    assert "Given, cells per kg body weight (3 trials)" in words
    assert [w for w in words if " to " in w] == [
        *("0.5 to 1 million", "0.5 to 2 million", "0.5 to 3 million")
    ]
    assert {"NCT00000000", "Title 0", "1 million"} <= set(words)


def test_each_unit_of_dose_has_a_panel_and_an_axis_of_its_own():
    other = doses(panel="Given, cells per dose or in total").assign(per="dose")
    words = words_of(figures.doses(pd.concat([doses(), other], ignore_index=True)))

    assert sum("(3 trials)" in word for word in words) == 2
    assert "0.5 to 3 million per dose" in words


def test_above_40_trials_a_row_is_a_route_with_median_and_middle_half():
    words = words_of(figures.doses(doses(41)))

    assert "Title 0" not in words
    assert words[-3:] == ["Vein", "41", "21 million (11 to 31 million)"]


def test_two_panels_together_never_have_more_rows_than_a_page():
    other = doses(40, panel="Given, cells per dose or in total")
    ax = figures.doses(pd.concat([doses(40), other], ignore_index=True))

    assert ax.figure.get_figheight() * 25.4 <= brand.load().max_height_mm


def test_states_of_doses_add_up_to_the_trials_and_rows_tell_the_gap():
    data = example_trials()
    frame = summarize.dose_stated(data)
    routes = summarize.landscape_strip(data, as_of="2026-01-01")
    n = int(routes["route_groups"].ne("No cell product").sum())
    assert frame["n"].sum() == n == frame.attrs["n_trials"]

    ax = figures.dose_stated(frame)
    assert sum(labelled(ax).values()) == n
    missing = frame[frame["state"] == MISSING].set_index("route_family")["n"]
    sums = frame.groupby("route_family", observed=True)["n"].sum()
    told = {w for w in words_of(ax) if w.endswith("not stated") and " of " in w}
    assert told == {f"{missing[k]} of {sums[k]} not stated" for k in sums.index}


def design(rows):
    frame = pd.DataFrame(rows, columns=["allocation", "masking", "n"])
    frame.attrs |= {"n_trials": int(frame["n"].sum()), "n_usable": 1}
    return frame


DESIGN = [
    ("Randomized groups", "Masked", 7),
    ("Randomized groups", "Open", 6),
    ("One group", "Open", 15),
    (MISSING, MISSING, 2),
]


def test_allocation_is_a_bar_divided_by_masking():
    ax = figures.design(design(DESIGN))

    assert words_of(ax) == [
        *("Masked", "Open", MISSING),
        *("Randomized groups", "7", "6", "13", "One group", "15", MISSING, "2"),
    ]
    assert len(filled(ax, brand.color("accent"))) == 2  # the bar, and the key


def test_the_design_of_the_examples_is_counted_again():
    trials = example_trials().counted().trials
    frame = summarize.design(example_trials())

    told = dict(
        zip(zip(frame.allocation, frame.masking, strict=True), frame.n, strict=True)
    )
    is_random = trials["allocation"].eq("RANDOMIZED").fillna(False)
    is_masked = trials["masking"].notna() & trials["masking"].ne("NONE").fillna(False)
    assert told["Randomized groups", "Masked"] == int((is_random & is_masked).sum())
    assert sum(told.values()) == len(trials)


LONG = "An extraordinarily long source of cells with a name of many words"


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("source_by_route", grid_frame()),
        ("source_by_route", grid_frame([(None, None, None, 3, 4)])),
        ("source_by_route", grid_frame([("Other", LONG, "Abdominal cavity", 1, 1)])),
        ("source_by_route", many_routes()),
        ("donor_by_source", donors(DONORS)),
        ("donor_by_source", donors([(LONG, LONG, 3), (MISSING, MISSING, 1)])),
        ("donor_by_source", donors([(LONG, "Autologous", 12345)])),
        ("doses", doses()),
        ("doses", doses(1)),
        ("doses", doses(500)),
        ("doses", doses(2).assign(short_title=LONG * 3, trial_id=LONG)),
        ("doses", doses(2).assign(short_title=None, route_family=None, per=None)),
        ("doses", doses(44).assign(route_group=[f"R{i % 40}" for i in range(88)])),
        ("design", design(DESIGN)),
        ("design", design([(MISSING, MISSING, 1039)])),
        ("design", design([("Groups, not randomized", "Masked", 1), *DESIGN])),
    ],
)
def test_no_label_leaves_the_figure_or_stands_on_another(name, frame):
    ax = figures.FIGURES[name](frame)
    assert_legible(ax)
    assert ax.figure.get_figheight() * 25.4 <= brand.load().max_height_mm


@pytest.mark.parametrize(
    "name",
    ["source_by_route", "donor_by_source", "doses", "dose_stated", "design"],
)
def test_the_pictures_of_the_examples_are_legible(name):
    assert_legible(figures.FIGURES[name](example_trials()))
