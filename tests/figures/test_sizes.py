"""Participants per trial: a dot each, or the middle half, and the numbers beside."""

import statistics

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from tests.examples import example_cell_trials
from tests.figure_frames import points_frame, words_of
from tests.figures.labels import faults_of
from tests.trials_by_hand import empty, made, many, seeds, trial
from trialkit import brand, figures, summarize
from trialkit.figures.draw.families import hue_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

VEIN, LIVER = "Into a vein", "Into the liver's own vessels"


def frame_of(*rows):
    """Return a frame of (family, participants), a trial each."""
    frame = points_frame([("Vein", n, "ACTUAL") for _, n in rows])
    return frame.assign(route_family=[family for family, _ in rows])


def rows_of(ax):
    """Return the words of each row, from left to right, by its first."""
    rows = {}
    for text in ax.texts:
        x, y = text.get_position()
        rows.setdefault(round(y, 2), []).append((x, text.get_text()))
    told = [[text for _, text in sorted(row)] for _, row in sorted(rows.items())]
    return {row[0]: row[1:] for row in told}


def dots(ax):
    """Return (x, y, face) of each dot."""
    return [
        (float(x), float(y), to_hex(made.get_facecolor()[0]))
        for made in ax.collections
        if isinstance(made, PathCollection)
        for x, y in made.get_offsets()
    ]


def test_the_examples_have_the_numbers_of_a_second_count():
    data = example_cell_trials()
    ax = figures.enrollment(data)
    family = summarize.landscape_strip(data, as_of="2025-12-31")
    family = dict(zip(family["trial_id"], family["route_family"], strict=True))
    groups = {}
    for row in data.trials.itertuples():
        name = family[row.trial_id].replace("Not stated", "Route not stated")
        groups.setdefault(name, []).append(int(row.enrollment))
    groups["All trials"] = [n for own in groups.values() for n in own]
    shown = rows_of(ax)
    for name, own in groups.items():
        sizes = [n for n in own if n]
        middle = "too few"
        if len(sizes) >= 4:
            middle = f"{statistics.median(sizes):.1f}".removesuffix(".0")
        assert shown[name][-3:] == [str(len(own)), middle, f"{sum(own):,}"]
    assert len(dots(ax)) == len(groups["All trials"])
    assert faults_of(ax) == []


def test_dots_stand_on_a_logarithmic_scale_and_zero_apart():
    ax = figures.enrollment(frame_of((VEIN, 0), (VEIN, 10), (VEIN, 100), (VEIN, 1000)))
    zero, *places = sorted(x for x, *_ in dots(ax))
    assert np.diff(places)[0] == pytest.approx(np.diff(places)[1])
    assert zero < places[0] - 3
    assert {"0", "10", "100", "1,000"} <= {*words_of(ax)}


def test_a_family_has_its_color_and_a_route_not_stated_is_an_outline():
    ax = figures.enrollment(frame_of((LIVER, 10), ("Not stated", 20)))
    assert [face for *_, face in dots(ax)] == [hue_of(LIVER), "#ffffff"]


def test_a_trial_of_two_routes_is_one_dot_among_several_routes():
    data = seeds()
    ax = figures.enrollment(data)
    assert len(dots(ax)) == len(data.trials) == 4
    assert rows_of(ax)["Several routes"] == ["1", "too few", "32"]


def test_equal_numbers_do_not_hide_one_another():
    ax = figures.enrollment(frame_of(*[(VEIN, 20)] * 4))
    assert len({y for _, y, _ in dots(ax)}) == 4


def test_a_missing_number_counts_as_a_trial_and_the_note_says_so():
    frame = frame_of((VEIN, 20), (VEIN, None), (VEIN, 0))
    assert rows_of(figures.enrollment(frame))[VEIN] == ["3", "too few", "20"]
    assert figures.enrollment.note(frame) == (
        "1 trial has 0 and counts, but not in a median; 1 trial states no number."
    )
    assert figures.enrollment.note(frame_of((VEIN, 20))) == ""


def test_without_any_number_the_rows_say_so():
    ax = figures.enrollment(frame_of((VEIN, None), ("Not stated", None)))
    assert rows_of(ax)[VEIN] == ["1", "too few", "not stated"]
    assert faults_of(ax) == []


def test_above_60_trials_a_row_shows_its_middle_half():
    rows = [(VEIN, n) for n in range(1, 60)] + [(LIVER, n) for n in range(9)]
    ax = figures.enrollment(frame_of(*rows))
    assert dots(ax) == []
    shown = rows_of(ax)
    assert shown[VEIN][-3:] == ["59", "30", "1,770"]
    assert shown[LIVER][-3:] == ["9", "too few", "36"]
    q1, _, q3 = statistics.quantiles(range(1, 60), n=4, method="inclusive")
    hue = hue_of(VEIN)
    (line,) = [c for c in ax.collections if to_hex(c.get_color()[0]) == hue]
    ((x0, _), (x1, _)) = line.get_segments()[0]
    ticks = [t for t in ax.texts if t.get_ha() == "center"]
    places = {t.get_text(): t.get_position()[0] for t in ticks}
    mm = (places["30"] - places["10"]) / np.log(3)
    assert (x1 - x0) / np.log(q3 / q1) == pytest.approx(mm)


