"""Half a page on how a report was made: its numbers are those of the tables."""

import re

import trialkit as tk
from tests.examples import example_trials
from tests.trials_by_hand import empty, made
from trialkit.escape import markdown_text
from trialkit.prose.cover import cover
from trialkit.prose.made import how_made
from trialkit.prose.searches import search_line
from trialkit.read.receipt import Page, Receipt, Version
from trialkit.tidy.inventory import Origin
from trialkit.tidy.trials import Trials


def parts(data):
    found = re.findall(r"\*\*(\w+)\.\*\* (.+)", how_made(data))
    return {word: text.replace("\\", "") for word, text in found}


def test_records_and_what_each_filter_kept_are_told_with_their_numbers():
    data = example_trials()
    chosen = data.select(condition="cirrhosis").counted()
    told = parts(chosen)

    assert told["Records"].startswith(
        f"{len(chosen.sources)} documents (ClinicalTrials.gov JSON). "
        "Trials kept are those of ClinicalTrials.gov."
    )
    assert "every sentence is rewritten" in told["Records"]
    n, kept = len(data.trials), len(data.select(condition="cirrhosis").trials)
    assert told["Kept"] == f"{n} records; “condition: cirrhosis” left {kept} of {n}."


def test_the_search_behind_the_records_is_told_or_that_none_is():
    data = example_trials()
    assert "is not recorded in the files. They are" in parts(data)["Records"]
    told = how_made(data, search="CT.gov, *cells*, 2026-06-30: 40 records.")
    assert r"tells it: CT.gov, \*cells\*, 2026-06-30: 40 records. They are" in told


def searched(**facts):
    """Return two trials of a page whose search is recorded."""
    page = Page("page-0001.json.gz", "a1", ("NCT1", "NCT2"))
    common = {"pages": (page,), "n_total": 2, "is_complete": True}
    version = Version("2.0.5", "2026-08-19T09:00:06")
    question = {"condition": "liver *failure*", "intervention": "stem cell"}
    asked = {"question": question, "version_after": version}
    tables = {"trials": [{"trial_id": "NCT1"}, {"trial_id": "NCT2"}]}
    sources = [{"source_id": "a", "sha256": "a1"}, {"source_id": "b", "sha256": "b2"}]
    data = made(**tables, sources=sources)
    receipt = Receipt(**{**common, **asked, **facts})
    return Trials(dict(data.tables()), Origin(searches=(receipt,)))


def test_a_search_that_a_download_recorded_is_told_with_its_day_and_totals():
    data = searched()
    told = parts(data)["Records"]
    assert (
        "The search behind them, as the download recorded it: ClinicalTrials.gov, "
        "condition: liver *failure*; intervention: stem cell, data of 2026-08-19, 2 "
        "studies. The search behind 1 other document is not recorded."
    ) in told
    assert "not recorded in the files" not in told
    own = how_made(data, search="My own")
    assert "tells it: My own. The search behind them, as the download recorded" in own
    assert cover(data, as_of="2026-08-19")["notice"].endswith(
        "Search: ClinicalTrials.gov, condition: liver *failure*; intervention: stem "
        "cell, data of 2026-08-19, 2 studies."
    )
    assert "Search:" not in cover(example_trials(), as_of="2026-08-19")["notice"]


def test_the_line_at_the_foot_is_one_line_whatever_was_asked():
    long = searched(question={"query": "liver OR " * 60})
    assert len(search_line(long)) < 240
    assert "OR liv" in search_line(long)
    ids = searched(question={"ids": "NCT1,NCT2,NCT3,NCT4"}, n_total=4)
    asked = "ClinicalTrials.gov, 4 registry ids, data of 2026-08-19"
    assert search_line(ids) == f"Search: {asked}, 2 of 4 studies."
    lacking = searched(n_total=3, is_complete=False)
    assert search_line(lacking).endswith("2 of 3 studies (incomplete).")


def test_records_that_were_merged_are_told_where_there_are_any(tmp_path):
    assert "merged" not in parts(example_trials())["Kept"]
    for name in ("a", "b"):
        head = "NCT Number,Study Title,Study Status,Conditions"
        text = f"{head}\nNCT00000001,Cells {name},COMPLETED,Cirrhosis\n"
        (tmp_path / f"{name}.csv").write_text(text)
    data = tk.load(tmp_path)
    assert parts(data)["Kept"] == (
        "2 records; 1 record was merged into another of the same trial."
    )


def test_of_no_records_nothing_is_named():
    told = parts(empty())

    assert told["Records"].startswith("0 documents. ")
    assert told["Kept"] == "0 records."


def test_labels_are_spoken_of_only_where_cells_are_given():
    drugs = made(trials=[{"trial_id": "NCT1", "is_cell_trial": False}])

    assert "Labels" not in parts(drugs)
    assert "several conditions or countries counts" in parts(drugs)["Counting"]
    assert "several routes, sources," in parts(example_trials())["Counting"]
    assert "F1" in parts(example_trials())["Labels"]


def test_a_register_of_the_records_is_text_and_no_markup():
    name = "*A* <b> [x](y)"
    told = how_made(made(trials=[{"trial_id": "NCT1", "registry": name}]))

    assert f" those of {markdown_text(name)}." in told
    assert name not in told
