"""Conditions: their group, where they stand in a text, and lines of several."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from trialkit.codebook import levels_of
from trialkit.read.values import areas, condition_rows, conditions
from trialkit.read.values.conditions import (
    MOST_KEPT,
    condition_group,
    known_conditions,
    split_conditions,
)


@pytest.mark.parametrize(
    ("condition", "group"),
    [
        ("Liver Failure", "liver failure, unspecified"),
        ("Liver Failure, Acute", "acute liver failure"),
        ("acute  liver\nfailure", "acute liver failure"),
        ("Fulminant Hepatic Failure", "acute liver failure"),
        ("Acute-on-Chronic Liver Failure", "acute-on-chronic liver failure"),
        ("Acute on Chronic Hepatic Failure", "acute-on-chronic liver failure"),
        ("ACLF (Acute-On-Chronic Liver Failure)", "acute-on-chronic liver failure"),
        ("AoCLF", "acute-on-chronic liver failure"),
        ("Chronic Liver Failure", "chronic liver failure / decompensated cirrhosis"),
        (
            "Decompensated Hepatitis B Cirrhosis and Decompensated Cirrhosis",
            "chronic liver failure / decompensated cirrhosis",
        ),
        ("End-Stage Liver Diseases", "end-stage liver disease"),
        ("ESLD", "end-stage liver disease"),
        ("Small-for-size Syndrome", "small-for-size syndrome"),
        ("SFSS", "small-for-size syndrome"),
        ("Post-hepatectomy Liver Failure", "post-hepatectomy liver failure"),
        ("Liver Cirrhosis, Biliary", "cirrhosis/fibrosis"),
        ("Liver Fibrosis", "cirrhosis/fibrosis"),
        ("Urea Cycle Disorders", "inborn error"),
        ("Crigler-Najjar Syndrome", "inborn error"),
        ("Wilson’s Disease", "inborn error"),
        ("HBV-related liver failure", "liver failure, unspecified"),
        ("Pulmonary Fibrosis", "other"),
        ("Heart Failure", "other"),
        ("Cellf study", "other"),
        ("", None),
        (None, None),
    ],
)
def test_the_longest_known_phrase_decides_the_group(condition, group):
    assert condition_group(condition) == group


def test_the_vocabulary_uses_the_groups_of_the_codebook_and_each_phrase_once():
    path = files("trialkit").joinpath("data/vocabulary/condition.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    phrases = [phrase for row in rows for phrase in row["phrases"].split("|")]

    assert {row["group"] for row in rows} == set(
        levels_of("conditions", "condition_group")
    )
    assert len({row["id"] for row in rows}) == len(rows)
    assert len(set(phrases)) == len(phrases)
    assert all(p == p.strip() and p for p in phrases)


def test_mentions_are_verbatim_longest_first_and_in_order():
    text = "Cells for acute liver failure, for cirrhosis and acute liver failure"

    found = known_conditions(text)

    assert [m.text for m in found] == ["acute liver failure", "cirrhosis"]
    assert [text[m.start : m.end] for m in found] == [m.text for m in found]
    assert known_conditions("A study of marrow cells") == ()


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "Liver Failure Small-for-Size Syndrome",
            ("Liver Failure", "Small-for-Size Syndrome"),
        ),
        ("acute liver failure liver failure", ("acute liver failure", "liver failure")),
        ("liver failure acute liver failure", ("liver failure", "acute liver failure")),
        ("End-Stage Liver Diseases", ("End-Stage Liver Diseases",)),
        ("Liver Failure, Acute Cirrhosis", ("Liver Failure, Acute", "Cirrhosis")),
        ("Liver Failure in Dogs", ("Liver Failure in Dogs",)),
        (
            "Odd Disease; Other Disease | Third",
            ("Odd Disease", "Other Disease", "Third"),
        ),
        ("Stroke", ("Stroke",)),
    ],
)
def test_a_line_is_split_only_where_known_conditions_cover_it(line, parts):
    assert split_conditions(line) == parts


@pytest.mark.parametrize(
    "told",
    [
        conditions._longest,
        condition_rows.row_of,
        areas._in_words,
        areas._beginning_with,
    ],
)
def test_what_is_remembered_of_conditions_has_an_end(told):
    assert told.cache_info().maxsize == MOST_KEPT
