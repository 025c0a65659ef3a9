"""The columns of the list of trials on the page, without a browser."""

from lxml import html

from tests.trials_by_hand import labelled, made, trial
from trialkit import summarize
from trialkit.report.render.finder_rows import rows_of, table
from trialkit.tidy.csv import csv_text


def heads(data):
    rows = rows_of(csv_text(summarize.trial_lines(data)))
    page = html.fromstring(f"<div>{table(rows, [], supplement='')}</div>")
    return {cell.text: "hidden" in cell.attrib for cell in page.iter("th")}


def test_a_list_of_cell_trials_has_filters_that_are_no_visible_column():
    trials = [trial(1), trial(2, is_cell_trial=False)]
    arms = [{"trial_id": trials[0]["trial_id"], "arm_id": "A1"}]
    labels = labelled(trials[0]["trial_id"], route="IV")
    shown = heads(made(trials=trials, arms=arms, labels=labels))

    assert [head for head, is_hidden in shown.items() if is_hidden] == [
        "Cell type",
        "Phase",
    ]
    assert "Given" not in shown
    assert {"Route", "Cell source"} <= set(shown)


def test_a_list_without_cells_speaks_of_none_and_names_what_is_given():
    shown = heads(made(trials=[trial(1, is_cell_trial=False)]))

    assert list(shown) == [
        *("Registry id", "Trial", "Condition", "Given", "Phase", "Participants"),
        *("Years", "Country", "Status"),
    ]
