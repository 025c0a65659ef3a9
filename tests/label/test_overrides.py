"""A person's corrections: applied last, visible, and never lost without a word."""

import json
import re

import pandas as pd
import pytest

import trialkit as tk
from trialkit.errors import ParameterError, TrialDataError
from trialkit.tables import TABLES
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow

TRIAL = "NCT01218464"
HEADER = "trial_id,arm_id,axis,value,reason,decided_by,date\n"


@pytest.fixture
def record():
    return example_path() / f"{TRIAL}.json"


@pytest.fixture
def corrected(tmp_path, record):
    """Load one trial with rows of an overrides file."""

    def load(*rows, header=HEADER):
        path = tmp_path / "own.csv"
        path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return tk.load(record, overrides=path)

    return load


def row(arm, axis, value, reason="read the paper"):
    return f"{TRIAL},{arm},{axis},{value},{reason},A. Reader,2026-11-22"


def values(data, arm, axis):
    rows = data.labels[(data.labels.arm_id == arm) & (data.labels.axis == axis)]
    return rows[["value", "basis"]].to_numpy().tolist()


def test_a_correction_replaces_the_values_of_one_axis_of_one_arm(corrected, record):
    before = tk.load(record)
    data = corrected(row("A1", "cell_source", "WJ; CB"))
    assert values(before, "A1", "cell_source") == [["UC", "stated"]]
    assert values(data, "A1", "cell_source") == [["WJ", "override"], ["CB", "override"]]
    assert data.trials.cell_sources.item() == "WJ; CB"
    assert values(data, "A1", "route") == values(before, "A1", "route")


def test_a_correction_is_listed_with_what_it_replaced(corrected):
    data = corrected(row("A1", "donor", "ALLO"))
    one = data.overrides.iloc[0]
    assert one[
        ["axis", "value", "replaced", "reason", "decided_by", "line"]
    ].tolist() == [
        "donor",
        "ALLO",
        "NOT_STATED",
        "read the paper",
        "A. Reader",
        2,
    ]
    assert "read the paper" in TABLES["overrides"](data, as_of="2026-11-22").markdown()
    told = tk.report.methods(data, as_of="2026-11-22")
    assert "1 label was decided by hand (the rules had said the same of 0)" in told
    same = corrected(row("A1", "donor", "NOT_STATED"))
    told = tk.report.methods(same, as_of="2026-11-22")
    assert "1 label was decided by hand (the rules had said the same of 1)" in told


def test_corrections_are_told_in_words(tmp_path, record):
    (tmp_path / "cell_source.csv").write_text(
        "id,label,phrases\nMOON,Moon rock,no such words\n"
    )
    rows = [
        row("A1", "cell_source", "MOON; OTHER:dust; UC"),
        row("A1", "cells_enter_body", "false"),
        row("A1", "donor", "ALLO"),
        row("A1", "perfusate", "plasma"),
    ]
    path = tmp_path / "own.csv"
    path.write_text(HEADER + "\n".join(rows))
    data = tk.load(
        record, vocabularies=tmp_path / "cell_source.csv", overrides=path
    ).select(cell_trials=True)
    shown = [
        [cell.replace("\\", "") for cell in line[1:4]]
        for line in TABLES["overrides"](data, as_of="2026-11-22").rows
    ]
    assert sorted(shown) == [
        ["Blood or plasma", "Separated plasma", "no label"],
        ["Cell source", "Moon rock; dust; Umbilical cord", "Umbilical cord"],
        ["Cells enter the body", "No", "Yes"],
        ["Donor relation", "Allogeneic", "Not stated"],
    ]
    assert "MOON; OTHER:dust; UC" in data.overrides["value"].tolist()


def test_a_decision_on_the_whole_trial_is_told_in_words(corrected):
    data = corrected(row("", "is_cell_trial", "no", "vesicles only"))
    (line,) = TABLES["overrides"](data, as_of="2026-11-22").rows
    assert [cell.replace("\\", "") for cell in line[1:4]] == ["Cell trial", "no", "yes"]


