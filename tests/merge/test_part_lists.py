"""Lists of several sources: matched part by part, gaps filled, nothing emptied."""

import pytest

from trialkit.merge.part_lists import Given, combine, lists_agree, same
from trialkit.record import Arm, Intervention, Outcome, Reference, Site, Sponsor

PAIN = Outcome(
    measure="Pain",
    description="On a scale",
    time_frame="1 year",
    outcome_type="primary",
)
COST = Outcome(measure="Cost", time_frame="2 years", outcome_type="secondary")


def joined(*lists, is_line=False):
    return combine([Given(lists[0], is_line=is_line), *map(Given, lists[1:])])


def test_the_whole_text_of_an_outcome_becomes_its_parts():
    line = Outcome(measure="Pain, On a scale, 1 year", outcome_type="primary")
    assert joined((line,), (PAIN, COST), is_line=True) == (PAIN, COST)
    assert joined((PAIN, COST), (line,)) == (PAIN, COST)


def test_a_place_on_one_line_never_undoes_one_in_its_parts():
    apart = Site(facility="Ward", city="Quebec", country="Canada", zip="G1V")
    line = Site(city="Ward", state="Quebec", country="Canada", zip="G1V")
    assert joined((line,), (apart,), is_line=True) == (apart,)
    assert combine([Given((apart,)), Given((line,), is_line=True)]) == (apart,)


def test_of_sites_with_one_name_each_keeps_its_own_place():
    sites = tuple(
        Site(facility="Research Site", city=c, country="China", site_status=s)
        for c, s in (("Wuhan", "COMPLETED"), ("Beijing", "WITHDRAWN"))
    )
    lines = tuple(
        Site(facility=f"Research Site, {c}", country="China")
        for c in ("Beijing", "Wuhan")
    )
    assert set(joined(lines, sites, is_line=True)) == set(sites)


def test_two_of_a_name_are_told_apart_by_type():
    ours = (
        Intervention(intervention_type="DRUG", name="MSC"),
        Intervention(intervention_type="PROCEDURE", name="MSC"),
    )
    theirs = tuple(
        Intervention(
            intervention_type=part.intervention_type, name="MSC", description=d
        )
        for part, d in zip(ours[::-1], ("cut", "given"), strict=True)
    )
    assert [part.description for part in joined(ours, theirs)] == ["given", "cut"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Outcome(measure="Survival"), Outcome(measure="Overall survival, at home")),
        (Outcome(measure="Safety"), Outcome(measure="Safety and cost")),
        (Intervention(name="MSC"), Intervention(name="Placebo")),
        (Sponsor(name="A clinic"), Sponsor(name="A")),
    ],
)
def test_a_gap_is_never_filled_from_another_thing(ours, theirs):
    named = {"time_frame": "1 year"} if isinstance(theirs, Outcome) else {}
    other = type(theirs)(
        **{f: getattr(theirs, f) for f in theirs.__struct_fields__} | named
    )
    assert joined((ours,), (other,)) == (ours,)


def test_a_name_that_breaks_off_is_the_whole_one():
    cut = Outcome(measure="Change in p", outcome_type="primary")
    whole = Outcome(measure="Change in pain", time_frame="1 year")
    assert joined((cut,), (whole,)) == (
        Outcome(measure="Change in pain", time_frame="1 year", outcome_type="primary"),
    )


def test_a_list_that_says_less_loses_none_of_a_fuller_one():
    assert joined((PAIN,), (COST, PAIN)) == (COST, PAIN)
    assert joined(("a",), ("b", "A")) == ("b", "a")


def test_a_list_that_names_something_else_stands_as_it_is():
    other = Outcome(measure="Death")
    assert joined((other, Outcome(measure="pain")), (PAIN, COST)) == (
        other,
        Outcome(
            measure="pain",
            description="On a scale",
            time_frame="1 year",
            outcome_type="primary",
        ),
    )


def test_a_third_party_adds_no_part():
    lists = [Given((PAIN,)), Given((PAIN, COST), may_extend=False)]
    assert combine(lists) == (PAIN,)


def test_references_are_one_by_their_citation():
    cited = Reference(citation="A paper.", pmid="1")
    assert joined((Reference(citation="a  paper."),), (cited,)) == (
        Reference(citation="a  paper.", pmid="1"),
    )


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        (("MSC, 3 doses",), ("Placebo", "MSC"), True),
        (("Placebo",), ("Saline",), False),
        ((Outcome(measure="p"),), (PAIN,), True),
        (
            (Intervention(name="MSC", description="x"),),
            (Intervention(name="msc"),),
            True,
        ),
        ((Intervention(name="MSC"),), (Intervention(name="Saline"),), False),
        (
            (Intervention(name="MSC", description="Once.", other_names=()),),
            (Intervention(name="MSC", other_names=("Cells",)),),
            True,
        ),
        ((Arm(arm_label="A", arm_type="OTHER"),), (Arm(arm_label="A"),), True),
        (
            (Sponsor(name="A", sponsor_class="OTHER"),),
            (Sponsor(name="A", sponsor_class="OTHER_GOV"),),
            True,
        ),
        (
            (Sponsor(name="A", sponsor_class="OTHER"),),
            (Sponsor(name="A", sponsor_class="INDUSTRY"),),
            False,
        ),
    ],
)
def test_lists_agree_as_far_as_both_say_something(one, other, agrees):
    assert lists_agree(one, other) == agrees
    assert lists_agree(other, one) == agrees


def test_a_line_keeps_what_it_says_more_often_than_the_parts():
    name = "Medical University of South Carolina"
    apart = Site(facility=name, city="Charleston", country="United States")
    line = Site(
        facility=name,
        city="Charleston",
        state="South Carolina",
        country="United States",
    )
    assert joined((line,), (apart,), is_line=True) == (line,)


def test_two_parts_can_be_one_if_neither_contradicts_the_other():
    assert same(Sponsor(name="Clinic", sponsor_class="OTHER"), Sponsor(name="clinic"))
    assert same(Outcome(measure="p", outcome_type="primary"), Outcome(measure="pain"))


def test_only_a_list_that_names_all_parts_of_another_adds_to_it():
    lists = [Given(("MSC",)), Given(("MSC", "Saline")), Given(("msc", "Water"))]
    assert combine(lists) == ("MSC", "Saline")
