"""The flow diagram: the main line, what hangs on it, and the units."""

from itertools import pairwise

import pandas as pd
import pytest

from tests.figure_frames import flow_frame, words_of
from trialkit import figures
from trialkit.figures.flow import main_line

pytestmark = pytest.mark.usefixtures("close_figures")


def boxes(ax):
    """Return {step: box} of the boxes drawn."""
    return {box.get_label(): box for box in ax.patches}


def test_the_main_line_leads_to_the_last_row():
    assert main_line(flow_frame()) == ["documents", "records", "trials"]


def test_steps_stand_below_one_another_and_the_rest_beside_them():
    drawn = boxes(figures.record_flow(flow_frame()))
    at = {step: (box.get_x(), box.get_y()) for step, box in drawn.items()}
    assert at["documents"][1] < at["records"][1] < at["trials"][1]
    assert at["documents"][0] == at["records"][0] == at["trials"][0] == 0
    assert at["source:a"][0] == at["merged"][0] > 80
    assert at["source:a"][1] == at["documents"][1] < at["source:b"][1]


def test_no_two_boxes_overlap():
    drawn = list(boxes(figures.record_flow(flow_frame())).values())
    spans = [(b.get_x() > 0, b.get_y(), b.get_y() + b.get_height()) for b in drawn]
    for side in (False, True):
        column = sorted(span[1:] for span in spans if span[0] == side)
        assert all(a[1] < b[0] for a, b in pairwise(column))


def test_every_box_says_its_count_with_its_unit():
    words = words_of(figures.record_flow(flow_frame()))
    assert "n = 5 documents" in words
    assert "n = 1 record" in words
    assert "n = 4 trials" in words
    assert "same id" in words


def test_a_missing_note_is_no_word():
    assert not any(
        "NA" in word or "None" in word
        for word in words_of(figures.record_flow(flow_frame()))
    )


def test_very_many_sources_share_a_box():
    rows = [
        (f"source:{i}", f"site {i}", i, "documents", "", "documents") for i in range(40)
    ]
    more = pd.DataFrame(rows, columns=flow_frame().columns)
    frame = pd.concat([flow_frame(), more.iloc[1:], flow_frame().iloc[-1:]])
    frame = frame.drop_duplicates("step", keep="last").reset_index(drop=True)
    ax = figures.record_flow(frame)
    words = words_of(ax)
    assert "site 39" in words
    assert "site 5" not in words
    assert any(word.endswith(" further") for word in words)
    assert ax.figure.get_figheight() * 25.4 <= 215.01


def test_a_loop_of_parents_ends():
    parents = ["trials", None, None, "documents", None, "records"]
    frame = flow_frame().assign(parent=parents)
    assert main_line(frame) == ["documents", "records", "trials"]


def test_one_row_is_one_box():
    assert list(boxes(figures.record_flow(flow_frame().iloc[:1]))) == ["documents"]


def test_an_empty_frame_says_so_and_the_frame_is_not_changed():
    assert words_of(figures.record_flow(flow_frame().iloc[:0])) == ["No trials to show"]
    frame = flow_frame()
    figures.record_flow(frame)
    pd.testing.assert_frame_equal(frame, flow_frame())
