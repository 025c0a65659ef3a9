"""Donors by source, status by route, countries, sponsors, starts, doses, design."""

import pandas as pd
import pytest

from tests.trials_by_hand import (
    assert_unchanged,
    copies,
    empty,
    labelled,
    made,
    many,
    seeds,
)
from trialkit import figures, summarize, tables
from trialkit.errors import ParameterError

pytestmark = pytest.mark.slow

AS_OF = "2026-06-30"
FRAMES = {
    "cities": summarize.cities,
    "donor_by_source": summarize.donor_by_source,
    "status_by_route": summarize.status_by_route,
    "countries": summarize.countries,
    "sponsor_classes": summarize.sponsor_classes,
    "sponsors": summarize.sponsors,
    "regimens": summarize.regimens,
    "doses": summarize.doses,
    "design": summarize.design,
    "endpoints": summarize.endpoints,
    "starts": lambda data: summarize.starts_by_year(data, as_of=AS_OF),
    "cumulative": lambda data: summarize.cumulative_enrollment(data, as_of=AS_OF),
    "results": lambda data: summarize.results_reporting(data, as_of=AS_OF),
    "changes": lambda data: summarize.changes(data, None),
    "planned": lambda data: summarize.planned_actual(data, None),
    "schedule": lambda data: summarize.schedule_changes(data, None),
}


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_no_trials_make_the_same_columns_and_nothing_is_changed(make):
    data = many(8)
    before = copies(data)
    full, none = make(data), make(empty())
    assert_unchanged(data, before)
    assert list(full.columns) == list(none.columns)


def trial(number, **facts):
    return {"trial_id": f"NCT{number:08d}", "brief_title": f"Trial {number}", **facts}


def test_a_trial_counts_once_in_each_of_its_cities():
    sites = [
        {"trial_id": "NCT00000001", "city": "Paris", "country": "France"},
        {"trial_id": "NCT00000001", "city": "Paris", "country": "France"},
        {"trial_id": "NCT00000001", "city": "Lyon", "country": "France"},
        {"trial_id": "NCT00000002", "city": "Paris", "country": "France"},
        {"trial_id": "NCT00000002", "city": "Paris", "country": "United States"},
        {"trial_id": "NCT00000003", "country": "Chile"},
    ]
    data = made(trials=[trial(1), trial(2), trial(3), trial(4)], sites=sites)
    frame = summarize.cities(data)
    assert list(frame.itertuples(index=False, name=None)) == [
        ("Paris, France", 2),
        ("Lyon, France", 1),
        ("Paris, United States", 1),
        ("Not stated", 2),
    ]


def test_cities_are_counted_where_no_country_is_a_known_one():
    sites = [{"trial_id": "NCT00000001", "city": "Paris", "country": "Atlantis"}]
    frame = summarize.cities(made(trials=[trial(1)], sites=sites))
    assert frame["city"].tolist() == ["Paris, Atlantis", "Not stated"]


def test_an_inferred_donor_has_a_part_of_its_own():
    labels = [
        *labelled("NCT00000001", cell_source="UC", donor="NOT_STATED"),
        *labelled("NCT00000001", donor_inferred="ALLO"),
        *labelled("NCT00000002", cell_source="UC", donor="ALLO"),
    ]
    arms = [{"trial_id": t["trial_id"], "arm_id": "A1"} for t in (trial(1), trial(2))]
    data = made(trials=[trial(1), trial(2)], arms=arms, labels=labels)
    shown = summarize.donor_by_source(data)
    assert dict(zip(shown["relation"].astype(str), shown["n"], strict=True)) == {
        "Allogeneic": 1,
        "Allogeneic (inferred)": 1,
    }
    plain = summarize.donor_by_source(data, inferred=False)
    assert set(plain["relation"].astype(str)) == {"Allogeneic", "Not stated"}


