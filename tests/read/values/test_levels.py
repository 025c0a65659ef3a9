"""A register's words to the levels that every table uses."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.codebook import codebook
from trialkit.dates import age_years
from trialkit.read.values.levels import (
    folded,
    known,
    level,
    masking,
    own_level,
    says_nothing,
)
from trialkit.read.values.numbers import age, count, read_age, read_count

CODED = {
    item.column: item.levels
    for columns in codebook().values()
    for item in columns.values()
    if item.levels
}
COLUMNS = (
    "overall_status",
    "study_type",
    "phase",
    "allocation",
    "masking",
    "sex",
    "enrollment_type",
    "arm_type",
    "intervention_type",
    "sponsor_class",
    "organization_class",
)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_level_of_the_codebook_names_itself_in_any_dress(column):
    for name in CODED[column]:
        assert level(column, name) == name
        assert level(column, name.replace("_", " ").title()) == name


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("overall_status", "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("overall_status", "Enrolling by invitation", "ENROLLING_BY_INVITATION"),
        ("overall_status", "Unknown status", "UNKNOWN"),
        ("overall_status", "Zhujiang hospital", None),
        ("overall_status", "Not recruiting", None),
        ("overall_status", "Pending", "NOT_YET_RECRUITING"),
        ("overall_status", "Recruiting planned", "NOT_YET_RECRUITING"),
        ("overall_status", "Open public recruiting", "RECRUITING"),
        ("overall_status", "正在进行", "RECRUITING"),
        (
            "overall_status",
            "Recruiting complete, follow-up continuing",
            "ACTIVE_NOT_RECRUITING",
        ),
        ("overall_status", "Complete", "COMPLETED"),
        ("overall_status", "Prematurely Ended", "TERMINATED"),
        ("overall_status", "Temporary halt", "SUSPENDED"),
        ("last_known_status", "Suspending", "SUSPENDED"),
        ("site_status", "Stopped early", "TERMINATED"),
        ("overall_status", "Not applicable", None),
        ("allocation", "N/A", "NA"),
        ("allocation", "Non-Randomized", "NON_RANDOMIZED"),
        ("intervention_model", "Single Group Assignment", "SINGLE_GROUP"),
        ("intervention_model", "Crossover Assignment", "CROSSOVER"),
        ("masking", "None (Open Label)", "NONE"),
        ("masking", "NA", None),
        ("primary_purpose", "Device Feasibility", "DEVICE_FEASIBILITY"),
        ("enrollment_type", "Anticipated", "ESTIMATED"),
        ("start_date_type", "Anticipated", "ESTIMATED"),
        ("sponsor_class", "U.S. Fed", "FED"),
        ("organization_class", "U.S. Fed", "FED"),
        ("study_type", "Interventional study", "INTERVENTIONAL"),
        ("sex", "Both", "ALL"),
        ("sex", "Both, male and female", "ALL"),
        ("sex", "Male / Female", "ALL"),
        ("sex", "M/F", "ALL"),
        ("sex", "<br>Female: yes<br>Male: yes<br>", "ALL"),
        ("sex", "Female: no Male: yes", "MALE"),
        ("sex", "男女均可", "ALL"),
        ("sex", "女性", "FEMALE"),
        ("sex", "-", None),
        ("time_perspective", "p", None),
    ],
)
def test_a_registers_word_is_a_level_where_it_means_one(column, text, value):
    assert level(column, text) == value


def test_an_unknown_word_is_kept_and_nothing_stays_nothing():
    assert known("overall_status", " Half  open ") == "Half open"
    assert known("overall_status", "Not Recruiting") == "Not Recruiting"
    assert known("phase", "0") == "0"
    for text in ("  ", None, "NULL", "Not provided", "-", "??", "Not applicable"):
        assert known("overall_status", text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("NA", "NA"),
        ("N/A", "NA"),
        ("Not Applicable", "NA"),
        ("Early Phase 1", "EARLY_PHASE1"),
        ("EARLY_PHASE1", "EARLY_PHASE1"),
        ("Phase 0", "EARLY_PHASE1"),
        ("Phase 1", "PHASE1"),
        ("Phase1", "PHASE1"),
        ("PHASE1|PHASE2", "PHASE1/PHASE2"),
        ("PHASE2, PHASE3", "PHASE2/PHASE3"),
        ("Phase 1 / Phase 2", "PHASE1/PHASE2"),
        ("Phase II/III", "PHASE2/PHASE3"),
        ("IIa", "PHASE2"),
        ("1b", "PHASE1"),
        ("1/2a", "PHASE1/PHASE2"),
        ("Ⅱ", "PHASE2"),
        ("Ⅱ期", "PHASE2"),
        ("II期临床试验", "PHASE2"),
        ("二期", "PHASE2"),
        ("第Ⅱ相", "PHASE2"),
        ("ＰＨＡＳＥ　３", "PHASE3"),
        ("PHASE II TRIAL", "PHASE2"),
        ("2-3", "PHASE2/PHASE3"),
        ("4", "PHASE4"),
        ("Therapeutic exploratory (Phase II)", "PHASE2"),
        ("Human Pharmacology (Phase I)- First administration to humans", "PHASE1"),
        ("Phase I and Phase II (Integrated)- Other", "PHASE1/PHASE2"),
        (
            "Human pharmacology (Phase I): yes Therapeutic exploratory (Phase II): yes "
            "Therapeutic confirmatory - (Phase III): no Therapeutic use (Phase IV): no",
            "PHASE1/PHASE2",
        ),
        ("Human pharmacology (Phase I): no", None),
        ("PHASE1/PHASE4", "PHASE1/PHASE4"),
        ("1-4", None),
        ("0", None),
        ("12", None),
        ("1.2", None),
        ("Retrospective study", None),
        ("New Treatment Measure Clinical Study", None),
        ("Phase 1 of the building", None),
        ("Post Marketing Surveillance", None),
        ("NULL", None),
    ],
)
def test_phases_are_told_apart_in_every_spelling(text, value):
    assert level("phase", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("None (Open Label)", ("NONE", ())),
        ("SINGLE (PARTICIPANT)", ("SINGLE", ("PARTICIPANT",))),
        ("Double", ("DOUBLE", ())),
        (
            "Double Blind (Subject, Caregiver)",
            ("DOUBLE", ("PARTICIPANT", "CARE_PROVIDER")),
        ),
        ("", (None, ())),
    ],
)
def test_masking_and_who_are_told_apart(text, value):
    assert masking(text) == value


@given(st.sampled_from(sorted(CODED)), st.text(max_size=60))
def test_no_text_stops_the_normaliser_and_its_levels_stay_themselves(column, text):
    found = level(column, text)
    assert level(column, found) == found
    assert known(column, known(column, text)) == known(column, text)
    assert found is None or set(found.split("/")) <= set(CODED[column])


PIECES = st.sampled_from(
    "phase Phase early PHASE1 I II IV 1 2b 3 0 a / - and ( ) , yes no : trial 期 Ⅱ _ "
    "year Years M 6 18 0.5 d W of age >= about 1,200 patients e+05 . <br> NA".split()
)


@given(st.lists(PIECES, max_size=8).map(" ".join) | st.text(max_size=80))
def test_ages_counts_and_phases_of_any_text_are_sound(text):
    found = level("phase", text)
    assert found is None or level("phase", found) == found
    years = age(text)
    assert years is None or (age(years) == years and age_years(years) is not None)
    number = count(text)
    assert number is None or (count(str(number)) == number and 0 <= number <= 10**10)
    for read in (read_age, read_count):
        read("maximum_age", text, [])


@pytest.mark.parametrize(
    "piece",
    ["phase 1 ", "1/", "(phase i): no ", "6 M ", "1,2", "9", "<b", "early ", "of age "],
)
def test_a_long_text_takes_no_time(piece):
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    for column in COLUMNS:
        known(column, text)
    says_nothing(text), masking(text), age(text)
    read_age("minimum_age", text, [])
    read_count("enrollment", text, [])
    assert time.process_time() - start < 1


def test_words_are_compared_in_one_width_and_case_without_tags():
    assert folded("<br>Ｐｈａｓｅ　Ⅱ") == "phase ii"


def test_a_line_without_its_label_must_begin_with_the_level_itself():
    model = "intervention_model"
    assert own_level(model, "Single Group Assignment") == "SINGLE_GROUP"
    assert own_level(model, "SINGLE") is None


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("NULL", True), ("-", True), ("Not provided", True), ("N/A", False), ("0", False)],
)
def test_a_mark_for_nothing_is_told_from_a_value(text, nothing):
    assert says_nothing(text) == nothing
