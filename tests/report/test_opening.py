"""How reports begin and end: records and title, half a page and notice."""

import json
import re
from functools import cache

import pytest

import trialkit as tk
from tests.examples import example_trials
from tests.trials_by_hand import AS_OF, empty, made, seeds
from trialkit import prose
from trialkit.errors import ParameterError, TrialDataError
from trialkit.read import records_file
from trialkit.record import Identifier, Record
from trialkit.report import opening as parts
from trialkit.tidy.load import load_filled
from trialkit.workspace import notebooks_dir

pytestmark = pytest.mark.slow


examples = cache(lambda: load_filled(tk.example_path()))


def loaded(paths, **files):
    """Do what `load_filled` does, and read the example records once for all tests."""
    is_own = paths != tk.example_path() or any(files.values())
    return load_filled(paths, **files) if is_own else examples()


@pytest.fixture
def shown(monkeypatch):
    """The facts and the Markdown of everything that was displayed."""
    calls = []
    monkeypatch.setattr(parts, "load_filled", loaded)
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, *, raw, metadata: calls.append(
            (metadata["trialkit"], data.get("text/markdown", ""))
        ),
    )
    return calls


def text_of(shown):
    return "\n".join(text for _, text in shown)


def test_a_report_opens_with_the_examples_where_no_records_are_named(shown):
    trials, cutoff = parts.open_report()
    assert len(trials) > 20
    assert cutoff == prose.newest_date(trials)
    (facts, _) = shown[0]
    assert facts["front"]["title"] == "Cell therapy"
    assert facts["front"]["kicker"] == "Registered-trial landscape"
    assert facts["front"]["subtitle"] == (
        "What 38 registered trials say about routes, cells, participants and time, and "
        "what they leave out"
    )


def test_a_topic_stands_in_the_title(shown):
    parts.open_report(condition="liver failure", topic="Timelines", as_of=AS_OF)
    assert shown[0][0]["front"]["title"] == "Timelines: cell therapy, liver failure"
    assert shown[0][0]["front"]["subtitle"] == (
        "What 16 registered trials say about timelines, and what they leave out"
    )


def test_a_supplement_says_so_in_its_title(shown):
    parts.open_report(topic="Supplement", contents=True, as_of=AS_OF)
    front = shown[0][0]["front"]
    assert front["title"] == "Supplement: cell therapy"
    assert front["subtitle"].startswith("38 registered trials: what the landscape")
    assert front["contents"]


def test_example_records_are_told_from_a_registers_words_on_the_first_page(shown):
    parts.open_report(as_of=AS_OF)
    assert shown[0][0]["front"]["notice"] == (
        f"{prose.NOTICE} Example records, 40 of 40 documents: facts as in the source, "
        "sentences rewritten."
    )


def test_a_title_of_ones_own_replaces_the_topic(shown):
    parts.open_report(title="Mine", topic="Timelines", as_of=AS_OF)
    front = shown[0][0]["front"]
    assert (front["title"], front["kicker"]) == ("Mine", "Timelines")


def test_the_cutoff_is_that_of_all_records_read_not_of_those_chosen(shown):
    every = parts.open_report().cutoff
    chosen = parts.open_report(condition="Urea Cycle")
    assert 0 < len(chosen.trials) < 5
    assert prose.newest_date(chosen.trials) < every == chosen.cutoff


def test_a_condition_that_no_record_names_is_told_with_those_it_names(shown):
    with pytest.raises(
        ParameterError, match=r"matches condition: no such disease.*; .* are: .*\("
    ):
        parts.open_report(condition="no such disease")
    assert not shown


