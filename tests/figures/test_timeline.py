"""Lanes and strip: partial dates, the cut-off, what is missing, and many trials."""

import datetime as dt

import matplotlib.dates as mdates
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from tests.figure_frames import many_trials, rows_of, trial_row, trials_frame, words_of
from tests.figures.labels import faults_of
from trialkit import brand, figures
from trialkit.errors import ParameterError
from trialkit.figures.draw.lanes import pale, spans_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

DAYS = {"start": "2024-01-10", "completion": "2028-01-10"}


def bars(ax):
    """Return (start, end, face, hatch) of the bars, days as ISO dates."""
    return [
        (
            mdates.num2date(box.get_x()).date().isoformat(),
            mdates.num2date(box.get_x() + box.get_width()).date().isoformat(),
            to_hex(box.get_facecolor()),
            box.get_hatch(),
        )
        for box in ax.patches
        if isinstance(box, Rectangle) and box.get_data_transform() == ax.transData
    ]


def lines(ax):
    """Return the lines between two different days, the cut-off left out."""
    return [line for line in ax.lines if len({*line.get_xdata()}) == 2]


def test_a_bar_is_solid_up_to_the_cut_off_and_pale_after_it():
    ax = figures.timeline(trials_frame(trial_row(1, **DAYS)))
    green = brand.route_mark("Portal vein").color
    assert bars(ax) == [
        ("2024-01-10", "2026-06-30", green, None),
        ("2026-06-30", "2028-01-10", pale(green), None),
    ]


def test_a_trial_that_is_over_has_no_pale_part():
    row = trial_row(1, start="2019-01-01", completion="2020-01-01")
    assert len(bars(figures.timeline(trials_frame(row)))) == 1


def test_the_cut_off_line_is_labelled_with_its_date():
    ax = figures.timeline(trials_frame(trial_row(1, **DAYS)))
    assert "data cut-off 2026-06-30" in words_of(ax)
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert mdates.num2date(dashed[0].get_xdata()[0]).date() == dt.date(2026, 6, 30)


def test_the_argument_as_of_wins_over_the_frame_s():
    ax = figures.timeline(trials_frame(trial_row(1, **DAYS)), as_of="2025-01-01")
    assert "data cut-off 2025-01-01" in words_of(ax)
    unset = figures.timeline(trials_frame(trial_row(1, **DAYS)), as_of=None)
    assert "data cut-off 2026-06-30" in words_of(unset)


def test_without_a_cut_off_nothing_is_pale_and_no_line_is_drawn():
    frame = trials_frame(trial_row(1, **DAYS), as_of=None)
    ax = figures.timeline(frame)
    assert len(bars(ax)) == 1
    assert not any("cut-off" in word for word in words_of(ax))


def test_a_cut_off_that_is_no_date_is_an_error():
    with pytest.raises(ParameterError, match="as_of must be a date"):
        figures.timeline(trials_frame(trial_row(1, **DAYS)), as_of="tomorrow")


def test_an_estimated_date_hatches_its_end_of_the_bar():
    row = trial_row(1, **DAYS) | {"completion_type": "ESTIMATED"}
    *_, end = bars(figures.timeline(trials_frame(row)))
    assert end[1] == "2028-01-10"
    assert end[3]


def test_a_date_of_unstated_type_is_not_hatched():
    assert not any(
        hatch
        for *_, hatch in bars(figures.timeline(trials_frame(trial_row(1, **DAYS))))
    )


def test_a_month_is_a_whisker_around_its_middle():
    row = trial_row(1, start="2024-04-01/2024-04-30", completion="2026-04-10")
    ax = figures.timeline(trials_frame(row))
    (whisker,) = lines(ax)
    ends = [mdates.num2date(day).date().isoformat() for day in whisker.get_xdata()]
    assert ends == ["2024-04-01", "2024-04-30"]
    assert bars(ax)[0][0] == "2024-04-15"


def test_a_missing_completion_is_an_open_arrow_to_the_cut_off():
    ax = figures.timeline(trials_frame(trial_row(1, start="2024-01-10")))
    assert bars(ax) == []
    (arrow,) = [
        made for made in ax.collections if made.get_offset_transform() == ax.transData
    ]
    day = mdates.num2date(arrow.get_offsets()[0][0]).date()
    assert day == dt.date(2026, 6, 30)
    assert to_hex(arrow.get_facecolor()[0]) == "#ffffff"
    assert "completion not stated" in words_of(ax)


def test_a_missing_start_is_a_bracket_and_no_bar():
    ax = figures.timeline(trials_frame(trial_row(1, completion="2024-01-10")))
    assert bars(ax) == []
    assert "start not stated" in words_of(ax)
    assert max(line.get_xdata()[-1] for line in lines(ax)) == mdates.date2num(
        dt.date(2024, 1, 10)
    )


