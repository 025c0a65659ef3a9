"""Cities and sponsors, as registered."""

import pytest

from tests.trials_by_hand import made, trial
from trialkit import summarize

pytestmark = pytest.mark.slow


def test_a_trial_counts_once_in_each_of_its_cities():
    sites = [
        {"trial_id": "NCT00000001", "city": "Paris", "country": "France"},
        {"trial_id": "NCT00000001", "city": "Paris", "country": "France"},
        {"trial_id": "NCT00000001", "city": "Lyon", "country": "France"},
        {"trial_id": "NCT00000002", "city": "Paris", "country": "France"},
        {"trial_id": "NCT00000002", "city": "Paris", "country": "United States"},
        {"trial_id": "NCT00000003", "country": "Chile"},
    ]
    data = made(trials=[trial(1), trial(2), trial(3), trial(4)], sites=sites)
    frame = summarize.cities(data)
    assert list(frame.itertuples(index=False, name=None)) == [
        ("Paris, France", 2),
        ("Lyon, France", 1),
        ("Paris, United States", 1),
        ("Not stated", 2),
    ]


def test_cities_are_counted_where_no_country_is_a_known_one():
    sites = [{"trial_id": "NCT00000001", "city": "Paris", "country": "Atlantis"}]
    frame = summarize.cities(made(trials=[trial(1)], sites=sites))
    assert frame["city"].tolist() == ["Paris, Atlantis", "Not stated"]


def test_sponsors_keep_their_names_and_the_unnamed_come_last():
    rows = [
        trial(1, lead_sponsor="A Hospital", lead_sponsor_class="OTHER", enrollment=10),
        trial(2, lead_sponsor="A  Hospital"),
        trial(3),
        trial(4, lead_sponsor="A Hospital", lead_sponsor_class="OTHER"),
    ]
    shown = summarize.sponsors(made(trials=rows))
    assert list(shown["n"]) == [2, 1, 1]
    assert shown["lead_sponsor"].isna().to_list() == [False, False, True]
    assert shown.loc[0, "participants"] == 10
    assert shown.loc[0, "n_without_number"] == 1
