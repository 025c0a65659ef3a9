"""Pairs of groups as a matrix: numbers, order, sums, one outline, heads that fit."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from tests.examples import example_trials
from tests.figure_frames import grid_frame, words_of
from tests.figures.labels import faults_of
from trialkit import brand, figures, summarize
from trialkit.figures.draw.pairs import MOST_COLUMNS, MOST_ROWS

pytestmark = pytest.mark.usefixtures("close_figures")

ACCENT, WHITE = brand.color("accent"), brand.color("white")
MATRICES = {
    "phase_by_route": ("route_group", "phase_group"),
    "status_by_route": ("route_group", "status"),
    "source_by_phase": ("cell_source", "phase_group"),
    "type_by_source": ("cell_type", "cell_source"),
}


def pairs(rows, first="route_group", second="status"):
    return pd.DataFrame(rows, columns=[first, second, "n"])


def drawn(ax):
    """Return {(row, column): (number, fill)} of the squares with a number."""
    texts = ax.texts
    left = {round(t.get_position()[1], 1): t for t in texts if t.get_position()[0] == 0}
    heads = {
        round(t.get_position()[0], 1): t.get_text().replace("\n", " ")
        for t in texts
        if t.get_position()[1] == -1.0 and t.get_ha() == "center"
    }
    boxes = [b for b in ax.get_children() if isinstance(b, Rectangle)]
    found = {}
    for text in texts:
        x, y = (round(place, 1) for place in text.get_position())
        if x not in heads or y not in left:
            continue
        face = next(
            to_hex(b.get_facecolor())
            for b in boxes
            if b is not ax.patch
            and b.get_x() < text.get_position()[0] < b.get_x() + b.get_width()
            and b.get_y() < text.get_position()[1] < b.get_y() + b.get_height()
        )
        found[left[y].get_text(), heads[x]] = int(text.get_text()), face
    return found


ROWS = [
    ("Portal vein", "Recruiting", 3),
    ("Vein", "Recruiting", 2),
    ("Vein", "Completed", 4),
    ("Portal vein", "Completed", 0),
    (None, "Completed", 9),
]


def test_each_pair_has_its_number_the_largest_the_accent_and_not_stated_an_outline():
    found = drawn(figures.status_by_route(pairs(ROWS)))
    assert {key: n for key, (n, _) in found.items()} == {
        ("Portal vein", "Recruiting"): 3,
        ("Vein", "Recruiting"): 2,
        ("Vein", "Completed"): 4,
        ("Not stated", "Completed"): 9,
    }
    fills = {key: fill for key, (_, fill) in found.items()}
    assert [key for key, fill in fills.items() if fill == ACCENT] == [
        ("Vein", "Completed")
    ]
    assert fills["Not stated", "Completed"] == WHITE


def test_rows_come_by_their_trials_and_not_stated_is_last_with_its_sum():
    words = words_of(figures.status_by_route(pairs(ROWS)))
    assert words[:3] == ["Vein", "Portal vein", "Not stated"]
    assert words[-4:] == ["Trials", "6", "3", "9"]


@pytest.mark.parametrize("name", MATRICES)
def test_the_matrix_of_the_examples_has_the_numbers_of_its_frame(name):
    frame = figures.FIGURES[name].frame_of(
        example_trials().counted(), as_of="2025-12-31"
    )
    ax = figures.FIGURES[name](frame)
    used = frame[frame["n"] > 0]
    assert sorted(n for n, _ in drawn(ax).values()) == sorted(used["n"].astype(int))
    assert all(patch.get_hatch() is None for patch in ax.patches + ax.artists)
    assert all(text.get_rotation() == 0 for text in ax.texts)
    assert faults_of(ax) == []


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("n", [1, 2, 40])
def test_any_number_of_groups_can_be_read(name, n):
    first, second = MATRICES[name]
    rows = [(f"Long name of a route {i}", f"Group {i}", i + 1) for i in range(n)]
    frame = pairs([*rows, (None, None, 3)], first, second)
    ax = figures.FIGURES[name](frame)
    assert faults_of(ax) == []
    note = f"Of 40 rows the {MOST_ROWS - 1} with most trials."
    assert figures.FIGURES[name].note(frame) == (note if n == 40 else "")
    height = ax.figure.get_figheight() * 25.4
    assert height <= brand.load().max_height_mm


def test_columns_without_room_are_one_and_rows_keep_their_sums():
    rows = [("Vein", f"Status {i:02}", 30 - i) for i in range(20)]
    found = drawn(figures.status_by_route(pairs(rows)))
    kept = MOST_COLUMNS - 1
    assert found["Vein", "Further"][0] == sum(30 - i for i in range(kept, 20))
    assert sum(n for n, _ in found.values()) == sum(n for *_, n in rows)


def test_of_many_groups_a_table_of_pairs_names_what_it_draws():
    rows = [(f"R{i}", f"S{i}", 50 - i) for i in range(40)]
    frame = pairs(rows, "condition_group", "sponsor")
    words = words_of(figures.crosstab(frame))
    assert "Further" not in words
    assert f"R{MOST_ROWS - 2}" in words
    assert f"R{MOST_ROWS - 1}" not in words
    assert figures.crosstab.note(frame) == (
        f"Of 40 rows the {MOST_ROWS - 1} with most trials."
        f" Of 40 columns the {MOST_COLUMNS - 1} with most trials."
    )


def test_a_word_without_room_is_broken_at_a_syllable():
    names = ["Umbilical cord", "Chemically induced pluripotent stem cell"]
    names += [f"Source {i}" for i in range(9)]
    frame = pairs([("Hepatocyte", n, 1) for n in names], "cell_type", "cell_source")
    ax = figures.type_by_source(frame)
    heads = " ".join(words_of(ax)).replace("\n", " ")
    assert "Umbili- cal cord" in heads or "Umbilical cord" in heads
    assert "induced pluripo- tent" in heads
    assert faults_of(ax) == []


def test_groups_that_would_look_the_same_keep_their_whole_names():
    rows = [("Into or around a lesion", "Recruiting", 1)]
    rows += [("Into a lesion", "Recruiting", 1)]
    words = words_of(figures.status_by_route(pairs(rows)))
    assert words[:2] == ["Into or around a lesion", "Into a lesion"]


def test_phases_are_columns_in_words_and_not_applicable_is_one_of_them():
    rows = [("NA", "Portal vein", 1), (None, "Portal vein", 1), ("1", "Vein", 5)]
    frame = pd.DataFrame(rows, columns=["phase_group", "route_group", "n"])
    found = drawn(figures.phase_by_route(frame))
    assert found["Portal vein", "Not applicable"][1] != WHITE
    assert found["Portal vein", "Not stated"] == (1, WHITE)
    assert ("Vein", "Phase 1") in found


def test_a_group_without_any_trial_has_no_row_or_column():
    rows = [("cirrhosis", "1", 3), ("cirrhosis", "NA", 0), ("Not stated", "1", 1)]
    frame = pairs(rows, "condition_group", "phase_group")
    assert words_of(figures.crosstab(frame)) == [
        *("cirrhosis", "Not stated", "Phase 1", "3", "1")
    ]
    assert figures.crosstab(frame.head(0)).texts
    text = figures.crosstab.alt(frame)
    assert text.startswith("Trials by condition and phase, 2 combinations: ")
    assert "cirrhosis and Phase 1 3" in text
    assert figures.crosstab.minimum == 4


def test_all_missing_is_one_outline():
    frame = pairs([(None, None, 4)])
    assert drawn(figures.status_by_route(frame)) == {
        ("Not stated", "Not stated"): (4, WHITE)
    }


@pytest.mark.parametrize("name", [*MATRICES, "source_by_route"])
def test_an_empty_frame_says_so_and_a_frame_is_not_changed(name):
    if name == "source_by_route":
        frame = grid_frame()
    else:
        frame = pairs([("A", "B", 2)], *MATRICES[name]).assign(source_family="Other")
    before = frame.copy()
    figures.FIGURES[name](frame)
    pd.testing.assert_frame_equal(frame, before)
    assert words_of(figures.FIGURES[name](frame.head(0))) == ["No trials to show"]


def test_numbers_stand_out_from_their_square():
    rows = [("Vein", f"S{n}", n) for n in (1, 5, 20, 90)]
    ax = figures.status_by_route(pairs(rows))
    inks = {t.get_text(): to_hex(t.get_color()) for t in ax.texts}
    for n, fill in drawn(ax).values():
        ground, ink = brand.luminance(fill), brand.luminance(inks[str(n)])
        high, low = max(ground, ink), min(ground, ink)
        assert (high + 0.05) / (low + 0.05) > 4


def test_the_sums_are_those_of_the_routes():
    data = example_trials().counted()
    routes = summarize.routes(data).set_index("route_group")["n_trials"]
    words = words_of(figures.status_by_route(data))
    sums = words[words.index("Trials") + 1 :]
    assert sorted(map(int, sums)) == sorted(n for n in routes if n)
