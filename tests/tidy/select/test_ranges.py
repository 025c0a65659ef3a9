"""Comparisons: what numbers and dates they admit, and what is refused."""

import pytest

from trialkit.dates import date_span
from trialkit.errors import ParameterError
from trialkit.tidy.select.ranges import any_admits, date_ranges, number_ranges


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (">=50", 50, None),
        (">50", 51, None),
        ("<=50", None, 50),
        ("< 50", None, 49),
        ("10..50", 10, 50),
        (" 10 .. 50 ", 10, 50),
        ("..50", None, 50),
        ("10..", 10, None),
        ("=50", 50, 50),
        ("≥1,200", 1200, None),
        (50, 50, 50),
        (0, 0, 0),
    ],
)
def test_a_comparison_of_numbers_has_both_ends_included(text, low, high):
    [made] = number_ranges("enrollment", text)
    assert (made.low, made.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (">=2015", "2015-01-01", None),
        (">2015", "2016-01-01", None),
        ("<2015", None, "2014-12-31"),
        ("<=2019-06", None, "2019-06-30"),
        ("2015", "2015-01-01", "2015-12-31"),
        ("2015..2020", "2015-01-01", "2020-12-31"),
        ("2016-02..2016-02-10", "2016-02-01", "2016-02-10"),
        (">2016-02-28", "2016-02-29", None),
    ],
)
def test_a_year_or_month_in_a_comparison_is_all_its_days(text, low, high):
    [made] = date_ranges("start", text)
    assert (made.low, made.high) == (low, high)


@pytest.mark.parametrize(
    "text", ["soon", "2015-13", "20150", "..", "=>2015", "2015..x", ">9999", "٢٠١٥"]
)
def test_what_is_no_comparison_of_dates_is_refused_with_the_forms(text):
    with pytest.raises(ParameterError, match=r"start=.* write '>=2015', '<=2019-06'"):
        date_ranges("start", text)


@pytest.mark.parametrize("text", ["many", "-5", "1.5", ">=", "5 6", "1,2", True])
def test_what_is_no_comparison_of_numbers_is_refused_with_the_forms(text):
    with pytest.raises(ParameterError, match=r"enrollment=.* write '>=50', '<50'"):
        number_ranges("enrollment", text)


@pytest.mark.parametrize("empty", ["", "  ", [], [""]])
def test_an_empty_comparison_is_refused(empty):
    with pytest.raises(ParameterError, match="is empty"):
        date_ranges("start", empty)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ParameterError, match="ends before it begins"):
        number_ranges("enrollment", "50..10")


@pytest.mark.parametrize(
    ("wanted", "date", "admitted"),
    [
        (">=2015", "2015", True),
        (">=2015", "2014-12", False),
        ("<=2019-06", "2019-06", True),
        ("<=2019-06", "2019-07-01", False),
        (">=2019-06", "2019", None),
        ("<2019-06", "2019", None),
        ("2019-06-10..2019-06-20", "2019-06", None),
        ("2019-06-10..2019-06-20", "2019-07", False),
        (["2015", ">=2019-06"], "2019", None),
        (["2015", "2019"], "2019", True),
        ("2015", "soon", None),
        ("2015", None, None),
    ],
)
def test_a_partial_date_passes_with_all_its_days_and_fails_with_none(
    wanted, date, admitted
):
    span = date_span(date)
    ranges = date_ranges("start", wanted)
    assert any_admits(ranges, span.earliest, span.latest) is admitted
