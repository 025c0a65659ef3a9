"""The explorer without a browser: filters change the selection, the rest follows."""

import json
from types import SimpleNamespace

import matplotlib as mpl
import pandas as pd
import pytest
from click.testing import CliRunner

from tests.examples import example_trials
from tests.trials_by_hand import AS_OF, empty, made, seeds

pytest.importorskip("ipywidgets")
mpl.use("agg")

import trialkit as tk
from trialkit.cli import cli
from trialkit.errors import ParameterError
from trialkit.explorer.widgets import explore
from trialkit.explorer.widgets.decide import Decide
from trialkit.explorer.widgets.export import Export
from trialkit.explorer.widgets.filters import Filters
from trialkit.explorer.widgets.state import State
from trialkit.tidy.select.filters import FILTERS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data():
    files = sorted(tk.example_path().glob("*.json"))
    return tk.load(files[::4])


@pytest.fixture(scope="module")
def one(data, tmp_path_factory):
    return explore(data, out=tmp_path_factory.mktemp("explore") / "out")


@pytest.fixture
def explorer(one):
    """The explorer with nothing chosen, as a notebook shows it first."""
    one.choose()
    return one


def text_of(output):
    """Return the Markdown that an output shows."""
    return "\n".join(item["data"].get("text/markdown", "") for item in output.outputs)


def card_of(explorer):
    (shown,) = explorer.card.output.outputs
    return shown["data"]["text/html"]


def svg_of(output):
    return "".join(item["data"].get("image/svg+xml", "") for item in output.outputs)


def test_it_begins_with_the_trials_that_give_cells(explorer, data):
    assert len(explorer.selection) == data.trials["is_cell_trial"].eq(True).sum()
    assert (
        f"{len(explorer.selection)} of {len(data)} trials"
        in explorer.filters.told.value
    )


def test_a_filter_that_is_set_changes_what_is_selected(explorer, data):
    explorer.filters.lists["phase"].value = ("PHASE1",)
    wanted = data.select(phase="PHASE1", cell_trials=True)
    assert list(explorer.selection.trials["trial_id"]) == list(
        wanted.trials["trial_id"]
    )
    assert "phase: PHASE1" in explorer.filters.told.value


def test_filters_can_be_set_from_code_and_the_others_are_cleared(explorer, data):
    explorer.choose(phase="PHASE1")
    chosen = explorer.choose(condition="cirrhosis", route=["IV"])
    wanted = data.select(condition="cirrhosis", route="IV", cell_trials=True)
    assert set(chosen.trials["trial_id"]) == set(wanted.trials["trial_id"])
    assert explorer.filters.condition.value == "cirrhosis"


def test_clear_all_brings_every_cell_trial_back(explorer):
    before = len(explorer.selection)
    explorer.choose(phase="PHASE1")
    explorer.filters.clear.click()
    assert len(explorer.selection) == before


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"xyz": "blue"}, "no filter xyz; there are query, condition"),
        ({"colour": "blue"}, "no filter colour; did you mean country?"),
        ({"phase": "PHASE9"}, "no trial has phase PHASE9; there are PHASE1, "),
    ],
)
def test_a_filter_or_value_that_is_not_there_is_told(explorer, filters, message):
    with pytest.raises(ParameterError, match=message):
        explorer.choose(**filters)


def test_the_number_beside_a_value_is_what_choosing_it_leaves(explorer, data):
    for name, box in explorer.filters.lists.items():
        for shown, value in box.options:
            n = int(shown.rpartition("(")[2].rstrip(")"))
            assert len(data.select(**{name: value})) == n, shown


def test_table_and_figure_follow_the_filter(explorer):
    before = svg_of(explorer.exhibit.output)
    chosen = explorer.choose(phase="PHASE1")
    assert set(explorer.table.rows["Trial"]) == set(chosen.trials["trial_id"])
    assert svg_of(explorer.exhibit.output) not in ("", before)


