"""The grammar of the search language, and what it says of a mistake."""

import pytest

from trialkit.errors import ParameterError
from trialkit.tidy.select.search import matcher


def finds(query, *texts):
    return matcher(query).hits(texts)


def test_words_are_whole_words():
    assert finds("liver", "Liver", "delivery of care", "deliver", "Livers") == [
        *(True, False, False, True)
    ]
    assert finds("ear", "ear", "early", "year", "Ears") == [True, False, False, True]


def test_words_side_by_side_are_joined_by_and_in_any_order():
    assert finds("knee cartilage", "Cartilage of the knee", "Knee pain") == [
        True,
        False,
    ]


def test_a_phrase_keeps_its_words_together_and_in_order():
    texts = (
        "knee cartilage",
        "cartilage of the knee",
        "Knee-cartilage",
        "knee. Cartilage",
    )
    assert finds('"knee cartilage"', *texts) == [True, False, True, False]


def test_a_star_lets_a_word_go_on():
    assert finds("cartil*", "cartilage", "cartilaginous", "cart") == [True, True, False]
    assert finds('"knee cart*"', "knee cartilages", "knee pain") == [True, False]


def test_not_binds_before_and_and_and_before_or():
    texts = ("zinc", "iron", "zinc iron", "gold")
    assert finds("zinc AND NOT iron OR gold", *texts) == [True, False, False, True]
    assert finds("zinc AND NOT (iron OR gold)", *texts) == [True, False, False, False]
    assert finds("NOT zinc iron", *texts) == [True, True, False, True]


def test_operators_are_operators_in_small_letters_too_and_inside_words_never():
    assert finds("zinc or iron", "zinc", "iron", "or") == [True, True, False]
    assert finds("zinc not iron", "zinc", "zinc iron") == [True, False]
    assert finds("android", "android", "and roid") == [True, False]
    assert finds('"and"', "zinc and iron", "zinc") == [True, False]


def test_several_searches_are_alternatives():
    hits = matcher(["zinc", "iron"]).hits(["zinc", "iron", "gold"])
    assert hits == [True, True, False]


@pytest.mark.parametrize(
    ("query", "what", "mark"),
    [
        ("liver AND", "words must follow", "      ^"),
        ("AND liver", "words must stand before AND", "^"),
        ("liver AND OR knee", "words must stand before OR", "          ^"),
        ("liver OR NOT", "words must follow", "         ^"),
        ("(liver", "this bracket is never closed", "^"),
        ("liver)", "this bracket was never opened", "     ^"),
        ("()", ") cannot stand here", " ^"),
        ('knee "liver', "this quotation mark is never closed", "     ^"),
        ('knee ""', "no word to search for", "     ^"),
        ("knee AND &", "no word to search for", "         ^"),
        ("knee AND ;';", "no word to search for", "         ^"),
        ("a*b", "a * stands at the end of a word only", "^"),
        ("knee -liver", "write NOT liver to leave it out", "     ^"),
        ("肝硬化 AND", "words must follow", "       ^"),
    ],
)
def test_a_mistake_is_told_with_a_mark_below_its_place(query, what, mark):
    with pytest.raises(ParameterError) as told:
        matcher(query, name="condition")
    assert str(told.value).split("\n") == [
        *(f"condition: {what}", f"  {query}", f"  {mark}")
    ]


@pytest.mark.parametrize("query", ["", "  ", [], ["liver", ""]])
def test_an_empty_search_is_refused(query):
    with pytest.raises(ParameterError, match="empty"):
        matcher(query)


@pytest.mark.parametrize("query", ["(" * 2000 + "a" + ")" * 2000, "a " * 9000])
def test_a_monstrous_search_is_refused(query):
    with pytest.raises(ParameterError, match=r"too many|at most"):
        matcher(query)


def test_a_thousand_nots_are_counted():
    assert finds("NOT " * 1001 + "zinc", "zinc", "iron") == [False, True]


def test_typographic_quotation_marks_and_wide_brackets_are_read():
    assert finds("（“knee pain” OR zinc）", "knee pain", "pain of knee") == [
        True,
        False,
    ]


def test_a_number_or_a_mixed_list_is_no_search():
    with pytest.raises(ParameterError, match="a text"):
        matcher(["liver", 3])  # type: ignore[list-item]