NOTHING = [
    ({"query": "zebra"}, "of 40 trials read none matches query: zebra; without"),
    (
        {"ids": ["NCT99999999"]},
        "none matches ids .not among the trials: NCT99999999.; without",
    ),
    (
        {"sponsor": "zebra"},
        "none matches sponsor: zebra .1 does not state it.; without",
    ),
    ({"enrollment": ">1000000"}, ">1000000; without the parameter enrollment"),
    ({"country": ["Chad"]}, "of 40 trials read none matches country: Chad"),
    (
        {"condition": "Urea Cycle", "route": ["hepatic artery"]},
        r"matches route: Intra-arterial, hepatic artery; of all 40 read \d do; w",
    ),
    ({"condition": "ACLF", "start": ">2100"}, r"of \d+ trials found before none"),
    ({"phase": ["PHASE1"], "start": ">2100"}, r"of \d+ trials found before none"),
]


@pytest.mark.parametrize(("filters", "told"), NOTHING, ids=str)
def test_every_filter_that_leaves_nothing_is_an_error(shown, filters, told):
    with pytest.raises(ParameterError, match=told):
        parts.open_report(**filters)
    assert not shown
    assert len(examples()[0].select(**filters)) == 0


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("1990-01-01", ["1990-01-01, lies before any date of the sources"]),
        ("2025-12-30", ["lies before the newest date of the sources.* 2025-12-31;"]),
        ("2025-12-31", []),
        ("2026-06-30", []),
        ("2027-01-01", []),
        ("2027-01-02", ["lies 367 days after the newest date of the.* 2025-12-31, "]),
        ("2125-12-31", ["lies 36,524 days after the .*; -p as_of=2025-12-31 is"]),
        ("", []),
    ],
)
def test_a_cutoff_before_or_long_after_the_data_is_told(shown, as_of, told):
    parts.open_report(as_of=as_of)
    warnings = shown[0][0]["front"].get("warnings", [])
    assert len(warnings) == len(told)
    assert all(map(re.search, told, warnings))


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("Study Status", "none states a title or what is given"),
        ("Study Title", "none gives living cells"),
    ],
)
def test_trials_without_a_word_are_not_called_trials_without_cells(
    shown, tmp_path, columns, told
):
    path = tmp_path / "few.csv"
    path.write_text(f"NCT Number,{columns}\nNCT00000001,Completed\n")
    parts.open_report([path], as_of="2026-06-30")
    (warning,) = shown[0][0]["front"]["warnings"]
    assert f"Of 1 trial read {told}" in warning
    assert warning.endswith("keeps them." if "cells" in told else "=false.")


@pytest.mark.parametrize(
    ("start", "updated", "n_told"),
    [("2023-01-01", "2024-01-02", 0), ("2025-05-01", "2024-01-02", 1)],
)
def test_a_cutoff_before_trials_that_have_begun_is_told(
    shown, tmp_path, start, updated, n_told
):
    study = {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "Stem cells"},
        "statusModule": {
            "lastUpdateSubmitDate": updated,
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": start},
        },
    }
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"protocolSection": study}))
    parts.open_report([path], cell_trials_only=False)
    warnings = shown[0][0]["front"].get("warnings", [])
    assert [("may be too early" in told) for told in warnings] == [True] * n_told


def test_a_cutoff_of_few_dated_records_is_told(shown, tmp_path):
    for i in range(1, 4):
        status = {"lastUpdateSubmitDate": "2024-01-02"} if i == 1 else {}
        study = {
            "identificationModule": {"nctId": f"NCT0000000{i}", "briefTitle": "Cells"},
            "statusModule": status,
        }
        text = json.dumps({"protocolSection": study})
        (tmp_path / f"{i}.json").write_text(text)
    parts.open_report([tmp_path], cell_trials_only=False)
    (told,) = shown[0][0]["front"]["warnings"]
    assert "2 of 3 trials state no last update" in told
    parts.open_report([tmp_path], cell_trials_only=False, as_of="2024-06-30")
    assert "warnings" not in shown[-1][0].get("front", {})


