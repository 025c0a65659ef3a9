"""Sentences: a count with its N, no advice, no judgement, no share of a few trials."""

import re
from functools import cache

import pytest

from tests.trials_by_hand import AS_OF, empty, made, many, seeds
from trialkit import prose, summarize, tables
from trialkit.figures import FIGURES

pytestmark = pytest.mark.slow

#: Words that a report of registrations must not use (LANDSCAPE A2 and A4).
FORBIDDEN = re.compile(
    r"\b(effective\w*|safe|safely|promising|superior\w*|improv\w+|works|best|should|"
    r"recommend\w*|success\w*|failed|fails|failure rate|efficac\w+|outperform\w*|"
    r"cure[sd]?|better|worse|significant\w*|p-value\w*|dominat\w+)\b",
    re.I,
)


DATA = {0: empty, 4: seeds, 19: lambda: many(19), 25: lambda: many(25)}


@cache
def everything(n):
    """Return all text that summaries, tables, cards and prose make of `n` trials."""
    data = DATA[n]()
    made_tables = [make(data, as_of=AS_OF) for make in tables.TABLES.values()]
    return "\n".join(
        [
            prose.NOTICE,
            prose.at_a_glance(data, as_of=AS_OF),
            prose.scope(data, condition="liver"),
            prose.route_box(),
            prose.methods(data, as_of=AS_OF),
            prose.limits(data, as_of=AS_OF),
            prose.where(data),
            prose.attribution(),
            tables.cards(data, as_of=AS_OF),
            *(table.caption for table in made_tables),
            *(table.markdown() for table in made_tables),
            *(figure.too_few(0) for figure in FIGURES.values()),
        ]
    )


@pytest.mark.parametrize("n", [0, 4, 25])
def test_no_text_judges_ranks_or_advises(n):
    assert not FORBIDDEN.findall(everything(n))


@pytest.mark.parametrize("n", [0, 4, 19])
def test_no_percentage_below_20_trials(n):
    assert not re.findall(r"\d\s?%(?! intervals)", everything(n))


@pytest.mark.parametrize("make", [prose.at_a_glance, prose.limits, prose.methods])
def test_sentences_count_the_trials_that_tables_count(make):
    row = {"enrollment": 10, "countries": "Japan", "study_type": "INTERVENTIONAL"}
    other = row | {"study_type": "EXPANDED_ACCESS"}
    data = made(trials=[{"trial_id": "NCT1", **row}, {"trial_id": "NCT2", **other}])
    assert make(data, as_of=AS_OF) == make(data.counted(), as_of=AS_OF)
    assert prose.where(data) == "The trial has its sites in one country (Japan)."


def test_percentages_from_20_trials_on():
    text = prose.at_a_glance(DATA[25](), as_of=AS_OF)
    assert "The cell source is stated by 19 of 25 (76\u00a0%) trials" in text


def test_nobody_is_named_as_a_contact():
    assert "@" not in everything(4)


def test_the_summary_of_the_seeds():
    assert prose.at_a_glance(seeds(), as_of=AS_OF) == (
        "At the data cut-off, 2026-06-30, this report holds 4 registered trials with 4 "
        "stated arms; 1 trial names no arm and is counted with one. Participant "
        "numbers are stated by 4 of 4 trials (4 of a type that is not stated); "
        "they are 10, 12, 12 and 32, in total 66. By route the trials are: "
        "Vein 1; Hepatic artery 1; Muscle 1; "
        "Outside the body 2 (N = 4, a trial with several routes counted in each). "
        "The cell source is stated by 3 of 4 trials, the donor relation by 0 of 4. "
        "A start date is stated by 3 of 4 trials; the first is 2024-04-23, the last "
        "2025-12-01. All 4 trials have their sites in one country (China)."
    )


def test_the_cover_names_registers_where_there_are_trials():
    assert "Registers" not in prose.cover(empty(), as_of=AS_OF)["facts"]
    facts = prose.cover(seeds(), as_of=AS_OF)["facts"]
    assert facts["Registers"] == "ClinicalTrials.gov"


def test_the_summary_of_no_trials():
    assert prose.at_a_glance(empty(), as_of=AS_OF) == (
        "No trial is in this report (data cut-off 2026-06-30)."
    )


@pytest.mark.parametrize(
    ("countries", "text"),
    [
        (["China"], "The trial has its sites in one country (China)."),
        ([None], "None of the 1 trial states a country."),
        (
            ["China; Japan", "China", None],
            "The trials have sites in 2 countries: China 2 and Japan 1; 1 of 3 "
            "state no country.",
        ),
    ],
)
def test_countries_are_one_sentence(countries, text):
    trials = [
        {"trial_id": f"NCT{i}", "countries": value} for i, value in enumerate(countries)
    ]
    assert prose.where(made(trials=trials)) == text


def test_methods_have_their_sub_headings_in_order():
    text = prose.methods(seeds(), as_of=AS_OF, software={"trialkit": "1.2"})
    assert re.findall(r"^### (.+)$", text, re.M) == [
        "Sources and search",
        "Cut-off",
        "Eligibility of records",
        "De-duplication",
        "Parsing",
        "Labeling",
        "Conflict policy",
        "Missing data",
        "Statistics",
        "Software",
        "Deviations",
    ]
    assert "3 from a mirror and 2 from a lay page" in text
    assert "(mirror 3; lay page 2)" in prose.limits(seeds(), as_of=AS_OF)
    assert "1 record was merged" in text
    assert "trialkit 1.2." in text


def test_methods_print_query_deviations_and_filters():
    selection = {
        "step": 1,
        "filter": "cell trials only",
        "n_before": 9,
        "n_kept": 4,
        "n_removed": 3,
        "n_missing": 2,
    }
    text = prose.methods(
        made(selection=[selection]), as_of=AS_OF, query="MSC*", deviations="none_yet"
    )
    assert "The search behind them, as who made the report tells it: MSC\\*." in text
    assert "none\\_yet" in text
    assert "“cell trials only” left 4 trials of 9 (2 do not state it)" in text


def test_limits_name_the_commonest_country_and_the_small_number():
    text = prose.limits(seeds(), as_of=AS_OF)
    assert "4 of 4 trials have a site in the commonest country (China)" in text
    assert "N = 4" in text
    assert "1 of 4 trial records may be out of date" in text
    assert text.count("\n- ") == 9


def test_record_text_in_a_sentence_is_escaped():
    data = made(trials=[{"trial_id": "NCT1", "countries": "*China*"}])
    assert "\\*China\\*" in prose.where(data)
    assert "\\<b\\>" in prose.scope(data, condition="<b>")


def test_one_trial_is_told_in_the_singular():
    trial = {"trial_id": "NCT1", "enrollment": 12}
    data = made(trials=[{**trial, "countries": "Japan"}])
    text = prose.at_a_glance(data, as_of=AS_OF)
    assert "The number of participants is stated by 1 of 1 trial (1 of a " in text
    assert "; it is 12. " in text
    assert "1 of 1 trial has a site" in prose.limits(data, as_of=AS_OF)


def test_quartiles_of_a_few_numbers_are_no_key_fact():
    data = made(trials=[{"trial_id": f"NCT{n}", "enrollment": n} for n in (3, 9)])
    facts = summarize.key_facts(data, as_of=AS_OF).set_index("label")["value"]
    assert facts["Median enrollment"] == "6 (range 3 to 9)"
