"""LANDSCAPE D8: the numbers that the report of the real seed pages must show."""

import pytest

import trialkit as tk
from trialkit import prose, summarize, tables
from trialkit.figures import FIGURES

pytestmark = pytest.mark.shared
AS_OF = "2026-06-30"


@pytest.fixture(scope="module")
def data(shared):
    return tk.load(shared / "seeds")


def numbers(frame, name, n="n"):
    pairs = zip(frame[name].astype(str), frame[n], strict=True)
    return {word: number for word, number in pairs if number}


def test_documents_trials_and_arms(data):
    flow = summarize.record_flow(data).set_index("step")["n"]
    assert flow[["documents", "trials", "merged", "arms"]].tolist() == [5, 4, 1, 5]
    assert data.arms["is_implicit"].sum() == 1


def test_participants(data):
    row = summarize.enrollment_by_route(data, by=None).iloc[0]
    assert (row["total"], row["median"], row["q1"], row["q3"]) == (66, 12, 11.5, 17)
    assert (row["min"], row["max"], row["n_type_not_stated"]) == (10, 32, 4)


def test_routes(data):
    frame = summarize.routes(data)
    expected = {
        "Vein": 1,
        "Hepatic artery": 1,
        "Muscle": 1,
        "Outside the body": 2,
    }
    assert numbers(frame, "route_group", "n_trials") == expected
    assert numbers(frame, "route_group", "n_arms") == expected
    assert frame.attrs["n_trials"] == 4


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (
            "cell_type",
            {
                "Mesenchymal stromal cell (MSC)": 2,
                "Hepatocyte-like cell, pluripotent-derived": 2,
            },
        ),
        (
            "cell_source",
            {
                "Umbilical cord": 1,
                "Chemically induced pluripotent stem cell": 1,
                "Induced pluripotent stem cell": 1,
                "Not stated": 1,
            },
        ),
        ("donor", {"Not stated": 4}),
        ("phase_group", {"1": 2, "1/2": 1, "NA": 1}),
        ("allocation", {"RANDOMIZED": 1, "NA": 2, "Not stated": 1}),
        ("masking", {"NONE": 2, "SINGLE": 1, "Not stated": 1}),
        (
            "overall_status",
            {"RECRUITING": 2, "NOT_YET_RECRUITING": 1, "Not stated": 1},
        ),
        ("country", {"China": 4}),
        ("start_year", {"2024": 1, "2025": 2, "Not stated": 1}),
        ("has_results", {"False": 3, "Not stated": 1}),
    ],
)
def test_counts(data, by, expected):
    assert numbers(summarize.count(data, by=by), by) == expected


def test_durations(data):
    frame = summarize.durations(data)
    assert frame["days"].tolist() == [822, 981, 1126]
    assert frame["days"].median() == 981


def test_doses_and_sessions(data):
    facts = summarize.key_facts(data, as_of=AS_OF).set_index("fact")
    assert facts.loc["dose_stated", ["n", "total"]].tolist() == [1, 4]
    assert summarize.devices(data)["sessions"].dropna().tolist() == [
        "4–8 h per session"
    ]


def test_figures_that_have_enough_trials(data):
    frames = {
        "landscape_strip": summarize.landscape_strip(data, as_of=AS_OF),
        "record_flow": summarize.record_flow(data),
        "routes": summarize.routes(data),
        "phase_by_route": summarize.phase_by_route(data),
        "source_by_route": summarize.source_by_route(data),
        "type_by_source": summarize.type_by_source(data),
        "enrollment": summarize.enrollment(data),
        "timeline": summarize.timeline(data, as_of=AS_OF),
        "durations": summarize.durations(data),
        "completeness": summarize.completeness(data),
    }
    assert all(FIGURES[name].enough(frame) for name, frame in frames.items())
    assert frames["phase_by_route"].attrs["n_usable"] == 4
    assert frames["source_by_route"].attrs["n_usable"] == 3


def test_conflicts_and_records_out_of_date(data):
    assert summarize.conflicts(data)["field"].tolist() == ["conditions", "site_status"]
    stale = summarize.stale_records(data, as_of=AS_OF)
    assert stale["trial_id"].tolist() == ["NCT06984497"]


def test_the_country_is_one_sentence(data):
    assert prose.where(data) == "All 4 trials have their sites in one country (China)."


def test_the_status_of_one_trial_carries_a_dagger(data):
    row = next(r for r in tables.trials(data, as_of=AS_OF).rows if "06984497" in r[0])
    assert row[2] == "Phase not applicable; Not yet recruiting †"


def test_no_contact_reaches_a_card(data):
    text = tables.cards(data, as_of=AS_OF)
    assert "@" not in text
    assert "Xingshun" not in text
    assert "Li-Ying" not in text
