"""Figures by family of cells, and how far two readers agree: counted by hand."""

import pandas as pd
import pytest

from trialkit.errors import TrialDataError
from trialkit.score import read_gold, reader_agreement, score_labels

AXES = ("route", "cell_type", "cell_source", "donor")


def csv_of(tmp_path, *rows, name="gold.csv"):
    path = tmp_path / name
    head = "trial_id,arm,product,routes,delivery,cell_type,cell_source,donor"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


@pytest.fixture
def gold(tmp_path):
    return csv_of(
        tmp_path,
        "NCT1,0,yes,IV,in_body,TCELL,PB,AUTO",
        "NCT2,0,yes,NOT_STATED,in_body,TCELL; HSC,NOT_STATED,NOT_STATED",
        "NCT3,-1,no,NONE,none,NONE,NONE,NONE",
    )


def said(*rows):
    lines = [
        (trial, "A1", axis, value)
        for trial, *values in rows
        for axis, value in zip(AXES, values, strict=True)
    ]
    return pd.DataFrame(lines, columns=["trial_id", "arm_id", "axis", "value"])


def test_each_family_has_the_figures_of_its_own_trials(gold):
    labels = said(
        ("NCT1", "IV", "TCELL", "PB", "AUTO"),
        ("NCT2", "IV", "TCELL", "NOT_STATED", "ALLO"),
        ("NCT3", "NONE", "NONE", "NONE", "NONE"),
    )
    score = score_labels(labels, gold)
    found = {
        (row.family, row.axis, row.figure): (row.n_trials, row.n, row.total)
        for row in score.families.itertuples()
        if row.unit == "trial"
    }
    assert list(dict.fromkeys(score.families["family"])) == [
        *("ALL", "HSCT", "T_CELL", "NONE")
    ]
    assert found["T_CELL", "route", "f1"] == (2, 2, 4)
    assert found["HSCT", "route", "f1"] == (1, 0, 2)
    assert found["T_CELL", "cell_type", "f1"] == (2, 4, 5)
    assert found["ALL", "cell_type", "f1"] == (3, 6, 7)
    # Of three answers to nothing stated two are claims: a route and a donor.
    assert found["HSCT", "all", "false_claim_rate"] == (1, 2, 3)
    assert found["NONE", "is_cell_trial", "exact"] == (1, 1, 1)
    text = str(score)
    assert "T cells such as CAR-T and TIL" in text
    assert "2 of 3" in text[text.index("By cells") :]


def test_an_interval_of_a_family_is_that_of_its_own_trials(gold):
    labels = said(("NCT1", "IV", "TCELL", "PB", "AUTO"))
    rows = score_labels(labels, gold).families
    own = rows[(rows.family == "T_CELL") & (rows.figure == "exact")]
    arm = own[own.unit == "arm"].iloc[0]
    assert (arm.value, arm.low, arm.high) == (0.5, 0.0, 1.0)


def test_two_readers_agree_as_far_as_their_labels(tmp_path, gold):
    other = csv_of(
        tmp_path,
        "NCT1,0,yes,IV,in_body,TCELL,NOT_STATED,AUTO",
        "NCT2,0,yes,IV,in_body,TCELL; HSC,NOT_STATED,NOT_STATED",
        "NCT3,-1,no,NONE,none,NONE,NONE,NONE",
        name="other.csv",
    )
    first, second = read_gold(gold), read_gold(other)
    agreed = {
        "route": 0.6667,
        "delivery_mode": 1.0,
        "cell_type": 1.0,
        "cell_source": 0.6667,
        "donor": 1.0,
        "arm_rows": 0.6667,
        "is_cell_trial": 1.0,
    }
    assert reader_agreement(first, second) == agreed
    assert reader_agreement(second, first) == agreed
    del second["NCT2"]
    with pytest.raises(TrialDataError, match="not read by both readers: NCT2"):
        reader_agreement(first, second)
