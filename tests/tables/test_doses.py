"""The table of doses: a row per arm, and no code for an arm that is none."""

from tests.trials_by_hand import AS_OF, labelled, made
from trialkit import tables


def dosed(arm, amount, **more):
    row = {"trial_id": "NCT1", "arm_id": arm, "amount": amount, "unit": "cells"}
    return row | {"per": "kg", "basis": "given", "quote": "our words"} | more


def rows_of(doses, **arm):
    arms = [{"trial_id": "NCT1", "arm_id": "A1", **arm}]
    data = made(trials=[{"trial_id": "NCT1"}], arms=arms, doses=doses)
    return tables.regimens(data, as_of=AS_OF)


def test_levels_that_rest_on_the_same_words_are_one_row():
    levels = [dosed("A1", 1e6), dosed("A1", 5e6), dosed("A1", None)]
    table = rows_of([*levels, dosed("A1", 9e6, quote="others")], arm_label="High")
    assert [row[:2] for row in table.rows] == [
        ("NCT1 High", "1 × 10⁶; 5 × 10⁶ cells per kg body weight"),
        ("NCT1 High", "9 × 10⁶ cells per kg body weight"),
    ]
    assert "N = 4, in 1 of 1 trial." in table.caption


def test_an_amount_that_no_level_states_is_not_stated():
    (row,) = rows_of([dosed("A1", None)], arm_label="High").rows
    assert row[1:3] == ("*not stated*", "–")


def test_a_record_without_arms_is_said_to_have_none():
    table = rows_of([dosed("A1", 1e6)], is_implicit=True)
    assert table.rows[0][0] == "NCT1 \\(no arm in the record)"
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1", "is_implicit": True}],
        labels=labelled("NCT1", route="IV"),
    )
    (row,) = tables.evidence(data, as_of=AS_OF).rows
    assert row[0] == "NCT1 \\(no arm in the record)"
