"""What holds for every figure: text fits, is text, is large enough, and is the same."""

import re
from functools import cache

import matplotlib as mpl
import pandas as pd
import pytest

from tests import figure_frames as made
from trialkit import brand, figures
from trialkit.figures.draw.page import shorten, text_mm, wrap
from trialkit.figures.draw.scales import count_ticks, log_ticks, year_ticks
from trialkit.report.display import _svg_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

GROUPS = [name for name in brand.load().routes if name != "No cell product"]
SOURCE = "Chemically induced pluripotent stem cell (source of a long name)"


@cache
def frames(count):
    """Return {figure: frame} of `count` trials over all routes, with long words."""
    groups = [GROUPS[i % len(GROUPS)] for i in range(count)]
    rows = [
        made.trial_row(
            i,
            start=f"20{i % 20 + 10}-03-01/20{i % 20 + 10}-03-31",
            completion=f"20{i % 17 + 31}-05-01",
            route_groups=f"{group}; Outside the body; Heart",
            cell_sources=f"{SOURCE}; Bone marrow",
            phase_group="Not stated",
            overall_status="ACTIVE_NOT_RECRUITING",
            enrollment=10 * i % 4000,
            has_conflict=True,
        )
        for i, group in enumerate(groups)
    ]
    trials = made.trials_frame(*rows)
    points = [(g, 7 + 13 * i % 900, "ACTUAL") for i, g in enumerate(groups)]
    grid = [("Pluripotent", SOURCE, group, count, count + 1) for group in groups[:17]]
    unique = dict.fromkeys(groups, (count, 2 * count))
    enrollment = made.points_frame(points)
    return {
        "landscape_strip": trials,
        "timeline": trials,
        "record_flow": made.flow_frame(),
        "routes": made.routes_frame(unique),
        "phase_by_route": pd.DataFrame(
            {"phase_group": "Not stated", "route_group": groups, "n": count}
        ),
        "source_by_route": made.grid_frame(grid),
        "type_by_source": pd.DataFrame(
            {
                "cell_type": "Mesenchymal stromal cell of a long name",
                "cell_source": [f"{SOURCE} {i}" for i in range(min(count, 20))],
                "source_family": "Pluripotent",
                "n": 1,
            }
        ),
        "enrollment": enrollment,
        "durations": enrollment.assign(months=30.0, overall_status="COMPLETED"),
        "completeness": made.completeness_frame(
            {f"A field with a long name {i}": ["Stated"] * count for i in range(30)}
        ),
    }


def draw(kind, count=4):
    return figures.FIGURES[kind](frames(count)[kind])


KINDS = list(frames(1))


@pytest.mark.parametrize("count", [1, 400])
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_lies_inside_the_figure_at_8_points_or_more(kind, count):
    figure = draw(kind, count).figure
    figure.draw_without_rendering()
    texts = figure.findobj(mpl.text.Text)
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    assert shown
    for text in shown:
        box = text.get_window_extent()
        assert text.get_fontsize() >= 8, text
        assert -1 <= box.x0 <= box.x1 <= figure.bbox.width + 1, text
        assert -1 <= box.y0 <= box.y1 <= figure.bbox.height + 1, text


@pytest.mark.parametrize("kind", KINDS)
def test_text_stays_text_in_the_report_s_typeface(kind):
    svg = _svg_of(draw(kind), "fig-x")
    assert svg.count("<text") >= 2
    families = set(re.findall(r"font-family: '([^']+)'", svg))
    assert families == {"Source Sans Pro"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_frame_gives_the_same_bytes(kind):
    assert _svg_of(draw(kind), "fig-x") == _svg_of(draw(kind), "fig-x")


def test_a_hostile_id_is_drawn_as_it_is():
    row = made.trial_row(1, start="2024-01-01", completion="2025-01-01")
    row["trial_id"] = "$x_1$<b>&"
    svg = _svg_of(figures.timeline(made.trials_frame(row)), "fig-x")
    assert "$x_1$&lt;b&gt;&amp;</text>" in svg


def test_widths_are_those_of_the_typeface():
    # Source Sans Pro: digits are 497 of 1000 units wide at every weight used here.
    assert text_mm("0000", 10) == pytest.approx(4 * 0.497 * 10 * 25.4 / 72, rel=1e-3)
    assert text_mm("", 10) == 0
    assert text_mm("Wide", 18) == pytest.approx(2 * text_mm("Wide", 9))


def test_a_text_is_cut_only_where_it_is_too_wide():
    assert shorten("Bone marrow", 40) == "Bone marrow"
    cut = shorten("Bone marrow (aspirate)", 22)
    assert cut.endswith("…")
    assert text_mm(cut) <= 22


def test_a_text_is_wrapped_at_spaces_and_keeps_its_words():
    text = "Merged: further records of the same trial"
    lines = wrap(text, 30).split("\n")
    assert " ".join(lines) == text
    assert all(text_mm(line) <= 30 for line in lines)


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (7, [0, 1, 2, 3, 4, 5, 6, 7]),
        (9, [0, 2, 4, 6, 8, 10]),
        (240, [0, 50, 100, 150, 200, 250]),
    ],
)
def test_counts_have_whole_ticks(largest, ticks):
    assert count_ticks(largest) == ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (12, 12, [10, 20]),
        (1, 3, [1, 2, 5]),
        (10, 480, [10, 20, 50, 100, 200, 500]),
        (2, 2_000_000, [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]),
    ],
)
def test_log_ticks_cover_the_values(low, high, ticks):
    assert log_ticks(low, high) == ticks


def test_years_thin_out_to_the_room_there_is():
    first, last = pd.Timestamp("2011-05-01").date(), pd.Timestamp("2029-02-01").date()
    assert [label for _, label in year_ticks(first, last, most=4)] == [
        *("2015", "2020", "2025")
    ]
    short = pd.Timestamp("2012-08-01").date()
    assert [label for _, label in year_ticks(first, short)] == ["Jul", "2012", "Jul"]
    within = pd.Timestamp("2011-06-01").date()
    assert [label for _, label in year_ticks(first, within)] == ["2011", "2012"]