def test_a_stated_donor_takes_the_place_of_an_inferred_one(corrected):
    data = corrected(row("A1", "donor", "ALLO"))
    assert values(data, "A1", "donor_inferred") == []


def test_a_route_carries_the_delivery_mode_along(corrected):
    data = corrected(row("A1", "route", "EC.cell"), row("A2", "route", "IV"))
    assert values(data, "A1", "delivery_mode") == [["extracorporeal", "override"]]
    assert values(data, "A1", "cells_enter_body") == []
    assert values(data, "A2", "delivery_mode") == [["in_body", "override"]]


def test_an_arm_without_a_route_keeps_no_label_of_cells(corrected):
    data = corrected(row("A1", "route", "NONE"), row("A2", "route", "IV"))
    axes = set(data.labels.axis[data.labels.arm_id == "A1"])
    assert axes == {"route", "delivery_mode"}
    assert not data.doses.arm_id.eq("A1").any()


def test_a_trial_can_be_taken_out_of_the_cell_trials(corrected):
    data = corrected(row("", "is_cell_trial", "no", "vesicles only"))
    assert not data.trials.is_cell_trial.item()
    assert data.trials.cell_trial_reason.item() == "decided by A. Reader: vesicles only"
    assert set(data.labels.value) == {"NONE", "none"}
    assert len(data.select(cell_trials=True)) == 0


def test_a_decision_for_an_id_of_ones_own_has_its_code(tmp_path, record):
    (tmp_path / "route.csv").write_text(
        "id,label,code,phrases\nMYR,My way,X7,by my way\n", encoding="utf-8"
    )
    (tmp_path / "own.csv").write_text(
        f"{HEADER}{row('A1', 'route', 'MYR; IV')}\n", encoding="utf-8"
    )
    data = tk.load(
        record, vocabularies=[tmp_path / "route.csv"], overrides=tmp_path / "own.csv"
    )
    rows = data.labels[(data.labels.arm_id == "A1") & (data.labels.axis == "route")]
    assert rows[["value", "code"]].to_numpy().tolist() == [
        ["MYR", "X7"],
        ["IV", "C38276"],
    ]


def test_how_several_routes_relate_is_not_stated_unless_a_person_says_it(corrected):
    several = row("A1", "route", "IV; PV")
    assert corrected(several).trials.route_relation.isna().all()
    header = HEADER.replace("date", "date,relation")
    data = corrected(f"{several},sequence", header=header)
    assert data.trials.route_relation.tolist() == ["sequence_same_arm"]
    data = corrected(f"{row('A1', 'route', 'PV')},single", header=header)
    assert data.trials.route_relation.tolist() == ["single"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("route", "IV; PV", "single"), "line 2: relation 'single' does not fit"),
        (("route", "IV", "sequence"), "line 2: relation 'sequence' does not fit 'IV'"),
        (("donor", "ALLO", "single"), "line 2: relation says how several routes"),
    ],
)
def test_a_relation_that_does_not_fit_is_an_error(corrected, cells, message):
    axis, value, relation = cells
    header = HEADER.replace("date", "date,relation")
    with pytest.raises(TrialDataError, match=message):
        corrected(f"{row('A1', axis, value)},{relation}", header=header)


def test_a_star_means_every_arm_that_gets_cells(corrected):
    data = corrected(row("*", "donor", "AUTO"))
    assert data.overrides.arm_id.tolist() == ["A1"]


