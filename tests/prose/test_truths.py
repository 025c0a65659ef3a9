"""Sentences say what the records tell: what is not stated is no "none"."""

import re

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from tests.examples import example_cell_trials, example_trials
from tests.prose.english import WRONG
from tests.trials_by_hand import AS_OF, made, trial
from trialkit import figures, load, summarize, tables
from trialkit.brand import color
from trialkit.prose import findings


def frame_of(rows, columns, **attrs):
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs = attrs
    return frame


@pytest.mark.parametrize(
    ("n_of", "title"),
    [
        ({"Other wording": 9, "Phase 1": 2}, "2 of 11 trials are in phase 1"),
        ({"Other wording": 2}, "Both trials have a phase in words that fit no level"),
        (
            {"Other wording": 1, "Not stated": 3},
            "1 of 4 trials has a phase in words that fit no level",
        ),
        ({"Not stated": 4}, "All 4 trials leave out the phase"),
    ],
)
def test_words_that_fit_no_level_are_never_the_finding(n_of, title):
    n = sum(n_of.values())
    frame = frame_of(n_of.items(), ["phase_group", "n"], n_trials=n)
    found = findings.finding("phases", frame)
    assert found.title == title
    assert "Other wording" not in str([found.title, found.heading, found.told])


def test_words_that_fit_no_level_lead_no_pair():
    rows = [("Vein", "Other wording", 9), ("Vein", "Phase 1", 1)]
    columns = ["route_group", "phase_group", "n"]
    frame = frame_of(rows, columns, n_trials=10, n_usable=10)
    found = findings.finding("phase_by_route", frame)
    assert found.title == "1 of the 10 trials into a vein is in phase 1"
    frame = frame_of(rows[:1], columns, n_trials=9, n_usable=9)
    assert "Other wording" not in findings.finding("phase_by_route", frame).title


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("One group", 1), ("Not stated", 2)], "1 of 3 trials states an allocation"),
        ([("One group", 3), ("Not stated", 9)], "3 of 12 trials state an allocation"),
        ([("One group", 3)], "None of the 3 trials is randomized"),
    ],
)
def test_none_is_randomized_of_those_that_state_it(rows, title):
    rows = [(allocation, "Open", n) for allocation, n in rows]
    n = sum(row[-1] for row in rows)
    frame = frame_of(rows, ["allocation", "masking", "n"], n_trials=n)
    found = findings.finding("design", frame)
    assert found.title.startswith(title)
    assert not found.clause


@pytest.mark.parametrize(
    ("allocations", "end"),
    [
        (["RANDOMIZED"], ", and is randomized."),
        (["NA"], ", and is not randomized."),
        ([None], ", and states no allocation."),
        (["RANDOMIZED"] * 2, "; all of these are randomized."),
        (["RANDOMIZED", None, "NA"], "; **1** of these is randomized."),
        (["NA", "NA"], "; none of these is randomized."),
        (["NA", None, None], "; **1** of these states an allocation, and it is not"),
        ([None, None], "; none of these states an allocation."),
    ],
)
def test_comparisons_tell_who_states_an_allocation(allocations, end):
    frame = frame_of({"allocation": allocations}, ["allocation"], n_total=9, n_trials=9)
    told = findings.finding("route_comparisons", frame).told["compare"]
    assert end in told


@pytest.mark.parametrize(
    ("starts", "title"),
    [
        ([None, None], "Both trials state no start"),
        (["2099", "2099-05"], "Both trials are to start after the cut-off"),
        (["2099", None, None], "None of the 3 trials states a start by the cut-off"),
        (["2020-01"], "The one trial states a start in 2020"),
        (["2019", "2020"], "No year saw more than one of the 2 starts"),
    ],
)
def test_a_start_that_is_not_stated_is_not_one_that_comes_later(starts, title):
    rows = [trial(i, start_date=day) for i, day in enumerate(starts, 1)]
    data = made(trials=rows)
    assert findings.finding_of("phase_by_year", data, as_of=AS_OF).title == title


