"""Conditions as rows of a figure: one name for many spellings."""

import pytest

from trialkit.files import data_rows
from trialkit.read.values.condition_rows import as_registered, row_of, without_vague


@pytest.mark.parametrize(
    ("condition", "row"),
    [
        ("Liver Cirrhosis", "Cirrhosis, stage not named"),
        ("Primary Biliary Cirrhosis", "Primary biliary cholangitis"),
        ("Decompensated Liver Cirrhosis", "Decompensated cirrhosis"),
        ("Hepatitis, Autoimmune", "Autoimmune hepatitis or cholangitis"),
        ("Cholangitis, Sclerosing", "Autoimmune hepatitis or cholangitis"),
        ("HBV", "Viral hepatitis"),
        ("Hepatitis", "Hepatitis, kind not named"),
        ("Urea Cycle Disorders", "Inborn error of metabolism"),
        ("Kidney Failure", "Kidney disease"),
        ("Stem Cells", None),
    ],
)
def test_a_condition_has_the_row_of_its_words(condition, row):
    assert row_of(condition) == row


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            ["Liver failure, kind not named", "Acute liver failure"],
            ["Acute liver failure"],
        ),
        (["Cirrhosis, stage not named", "Viral hepatitis"], None),
        (["Liver disease, kind not named", "Liver cancer"], ["Liver cancer"]),
        (["Liver disease, kind not named", "Frostbite"], None),
        (["Liver fibrosis", "Liver fibrosis"], ["Liver fibrosis"]),
    ],
)
def test_a_row_yields_to_those_that_say_more(given, kept):
    assert without_vague(given) == (kept or given)


def test_a_condition_as_registered_has_one_blank_between_words():
    assert as_registered("frost  bite\n of toes") == "Frost bite of toes"


def test_rows_and_labels_of_the_table_are_known():
    rows = list(data_rows("condition_rows.csv"))
    names = {row["row"] for row in rows}
    labels = {row["label"] for row in data_rows("vocabulary/condition.csv")}

    assert len(names) == len(rows)
    for row in rows:
        assert set(filter(None, row["labels"].split("|"))) <= labels
        assert set(filter(None, row["yields_to"].split("|"))) <= names | {"*"}