def test_a_row_without_a_value_is_not_decided_yet(corrected):
    data = corrected(f"{TRIAL},A1,route,,,,")
    assert data.overrides.empty


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("A1", "colour", "red"), "own.csv, line 2: no axis 'colour'"),
        (row("A1", "route", "VIA"), "'VIA' on axis route; did you mean IA?"),
        (row("A1", "route", "xyz"), "line 2: no value 'xyz' on axis route; it has IV"),
        (row("A1", "rute", "IV"), "line 2: no axis 'rute'; did you mean route?"),
        (row("A9", "route", "IV"), f"line 2: {TRIAL} has no arm A9, only A1, A2"),
        (row("", "route", "IV"), "line 2: no arm_id; write A1"),
        (row("A1", "is_cell_trial", "no"), "leave arm_id empty"),
        (row("A1", "route", "IV; IV"), "a value stands twice"),
        (row("A1", "route", "IV; NONE"), "these values exclude each other"),
        (row("A1", "route", "IV", ""), "line 2: no reason"),
        (
            f"{TRIAL},A1,route,IV,why,me,yesterday",
            "date 'yesterday' is not of the form",
        ),
        ("NCT00000000,A1,route,IV,why,me,2026-11-22", "no trial NCT00000000 is loaded"),
        (f"{TRIAL},A1,route", "line 2: more or fewer cells than the header"),
        (row("A2", "site", "portal_vein"), f"{TRIAL} A2 gets no cells by its labels"),
        (row("A1", "route", "NONE"), "no arm has a route; decide the route too"),
    ],
)
def test_a_wrong_row_is_named_with_file_and_line(corrected, line, message):
    with pytest.raises(TrialDataError) as caught:
        corrected(line)
    assert message in str(caught.value)


def test_all_wrong_rows_are_told_at_once(corrected):
    with pytest.raises(TrialDataError, match=r"line 2: no axis.*; line 3: no value"):
        corrected(row("A1", "colour", "red"), row("A1", "donor", "SELF"))


def test_two_decisions_on_one_thing_are_an_error(corrected):
    with pytest.raises(TrialDataError, match=r"line 3: .* is decided in .*line 2"):
        corrected(row("A1", "donor", "AUTO"), row("A1", "donor", "ALLO"))
    with pytest.raises(TrialDataError, match=r"line 3: .* A1 donor is decided by"):
        corrected(row("*", "donor", "AUTO"), row("A1", "donor", "ALLO"))


def test_a_file_without_the_columns_or_without_bytes_is_an_error(corrected, record):
    with pytest.raises(TrialDataError, match="no column reason, decided_by, date"):
        corrected(header="trial_id,arm_id,axis,value\n")
    with pytest.raises(TrialDataError, match="cannot read overrides"):
        tk.load(record, overrides="no such file.csv")


def test_corrections_need_labels(record):
    with pytest.raises(ParameterError, match="need labels=True"):
        tk.load(record, labels=False, overrides="own.csv")


def test_a_decision_made_in_a_notebook_is_written_and_applied(tmp_path, record):
    open_ones = tk.undecided(tk.load(record))
    donor = open_ones.index[open_ones.axis == "donor"][0]
    open_ones.loc[donor, ["value", "reason", "decided_by", "date"]] = [
        "ALLO",
        "read the paper",
        "me",
        "2026-11-22",
    ]
    path = tk.save_overrides(open_ones, tmp_path / "own.csv")
    assert values(tk.load(record, overrides=path), "A1", "donor") == [
        ["ALLO", "override"]
    ]


def decision(**cells):
    names, said = HEADER.strip().split(","), row("A1", "donor", "ALLO").split(",")
    return pd.DataFrame([{**dict(zip(names, said, strict=True)), **cells}])


@pytest.mark.parametrize("reason", ["- see protocol", "=1+1", "'quoted'", 'a, "b"'])
def test_a_written_decision_says_the_same_when_it_is_read(tmp_path, record, reason):
    path = tk.save_overrides(decision(reason=reason), tmp_path / "own.csv")
    assert tk.load(record, overrides=path).overrides["reason"].tolist() == [reason]


def test_a_decision_for_an_id_of_ones_own_is_written(tmp_path, record):
    own = tmp_path / "donor.csv"
    own.write_text("id,label,phrases\nTWIN,A twin,from a twin\n")
    decided = decision(value="TWIN")
    with pytest.raises(TrialDataError, match="no value 'TWIN' on axis donor"):
        tk.save_overrides(decided, tmp_path / "own.csv")
    terms = tk.load(record, vocabularies=[own]).terms
    path = tk.save_overrides(decided, tmp_path / "own.csv", terms=terms)
    data = tk.load(record, vocabularies=[own], overrides=path)
    assert values(data, "A1", "donor") == [["TWIN", "override"]]


