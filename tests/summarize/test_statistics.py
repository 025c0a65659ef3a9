"""Numbers as the reports print them: spreads, shares and their intervals."""

import math

import pytest

from trialkit.summarize.statistics import number, share_text, spread, wilson


def test_quartiles_are_interpolated_between_the_two_nearest_values():
    assert spread([10, 12, 12, 32]) == (10, 11.5, 12, 17, 32)
    assert all(map(math.isnan, spread([])))


def test_the_interval_of_a_share_is_wilsons():
    assert wilson(5, 20) == pytest.approx((0.112, 0.469), abs=0.001)


@pytest.mark.parametrize(
    ("n", "total", "text"),
    [
        (3, 4, "3 of 4"),
        (5, 20, "5 of 20 (25\xa0%)"),
        (598, 599, "598 of 599 (>99\xa0%)"),
        (1, 599, "1 of 599 (<1\xa0%)"),
    ],
)
def test_a_share_has_a_percentage_from_20_trials_on(n, total, text):
    assert share_text(n, total) == text


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (11.5, "11.5"), (float("nan"), "–")]
)
def test_a_number_has_no_needless_zeros(value, text):
    assert number(value) == text
