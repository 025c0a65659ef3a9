"""Completeness, conflicts and evidence: what is known, how, and from whom."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tests.examples import example_trials
from tests.trials_by_hand import (
    BAL,
    MUSCLE,
    REACTOR,
    ROUTES,
    empty,
    labelled,
    made,
    seeds,
)
from trialkit import summarize
from trialkit.errors import ParameterError
from trialkit.tidy.load import open_store
from trialkit.tidy.stored import StoredTable


def states(data):
    """Return the completeness as {(field, trial): state}."""
    frame = summarize.completeness(data)
    keys = zip(frame["field"], frame["trial_id"], strict=True)
    return dict(zip(keys, frame["state"].astype(str), strict=True))


def test_states_of_the_seeds():
    found = states(seeds())
    assert found["Phase", MUSCLE] == "Lay source only"
    assert found["Phase", REACTOR] == "Stated"
    assert found["Start date", REACTOR] == "Positional"
    assert found["Recruitment status", ROUTES] == "Conflict"
    assert found["Conditions", REACTOR] == "Conflict"
    assert found["Donor relation", ROUTES] == "Inferred"
    assert found["Donor relation", BAL] == "Not stated"
    assert found["Arms", MUSCLE] == "Not stated"
    assert found["Route", MUSCLE] == "Lay source only"
    assert found["Dose", BAL] == "Stated"
    assert "Not applicable" not in found.values()


def test_fields_are_ordered_best_filled_first_and_trials_by_start():
    frame = summarize.completeness(seeds())
    counts = frame.drop_duplicates("field")["n_stated"].tolist()
    assert counts == sorted(counts, reverse=True)
    assert list(frame["trial_id"].cat.categories) == [REACTOR, ROUTES, BAL, MUSCLE]
    assert len(frame) == 4 * frame["field"].nunique()


def test_an_inferred_donor_is_not_counted_as_stated():
    frame = summarize.completeness(seeds())
    assert frame.loc[frame["field"] == "Donor relation", "n_stated"].unique() == [0]


def test_a_trial_without_cells_has_cell_fields_that_do_not_apply():
    drug = {"trial_id": "NCT1", "is_cell_trial": False}
    found = states(made(trials=[drug, {"trial_id": "NCT2"}]))
    assert found["Route", "NCT1"] == "Not applicable"
    assert found["Phase", "NCT1"] == "Not stated"


def test_where_no_trial_gives_cells_the_fields_on_cells_are_left_out():
    found = states(made(trials=[{"trial_id": "NCT1", "is_cell_trial": False}]))
    assert ("Route", "NCT1") not in found
    assert found["Phase", "NCT1"] == "Not stated"


def test_injection_without_a_site_does_not_state_a_route():
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="PARENTERAL"),
    )
    assert states(data)["Route", "NCT1"] == "Not stated"


def test_masking_none_and_zero_participants_are_stated():
    data = made(trials=[{"trial_id": "NCT1", "masking": "NONE", "enrollment": 0}])
    found = states(data)
    assert (found["Masking", "NCT1"], found["Enrollment", "NCT1"]) == ("Stated",) * 2


def test_both_values_of_a_conflict_are_kept_with_source_and_date():
    frame = summarize.conflicts(seeds())
    first = frame[frame["trial_id"] == REACTOR].iloc[0].to_dict()
    assert first == {
        "trial_id": REACTOR,
        "field": "conditions",
        "value_a": "Liver Failure",
        "source_a": "mirror.example",
        "date_a": "2025-04-01",
        "value_b": "Acute Liver Failure; Liver Failure",
        "source_b": "rewrites.example",
        "date_b": "2026-06-27",
        "chosen": "Liver Failure; Acute Liver Failure",
        "rule": "names other conditions",
    }
    assert (frame.attrs["n_trials"], frame.attrs["n_flagged"]) == (4, 2)


def test_a_status_word_in_a_facility_name_stands_against_the_overall_status():
    frame = summarize.conflicts(seeds())
    row = frame[frame["trial_id"] == ROUTES].iloc[0]
    assert (row["field"], row["value_a"], row["value_b"]) == (
        "site_status",
        "NOT_YET_RECRUITING",
        "Recruiting",
    )


def test_evidence_reads_in_words_and_keeps_the_quote():
    frame = summarize.evidence(seeds(), BAL)
    row = frame[frame["axis"] == "route"].iloc[0]
    assert (row["label"], row["value"], row["quote"], row["arm_label"]) == (
        "Extracorporeal, bioartificial liver (hepatic cells)",
        "EC.bal",
        "our EC.bal words",
        "Bioartificial liver",
    )
    assert set(frame["trial_id"]) == {BAL}
    assert "Not stated" in set(frame["label"])
    enter = frame[frame["axis"] == "cells_enter_body"].iloc[0]
    assert (enter["label"], enter["value"]) == ("No", "false")


def test_evidence_of_an_unknown_trial_is_an_error():
    with pytest.raises(ParameterError, match="NCT99999999"):
        summarize.evidence(seeds(), "NCT99999999")


def test_no_trials():
    assert summarize.completeness(empty()).empty
    assert summarize.conflicts(empty()).empty
    assert summarize.evidence(empty()).empty


def test_windows_paths_give_file_names():
    source = {"source_id": "S1", "path": "C:\\trials\\one.json", "kind": "registry"}
    statement = {
        "trial_id": "NCT1",
        "field": "phase",
        "value": "PHASE1",
        "source_id": "S1",
        "is_chosen": False,
        "is_conflict": True,
    }
    data = made(trials=[{"trial_id": "NCT1"}], sources=[source], statements=[statement])
    row = summarize.conflicts(data).iloc[0]
    assert row["source_b"] == "one.json"
    assert pd.isna(row["value_a"])


def test_completeness_reads_no_values_of_statements(tmp_path, monkeypatch):
    """They are the long texts of a trial once more."""
    asked = set()
    read = StoredTable.read

    def noted(self, names=None):
        asked.update((self.file.stem, name) for name in names or self.names)
        return read(self, names)

    data = example_trials()
    store = open_store(data.save(tmp_path / "store"))
    monkeypatch.setattr(StoredTable, "read", noted)
    found, wanted = (summarize.completeness(one) for one in (store, data))
    assert_frame_equal(found, wanted)
    assert ("statements", "basis") in asked
    assert ("statements", "value") not in asked
