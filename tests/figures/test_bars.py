"""What the sources state of each field: bars, their parts, order and sums."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.figure_frames import completeness_frame, words_of
from tests.figures.labels import faults_of
from trialkit import brand, figures

pytestmark = pytest.mark.usefixtures("close_figures")

STATES = {"Phase": ["Stated", "Not stated", "Lay source only"], "Sex": ["Stated"] * 3}


def parts(ax):
    """Return {(row, state): fill} of the parts of all bars."""
    rows = {
        round(t.get_position()[1], 1): t.get_text()
        for t in ax.texts
        if t.get_position()[0] == 0
    }
    return {
        (rows[round(box.get_y() + box.get_height() / 2, 1)], box.get_label()): to_hex(
            box.get_facecolor()
        )
        for box in ax.patches + ax.artists
        if box.get_label()[:1] not in ("", "_")
    }


def test_fields_that_most_trials_state_come_first_and_end_with_their_number():
    ax = figures.completeness(completeness_frame(STATES))
    rows = [word for word in words_of(ax) if word in ("Sex", "Phase")]
    assert rows == ["Sex", "Phase"]
    assert {"3 of 3", "1 of 3"} <= set(words_of(ax))


def test_every_state_has_its_part_and_its_place_in_the_key():
    ax = figures.completeness(completeness_frame(STATES))
    assert set(parts(ax)) == {
        *(("Sex", "stated"), ("Phase", "stated")),
        *(("Phase", "lay source only"), ("Phase", "not stated")),
    }
    assert {"Stated", "On a lay page only", "Not stated"} <= set(words_of(ax))
    assert "Inferred by a rule" not in words_of(ax)


def test_not_stated_is_an_outline_and_no_state_looks_like_another():
    states = {"Phase": ["Conflict", "Not stated", "Inferred", "Positional", "Stated"]}
    ax = figures.completeness(completeness_frame(states))
    fills = parts(ax)
    assert fills["Phase", "not stated"] == brand.color("white")
    assert len(set(fills.values())) == 5
    assert all(box.get_hatch() is None for box in ax.patches + ax.artists)


def test_a_field_given_as_a_column_reads_as_words():
    ax = figures.completeness(completeness_frame({"overall_status": ["Stated"]}))
    assert "Overall status" in words_of(ax)


@pytest.mark.parametrize("n", [1, 2, 40, 1000])
def test_any_number_of_trials_can_be_read(n):
    states = {"Phase": ["Stated"] * n + ["Not stated"] * (2 * n)}
    ax = figures.completeness(completeness_frame(states))
    assert f"{n:,} of {3 * n:,}" in words_of(ax)
    assert faults_of(ax) == []


def test_a_missing_state_is_not_stated_and_nothing_is_an_empty_figure():
    ax = figures.completeness(completeness_frame({"Phase": [None, None]}))
    assert list(parts(ax)) == [("Phase", "not stated")]
    empty = figures.completeness(completeness_frame({}))
    assert words_of(empty) == ["No trials to show"]


def test_the_frame_is_not_changed():
    states = completeness_frame(STATES)
    figures.completeness(states)
    pd.testing.assert_frame_equal(states, completeness_frame(STATES))