def test_another_exhibit_can_be_shown(explorer):
    explorer.exhibit.name.value = "characteristics"
    assert "| Randomized" in text_of(explorer.exhibit.output)


def test_a_click_on_a_row_looks_at_its_trial(explorer):
    explorer.table.table.selected_rows = [3]
    chosen = explorer.table.rows["Trial"].iloc[3]
    assert explorer.state.trial_id == explorer.card.trial.value == chosen
    assert chosen in card_of(explorer)
    assert chosen not in set(explorer.similar.rows["Trial"])


def test_the_trial_looked_at_is_always_one_of_the_selection(explorer):
    chosen = explorer.choose(phase="PHASE4")
    assert explorer.state.trial_id in set(chosen.trials["trial_id"])


def test_where_no_widget_can_be_shown_it_says_where_one_can(explorer):
    shown = explorer.filters._repr_mimebundle_()
    assert shown["text/plain"].startswith("Shown in JupyterLab only")


def test_nothing_left_is_said_and_no_error(explorer):
    explorer.choose(phase="PHASE4", country="Germany")
    assert len(explorer.selection) == 0
    assert "No trial is chosen" in text_of(explorer.card.output)
    assert len(explorer.table.rows) == len(explorer.similar.rows) == 0
    explorer.export.save.click()
    assert "there is nothing to write" in text_of(explorer.export.told)
    assert not explorer.export.out.exists()


def test_the_records_of_a_selection_give_its_tables_again(explorer):
    chosen = explorer.choose(phase=["PHASE1", "PHASE4"])
    explorer.export.save.click()
    assert f"{len(chosen)} trials saved in" in text_of(explorer.export.told)
    again = tk.load(explorer.export.out / "selection.ndjson")
    assert again.trials.equals(chosen.trials)
    assert again.labels.equals(chosen.labels)


def test_a_folder_that_cannot_be_written_is_told_below_the_button(data, tmp_path):
    (tmp_path / "taken").write_text("a file")
    explorer = explore(data, out=tmp_path / "taken")
    explorer.export.save.click()
    assert "cannot write" in text_of(explorer.export.told)
    assert not explorer.export.save.disabled


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["Running the notebook: 3 cells", "error: cell 3 failed", "  in: 1 / 0"],
            "error: cell 3 failed in: 1 / 0",
        ),
        (["Running the notebook: 3 cells", "Killed"], "Killed"),
        ([], "the report ended with status 1"),
    ],
)
def test_a_report_that_fails_is_told_with_all_lines_of_its_error(
    explorer, tmp_path, monkeypatch, lines, told
):
    program = tmp_path / "python"
    words = "\n".join(lines)
    program.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{words}\nEND\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    explorer.export.make.click()
    assert text_of(explorer.export.told).replace("\\", "") == told
    assert not explorer.export.make.disabled


def program(tmp_path, monkeypatch):
    """Let a program stand in for Python that writes down what it is called with."""
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{tmp_path}/told'\n")
    path.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(path))


def test_one_button_asks_for_the_reports_of_the_selection(
    explorer, tmp_path, monkeypatch
):
    program(tmp_path, monkeypatch)
    chosen = explorer.choose(phase="PHASE4")
    explorer.export.make.click()
    assert "reported in" in text_of(explorer.export.told)

    plans = []
    kept = SimpleNamespace(warnings=[], facts={}, paths={})
    write = "trialkit.report.run.write_report"
    monkeypatch.setattr(write, lambda plan, out, **_: plans.append((plan, out)) or kept)
    told = (tmp_path / "told").read_text().split("-m\ntrialkit\n")[1:]
    for words in told:
        done = CliRunner().invoke(cli, words.splitlines())
        assert done.exit_code == 0, done.output
    assert [plan.notebook.name for plan, _ in plans] == ["supplement", "landscape"]
    for plan, out in plans:
        assert out == explorer.export.out / "landscape-phase-phase-4"
        assert plan.parameters["title"] == "Landscape (phase: Phase 4)"
        again = tk.load(plan.inputs).select(cell_trials=True)
        assert set(again.trials["trial_id"]) == set(chosen.trials["trial_id"])