def test_rows_of_phases_are_in_words():
    frame = pd.DataFrame({"trial_id": ["NCT1", "NCT2", "NCT3"], "enrollment": 9})
    frame["phase_group"] = ["Early 1", "1/2", "NA"]
    frame = frame.astype({"enrollment": "Int64"}).assign(enrollment_type="ACTUAL")
    shown = list(rows_of(figures.enrollment_by_phase(frame)))
    assert shown[1:4] == ["Early phase 1", "Phase 1/2", "Not applicable"]


@pytest.mark.parametrize("count", [1, 40, 400])
def test_rows_of_many_groups_fit_on_a_page(count):
    rows = [(f"A family of a rather long name {i % 40}", i % 900) for i in range(count)]
    ax = figures.enrollment(frame_of(*rows))
    assert ax.figure.get_figheight() * 25.4 <= 205
    assert faults_of(ax) == []
    note = figures.enrollment.note(frame_of(*rows))
    assert ("of 40 groups the 24 with most trials" in note.lower()) == (count >= 40)


def test_the_alt_text_has_the_numbers_of_the_rows():
    rows = [(VEIN, n) for n in (10, 12, 32, 0, 8)] + [(LIVER, 5)]
    assert figures.enrollment.alt(frame_of(*rows)) == (
        "Participants per trial, one row per group: 5 trials, from 5 to 32, median 10."
        " Into a vein: 5 trials, median 11, 62 participants;"
        " Into the liver's own vessels: 1 trial, 5 participants."
    )


def test_nothing_is_changed_and_nothing_is_an_empty_figure():
    frame = frame_of((VEIN, 20), (LIVER, None))
    before = frame.copy()
    figures.enrollment(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert words_of(figures.enrollment(empty())) == ["No trials to show"]
    assert faults_of(figures.enrollment_by_type(many(30))) == []


# One bar of all participants.


def held(*numbers):
    frame = pd.DataFrame({"enrollment": sorted(numbers, reverse=True)})
    frame.insert(0, "trial_id", [f"NCT{i}" for i in range(len(frame))])
    before = frame["enrollment"].cumsum() - frame["enrollment"]
    frame["is_in_half"] = before * 2 < frame["enrollment"].sum()
    frame.attrs = {"n_trials": len(frame), "n_usable": len(frame)}
    return frame


def trials_with(*numbers):
    return made(trials=[trial(i, enrollment=n) for i, n in enumerate(numbers, 1)])


def segments(ax):
    """Return (width, face) of each segment."""
    return [(p.get_width(), to_hex(p.get_facecolor())) for p in ax.artists + ax.patches]


def test_the_examples_have_a_segment_per_trial_and_the_accent_on_half():
    data = example_cell_trials()
    ax = figures.concentration(data)
    numbers = sorted((int(n) for n in data.trials["enrollment"] if n), reverse=True)
    assert len(numbers) == len(data.trials) - 1
    accent = sum(face == brand.color("accent") for _, face in segments(ax))
    assert sum(numbers[:accent]) * 2 >= sum(numbers)
    assert sum(numbers[: accent - 1]) * 2 < sum(numbers)
    assert len(segments(ax)) == len(numbers)
    first, second = segments(ax)[:2]
    assert (first[0] + 0.3) / (second[0] + 0.3) == pytest.approx(
        numbers[0] / numbers[1]
    )
    assert {
        f"{accent} trials: {sum(numbers[:accent]):,} participants",
        f"Other {len(numbers) - accent} trials: {sum(numbers[accent:]):,} participants",
    } <= {*words_of(ax)}
    assert faults_of(ax) == []


def test_of_many_trials_the_largest_ten_have_a_segment():
    ax = figures.concentration(held(*range(1, 202)))
    assert len(segments(ax)) == 11
    assert "10 trials: 1,965 participants" in words_of(ax)
    assert figures.concentration.alt(held(*range(1, 202))) == (
        "One bar of 20,301 participants in 201 trials: the largest 10 have 1,965"
        " together (201, 200, 199, 198, 197, 196 and 4 more)."
    )
    assert faults_of(ax) == []


@pytest.mark.parametrize("numbers", [(5,), (5, 5), (1000, 1), (1, 1, 1, 1)])
def test_names_of_few_segments_can_be_read(numbers):
    assert faults_of(figures.concentration(held(*numbers))) == []


def test_no_participants_are_said_to_be_none():
    frame = summarize.concentration(trials_with(0, 0))
    assert (frame.attrs["n_zero"], len(frame)) == (2, 0)
    assert words_of(figures.concentration(frame)) == ["No trials to show"]


def test_a_trial_without_participants_holds_no_part_of_them():
    data = trials_with(30, 20, 10, 0, None)
    assert "Other 2 trials: 30 participants" in words_of(figures.concentration(data))
    frame = summarize.concentration(data)
    assert "N = 3 of 5 with participants." in figures.concentration.caption_of(frame)
    assert figures.concentration.note(frame) == (
        "Not drawn: 1 trial has 0; 1 trial states no number."
    )


def test_without_trials_nobody_takes_part():
    assert summarize.concentration(empty()).empty


def test_enrollment_can_be_drawn_by_another_group():
    frame = pd.DataFrame(
        {
            "trial_id": ["NCT1", "NCT2"],
            "phase_group": pd.Categorical(["1", "Not stated"]),
            "enrollment": [10, 20],
            "enrollment_type": ["ACTUAL", "ESTIMATED"],
        }
    )
    ax = figures.enrollment(frame)
    words = [text.get_text() for text in ax.texts]
    assert (
        words.index("Phase 1") < words.index("Not stated") < words.index("All trials")
    )
