"""Conditions as bars, as a matrix with routes, and as circles over the years."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from trialkit import brand, figures

pytestmark = pytest.mark.usefixtures("close_figures")


def grouped(names):
    levels = [n for n in dict.fromkeys(names) if n != "Not stated"]
    return pd.Categorical(names, [*levels, "Not stated"], ordered=True)


def conditions_frame(rows):
    made = pd.DataFrame(rows, columns=["condition", "n", "participants"])
    made["condition"] = grouped(made["condition"])
    made = made.astype({"participants": "Int64"})
    made.attrs |= {"n_trials": 9, "n_usable": 9, "others": ("Gout", "Burns")}
    return made


def matrix_frame(rows):
    """Return a frame of (condition, route, n)."""
    made = pd.DataFrame(rows, columns=["condition", "route_family", "n"])
    for name in ("condition", "route_family"):
        made[name] = grouped(made[name])
    made["n_trials"] = made.groupby("condition", observed=True)["n"].transform("sum")
    made["participants"] = made["n_trials"] * 10
    return made


def starts_frame(rows, as_of="2026-01-01"):
    """Return a frame of (condition, start, enrollment), each row a trial."""
    made = pd.DataFrame(rows, columns=["condition", "start", "enrollment"])
    made.insert(0, "trial_id", [f"NCT{i:08d}" for i in range(len(made))])
    made["condition"] = grouped(made["condition"])
    day = pd.to_datetime(made.pop("start"))
    made = made.assign(start_earliest=day, start_latest=day)
    made = made.astype({"enrollment": "Int64"})
    made.attrs |= {"as_of": as_of, "n_trials": len(made), "n_undated": 1}
    return made


def texts(ax):
    return [text.get_text() for text in ax.texts]


def fills(ax, fill):
    return [p for p in ax.patches if to_hex(p.get_facecolor()) == fill]


BARS = [("Gout", 5, 50), ("Burns", 3, None), ("Not stated", 1, 7)]


def test_each_condition_has_its_trials_and_participants():
    ax = figures.conditions(conditions_frame(BARS))

    rows = ["Gout", "Burns", "Not stated"]
    assert texts(ax) == [*rows, "Trials", "5", "3", "1", "Participants", "50", "–", "7"]


def test_the_accent_marks_the_condition_with_most_trials():
    accent = brand.color("accent")

    assert len(fills(figures.conditions(conditions_frame(BARS)), accent)) == 1
    equal = [(name, 2, 1) for name in ("Gout", "Burns", "Flu", "Stroke", "Mumps")]
    assert not fills(figures.conditions(conditions_frame(equal)), accent)


def test_not_stated_is_an_outline_in_the_last_row_and_not_there_when_nothing_is():
    ax = figures.conditions(conditions_frame(BARS))
    outlined = fills(ax, "#ffffff")

    assert {int(box.get_y() / 5.2) for box in outlined} == {2}
    assert all(box.get_hatch() is None for box in ax.patches)
    told = figures.conditions(conditions_frame([*BARS[:2], ("Not stated", 0, None)]))
    assert "Not stated" not in texts(told)


def test_what_other_conditions_are_is_said_where_there_are_any():
    frame = conditions_frame([("Mumps", 5, 50), ("Other conditions", 3, 30)])

    assert figures.conditions.note(frame) == "Other conditions: Gout and Burns."
    assert figures.conditions.note(conditions_frame(BARS)) == ""


def test_the_alternative_text_of_conditions_tells_every_number():
    assert figures.conditions.alt(conditions_frame(BARS)) == (
        "Trials by condition: Gout 5 (50 participants); Burns 3 (participants not "
        "stated); Not stated 1 (7 participants)."
    )


MATRIX = [
    ("Gout", "Into a vein", 3),
    ("Gout", "Other route", 0),
    ("Burns", "Other route", 2),
    ("Burns", "Not stated", 1),
]


def test_the_matrix_tells_each_pair_and_the_sum_of_each_row():
    ax = figures.condition_by_route(matrix_frame(MATRIX))

    shown = ["Gout", "Burns", "Vein", "3", "Other route", "2", "Not stated", "1"]
    sums = ["Trials", "3", "3", "Participants", "30", "30"]
    assert [text.replace("\n", " ") for text in texts(ax)] == shown + sums


def test_the_largest_pair_that_is_stated_has_the_accent():
    frame = matrix_frame([*MATRIX[:3], ("Burns", "Not stated", 7)])
    ax = figures.condition_by_route(frame)
    marked = fills(ax, brand.color("accent"))

    assert len(marked) == 1
    assert marked[0].get_y() < 5.9, "the row of gout"


def test_routes_that_are_the_rest_stand_last():
    names = ["Other route", "Several routes", "Not stated", "Outside the body"]
    ax = figures.condition_by_route(matrix_frame([("Gout", name, 1) for name in names]))
    heads = [text.replace("\n", " ") for text in texts(ax) if text[0] in "OSN"]

    assert heads == ["Outside the body", "Other route", "Several routes", "Not stated"]


def test_a_matrix_without_trials_is_a_note():
    assert "Trials" not in texts(
        figures.condition_by_route(matrix_frame(MATRIX).head(0))
    )


@pytest.mark.parametrize("n_routes", [1, 9, 40])
def test_a_matrix_stays_inside_the_page(n_routes):
    rows = [
        (f"Condition of a long name {i}" * 3, f"Route {i}", 1) for i in range(n_routes)
    ]
    ax = figures.condition_by_route(matrix_frame(rows))
    figure = ax.get_figure()
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()

    for text in ax.texts:
        box = text.get_window_extent(renderer)
        assert box.x0 >= -1
        assert box.x1 <= figure.bbox.width + 1, text.get_text()


STARTS = [
    ("Gout", "2010-05-01", 10),
    ("Gout", "2012-01-01", 250),
    ("Burns", "2015-06-01", None),
    ("Burns", "2020-06-01", 0),
    ("Burns", "2027-01-01", 40),
    *((("Gout"), f"2013-0{n}-01", 20) for n in range(1, 6)),
]


def circles(ax):
    return [patch for patch in ax.patches if isinstance(patch, Circle)]


def test_each_trial_is_a_circle_whose_area_tells_its_participants():
    drawn = circles(figures.condition_starts(starts_frame(STARTS)))

    assert len(drawn) == len(STARTS)
    large, planned = sorted(drawn, key=lambda circle: -circle.radius)[:2]
    assert (large.radius / planned.radius) ** 2 == pytest.approx(250 / 40)


def test_a_trial_that_states_no_participants_or_none_is_a_ring():
    frame = starts_frame(STARTS)
    ax = figures.condition_starts(frame)

    assert len([c for c in circles(ax) if to_hex(c.get_facecolor()) == "#ffffff"]) == 2
    assert "Ring: no participants stated, or none." in figures.condition_starts.note(
        frame
    )


def test_only_trials_that_are_larger_than_all_others_have_their_number():
    ax = figures.condition_starts(starts_frame(STARTS))

    assert [text for text in texts(ax) if text.isdigit() and int(text) < 2000] == [
        "250",
        "40",
    ]


def test_the_note_tells_the_trials_without_a_start():
    frame = starts_frame(STARTS[:2])

    assert figures.condition_starts.note(frame) == (
        "Area: participants, planned or actual. 1 trial states no start."
    )


def test_above_sixty_trials_the_starts_of_each_year_are_counted():
    rows = [("Gout", f"{1990 + n % 32}-01-01", 5) for n in range(64)]
    ax = figures.condition_starts(starts_frame(rows))

    assert not circles(ax)
    assert [int(t) for t in texts(ax) if t.isdigit()] == [18, *[2] * 23]
    assert "to\n’98" in texts(ax)
    assert "Ring" not in figures.condition_starts.note(starts_frame(rows))


def test_starts_in_one_year_are_drawn():
    assert circles(figures.condition_starts(starts_frame(STARTS[:1])))


def test_of_many_routes_the_least_stand_in_one_column():
    rows = [("Gout", f"Route {n:02d}", 50 - n) for n in range(40)]
    frame = matrix_frame([*rows, ("Gout", "Several routes", 2)])
    ax = figures.condition_by_route(frame)

    heads = [text.replace("\n", " ") for text in texts(ax)]
    assert [h for h in heads if h.startswith("Route ")] == [
        f"Route {n:02d}" for n in range(9)
    ]
    assert str(sum(50 - n for n in range(9, 40))) in heads
