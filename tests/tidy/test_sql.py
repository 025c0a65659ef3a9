"""SQL over the tables: the same in memory and in a store, and for reading only."""

import pytest
from pandas.testing import assert_frame_equal

from tests.examples import example_trials
from trialkit.errors import ParameterError
from trialkit.tidy.load import open_store

QUERIES = (
    "select overall_status, count(*) as n, sum(enrollment) as people, "
    "avg(enrollment) as mean from trials group by all order by all",
    "select t.trial_id, s.city, t.why_included from trials t join sites s "
    "using (trial_id) where s.city is not null order by all",
    "select trial_id, start_date_earliest, has_results from trials order by trial_id",
    "select * from selection order by step",
    "select count(*) n from query_table(['tri' || 'als'])",
)


@pytest.fixture(scope="module")
def memory():
    return example_trials()


def test_a_query_is_answered_alike_in_memory_and_in_a_store(memory, tmp_path):
    store = open_store(memory.save(tmp_path / "store"))
    chosen = [data.select("liver", phase="Phase 1") for data in (memory, store)]
    for query in QUERIES:
        assert_frame_equal(store.sql(query), memory.sql(query))
        assert_frame_equal(*(data.sql(query) for data in chosen))
    assert memory.sql(QUERIES[-1])["n"].item() == len(memory)
    n = chosen[1].sql("select count(*) n from arms")["n"].item()
    assert n == len(chosen[0].arms) < len(memory.arms)
    assert "trials" not in store.__dict__  # the frame was not read for it


def test_dtypes_follow_from_the_query_and_not_from_the_rows(memory):
    for condition in ("true", "false", "enrollment is null"):
        frame = memory.sql(
            "select phase, sum(enrollment) n, avg(enrollment) m, bool_and(has_results) "
            f"b, max(start_date_earliest) d from trials where {condition} group by all"
        )
        kinds = [str(kind) for kind in frame.dtypes]
        assert kinds == ["string", "Int64", "Float64", "boolean", "datetime64[s]"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select phse from trials", 'sql: .*"phse" not found.* "phase"'),
        ("select * from trial", "sql: no table 'trial'; did you mean trials"),
        ("selec 1", "sql: .*syntax error"),
        ("select 1; select 2", "one SELECT"),
        ("", "one SELECT"),
        ("drop table trials", "one SELECT"),
        ("copy trials to 'x.csv'", "one SELECT"),
        ("set threads = 1", "one SELECT"),
        ("select * from read_csv('/etc/passwd')", "disabled by configuration"),
        ("select * from '/etc/passwd.parquet'", "disabled by configuration"),
        ("select * from memory", "sql: no table 'memory'"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_line(memory, query, told):
    with pytest.raises(ParameterError, match=told) as raised:
        memory.sql(query)
    assert "\n" not in str(raised.value)


def test_all_tables_are_listed_and_none_is_changed(memory):
    before = memory.trials.copy()
    names = set(memory.sql("show tables")["name"])
    assert names == {name for name, _ in memory.tables()}
    assert_frame_equal(memory.trials, before)
