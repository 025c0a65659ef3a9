"""A field that no code knows: inhalers, described by vocabularies alone."""

import json

import pytest

import trialkit as tk

VOCABULARIES = {
    "inhaler": (
        "id,label,parent,group,phrases,not_phrases,yields_to,gate\n"
        "ANY,Inhaler of any kind,,Not told which,inhaler*,inhaler technique*,*,inhal\n"
        "DPI,Dry powder inhaler,,Powder,dry powder inhaler*|=DPI|=DPIs,,,\n"
        "CAPS,Capsule inhaler,DPI,Powder,capsule inhaler*,,,\n"
        "MDI,Pressurised inhaler,,Spray,metered dose inhaler*|=pMDI,,,nebul\n"
    ),
    "propellant": (
        "id,label,code_system,code,phrases\n"
        "R134A,Norflurane,CAS,811-97-2,hfa 134a|norflurane\n"
        "R152A,Difluoroethane,CAS,75-37-6,hfa 152a\n"
    ),
}
STUDIES = {
    "NCT09990011": {
        "identificationModule": {"briefTitle": "Two inhalers in asthma"},
        "descriptionModule": {
            "briefSummary": "Powder inhalers are common. Patients will be taught"
            " inhaler technique. In this study the spray is driven by HFA-152a."
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Powder",
                    "description": "a dry-powder inhaler; this inhaler once",
                },
                {"label": "Spray", "description": "pMDI, without norflurane"},
                {"label": "Capsules", "description": "a DPI: the capsule inhaler"},
                {"label": "Usual care"},
            ]
        },
    },
    "NCT09990012": {
        "identificationModule": {"briefTitle": "Tablets in asthma"},
        "armsInterventionsModule": {"armGroups": [{"label": "Tablets"}]},
    },
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inhalers")
    for axis, text in VOCABULARIES.items():
        (folder / f"{axis}.csv").write_text(text)
    for trial_id, modules in STUDIES.items():
        section = json.loads(json.dumps(modules))
        section["identificationModule"]["nctId"] = trial_id
        path = folder / f"{trial_id}.json"
        path.write_text(json.dumps({"protocolSection": section}))
    return tk.load(
        [folder / f"{trial_id}.json" for trial_id in STUDIES],
        vocabularies=[folder / f"{axis}.csv" for axis in VOCABULARIES],
    )


def rows(data, axis, trial_id="NCT09990011"):
    found = data.labels
    return found[(found.axis == axis) & (found.trial_id == trial_id)]


def test_each_arm_has_its_own_terms_the_most_exact_ones(data):
    found = rows(data, "inhaler")[["arm_id", "value"]].to_numpy().tolist()
    assert found == [["A1", "DPI"], ["A2", "MDI"], ["A3", "CAPS"], ["A4", "ANY"]]


def test_what_an_arm_does_not_say_the_studys_own_sentence_tells(data):
    found = rows(data, "propellant")
    assert set(found["value"]) == {"R152A"}
    assert set(found["code"]) == {"75-37-6"}
    assert set(found["section"]) == {"brief_summary"}
    assert set(found["quote"]) == {"In this study the spray is driven by HFA-152a."}


def test_every_label_quotes_the_stored_text(data):
    modules = STUDIES["NCT09990011"]
    texts = [modules["identificationModule"]["briefTitle"]]
    texts += [
        arm.get("description", "")
        for arm in modules["armsInterventionsModule"]["armGroups"]
    ]
    found = rows(data, "inhaler")
    for row, text in zip(found.itertuples(), [*texts[1:4], texts[0]], strict=True):
        assert text[row.start : row.end] == row.quote != ""
    assert found["rule_id"].str.startswith("vocabulary:inhaler:").all()


def test_a_trial_that_names_no_word_of_the_gate_is_not_labelled_on_the_axis(data):
    assert rows(data, "inhaler", "NCT09990012").empty
    assert set(rows(data, "propellant", "NCT09990012")["value"]) == {"NOT_STATED"}


def test_the_field_has_no_cells(data):
    assert not data.trials["is_cell_trial"].any()
    assert set(data.labels.loc[data.labels.axis == "route", "value"]) == {"NONE"}
    assert not {"cell_type", "cell_source", "donor"} & set(data.labels["axis"])


def test_tables_show_the_words_of_the_field(data):
    made = tk.table.TABLES["own_labels"](data, as_of="2026-11-22").frame
    assert {"Dry powder inhaler", "Difluoroethane"} <= set(made["label"])
    assert set(data.terms["axis"]) == set(VOCABULARIES)
