"""A register's words to the levels of the codebook.

`data/enumerations.csv` is the one table of synonyms, and of the words that say nothing
(an empty value; `*` is any column). Unknown words are kept as written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from trialkit.codebook import codebook
from trialkit.files import data_rows

_NOT_APPLICABLE = frozenset({"NA", "N/A", "NOT_APPLICABLE"})
#: Columns that hold the levels of another.
_SAME = {
    "last_known_status": "overall_status",
    "site_status": "overall_status",
    "lead_sponsor_class": "sponsor_class",
    "organization_class": "sponsor_class",
    "start_date_type": "enrollment_type",
}
#: Longer texts are no level or number; they are never cached.
LONGEST = 400
_TAG = re.compile(r"</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_NOT_WORDS = re.compile(r"(?:[^\w/]|_)+")

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_CHINESE = str.maketrans("一二三四", "1234")
_PHASE = re.compile(
    r"(?P<early>early )?(?P<word>phase ?)?(?<![a-z\d])(?P<number>[0-4]|i{1,3}|iv)"
    r"(?: ?[abc])?(?![a-z\d])(?P<after> ?[期相])?"
)
#: What may stand around the numbers of a phase.
_AROUND = re.compile(
    r"[\s/|,;:&+~、–()-]+|第|(?:和|或|临床|試験|试验|研究|clinical|trial|study|phase|and|or"
    r"|human pharmacology|first administration to humans|bioequivalence study|others?"
    r"|therapeutic (?:exploratory|confirmatory|use)|integrated)(?![a-z\d])"
)
_EU_PHASE = re.compile(r"\(phase (i{1,3}|iv)\) ?: ?(yes|no)")


def folded(text: str) -> str:
    """Return text in one width and case, without tags and runs of spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_TAG.sub(" ", text).casefold().split())


def _token(text: str) -> str:
    """Return a text as `data/enumerations.csv` writes it."""
    token = _NOT_WORDS.sub("_", folded(text).upper()).strip("_")
    return token.replace("_/", "/").replace("/_", "/")


@cache
def _words() -> dict[str, dict[str, str]]:
    """Return `{column: {word: level}}`: the codebook's levels and their synonyms."""
    words: dict[str, dict[str, str]] = {}
    for columns in codebook().values():
        for column in columns.values():
            levels = {level.upper(): level for level in column.levels}
            words.setdefault(column.column, {}).update(levels)
    for row in data_rows("enumerations.csv"):
        words.setdefault(row["column"], {})[row["written"]] = row["value"]
    for column, same in _SAME.items():
        words[column] = words[same]
    return words


@lru_cache(maxsize=8192)
def _looked_up(column: str, text: str) -> str | None:
    """Return a level, "" if the text says nothing, None if no level is known."""
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
    found = _phase(folded(text))
    return token if found is None and is_phase else found


def level(column: str, text: str | None) -> str | None:
    """Return the level of `column` that a register's words name, or None."""
    return (_looked_up(column, text) or None) if _may_be_read(text) else None


def own_level(column: str, text: str) -> str | None:
    """Return the level that a line without its label begins with; no synonym counts."""
    found = level(column, text)
    return found if found and _token(text).startswith(found) else None


def known(column: str, text: str | None) -> str | None:
    """Return the level that words name, else the words; None if they say nothing."""
    if not text or not text.strip():
        return None
    found = _looked_up(column, text) if _may_be_read(text) else None
    return " ".join(text.split()) if found is None else found or None


def _may_be_read(text: str | None) -> bool:
    return text is not None and 0 < len(text) <= LONGEST


def says_nothing(text: str | None) -> bool:
    """Return whether a text marks a missing value; "Not applicable" is a value."""
    if not text or not text.strip():
        return True
    return len(text) <= LONGEST and (
        text.startswith("#") or _token(text) in {"", "NA", *_words()["*"]}
    )


def _phase(text: str) -> str | None:
    """Return the phase of words that state nothing else, "" if no box is ticked.

    Phase 0 is EARLY_PHASE1, ClinicalTrials.gov's present name, but a bare `0` is not:
    some registers write it for "no phase". `2b` is phase 2.
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
    """Return the masking and who is masked."""
    text = text or ""
    head, _, inner = text.partition("(")
    who = [level("who_masked", part) for part in inner.rstrip(") ").split(",")]
    people = tuple(person for person in who if person)
    return level("masking", text) or known("masking", head), people


def yes_no(text: str | None) -> bool | None:
    """Return True for yes, False for no, None for anything else."""
    return {"yes": True, "no": False}.get((text or "").casefold())