def test_files_that_are_set_aside_are_told_on_the_cover(shown, tmp_path, drug_trial):
    drug_trial.with_name("odd.txt").write_text("no trial at all")
    parts.open_report([tmp_path], cell_trials_only=False)
    assert shown[0][0]["front"]["facts"]["Set aside"] == "1 file or record"


@pytest.fixture
def drug_trial(tmp_path):
    """A file with one trial, of a drug."""
    section = {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "Aspirin"},
        "statusModule": {"lastUpdateSubmitDate": "2024-01-02"},
        "armsInterventionsModule": {
            "interventions": [{"type": "DRUG", "name": "Aspirin tablets"}]
        },
    }
    path = tmp_path / "drug.json"
    path.write_text(json.dumps({"protocolSection": section}))
    return path


def test_where_no_trial_gives_cells_it_is_told_with_the_way_out(shown, drug_trial):
    trials, _ = parts.open_report([drug_trial])
    assert len(trials) == 0
    (told,) = shown[0][0]["front"]["warnings"]
    assert told.startswith("Of 1 trial read none gives living cells")
    assert "-p cell_trials_only=false" in told
    assert "callout-warning" in text_of(shown)


def test_a_topic_on_cells_says_that_trials_without_them_show_nothing(shown, drug_trial):
    topic = "Cell types and sources"
    parts.open_report([drug_trial], cell_trials_only=False, topic=topic)
    (told,) = shown[0][0]["front"]["warnings"]
    assert told == (
        "None of these trials gives living cells, so there is nothing to show on cell "
        "types and sources."
    )
    for name in ("Cell types and sources", "Routes of administration"):
        notebooks = [p.read_text("utf-8") for p in notebooks_dir().glob("*.ipynb")]
        assert any(name in text for text in notebooks)


def test_trials_without_cells_are_not_called_cell_therapy(shown, drug_trial):
    trials, _ = parts.open_report([drug_trial], cell_trials_only=False)
    front = shown[0][0]["front"]
    assert front["title"] == "Clinical trials"
    assert front["subtitle"] == (
        "What 1 registered trial says about conditions, participants, time and place, "
        "and what it leaves out"
    )
    assert "ell" not in front["subtitle"] + " ".join(front["keywords"])
    assert "warnings" not in front
    scope = prose.scope(trials)
    assert "**Intervention:** any; routes of administration are not assessed." in scope
    assert "cell" not in scope
    assert "Out of scope" not in scope


def test_some_cell_trials_among_others_are_counted_in_the_scope():
    data = example_trials()
    n = int(data.trials.is_cell_trial.sum())
    assert f"any; {n} of the {len(data)} trials give products" in prose.scope(data)


def test_an_abbreviation_in_a_title_keeps_its_capitals(shown):
    parts.open_report(condition="acute-on-chronic liver failure OR ACLF", as_of=AS_OF)
    front = shown[0][0]["front"]
    assert front["title"] == "Cell therapy"
    assert front["facts"]["Search"] == "acute-on-chronic liver failure OR ACLF"
    parts.open_report(condition="ACLF", as_of=AS_OF)
    assert shown[-1][0]["front"]["title"] == "Cell therapy: ACLF"


def test_conditions_that_differ_by_case_are_told_once():
    rows = ["Liver Failure", "liver failure", "Ascites"]
    data = made(
        trials=[{"trial_id": f"NCT{n}"} for n in range(3)],
        conditions=[
            {"trial_id": f"NCT{n}", "condition": name} for n, name in enumerate(rows)
        ],
    )
    found = data.select(condition="zebra")
    told = parts._found_nothing(data, found, "condition", data, 0)
    assert re.search(
        r"their conditions are: liver failure \(2\), Ascites \(1\)$", told, re.I
    )


