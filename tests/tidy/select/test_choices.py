"""What the words given to a filter take: every spelling, and what is in no level."""

import pytest

import trialkit as tk
from tests.examples import example_cell_trials
from tests.trials_by_hand import made, trial
from trialkit.codewords import short_word
from trialkit.errors import ParameterError
from trialkit.files import data_rows
from trialkit.tidy.select.choices import code_choice, country_choice
from trialkit.tidy.select.filters import asked, values_meant

WORDS = ["Not Recruiting", "Not recruiting", "RECRUITING", None]


def chosen_ids(data, **filters):
    return data.select(**filters).trials["trial_id"].tolist()


def test_a_register_s_own_words_are_taken_in_every_spelling_of_theirs():
    trials = [
        {"trial_id": f"NCT0000000{n}", "overall_status": word}
        for n, word in enumerate(WORDS)
    ]
    data = made(trials=trials)
    both = ["NCT00000000", "NCT00000001"]
    assert chosen_ids(data, status="not recruiting") == both
    assert chosen_ids(data, status="Not Recruiting") == both


def test_a_country_no_one_knows_is_taken_in_every_spelling_of_it():
    trials = [
        {"trial_id": "NCT00000001", "countries": "Old Ruritania"},
        {"trial_id": "NCT00000002", "countries": "OLD RURITANIA; France"},
    ]
    both = ["NCT00000001", "NCT00000002"]
    assert chosen_ids(made(trials=trials), country="Old Ruritania") == both


def test_other_wording_takes_what_a_figure_counts_under_it():
    trials = [
        {"trial_id": f"NCT0000000{n}", "overall_status": word}
        for n, word in enumerate(WORDS)
    ]
    data = made(trials=trials)
    counts = tk.count(data, by="overall_status").set_index("overall_status")["n"]
    assert counts["Other wording"] == 2
    assert len(data.select(status="other wording")) == 2


def test_not_stated_leaves_out_a_trial_that_states_a_route_beside_a_vague_one():
    labels = [
        {"trial_id": trial, "arm_id": "A1", "axis": "route", "value": value}
        for trial, value in [
            ("NCT00000001", "PARENTERAL"),
            ("NCT00000002", "PARENTERAL"),
            ("NCT00000002", "IM"),
        ]
    ]
    trials = [{"trial_id": f"NCT0000000{n}"} for n in (1, 2)]
    data = made(trials=trials, labels=labels)
    assert chosen_ids(data, route="Not stated") == ["NCT00000001"]
    assert chosen_ids(data, route=["Not stated", "IM"]) == [
        "NCT00000001",
        "NCT00000002",
    ]
    assert chosen_ids(data, route="PARENTERAL") == ["NCT00000001", "NCT00000002"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("phase I", {"PHASE1"}),
        ("any phase 1", {"EARLY_PHASE1", "PHASE1", "PHASE1/PHASE2"}),
    ],
)
def test_a_phase_is_exact_unless_any_is_asked_for(text, codes):
    assert code_choice("phase", text, ()).members == codes


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("phase", "Phase 1,Phase 2", ["Phase 1", "Phase 2"]),
        ("phase", "PHASE1 | PHASE2", ["PHASE1", "PHASE2"]),
        ("phase", "Phase 1 or 2", ["Phase 1", "2"]),
        ("status", "Active, not recruiting; Completed", None),
        ("status", "recruiting,completed", ["recruiting", "completed"]),
        ("country", "China; Japan", ["China", "Japan"]),
        ("route", "hepatic artery and IV", ["hepatic artery", "IV"]),
    ],
)
def test_values_side_by_side_are_never_taken_for_one(name, text, parts):
    with pytest.raises(ParameterError, match=f"^{name} has no ") as told:
        example_cell_trials().select(**{name: text})
    is_list = f"several values are a list, {parts!r}; in a command -p {name}="
    assert (is_list in str(told.value)) == (parts is not None)


@pytest.mark.parametrize("text", ["Phase 1/2", "Phase I/II", "I-II", "PHASE1/PHASE2"])
def test_a_phase_of_two_numbers_is_one(text):
    assert code_choice("phase", text, ()).members == {"PHASE1/PHASE2"}


def test_a_country_is_found_however_records_spell_it():
    choice = country_choice("Viet Nam", ["Vietnam", "Lao PDR"])
    assert (choice.shown, choice.members) == ("Vietnam", {"Vietnam"})


def test_filters_that_are_left_empty_are_not_asked_for():
    values = {"phase": [], "start": ">=2015", "has_results": False, "title": "T"}
    assert asked(values) == {"start": ">=2015", "has_results": False}


def test_the_few_words_that_a_report_prints_are_taken():
    data = example_cell_trials().counted()
    n_told = 0
    for name, column in (("route", "route_group"), ("cell_source", "cell_source")):
        counts = tk.count(data, by=column)
        for words, n in counts[[column, "n"]].itertuples(index=False):
            if n and words != "Not stated":
                short = short_word(words, column)
                found = chosen_ids(data, **{name: short})
                assert found == chosen_ids(data, **{name: words})
                assert len(found) >= n
                n_told += short != words
    assert n_told >= 4
    rows = data_rows("wording/short_words.csv")
    for row in rows:
        name = {"route_group": "route", "route_family": "route"}.get(row["column"])
        name = name or {"overall_status": "status"}.get(row["column"], row["column"])
        if name in ("route", "cell_source", "cell_type", "status"):
            assert values_meant(data, name, row["short"]), row


def test_a_status_in_two_spellings_is_one_in_the_list_of_trials():
    rows = [trial(i, overall_status=word) for i, word in enumerate(WORDS, 1)]
    shown = tk.summarize.trial_lines(made(trials=rows))["status"].dropna()
    assert len(set(shown.str.casefold())) == len(set(shown))
