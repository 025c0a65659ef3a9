"""CSV files that people write: whatever program saved them."""

import pytest

import trialkit as tk
from trialkit.files import csv_rows

ROWS = [
    ("id", "label", "phrases"),
    ("A", "Apple; red", "apple*|=AP"),
    ("B", "Pear, green", 'a "pear"'),
]


def saved(mark, *, always=False):
    """Return the rows as a spreadsheet saves them."""

    def cell(text):
        is_quoted = always or any(sign in text for sign in (mark, '"'))
        return '"{}"'.format(text.replace('"', '""')) if is_quoted else text

    return "".join(f"{mark.join(map(cell, row))}\r\n" for row in ROWS)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("always", [False, True])
def test_a_csv_is_read_whatever_stands_between_its_columns(mark, always):
    wrong = []
    rows = [row for _, row in csv_rows(saved(mark, always=always), ["id"], wrong)]
    assert not wrong
    assert rows == [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


def test_a_csv_without_its_columns_is_told_as_one_with_commas():
    wrong = []
    assert not list(csv_rows("a;b\n1;2\n", ["id", "label"], wrong))
    assert wrong == ["line 1: no column id, label"]


def test_labels_that_a_spreadsheet_saved_are_scored(tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("trial_id;arm_id;axis;value\nNCT00000001;A1;route;IV\n")
    gold = tmp_path / "gold.csv"
    gold.write_text("trial_id;arm;product;routes\nNCT00000001;0;yes;IV\n")
    score = tk.score.score_labels(labels, gold)
    assert score.misses["axis"].tolist().count("route") == 0
    assert score.amiss == ()
