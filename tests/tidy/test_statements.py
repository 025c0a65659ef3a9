"""The table `statements` row by row: what each source says, in the trials' order."""

import subprocess
import sys

from trialkit.merge import merge
from trialkit.record import Arm, PartialDate, Record, Remark, Site, Source
from trialkit.tidy.by_need import with_values, without_values
from trialkit.tidy.statements import statements_table
from trialkit.tidy.tables import trials_table

SOURCES = [Source(source_id="one", path="one"), Source(source_id="two", path="two")]


def rows(*records):
    merged = merge(records, SOURCES)
    table = with_values(statements_table(merged), trials_table(merged))
    return [(*tuple(row.values())[:5], row["is_chosen"]) for row in table.to_pylist()]


def test_no_trial_gives_an_empty_table_with_all_columns():
    table = statements_table([])
    assert table.num_rows == 0
    assert "is_chosen" in table.column_names


def test_each_value_of_a_single_source_is_a_row_and_an_absent_one_is_none():
    record = Record(
        trial_id="NCT1",
        source_id="one",
        brief_title="",
        enrollment=0,
        has_results=False,
        start_date=PartialDate(date="2024-04", type="ACTUAL"),
        arms=(Arm(arm_label="A", interventions=("DRUG: x",)), Arm()),
        conditions=("Cirrhosis", "Ascites"),
        sites=(Site(facility="Ward", country="Chile"),),
        basis={"conditions": "derived"},
    )
    assert rows(record) == [
        ("NCT1", "brief_title", "", "one", "stated", True),
        ("NCT1", "enrollment", "0", "one", "stated", True),
        ("NCT1", "start_date", "2024-04, ACTUAL", "one", "stated", True),
        ("NCT1", "has_results", "false", "one", "stated", True),
        ("NCT1", "arms", "A, DRUG: x", "one", "stated", True),
        ("NCT1", "conditions", "Cirrhosis; Ascites", "one", "derived", True),
        ("NCT1", "sites", "Ward, Chile", "one", "stated", True),
    ]


def test_remarks_and_trials_of_several_sources_keep_the_order_of_trials():
    odd = Remark(field="enrollment", value="99999999", note="no number")
    first = Record(trial_id="NCT1", source_id="one", brief_title="One", remarks=(odd,))
    second = Record(trial_id="NCT2", source_id="one", brief_title="Two")
    again = Record(trial_id="NCT2", source_id="two", brief_title="Zwei")
    third = Record(trial_id="NCT3", source_id="one", brief_title="Three")
    assert rows(first, second, again, third) == [
        ("NCT1", "brief_title", "One", "one", "stated", True),
        ("NCT1", "enrollment", "99999999", "one", "unread", False),
        ("NCT2", "brief_title", "Two", "one", "stated", True),
        ("NCT2", "brief_title", "Zwei", "two", "stated", False),
        ("NCT3", "brief_title", "Three", "one", "stated", True),
    ]


def test_what_is_left_out_is_what_the_table_of_trials_holds():
    odd = Remark(field="overall_status", value="DONE", note="read as", basis="derived")
    one = Record(
        trial_id="NCT1",
        source_id="one",
        brief_title="Title",
        overall_status="COMPLETED",
        enrollment=7,
        healthy_volunteers=True,
        start_date=PartialDate(date="2024-04"),
        completion_date=PartialDate(date="2024-05", type="ACTUAL"),
        keywords=("a", "b"),
        countries=("Chile",),
        arms=(Arm(arm_label="A"),),
        remarks=(odd,),
    )
    two = Record(trial_id="NCT1", source_id="two", brief_title="Titel", phase="PHASE1")
    quoted = Record(trial_id="NCT2", source_id="one", keywords=("a; b", "c"))
    merged = merge([one, two, quoted], SOURCES)
    table, trials = statements_table(merged), trials_table(merged)
    whole = with_values(table, trials)
    assert without_values(whole, trials).equals(table)
    assert with_values(whole, trials) is whole
    left = [r["value"] for r in table.to_pylist() if r["value"]]
    assert left == ["Titel", "2024-05, ACTUAL", "A", "Chile", "DONE", "a; b; c"]


def test_the_columns_are_made_without_pandas():

    code = (
        "import sys; from trialkit.merge import merge;"
        "from trialkit.record import Record;"
        "from trialkit.tidy.statements import statements_table;"
        "from trialkit.tidy.by_need import with_values, without_values;"
        "from trialkit.tidy.tables import trials_table;"
        "statements_table(merge([Record(trial_id='N', brief_title='T')], []));"
        "none = trials_table([]);"
        "without_values(with_values(statements_table([]), none), none);"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
