"""Which trials compare routes: those whose arms differ, not those told less exactly."""

from types import SimpleNamespace

import pytest

from trialkit.tidy.labelled import label_columns


def relation(**arms):
    """Return the relation between the routes of a trial, given by arm."""
    rows = [
        SimpleNamespace(axis="route", arm_id=arm, value=value, relation="single")
        for arm, values in arms.items()
        for value in values.split()
    ]
    result = SimpleNamespace(labels=rows, is_cell_trial=True, reason="")
    return label_columns([result])["route_relation"][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IV", "IV"),
        ("IV.peripheral", "IV"),
        ("IV.peripheral", "VASC"),
        ("PARENTERAL", "OTHER"),
        ("PARENTERAL", "IV"),
        ("IV IM", "IM IV.central"),
        ("NOT_STATED", "IV"),
    ],
)
def test_a_route_that_says_less_is_no_comparison(one, other):
    assert relation(A1=one, A2=other) == "single"
    assert relation(A1=other, A2=one) == "single"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IV", "IM"),
        ("IV.peripheral", "IV.central"),
        ("IV", "IV ITH"),
        ("OTHER", "IV"),
        ("OTHER", "TOP"),
        ("Own.route", "IV"),
    ],
)
def test_arms_that_differ_by_route_compare(one, other):
    assert relation(A1=one, A2=other) == "compared_between_arms"
    assert relation(A1=other, A2=one, A3=one) == "compared_between_arms"