def test_a_wrong_decision_is_not_written(tmp_path):
    columns = HEADER.strip().split(",")
    wrong = pd.DataFrame([[TRIAL, "A1", "donor", "ME", "r", "me", "2026-11-22"]])
    wrong.columns = columns
    target = re.escape(str(tmp_path / "own.csv"))
    with pytest.raises(TrialDataError, match=f"{target}, line 2: no value 'ME'"):
        tk.save_overrides(wrong, tmp_path / "own.csv")
    with pytest.raises(TrialDataError, match="nothing is decided"):
        tk.save_overrides(wrong.assign(value=""), tmp_path / "own.csv")
    assert list(tmp_path.iterdir()) == []


def test_what_a_person_decided_is_not_asked_again(corrected, record):
    asked = tk.undecided(tk.load(record))
    assert "donor" in set(asked["axis"])
    asked = tk.undecided(corrected(row("A1", "donor", "NOT_STATED")))
    assert "donor" not in set(asked["axis"])


def test_what_rules_leave_open_comes_with_sentences_they_did_not_take(tmp_path):
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT09990001", "briefTitle": "MSC study"},
            "descriptionModule": {
                "briefSummary": "Previous studies gave cells from bone marrow. "
                "In this study mesenchymal stem cells are infused."
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": "Cells", "interventionNames": ["Biological: MSC"]}
                ],
                "interventions": [{"type": "BIOLOGICAL", "name": "MSC"}],
            },
        }
    }
    path = tmp_path / "one.json"
    path.write_text(json.dumps(study))
    found = tk.undecided(tk.load(path)).set_index("axis")
    source = found.loc["cell_source"]
    expected = ["NOT_STATED", "BM", "Previous studies gave cells from bone marrow."]
    assert list(source[["labelled", "suggests", "sentence"]]) == expected
    assert found.loc[["donor"], "sentence"].isna().all()
    own = tmp_path / "donor.csv"
    own.write_text("id,label,phrases\nEARLIER,As before,previous studies\n")
    again = tk.undecided(tk.load(path, vocabularies=[own]))
    assert again.set_index("axis").loc["donor", "suggests"] == "EARLIER"
    assert found.value.isna().all()


def test_an_axis_of_ones_own_is_asked_about_where_an_arm_gets_cells(tmp_path):
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT09990001", "briefTitle": "MSC study"},
            "descriptionModule": {"briefSummary": "Previous studies used a pump."},
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": "One", "description": "mesenchymal stem cells by vein"},
                    {"label": "Two", "description": "mesenchymal stem cells by hand"},
                    {"label": "Three", "description": "saline, no cells"},
                ],
            },
        }
    }
    record, own = tmp_path / "one.json", tmp_path / "device_type.csv"
    record.write_text(json.dumps(study))
    own.write_text("id,label,phrases\nPUMP,Pump,a pump\nHAND,Hand,by hand\n")
    data = tk.load(record, vocabularies=own)
    asked = tk.undecided(data)
    asked = asked[asked["axis"] == "device_type"]
    assert asked[
        ["arm_id", "labelled", "suggests", "sentence"]
    ].to_numpy().tolist() == [
        ["A1", "NOT_STATED", "PUMP", "Previous studies used a pump."]
    ]
    decided = asked.assign(value="PUMP", reason="r", decided_by="me", date="2026-11-22")
    path = tk.save_overrides(decided, tmp_path / "own.csv", terms=data.terms)
    again = tk.load(record, vocabularies=own, overrides=path)
    assert values(again, "A1", "device_type") == [["PUMP", "override"]]
    assert "device_type" not in set(tk.undecided(again)["axis"])
