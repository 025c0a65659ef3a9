"""Key facts, characteristics, flow, trial rows, products and devices."""

import pandas as pd
import pytest

from tests.trials_by_hand import (
    AS_OF,
    BAL,
    MUSCLE,
    REACTOR,
    ROUTES,
    assert_unchanged,
    copies,
    empty,
    labelled,
    made,
    many,
    seeds,
)
from trialkit import summarize
from trialkit.errors import ParameterError
from trialkit.prose import methods
from trialkit.summarize.doses import dose_words
from trialkit.summarize.statistics import usable
from trialkit.summarize.wording import words

pytestmark = pytest.mark.slow

FUNCTIONS = {
    "completeness": summarize.completeness,
    "conflicts": summarize.conflicts,
    "characteristics": summarize.characteristics,
    "routes": summarize.routes,
    "devices": summarize.devices,
    "durations": summarize.durations,
    "enrollment": summarize.enrollment,
    "evidence": summarize.evidence,
    "excluded": summarize.excluded,
    "key_facts": lambda data: summarize.key_facts(data, as_of=AS_OF),
    "landscape_strip": lambda data: summarize.landscape_strip(data, as_of=AS_OF),
    "phase_by_route": summarize.phase_by_route,
    "products": summarize.products,
    "record_flow": summarize.record_flow,
    "route_comparisons": summarize.route_comparisons,
    "source_by_route": summarize.source_by_route,
    "sources": summarize.sources,
    "stale_records": lambda data: summarize.stale_records(data, as_of=AS_OF),
    "enrollment_by_route": summarize.enrollment_by_route,
    "timeline": lambda data: summarize.timeline(data, as_of=AS_OF),
    "trials": summarize.trials,
    "type_by_source": summarize.type_by_source,
}


SETS = (empty, lambda: many(1), lambda: many(30), seeds)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_columns_are_the_same_for_no_one_and_many_trials(name):
    frames = [FUNCTIONS[name](data()) for data in SETS]
    assert len({tuple(frame.columns) for frame in frames}) == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_trials_are_never_changed(name):
    data = seeds()
    before = copies(data)
    FUNCTIONS[name](data)
    assert_unchanged(data, before)


def test_key_facts_of_the_seeds():
    frame = summarize.key_facts(seeds(), as_of=AS_OF).set_index("fact")
    shares = frame.dropna(subset=["total"])
    assert dict(zip(shares.index, shares["n"], strict=True)) == {
        "enrollment": 4,
        "start_date": 3,
        "route_stated": 4,
        "cell_type_stated": 4,
        "cell_source_stated": 3,
        "donor_stated": 0,
        "dose_stated": 1,
        "conflicts": 2,
        "results": 0,
    }
    assert frame.loc["participants", "value"] == "66 (66 type not stated)"
    assert (
        frame.loc["arms", "value"]
        == "5 (4 stated, and 1 for a trial that describes no arm)"
    )
    assert frame.loc["starts", "value"] == "2024-04-23 to 2025-12-01"


def test_key_facts_name_the_commonest_of_many_and_always_what_is_not_stated():
    trials = [{"trial_id": f"NCT{i}", "countries": f"Land {i:02}"} for i in range(18)]
    trials += [{"trial_id": "NCT98", "countries": "Land 17"}, {"trial_id": "NCT99"}]
    frame = summarize.key_facts(made(trials=trials), as_of=AS_OF).set_index("fact")
    text = frame.loc["countries", "value"]
    assert text.startswith("Land 17 2; Land 00 1; ")
    assert text.endswith("; Land 14 1; 2 more; Not stated 1")


def test_shares_and_intervals_appear_from_20_trials_on():
    small = summarize.characteristics(many(19))
    assert small[["percent", "ci_low", "ci_high"]].isna().all(axis=None)
    large = summarize.characteristics(many(20))
    row = large[large["level"] == "Phase 2"].iloc[0]
    assert (row["n"], row["total"], row["percent"]) == (5, 20, 25.0)
    assert (round(row["ci_low"], 1), round(row["ci_high"], 1)) == (11.2, 46.9)


def test_every_block_of_characteristics_ends_with_not_stated():
    frame = summarize.characteristics(seeds())
    assert set(frame.groupby("block")["level"].last()) == {"Not stated"}