def test_a_level_ends_only_where_no_trial_is_to_start():
    rows = [(2010, "A", 5), (2011, "A", 0), (2010, "B", 0), (2011, "B", 6)]
    columns = ["year", "cell_source", "n"]
    attrs = {"n_usable": 11, "n_undated": 0}
    frame = frame_of(rows, columns, n_trials=11, n_planned=0, **attrs)
    assert "ends" in findings.finding("source_by_year", frame).told
    frame.attrs |= {"n_trials": 12, "n_planned": 1}
    assert "ends" not in findings.finding("source_by_year", frame).told


@pytest.mark.parametrize(
    ("start", "told"), [("2020", "states a start in"), ("2099", "is to start in")]
)
def test_the_largest_trial_starts_or_is_to_start(start, told):
    rows = [trial(1, start_date=start, enrollment=90)]
    rows.append(trial(2, start_date="2019", enrollment=5))
    found = findings.finding_of("condition_starts", made(trials=rows), as_of=AS_OF)
    assert found.title == f"The largest trial, of 90 participants, {told} {start}"


@pytest.mark.parametrize(
    ("leads", "title"),
    [
        (True, "21 trials on gout start in 2019, the most of any condition and year"),
        (False, "All 61 trials state a start, from 2018 to 2019"),
    ],
)
def test_of_many_trials_the_busiest_year_of_a_condition_is_told(leads, title):
    pairs = [("Gout", 2019)] * 20 + [("Burns", 2018)] * 20
    pairs += [("Other conditions", 2018)] * 20
    pairs += [("Gout", 2019) if leads else ("Not stated", 2019)]
    rows = [
        (f"NCT{n:08d}", name, pd.Timestamp(year, 1, 1), 9)
        for n, (name, year) in enumerate(pairs)
    ]
    columns = ["trial_id", "condition", "start_earliest", "enrollment"]
    frame = frame_of(rows, columns, n_trials=61, n_usable=61, as_of=AS_OF)
    found = findings.finding("condition_starts", frame)
    assert found.title == title


def test_a_date_that_is_reached_is_no_planned_one():
    past = {"overall_status": "ACTIVE_NOT_RECRUITING"}
    first = {"primary_completion_date": "2020-01", "completion_date": "2099"}
    rows = [
        trial(1, **past, **first, primary_completion_date_type="ACTUAL"),
        trial(2, **past, **first, primary_completion_date_type="ESTIMATED"),
        trial(3, **past, **first),
    ]
    data = made(trials=rows)
    frame = summarize.overdue(data, as_of=AS_OF).set_index("trial_id").sort_index()
    assert frame["is_overdue"].tolist() == [False, True, True]
    assert frame["is_primary"].tolist() == [False, True, True]
    for name in ("overdue", "timeline"):
        told = findings.finding_of(name, data, as_of=AS_OF).told["overdue"]
        assert told.startswith("**2 of 3** open trials are past the planned")
        assert told.endswith("; **1** of these dates is of a type not stated.")
    note = figures.overdue.note(summarize.overdue(data, as_of=AS_OF))
    assert note == "1 date in the past is of a type not stated."