def test_a_report_is_named_and_titled_after_its_filters_and_overwrites_none(
    data, tmp_path, monkeypatch
):
    program(tmp_path, monkeypatch)
    explorer = explore(data, out=tmp_path / "out")
    for filters in ({"phase": "Phase 1", "start": ">=2009"}, {"phase": "PHASE4"}, {}):
        explorer.choose(**filters)
        explorer.export.make.click()
    explorer.export.make.click()
    told = (tmp_path / "told").read_text().splitlines()
    folders = [told[at + 1] for at, word in enumerate(told) if word == "--out"]
    assert folders[::2] == folders[1::2]
    assert [folder.rpartition("/")[2] for folder in folders[::2]] == [
        "landscape-phase-phase-1-start-2009",
        "landscape-phase-phase-4",
        "landscape",
        "landscape-2",
    ]
    titles = [line for line in told if line.startswith("title=")]
    assert (
        titles[::2]
        == titles[1::2]
        == [
            "title=Landscape (phase: Phase 1; start: >=2009)",
            "title=Landscape (phase: Phase 4)",
        ]
    )


def test_a_saved_selection_does_not_overwrite_an_earlier_one(data, tmp_path):
    explorer = explore(data, out=tmp_path)
    first = explorer.choose(phase="PHASE1")
    explorer.export.save.click()
    explorer.choose(phase="PHASE4")
    explorer.export.save.click()
    assert len(tk.load(tmp_path / "selection.ndjson")) == len(first)
    assert (tmp_path / "selection-2.ndjson").is_file()


def shown_rows(table):
    """Return the rows that the table in the browser is given."""
    return json.loads(table.table._dt_args["data_json"])


def test_a_table_keeps_every_row_after_each_filter():
    long = "words that make a row long " * 20
    rows = [
        {"trial_id": f"NCT{n:08}", "brief_title": long, "phase": "PHASE1"}
        for n in range(400)
    ]
    explorer = explore(made(trials=rows), as_of=AS_OF)
    for phase in ("PHASE1", None):
        explorer.choose(phase=phase)
        assert len(shown_rows(explorer.table)) == 400
        assert "downsampling_warning" not in explorer.table.table._dt_args


def test_markup_stays_text_after_a_filter():
    evil = "<img src=x onerror=alert(1)>"
    explorer = explore(
        made(trials=[{"trial_id": "NCT1", "brief_title": evil}]), as_of=AS_OF
    )
    explorer.choose(ids="NCT1")
    assert "<img" not in explorer.table.table._dt_args["data_json"]


def test_participants_are_sorted_as_numbers_where_one_is_missing():
    sizes = [1200, None, 20, 0]
    rows = [{"trial_id": f"NCT{n}", "enrollment": size} for n, size in enumerate(sizes)]
    explorer = explore(made(trials=rows), as_of=AS_OF)
    at = list(explorer.table.rows).index("Participants")
    [rule] = [
        rule
        for rule in explorer.table.table._dt_args["columnDefs"]
        if rule["targets"] == [at]
    ]
    [by] = rule["orderData"]
    told = {row[0]: (row[at], row[by]) for row in shown_rows(explorer.table)}
    assert told == {
        "NCT0": ("1,200", 1200),
        "NCT1": ("Not stated", -1),
        "NCT2": ("20", 20),
        "NCT3": ("0", 0),
    }


def twice_registered():
    """A trial in two registers, one on its own, and expanded access."""
    rows = [
        {"trial_id": "NCT00000001", "registered_also_as": "ISRCTN12345678"},
        {"trial_id": "ISRCTN12345678", "registered_also_as": "NCT00000001"},
        {"trial_id": "NCT00000002"},
        {"trial_id": "NCT00000003", "study_type": "EXPANDED_ACCESS"},
    ]
    for row in rows[:2]:
        row["counted_as"] = "NCT00000001"
    return made(trials=rows)


