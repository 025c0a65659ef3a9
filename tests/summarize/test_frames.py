"""What holds for the frames of all topics."""

import pandas as pd
import pytest

from tests.trials_by_hand import AS_OF, assert_unchanged, copies, empty, many, seeds
from trialkit import summarize

pytestmark = pytest.mark.slow

FRAMES = {
    "cities": summarize.cities,
    "donor_by_source": summarize.donor_by_source,
    "status_by_route": summarize.status_by_route,
    "countries": summarize.countries,
    "sponsor_classes": summarize.sponsor_classes,
    "sponsors": summarize.sponsors,
    "regimens": summarize.regimens,
    "doses": summarize.doses,
    "design": summarize.design,
    "design_features": summarize.design_features,
    "dose_stated": summarize.dose_stated,
    "endpoints": summarize.endpoints,
    "starts": lambda data: summarize.starts_by_year(data, as_of=AS_OF),
    "cumulative": lambda data: summarize.cumulative_enrollment(data, as_of=AS_OF),
    "results": lambda data: summarize.results_reporting(data, as_of=AS_OF),
    "planned": lambda data: summarize.planned_actual(data, None),
    "schedule": lambda data: summarize.schedule_changes(data, None),
    "runs": lambda data: summarize.status_runs(data, as_of=AS_OF),
}


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_no_trials_make_the_same_columns_and_nothing_is_changed(make):
    data = many(8)
    before = copies(data)
    full, none = make(data), make(empty())
    assert_unchanged(data, before)
    assert list(full.columns) == list(none.columns)


def test_the_trials_stay_as_they_were():
    data = seeds()
    before = data.trials.copy(deep=True)
    summarize.start_up(data)
    summarize.delivery_sites(data)
    pd.testing.assert_frame_equal(data.trials, before)
