"""Words without a level: one list, one group in figures, no letter of their own."""

from __future__ import annotations

import pandas as pd
import pytest

import trialkit as tk
from tests.examples import example_trials
from trialkit import figures, tables
from trialkit.figures.draw.marks import status_key, status_of
from trialkit.summarize.wording import word

HEAD = "TrialID,Public_title,Recruitment_Status,Phase,Date_enrollement,Inclusion_gender"
ROWS = (
    "ChiCTR2400000001,a,Not Recruiting,0,2020-01-01,Both",
    "ChiCTR2400000002,b,Not recruiting,Retrospective study,soon,Both",
    "ChiCTR2400000003,c,Not recruiting,Phase 3/Phase 4,2020-01-01,someone",
    "ChiCTR2400000004,d,Recruiting,Phase 1,2020-01-01,-",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("records") / "export.csv"
    path.write_text("\n".join([HEAD, *ROWS]), encoding="utf-8")
    return tk.load(path)


def counts(data, by):
    made = tk.count(data, by=by)
    return dict(zip(made[by].astype(str), made["n"], strict=True))


def test_unread_words_stand_once_in_a_list(data):
    kept = "kept as written: no level is known for it"
    made = tk.summarize.unread(data)
    assert made[["field", "value", "note", "n_trials"]].to_numpy().tolist() == [
        ["overall_status", "Not recruiting", kept, 3],
        ["phase", "0", kept, 1],
        ["phase", "Retrospective study", kept, 1],
        ["sex", "someone", kept, 1],
        ["start_date", "soon", "not a date", 1],
    ]
    assert made.attrs["n_flagged"] == 3
    assert tk.summarize.conflicts(data).empty


def test_figures_count_words_without_a_level_as_one_group(data):
    assert counts(data, "overall_status") == {
        "RECRUITING": 1,
        "Other wording": 3,
        "Not stated": 0,
    }
    assert counts(data, "phase_group") == {
        "1": 1,
        "3/4": 1,
        "Other wording": 2,
        "Not stated": 0,
    }
    assert counts(data, "phase")["PHASE3/PHASE4"] == 1
    assert counts(data, "sex") == {"ALL": 2, "Other wording": 1, "Not stated": 1}
    # The words themselves stay in the table.
    assert data.trials["phase"].tolist()[0] == "0"


def test_phases_that_the_registry_does_not_join_are_told_in_words():
    assert word("PHASE3/PHASE4", "phase") == "Phase 3/4"
    assert word("3/4", "phase_group") == "Phase 3/4"
    assert word("Other wording", "phase_group") == "Other wording"


def test_words_without_a_level_have_the_letter_of_other_wording():
    assert status_of("Not recruiting") == ("O", "other wording")
    assert status_of(pd.NA) == status_of("Not stated") == ("–", "status not stated")
    values = pd.Series([None, "Authorised", "RECRUITING"])
    assert status_key(values) == "R recruiting, O other wording, – status not stated"


def test_a_grid_of_phases_has_a_column_for_groups_that_are_none():
    frame = pd.DataFrame(
        {"phase_group": ["1", "Other wording"], "route_group": "Oral", "n": [1, 2]}
    )
    texts = [t.get_text() for t in figures.phase_by_route(frame).texts]
    assert texts[1:5:2] == ["Phase 1", "Other\nwording"]


def test_a_status_in_own_words_cannot_be_out_of_date(tmp_path):
    head = "TrialID,Public_title,Recruitment_Status,Results_date_completed"
    rows = (
        "ChiCTR2400000001,a,Not recruiting,2019-01-01",
        "ChiCTR2400000002,b,Recruiting,2019-01-01",
    )
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    made = tk.summarize.stale_records(tk.load(tmp_path), as_of="2024-01-01")
    assert made["trial_id"].tolist() == ["ChiCTR2400000002"]


def test_the_report_lists_unread_words(data):
    table = tables.unread(data, as_of="2024-01-01")
    assert [row[1] for row in table.rows] == [
        "Not recruiting",
        "0",
        "Retrospective study",
        "someone",
        "soon",
    ]
    assert "N = 5 in 3 of 4 trials" in table.caption
    none = tables.unread(example_trials(), as_of="2026-06-30")
    assert not none.rows
