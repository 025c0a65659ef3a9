"""The tables of a set of trials: complete columns, one row per id, nothing lost."""

import re

import pandas as pd
import pytest

from trialkit.codebook import codebook, columns_of
from trialkit.errors import ParameterError, TrialDataError
from trialkit.record import (
    Arm,
    Excluded,
    Identifier,
    Intervention,
    PartialDate,
    Record,
    Site,
    Source,
    Sponsor,
)
from trialkit.tidy.load import from_records
from trialkit.tidy.trials import Trials


def make(*records, **options):
    return from_records(records, labels=False, **options)


ONE = Record(
    trial_id="NCT00000001",
    source_id="a",
    registry="ClinicalTrials.gov",
    brief_title="Cells for acute liver failure",
    phase="PHASE1/PHASE2",
    overall_status="RECRUITING",
    enrollment=0,
    enrollment_type="ACTUAL",
    start_date=PartialDate(date="2024-02", type="ACTUAL"),
    minimum_age="6 Months",
    conditions=("Liver Failure, Acute",),
    arms=(
        Arm(arm_label="Cells", arm_type="EXPERIMENTAL", interventions=("Drug: Cells",)),
        Arm(arm_label="Control", arm_type="NO_INTERVENTION"),
    ),
    interventions=(
        Intervention(intervention_type="DRUG", name="Cells"),
        Intervention(name="Care", arm_labels=("Cells", "Control")),
    ),
    sponsors=(
        Sponsor(name="A Hospital", sponsor_class="OTHER"),
        Sponsor(name="A Company", sponsor_class="INDUSTRY", role="collaborator"),
    ),
    sites=(Site(facility="A Hospital", city="Lyon", country="France"),),
)
BARE = Record(trial_id="NCT00000002", source_id="b")


@pytest.mark.parametrize("records", [(), (ONE,), (ONE, BARE)])
def test_every_table_has_its_columns_for_0_1_and_n_records(records):
    data = make(*records)
    for name, frame in data.tables():
        assert list(frame.columns) == list(columns_of(name)), name
        for column in columns_of(name).values():
            assert str(frame[column.column].dtype) == column.dtype, column


def test_a_bare_record_has_missing_values_and_no_invented_ones():
    trial = make(BARE).trials.iloc[0]
    for column in codebook()["trials"].values():
        if not column.is_derived and column.column != "trial_id":
            assert pd.isna(trial[column.column]), column.column
    assert trial["phase_group"] == "Not stated"
    assert trial["n_arms"] == 0


def test_trials_keep_zero_enrollment_and_date_precision():
    trial = make(ONE).trials.iloc[0]
    assert trial["enrollment"] == 0
    assert trial["start_date"] == "2024-02"
    assert trial["start_date_precision"] == "month"
    assert trial["start_date_latest"] == pd.Timestamp("2024-02-29")
    assert trial["minimum_age_years"] == 0.5
    assert pd.isna(trial["maximum_age_years"])


def test_phases_stay_five_different_things():
    phases = ["EARLY_PHASE1", "PHASE1", "PHASE1/PHASE2", "NA", None]
    data = make(
        *(Record(trial_id=f"NCT0000000{i}", phase=p) for i, p in enumerate(phases))
    )
    assert data.trials["phase_group"].tolist() == [
        "Early 1",
        "1",
        "1/2",
        "NA",
        "Not stated",
    ]
    assert data.trials["phase"].isna().tolist() == [False] * 4 + [True]


def test_arms_link_to_interventions_from_either_side():
    data = make(ONE)
    links = data.arm_interventions[["arm_id", "intervention_id"]].to_numpy().tolist()
    assert links == [["A1", "I1"], ["A1", "I2"], ["A2", "I2"]]


def test_a_record_without_arms_has_one_implicit_arm():
    arms = make(BARE).arms
    assert arms[["arm_id", "is_implicit"]].to_numpy().tolist() == [["A1", True]]


def test_sponsors_keep_their_roles_and_the_lead_is_on_the_trial():
    data = make(ONE)
    assert data.sponsors["role"].tolist() == ["lead", "collaborator"]
    assert data.trials["lead_sponsor"].item() == "A Hospital"


def test_statements_hold_every_value_of_every_source():
    data = make(ONE)
    said = data.statements.set_index("field")["value"]
    assert said["phase"] == "PHASE1/PHASE2"
    assert said["enrollment"] == "0"
    assert said["sites"] == "A Hospital, Lyon, France"
    assert data.statements["is_chosen"].all()


def test_sources_count_the_expected_fields_they_state():
    source = Source(source_id="b", path="b.json")
    assert make(BARE, sources=[source]).sources["n_fields"].tolist() == [0]
    source = Source(source_id="a", path="a.json")
    assert make(ONE, sources=[source]).sources["n_fields"].tolist() == [12]


def test_excluded_names_file_record_and_reason():
    data = make(
        ONE,
        sources=[Source(source_id="x", path="x.json")],
        excluded=[Excluded(source_id="x", record="7", reason="no id")],
    )
    assert data.excluded.to_numpy().tolist() == [["x", "x.json", "7", "no id"]]


