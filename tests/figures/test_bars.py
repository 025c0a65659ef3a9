"""Cell types by source, and completeness: stacked parts, states, order."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.figure_frames import completeness_frame, rows_of, words_of
from trialkit import brand, figures

pytestmark = pytest.mark.usefixtures("close_figures")

MSC, HLC = "Mesenchymal stromal cell", "Hepatocyte-like cell"


def types_frame(rows=None):
    rows = rows or [
        (HLC, "Induced pluripotent stem cell", "Pluripotent", 1),
        (MSC, "Umbilical cord", "Perinatal tissue", 3),
        (MSC, "Not stated", "Not stated", 2),
        (MSC, "Bone marrow", "Adult tissue", 0),
    ]
    columns = ["cell_type", "cell_source", "source_family", "n"]
    return pd.DataFrame(rows, columns=columns)


def named(ax):
    """Return the boxes that carry a label: those of the data."""
    return [box for box in ax.patches if box.get_label()[:1] not in ("", "_")]


def parts(ax):
    """Return (row, source, start, length) of the parts of all bars."""
    labels = rows_of(ax)
    return [
        (labels[int(box.get_y())], box.get_label(), box.get_x(), box.get_width())
        for box in named(ax)
    ]


def test_parts_follow_one_another_and_not_stated_is_last():
    ax = figures.type_by_source(types_frame())
    assert parts(ax) == [
        (HLC, "Induced pluripotent stem cell", 0, 1),
        (MSC, "Umbilical cord", 0, 3),
        (MSC, "Not stated", 3, 2),
    ]
    assert rows_of(ax) == [HLC, MSC, "Not stated"]


def test_a_part_names_its_source_where_there_is_room():
    words = words_of(figures.type_by_source(types_frame()))
    assert "Umbilical cord 3" in words
    assert "Not stated 2" in words


def test_a_source_without_room_is_in_the_key():
    rows = [(MSC, "Bone marrow", "Adult tissue", 90), (MSC, "Liver", "Adult tissue", 1)]
    words = words_of(figures.type_by_source(types_frame(rows)))
    assert "Bone marrow 90" in words
    assert "Liver" in words


def test_sums_stand_at_the_end_of_each_bar():
    rows = [(HLC, "Liver", "Adult tissue", 7), (MSC, "Liver", "Adult tissue", 30)]
    words = words_of(figures.type_by_source(types_frame(rows)))
    assert [word for word in words if word.isdigit()] == ["7", "30", "0"]


def test_not_stated_is_grey_and_hatched_and_families_have_a_hue():
    ax = figures.type_by_source(types_frame())
    looks = {box.get_label(): box for box in ax.patches}
    assert to_hex(looks["Not stated"].get_facecolor()) == "#bbbbbb"
    assert looks["Not stated"].get_hatch()
    families = brand.load().families
    cord = to_hex(looks["Umbilical cord"].get_facecolor())
    assert cord == families["Perinatal tissue"]
    assert set(families.values()) & {m.color for m in brand.load().routes.values()} == {
        "#bbbbbb"
    }


def test_sources_of_one_family_differ():
    rows = [(MSC, f"Source {i}", "Adult tissue", 1) for i in range(7)]
    ax = figures.type_by_source(types_frame(rows))
    looks = [
        (to_hex(box.get_facecolor()), box.get_hatch())
        for box in ax.patches
        if box.get_label().startswith("Source")
    ]
    assert len(set(looks)) == 7


def test_all_missing_is_one_bar_and_nothing_is_an_empty_figure():
    ax = figures.type_by_source(types_frame([(None, None, None, 4)]))
    assert parts(ax) == [("Not stated", "Not stated", 0, 4)]
    empty = figures.type_by_source(types_frame().iloc[:0])
    assert words_of(empty) == ["No trials to show"]


STATES = {"Phase": ["Stated", "Not stated", "Lay source only"], "Sex": ["Stated"] * 3}


def cells(ax):
    """Return {state: number of squares} of the matrix."""
    return {box.get_label(): len(box.get_path().vertices) // 5 for box in named(ax)}


def test_fields_that_most_trials_state_come_first():
    ax = figures.completeness(completeness_frame(STATES))
    assert rows_of(ax) == ["Sex", "Phase"]
    assert words_of(ax)[-3:] == ["3/3", "1/3", "given"]


def test_every_state_has_its_squares_its_letter_and_its_place_in_the_key():
    ax = figures.completeness(completeness_frame(STATES))
    assert cells(ax) == {"stated": 4, "lay source only": 1, "not stated": 1}
    words = words_of(ax)
    assert words.count("L") == 1
    assert {"lay source only (L)", "not stated", "stated"} <= set(words)


def test_not_stated_is_grey_and_hatched_and_conflict_has_a_dagger():
    states = {"Phase": ["Conflict", "Not stated", "Inferred", "Positional"]}
    ax = figures.completeness(completeness_frame(states))
    looks = {box.get_label(): box for box in ax.patches}
    assert to_hex(looks["not stated"].get_facecolor()) == "#bbbbbb"
    assert looks["not stated"].get_hatch()
    assert {"†", "I", "P"} <= set(words_of(ax))


def test_a_field_given_as_a_column_reads_as_words():
    ax = figures.completeness(completeness_frame({"overall_status": ["Stated"]}))
    assert rows_of(ax) == ["Overall status"]


def test_beyond_40_trials_fields_are_bars_of_counts():
    states = {"Phase": ["Stated"] * 30 + ["Not stated"] * 20}
    ax = figures.completeness(completeness_frame(states))
    widths = {box.get_label(): box.get_width() for box in named(ax)}
    assert widths == {"stated": 30, "not stated": 20}
    assert ax.get_xlabel() == "Trials (of 50)"
    assert "30/50" in words_of(ax)


def test_a_missing_state_is_not_stated_and_nothing_is_an_empty_figure():
    ax = figures.completeness(completeness_frame({"Phase": [None, None]}))
    assert cells(ax) == {"not stated": 2}
    empty = figures.completeness(completeness_frame({}))
    assert words_of(empty) == ["No trials to show"]


def test_frames_are_not_changed():
    frame, states = types_frame(), completeness_frame(STATES)
    figures.type_by_source(frame)
    figures.completeness(states)
    pd.testing.assert_frame_equal(frame, types_frame())
    pd.testing.assert_frame_equal(states, completeness_frame(STATES))
