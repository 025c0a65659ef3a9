"""Trials like a given one: what rare things they share, and what that is called."""

import pandas as pd
import pytest

from tests.trials_by_hand import empty, made, seeds
from trialkit.errors import ParameterError
from trialkit.explorer.similar import similar


def four():
    """Two trials alike in all, one that shares the condition only, one stranger."""
    return made(
        trials=[
            {"trial_id": "NCT1", "brief_summary": "cells into the rectus sheath"},
            {"trial_id": "NCT2", "brief_summary": "rectus sheath again"},
            {"trial_id": "NCT3", "brief_summary": "something else"},
            {"trial_id": "NCT4", "brief_summary": "nothing alike"},
        ],
        conditions=[
            {"trial_id": "NCT1", "condition": "Liver Failure"},
            {"trial_id": "NCT2", "condition": "Failure of the liver"},
            {"trial_id": "NCT3", "condition": "Liver Failure, Acute"},
            {"trial_id": "NCT4", "condition": "Knee pain"},
        ],
        labels=[
            {"trial_id": i, "arm_id": "A1", "axis": "route", "value": value}
            for i, value in (("NCT1", "IM"), ("NCT2", "IM"), ("NCT3", "NOT_STATED"))
        ],
    )


def test_the_closest_comes_first_and_a_stranger_not_at_all():
    assert similar(four(), "NCT1")["trial_id"].tolist() == ["NCT2", "NCT3"]


def test_what_is_shared_is_named_if_few_share_it():
    told = ["rectus sheath today", "rectus sheath too", *["patients too"] * 8]
    data = made(
        trials=[
            {"trial_id": f"NCT{n}", "brief_summary": text}
            for n, text in enumerate(told)
        ]
    )
    shared = similar(data, "NCT0")["shared"].iloc[0]
    assert shared == "rectus; sheath"


def test_a_label_not_stated_is_nothing_to_share():
    rows = similar(four(), "NCT3").set_index("trial_id")
    assert rows["labels"].eq(0).all()


def test_likeness_lies_between_0_and_1():
    rows = similar(seeds(), seeds().trials["trial_id"].iloc[0])
    parts = rows[["score", "conditions", "labels", "words"]].astype(float)
    assert parts.ge(0).all(axis=None)
    assert parts.le(1).all(axis=None)


def test_likeness_goes_both_ways():
    one = similar(four(), "NCT1").set_index("trial_id")["score"]["NCT2"]
    other = similar(four(), "NCT2").set_index("trial_id")["score"]["NCT1"]
    assert one == other


def test_trials_that_state_nothing_are_like_no_other():
    data = made(trials=[{"trial_id": "NCT1"}, {"trial_id": "NCT2"}])
    rows = similar(data, "NCT1")
    assert rows.empty
    assert list(rows) == [
        *("trial_id", "title", "score", "conditions", "labels", "words", "shared")
    ]


def test_what_is_asked_for_must_be_there():
    with pytest.raises(ParameterError, match="NCT9"):
        similar(seeds(), "NCT9")
    with pytest.raises(ParameterError, match="among 0"):
        similar(empty(), "NCT9")
    with pytest.raises(ParameterError, match="limit=0"):
        similar(four(), "NCT1", limit=0)


def test_the_trials_stay_as_they_were():
    data = four()
    before = data.trials.copy(deep=True)
    similar(data, "NCT1")
    pd.testing.assert_frame_equal(data.trials, before)
