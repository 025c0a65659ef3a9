"""Agreement of two sources on a trial, as far as both say something.

A source that says less does not contradict: an export without descriptions, a month
beside a day in it, a text that is cut off. Only what both say, and both say in words
that could be read, can differ.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from math import isclose

import msgspec

from trialkit.codebook import levels_of
from trialkit.dates import age_years, date_span
from trialkit.record import PartialDate

#: Fields that hold prose: how it is wrapped, itemized or punctuated says nothing.
PROSE = frozenset(
    "brief_title official_title why_stopped brief_summary detailed_description"
    " eligibility_criteria intervention_model_description masking_description"
    " bio_spec_description gender_description study_population target_duration"
    " ipd_sharing_description ipd_sharing_time_frame ipd_sharing_access_criteria"
    " name measure facility citation description time_frame".split()
)
#: Fields that are a day, as text.
DAYS = frozenset(
    "first_posted_date last_updated_date verified_date"
    " results_first_posted_date".split()
)
_AGES = frozenset({"minimum_age", "maximum_age"})
#: Fields of the table `trials` that have levels, where others may be written.
_LEVELLED = frozenset(
    "overall_status last_known_status study_type phase allocation intervention_model"
    " primary_purpose masking enrollment_type responsible_party_type sex"
    " organization_class observational_model time_perspective bio_spec_retention"
    " sampling_method ipd_sharing".split()
)
#: The two status words of WHO ICTRP, and with which of a register's each agrees.
_OPEN = frozenset({"RECRUITING", "ENROLLING_BY_INVITATION"})
_COARSE = {
    "RECRUITING": lambda status: status in _OPEN or status == "UNKNOWN",
    "NOT_RECRUITING": lambda status: status not in _OPEN,
}
_WORD = re.compile(r"\w+")
_ITEM = re.compile(r"^[^\S\n]*(?:[-*•·]|\(?(?:\d{1,2}|[a-z])[.)、])\s*", re.M | re.I)
_ELLIPSIS = re.compile(r"(?:\.{3}|…)\s*$")


def as_text(value: object) -> str | None:
    """Return a field's value as the text that `statements` holds."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        are_texts = isinstance(next(iter(value), None), str)
        parts = value if are_texts else map(part_text, value)
        return "; ".join(filter(None, parts)) if value else None
    return part_text(value)


def part_text(value: object) -> str:
    """Return what one part of a list says, as text."""
    if not isinstance(value, msgspec.Struct):
        return str(value)
    parts = filter(None, msgspec.structs.astuple(value))
    if _has_lists(type(value)):
        parts = [", ".join(p) if type(p) is tuple else p for p in parts]
    return ", ".join(parts)


@cache
def _has_lists(kind: type[msgspec.Struct]) -> bool:
    return any(field.default == () for field in msgspec.structs.fields(kind))


def folded(text: str | None) -> str:
    """Return a text without differences of case and spaces."""
    return " ".join(text.casefold().split()) if text else ""


def words(text: str) -> frozenset[str]:
    """Return the words of a text, each once."""
    return frozenset(_WORD.findall(text.casefold()))


#: What the classic CSV's "Other" stands for beside a class of that name.
_CLASSES_OF_OTHER = frozenset({"OTHER_GOV", "NETWORK", "INDIV", "UNKNOWN"})


def agree(one: object, other: object, field: str = "") -> bool:
    r"""Whether two values of a field say the same, as far as both say it.

    A month agrees with a day inside it, and a text with one that it is the beginning
    of. Lists are compared by `trialkit.merge.part_lists.lists_agree`.
    """
    if isinstance(one, PartialDate) and isinstance(other, PartialDate):
        types = {one.type, other.type} - {None}
        return same_day(one.date, other.date) and len(types) < 2
    if folded(as_text(one)) == folded(as_text(other)):
        return True
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if field in DAYS:
        return same_day(one, other)
    if field in _AGES:
        ages = age_years(one), age_years(other)
        return None not in ages and isclose(*ages)  # type: ignore[arg-type]
    if field == "sponsor_class":
        return is_coarser(one, other) or is_coarser(other, one)
    if field not in PROSE:
        return False
    short, long = sorted((prose(one), prose(other)), key=len)
    return long.startswith(short) and bool(short)


def is_coarser(one: str, other: str) -> bool:
    """Whether a sponsor's class is the CSV's word for several, the other among them."""
    return one == "OTHER" and other in _CLASSES_OF_OTHER


def same_day(one: str | None, other: str | None) -> bool:
    """Whether two ISO dates, whole or partial, can be the same day."""
    coarse, fine = sorted((one or "", other or ""), key=len)
    return fine.startswith(coarse) and fine[len(coarse) : len(coarse) + 1] in ("", "-")


def is_cut(text: str, whole: str) -> bool:
    """Whether a text is the beginning of another that breaks off inside a word."""
    short, long = prose(text), prose(whole)
    if not short or short == long or not long.startswith(short):
        return False
    rest = long[len(short) :]
    breaks_off = rest[0] != " " and len(rest.split()[0]) > len("es")
    return breaks_off or bool(_ELLIPSIS.search(text))


@lru_cache(maxsize=1024)
def prose(text: str) -> str:
    """Return the words of a text in order, without marks, numbers of items and case."""
    plain = unicodedata.normalize("NFKC", _ITEM.sub("", text)).casefold()
    return " ".join(_WORD.findall(plain))


def _as_level(text: str | None) -> str:
    return re.sub(r"\W+", "_", (text or "").upper())


def statuses_agree(of_export: str | None, of_register: str | None) -> bool:
    """Whether one of ICTRP's two status words can be said of a register's status."""
    agrees = _COARSE.get(_as_level(of_export))
    return of_export == of_register or bool(agrees and agrees(of_register))


@lru_cache(maxsize=4096)
def is_read(field: str, value: str) -> bool:
    """Whether a value is of its field's kind, and not words that nobody could read."""
    if field in _AGES:
        return age_years(value) is not None
    if field in DAYS:
        return date_span(value).precision is not None
    if field not in _LEVELLED or (
        field == "overall_status" and _as_level(value) in _COARSE
    ):
        return True
    levels = levels_of("trials", field)
    return value in levels or (
        field == "phase" and all(part in levels for part in value.split("/"))
    )
