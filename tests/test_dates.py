"""Dates keep their precision; ages become years; an absent bound stays absent."""

from datetime import date

import pandas as pd
import pytest

from trialkit.dates import DateSpan, age_years, as_day, date_span, recency
from trialkit.errors import ParameterError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-04-23", DateSpan("day", "2024-04-23", "2024-04-23")),
        ("2024-02", DateSpan("month", "2024-02-01", "2024-02-29")),
        ("2023-02", DateSpan("month", "2023-02-01", "2023-02-28")),
        ("2019", DateSpan("year", "2019-01-01", "2019-12-31")),
        ("2023-02-30", DateSpan(None, None, None)),
        ("2023-13", DateSpan(None, None, None)),
        ("April 2019", DateSpan(None, None, None)),
        ("", DateSpan(None, None, None)),
        (None, DateSpan(None, None, None)),
    ],
)
def test_date_span_keeps_precision_and_invents_no_day(text, expected):
    assert date_span(text) == expected


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("18 Years", 18),
        ("1 Year", 1),
        ("6 Months", 0.5),
        ("28 Days", 28 / 365.25),
        ("2 weeks", 14 / 365.25),
        ("30 Minutes", 30 / (60 * 24 * 365.25)),
        ("1 Year 6 Months", 1.5),
    ],
)
def test_age_years_reads_every_unit(text, years):
    assert age_years(text) == pytest.approx(years)


@pytest.mark.parametrize("text", [None, "", "N/A", "No limit", "Years", "30 Mınutes"])
def test_age_years_leaves_an_absent_bound_absent(text):
    assert age_years(text) is None


def test_what_is_no_date_never_outranks_a_date_nor_a_month_its_day():
    rising = ["2023-12-31", "2024", "2024-04", "2024-04-01", "2024-04-23", "2024-05"]
    no_dates = [None, "", "soon", "2024-13", "9999-99-99", "zzz"]
    assert sorted(reversed(rising), key=recency) == rising
    assert max(map(recency, no_dates)) < recency("0001")


def test_as_day_refuses_a_month():
    with pytest.raises(ParameterError, match="as_of='2026-06' is not a day"):
        as_day("2026-06")


@pytest.mark.parametrize("value", [None, 2026, pd.NaT])
def test_as_day_refuses_what_is_no_text_nor_date(value):
    with pytest.raises(ParameterError, match=r"as_of=.* is not a day"):
        as_day(value)


def test_as_day_takes_a_date_of_python():
    assert as_day(date(2026, 6, 30)) == pd.Timestamp("2026-06-30")


def test_as_day_drops_the_time_of_a_timestamp():
    assert as_day(pd.Timestamp("2026-06-30 12:00")) == pd.Timestamp("2026-06-30")