def test_the_same_number_of_trials_is_told_shown_and_counted():
    explorer = explore(twice_registered(), as_of=AS_OF)
    chosen = explorer.choose()
    assert len(chosen) == len(explorer.table.rows) == len(chosen.counted()) == 2
    assert "<b>2 of 2 trials</b>" in explorer.filters.told.value
    assert "one record per trial: 3 of 4" in explorer.filters.told.value
    assert ("Not stated (2)", "Not stated") in explorer.filters.lists["phase"].options
    assert len(explorer.choose(ids="isrctn 12345678")) == 1


def test_a_search_that_cannot_be_read_is_told_and_the_selection_stays(explorer):
    before = explorer.choose(phase="PHASE1")
    explorer.filters.query.value = '("liver'
    assert explorer.selection is before
    assert "<pre>" in explorer.filters.told.value
    explorer.filters.query.value = ""
    assert len(explorer.selection) == len(before)
    with pytest.raises(ParameterError):
        explorer.choose(query="(liver")
    assert len(explorer.selection) == len(before)
    assert explorer.filters.lists["phase"].value == ("PHASE1",)


WORDS = [
    {"query": "liver AND NOT cirrhosis"},
    {"condition": ["cirrhosis", "liver failure"]},
    {"phase": "Phase 1"},
    {"phase": "any phase 1"},
    {"phase": ["phase 1", "Phase 4"]},
    {"route": "Vein"},
    {"cell_source": "umbilical cord", "country": "PR China"},
    {"start": [">=2015", "<2008"]},
    {"enrollment": 20},
    {"has_results": False},
    {"labels": {"donor": ["AUTO", "ALLO"]}},
    {"labels": "species=human"},
    {"sponsor": "university"},
]


@pytest.fixture(scope="module")
def panel(data):
    """The filters alone, which draw nothing."""
    return Filters(State(data, AS_OF))


@pytest.mark.parametrize("wanted", WORDS, ids=str)
def test_the_explorer_takes_what_select_takes_and_leaves_the_same(data, panel, wanted):
    wanted = wanted | {"cell_trials": None}
    panel.set(**wanted)
    chosen = panel.state.selection.trials["trial_id"]
    assert list(chosen) == list(data.select(**wanted).trials["trial_id"]) != []
    written = eval(panel.code, {"data": data})
    assert list(written.trials["trial_id"]) == list(chosen)


def counts_of(levels):
    """Return the number behind each level of a list, by its value."""
    return {
        value: int(shown.rpartition("(")[2].rstrip(")").replace(",", ""))
        for shown, value in levels.options
    }


@pytest.mark.parametrize(
    "wanted",
    [
        {"query": "cirrhosis", "phase": "PHASE1"},
        {"country": ["China", "Iran"], "start": ">=2010", "donor": "AUTO"},
        {"sponsor": "zebra"},
    ],
    ids=str,
)
def test_each_level_counts_what_the_other_filters_would_leave(data, panel, wanted):
    panel.set(**wanted)
    counted = data.counted()
    for name, levels in panel.lists.items():
        others = {key: value for key, value in wanted.items() if key != name}
        rest = counted.select(**others, cell_trials=True)
        for value, n in counts_of(levels).items():
            assert n == len(rest.select(**{name: value})), (name, value)
    panel.set()


def test_a_level_that_leaves_no_trial_stays_and_says_so(panel):
    panel.set(country="China")
    assert 0 in counts_of(panel.lists["phase"]).values()
    assert min(counts_of(panel.lists["country"]).values()) > 0
    panel.set()


