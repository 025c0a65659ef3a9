"""What a report shows of no, few and many trials, each exhibit with its data."""

import json
from pathlib import Path

import pytest

from tests.trials_by_hand import AS_OF, empty, made, many, seeds
from trialkit import load_example, tables
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


def test_a_figure_with_too_few_trials_says_which_it_is():
    sentence, table = shown("donor_by_source", seeds())
    assert sentence.data["text/markdown"] == (
        "Trials by cell source and donor relation: "
        "too few trials for this figure (N = 4, 1 to draw; needed 5)."
    )
    assert table.facts["label"] == "tbl-donor-by-source"
    assert "Data cut-off" not in str(table.facts["caption"])


def test_a_sentence_on_too_few_trials_leaves_out_how_they_are_drawn():
    (sentence, *_) = shown("doses", seeds())
    assert str(sentence.data["text/markdown"]).startswith("Doses in cells: too few")


def test_too_few_countries_are_a_sentence_and_no_figure():
    (sentence,) = shown("countries", seeds())
    assert "No site in another country is named." in str(sentence.data)


def test_captions_count_the_trials_that_the_table_counts():
    rows = [{"trial_id": f"NCT{i}", "study_type": "EXPANDED_ACCESS"} for i in (1, 2)]
    rows[0]["study_type"] = "INTERVENTIONAL"
    (item,) = shown("enrollment_by_route", made(trials=rows))
    assert "N = 1 trial." in item.facts["caption"]


@pytest.mark.parametrize("name", [n for n in FIGURES if "earlier" in FIGURES[n].needs])
def test_without_history_a_sentence_says_that_it_is_missing(name):
    (sentence,) = shown(name, seeds())
    assert "not available: needs registry history" in str(sentence.data)


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
    frame = figure.frame_of(load_example())
    frame.attrs |= {"n_trials": 2, "n_usable": 0}
    assert "(N = 2, 0 to draw; needed 5)" in figure.too_few(frame)
    assert "N = 2." in str(tables.small_table(frame, label=figure.label).caption)
