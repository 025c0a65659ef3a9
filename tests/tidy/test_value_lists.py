"""Lists in one cell: each member comes back, whatever it holds."""

import csv

from hypothesis import given
from hypothesis import strategies as st

from trialkit.record import Intervention, Record
from trialkit.tidy.csv import save_csv
from trialkit.tidy.load import from_records, open_store
from trialkit.tidy.value_lists import joined, members


@given(st.lists(st.text(min_size=1)))
def test_every_member_comes_back(values):
    assert list(members(joined(values))) == values


def test_a_value_that_holds_the_separator_is_quoted():
    assert joined(["MSC", None, "bone; marrow"]) == 'MSC; "bone; marrow"'


@given(st.lists(st.text(min_size=1, alphabet='a;" \t')))
def test_a_csv_reader_parts_them_too(values):
    values = [value for value in values if value == value.strip()]
    rows = list(
        csv.reader([joined(values) or ""], delimiter=";", skipinitialspace=True)
    )
    assert [cell for row in rows for cell in row if cell] == values


def test_members_that_hold_the_separator_survive_a_csv(tmp_path):
    record = Record(
        trial_id="NCT00000001",
        keywords=("cells; liver", "msc"),
        interventions=(Intervention(name="MSC", other_names=("A; B", '"C"')),),
    )
    data = from_records([record], [], labels=False)
    again = open_store(save_csv(data, tmp_path / "tables"))
    assert members(again.trials["keywords"].item()) == record.keywords
    names = members(again.interventions["other_names"].item())
    assert names == record.interventions[0].other_names
