"""Every text column of every table takes any text through CSV and parquet."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialkit as tk
from trialkit.codebook import columns_of, conform, table_names
from trialkit.escape import csv_original, csv_safe
from trialkit.tidy.csv import csv_text, save_csv, write_csv
from trialkit.tidy.trials import Trials

pytestmark = pytest.mark.slow

TEXTS = (
    "a\r=1+1",
    "a\r\n=1+1",
    "line\nline",
    "=1+1",
    "'=1+1",
    " @x",
    "\t-1",
    'a "b", c; d|e',
    "NA",
    "nan",
    "NULL",
    "None",
    "-",
    "1e5",
    "007",
    "true",
    "\u2028\u2029\x0b\x0c\x1c\x85",
    "\u200b\u202e",
    "中文 ‚ é",
    "\\",
    "Q" * 5_000,
)


def hostile_frame(table):
    """Return a table with a row per text, which stands in every free-text column."""
    columns = columns_of(table)
    free = [n for n, c in columns.items() if c.dtype in ("string", "category")]
    data = {name: list(TEXTS) for name in free}
    if "trial_id" in data:
        data["trial_id"] = [f"NCT9{number:07d}" for number in range(len(TEXTS))]
    return conform(data, table), free


@pytest.fixture(scope="module")
def hostile():
    return Trials({table: hostile_frame(table)[0] for table in table_names()})


@pytest.mark.parametrize("shape", ["csv", "parquet"])
def test_every_table_comes_back_as_it_was(shape, hostile, tmp_path):
    out = tmp_path / "out"
    save_csv(hostile, out) if shape == "csv" else hostile.save(out)

    again = tk.open(out)

    for name, frame in hostile.tables():
        pd.testing.assert_frame_equal(
            getattr(again, name), frame, obj=f"{shape} {name}"
        )


def test_no_cell_of_a_csv_begins_a_line_or_a_formula():
    frame = pd.DataFrame({"a": list(TEXTS), "b": range(len(TEXTS))})

    rows = list(csv.reader(io.StringIO(csv_text(frame), newline="")))

    assert len(rows) == len(frame) + 1
    assert all(len(row) == 2 for row in rows)
    assert not [row for row in rows if row[0].lstrip(" ")[:1] in tuple("=+-@\t\r")]


def test_a_frame_with_a_carriage_return_is_read_again(tmp_path):
    frame = pd.DataFrame({"a": ["x\r=1", None, "y"]})

    path = write_csv(frame, tmp_path / "a.csv")

    assert pd.read_csv(path)["a"].tolist()[0] == "x\r=1"
    assert len(pd.read_csv(path, skip_blank_lines=False)) == 3


@given(st.text(alphabet="'=+-@ \ta1", max_size=8) | st.text(max_size=20))
def test_a_text_made_safe_comes_back(text):
    assert csv_original(str(csv_safe(text))) == text
