"""Facts told in sentences: a phase, a number of participants, a date in words."""

from __future__ import annotations

import re

_MONTHS: tuple[str, ...] = tuple(
    "jan feb mar apr may jun jul aug sep oct nov dec".split()
)
_MONTH_DATE = re.compile(
    r"(?:(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?"
    r"|(?P<day2>\d{1,2})\s+(?P<month2>[A-Za-z]{3,9})\.?,?"
    r"|(?P<month3>[A-Za-z]{3,9})\.?)\s+(?P<year>\d{4})$"
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?$")

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_WORD = "|".join([*_UNITS, "hundred"])
_NUMBER = (
    rf"\d{{1,3}}(?:,\d{{3}})+|\d+|(?:(?:{_WORD}|a hundred)(?:[\s-]+(?:and\s+)?)?)+"
)
_PEOPLE = (
    r"participants?|patients?|people|persons?|adults?|volunteers?|subjects?|children|"
    r"individuals?|infants?|women|men|newborns?|babies"
)
_ENROLLED = re.compile(
    rf"(?<![\w.,–-])(?P<number>{_NUMBER})(?:[\s-]+[a-z]+){{0,2}}?[\s-]+(?:{_PEOPLE})\b",
    re.IGNORECASE,
)
#: Sentences on other people: how common a disease is, an earlier study.
_OTHER_PEOPLE = re.compile(
    r"\b(?:affects?|million|worldwide|(?:each|every|per) year|previous(?:ly)?|earlier|"
    r"prior|other stud(?:y|ies))\b",
    re.IGNORECASE,
)
#: Clauses on a part of the trial's people, or on a share of them.
_PART = re.compile(
    r"\b(?:(?:per|each|one|first|second|third|other|control) (?:group|arm|cohort)|"
    r"out of|in every|(?:1|one) in)\b",
    re.IGNORECASE,
)
_PHASE = re.compile(
    r"(?P<early>\bEarly )?\bphase[\s-]*(?P<first>[1-4]|IV|I{1,3})\b"
    r"(?:\s*(?:/|-|–|and|to)\s*(?:phase[\s-]*)?(?P<second>[1-4]|IV|I{1,3})\b)?",
    re.IGNORECASE,
)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]?")


def written_date(text: str) -> str | None:
    """Return an ISO date, whole or to the month, from a date written in English.

    Examples
    --------
    >>> written_date("Jun 27, 2026"), written_date("March 2025")
    ('2026-06-27', '2025-03')
    """
    text = text.strip()
    if _ISO_DATE.match(text):
        return text
    found = _MONTH_DATE.match(text)
    if not found:
        return None
    name = found["month"] or found["month2"] or found["month3"]
    if name[:3].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(name[:3].lower()) + 1
    day = found["day"] or found["day2"]
    if day is None:
        return f"{found['year']}-{month:02}"
    return f"{found['year']}-{month:02}-{int(day):02}" if 1 <= int(day) <= 31 else None


def number_of(text: str) -> int | None:
    """Return a whole number written in digits or English words.

    Examples
    --------
    >>> number_of("Thirty-two"), number_of("1,200"), number_of("one hundred and five")
    (32, 1200, 105)
    """
    digits = text.replace(",", "")
    if digits.isdecimal():
        return int(digits)
    words = [w for w in re.split(r"[\s-]+", text.lower()) if w and w != "and"]
    total = 0
    for word in words:
        if word == "hundred":
            total = max(total, 1) * 100
        elif word in _UNITS:
            total += _UNITS[word]
        elif word != "a":
            return None
    return total if words else None


def enrollment_in(*texts: str | None) -> set[int]:
    """Return the numbers of participants that sentences give for the trial itself.

    More than one number means that the text cannot be trusted for it.
    """
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
    """Return the phases that sentences name, as the codebook writes them.

    "Very early Phase 1" is a lay writer's remark on phase 1; only the registry's own
    words "Early Phase 1" are that phase.
    """
    found = set()
    for sentence in _sentences(texts):
        for match in _PHASE.finditer(sentence):
            parts = [match["first"], match["second"]]
            levels = [_ROMAN.get(p.upper(), p) for p in parts if p]
            early = "EARLY_" if match["early"] in ("Early ",) else ""
            found.add(early + "/".join(f"PHASE{level}" for level in levels))
    return found


def _sentences(texts: tuple[str | None, ...]) -> list[str]:
    return [found for text in texts if text for found in _SENTENCE.findall(text)]
