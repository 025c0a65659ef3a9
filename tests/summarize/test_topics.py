"""The frames of the topic reports: delivery together, durations, posting to start."""

import pandas as pd
import pytest

from tests.trials_by_hand import AS_OF, empty, made, many, seeds
from trialkit import summarize, tables
from trialkit.tables.table import MISSING_NOTE

pytestmark = pytest.mark.slow


def labels(trial_id, arm_id, **values):
    """Return label rows: an axis by keyword, several values joined by a blank."""
    return [
        {"trial_id": trial_id, "arm_id": arm_id, "axis": axis, "value": value}
        for axis, joined in values.items()
        for value in joined.split()
    ]


def arms(trial_id, *ids):
    return [{"trial_id": trial_id, "arm_id": arm_id} for arm_id in ids]


def test_an_arm_with_two_routes_and_two_sites_is_one_row_and_no_cross_product():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=arms("NCT1", "A1"),
        labels=labels("NCT1", "A1", route="IA.hepatic PV", site="HA PVEIN"),
    )
    rows = summarize.delivery_sites(data)
    assert len(rows) == 1
    assert rows["route"].item().count("; ") == rows["site"].item().count("; ") == 1
    assert rows["access"].item() == "Not stated"


def test_arms_of_one_kind_are_counted_as_arms_and_as_trials():
    data = made(
        trials=[{"trial_id": "NCT1"}, {"trial_id": "NCT2"}],
        arms=arms("NCT1", "A1", "A2") + arms("NCT2", "A1"),
        labels=[
            row
            for trial_id, arm_id in (("NCT1", "A1"), ("NCT1", "A2"), ("NCT2", "A1"))
            for row in labels(trial_id, arm_id, route="PV")
        ],
    )
    rows = summarize.delivery_sites(data)
    assert rows[["n_trials", "n_arms"]].to_numpy().tolist() == [[2, 3]]


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


def test_doses_of_different_kinds_are_never_in_one_row():
    rows = summarize.doses_by_route(seeds())
    assert not rows.duplicated(["panel", "route_group"]).any()
    assert rows["n_arms"].ge(rows["n_trials"]).all()


def test_participants_can_be_grouped_by_any_countable_name():
    rows = summarize.enrollment(seeds(), by="phase_group")
    assert list(rows) == ["trial_id", "phase_group", "enrollment", "enrollment_type"]
    assert rows["trial_id"].is_unique


@pytest.mark.parametrize("make", [empty, seeds, lambda: many(25)])
@pytest.mark.parametrize("name", tables.TABLES)
def test_every_table_is_made_for_0_few_and_many_trials(name, make):
    table = tables.TABLES[name](make(), as_of=AS_OF)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert table.rows or table.empty_text


def test_planned_and_actual_numbers_stand_in_rows_of_their_own():
    table = tables.TABLES["participants_by_kind"](many(25), as_of=AS_OF)
    kinds = [row[0] for row in table.rows]
    assert kinds[-1] == "All trials"
    assert {"Planned", "Actual"} & set(kinds)


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


@pytest.mark.parametrize(
    "name",
    ["durations_by_route", "start_up", "route_relations", "doses_by_route"],
)
def test_a_table_that_says_ns_says_what_that_means(name):
    table = tables.TABLES[name](many(25), as_of=AS_OF)
    assert MISSING_NOTE in table.notes


def test_the_trials_stay_as_they_were():
    data = seeds()
    before = data.trials.copy(deep=True)
    summarize.start_up(data)
    summarize.delivery_sites(data)
    pd.testing.assert_frame_equal(data.trials, before)
