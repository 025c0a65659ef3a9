"""Two sources agree on a value as far as both of them say something."""

import pytest

from trialkit.merge.agreement import agree, is_cut, is_read, statuses_agree


@pytest.mark.parametrize(
    ("one", "other", "field", "agrees"),
    [
        ("Cells  in LIVER", "cells in liver", "", True),
        ("12 Months", "1 Year", "minimum_age", True),
        ("12 Months", "2 Years", "minimum_age", False),
        ("1. Adults\n2. No cancer", "* Adults\n* No cancer", "brief_summary", True),
        ("PHASE1", "PHASE1/PHASE2", "phase", False),
        ("OTHER", "NETWORK", "sponsor_class", True),
        ("OTHER", "INDUSTRY", "sponsor_class", False),
        ("2020-02", "2020-02-16", "verified_date", True),
        ("2020-02", "2020-03-16", "verified_date", False),
    ],
)
def test_values_agree_as_far_as_both_say_something(one, other, field, agrees):
    assert agree(one, other, field) == agrees
    assert agree(other, one, field) == agrees


@pytest.mark.parametrize(
    ("text", "longer", "cut"),
    [
        ("Survival of p", "Survival of patients", True),
        ("Survival", "Survival of patients", False),
        ("Surv...", "Survival", True),
        ("Stem cell", "Stem cells", False),
    ],
)
def test_a_text_is_cut_off_only_inside_a_word(text, longer, cut):
    assert is_cut(text, longer) == cut


@pytest.mark.parametrize(
    ("of_ictrp", "of_register", "agrees"),
    [
        ("NOT_RECRUITING", "COMPLETED", True),
        ("NOT_RECRUITING", "RECRUITING", False),
        ("RECRUITING", "ENROLLING_BY_INVITATION", True),
        ("RECRUITING", "COMPLETED", False),
    ],
)
def test_a_status_of_ictrp_stands_for_several_of_a_register(
    of_ictrp, of_register, agrees
):
    assert statuses_agree(of_ictrp, of_register) == agrees


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("phase", "PHASE1/PHASE2", True),
        ("phase", "Pilot study", False),
        ("minimum_age", "18 Years", True),
        ("minimum_age", "adults", False),
    ],
)
def test_words_that_are_no_value_of_their_field_are_unread(field, value, read):
    assert is_read(field, value) == read
