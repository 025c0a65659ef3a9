"""Every table: few and many trials, groups, and notes."""

import pytest

from tests.trials_by_hand import AS_OF, empty, many, seeds
from trialkit import tables

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("make", [empty, seeds, lambda: many(25)])
@pytest.mark.parametrize("name", tables.TABLES)
def test_every_table_is_made_for_0_few_and_many_trials(name, make):
    table = tables.TABLES[name](make(), as_of=AS_OF)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert table.rows or table.empty_text


def test_planned_and_actual_numbers_stand_in_rows_of_their_own():
    table = tables.TABLES["participants_by_kind"](many(25), as_of=AS_OF)
    kinds = [row[0] for row in table.rows]
    assert kinds[-1] == "All trials"
    assert {"Planned", "Actual"} & set(kinds)
