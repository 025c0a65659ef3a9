"""A register's word, number or age to the value that every table uses.

The levels are the codebook's; `data/enumerations.csv` is the one table of what a level
goes by elsewhere, and of the words that say nothing (an empty value; `*` is any
column). Words in neither are kept as they stand, so that nothing unknown disappears;
`read_…` notes in a remark what it could not read. Dates are in `sources.days`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from trialkit.codebook import codebook
from trialkit.dates import age_years
from trialkit.record import Remark

_NOT_APPLICABLE = frozenset({"NA", "N/A", "NOT_APPLICABLE"})
#: Columns that hold the levels of another.
_SAME = {
    "last_known_status": "overall_status",
    "site_status": "overall_status",
    "lead_sponsor_class": "sponsor_class",
    "organization_class": "sponsor_class",
    "start_date_type": "enrollment_type",
}
#: Longer texts are no phase, level or number, and are not kept in a cache.
_LONGEST = 400
_TAG = re.compile(r"</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_NOT_WORDS = re.compile(r"(?:[^\w/]|_)+")

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_CHINESE = str.maketrans("一二三四", "1234")
_PHASE = re.compile(
    r"(?P<early>early )?(?P<word>phase ?)?(?<![a-z\d])(?P<number>[0-4]|i{1,3}|iv)"
    r"(?: ?[abc])?(?![a-z\d])(?P<after> ?[期相])?"
)
#: What may stand around the numbers of a phase: signs, and the words of registers.
_AROUND = re.compile(
    r"[\s/|,;:&+~、–()-]+|第|(?:和|或|临床|試験|试验|研究|clinical|trial|study|phase|and|or"
    r"|human pharmacology|first administration to humans|bioequivalence study|others?"
    r"|therapeutic (?:exploratory|confirmatory|use)|integrated)(?![a-z\d])"
)
_EU_PHASE = re.compile(r"\(phase (i{1,3}|iv)\) ?: ?(yes|no)")

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
#: So many nines are a sign, and no number.
_FEWEST_SIGN = 7
_NINES = re.compile(rf"9{{{_FEWEST_SIGN},}}")
#: More than all people; also what keeps a number in the column of whole numbers.
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
#: Older than anyone: a register's way to say there is no bound.
_OLDEST = 130
_MOST_PARTS = 4


def plain(text: str) -> str:
    """Return text in one width and case, without tags and runs of spaces.

    Examples
    --------
    >>> plain("<br>Ｐｈａｓｅ　Ⅱ")
    'phase ii'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_TAG.sub(" ", text).casefold().split())


def _token(text: str) -> str:
    """Return a text as the table of spellings writes it."""
    token = _NOT_WORDS.sub("_", plain(text).upper()).strip("_")
    return token.replace("_/", "/").replace("/_", "/")