def test_results_are_due_by_actual_and_planned_dates():
    day = {"primary_completion_date": "2020-01", "has_results": False}
    kinds = ("ACTUAL", "ESTIMATED", "ESTIMATED", None)
    rows = [
        trial(i, **day, primary_completion_date_type=kind)
        for i, kind in enumerate(kinds, 1)
    ]
    frame = summarize.results_reporting(made(trials=rows), as_of=AS_OF)
    assert figures.results_reporting.note(frame) == (
        "Due, not posted: 1 by an actual date, 2 by a planned one and 1 by one of a "
        "type not stated."
    )
    assert findings.finding("results_reporting", frame).told["due"] == (
        "**4** trials have a primary completion or completion a year or more back "
        "(**1** actual, **2** planned and **1** of a type not stated): none has "
        "results."
    )


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        (
            "condition_by_route",
            ["Condition", "Kind of route", "Trials", "Trials in all"],
        ),
        ("cumulative_enrollment", ["Trial", "Route", "Start date", "Enrollment"]),
        ("durations", ["Trial", "Routes", "Days", "Months"]),
    ],
)
def test_small_tables_have_one_header_a_column_and_no_made_up_day(name, headers):
    rows = [
        trial(
            i,
            start_date="2020-02",
            completion_date="2021-03",
            enrollment=5,
        )
        for i in (1, 2)
    ]
    figure = figures.FIGURES[name]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    frame = figure.frame_of(made(trials=rows, arms=arms), as_of=AS_OF)
    if name == "condition_by_route":
        columns = ["condition", "route_family", "n", "n_trials", "participants"]
        pairs = [("Gout", "Vein", 2, 2, 5), ("Gout", "Other", 0, 2, 5)]
        frame = frame_of(pairs, columns, n_trials=2, n_usable=2)
    table = tables.small_table(frame, label=figure.label)
    assert table is not None
    shown = [column.header for column in table.columns]
    assert shown[: len(headers)] == headers
    assert len(set(shown)) == len(shown)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", str(table.rows))
    if name == "condition_by_route":
        assert len(table.rows) == 1


def one_or_two():
    """Yield sets of one and two example trials."""
    data = example_cell_trials()
    ids = data.trials["trial_id"].tolist()
    for some in (*([key] for key in ids[::19]), *(ids[i : i + 2] for i in (0,))):
        yield data.select(ids=some).counted()


@pytest.mark.slow
def test_sentences_of_one_and_two_trials_are_english():
    names = set(findings._KINDS) - {"conditions", "route_family", "record_flow"}
    for data in one_or_two():
        told = [
            text
            for name in names
            for found in [findings.finding_of(name, data, as_of=AS_OF)]
            for text in (found.title, found.heading, *found.told.values())
        ]
        for figure in figures.FIGURES.values():
            if "earlier" not in figure.needs:
                frame = figure.frame_of(data, as_of=AS_OF)
                told += [figure.alt(frame), figure.note(frame)]
        faults = [text for text in told if WRONG.search(text)]
        assert not faults


def test_a_tie_of_all_trials_is_no_tie():
    rows = {"Liver": 1, "Skin": 1}
    frame = frame_of(rows.items(), ["cell_source", "n"], n_trials=1)
    found = findings.finding("cell_source", frame)
    assert found.title == "The one trial uses liver tissue and skin"
    for keys, told in (
        ("abcd", "uses a, b, c and d"),
        ("abcdefg", "names seven cell sources"),
    ):
        frame = frame_of([(k, 1) for k in keys], ["cell_source", "n"], n_trials=1)
        found = findings.finding("cell_source", frame)
        assert found.title == f"The one trial {told}"


CLASSIC = """\
Rank,NCT Number,Title,Status,Study Results,Conditions,Interventions,Phases,Enrollment,\
Study Designs,URL
1,NCT00000001,Mesenchymal stem cells in cirrhosis,Completed,No Results Available,\
Cirrhosis,Biological: MSC,Phase 1,10,Allocation: Randomized,https://ClinicalTrials.gov/show/NCT00000001
2,NCT00000002,Mesenchymal stem cells in cirrhosis,Completed,No Results Available,\
Cirrhosis,Biological: MSC,Phase 1,12,,https://ClinicalTrials.gov/show/NCT00000002
"""


