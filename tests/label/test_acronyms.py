"""Short forms that a record explains as something other than cells."""

from __future__ import annotations

import pytest

from trialkit.label.acronyms import long_forms
from trialkit.label.engine import label_records
from trialkit.label.text import Text
from trialkit.record import Arm, Intervention, Passage, Record


def _explained(words: str, short: str) -> set[str]:
    return long_forms([Text(Passage("brief_summary", words))], short)


@pytest.mark.parametrize(
    ("words", "short", "long"),
    [
        ("Mindful Self-Compassion (MSC) training", "msc", "mindful self compassion"),
        ("patients with Ulcerative Colitis (UC)", "uc", "ulcerative colitis"),
        ("HCT (hydrochlorothiazide tablets) daily", "hct", ""),
        (
            "MSC: mesenchymal stromal cells are given",
            "msc",
            "mesenchymal stromal cells",
        ),
        ("cells of the umbilical cord (UC-MSC)", "uc msc", ""),
        ("a dose of 5 mg (MSC)", "msc", ""),
    ],
)
def test_short_form_stands_for_words_with_its_first_letters(words, short, long):
    assert _explained(words, short) == ({long} if long else set())


def _labels(name: str, summary: str) -> object:
    arm = Arm(arm_label=name, arm_type="EXPERIMENTAL", description="8 weeks of it")
    record = Record(
        trial_id="NCT00000001",
        source_id="s",
        brief_title=f"A study of {name}",
        brief_summary=summary,
        arms=(arm,),
        interventions=(Intervention(name=name, intervention_type="OTHER"),),
    )
    return label_records([record])


@pytest.mark.parametrize(
    ("name", "summary", "is_cells"),
    [
        ("MSC", "Mindful Self-Compassion (MSC) is taught.", False),
        ("MSC", "Mesenchymal stromal cells (MSC) are given.", True),
        ("MSC infusion", "All patients receive MSC.", True),
        ("NK", "The Nijmegen Kinaesthetics (NK) programme is taught.", False),
    ],
)
def test_course_with_the_short_form_of_a_cell_is_no_cell_trial(name, summary, is_cells):
    assert _labels(name, summary).is_cell_trial is is_cells
