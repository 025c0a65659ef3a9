"""Facts told in sentences: a number of participants, a phase."""

from __future__ import annotations

import pytest

from trialkit.read.pages.sentences import enrollment_in, number_of, phase_in


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
        ("a phase IIb trial", {"PHASE2"}),
        ("a phase 1b/2a trial", {"PHASE1/PHASE2"}),
        ("a phase 0 trial", {"EARLY_PHASE1"}),
        ("in phase 1 and later in phase 3", {"PHASE1", "PHASE3"}),
    ],
)
def test_phase_in_prose(text, phases):
    assert phase_in(text) == phases
