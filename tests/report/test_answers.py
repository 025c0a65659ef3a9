"""The answers of the first page and the findings above each section."""

import re
from functools import cache

import pytest

import trialkit as tk
from tests.trials_by_hand import AS_OF, empty, made, many, seeds
from trialkit.errors import ParameterError
from trialkit.prose import findings
from trialkit.prose.rules import wording
from trialkit.report.display import collect
from trialkit.report.exhibits import show_answers, show_section

pytestmark = pytest.mark.slow

SECTIONS = list(wording()["sections"])


def drugs():
    return made(trials=[{"trial_id": "NCT1", "is_cell_trial": False}])


DATA = {
    "0": empty,
    "1": lambda: many(1),
    "4": seeds,
    "40": lambda: many(40),
    "drugs": drugs,
    "example": tk.load_example,
}


@cache
def counted(size):
    """Return the data of a size, made once: what is counted of them is remembered."""
    return DATA[size]().counted()


def shown(show, *args):
    with collect() as found:
        show(*args, as_of=AS_OF)
    return [item.facts.get("markdown", item.data["text/markdown"]) for item in found]


@pytest.mark.parametrize("size", DATA)
def test_each_answer_stands_after_its_word(size):
    data = counted(size)
    (text,) = shown(show_answers, data)

    told = findings.key_sentences(data, AS_OF)
    assert re.findall(r"^(\S.*)\n:   (.+)$", text, re.M) == told
    assert text.count("\n\n") == len(told) - 1


@pytest.mark.parametrize("size", DATA)
@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_its_word_its_finding_and_at_most_three_sentences(size, name):
    data = counted(size)
    pieces = shown(show_section, name, data)
    is_told = size != "0" and (
        size != "drugs" or name not in ("routes", "cells", "doses")
    )

    assert bool(pieces) == is_told
    if is_told:
        (text,) = pieces
        word, *told = text.split("\n\n")
        assert word == (
            f"# {wording()['sections'][name]['word']} {{.kicker .unnumbered}}"
        )
        if not wording()["sections"][name]["heading"]:
            assert told == []
            return
        heading, *lede = told
        assert re.fullmatch(r"## \S.* \{\.finding \.unnumbered \.unlisted\}", heading)
        assert len(heading) < 150
        assert len(lede) <= 1


def test_a_section_that_does_not_exist_is_told_with_its_nearest():
    with pytest.raises(ParameterError, match="no section 'route'; did you mean routes"):
        show_section("route", seeds(), as_of=AS_OF)


def test_a_condition_in_a_heading_is_text_and_no_markup():
    trials = [{"trial_id": f"NCT{i}", "overall_status": "COMPLETED"} for i in range(6)]
    rows = [
        {
            "trial_id": f"NCT{i}",
            "condition": "*Gout* [a](b)",
            "condition_group": "Other",
        }
        for i in range(6)
    ]
    for name in SECTIONS:
        text = "".join(shown(show_section, name, made(trials=trials, conditions=rows)))
        assert "*Gout*" not in text.replace("\\*", "")
        assert "[a](b)" not in text
