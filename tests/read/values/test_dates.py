"""Dates in every style, and what a file's other cells tell of one of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.dates import date_span
from trialkit.read.spreadsheet import habits_of
from trialkit.read.values.dates import iso_date, order_told, read_date


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020-02-01", "2020-02-01"),
        ("2020/2/1", "2020-02-01"),
        ("2019-03", "2019-03"),
        ("2019", "2019"),
        ("20200216", "2020-02-16"),
        ("2024-04-23 00:00:00", "2024-04-23"),
        ("2024-04-23T00:00:00.000Z", "2024-04-23"),
        ("4/23/2024", "2024-04-23"),
        ("4/23/2024 0:00", "2024-04-23"),
        ("23.04.2024", "2024-04-23"),
        ("April 2020", "2020-04"),
        ("April 1, 2020", "2020-04-01"),
        ("Jun 27, 2026", "2026-06-27"),
        ("June 7 2026", "2026-06-07"),
        ("27 Sept. 2026", "2026-09-27"),
        ("14 April 2020", "2020-04-14"),
        ("23-Apr-24", "2024-04-23"),
        ("23-Apr-1998", "1998-04-23"),
        ("23-Apr-98", "1998-04-23"),
        ("Apr-24", "2024-04"),
        ("2020年2月1日", "2020-02-01"),
        ("２０２０－０２－０１", "2020-02-01"),
        ("03/04/2020", "2020-04-03"),
        ("12/31/2022", "2022-12-31"),
        ("1990-01-01", "1990-01-01"),
        ("1970-01", "1970-01"),
        ("2020-13-01", None),
        ("2020-02-30", None),
        ("2023-02-29", None),
        ("2025-12-01T00", None),
        ("2020 and later", None),
        ("00/00/2020", None),
        ("00/00/0000", None),
        ("12/2025", None),
        ("45405", None),
        ("04/23/24", None),
        ("Smarch 2020", None),
        ("Foo 27, 2026", None),
        ("Jun 41, 2026", None),
        ("1970-01-01", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_keep_their_precision_in_every_style(text, value):
    assert iso_date(text) == value


def test_day_and_month_that_cannot_be_told_apart_leave_the_year():
    assert iso_date("03/04/2020", "month") == "2020-03-04"
    assert iso_date("03/04/2020", None) == "2020"
    assert iso_date("04/04/2020", None) == "2020-04-04"
    assert iso_date("23/04/2020", None) == "2020-04-23"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("01/01/1900", "a sign for no date"),
        ("1899-12-30", "a sign for no date"),
        ("1970-01-01", "a sign for no date"),
        ("1970-01-01 00:00:00", "a sign for no date"),
        ("1800-05-05", "not a year of a trial"),
        ("soon", "not a date"),
        ("9" * 5000, "not a date"),
    ],
)
def test_what_is_no_date_is_missing_with_a_remark(text, note):
    remarks = []
    assert read_date("start_date", text, remarks) is None
    assert [(r.field, r.note, r.basis) for r in remarks] == [
        ("start_date", note, "unread")
    ]


@pytest.mark.parametrize("text", ["NA", "NULL", "-", "N.A.", "Not provided", "", None])
def test_a_mark_for_nothing_is_no_remark(text):
    remarks = []
    assert read_date("start_date", text, remarks) is None
    assert not remarks


DATE_PIECES = st.sampled_from(
    "2020 20 1 12 31 - / . Apr april 年 月 日 T 00:00 , st".split()
)


@given(st.lists(DATE_PIECES, max_size=7).map("".join) | st.text(max_size=90))
def test_no_text_stops_the_reading_of_dates_and_a_date_stays_itself(text):
    order_told(text)
    for order in ("day", "month", None):
        made = iso_date(text, order)
        assert made is None or iso_date(made, order) == made
        assert made is None or date_span(made).precision


def test_a_long_text_takes_no_time():
    start = time.process_time()
    for piece in ("1", "1/", "april ", "2020-", " "):
        read_date("start_date", piece * 1_000_000, [])
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "order"),
    [("4/23/2024", "month"), ("23.04.2024", "day"), ("3/4/2024", None)],
)
def test_figures_tell_their_order_only_if_one_is_no_month(text, order):
    assert order_told(text) == order


def read_column(cells, *, order=None, not_missing=frozenset()):
    """Return the cells of a column of dates beside two others, and the remarks."""
    names = ("id", "start date", "phases")
    table = [[f"T{n}", cell, "NA"] for n, cell in enumerate(cells)]
    dates = {"start date": "start_date"}
    habits = habits_of(names, table, dates=dates, order=order, not_missing=not_missing)
    remarks = []
    made = [habits.plain("start date", cell, remarks) for cell in cells]
    return made, [(r.value, r.note, r.basis) for r in remarks]


def test_one_date_tells_the_order_of_the_others_in_its_file():
    assert read_column(["4/23/2024", "3/4/2024"]) == (["2024-04-23", "2024-03-04"], [])
    assert read_column(["23/4/2024", "3/4/2024"]) == (["2024-04-23", "2024-04-03"], [])


def test_where_no_date_tells_the_order_the_register_does_or_nobody():
    assert read_column(["3/4/2024"], order="day") == (["2024-04-03"], [])
    note = "day and month cannot be told apart"
    assert read_column(["3/4/2024"]) == (["2024"], [("3/4/2024", note, "derived")])
    mixed = ["23/4/2024", "4/23/2024", "3/4/2024"]
    assert read_column(mixed, order="day")[0] == ["2024-04-23", "2024-04-23", "2024"]


def test_one_stray_date_does_not_turn_the_others():
    cells = ["23/4/2024"] * 30 + ["4/23/2024", "3/4/2024"]
    assert read_column(cells, order="day")[0][-1] == "2024-04-03"


def test_numbers_are_days_only_where_a_column_of_dates_holds_nothing_else():
    made, remarks = read_column(["45405", "", "NA", "45406.0"])
    assert made == ["2024-04-23", "", "", "2024-04-24"]
    assert remarks[0] == ("45405", "Excel's number of the day 2024-04-23", "derived")
    assert read_column(["45405", "2024-04-23"])[0] == ["45405", "2024-04-23"]


def test_na_is_a_value_only_where_the_register_writes_it_and_r_did_not():
    def plain(names, row):
        habits = habits_of(
            names, [row], dates={}, order=None, not_missing=frozenset({"phases"})
        )
        return [habits.plain(*pair, []) for pair in zip(names, row, strict=True)]

    assert plain(("id", "phases", "acronym"), ["T", "NA", "NA"]) == ["T", "NA", ""]
    r = ("id", "phases", "acronym", "sponsor")
    assert plain(r, ["T", "NA", "NA", "NA"]) == ["T", "", "", ""]