def test_rare_countries_are_pooled_and_a_trial_counts_once():
    trials = [{"trial_id": f"NCT{i}", "countries": f"Land {i % 10}"} for i in range(20)]
    trials += [{"trial_id": "NCT99", "countries": "Rare A; Rare B"}]
    frame = summarize.characteristics(made(trials=trials))
    block = frame[frame["block"] == "country"]
    assert block["level"].tolist()[-2:] == ["Other (2 countries)", "Not stated"]
    assert block["n"].tolist()[-2:] == [1, 0]


def test_many_start_years_are_pooled_in_periods_of_five():
    trials = [
        {"trial_id": f"NCT{year}", "start_date": str(year)}
        for year in range(2001, 2012)
    ]
    frame = summarize.characteristics(made(trials=trials))
    block = frame[frame["block"] == "start_year"]
    assert dict(zip(block["level"], block["n"], strict=True)) == {
        "2000–2004": 4,
        "2005–2009": 5,
        "2010–2014": 2,
        "Not stated": 0,
    }


def test_the_flow_of_the_seeds():
    frame = summarize.record_flow(seeds())
    numbers = dict(zip(frame["step"], frame["n"], strict=True))
    assert numbers == {
        "documents": 5,
        "source:mirror.example:mirror": 3,
        "source:rewrites.example:lay": 2,
        "records": 5,
        "merged": 1,
        "identified_trials": 4,
        "trials": 4,
        "arms": 5,
        "product_arms": 5,
    }
    assert set(frame["parent"].dropna()) <= set(frame["step"])
    assert (
        frame.loc[frame["step"] == "arms", "note"].item()
        == "4 stated, and 1 for a trial that describes no arm"
    )


def test_filters_and_files_set_aside_stand_in_the_flow_with_their_reasons():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        sources=[{"source_id": "S1", "path": "a.json", "n_records": 3}],
        selection=[
            {
                "step": 1,
                "filter": "phase: PHASE1",
                "n_before": 3,
                "n_kept": 1,
                "n_removed": 1,
                "n_missing": 1,
            }
        ],
        excluded=[
            {"source_id": "S2", "path": "b.bin", "reason": "not a trial record"},
            {"record": "NCT2", "reason": "phase: PHASE1: does not apply"},
        ],
    )
    frame = summarize.record_flow(data).set_index("step")
    assert (frame.loc["set_aside", "n"], frame.loc["set_aside", "note"]) == (
        1,
        "not a trial record (1)",
    )
    assert frame.loc["identified_trials", "n"] == 3
    assert frame.loc["filter:1", "n"] == 2
    assert frame.loc["filter:1", "note"] == "1 trial without a value"
    listed = summarize.excluded(data)
    assert listed["source"].tolist() == ["b.bin", pd.NA]


def test_sources_are_told_by_site_and_their_own_dates_are_not_the_registrys():
    frame = summarize.sources(seeds())
    assert frame["n_documents"].tolist() == [3, 2]
    assert frame["n_trials"].tolist() == [3, 2]
    assert frame["newest_update"].isna().tolist() == [False, True]


def test_large_numbers_in_the_flow_are_grouped():
    arms = [{"trial_id": "NCT1", "arm_id": f"A{i}"} for i in range(1200)]
    frame = summarize.record_flow(made(trials=[{"trial_id": "NCT1"}], arms=arms))
    assert "1,200 stated" in set(frame["note"])


def test_a_file_of_a_register_is_named_as_people_name_it():
    source = {"source_id": "S1", "kind": "registry", "shape": "ctgov_v2_json"}
    data = made(trials=[{"trial_id": "NCT1"}], sources=[source])
    assert summarize.sources(data)["source"].tolist() == ["ClinicalTrials.gov JSON"]
    assert "ClinicalTrials.gov JSON (1)" in methods(data, as_of="2026-01-01")


def test_trial_rows_say_how_routes_relate_and_what_comes_from_where():
    frame = summarize.trials(seeds()).set_index("trial_id")
    assert frame.loc[ROUTES, "routes"] == (
        "Intravenous, peripheral vein vs Intra-arterial, hepatic artery"
    )
    assert frame.loc[BAL, "products"] == (
        "Hepatocyte-like cell, pluripotent-derived ← "
        "Chemically induced pluripotent stem cell"
    )
    assert frame.loc[REACTOR, "differing"] == "conditions"
    assert frame["is_lay_title"].to_dict() == {
        REACTOR: False,
        ROUTES: False,
        BAL: False,
        MUSCLE: True,
    }
    assert pd.isna(frame.loc[MUSCLE, "start_date"])


