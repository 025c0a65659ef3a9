"""A register's own words to the values every table uses: ClinicalTrials.gov's v2.

The levels are the codebook's; `data/enumerations.csv` holds the words that a level goes
by elsewhere. A word that is in neither is kept as it stands, so that nothing unknown
disappears.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from trialkit.codebook import codebook

_NOT_APPLICABLE = frozenset({"NA", "N/A", "N_A", "NOT_APPLICABLE"})
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_PHASE = re.compile(r"(EARLY\W*)?(?:PHASE\W*)?\b([0-4]|IV|I{1,3})\b", re.IGNORECASE)
_PHASE_WORDS = re.compile(r"early|phases?|and|[\s/|,&_-]", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|"
        "aug august|sep sept september|oct october|nov november|dec december".split(
            "|"
        ),
        1,
    )
    for name in names.split()
}
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?(?:[T ].*)?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})",
        r"(?P<name>[a-z]+)\.?\s+(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y>\d{4})",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<name>[a-z]+)\.?,?[\s-]+(?P<y>\d{4})",
    )
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


@cache
def _words() -> dict[str, dict[str, str]]:
    """Return `{column: {word: level}}`: the codebook's levels and their synonyms."""
    words: dict[str, dict[str, str]] = {}
    for columns in codebook().values():
        for column in columns.values():
            if column.levels:
                levels = {level.upper(): level for level in column.levels}
                words.setdefault(column.column, {}).update(levels)
    text = files("trialkit").joinpath("data/enumerations.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        words.setdefault(row["column"], {})[row["written"]] = row["value"]
    words["last_known_status"] = words["site_status"] = words["overall_status"]
    return words


@lru_cache(maxsize=4096)
def level(column: str, text: str | None) -> str | None:
    """Return the level of `column` that a register's word names, or None.

    Examples
    --------
    >>> level("overall_status", "Active, not recruiting")
    'ACTIVE_NOT_RECRUITING'
    >>> level("intervention_model", "Single Group Assignment")
    'SINGLE_GROUP'
    >>> level("sex", "unclear") is None
    True
    """
    if column == "phase":
        return phase(text)
    token = re.sub(r"[^A-Z0-9/]+", "_", (text or "").upper()).strip("_")
    words = _words()[column]
    if token in _NOT_APPLICABLE:
        return words.get("NA")
    return words.get(token)


def known(column: str, text: str | None) -> str | None:
    """Return the level that `text` names, or `text` itself where no level is known."""
    text = " ".join(text.split()) if text else ""
    return (level(column, text) or text) if text else None


@lru_cache(maxsize=4096)
def phase(text: str | None) -> str | None:
    """Return a phase, or several joined by a slash, or None where `text` is none.

    Absent, NA, EARLY_PHASE1, PHASE1 and PHASE1/PHASE2 are five different things.
    Phase 0 is EARLY_PHASE1, as ClinicalTrials.gov renamed it; a bare `0`, a code that
    some registers give to whatever has no phase, is not.

    Examples
    --------
    >>> phase("Phase 1|Phase 2"), phase("II-III"), phase("Not Applicable")
    ('PHASE1/PHASE2', 'PHASE2/PHASE3', 'NA')
    >>> phase("Phase 0"), phase("EARLY_PHASE1"), phase("0"), phase("Pilot study")
    ('EARLY_PHASE1', 'EARLY_PHASE1', None, None)
    """
    text = (text or "").strip()
    if re.sub(r"[\s_]+", "_", text.upper()) in _NOT_APPLICABLE:
        return "NA"
    plain = re.sub(r"(?i)(?<=phase)(?=\d)|_", " ", text)
    found = list(_PHASE.finditer(plain))
    if not found or _PHASE_WORDS.sub("", _PHASE.sub("", plain)) or text == "0":
        return None
    levels = {_phase_level(match) for match in found}
    return "/".join(sorted(levels, key=lambda name: (name[0] != "E", name)))


def _phase_level(match: re.Match[str]) -> str:
    number = _ROMAN.get(match[2].upper(), match[2])
    return "EARLY_PHASE1" if match[1] or number == "0" else f"PHASE{number}"


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


@lru_cache(maxsize=65536)
def iso_date(text: str | None) -> str | None:
    """Return a date as ISO text cut to what is known, or None where `text` is none.

    Day and month in figures are read day first, as WHO ICTRP writes them, unless only
    the other order is a date. No day or month is invented.

    Examples
    --------
    >>> iso_date("April 2020"), iso_date("14 April 2020"), iso_date("03/04/2020")
    ('2020-04', '2020-04-14', '2020-04-03')
    >>> iso_date("2020/02/01"), iso_date("12/31/2022"), iso_date("soon")
    ('2020-02-01', '2022-12-31', None)
    """
    text = (text or "").strip()
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _iso(match.groupdict(), day_first=match.lastgroup == "y")
    return None


def _iso(found: dict[str, str | None], *, day_first: bool) -> str | None:
    year, day = found["y"], int(found.get("d") or 0)
    name = (found.get("name") or "").lower()
    if name and name not in _MONTHS:
        return None
    month = _MONTHS.get(name) or int(found.get("m") or 0)
    if month > 12 and day <= 12 and day_first:
        month, day = day, month
    if found.get("m") or name:
        if not 1 <= month <= 12 or (
            found.get("d") and not 1 <= day <= _DAYS[month - 1]
        ):
            return None
    parts = (year, f"{month:02d}" if month else "", f"{day:02d}" if day else "")
    return "-".join(part for part in parts if part)


def yes_no(text: str | None) -> bool | None:
    """Return True for yes, False for no, in any case, and None for everything else."""
    return {"yes": True, "no": False}.get((text or "").casefold())


def count(text: str | None) -> int | None:
    """Return a whole number, thousands separated or not, or None.

    Examples
    --------
    >>> count("1,200"), count("0"), count("about 30")
    (1200, 0, None)
    """
    text = (text or "").strip()
    return int(text.replace(",", "")) if _COUNT.fullmatch(text) else None