def test_a_query_chooses_and_one_that_finds_nothing_tells_of_its_parts(shown):
    every = parts.open_report(as_of=AS_OF)
    chosen = parts.open_report(query="PBC OR PSC", as_of=AS_OF)
    assert 0 < len(chosen.trials) < len(every.trials)
    assert chosen.trials.trials.why_included.notna().all()
    assert shown[-1][0]["front"]["facts"]["Search"] == "PBC OR PSC"
    with pytest.raises(ParameterError, match=r"each alone: zebra 0, liver 40"):
        parts.open_report(query="zebra liver")
    with pytest.raises(
        ParameterError, match=r"found before none matches condition: HBV"
    ):
        parts.open_report(query="PBC", condition="HBV")


def test_a_search_looks_into_every_record_of_a_trial(shown, tmp_path):
    both = [
        Record(
            trial_id="NCT00000001",
            registry="ClinicalTrials.gov",
            brief_title="Cells",
            last_updated_date="2024-01-02",
            conditions=("Ascites",),
        ),
        Record(
            trial_id="ChiCTR2000000001",
            registry="ChiCTR",
            brief_title="Cells",
            conditions=("Liver cirrhosis",),
            identifiers=(Identifier(id="NCT00000001", id_type="secondary_id"),),
        ),
    ]
    path = tmp_path / "both.ndjson"
    path.write_bytes(b"".join(records_file.encode(both, [])))
    assert set(tk.load(path).trials.counted_as) == {"NCT00000001"}
    trials, _ = parts.open_report([path], condition="cirrhosis", cell_trials_only=False)
    assert trials.trials.trial_id.tolist() == ["ChiCTR2000000001"]


def test_synonyms_of_a_user_count_in_a_report(shown, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("term,synonym\nhoof,PBC\n", encoding="utf-8")
    trials, _ = parts.open_report(condition="hoof", synonyms=[path], as_of=AS_OF)
    assert len(trials) > 0


def test_a_path_that_is_not_there_is_told(shown, tmp_path):
    with pytest.raises(TrialDataError, match="no such file"):
        parts.open_report([tmp_path / "nowhere"])


def test_a_cutoff_that_is_no_day_is_told(shown):
    with pytest.raises(ParameterError, match="June"):
        parts.open_report(as_of="June")


def test_a_report_ends_with_how_it_was_made_and_the_notice(shown):
    parts.close_report(seeds(), as_of=AS_OF)
    words = ("How this was made", "**Counting.**", "**Limits.**", "supplement.html")
    text = text_of(shown)
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert text.rstrip().endswith(prose.NOTICE)
    assert len(text.split()) < 350
    lengths = [len(text) for facts, text in shown if facts.get("classes") == ["half"]]
    assert len(lengths) == 2
    assert max(lengths) < 1.7 * min(lengths)


def test_an_end_as_version_0_1_asked_for_it_is_still_one(shown):
    parts.close_report(seeds(), as_of=AS_OF, axes=["route"], include_cards=True)
    before = text_of(shown)
    shown.clear()
    parts.close_report(seeds(), as_of=AS_OF)
    assert text_of(shown) == before


def test_a_report_of_no_trial_closes_too(shown):
    parts.close_report(empty(), as_of=AS_OF)
    assert prose.NOTICE in text_of(shown)


def test_a_report_is_of_the_trials_that_pass_all_filters(shown):
    chosen = parts.open_report(
        phase=["Phase 1", "Phase 1/2"],
        start=">=2012",
        has_results=None,
        donor="",
        ids=[],
    ).trials
    every = example_trials().counted()
    wanted = every.select(phase=["PHASE1", "PHASE1/PHASE2"], start=">=2012")
    wanted = wanted.select(cell_trials=True)
    assert set(chosen.trials["trial_id"]) == set(wanted.trials["trial_id"])
    methods = prose.methods(chosen, as_of=AS_OF, software={}, level=2)
    told = "“phase: Phase 1 or Phase 1/2” left 27 trials of 40"
    assert told in methods.replace("\\", "")


def test_a_filter_that_there_is_not_is_told(shown):
    with pytest.raises(ParameterError, match=r"no filter rout; did you mean route\?"):
        parts.open_report(rout="IV")