def test_what_a_kind_of_file_does_not_hold_no_trial_leaves_out(tmp_path):
    (tmp_path / "classic.csv").write_text(CLASSIC)
    data = load(tmp_path / "classic.csv")
    assert len(data) == 2
    told = findings.finding_of("route_comparisons", data, as_of=AS_OF).told
    assert list(told) == ["no_arms"]
    found = findings.finding_of("completeness", data, as_of=AS_OF)
    assert "no arms" in found.told["unheld"]
    assert "no enrollment type" in found.told["unheld"]
    assert "trials state no arms" not in str([found.title, found.told])
    facts = findings.finding_of("key_facts", data, as_of=AS_OF)
    assert "no dose" in facts.told["unheld"]
    assert "All" not in str(facts.told)


def test_a_register_s_record_without_arms_states_none():
    data = made(trials=[trial(1), trial(2)])
    frame = summarize.route_comparisons(data)
    assert frame.attrs["has_arms"]
    found = findings.finding_of("completeness", data, as_of=AS_OF)
    assert "unheld" not in found.told


def test_a_donor_that_only_a_rule_infers_is_told_apart_once():
    data = example_cell_trials().counted()
    labels = data.labels[data.labels["axis"].isin(["donor", "donor_inferred"])]
    labels = labels[~labels["value"].isin(["NOT_STATED", "NONE", "NOT_TOLD"])]
    stated = set(labels.loc[labels["axis"].eq("donor"), "trial_id"])
    guessed = set(labels.loc[labels["axis"].eq("donor_inferred"), "trial_id"]) - stated
    silent, n = len(data) - len(stated), len(guessed)
    assert 0 < n < silent
    facts = findings.finding_of("key_facts", data, as_of=AS_OF).told["named"]
    assert f"**{silent} of {len(data)}** trials" in facts
    assert f" state no donor ({n} inferred), " in facts
    donor = summarize.donor_by_source(data)
    caption = figures.FIGURES["donor_by_source"].caption_of(donor)
    assert f"A donor is stated by {len(stated)}, and for {n} more a rule" in caption
    gaps = findings.finding_of("completeness", data, as_of=AS_OF)
    assert f"**{silent}** no donor" in str(gaps.told) or silent in gaps.numbers.values()


@pytest.fixture(scope="module")
def mixed():
    """Return trials of which some give no cells, and how many do."""
    data = example_trials().counted()
    gives = data.trials["is_cell_trial"].astype(bool)
    assert 0 < gives.sum() < len(data)
    return data, int(gives.sum())


def test_a_share_of_the_trials_that_give_cells_says_so(mixed):
    data, n_cells = mixed
    names = [
        name
        for name, made in figures.FIGURES.items()
        if made.without_cells is not None and name not in ("durations", "gaps")
    ]
    names += ["cell_type", "cell_source", "donor", "key_facts"]
    n_told, only = 0, data.select(cell_trials=True)
    for name in names:
        found = findings.finding_of(name, data, as_of=AS_OF)
        text = "\n".join([found.title, found.heading, *found.told.values()])
        text = text.replace("*", "")
        for total, after in re.findall(
            r"(?:of(?: the)?|[Aa]ll) (\d+) trials(.{0,16})", text
        ):
            if int(total) == n_cells:
                n_told += 1
                assert after.startswith(" that give cells"), (name, text)
        assert "cells give cells" not in text, text
        alone = findings.finding_of(name, only, as_of=AS_OF)
        assert "that give cells" not in str([alone.title, alone.told]), name
    assert n_told > 20


def test_two_figures_of_participants_bear_two_titles():
    data = example_cell_trials()
    names = ("enrollment_by_phase", "concentration")
    titles = [findings.finding_of(n, data, as_of=AS_OF).title for n in names]
    assert titles == [
        "All 38 trials have 0 to 266 participants",
        "5 of 38 trials hold 1,086 of 1,978 participants",
    ]


