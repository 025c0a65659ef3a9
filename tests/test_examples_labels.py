"""The labels of the example records, against a reader's own labels of each arm."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from trialkit.tidy.load import load
from trialkit.tidy.trials import Trials
from trialkit.workspace import example_path

READ_BY_HAND = list(
    csv.DictReader(
        (Path(__file__).parent / "data/examples_labels.csv").read_text().split("\n")
    )
)
AXES = {
    "route": "routes",
    "cell_type": "cell_type",
    "cell_source": "cell_source",
    "donor": "donor",
}
CELL_TRIALS = {row["trial_id"] for row in READ_BY_HAND if row["product"] == "yes"}

# What the rules still get wrong. A rule that learns one of these makes its test fail
# here until the line is taken out.
KNOWN_ERRORS: dict[str, str] = {}


def name_of(row: dict[str, str]) -> str:
    """Return trial and arm id; a record without arms has one implicit arm."""
    return f"{row['trial_id']}-A{max(int(row['arm']), 0) + 1}"


def marked(row: dict[str, str]) -> Any:
    reason = KNOWN_ERRORS.get(name_of(row))
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(row, id=name_of(row), marks=marks)


@pytest.fixture(scope="module")
def examples() -> Trials:
    return load(example_path())


def labelled(labels: pd.DataFrame) -> dict[str, set[str]]:
    """Return the values of one arm by axis; an axis without a row holds NONE."""
    values = {axis: set(labels.value[labels.axis == axis]) for axis in AXES}
    return {axis: found or {"NONE"} for axis, found in values.items()}


@pytest.mark.parametrize("row", [marked(row) for row in READ_BY_HAND])
def test_an_arm_is_labelled_as_a_reader_does(
    row: dict[str, str], examples: Trials
) -> None:
    trial_id, arm_id = name_of(row).split("-")
    is_arm = (examples.labels.trial_id == trial_id) & (examples.labels.arm_id == arm_id)
    labels = examples.labels[is_arm]
    expected = {axis: set(row[column].split("; ")) for axis, column in AXES.items()}
    assert labelled(labels) == expected
    relations = set(labels.relation[labels.axis == "route"].dropna())
    assert relations == ({row["relation"]} if row["relation"] else set())
    trial = examples.trials[examples.trials.trial_id == trial_id]
    assert bool(trial.is_cell_trial.item()) == (trial_id in CELL_TRIALS)


def test_known_errors_name_arms_of_the_examples() -> None:
    assert set(KNOWN_ERRORS) <= {name_of(row) for row in READ_BY_HAND}


def test_every_quote_stands_in_the_record_it_comes_from(examples: Trials) -> None:
    quoted = examples.labels.dropna(subset=["quote"])
    texts = examples.passages.groupby("trial_id").text.agg("\n".join)
    assert len(quoted) > 200
    for row in quoted.itertuples():
        assert row.quote in texts[row.trial_id]
