"""Doses: kinds that are never compared."""

import pytest

from tests.trials_by_hand import made, seeds, trial
from trialkit import figures, summarize

pytestmark = pytest.mark.slow


def dosed(number, amount, *, per=None, basis="given", unit="cells"):
    key = {"trial_id": f"NCT{number:08d}", "arm_id": "A1"}
    return {**key, "amount": amount, "unit": unit, "per": per, "basis": basis}


def test_doses_per_kilogram_in_total_and_in_a_device_never_share_a_panel():
    rows = [trial(i) for i in range(1, 13)]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    doses = [dosed(i, 1e6, per="kg") for i in range(1, 6)]
    doses += [dosed(i, 1e8, per="total") for i in range(6, 11)]
    doses += [dosed(11, 1e8, per="kg", basis="device_loaded")]
    doses += [dosed(12, 500.0, unit="islet equivalents", per="kg")]
    data = made(trials=rows, arms=arms, doses=doses)
    shown = summarize.doses(data)
    assert shown.groupby("panel", observed=True)["trial_id"].nunique().to_dict() == {
        "Given, cells per kg body weight": 5,
        "Given, cells per dose or in total": 5,
    }
    # The trial of a panel that is not drawn counts, as in the table of these doses.
    assert shown.attrs["n_trials"] == shown.attrs["n_arms"] == 11
    assert summarize.doses_by_route(data).attrs["n_trials"] == 11
    # No cells are loaded in a device without a body weight: there is nothing to name.
    assert shown.attrs["left_out"] == ["Loaded in a device, cells per kg body weight"]
    assert figures.doses.note(shown) == (
        "Fewer than 5 trials, not drawn: Loaded in a device, cells per kg body weight."
    )
    assert len(summarize.regimens(data)) == 12


@pytest.mark.parametrize("make", [summarize.doses, summarize.doses_by_route])
def test_doses_of_expanded_access_are_not_counted(make):
    rows = [trial(1), trial(2, study_type="EXPANDED_ACCESS")]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    data = made(trials=rows, arms=arms, doses=[dosed(1, 1e6), dosed(2, 1e6)])
    assert make(data).attrs["n_trials"] == 1


def test_doses_of_different_kinds_are_never_in_one_row():
    rows = summarize.doses_by_route(seeds())
    assert not rows.duplicated(["panel", "route_group"]).any()
    assert rows["n_arms"].ge(rows["n_trials"]).all()
