"""Counts: units, several values per trial, and "not stated" as a value."""

import pandas as pd
import pytest

from tests.trials_by_hand import empty, labelled, made, many, seeds
from trialkit import summarize
from trialkit.errors import ParameterError, TrialDataError


def pairs(frame, name, n="n"):
    """Return a count frame as {word: number}."""
    return dict(zip(frame[name].astype(str), frame[n], strict=True))


def two_products():
    """One trial that gives MSC by vein in one arm and cells of the liver by artery."""
    return made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": arm} for arm in ("A1", "A2", "A3")],
        labels=[
            *labelled("NCT1", "A1", route="IV", cell_type="MSC", cell_source="UC"),
            *labelled("NCT1", "A2", route="IA.hepatic", cell_type="HEP"),
            *labelled("NCT1", "A3", route="NONE", delivery_mode="none"),
        ],
    )


def test_routes_of_the_seeds_are_counted_by_trial_and_by_arm():
    frame = summarize.routes(seeds())
    expected = pd.DataFrame(
        {
            "route_group": [
                "Vein",
                "Hepatic artery",
                "Muscle",
                "Outside the body",
                "Not stated",
            ],
            "n_trials": [1, 1, 1, 2, 0],
            "n_arms": [1, 1, 1, 2, 0],
            "n_total": 4,
        }
    )
    plain = frame.astype({"route_group": "str"})
    pd.testing.assert_frame_equal(plain, expected, check_dtype=False)
    assert frame["route_group"].cat.ordered
    assert frame["n_trials"].sum() > frame.attrs["n_trials"] == 4
    assert frame.attrs["n_arms"] == 5


def test_a_trial_with_two_routes_counts_once_in_each_row():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="IV|PV"),
    )
    frame = summarize.routes(data)
    assert pairs(frame, "route_group", "n_trials") == {
        "Vein": 1,
        "Portal vein": 1,
        "Not stated": 0,
    }
    assert frame.attrs["n_arms"] == 1


def test_routes_are_counted_by_family_too():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="PV|IA.hepatic|OTHER:omentum"),
    )
    frame = summarize.count(data, by="route_family")
    assert pairs(frame, "route_family") == {
        "Into the liver's own vessels": 1,
        "Other route": 1,
        "Not stated": 0,
    }


def test_two_routes_of_one_group_count_once():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": arm} for arm in ("A1", "A2")],
        labels=[
            *labelled("NCT1", route="IV"),
            *labelled("NCT1", "A2", route="IV.central"),
        ],
    )
    frame = summarize.count(data, by="route_group")
    assert pairs(frame, "route_group") == {
        "Vein": 1,
        "Not stated": 0,
    }


def test_control_arms_have_no_route_to_count():
    frame = summarize.count(two_products(), by="route", unit="arms")
    assert pairs(frame, "route") == {
        "Intravenous": 1,
        "Intra-arterial, hepatic artery": 1,
        "Not stated": 0,
    }


def test_pairs_are_read_within_arms_not_crossed_over_the_trial():
    frame = summarize.type_by_source(two_products())
    found = frame[frame["n"] > 0]
    rows = list(zip(found["cell_type"], found["cell_source"], strict=True))
    assert rows == [
        ("Mesenchymal stromal cell (MSC)", "Umbilical cord"),
        ("Hepatocyte", "Not stated"),
    ]


def test_not_stated_in_one_arm_is_dropped_where_another_arm_states_it():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": arm} for arm in ("A1", "A2")],
        labels=[
            *labelled("NCT1", route="IV", donor="AUTO"),
            *labelled("NCT1", "A2", route="NOT_STATED", donor="NOT_STATED"),
        ],
    )
    trials = summarize.count(data, by="route_group")
    assert pairs(trials, "route_group")["Not stated"] == 0
    arms = summarize.count(data, by="route_group", unit="arms")
    assert pairs(arms, "route_group")["Not stated"] == 1


def test_injection_without_a_site_is_shown_as_not_stated():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="PARENTERAL"),
    )
    frame = summarize.routes(data)
    assert pairs(frame, "route_group", "n_trials") == {"Not stated": 1}
    route = summarize.count(data, by="route")
    assert pairs(route, "route") == {
        "Injection or infusion, site not stated": 1,
        "Not stated": 0,
    }


