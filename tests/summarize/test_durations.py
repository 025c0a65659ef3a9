"""Durations by group, and the time from posting to start."""

import pytest

from tests.trials_by_hand import AS_OF, made
from trialkit import summarize, tables

pytestmark = pytest.mark.slow


def dated(trial_id, start, end=None, posted=None, phase="PHASE1"):
    return {
        "trial_id": trial_id,
        "start_date": start,
        "completion_date": end,
        "first_posted_date": posted,
        "phase": phase,
    }


def test_durations_are_summed_up_per_group_and_missing_ones_are_counted():
    data = made(
        trials=[
            dated("NCT1", "2020-01-01", "2021-01-01"),
            dated("NCT2", "2020-01", "2022-01"),
            dated("NCT3", "2020-01-01"),
        ]
    )
    row = summarize.durations_by_route(data, by="phase_group").iloc[0]
    assert (row["n"], row["n_missing"], row["n_approximate"]) == (2, 1, 1)
    assert (row["min"], row["max"]) == (12.0, 24.0)


def test_a_completion_before_the_start_is_told_and_is_no_missing_date():
    data = made(
        trials=[
            dated("NCT1", "2020-01-01", "2021-01-01"),
            dated("NCT2", "2021-01-01", "2020-01-01"),
            dated("NCT3", "2020-01-01"),
        ]
    )
    table = tables.TABLES["durations_by_phase"](data, as_of=AS_OF)
    left_out = "left out: 1 trial with a completion before the start."
    assert f"N = 1 of 3 with both dates; {left_out}" in table.caption
    assert (table.columns[-1].header, table.rows[0][-1]) == ("Without a duration", "2")


def test_a_trial_posted_after_its_start_has_negative_months():
    data = made(
        trials=[
            dated("NCT1", "2020-07-01", posted="2020-01-01"),
            dated("NCT2", "2020-01-01", posted="2020-07-01"),
            dated("NCT3", "2020-01-01"),
        ]
    )
    row = summarize.start_up(data, by="phase_group").iloc[0]
    assert (row["n_before"], row["n_after"], row["n_missing"]) == (1, 1, 1)
    assert row["min"] == -row["max"] == pytest.approx(-6.0, abs=0.1)


@pytest.mark.parametrize("name", ["participants_by_phase", "durations_by_phase"])
def test_phases_stand_in_the_words_that_figures_use(name):
    data = made(
        trials=[
            dated("NCT1", "2020-01-01", "2021-01-01", phase="NA"),
            dated("NCT2", "2020-01-01", "2021-01-01", phase="PHASE1/PHASE2"),
            dated("NCT3", "2020-01-01", "2021-01-01", phase=None),
        ]
    )
    rows = tables.TABLES[name](data, as_of=AS_OF).rows
    assert {"Phase 1/2", "Not applicable"} <= {row[0] for row in rows}
