"""Single values of a page: registry enumerations, counts, ages, dates and places."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialkit.codebook import levels_of

_NOT_APPLICABLE = frozenset({"NA", "N_A", "N/A", "NOT_APPLICABLE"})
#: The registry's older and longer words for a level, per column of `trials`.
_SYNONYMS = {
    "overall_status": {"UNKNOWN_STATUS": "UNKNOWN"},
    "intervention_model": {
        "SINGLE_GROUP_ASSIGNMENT": "SINGLE_GROUP",
        "PARALLEL_ASSIGNMENT": "PARALLEL",
        "CROSSOVER_ASSIGNMENT": "CROSSOVER",
        "FACTORIAL_ASSIGNMENT": "FACTORIAL",
        "SEQUENTIAL_ASSIGNMENT": "SEQUENTIAL",
    },
    "allocation": {"NON_RANDOMISED": "NON_RANDOMIZED", "RANDOMISED": "RANDOMIZED"},
    "masking": {"OPEN_LABEL": "NONE", "NONE_OPEN_LABEL": "NONE", "OPEN": "NONE"},
    "enrollment_type": {"ANTICIPATED": "ESTIMATED"},
}
_PHASE = re.compile(r"(EARLY[\W_]*)?PHASE[\W_]*(?:([1-4])|(IV|I{1,3}))", re.IGNORECASE)
_PHASES = re.compile(rf"{_PHASE.pattern}(?:\W+(?:AND\W+)?{_PHASE.pattern})*", re.I)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_COUNT = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d+)\s+(?:participants?|patients?|subjects?)"
    r"(?:\W+(\w+)\W*)?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$")
_AGE = re.compile(
    r"\d+(?:\.\d+)?\s+(?:year|month|week|day|hour|minute)s?$", re.IGNORECASE
)
_POSTCODE = re.compile(r"(?=.*\d)[A-Z\d][A-Z\d -]{2,9}")
#: Words that a page template prints where a part of an address is missing.
PLACEHOLDERS = frozenset(
    {"", "-", "city", "state", "province", "zip", "country", "n/a", "none", "null"}
)


def enum_of(column: str, text: str, *, table: str = "trials") -> str | None:
    """Return the codebook's level that `text` names, or None.

    Examples
    --------
    >>> enum_of("overall_status", "Active, not recruiting")
    'ACTIVE_NOT_RECRUITING'
    """
    if column == "phase":
        return phase_of(text)
    word = re.sub(r"[^A-Z0-9/]+", "_", text.upper()).strip("_")
    if word in _NOT_APPLICABLE:
        word = "NA"
    word = _SYNONYMS.get(column, {}).get(word, word)
    levels = {level.upper(): level for level in levels_of(table, column)}
    return levels.get(word)


def phase_of(text: str) -> str | None:
    """Return a phase, or several joined by a slash, as the codebook writes it.

    Examples
    --------
    >>> phase_of("Phase 1/Phase 2"), phase_of("PHASE2, PHASE3"), phase_of("N/A")
    ('PHASE1/PHASE2', 'PHASE2/PHASE3', 'NA')
    """
    text = text.strip()
    if text.upper().replace(" ", "_") in _NOT_APPLICABLE:
        return "NA"
    if not _PHASES.fullmatch(text):
        return None
    found = (
        f"{'EARLY_' if m[1] else ''}PHASE{m[2] or _ROMAN[m[3].upper()]}"
        for m in _PHASE.finditer(text)
    )
    return "/".join(found)


def count_of(text: str) -> tuple[int, str | None] | None:
    """Return the number of participants and its type, from "12 participants"."""
    found = _COUNT.match(text)
    if not found:
        return None
    kind = enum_of("enrollment_type", found[2]) if found[2] else None
    return int(found[1].replace(",", "")), kind


def date_of(text: str) -> str | None:
    """Return an ISO date, whole or partial, or None."""
    return text if _DATE.match(text) else None


def age_of(text: str) -> str | None:
    """Return an age bound as registered, or None where `text` is none."""
    return text if _AGE.match(text) else None


class Place(NamedTuple):
    """Where a site is; parts that the page leaves open are None."""

    city: str | None
    state: str | None
    zip: str | None
    country: str | None


def place_of(text: str) -> Place | None:
    """Return the parts of a place line, or None where it is no place.

    Examples
    --------
    >>> place_of("Guangzhou, Guangdong, 510000, China")
    Place(city='Guangzhou', state='Guangdong', zip='510000', country='China')
    >>> place_of("Beijing, Province, 100050, China").state is None
    True
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 2:
        return None
    city, *middle, country = parts
    codes = [part for part in middle if _POSTCODE.fullmatch(part)]
    states = [
        part
        for part in middle
        if part not in codes and part.casefold() not in PLACEHOLDERS
    ]
    return Place(
        city=city if city.casefold() not in PLACEHOLDERS else None,
        state=", ".join(states) or None,
        zip=codes[0] if codes else None,
        country=country if country.casefold() not in PLACEHOLDERS else None,
    )