@cache
def _words() -> dict[str, dict[str, str]]:
    """Return `{column: {word: level}}`: the codebook's levels and their synonyms."""
    words: dict[str, dict[str, str]] = {}
    for columns in codebook().values():
        for column in columns.values():
            levels = {level.upper(): level for level in column.levels}
            words.setdefault(column.column, {}).update(levels)
    text = files("trialkit").joinpath("data/enumerations.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        words.setdefault(row["column"], {})[row["written"]] = row["value"]
    for column, same in _SAME.items():
        words[column] = words[same]
    return words


@lru_cache(maxsize=8192)
def _looked_up(column: str, text: str) -> str | None:
    """Return a level, "" where the text says nothing, None where no level is known."""
    words, token = _words()[column], _token(text)
    if token in words:
        return words[token]
    if token in _NOT_APPLICABLE:
        return words.get("NA", "")
    if not token or text.startswith("#") or token in _words()["*"]:
        return ""
    if column != "phase":
        return None
    # A trial may tick any boxes: phases that do not follow each other are phases too.
    is_phase = all(part in words for part in token.split("/"))
    found = _phase(plain(text))
    return token if found is None and is_phase else found


def level(column: str, text: str | None) -> str | None:
    """Return the level of `column` that a register's words name, or None.

    Examples
    --------
    >>> level("overall_status", "Active, not recruiting")
    'ACTIVE_NOT_RECRUITING'
    >>> level("intervention_model", "Single Group Assignment")
    'SINGLE_GROUP'
    >>> level("sex", "unclear") is None
    True
    """
    return (_looked_up(column, text) or None) if _may_be_read(text) else None


def own_level(column: str, text: str) -> str | None:
    """Return the level that a text begins with, or None: no synonym counts.

    So a line is read that has lost its label: `SINGLE` is a masking and no model.

    Examples
    --------
    >>> own_level("intervention_model", "Single Group Assignment")
    'SINGLE_GROUP'
    >>> own_level("intervention_model", "SINGLE") is None
    True
    """
    found = level(column, text)
    return found if found and _token(text).startswith(found) else None


def known(column: str, text: str | None) -> str | None:
    """Return the level that words name, else the words; None where they say nothing.

    Examples
    --------
    >>> known("sex", "Both"), known("sex", "men of  40"), known("sex", "-")
    ('ALL', 'men of 40', None)
    """
    if not text or not text.strip():
        return None
    found = _looked_up(column, text) if _may_be_read(text) else None
    return " ".join(text.split()) if found is None else found or None


def _may_be_read(text: str | None) -> bool:
    return text is not None and 0 < len(text) <= _LONGEST


def says_nothing(text: str | None) -> bool:
    """Return whether a text only marks a place where nothing is said.

    "Not applicable" says something.

    Examples
    --------
    >>> [says_nothing(text) for text in ("NULL", "-", "Not provided", "N/A", "0")]
    [True, True, True, False, False]
    """
    if not text or not text.strip():
        return True
    return len(text) <= _LONGEST and (
        text.startswith("#") or _token(text) in {"", "NA", *_words()["*"]}
    )


def phase(text: str | None) -> str | None:
    """Return a phase, or several joined by a slash, or None where `text` is none.

    Absent, NA, EARLY_PHASE1, PHASE1 and PHASE1/PHASE2 are five different things.
    Phase 0 is EARLY_PHASE1, as ClinicalTrials.gov renamed it; a bare `0`, a code that
    some registers give to whatever has no phase, is not. A letter (`2b`) is a part of
    its phase.

    Examples
    --------
    >>> phase("Phase 1|Phase 2a"), phase("II-III"), phase("Not Applicable")
    ('PHASE1/PHASE2', 'PHASE2/PHASE3', 'NA')
    >>> phase("Phase 0"), phase("EARLY_PHASE1"), phase("0"), phase("Pilot study")
    ('EARLY_PHASE1', 'EARLY_PHASE1', None, None)
    >>> phase("Human Pharmacology (Phase I): no Therapeutic use (Phase IV): yes")
    'PHASE4'
    """
    return level("phase", text)


def _phase(text: str) -> str | None:
    """Return the phase in plain words, "" where no box of a phase is ticked.

    Words that say anything else besides are none.
    """
    boxes = _EU_PHASE.findall(text)
    if boxes:
        ticked = {_ROMAN[number] for number, answer in boxes if answer == "yes"}
        return "/".join(f"PHASE{number}" for number in sorted(ticked))
    text = re.sub(r"[一二三四](?=\s?[期相])", lambda m: m[0].translate(_CHINESE), text)
    text = re.sub(r"phases?|_", lambda m: f" {m[0].strip('s_')} ", text)
    text = " ".join(text.rstrip(". ").split())
    found = list(_PHASE.finditer(text))
    if not found or _AROUND.sub("", _PHASE.sub(" ", text)):
        return None
    numbers = {_ROMAN.get(match["number"], match["number"]) for match in found}
    named = any(match["word"] or match["after"] for match in found)
    if len(numbers) > 1 and int(max(numbers)) - int(min(numbers)) >= len(numbers):
        return None  # "1-4" is a range, or a code
    if "0" in numbers and not named:
        return None
    levels = {_phase_level(match) for match in found}
    return "/".join(sorted(levels, key=lambda name: (name[0] != "E", name)))


def _phase_level(match: re.Match[str]) -> str:
    number = _ROMAN.get(match["number"], match["number"])
    return "EARLY_PHASE1" if match["early"] or number == "0" else f"PHASE{number}"


def masking(text: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return masking and who is masked; masked without who is not the same as open.

    Examples
    --------
    >>> masking("Double (Participant, Outcomes Assessor)")
    ('DOUBLE', ('PARTICIPANT', 'OUTCOMES_ASSESSOR'))
    >>> masking("None (Open Label)"), masking("Triple")
    (('NONE', ()), ('TRIPLE', ()))
    """
    text = text or ""
    head, _, inner = text.partition("(")
    who = [level("who_masked", part) for part in inner.rstrip(") ").split(",")]
    people = tuple(person for person in who if person)
    return level("masking", text) or known("masking", head), people


def yes_no(text: str | None) -> bool | None:
    """Return True for yes, False for no, in any case, and None for everything else."""
    return {"yes": True, "no": False}.get((text or "").casefold())


def count(text: str | None) -> int | None:
    """Return a whole number of people, thousands separated or not, or None.

    Examples
    --------
    >>> count("1,200"), count("0"), count("about 30 patients"), count("30-40")
    (1200, 0, 30, None)
    """
    number, _ = _counted(text) if text else (None, "")
    return number


def _counted(text: str) -> tuple[int | None, str]:
    """Return a number of people, and why it is none."""
    found = _COUNT.fullmatch(plain(text)) if len(text) <= _LONGEST else None
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
    """Return a number of people, with a remark where it is none or only about so."""
    if not text or (text.isdecimal() and len(text) < _FEWEST_SIGN):
        return int(text) if text else None
    number, note = _counted(text)
    if number is None and not says_nothing(text):
        remarks.append(Remark(field=field, value=text[:_LONGEST], note=note))
    elif number is not None and re.match(_ABOUT, plain(text)):
        note = "about as many"
        remarks.append(Remark(field=field, value=text, note=note, basis="derived"))
    return number


@lru_cache(maxsize=4096)
def age(text: str, *, bare: bool = True) -> str | None:
    """Return an age as `18 Years` or `1 Year 6 Months`, or None where `text` is none.

    Parameters
    ----------
    text
        What a register writes.
    bare
        Whether a number without a unit is an age, in years.

    Examples
    --------
    >>> age("18"), age("6 M"), age(">= 20age old"), age("1Y6M"), age("0.5")
    ('18 Years', '6 Months', '20 Years', '1 Year 6 Months', '0.5 Years')
    >>> age("18", bare=False), age("grown up")
    (None, None)
    """
    around = _AROUND_AGE.fullmatch(plain(text)) if len(text) < 80 else None
    if around is None:
        return None
    core = around["age"]
    number = _BARE_AGE.fullmatch(core)
    if number:
        return _age_text(number[1], "Year") if bare else None
    made, at = [], 0
    while found := _AGE_PART.match(core, at):
        unit = next(name for name in _UNIT_WORDS if found[name])
        made.append(_age_text(found["number"], unit))
        at = found.end()
    is_whole = at == len(core) and 0 < len(made) <= _MOST_PARTS
    return " ".join(made) if is_whole else None


def _age_text(number: str, unit: str) -> str:
    digits = number.lstrip("0") or "0"
    digits = f"0{digits}" if digits.startswith(".") else digits
    return f"{digits} {unit}{'' if digits == '1' else 's'}"


def read_age(field: str, text: str | None, remarks: list[Remark]) -> str | None:
    """Return an age bound; an absent bound is unbounded, unread words stay as they are.

    No one is older than 130 years, and a highest age of 0 years bounds nothing: both
    are signs for no bound.
    """
    if not text:
        return None
    found = age(text)
    years = age_years(found)
    if found is None:
        if known("age", text) is None:
            return None
        note = "not an age; kept as written"
        remarks.append(Remark(field=field, value=text[:_LONGEST], note=note))
        return " ".join(text[:_LONGEST].split())
    is_none = found == "0 Years" and field == "maximum_age"
    if years is None or years > _OLDEST or is_none:
        note = "no age; taken as unbounded"
        remarks.append(Remark(field=field, value=text[:_LONGEST], note=note))
        return None
    return found