def test_two_rows_of_one_trial_are_refused():
    trials = make(ONE).trials
    with pytest.raises(TrialDataError, match=r"more than one row.*NCT00000001"):
        Trials({"trials": pd.concat([trials, trials])})


def test_select_counts_what_is_missing_apart_from_what_differs():
    other = Record(trial_id="NCT00000003", phase="PHASE3")
    data = make(ONE, BARE, other).select(phase="PHASE1/PHASE2")
    assert data.trials["trial_id"].tolist() == ["NCT00000001"]
    assert data.selection.to_numpy().tolist() == [
        [1, "phase: PHASE1/PHASE2", 3, 1, 1, 1],
    ]
    assert dict(data.excluded[["record", "reason"]].to_numpy().tolist()) == {
        "NCT00000002": "phase: PHASE1/PHASE2: not stated",
        "NCT00000003": "phase: PHASE1/PHASE2: does not apply",
    }


def test_select_keeps_all_rows_of_the_trials_it_keeps_and_changes_nothing():
    data = make(ONE, BARE)
    chosen = data.select(condition="ACUTE liver")
    assert len(chosen.arms) == 2
    assert len(data) == 2
    assert data.selection.empty


def test_select_by_country_reads_the_sites_and_not_the_sponsor():
    data = make(ONE, BARE)
    assert len(data.select(country="France")) == 1
    with pytest.raises(ParameterError, match="country has no 'Lyon'"):
        data.select(country="Lyon")


def test_select_refuses_an_empty_filter():
    with pytest.raises(ParameterError, match="phase=\\[\\] is empty"):
        make(ONE).select(phase=[])


def test_select_on_no_trials_gives_no_trials():
    assert len(make().select(condition="liver", phase="NA", cell_trials=True)) == 0


def test_a_condition_keeps_the_basis_of_the_record_that_names_it():
    title = Record(
        trial_id="NCT00000001",
        source_id="m",
        conditions=("Liver Failure",),
        basis={"conditions": "derived"},
    )
    lay = Record(
        trial_id="NCT00000001",
        source_id="l",
        conditions=("acute liver failure",),
        basis={"conditions": "stated-lay"},
    )
    sources = [
        Source(source_id="m", path="m", kind="mirror"),
        Source(source_id="l", path="l", kind="lay"),
    ]
    conditions = make(lay, title, sources=sources).conditions
    assert conditions[["condition", "basis"]].to_numpy().tolist() == [
        ["Liver Failure", "derived"],
        ["acute liver failure", "stated-lay"],
    ]


def test_the_registrys_groups_of_conditions_stand_in_each_row_of_a_trial():
    branches = ("Digestive System Diseases", "Infections")
    told = Record(
        trial_id="NCT00000001",
        source_id="a",
        conditions=("Hepatitis B", "Cirrhosis"),
        condition_branches=branches,
    )
    bare = Record(trial_id="NCT00000002", source_id="a", conditions=("Cirrhosis",))
    conditions = make(told, bare).conditions
    assert conditions[["trial_id", "registry_groups"]].to_numpy().tolist() == [
        ["NCT00000001", "; ".join(branches)],
        ["NCT00000001", "; ".join(branches)],
        ["NCT00000002", pd.NA],
    ]


def test_every_table_is_among_the_attributes_that_an_editor_offers():
    assert {*codebook(), "select", "save"} <= {*dir(make(ONE))}


def test_the_text_of_trials_says_what_they_hold():
    data = make(ONE, BARE)
    assert repr(data) == ("Trials: 2 trials, 3 arms, 0 labels, 0 sources, 0 set aside")
    assert len(data) == 2


def test_a_notebook_shows_counts_and_the_first_rows():
    data = make(*(Record(trial_id=f"NCT0000000{n}") for n in range(7)))
    shown = data._repr_html_()
    assert repr(data) in shown
    assert "NCT00000004" in shown
    assert "NCT00000005" not in shown
    assert "and 2 more trials" in shown


def test_a_notebook_shows_text_of_a_record_as_text():
    shown = make(Record(trial_id="X", brief_title="<b>a\u202eb"))._repr_html_()
    assert "&lt;b&gt;ab" in shown
    assert "<b>" not in shown


def test_a_notebook_takes_no_dollar_signs_for_a_formula():
    shown = make(Record(trial_id="X", brief_title="Costs $5 to $9"))._repr_html_()
    assert "Costs $5 to $9" in shown
    assert re.search(r'<table [^>]*class="[^"]*mathjax_ignore', shown)


@pytest.mark.parametrize("text", ["NCT00000001", "nct 00000001", "NCT00000009"])
def test_an_id_in_any_spelling_is_in_the_trials(text):
    former = Identifier(id="NCT00000009", id_type="nct_alias")
    data = make(Record(trial_id="NCT00000001", identifiers=(former,)))
    assert text in data
    assert len(data.select(ids=text)) == 1


@pytest.mark.parametrize("other", ["NCT00000002", "liver", "", 1, None])
def test_what_names_no_trial_is_not_in_the_trials(other):
    assert other not in make(ONE)
