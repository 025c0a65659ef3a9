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
    ("condition", "row"),
    [
        ("Secondary Biliary Cirrhosis", "Primary biliary cholangitis"),
        ("Primary Biliary Atresia", "Primary biliary cholangitis"),
        ("Secondary Sclerosing Cholangitis", "Autoimmune hepatitis or cholangitis"),
        ("Non-Alcoholic Hepatitis", "Alcohol-related hepatitis"),
        ("Nonalcoholic Hepatitis", "Alcohol-related hepatitis"),
        ("Non-viral Hepatitis", "Viral hepatitis"),
        ("SARS", "COVID-19"),
        ("Severe Acute Respiratory Syndrome", "COVID-19"),
        ("SARS Coronavirus", "COVID-19"),
        ("SARS-CoV-1", "COVID-19"),
        ("MERS Coronavirus Infection", "COVID-19"),
        ("Coronavirus Infections", "COVID-19"),
        ("Acute Respiratory Distress Syndrome", "COVID-19"),
        ("Septic Shock", "COVID-19"),
        ("Viral Pneumonia", "COVID-19"),
        ("Encephalopathy", "Hepatic encephalopathy"),
        ("Pulmonary Hypertension", "Portal hypertension"),
        ("Pulmonary Fibrosis", "Liver fibrosis"),
    ],
)
def test_a_row_does_not_take_its_neighbor(condition, row):
    assert row in {known["row"] for known in data_rows("condition_rows.csv")}
    assert row_of(condition) != row


@pytest.mark.parametrize(
    "condition",
    [
        *("COVID-19", "Covid19", "SARS-CoV-2 Pneumonia", "Sars-CoV2", "2019-nCoV"),
        *("Coronavirus Disease 2019", "Novel Coronavirus Pneumonia"),
        "Severe Acute Respiratory Syndrome Coronavirus 2",
    ],
)
def test_covid_is_known_by_its_own_words(condition):
    assert row_of(condition) == "COVID-19"


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
        (["Acute lung injury or severe infection", "COVID-19"], ["COVID-19"]),
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
