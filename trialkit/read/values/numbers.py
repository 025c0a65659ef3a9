"""Counts of people and ages, as registers write them."""

from __future__ import annotations

import re
from functools import lru_cache

from trialkit.dates import age_years
from trialkit.read.values.levels import LONGEST, folded, known, says_nothing
from trialkit.record import KEPT, Remark

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: The numbers below a hundred that are one English word.
NUMBER_WORDS = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_ABOUT = r"(?:about|around|approximately|approx|ca|circa|~|≈|约|約)"
_PEOPLE = (
    r"(?:participants?|patients?|subjects?|people|persons?|individuals?|volunteers?"
    r"|cases|人|例|名)"
)
_COUNT = re.compile(
    rf"(?:(?P<about>{_ABOUT})[. ]*)?"
    r"(?:(?P<power>\d(?:\.\d{1,9})?e\+?0?\d)|(?P<number>\d{1,3}(?:[, ]\d{3})+|\d+))"
    rf"(?:\.0+)? ?{_PEOPLE}?",
    re.ASCII,
)
#: So many nines stand for an unknown number.
_FEWEST_SIGN = 7
_NINES = re.compile(rf"9{{{_FEWEST_SIGN},}}")
#: More than all people; larger numbers overflow the column.
MOST_PEOPLE = 10_000_000_000

_UNIT_WORDS = {
    "Year": "years?|yrs?|y|周?岁|歳",
    "Month": "months?|mos?|mths?|m|个?月",
    "Week": "weeks?|wks?|w|周",
    "Day": "days?|d|天|日",
    "Hour": "hours?|hrs?|h|小时",
    "Minute": "minutes?|mins?|分钟",
}
_UNITS = "|".join(f"(?P<{unit}>{words})" for unit, words in _UNIT_WORDS.items())
_AGE_PART = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?)[ -]?(?:{_UNITS})(?![^\W\d_])\.?[ ,]*(?:and )?",
    re.ASCII,
)
_BARE_AGE = re.compile(r"(\d+(?:\.\d+)?)", re.ASCII)
_AROUND_AGE = re.compile(
    r"(?:[>≥<≤= ]|from |at least |minimum |maximum |up to )*(?P<age>.*?)"
    r"[ -]*(?:of age|age old|old|age)?"
)
#: Higher ages stand for no bound.
_OLDEST = 130
_MOST_PARTS = 4


def count(text: str | None) -> int | None:
    """Return a whole number of people, or None."""
    number, _ = _counted(text) if text else (None, "")
    return number


def _counted(text: str) -> tuple[int | None, str]:
    """Return a number of people, or None and why."""
    found = _COUNT.fullmatch(folded(text)) if len(text) <= LONGEST else None
    if found is None:
        return None, "not a number"
    if found["power"]:
        number = float(found["power"])
        return (int(number), "") if number.is_integer() else (None, "not a number")
    digits = re.sub(r"\D", "", found["number"]).lstrip("0") or "0"
    if _NINES.fullmatch(digits):
        return None, "a sign for a number that is not known"
    if len(digits) > len(str(MOST_PEOPLE)) or int(digits) > MOST_PEOPLE:
        return None, "more than all people"
    return int(digits), ""


def read_count(field: str, text: str | None, remarks: list[Remark]) -> int | None:
    """Return a number of people; remark on other words and approximate numbers."""
    if not text or (text.isdecimal() and len(text) < _FEWEST_SIGN):
        return int(text) if text else None
    number, note = _counted(text)
    if number is None and not says_nothing(text):
        remarks.append(Remark(field, text[:LONGEST], note))
    elif number is not None and re.match(_ABOUT, folded(text)):
        remarks.append(Remark(field, text, "about as many", "derived"))
    return number


@lru_cache(maxsize=4096)
def age(text: str, *, bare: bool = True) -> str | None:
    """Return an age as `1 Year 6 Months`, or None; a `bare` number is in years."""
    around = _AROUND_AGE.fullmatch(folded(text)) if len(text) < 80 else None
    if around is None:
        return None
    core = around["age"]
    number = _BARE_AGE.fullmatch(core)
    if number:
        return _age_text(number[1], "Year") if bare else None
    parts, at = [], 0
    while found := _AGE_PART.match(core, at):
        unit = next(name for name in _UNIT_WORDS if found[name])
        parts.append(_age_text(found["number"], unit))
        at = found.end()
    is_age = at == len(core) and 0 < len(parts) <= _MOST_PARTS
    return " ".join(parts) if is_age else None


def _age_text(number: str, unit: str) -> str:
    digits = number.lstrip("0") or "0"
    digits = f"0{digits}" if digits.startswith(".") else digits
    return f"{digits} {unit}{'' if digits == '1' else 's'}"


def read_age(field: str, text: str | None, remarks: list[Remark]) -> str | None:
    """Return an age bound, or None for no bound; unread words stay as written.

    More than 130 years, or a maximum of 0 years, stand for no bound.
    """
    if not text:
        return None
    found = age(text)
    years = age_years(found)
    if found is None:
        if known("age", text) is None:
            return None
        remarks.append(Remark(field, text[:LONGEST], f"not an age; {KEPT}"))
        return " ".join(text[:LONGEST].split())
    is_none = found == "0 Years" and field == "maximum_age"
    if years is None or years > _OLDEST or is_none:
        remarks.append(Remark(field, text[:LONGEST], "no age; taken as unbounded"))
        return None
    return found