def test_a_long_list_narrows_as_one_types_and_keeps_what_is_chosen():
    panel = Filters(State(example_trials(), AS_OF))
    country = panel.lists["country"]
    country.value = ("China",)
    country.typed.value = "ira"
    assert [value for _, value in country.box.options] == ["China", "Iran"]
    assert country.value == country.box.value == ("China",)
    country.box.value = ("China", "Iran")
    assert panel.controls["country"].value == ("China", "Iran")
    country.typed.value = ""
    assert len(country.box.options) == len(country.options) > 6
    assert country.box.value == ("China", "Iran")


def test_names_of_sponsors_are_offered_as_searches_for_themselves(panel, data):
    offered = panel.controls["sponsor"].options
    assert len(offered) > 5
    for search in offered:
        named = data.sponsors["name"].str.casefold().eq(search.strip('"').casefold())
        ids = set(data.sponsors.loc[named, "trial_id"])
        assert ids <= set(data.select(sponsor=search).trials["trial_id"]), search


def test_the_line_of_code_gives_the_same_trials_of_the_data_as_loaded(tmp_path):
    own = tmp_path / "own synonyms.csv"
    own.write_text("term,synonym\nzebra,cirrhosis\n")
    data = example_trials()
    state = State(data, AS_OF, synonyms=[own])
    panel = Filters(state)
    for wanted in [
        {"query": '("liver failure" OR zebra) AND NOT "it\'s"', "start": "2008..2020"},
        {"sponsor": '"Royan Institute"', "completion": ["<=2019-06", ">2021"]},
        {"labels": {"donor": "AUTO"}, "cell_trials": None, "has_results": False},
        {"query": "zebra", "enrollment": [">=10", "5"], "cell_trials": False},
    ]:
        panel.set(**wanted)
        again = eval(panel.code, {"data": data})
        assert again.selection.equals(state.selection.selection)
        assert again.trials.equals(state.selection.trials)


def test_the_rows_of_a_selection_are_those_of_a_table_of_its_own(explorer):
    chosen = explorer.choose(country="China", phase=["PHASE1", "PHASE1/PHASE2"])
    own = tk.summarize.trials(chosen)
    rows = explorer.table.rows
    assert list(rows["Trial"]) == list(own["trial_id"])
    for column, name in (("Full title", "title"), ("Countries", "countries")):
        assert list(rows[column]) == list(own[name].fillna("Not stated"))
    lines = tk.summarize.trial_lines(chosen)
    assert list(rows["Years"]) == list(lines["years"].fillna("Not stated"))


def test_a_title_names_the_report_and_its_folder_and_both_documents_are_made(
    data, tmp_path, monkeypatch
):
    program(tmp_path, monkeypatch)
    explorer = explore(data, out=tmp_path / "out")
    explorer.export.title.value = " Cells for ACLF,  2026: ../肝 "
    explorer.export.make.click()
    assert "stays" not in text_of(explorer.export.told)
    explorer.export.make.click()
    told = (tmp_path / "told").read_text().splitlines()
    made = [
        (told[at - 3], told[at + 1].rpartition("/")[2])
        for at, word in enumerate(told)
        if word == "--out"
    ]
    first, second = "cells-for-aclf-2026-肝", "cells-for-aclf-2026-肝-2"
    assert made == [
        ("supplement", first),
        ("landscape", first),
        ("supplement", second),
        ("landscape", second),
    ]
    titles = {line for line in told if line.startswith("title=")}
    assert titles == {"title=Cells for ACLF, 2026: ../肝"}
    assert "was there and stays; this is" in text_of(explorer.export.told)
    assert (tmp_path / "out" / first / "selection.ndjson").is_file()


def test_every_filter_of_select_has_a_control(panel):
    assert set(panel.controls) == set(FILTERS)


def test_what_is_empty_clears_a_filter(panel, data):
    panel.set(phase="PHASE1", start=">=2010")
    panel.set(query="", phase=[], start="", has_results=None, ids=[])
    assert len(panel.state.selection) == data.trials["is_cell_trial"].eq(True).sum()


def test_no_trials_at_all_can_be_explored_too():
    explorer = explore(empty(), as_of=AS_OF)
    assert len(explorer.selection) == 0


