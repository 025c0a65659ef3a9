"""Enrollment: planned and actual apart, zero is a number, nothing is divided."""

import pandas as pd

from tests.trials_by_hand import empty, labelled, made, seeds
from trialkit import figures, summarize
from trialkit.summarize import enrollment


def sized(*numbers):
    """Return trials with (enrollment, type), all given by vein."""
    trials = [
        {"trial_id": f"NCT{i}", "enrollment": number, "enrollment_type": kind}
        for i, (number, kind) in enumerate(numbers)
    ]
    ids = [trial["trial_id"] for trial in trials]
    return made(
        trials=trials,
        arms=[{"trial_id": key, "arm_id": "A1"} for key in ids],
        labels=[row for key in ids for row in labelled(key, route="IV")],
    )


def test_the_seeds_have_66_participants_and_a_median_of_12():
    row = summarize.enrollment_by_route(seeds(), by=None).iloc[0].to_dict()
    assert row == {
        "n": 4,
        "total": 66,
        "median": 12.0,
        "q1": 11.5,
        "q3": 17.0,
        "min": 10,
        "max": 32,
        "n_actual": 0,
        "n_estimated": 0,
        "n_type_not_stated": 4,
        "n_zero": 0,
        "n_missing": 0,
    }


def test_types_are_counted_apart_and_missing_numbers_have_no_type():
    data = sized((10, "ACTUAL"), (20, "ESTIMATED"), (None, "ESTIMATED"), (0, None))
    row = summarize.enrollment_by_route(data, by="route_group").iloc[0]
    assert row["route_group"] == "Vein"
    counts = ["n", "n_actual", "n_estimated", "n_type_not_stated", "n_zero"]
    assert row[counts].tolist() == [4, 1, 1, 1, 1]
    assert (row["n_missing"], row["total"]) == (1, 30)


def test_a_number_of_0_is_stated_and_enters_no_median():
    data = sized(*((n, "ACTUAL") for n in (0, 0, 10, 20, 30)))
    row = summarize.enrollment_by_route(data, by=None).iloc[0]
    five = row[["median", "q1", "q3", "min", "max"]].tolist()
    assert five == [20, 15, 25, 10, 30]
    assert (row["n_zero"], row["n_missing"], row["total"]) == (2, 0, 60)
    facts = summarize.key_facts(data, as_of="2026-06-30").set_index("fact")["value"]
    assert facts["median"] == "20 (range 10 to 30; 2 with 0 left out)"
    assert "median 20" in figures.enrollment.alt(enrollment(data))
    none = summarize.enrollment_by_route(sized((0, None)), by=None).iloc[0]
    assert none[["median", "min"]].isna().all()
    assert none["total"] == 0


def test_participants_stand_in_brackets_by_their_type():
    data = sized((10, "ACTUAL"), (25, "ESTIMATED"), (5, "ESTIMATED"), (7, None))
    facts = summarize.key_facts(data, as_of="2026-06-30").set_index("fact")["value"]
    assert facts["participants"] == "47 (30 planned, 10 actual, 7 type not stated)"


def test_a_group_without_numbers_has_no_total_rather_than_zero():
    row = summarize.enrollment_by_route(sized((None, None)), by=None).iloc[0]
    assert pd.isna(row["total"])
    assert pd.isna(row["median"])
    assert row["n_missing"] == 1


def test_a_trial_with_two_routes_keeps_its_whole_number_in_both():
    frame = summarize.enrollment(seeds())
    two = frame[frame["trial_id"] == "NCT06984497"]
    assert two["enrollment"].tolist() == [32, 32]
    assert list(frame.columns) == [
        "trial_id",
        "route_group",
        "route_family",
        "enrollment",
        "enrollment_type",
    ]
    assert two["route_family"].tolist() == ["Several routes"] * 2
    assert frame.attrs == {"n_trials": 4, "n_usable": 4, "n_zero": 0}


def test_zero_participants_are_a_number_that_a_log_axis_cannot_show():
    frame = summarize.enrollment(sized((0, "ACTUAL"), (5, "ACTUAL"), (None, None)))
    assert frame.attrs == {"n_trials": 3, "n_usable": 1, "n_zero": 1}


def test_not_stated_is_a_group_even_with_no_trial():
    frame = summarize.enrollment_by_route(seeds(), by="route_group")
    last = frame.iloc[-1]
    assert (last["route_group"], last["n"]) == ("Not stated", 0)


def test_no_trials():
    frame = summarize.enrollment_by_route(empty(), by=None)
    assert frame["n"].tolist() == [0]
    assert summarize.enrollment(empty()).empty


def test_participants_can_be_grouped_by_any_countable_name():
    rows = summarize.enrollment(seeds(), by="phase_group")
    assert list(rows) == ["trial_id", "phase_group", "enrollment", "enrollment_type"]
    assert rows["trial_id"].is_unique