@pytest.mark.parametrize(
    ("relation", "text"),
    [
        ("sequence_same_arm", "Intravenous, then Portal vein (intraportal)"),
        ("alternative_same_arm", "Intravenous or Portal vein (intraportal)"),
        ("mixed", "Intravenous; Portal vein (intraportal)"),
    ],
)
def test_several_routes_of_one_arm(relation, text):
    data = made(
        trials=[{"trial_id": "NCT1", "route_relation": relation}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="IV|PV"),
    )
    assert summarize.trials(data)["routes"].tolist() == [text]


def test_devices_say_on_what_the_fate_of_the_cells_rests():
    frame = summarize.devices(seeds()).set_index("trial_id")
    assert frame["cells_enter_body"].to_dict() == {REACTOR: "no", BAL: "no"}
    assert frame["cells_basis"].to_dict() == {REACTOR: "stated-lay", BAL: "inferred"}
    assert frame.loc[BAL, "dose"] == (
        "1.67 × 10⁸ cells per kg body weight, loaded in the device"
    )
    assert frame.loc[BAL, "sessions"] == "4–8 h per session"
    assert frame.loc[BAL, "access"] == "Central venous access"
    assert frame["device"].to_dict() == {REACTOR: "Cell reactor", BAL: "Liver device"}
    assert frame["comparator"].tolist() == ["none", "none"]


def test_one_trial_of_the_seeds_compares_routes():
    frame = summarize.route_comparisons(seeds())
    assert frame["trial_id"].tolist() == [ROUTES]
    assert frame["arms"].tolist() == [
        "Vein group: Intravenous, peripheral vein; "
        "Artery group: Intra-arterial, hepatic artery"
    ]


def test_products_keep_the_records_words_beside_the_label():
    frame = summarize.products(seeds())
    row = frame[frame["trial_id"] == BAL].iloc[0]
    assert (row["product"], row["words"], row["cell_type"]) == (
        "Liver device",
        "our HLC words",
        "Hepatocyte-like cell, pluripotent-derived",
    )


def test_doses_are_never_converted():
    key = {"trial_id": "NCT1", "arm_id": "A1"}
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[key],
        doses=[
            {**key, "amount": 2e6, "unit": "cells", "per": "kg", "basis": "given"},
            {
                **key,
                "amount": 500,
                "unit": "islets",
                "n_doses": 3,
                "interval": "weekly",
            },
        ],
    )
    row = dose_words(data).loc[("NCT1", "A1")]
    assert row["dose"] == (
        "2 × 10⁶ cells per kg body weight, given to the patient; 500 islets"
    )
    assert row["sessions"] == "3 doses, weekly"


def test_the_strip_has_a_row_for_every_trial_even_without_dates():
    frame = summarize.landscape_strip(seeds(), as_of=AS_OF)
    assert frame["trial_id"].tolist() == [REACTOR, ROUTES, BAL, MUSCLE]
    assert frame["has_conflict"].tolist() == [True, True, False, False]
    assert frame["cell_sources"].tolist()[0] == "Not stated"


def test_what_gives_no_cells_is_told_apart_from_what_is_not_stated():
    trials = [
        {"trial_id": "NCT1", "is_cell_trial": True},
        {"trial_id": "NCT2", "is_cell_trial": False},
    ]
    data = made(trials=trials, labels=labelled("NCT1", route="IV"))
    strip = summarize.landscape_strip(data, as_of=AS_OF).set_index("trial_id")
    lanes = summarize.timeline(data, as_of=AS_OF).set_index("trial_id")

    assert strip.loc["NCT1", "cell_sources"] == "Not stated"
    for cell in (strip.loc["NCT2", "cell_sources"], lanes.loc["NCT2", "route_groups"]):
        assert cell == "No cell product"


def test_a_frame_that_does_not_carry_its_n_is_an_error():
    with pytest.raises(ParameterError, match="how many trials"):
        usable(pd.DataFrame({"n": [1]}))


def test_words_keep_the_order_of_codes_and_end_with_not_stated():
    codes = pd.Series(
        pd.Categorical(["SINGLE", None], ["NONE", "SINGLE"], ordered=True)
    )
    made_words = words(codes, "masking")
    assert made_words.tolist() == ["Single", "Not stated"]
    assert list(made_words.cat.categories) == [
        "None (open label)",
        "Single",
        "Not stated",
    ]