def test_trials_without_cells_have_no_routes_but_count_otherwise():
    data = made(
        trials=[{"trial_id": "NCT1", "is_cell_trial": False, "phase": "PHASE2"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
    )
    assert summarize.routes(data).attrs["n_trials"] == 0
    assert pairs(summarize.count(data, by="phase_group"), "phase_group") == {
        "2": 1,
        "Not stated": 0,
    }


def test_unlabelled_trials_are_refused_rather_than_called_not_stated():
    data = made(trials=[{"trial_id": "NCT1", "is_cell_trial": None}])
    with pytest.raises(TrialDataError, match="labels=True"):
        summarize.routes(data)


def test_an_id_of_a_users_own_is_shown_as_it_is_in_the_last_group():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="OTHER:into the gland|OURS", cell_source="OURS"),
    )
    assert list(summarize.count(data, by="route")["route"]) == [
        "OURS",
        "into the gland",
        "Not stated",
    ]
    assert list(summarize.count(data, by="route_group")["route_group"]) == [
        "Other route",
        "Not stated",
    ]
    frame = summarize.source_by_route(data)
    assert set(frame["source_family"].astype(str)) == {"Other", "Not stated"}


def test_phase_not_applicable_is_not_the_same_as_not_stated():
    frame = summarize.count(seeds(), by="phase_group")
    assert pairs(frame, "phase_group") == {"1": 2, "1/2": 1, "NA": 1, "Not stated": 0}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("allocation", {"RANDOMIZED": 1, "NA": 2, "Not stated": 1}),
        ("masking", {"NONE": 2, "SINGLE": 1, "Not stated": 1}),
        (
            "overall_status",
            {"NOT_YET_RECRUITING": 1, "RECRUITING": 2, "Not stated": 1},
        ),
        ("country", {"China": 4, "Not stated": 0}),
        ("start_year", {"2024": 1, "2025": 2, "Not stated": 1}),
        ("enrollment_group", {"1–10": 1, "11–20": 2, "21–50": 1, "Not stated": 0}),
        ("has_results", {"False": 3, "Not stated": 1}),
        ("donor", {"Not stated": 4}),
        (
            "source_family",
            {"Perinatal tissue": 1, "Pluripotent": 2, "Not stated": 1},
        ),
    ],
)
def test_numbers_of_the_seeds(by, expected):
    assert pairs(summarize.count(seeds(), by=by), by) == expected


def test_matrices_hold_every_pair_of_the_groups_present():
    frame = summarize.phase_by_route(seeds())
    assert len(frame) == 4 * 5
    assert frame["n"].sum() == 5
    assert (frame.attrs["n_trials"], frame.attrs["n_usable"]) == (4, 4)
    frame = summarize.source_by_route(seeds())
    assert (frame.attrs["n_trials"], frame.attrs["n_usable"]) == (4, 3)
    assert list(frame["source_family"].cat.categories) == [
        "Perinatal tissue",
        "Pluripotent",
        "Not stated",
    ]


def test_sources_are_ordered_by_family():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", cell_source="iPSC|XENO|UC|LIV|BM"),
    )
    frame = summarize.count(data, by="cell_source")
    assert list(frame["cell_source"]) == [
        "Bone marrow",
        "Liver",
        "Umbilical cord",
        "Induced pluripotent stem cell",
        "Animal tissue",
        "Not stated",
    ]


@pytest.mark.parametrize(
    ("by", "hint"),
    [
        ("routes", r"by routes; did you mean route\?"),
        (["phase", "cell_typ"], "by cell_typ; did you mean cell_type"),
        ("arm_type", "by arm_type; did you mean "),
        ("x", "by x; there are route, route_group, "),
        ([], "by nothing, or one name twice; there are route, route_group, "),
        (["phase", "phase"], "by nothing, or one name twice; there are route, "),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_ones(by, hint):
    with pytest.raises(ParameterError, match=hint):
        summarize.count(seeds(), by=by)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ParameterError, match="unit='sites'"):
        summarize.count(seeds(), by="phase", unit="sites")


def test_no_trials_leave_one_row_not_stated():
    frame = summarize.routes(empty())
    assert pairs(frame, "route_group", "n_trials") == {"Not stated": 0}
    assert summarize.phase_by_route(empty())["n"].sum() == 0


def test_a_count_by_two_names_lists_what_occurs():
    frame = summarize.count(many(20), by=["country", "phase_group"])
    assert frame["n"].min() > 0
    assert list(frame.columns) == ["country", "phase_group", "n"]
    assert frame["country"].cat.categories[-1] == "Not stated"
