"""Design features, endpoints, and results that are due."""

import pytest

from tests.trials_by_hand import AS_OF, made, trial
from trialkit import summarize, tables

pytestmark = pytest.mark.slow


def test_a_design_that_is_not_told_is_not_stated_and_never_no():
    rows = [
        trial(
            1,
            allocation="RANDOMIZED",
            masking="DOUBLE",
            n_sites=3,
            oversight_has_dmc=True,
        ),
        trial(2, allocation="NA", masking="NONE", n_sites=1, oversight_has_dmc=False),
        trial(3, masking="SINGLE", who_masked="PARTICIPANT"),
    ]
    arms = [{"trial_id": rows[0]["trial_id"], "arm_id": "A1", "arm_label": "Sham"}]
    arms[0] |= {"arm_type": "SHAM_COMPARATOR", "is_implicit": False}
    shown = summarize.design_features(made(trials=rows, arms=arms))
    states = shown.pivot_table(
        index="feature",
        columns="trial_id",
        values="state",
        aggfunc="first",
        observed=True,
    )
    assert list(states.loc["Randomized"]) == ["Yes", "No", "Not stated"]
    assert list(states.loc["With a control arm"]) == ["Yes", "Not stated", "Not stated"]
    assert list(states.loc["Masked: participant"]) == ["Not stated", "No", "Yes"]
    assert list(states.loc["Masked: investigator"]) == ["Not stated", "No", "No"]
    assert list(states.loc["Several sites"]) == ["Yes", "No", "Not stated"]
    committee = states.loc["Data monitoring committee"]
    assert list(committee) == ["Yes", "No", "Not stated"]


@pytest.mark.parametrize(
    ("measure", "domain"),
    [
        ("Number of participants with adverse events", "Safety, adverse events"),
        ("Transplant-free survival at week 24", "Transplant-free survival"),
        ("Overall survival", "Survival, death"),
        ("Change in MELD score", "Liver scores (MELD, Child-Pugh)"),
        ("Serum albumin", "Laboratory values"),
        ("Quality of life", "Quality of life, function scores"),
        ("Length of stay", "Other"),
    ],
)
def test_an_endpoint_counts_in_the_first_domain_that_fits(measure, domain):
    outcome = {"trial_id": "NCT00000001", "measure": measure, "outcome_type": "primary"}
    shown = summarize.endpoints(made(trials=[trial(1), trial(2)], outcomes=[outcome]))
    found = shown.set_index("domain")["n_primary"]
    assert found[domain] == 1
    assert found.sum() == 1
    assert shown.set_index("domain").loc["Not stated", "n"] == 1


def test_results_are_due_a_year_after_primary_completion():
    rows = [
        trial(1, primary_completion_date="2025-06", has_results=False),
        trial(2, primary_completion_date="2025-07-01", has_results=False),
        trial(3, primary_completion_date="2020-01", has_results=True),
        trial(4, has_results=False),
        trial(5, primary_completion_date="2020-01"),
        trial(6, primary_completion_date="2020-01", overall_status="WITHDRAWN"),
    ]
    shown = summarize.results_reporting(made(trials=rows), as_of=AS_OF)
    assert dict(zip(shown["state"].astype(str), shown["n"], strict=True)) == {
        "Posted": 1,
        "Due, not posted": 1,
        "Not due": 2,
        "Cannot tell": 2,
    }
    assert (shown.attrs["n_due"], shown.attrs["n_due_posted"]) == (3, 1)


def test_a_completion_stands_in_for_a_primary_one_and_a_posted_trial_is_told():
    rows = [
        trial(1, completion_date="2011-07", has_results=True),
        trial(2, completion_date="2026-01", has_results=True),
        trial(3, primary_completion_date="2020-01", has_results=False),
    ]
    data = made(trials=rows)
    shown = summarize.results_reporting(data, as_of=AS_OF)
    assert (shown.attrs["n_due"], shown.attrs["n_due_posted"]) == (2, 1)
    caption = tables.results_reporting(data, as_of=AS_OF).caption
    assert "1 of 2 have posted, and 1 other trial. " in caption
