"""Alt texts and notes: they say the numbers that the figures draw."""

import pandas as pd
import pytest

from tests import figure_frames as made
from trialkit import figures
from trialkit.errors import ParameterError

DAYS = {"start": "2024-01-10", "completion": "2028-01-10"}


@pytest.mark.parametrize("name", figures.FIGURES)
def test_a_figure_of_nothing_says_so(name):
    assert "no trials" in figures.FIGURES[name].alt(pd.DataFrame())
    assert figures.FIGURES[name].note(pd.DataFrame()) == ""


@pytest.mark.parametrize("describe", [figures.alt_text, figures.caption_note])
def test_an_unknown_figure_is_an_error_that_lists_the_known(describe):
    with pytest.raises(ParameterError, match="no figure 'pie'; there are landscape"):
        describe("pie", pd.DataFrame())


def test_routes_name_the_commonest_groups_and_what_is_not_stated():
    assert figures.routes.alt(made.routes_frame()) == (
        "Trials by route: Outside the body 2; Vein 1; Hepatic artery 1;"
        " Lymph node 1; not stated 0."
    )


def test_a_grid_names_its_largest_cells():
    assert figures.source_by_route.alt(made.grid_frame()) == (
        "Trials by cell source and route, 3 combinations: Umbilical cord and"
        " Vein 3; Umbilical cord and Hepatic artery 1;"
        " Not stated and Outside the body 1."
    )


def test_the_timeline_gives_years_and_the_cut_off():
    frame = made.trials_frame(made.trial_row(1, **DAYS), made.trial_row(2))
    assert figures.timeline.alt(frame) == (
        "Lanes from start to completion for 1 of 2 trials; starts in 2024;"
        " completions in 2028; data cut-off 2026-06-30."
    )


def test_the_flow_tells_the_main_line_and_what_hangs_on_it():
    assert figures.record_flow.alt(made.flow_frame()) == (
        "Flow diagram: Documents read 5; Records 5; Trials 4."
        " Beside it: a.example 2; b.example 3; Merged 1."
    )


def test_completeness_counts_states_and_names_the_emptiest_fields():
    states = {"Phase": ["Stated", "Not stated"], "Sex": ["Stated", "Stated"]}
    assert figures.completeness.alt(made.completeness_frame(states)) == (
        "2 fields in 2 trials: stated 3, not stated 1."
        " Stated by the fewest trials: Phase (1) and Sex (2)."
    )


def test_notes_name_what_is_not_drawn():
    undated = made.trials_frame(*(made.trial_row(i) for i in range(9)))
    assert figures.timeline.note(undated).endswith("NCT00000005 and 3 more.")


def test_a_figure_that_draws_everything_has_no_note():
    assert figures.routes.note(made.routes_frame()) == ""
    dated = made.trials_frame(made.trial_row(1, **DAYS))
    assert figures.timeline.note(dated) == ""


def test_nothing_concludes():
    for kind, frame in {
        "routes": made.routes_frame(),
        "timeline": made.many_trials(3),
        "record_flow": made.flow_frame(),
    }.items():
        text = figures.FIGURES[kind].alt(frame).lower()
        assert not any(word in text for word in ("most common", "dominat", "leading"))
