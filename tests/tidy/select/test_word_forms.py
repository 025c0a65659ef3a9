"""Words as a search compares them: folded, inverted, and in their other forms."""

import pytest

from trialkit.tidy.select.word_forms import fold, inverted, word_forms


def test_folding_makes_one_spelling_of_a_text():
    assert fold("Crohn’s disease,  ＭＳＣ-Therapie").lower == (
        "crohn disease, msc therapie"
    )


def test_a_registers_name_is_put_in_the_order_in_which_it_is_said():
    assert inverted("Liver Failure, Acute") == "Acute Liver Failure"


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("cirrhosis", ["cirrhosis", "cirrhoses", "cirrhotic", "cirrhotics"]),
        ("anaemic", ["anaemic", "anaemics", "anaemia", "anaemias"]),
    ],
)
def test_a_word_has_a_plural_and_an_adjective_in_its_own_spelling_first(word, forms):
    assert word_forms(word)[:4] == forms