def test_markup_in_records_stays_text():
    evil = "<img src=x onerror=alert(1)>"
    data = made(
        trials=[{"trial_id": "NCT1", "brief_title": evil, "countries": evil}],
    )
    explorer = explore(data, as_of=AS_OF)
    explorer.choose(country=evil)
    assert "<img" not in explorer.filters.told.value
    assert "<img" not in card_of(explorer)


def test_the_trials_stay_as_they_were(data):
    before = [frame.copy() for _, frame in data.tables()]
    explore(data).choose(phase="PHASE1")
    assert all(
        frame.equals(old) for (_, frame), old in zip(data.tables(), before, strict=True)
    )


def test_seeds_without_labels_of_some_axes_can_be_explored():
    assert len(explore(seeds(), as_of=AS_OF).selection) == 4


def with_an_open_question(explorer):
    """Look at a trial that the rules leave something open in; return its question."""
    rows = tk.undecided(explorer.state.data).dropna(subset=["sentence", "arm_id"])
    explorer.state.trial_id = rows["trial_id"].iloc[0]
    return tuple(rows[["trial_id", "arm_id", "axis"]].iloc[0])


def test_an_open_question_is_asked_with_its_sentences(explorer):
    key = with_an_open_question(explorer)
    explorer.decide.question.value = key
    assert "<li>rewritten: " in explorer.decide.sentences.value
    assert len(explorer.decide.value.options) > 2


def test_decisions_are_saved_as_a_file_that_load_applies(explorer, tmp_path):
    trial_id, arm_id, axis = with_an_open_question(explorer)
    panel = explorer.decide
    panel.question.value = (trial_id, arm_id, axis)
    value = panel.value.options[1][1]
    panel.value.value, panel.reason.value = value, "says so"
    panel.person.value, panel.day.value = "AB", "2026-06-30"
    panel.decide.click()
    assert "1 decision, not saved yet" in text_of(panel.told)
    panel.save.click()
    assert "1 decision saved" in text_of(panel.told)
    file = next(tk.example_path().glob(f"{trial_id}*"))
    labels = tk.load(file, overrides=panel.path).labels
    mine = labels[labels["arm_id"].eq(arm_id) & labels["axis"].eq(axis)]
    assert mine["value"].tolist() == [value]
    assert mine["basis"].tolist() == ["override"]


def test_decisions_of_an_earlier_session_are_kept(data, tmp_path):
    def decided(explorer, *reasons):
        explorer.decide.question.value = with_an_open_question(explorer)
        panel = explorer.decide
        panel.value.value = panel.value.options[1][1]
        panel.person.value, panel.day.value = "AB", "2026-06-30"
        for reason in reasons:
            panel.reason.value = reason
            panel.decide.click()
            panel.save.click()
        return panel.path

    first = decided(explore(data, out=tmp_path), "first")
    held = first.read_bytes()
    second = decided(explore(data, out=tmp_path), "second", "third")
    assert (first.name, second.name) == ("corrections.csv", "corrections-2.csv")
    assert first.read_bytes() == held
    assert "third" in second.read_text()
    assert sorted(tmp_path.glob("corrections*")) == sorted([first, second])


def test_a_decision_without_a_reason_is_not_saved(data, tmp_path):
    explorer = explore(data, out=tmp_path)
    explorer.decide.question.value = with_an_open_question(explorer)
    explorer.decide.value.value = explorer.decide.value.options[1][1]
    explorer.decide.decide.click()
    explorer.decide.save.click()
    assert "no reason" in text_of(explorer.decide.told)
    assert not explorer.decide.path.exists()


