"""The list of trials: one short line each."""

import re

import pandas as pd
import pytest

from tests.examples import example_trials
from tests.trials_by_hand import made, trial
from trialkit import brand, summarize
from trialkit.figures.draw.page import text_mm
from trialkit.tables import TABLES
from trialkit.tables.table import form_of

AS_OF = "2026-01-01"


def lines(data):
    return TABLES["trial_lines"](data, as_of=AS_OF)


def plain(cell):
    return re.sub(r"[*\\]", "", re.sub(r"\[(.*?)\]\(.*?\)", r"\1", cell))


def assert_one_line_each(table):
    with brand.style():
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                assert text_mm(plain(cell), 7.5) <= column.width - 0.5, cell


def test_no_cell_of_the_examples_needs_a_second_line():
    table = lines(example_trials())
    assert len(table.rows) == 40
    assert table.is_compact
    # As wide as the text, A4 within its margins; Markdown rounds the widths.
    printed = [174 * share for share in form_of(table.columns, table.rows)["widths"]]
    own = [column.width for column in table.columns]
    assert printed == pytest.approx(own, abs=0.1)
    assert_one_line_each(table)


HOSTILE = [
    "A title of very many words that say nothing at all about what is given",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "間葉系幹細胞移植の安全性と有効性に関する研究について",
    "",
]


def test_a_long_title_is_cut_at_a_word_and_a_word_of_any_length_too():
    rows = [
        trial(i, display_title=title, countries="United Kingdom; United States; Iran")
        for i, title in enumerate(HOSTILE)
    ]
    table = lines(made(trials=rows))
    assert_one_line_each(table)
    by_header = [
        dict(zip([c.header for c in table.columns], map(plain, row), strict=True))
        for row in table.rows
    ]
    titles = {row["Trial"] for row in by_header}
    assert any(text.endswith("…") and " " in text for text in titles)
    assert {row["Country"] for row in by_header} == {"UK +2"}


def test_conditions_are_groups_and_others_are_counted():
    data = example_trials()
    frame = summarize.trial_lines(data)
    table = lines(data)
    at = [column.header for column in table.columns].index("Condition")
    for row, cell in zip(frame["conditions"], table.rows, strict=True):
        n = 0 if pd.isna(row) else row.count("; ")
        assert plain(cell[at]).endswith(f" +{n}") or not n


def test_what_is_not_stated_is_grey_and_above_60_trials_a_sentence_stands():
    assert any("*Not stated*" in row for row in lines(example_trials()).rows)
    many = made(trials=[trial(i) for i in range(61)])
    table = TABLES["trial_lines"](many, as_of=AS_OF, limit=60)
    assert not table.rows
    assert table.empty_text.startswith("The 61 trials stand in")
