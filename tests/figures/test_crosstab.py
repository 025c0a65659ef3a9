"""Trials by two groups as a grid: a number per pair that occurs, the rest blank."""

import pandas as pd
import pytest

from trialkit import figures

pytestmark = pytest.mark.usefixtures("close_figures")


def grid(rows, first="condition_group", second="phase_group"):
    frame = pd.DataFrame(rows, columns=[first, second, "n"])
    for name in (first, second):
        levels = list(dict.fromkeys([*frame[name], "Not stated"]))
        frame[name] = pd.Categorical(frame[name], levels, ordered=True)
    return frame


ROWS = [("cirrhosis", "1", 3), ("cirrhosis", "NA", 0), ("Not stated", "1", 1)]


def numbers(ax):
    return sorted(text.get_text() for text in ax.texts if text.get_text().isdigit())


def test_each_pair_that_occurs_has_its_number_and_zero_has_none():
    assert numbers(figures.crosstab(grid(ROWS))) == ["1", "3"]


def test_a_group_without_any_trial_has_no_row_or_column():
    ax = figures.crosstab(grid(ROWS))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1"]


def test_the_columns_of_phases_say_so():
    assert figures.crosstab(grid(ROWS)).get_xlabel() == "Phase"
    assert figures.crosstab(grid(ROWS, second="route_group")).get_xlabel() == ""


def test_no_trial_gives_a_note_and_no_error():
    assert figures.crosstab(grid(ROWS).head(0)).texts


def test_the_alternative_text_names_the_pairs():
    text = figures.crosstab.alt(grid(ROWS))
    assert text.startswith("Trials by condition and phase, 2 combinations: ")
    assert "cirrhosis and phase 1 3" in text


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


def test_a_grid_needs_four_trials():
    assert figures.crosstab.minimum == 4
