"""Single values of pages: enumerations, counts, dates, places, numbers in prose."""

from __future__ import annotations

import pytest

from trialkit.sources.prose import enrollment_in, number_of, phase_in, written_date
from trialkit.sources.values import (
    age_of,
    count_of,
    date_of,
    enum_of,
    phase_of,
    place_of,
)


@pytest.mark.parametrize(
    ("column", "text", "level"),
    [
        ("overall_status", "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("overall_status", "Enrolling by invitation", "ENROLLING_BY_INVITATION"),
        ("overall_status", "Unknown status", "UNKNOWN"),
        ("overall_status", "Zhujiang hospital", None),
        ("allocation", "N/A", "NA"),
        ("allocation", "Non-Randomized", "NON_RANDOMIZED"),
        ("intervention_model", "Single Group Assignment", "SINGLE_GROUP"),
        ("masking", "None (Open Label)", "NONE"),
        ("masking", "NA", None),
        ("primary_purpose", "Device Feasibility", "DEVICE_FEASIBILITY"),
    ],
)
def test_enum_of_takes_the_levels_of_the_codebook(column, text, level):
    assert enum_of(column, text) == level


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("PHASE1", "PHASE1"),
        ("Phase 1/Phase 2", "PHASE1/PHASE2"),
        ("PHASE2, PHASE3", "PHASE2/PHASE3"),
        ("Phase II", "PHASE2"),
        ("EARLY_PHASE1", "EARLY_PHASE1"),
        ("Early Phase 1", "EARLY_PHASE1"),
        ("NA", "NA"),
        ("Not Applicable", "NA"),
        ("Phase 1 of the building", None),
        ("", None),
    ],
)
def test_phase_keeps_early_phase_1_combined_phases_and_na_apart(text, phase):
    assert phase_of(text) == phase


def test_count_takes_separators_and_a_type_where_one_is_said():
    assert count_of("12 participants") == (12, None)
    assert count_of("0 participants") == (0, None)
    assert count_of("1,240 participants (Anticipated)") == (1240, "ESTIMATED")
    assert count_of("8 participants ACTUAL") == (8, "ACTUAL")
    assert count_of("12 participants per arm, 24 in all") is None


def test_date_keeps_its_precision():
    texts = ["2025-12-01", "2025-12", "2025", "2025-13", "12/2025", "2025-12-01T00"]
    assert [date_of(text) for text in texts] == [*texts[:3], None, None, None]


def test_age_is_verbatim():
    assert age_of("18 Years") == "18 Years"
    assert age_of("1 Month") == "1 Month"
    assert age_of("N/A") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Beijing, , China", ("Beijing", None, None, "China")),
        ("Beijing, Province, 100050, China", ("Beijing", None, "100050", "China")),
        ("Oslo, Norway", ("Oslo", None, None, "Norway")),
        (
            "Toronto, Ontario, M5G 2C4, Canada",
            ("Toronto", "Ontario", "M5G 2C4", "Canada"),
        ),
        ("Paris 13, France", ("Paris 13", None, None, "France")),
        (
            "Ho Chi Minh, District 7, Vietnam",
            ("Ho Chi Minh", "District 7", None, "Vietnam"),
        ),
        ("City, State, Zip, Country", (None, None, None, None)),
        ("Singapore", None),
    ],
)
def test_place_has_no_placeholder(text, place):
    assert place_of(text) == place


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Jun 27, 2026", "2026-06-27"),
        ("June 7 2026", "2026-06-07"),
        ("27 Sept. 2026", "2026-09-27"),
        ("May 2026", "2026-05"),
        ("2026-06-27", "2026-06-27"),
        ("Foo 27, 2026", None),
        ("Jun 41, 2026", None),
        ("yesterday", None),
    ],
)
def test_written_date_reads_english_dates_whatever_the_locale(text, date):
    assert written_date(text) == date


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("1,200", 1200),
        ("ten", 10),
        ("Thirty-two", 32),
        ("one hundred and five", 105),
        ("two hundred", 200),
        ("a hundred", 100),
        ("some", None),
        ("", None),
    ],
)
def test_number_of_reads_digits_and_words(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("The study involves 12 patients and lasts 4 weeks.", {12}),
        ("Ten participants will receive it. With only 10 people, it is small.", {10}),
        ("One hundred and twenty adults join.", {120}),
        ("It enrolls 30 adult patients.", {30}),
        ("The disease affects 20,000 people each year.", set()),
        ("Up to 6 patients per group are treated.", set()),
        ("About 1 in 10 patients respond. Previous work had 40 patients.", set()),
        ("In all 24 people join, 12 patients per group.", {24}),
        ("Some 12 patients, or 14 participants, join.", {12, 14}),
        ("Patients aged 18-65 adults; 3.5 people", set()),
        ("", set()),
    ],
)
def test_enrollment_in_prose_is_the_number_of_the_trial_itself(text, numbers):
    assert enrollment_in(text, None) == numbers


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("This is a very early Phase 1 trial.", {"PHASE1"}),
        ("A (Phase 1/2) study", {"PHASE1/PHASE2"}),
        ("a phase II/III trial", {"PHASE2/PHASE3"}),
        ("It is registered as Early Phase 1.", {"EARLY_PHASE1"}),
        ("This early-phase trial", set()),
        ("in phase 1 and later in phase 3", {"PHASE1", "PHASE3"}),
    ],
)
def test_phase_in_prose(text, phases):
    assert phase_in(text) == phases
