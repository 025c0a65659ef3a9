"""What a report shows of no, few and many trials, each exhibit with its data."""

import json
from pathlib import Path

import pytest

from tests.examples import example_trials
from tests.trials_by_hand import AS_OF, empty, made, many, seeds
from trialkit import tables
from trialkit.errors import ParameterError
from trialkit.figures import FIGURES
from trialkit.report.display import collect
from trialkit.report.exhibits import present

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "landscape.ipynb"


def shown(name, data, **options):
    with collect() as found:
        present(name, data, as_of=AS_OF, **options)
    return [item for item in found if item.facts["kind"] != "caption"]


def names():
    text = NOTEBOOK.read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    lines = [
        line
        for cell in cells
        for line in cell["source"]
        if "tk.report.present(" in line
    ]
    return [line.split('"')[1] for line in lines]


@pytest.mark.parametrize("name", names())
def test_without_trials_only_search_and_exclusion_are_shown(name):
    is_kept = name in ("sources", "record_flow", "excluded")
    assert bool(shown(name, empty())) == is_kept


def test_every_figure_and_table_comes_with_its_data():
    for name in ("routes", "timeline", "characteristics", "trials"):
        (item,) = shown(name, seeds())
        file, text = item.facts["data"]["file"], item.facts["data"]["text"]
        assert file == f"{item.facts['label']}.csv"
        assert text.count("\n") > 1


def test_a_figure_with_too_few_trials_is_a_table_that_says_so():
    (table,) = shown("donor_by_source", seeds())
    assert table.facts["label"] == "tbl-donor-by-source"
    assert str(table.facts["caption"]).startswith(
        "Trials by cell source and donor relation, in numbers. "
        "Too few trials for a figure; N = 4."
    )
    assert "Another person’s, inferred" in str(table.data["text/markdown"])


def test_doses_too_few_to_draw_are_told_one_by_one():
    (sentence,) = shown("doses", seeds())
    assert "167 million (NCT07312864)" in str(sentence.data["text/markdown"])
    assert shown("doses", made(trials=[{"trial_id": "NCT1"}])) == []


def test_where_no_trial_states_it_one_line_says_so():
    (sentence,) = shown("sponsor_classes", made(trials=[{"trial_id": "NCT1"}]))
    assert str(sentence.data["text/markdown"]) == (
        "Trials by class of the lead sponsor: stated by none of 1 trial."
    )


def test_too_few_countries_are_a_sentence_and_no_figure():
    (sentence,) = shown("countries", seeds())
    assert "No site in another country is named." in str(sentence.data)


def test_captions_count_the_trials_that_the_table_counts():
    rows = [{"trial_id": f"NCT{i}", "study_type": "EXPANDED_ACCESS"} for i in (1, 2)]
    rows[0]["study_type"] = "INTERVENTIONAL"
    arms = [{"trial_id": f"NCT{i}", "arm_id": "A"} for i in (1, 2)]
    (item,) = shown("enrollment_by_route", made(trials=rows, arms=arms))
    assert "N = 1 trial." in item.facts["caption"]


def test_captions_on_cells_say_that_n_is_of_trials_that_give_cells():
    rows = [
        {"trial_id": f"NCT{i}", "is_cell_trial": i == 1, "enrollment": 9}
        for i in (1, 2)
    ]
    data = made(trials=rows, arms=[{"trial_id": "NCT1", "arm_id": "A"}])
    (item,) = shown("enrollment_by_route", data)
    assert "N = 1 trial that gives cells." in item.facts["caption"]
    for name, told in (
        ("cell_types", "N = 1 trial that gives cells."),
        ("dose_stated", "N = 1 trial that gives cells."),
        ("statuses", "N = 2."),
    ):
        figure = FIGURES[name]
        frame = figure.frame_of(data, as_of=AS_OF)
        assert told in figure.caption_of(frame, len(data.trials)), name


@pytest.mark.parametrize("name", [n for n in FIGURES if FIGURES[n].is_of_history])
def test_without_history_a_sentence_says_that_it_is_missing(name):
    (sentence,) = shown(name, seeds())
    text = str(sentence.data)
    assert "Not shown for want of registry history" in text
    assert f": {FIGURES[name].title.lower()}." in text


def test_a_long_table_shows_its_first_rows_and_its_data_are_whole(monkeypatch):
    monkeypatch.setattr(tables, "LIMITS", {"trials": 3})
    (item,) = shown("trials", many(9))
    assert "The first 3 rows are shown" in item.facts["caption"]
    assert item.facts["data"]["text"].count("\n") == 10


def test_numbers_of_captions_have_separators():
    (item,) = shown("status_by_route", many(1200))
    assert "N = 1,200" in item.facts["caption"]


def test_of_very_many_trials_a_table_shows_fewer_rows(monkeypatch):
    monkeypatch.setattr(tables, "LIMITS", {"trials": 40})
    (item,) = shown("trials", many(501))
    assert "The first 10 rows are shown" in item.facts["caption"]


@pytest.mark.parametrize(("limit", "rows"), [(2, 2), (None, 9)])
def test_a_limit_of_ones_own_replaces_that_of_the_report(monkeypatch, limit, rows):
    monkeypatch.setattr(tables, "LIMITS", {"trials": 3})
    (item,) = shown("trials", many(9), limit=limit)
    assert str(item.data["text/markdown"]).count("clinicaltrials.gov/study/") == rows


def test_an_option_that_a_figure_does_not_take_is_told():
    with pytest.raises(ParameterError, match="'routes' takes no nonsense"):
        present("routes", seeds(), as_of=AS_OF, nonsense=1)


def test_a_figure_with_too_few_trials_and_its_table_have_one_n():
    figure = FIGURES["donor_by_source"]
    frame = figure.frame_of(example_trials())
    frame.attrs |= {"n_trials": 2, "n_usable": 1}
    assert "(N = 2, 1 to draw; needed 5)" in figure.too_few(frame)
    assert "N = 2." in str(tables.small_table(frame, label=figure.label).caption)
