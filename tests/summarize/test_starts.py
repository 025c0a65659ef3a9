"""Starts by year, and participants by start."""

import pytest

from tests.trials_by_hand import AS_OF, made, trial
from trialkit import summarize

pytestmark = pytest.mark.slow


def test_years_without_a_start_are_zero_and_the_last_is_partial():
    rows = [trial(1, start_date="2020-05-01"), trial(2, start_date="2023-01-15")]
    rows += [trial(3, start_date="2024-09-01"), trial(4)]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    data = made(trials=rows, arms=arms)
    shown = summarize.starts_by_year(data, as_of="2024-06-30")
    by_year = shown.groupby("year")["n"].sum().to_dict()
    assert by_year == {2020: 1, 2021: 0, 2022: 0, 2023: 1, 2024: 0}
    assert set(shown.loc[shown["is_partial"], "year"]) == {2024}
    assert (shown.attrs["n_planned"], shown.attrs["n_undated"]) == (1, 1)
    whole = summarize.starts_by_year(data, as_of="2023-12-31")
    assert not whole["is_partial"].any()


def test_participants_add_up_by_start_within_each_route():
    rows = [
        trial(1, start_date="2022-03-01", enrollment=10),
        trial(2, start_date="2020-01-01", enrollment=5),
        trial(3, enrollment=7),
    ]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    data = made(trials=rows, arms=arms)
    shown = summarize.cumulative_enrollment(data, as_of=AS_OF)
    assert list(shown["total"]) == [5, 15]
    assert (shown.attrs["n_usable"], shown.attrs["n_trials"]) == (2, 3)
