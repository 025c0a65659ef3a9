"""Delivery, route, site and access of one arm together."""

import pytest

from tests.trials_by_hand import made
from trialkit import summarize

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
