"""Areas of disease, from the registry's groups, MeSH terms or words of conditions."""

import pytest

from trialkit.files import data_rows
from trialkit.read.values.areas import area_names, areas_of

LIVER = "Digestive system and liver"


@pytest.mark.parametrize(
    ("condition", "areas"),
    [
        ("Decompensated Liver Cirrhosis", [LIVER]),
        ("Hepatocellular Carcinoma", ["Cancer", LIVER]),
        ("Portal Hypertension", [LIVER]),
        ("Pulmonary Arterial Hypertension", ["Heart and vessels", "Lungs and airways"]),
        ("Osteoarthritis, Knee", ["Joints, bones and muscles"]),
        ("COVID-19", ["Lungs and airways", "Infection"]),
        ("Ischemic Stroke", ["Heart and vessels", "Nervous system"]),
        ("Acute Myeloid Leukemia", ["Cancer", "Blood"]),
        ("Diabetic Foot", ["Skin", "Metabolism and hormones"]),
        ("Crohn’s Disease", [LIVER, "Immune system"]),
        ("ARDS", ["Lungs and airways"]),
        ("Premature Ovarian Failure", ["Sexual and reproductive organs"]),
        ("Chronic Pain", ["Symptoms and aging"]),
        ("Healthy", ["Healthy people"]),
        ("Mesenchymal Stem Cells", []),
        ("hards", []),
    ],
)
def test_a_condition_stands_in_the_areas_that_its_words_speak_of(condition, areas):
    assert list(areas_of([condition])) == areas


def test_an_area_is_not_taken_from_words_that_only_seem_to_speak_of_it():
    assert "Heart and vessels" not in areas_of(["Portal Hypertension"])
    assert areas_of(["Posttraumatic Stress Disorder"]) == ("Mental health",)


def test_capitals_of_an_abbreviation_are_meant():
    assert areas_of(["ALS"]) == ("Nervous system",)
    assert areas_of(["als"]) == ()


def test_the_mesh_terms_decide_before_the_words():
    mesh = ["Fibrosis", "Liver Diseases", "Digestive System Diseases"]

    assert areas_of(["Something of the heart"], mesh=mesh) == (LIVER,)


def test_a_mesh_term_without_an_area_leaves_it_to_the_words():
    assert areas_of(["Stroke"], mesh=["Disease"]) == areas_of(["Stroke"])


def test_the_groups_of_the_registry_decide_before_the_mesh_terms():
    mesh = ["Prostatic Neoplasms", "Neoplasms", "Endocrine System Diseases"]
    groups = ["Neoplasms", "All Conditions"]

    assert areas_of(["Cancer of the prostate"], mesh=mesh, branches=groups) == (
        "Cancer",
    )


def test_a_group_that_stands_for_several_areas_is_told_apart_by_the_mesh_terms():
    groups = ["Urinary Tract, Sexual Organs, and Pregnancy Conditions"]

    assert areas_of([], mesh=["Kidney Diseases"], branches=groups) == (
        "Kidney and urinary tract",
    )


def test_a_group_that_the_registry_derives_from_a_related_term_does_not_count():
    """The registry lists a trial on insomnia under skin, for a keyword of it."""
    groups = ["Nervous System Diseases", "Skin and Connective Tissue Diseases"]

    assert areas_of(["Insomnia"], branches=groups) == ("Nervous system",)


def test_groups_that_nothing_supports_are_better_than_none():
    assert areas_of(["Unheard of"], branches=["Eye Diseases"]) == ("Eye",)


def test_symptoms_are_an_area_only_where_a_trial_has_no_other():
    assert areas_of(["Back Pain", "Osteoarthritis"]) == ("Joints, bones and muscles",)


def test_spelling_case_and_punctuation_change_nothing():
    assert areas_of(["LIVER FAILURE; acute"]) == areas_of(["acute (liver) failure"])


TABLE = {row["area"]: row for row in data_rows("condition_areas.csv")}
PHRASES = [
    (area, phrase)
    for area, row in TABLE.items()
    for phrase in filter(None, row["phrases"].split("|"))
]


def test_every_phrase_of_the_table_finds_its_area():
    for area, phrase in PHRASES:
        words = phrase.removeprefix("=").split()
        text = " ".join(word.strip("*") or "x" for word in words)

        assert phrase.startswith("=") or phrase == phrase.lower(), phrase
        assert "*" not in text, f"{phrase}: a mark inside a word has no meaning"
        assert TABLE[area]["only_alone"] or area in areas_of([text]), phrase


def test_areas_have_a_name_each():
    assert len(set(area_names())) == len(area_names())