def test_all_trials_and_participants_are_those_of_all_trials(mixed):
    data, n_cells = mixed
    found = findings.section("trials", data, as_of=AS_OF)
    assert found.heading == f"{n_cells} of {len(data)} trials give cells"
    people = int(data.trials["enrollment"].sum())
    told = findings.section("participants", data, as_of=AS_OF)
    assert f"**{people:,}** participants" in told.lede
    assert f"{n_cells}**" not in told.lede


def test_one_trial_of_cells_among_others_is_not_the_one_trial():
    rows = example_trials().counted().trials
    is_cell = rows["is_cell_trial"].astype(bool)
    ids = [*rows.loc[~is_cell, "trial_id"][:2], *rows.loc[is_cell, "trial_id"][:1]]
    data = example_trials().select(ids=ids)
    heading = findings.section("trials", data, as_of=AS_OF).heading
    assert heading == "1 of 3 trials gives cells"
    for name in ("routes", "condition_by_route", "source_by_route", "cell_types"):
        title = findings.finding_of(name, data, as_of=AS_OF).title
        assert title.startswith("The one trial that gives cells "), title


def test_what_is_only_inferred_is_left_out_as_in_the_figure():
    rows = [("Donor relation", t, "Inferred") for t in "abc"]
    rows += [("Dose", t, "Not stated") for t in "ab"] + [("Dose", "c", "Conflict")]
    rows += [("Phase", t, "Lay source only") for t in "abc"]
    frame = frame_of(rows, ["field", "trial_id", "state"], n_trials=3)
    title = findings.finding("gaps", frame).title
    assert title == "All 3 trials state no donor relation, 2 no dose"


def test_what_pools_others_is_told_where_it_is_larger_and_has_no_accent():
    n_of = {"Other": 9, "Survival, death": 7, "Laboratory values": 2}
    frame = frame_of(n_of.items(), ["domain", "n"], n_trials=12)
    found = findings.finding("endpoints", frame)
    assert found.title == (
        "7 of 12 trials name a survival endpoint, 9 one of another kind"
    )
    bars = figures.endpoints(frame).patches
    accent = [bar for bar in bars if to_hex(bar.get_facecolor()) == color("accent")]
    assert [bar.get_width() for bar in accent] == [
        sorted(bar.get_width() for bar in bars)[-2]
    ]


def test_no_other_condition_means_none_with_a_name():
    n_of = {"Skin": 9, "Eye": 7, "Blood": 5, "Cancer": 2, "Other conditions": 4}
    frame = frame_of(n_of.items(), ["condition", "n"], n_trials=12)
    told = findings.finding("conditions", frame).told["others"]
    assert told == "No other condition is in more than **2 of 12** trials."


@pytest.mark.parametrize(("early", "told"), [(6, True), (5, False)])
def test_two_periods_hold_all_years_and_differ(early, told):
    rows = [(2006, "A", early), (2008, "A", 0), (2016, "A", 5)]
    attrs = {"n_trials": early + 5, "n_usable": early + 5}
    frame = frame_of(rows, ["year", "cell_source", "n"], **attrs)
    found = findings.finding("source_by_year", frame)
    change = f"**5 of {early + 5}** trials start in 2012–2016 and **{early}** in"
    assert ("change" in found.told) == told
    assert found.told.get("change", change).startswith(change)


def test_government_bodies_count_together():
    classes = ("NIH", "FED", "OTHER_GOV", "OTHER_GOV", "INDUSTRY", "OTHER", "OTHER")
    rows = [trial(i, lead_sponsor_class=code) for i, code in enumerate(classes, 1)]
    frame = summarize.sponsor_classes(made(trials=rows))
    n_of = dict(zip(frame["lead_sponsor_class"], frame["n"], strict=True))
    assert {k: n for k, n in n_of.items() if n} == {
        "Government": 4,
        "Company": 1,
        "University, hospital or other": 2,
    }
    assert findings.finding("sponsor_classes", frame).title == (
        "4 of 7 trials are led by a government body, 2 by a university, hospital or "
        "other body"
    )
