"""Counts of people and ages, in any spelling."""

from __future__ import annotations

import pytest

from trialkit.dates import age_years
from trialkit.read.values.numbers import age, count, read_age, read_count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 7 ", 7),
        ("1,200", 1200),
        ("1 200", 1200),
        ("1\N{NO-BREAK SPACE}200", 1200),
        ("30.0", 30),
        ("1e+05", 100_000),
        ("30 participants", 30),
        ("about 30", 30),
        ("ca. 1,200 patients", 1200),
        ("30例", 30),
        ("1.5", None),
        ("-3", None),
        ("30-40", None),
        ("many", None),
        ("9" * 20, None),
        ("9" * 5000, None),
        ("9999999", None),
        ("60000000", 60_000_000),
        ("1e9999", None),
        (None, None),
    ],
)
def test_a_count_is_a_whole_number_of_people_or_nothing(text, number):
    assert count(text) == number


def test_a_number_that_is_none_is_missing_with_a_remark():
    remarks = []
    texts = ("9" * 20, "99999999", "some", "about 30", "30", "NA", "", None)
    made = [read_count("enrollment", text, remarks) for text in texts]
    assert made == [None, None, None, 30, 30, None, None, None]
    assert [(r.value, r.note, r.basis) for r in remarks] == [
        ("9" * 20, "a sign for a number that is not known", "unread"),
        ("99999999", "a sign for a number that is not known", "unread"),
        ("some", "not a number", "unread"),
        ("about 30", "about as many", "derived"),
    ]


@pytest.mark.parametrize(
    ("text", "made", "years"),
    [
        ("6M", "6 Months", 0.5),
        ("6 M", "6 Months", 0.5),
        ("3W", "3 Weeks", 21 / 365.25),
        ("10D", "10 Days", 10 / 365.25),
        ("24H", "24 Hours", 1 / 365.25),
        ("0.5", "0.5 Years", 0.5),
        ("18.5", "18.5 Years", 18.5),
        ("18Y", "18 Years", 18),
        ("18years", "18 Years", 18),
        ("1 Year", "1 Year", 1),
        ("1 Year 6 Months", "1 Year 6 Months", 1.5),
        ("1Y6M", "1 Year 6 Months", 1.5),
        ("1 year and 6 months", "1 Year 6 Months", 1.5),
        ("100years-old", "100 Years", 100),
        (">= 20age old", "20 Years", 20),
        ("≥18 years of age", "18 Years", 18),
        ("18岁", "18 Years", 18),
        ("0", "0 Years", 0),
        ("018", "18 Years", 18),
        ("18 to 60", None, None),
        ("<18 and >60", None, None),
        ("adults", None, None),
    ],
)
def test_an_age_keeps_its_unit(text, made, years):
    assert age(text) == made
    assert age_years(made) == pytest.approx(years)


def test_a_bare_number_on_a_page_is_no_age():
    assert age("18", bare=False) is None
    assert age("18 Years", bare=False) == "18 Years"


def test_a_bound_that_is_none_is_unbounded_and_unread_words_stay():
    remarks = []
    signs = ("No limit", "no maximum age", "N/A", "-", "NULL", "Not provided", "??", "")
    assert [read_age("maximum_age", s, remarks) for s in (*signs, None)] == [None] * 9
    assert not remarks
    texts = ("999", "0", "9" * 30, "9999999 Years", "grown  up")
    made = [read_age("maximum_age", text, remarks) for text in texts]
    assert made == [None, None, None, None, "grown up"]
    unbounded, kept = "no age; taken as unbounded", "not an age; kept as written"
    assert [r.note for r in remarks] == [unbounded] * 4 + [kept]
    assert {r.basis for r in remarks} == {"unread"}
