"""Arrow tables and DataFrames of one table hold the same, for 0, 1 and n rows."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from trialkit.codebook import conform, table_names
from trialkit.tidy.arrow import arrow_of, frame_of, schema_of, table_of


@pytest.mark.parametrize("name", table_names())
def test_an_empty_table_has_the_dtypes_of_the_codebook(name):
    assert_frame_equal(frame_of(schema_of(name).empty_table(), name), conform({}, name))


ROWS = {
    "trial_id": ["NCT00000001", "NCT00000002", "NCT00000003"],
    "phase": ["NA", None, "PHASE9"],
    "enrollment": [0, None, 2**53],
    "minimum_age_years": [0.5, None, 18.0],
    "has_results": [True, None, False],
    "start_date_earliest": ["2024-02-29", None, "0001-01-01"],
    "brief_title": ["", None, "肝"],
}


@pytest.mark.parametrize("n", [1, 3])
def test_lists_become_the_same_table_with_and_without_pandas(n):
    data = {name: values[:n] for name, values in ROWS.items()}
    table = table_of(data, "trials")
    assert_frame_equal(frame_of(table, "trials"), conform(data, "trials"))
    assert arrow_of(conform(data, "trials"), "trials").equals(table)


def test_levels_that_differ_between_batches_stand_after_the_known_ones():
    import pyarrow as pa

    parts = [table_of({"phase": [phase]}, "trials") for phase in ("Z", "PHASE1", "A")]
    frame = frame_of(pa.concat_tables(parts), "trials")
    assert_frame_equal(frame, conform({"phase": ["Z", "PHASE1", "A"]}, "trials"))


def test_a_column_that_an_older_file_lacks_is_all_missing():
    older = table_of(ROWS, "trials").drop_columns(["phase", "enrollment"])
    frame = frame_of(older, "trials")
    assert list(frame) == list(conform({}, "trials"))
    assert frame["phase"].isna().all()


def test_half_a_surrogate_pair_is_replaced_and_not_fatal():
    table = table_of({"brief_title": ["cells \ud83d", None]}, "trials")
    assert table["brief_title"].to_pylist() == ["cells ?", None]


def test_pandas_alone_reads_the_same_dtypes_from_a_file(tmp_path):
    from pyarrow.parquet import write_table

    write_table(table_of(ROWS, "trials"), tmp_path / "t.parquet")
    read = pd.read_parquet(tmp_path / "t.parquet")
    expected = conform(ROWS, "trials")
    for name in expected.select_dtypes("datetime").columns:
        read[name] = read[name].astype("datetime64[s]")  # parquet knows no seconds
    assert_frame_equal(read, expected)