def two_of_all():
    """Trial 1 gives MSC of two sources, donors and routes; trial 2 of one each."""
    twice = {"route": "IV|PV", "cell_type": "MSC", "cell_source": "UC|BM"}
    once = {"route": "IV", "cell_type": "MSC", "cell_source": "UC", "donor": "ALLO"}
    rows = [trial(n, start_date="2020-05-01") for n in (1, 2)]
    return made(
        trials=rows,
        arms=[{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows],
        labels=[
            *labelled("NCT00000001", donor="ALLO|AUTO", **twice),
            *labelled("NCT00000002", **once),
        ],
    )


def parts(frame, *names):
    rows = frame[frame["n"] > 0].astype(dict.fromkeys(names, "string"))
    return {tuple(row[:-1]): row[-1] for row in rows[[*names, "n"]].to_numpy()}


def test_parts_that_are_stacked_exclude_each_other():
    data = two_of_all()
    starts = summarize.starts_by_year(data, as_of=AS_OF)
    assert parts(starts, "route_group") == {
        ("Several routes",): 1,
        ("IV, other or not specified",): 1,
    }
    assert parts(summarize.type_by_source(data), "cell_type", "cell_source") == {
        ("Mesenchymal stromal cell (MSC)", "Umbilical cord"): 1,
        ("Mesenchymal stromal cell (MSC)", "Several sources"): 1,
    }
    families = summarize.type_by_source(data)["source_family"]
    assert set(families) == {"Perinatal tissue", "Several families", "Not stated"}
    assert parts(summarize.donor_by_source(data), "cell_source", "relation") == {
        ("Bone marrow", "Several relations"): 1,
        ("Umbilical cord", "Several relations"): 1,
        ("Umbilical cord", "Allogeneic"): 1,
    }


def test_what_stands_at_an_edge_is_what_the_trials_are_counted_as():
    data = two_of_all()
    grid = summarize.source_by_route(data).drop_duplicates("cell_source")
    edges = dict(zip(grid["cell_source"].astype(str), grid["n_of_source"], strict=True))
    alone = summarize.count(data, by="cell_source")
    assert edges == dict(zip(alone["cell_source"].astype(str), alone["n"], strict=True))


def test_a_trial_that_states_a_type_elsewhere_is_no_trial_of_type_not_stated():
    data = made(
        trials=[trial(1)],
        arms=[{"trial_id": "NCT00000001", "arm_id": arm} for arm in ("A1", "A2")],
        labels=[
            *labelled("NCT00000001", "A1", cell_type="MSC", cell_source="UC"),
            *labelled("NCT00000001", "A2", cell_type="NOT_STATED", cell_source="BM"),
        ],
    )
    shown = parts(summarize.type_by_source(data), "cell_type")
    assert shown == {("Mesenchymal stromal cell (MSC)",): 1}


def test_the_seeds_state_no_donor_and_let_one_be_inferred():
    shown = summarize.donor_by_source(seeds())
    assert shown.attrs["n_trials"] == 4
    assert "Allogeneic" not in set(shown["relation"].astype(str))


def test_years_without_a_start_are_zero_and_the_last_is_partial():
    rows = [trial(1, start_date="2020-05-01"), trial(2, start_date="2023-01-15")]
    rows += [trial(3, start_date="2024-09-01"), trial(4)]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    data = made(trials=rows, arms=arms)
    shown = summarize.starts_by_year(data, as_of="2024-06-30")
    by_year = shown.groupby("year")["n"].sum().to_dict()
    assert by_year == {2020: 1, 2021: 0, 2022: 0, 2023: 1, 2024: 0}
    assert set(shown.loc[shown["is_partial"], "year"]) == {2024}
    assert (shown.attrs["n_planned"], shown.attrs["n_undated"]) == (1, 1)
    whole = summarize.starts_by_year(data, as_of="2023-12-31")
    assert not whole["is_partial"].any()


def test_participants_add_up_by_start_within_each_route():
    rows = [
        trial(1, start_date="2022-03-01", enrollment=10),
        trial(2, start_date="2020-01-01", enrollment=5),
        trial(3, enrollment=7),
    ]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    data = made(trials=rows, arms=arms)
    shown = summarize.cumulative_enrollment(data, as_of=AS_OF)
    assert list(shown["total"]) == [5, 15]
    assert (shown.attrs["n_usable"], shown.attrs["n_trials"]) == (2, 3)


def dosed(number, amount, *, per=None, basis="given", unit="cells"):
    key = {"trial_id": f"NCT{number:08d}", "arm_id": "A1"}
    return {**key, "amount": amount, "unit": unit, "per": per, "basis": basis}


def test_doses_per_kilogram_in_total_and_in_a_device_never_share_a_panel():
    rows = [trial(i) for i in range(1, 13)]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    doses = [dosed(i, 1e6, per="kg") for i in range(1, 6)]
    doses += [dosed(i, 1e8, per="total") for i in range(6, 11)]
    doses += [dosed(11, 1e8, per="kg", basis="device_loaded")]
    doses += [dosed(12, 500.0, unit="islet equivalents", per="kg")]
    data = made(trials=rows, arms=arms, doses=doses)
    shown = summarize.doses(data)
    assert shown.groupby("panel", observed=True)["trial_id"].nunique().to_dict() == {
        "Given, cells per kg body weight": 5,
        "Given, cells per dose or in total": 5,
    }
    # The trial of a panel that is not drawn counts, as in the table of these doses.
    assert shown.attrs["n_trials"] == shown.attrs["n_arms"] == 11
    assert summarize.doses_by_route(data).attrs["n_trials"] == 11
    # No cells are loaded in a device without a body weight: there is nothing to name.
    assert shown.attrs["left_out"] == ["Loaded in a device, cells per kg body weight"]
    assert figures.doses.note(shown) == (
        "Fewer than 5 trials, not drawn: Loaded in a device, cells per kg body weight."
    )
    assert len(summarize.regimens(data)) == 12


@pytest.mark.parametrize("make", [summarize.doses, summarize.doses_by_route])
def test_doses_of_expanded_access_are_not_counted(make):
    rows = [trial(1), trial(2, study_type="EXPANDED_ACCESS")]
    arms = [{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows]
    data = made(trials=rows, arms=arms, doses=[dosed(1, 1e6), dosed(2, 1e6)])
    assert make(data).attrs["n_trials"] == 1


def test_a_design_that_is_not_told_is_not_stated_and_never_no():
    rows = [
        trial(
            1,
            allocation="RANDOMIZED",
            masking="DOUBLE",
            n_sites=3,
            oversight_has_dmc=True,
        ),
        trial(2, allocation="NA", masking="NONE", n_sites=1, oversight_has_dmc=False),
        trial(3, masking="SINGLE", who_masked="PARTICIPANT"),
    ]
    arms = [{"trial_id": rows[0]["trial_id"], "arm_id": "A1", "arm_label": "Sham"}]
    arms[0] |= {"arm_type": "SHAM_COMPARATOR", "is_implicit": False}
    shown = summarize.design(made(trials=rows, arms=arms))
    states = shown.pivot_table(
        index="feature",
        columns="trial_id",
        values="state",
        aggfunc="first",
        observed=True,
    )
    assert list(states.loc["Randomized"]) == ["Yes", "No", "Not stated"]
    assert list(states.loc["With a control arm"]) == ["Yes", "Not stated", "Not stated"]
    assert list(states.loc["Masked: participant"]) == ["Not stated", "No", "Yes"]
    assert list(states.loc["Masked: investigator"]) == ["Not stated", "No", "No"]
    assert list(states.loc["Several sites"]) == ["Yes", "No", "Not stated"]
    committee = states.loc["Data monitoring committee"]
    assert list(committee) == ["Yes", "No", "Not stated"]


@pytest.mark.parametrize(
    ("measure", "domain"),
    [
        ("Number of participants with adverse events", "Safety, adverse events"),
        ("Transplant-free survival at week 24", "Transplant-free survival"),
        ("Overall survival", "Survival, death"),
        ("Change in MELD score", "Liver scores (MELD, Child-Pugh)"),
        ("Serum albumin", "Laboratory values"),
        ("Quality of life", "Quality of life, function scores"),
        ("Length of stay", "Other"),
    ],
)
def test_an_endpoint_counts_in_the_first_domain_that_fits(measure, domain):
    outcome = {"trial_id": "NCT00000001", "measure": measure, "outcome_type": "primary"}
    shown = summarize.endpoints(made(trials=[trial(1), trial(2)], outcomes=[outcome]))
    found = shown.set_index("domain")["n_primary"]
    assert found[domain] == 1
    assert found.sum() == 1
    assert shown.set_index("domain").loc["Not stated", "n"] == 1


def test_results_are_due_a_year_after_primary_completion():
    rows = [
        trial(1, primary_completion_date="2025-06", has_results=False),
        trial(2, primary_completion_date="2025-07-01", has_results=False),
        trial(3, primary_completion_date="2020-01", has_results=True),
        trial(4, has_results=False),
        trial(5, primary_completion_date="2020-01"),
        trial(6, primary_completion_date="2020-01", overall_status="WITHDRAWN"),
    ]
    shown = summarize.results_reporting(made(trials=rows), as_of=AS_OF)
    assert dict(zip(shown["state"].astype(str), shown["n"], strict=True)) == {
        "Posted": 1,
        "Due, not posted": 1,
        "Not due": 2,
        "Cannot tell": 2,
    }
    assert (shown.attrs["n_due"], shown.attrs["n_due_posted"]) == (3, 1)


def test_a_completion_stands_in_for_a_primary_one_and_a_posted_trial_is_told():
    rows = [
        trial(1, completion_date="2011-07", has_results=True),
        trial(2, completion_date="2026-01", has_results=True),
        trial(3, primary_completion_date="2020-01", has_results=False),
    ]
    data = made(trials=rows)
    shown = summarize.results_reporting(data, as_of=AS_OF)
    assert (shown.attrs["n_due"], shown.attrs["n_due_posted"]) == (2, 1)
    caption = tables.results_reporting(data, as_of=AS_OF).caption
    assert "1 of 2 have posted, and 1 other trial. " in caption


def test_sponsors_keep_their_names_and_the_unnamed_come_last():
    rows = [
        trial(1, lead_sponsor="A Hospital", lead_sponsor_class="OTHER", enrollment=10),
        trial(2, lead_sponsor="A  Hospital"),
        trial(3),
        trial(4, lead_sponsor="A Hospital", lead_sponsor_class="OTHER"),
    ]
    shown = summarize.sponsors(made(trials=rows))
    assert list(shown["n"]) == [2, 1, 1]
    assert shown["lead_sponsor"].isna().to_list() == [False, False, True]
    assert shown.loc[0, "participants"] == 10
    assert shown.loc[0, "n_without_number"] == 1


def then_and_now(tmp_path):
    then = [
        trial(1, enrollment=40, enrollment_type="ESTIMATED", completion_date="2024-06"),
        trial(2, completion_date="2025-01-01"),
    ]
    now = [
        trial(1, enrollment=31, enrollment_type="ACTUAL", completion_date="2025-02-10"),
        trial(3, brief_title="=New"),
    ]
    store = made(trials=then).save(tmp_path / "store")
    return made(trials=now), summarize.open_earlier(store)


def test_changes_name_what_was_added_removed_and_changed(tmp_path):
    data, earlier = then_and_now(tmp_path)
    shown = summarize.changes(data, earlier)
    assert shown.attrs["n_added"] == shown.attrs["n_removed"] == 1
    changed = shown[shown["change"] == "changed"].set_index("field")
    assert list(changed.index) == ["enrollment", "enrollment_type", "completion_date"]
    assert tuple(changed.loc["enrollment", ["before", "now"]]) == ("40", "31")


def test_a_plan_and_a_date_are_compared_with_the_earlier_state(tmp_path):
    data, earlier = then_and_now(tmp_path)
    assert summarize.planned_actual(data, earlier)["difference"].to_list() == [-9]
    moved = summarize.schedule_changes(data, earlier)
    assert moved["before"].to_list() == [pd.Timestamp("2024-06-30")]
    assert moved["days"].to_list() == [225]


def test_an_earlier_state_is_a_store_a_report_or_nothing(tmp_path):

    assert summarize.open_earlier("") is None
    with pytest.raises(ParameterError, match="no earlier report"):
        summarize.open_earlier(tmp_path / "none")
    (tmp_path / "landscape-data").mkdir()
    with pytest.raises(ParameterError, match="neither a report"):
        summarize.open_earlier(tmp_path)
    (tmp_path / "landscape-data" / "tbl-trials.csv").write_text("trial_id\nNCT1\n")
    with pytest.raises(ParameterError, match="lacks the column"):
        summarize.open_earlier(tmp_path / "report.json")
