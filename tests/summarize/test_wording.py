"""Words that readers see for codes, fields, numbers and sources."""

import pytest

from tests.examples import example_trials
from trialkit.summarize import wording
from trialkit.summarize.flow import filter_words


@pytest.mark.parametrize(
    ("field", "name"),
    [("overall_status", "Recruitment status"), ("why_stopped", "Why stopped")],
)
def test_a_field_has_a_name(field, name):
    assert wording.field_name(field) == name


@pytest.mark.parametrize(
    ("code", "column", "words"),
    [
        ("ACTIVE_NOT_RECRUITING", "overall_status", "Active, not recruiting"),
        (None, "phase", "Not stated"),
        ("ARDS", "conditions", "ARDS"),
    ],
)
def test_a_code_is_put_in_words_and_other_text_is_left(code, column, words):
    assert wording.word(code, column) == words


@pytest.mark.parametrize(
    ("kind", "source_wording", "words"),
    [
        ("lay", "verbatim", "lay page"),
        ("registry", "rewritten", "registry facts, sentences rewritten"),
    ],
)
def test_a_source_says_whether_its_sentences_are_its_own(kind, source_wording, words):
    assert wording.kind_words(kind, source_wording) == words


def test_only_a_sources_own_words_are_quoted():
    assert wording.as_quoted("by vein", "verbatim") == "“by vein”"
    assert wording.as_quoted("by vein", "rewritten") == "rewritten: by vein"


@pytest.mark.parametrize(
    ("n", "noun", "verb"),
    [
        (1, "1 trial", "1 trial was"),
        (2, "2 trials", "2 trials were"),
        (1200, "1,200 trials", "1,200 trials were"),
    ],
)
def test_a_noun_and_its_verb_agree_with_the_number(n, noun, verb):
    assert wording.counted(n, "trial") == noun
    assert wording.was_were(n, "trial") == verb


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, ""), (1, " (1 does not state it)"), (1200, " (1,200 do not state it)")],
)
def test_trials_that_do_not_state_a_value_are_counted_in_brackets(n, words):
    assert wording.not_stating(n) == words


def test_the_last_items_of_a_list_are_joined_by_and():
    assert wording.sentence_list(["10", "12", "32"]) == "10, 12 and 32"


def test_a_filter_is_told_in_words():
    told = filter_words("phase: PHASE1 | PHASE1/PHASE2", example_trials().terms)
    assert told == "phase: Phase 1 or Phase 1/2"
