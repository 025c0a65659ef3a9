"""Facts told in sentences: a phase, a number of participants."""

from __future__ import annotations

import re

from trialkit.read.values.levels import level
from trialkit.read.values.numbers import NUMBER_WORDS, count

#: Words of a number at the most: "one hundred and thirty-two" has four.
_MOST_WORDS = 6
_WORD = "|".join([*NUMBER_WORDS, "hundred"])
_NUMBER = (
    rf"\d{{1,3}}(?:,\d{{3}})+|\d+"
    rf"|(?:(?:{_WORD}|a hundred)(?:[\s-]{{1,9}}(?:and\s{{1,9}})?)?){{1,{_MOST_WORDS}}}"
)
_PEOPLE = (
    r"participants?|patients?|people|persons?|adults?|volunteers?|subjects?|children|"
    r"individuals?|infants?|women|men|newborns?|babies"
)
_ENROLLED = re.compile(
    rf"(?<![\w.,–-])(?P<number>{_NUMBER})(?:[\s-]{{1,9}}[a-z]+){{0,2}}?"
    rf"[\s-]{{1,9}}(?:{_PEOPLE})\b",
    re.IGNORECASE,
)
#: Sentences on other people, such as an earlier study's.
_OTHER_PEOPLE = re.compile(
    r"\b(?:affects?|million|worldwide|(?:each|every|per) year|previous(?:ly)?|earlier|"
    r"prior|other stud(?:y|ies))\b",
    re.IGNORECASE,
)
#: Clauses on some of the trial's people.
_PART = re.compile(
    r"\b(?:(?:per|each|one|first|second|third|other|control) (?:group|arm|cohort)|"
    r"out of|in every|(?:1|one) in)\b",
    re.IGNORECASE,
)
_NUMBER_OF_PHASE = r"(?:[0-4]|IV|I{1,3})[abc]?"
_PHASE = re.compile(
    rf"(?P<early>\bEarly )?\bphase[\s-]*(?P<first>{_NUMBER_OF_PHASE})\b"
    rf"(?:\s*(?:/|-|–|and|to)\s*(?:phase[\s-]*)?(?P<second>{_NUMBER_OF_PHASE})\b)?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]?")


def number_of(text: str) -> int | None:
    """Return a whole number written in digits or English words."""
    if text[:1].isdigit():
        return count(text)
    words = [w for w in re.split(r"[\s-]+", text.lower()) if w and w != "and"]
    total = 0
    for word in words:
        if word == "hundred":
            total = max(total, 1) * 100
        elif word in NUMBER_WORDS:
            total += NUMBER_WORDS[word]
        elif word != "a":
            return None
    return total if words else None


def enrollment_in(*texts: str | None) -> set[int]:
    """Return the numbers of participants that sentences give for the trial itself."""
    return {
        number
        for sentence in _sentences(texts)
        if not _OTHER_PEOPLE.search(sentence)
        for clause in re.split(r"[,;:()](?!\d)", sentence)
        if not _PART.search(clause)
        for match in _ENROLLED.finditer(clause)
        if (number := number_of(match["number"])) is not None
    }


def phase_in(*texts: str | None) -> set[str]:
    """Return the phases that sentences name.

    "Very early Phase 1" is phase 1; only the registry's "Early Phase 1" is that phase.
    """
    return {
        found
        for sentence in _sentences(texts)
        for match in _PHASE.finditer(sentence)
        if (found := level("phase", _phase_of(match)))
    }


def _phase_of(match: re.Match[str]) -> str:
    early = "Early " if match["early"] == "Early " else ""
    numbers = "/".join(filter(None, (match["first"], match["second"])))
    return f"{early}Phase {numbers}"


def _sentences(texts: tuple[str | None, ...]) -> list[str]:
    return [found for text in texts if text for found in _SENTENCE.findall(text)]