def test_ids_of_ones_own_are_suggested_and_offered_in_words(tmp_path):
    told = (
        "Previous studies gave cells of a cousin. Mesenchymal stem cells are infused."
    )
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT09990001", "briefTitle": "MSC study"},
            "descriptionModule": {"briefSummary": told},
            "armsInterventionsModule": {"armGroups": [{"label": "Cells"}]},
        }
    }
    record, own = tmp_path / "one.json", tmp_path / "donor.csv"
    record.write_text(json.dumps(study))
    own.write_text("id,label,phrases\nKIN,A <relative>,of a cousin\n")
    data = tk.load(record, vocabularies=own)
    panel = Decide(State(data, AS_OF), tmp_path)
    panel.question.value = ("NCT09990001", "A1", "donor")
    assert ("A <relative>", "KIN") in panel.value.options
    assert "cousin.” <i>(brief summary)</i>: A &lt;rel" in panel.sentences.value
    panel.value.value, panel.reason.value = "KIN", "says so"
    panel.person.value, panel.day.value = "AB", "2026-06-30"
    panel.decide.click()
    panel.save.click()
    labels = tk.load(record, vocabularies=own, overrides=panel.path).labels
    assert labels.loc[labels["axis"].eq("donor"), "value"].tolist() == ["KIN"]


def test_filters_and_likenesses_name_ids_of_ones_own_in_words(tmp_path):
    own = tmp_path / "cell_source.csv"
    own.write_text("id,label,phrases\nZED,Zed tissue,no such words\n")
    ids = ["NCT01220492", "NCT01661842"]
    decided = pd.DataFrame({"trial_id": ids, "arm_id": "*", "axis": "cell_source"})
    decided = decided.assign(value="ZED", reason="r", decided_by="me", date=AS_OF)
    decided.to_csv(tmp_path / "decided.csv", index=False)
    data = tk.load(
        sorted(tk.example_path().glob("*.json"))[:12],
        vocabularies=own,
        overrides=tmp_path / "decided.csv",
    )
    lists = Filters(State(data, AS_OF)).lists
    assert ("Zed tissue (2)", "ZED") in lists["cell_source"].options
    assert "Zed tissue" in tk.similar(data, "NCT01220492")["shared"].iloc[0]


def test_a_report_of_a_selection_has_the_users_own_terms_and_corrections(
    tmp_path, monkeypatch
):
    arms = [{"label": f"MSC {number}"} for number in (1, 2)]
    record, own = tmp_path / "all.json", tmp_path / "route.csv"
    studies = [
        {
            "protocolSection": {
                "identificationModule": {"nctId": name, "briefTitle": "MSC by Zed"},
                "armsInterventionsModule": {"armGroups": arms},
            }
        }
        for name in ("NCT09990001", "NCT09990002")
    ]
    record.write_text(json.dumps(studies))
    own.write_text("id,label,parent,phrases\nZED,By Zed,IV,=Zed\nIV,x,,a zed\n")
    decided = tmp_path / "decided.csv"
    decided.write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date,relation\n"
        "NCT09990001,A1,route,ZED; PV,=read it,me,2026-06-30,sequence\n"
        "NCT09990002,*,donor,ALLO,read it,me,2026-06-30,\n"
    )
    data = tk.load(record, vocabularies=own, overrides=decided)
    assert set(data.trials["routes"]) == {"ZED", "ZED; PV"}
    state, out = State(data, AS_OF), tmp_path / "out"
    state.select(data.select(ids=["NCT09990001"]))
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{tmp_path}/told'\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    Export(state, out).make.click()
    told = (tmp_path / "told").read_text().splitlines()
    paths = {
        name: told[told.index(f"--{name}") + 1]
        for name in ("records", "vocabulary", "overrides")
    }
    again = tk.load(
        paths["records"],
        vocabularies=paths["vocabulary"],
        overrides=paths["overrides"],
    )
    kept = [name for name in again.labels if name != "rule_id"]
    assert again.labels[kept].equals(state.selection.labels[kept])
    assert again.terms.equals(data.terms)
    assert again.overrides["reason"].tolist() == ["=read it"]
    assert again.trials["route_relation"].tolist() == ["mixed"]