def test_a_trial_without_dates_is_named_below_and_has_no_lane():
    frame = trials_frame(trial_row(1, **DAYS), trial_row(2))
    ax = figures.timeline(frame)
    assert rows_of(ax) == ["NCT00000001"]
    assert any("No dates in the sources: NCT00000002" in w for w in words_of(ax))


def test_without_any_date_the_figure_says_so():
    assert words_of(figures.timeline(trials_frame(trial_row(1)))) == [
        "No trial states a date"
    ]


def test_two_routes_share_the_bar_in_stripes():
    row = trial_row(1, start="2019-01-01", completion="2020-01-01")
    row["route_groups"] = "Portal vein; Hepatic artery"
    ax = figures.timeline(trials_frame(row))
    faces = [face for *_, face, _ in bars(ax)]
    assert faces == ["#009e73", "#d55e00"]


def test_status_letters_are_spelled_out_and_a_missing_one_is_a_dash():
    rows = [trial_row(i, **DAYS) for i in range(3)]
    rows[1]["overall_status"] = None
    rows[2]["overall_status"] = "Active, not recruiting"
    words = words_of(figures.timeline(trials_frame(*rows)))
    assert [word for word in words if len(word) == 1 and word != "n"] == [*"R–A"]
    note = "Status: R recruiting, A active, not recruiting, – status not stated"
    assert any(word.replace("\n", " ") == note for word in words)


def test_a_missing_enrollment_is_not_stated_and_zero_is_zero():
    rows = [
        trial_row(1, **DAYS, enrollment=None),
        trial_row(2, **DAYS, enrollment=0),
        trial_row(3, **DAYS, enrollment=1200),
    ]
    shown = ["not stated", "0", "1,200"]
    words = words_of(figures.timeline(trials_frame(*rows)))
    assert [w for w in words if w in shown] == shown


def running(*spans, groups=("Vein",)):
    """Return a timeline frame of each span 41 times, with the routes in turn."""
    dates = [dict(zip(("start", "completion"), span, strict=True)) for span in spans]
    days = [
        {k: day for k, day in own.items() if day} for own in dates for _ in range(41)
    ]
    rows = [trial_row(i, **own) for i, own in enumerate(days)]
    for i, row in enumerate(rows):
        row["route_groups"] = groups[i % len(groups)]
    return trials_frame(*rows)


def test_beyond_40_trials_those_that_run_in_each_year_are_counted():
    spans = [("2020-05-01", "2022-01-31"), ("2022-12-31", ""), ("", "2019-02-01")]
    frame = running(*spans)
    ax = figures.timeline(frame)
    words = words_of(ax)
    assert "82" in words
    assert {"’19", "’20", "’21", "’22"} <= set(words)
    assert not any(word.startswith("NCT") for word in words)
    assert "most in 2022: 82" in figures.timeline.alt(frame)
    frame.attrs["n_trials"] = len(frame)
    assert "run in each year" in figures.timeline.caption_of(frame)
    assert "lane" in figures.timeline.caption_of(frame.head(40))


def test_trials_without_cells_and_of_40_routes_can_be_seen():
    days = [("2020-05-01", "2022-01-31")]
    drugs = figures.timeline(running(*days, groups=("No cell product",)))
    white = brand.luminance("#ffffff")
    fills = [to_hex(box.get_facecolor()) for box in drugs.patches]
    assert fills
    assert all(brand.luminance(fill) < 0.8 * white for fill in fills)
    frame = running(*days, *days, groups=[f"Route {i}" for i in range(40)])
    ax = figures.timeline(frame)
    assert faults_of(ax) == []
    assert figures.timeline.note(frame) == "Of 40 routes the 16 with most trials."


@pytest.mark.parametrize("plot", [figures.timeline, figures.landscape_strip])
def test_empty_frames_say_so_and_frames_are_not_changed(plot):
    assert words_of(plot(trials_frame())) == ["No trials to show"]
    frame = trials_frame(trial_row(1, **DAYS), trial_row(2))
    before = frame.copy(deep=True)
    plot(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("plot", [figures.timeline, figures.landscape_strip])
@pytest.mark.parametrize("count", [1, 40, 400])
def test_figures_fit_on_a_page(plot, count):
    figure = plot(many_trials(count)).figure
    assert figure.get_figwidth() * 25.4 == pytest.approx(174)
    assert figure.get_figheight() * 25.4 <= 225.01


@pytest.mark.parametrize("plot", [figures.timeline])
def test_everything_missing_but_a_start_still_draws(plot):
    row = dict.fromkeys(trial_row(0)) | {"trial_id": "X1"}
    row |= {"start_earliest": "2024-01-01", "start_latest": "2024-12-31"}
    assert rows_of(plot(trials_frame(row)))[0] == "X1"


def test_a_frame_without_primary_dates_has_none():
    frame = trials_frame(trial_row(1, **DAYS))
    (span,) = spans_of(frame[["start_earliest", "start_latest"]])
    assert span.start_width == 0
    assert span.end != span.end
    assert span.primary != span.primary
