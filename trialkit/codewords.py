"""Registry codes in the words that readers see; American spelling, as the registry's.

Codes stay in the data; the words are for captions, tables and axes, and a filter of
`Trials.select` takes them too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from trialkit.codebook import codebook
from trialkit.files import data_rows
from trialkit.plural import capital

#: A value that no source gives, in every figure and table.
NOT_STATED = "Not stated"
#: In place of routes and cells where a trial gives none.
NO_PRODUCT = "No cell product"
NOT_APPLICABLE = "Not applicable"
#: The group of a register's own words, for which no level is known.
OTHER_WORDING = "Other wording"

#: Fields whose values are codes, beside those with levels in the codebook: lists of
#: codes, and dates with their type.
_WITH_CODES = (
    "who_masked",
    "start_date",
    "primary_completion_date",
    "completion_date",
)


def other_wordings(values: Iterable[str], levels: Collection[str]) -> list[str]:
    """Return the values of a column that reports count as "Other wording".

    Phases that the registry does not join, such as PHASE3/PHASE4, are phases.

    Examples
    --------
    >>> other_wordings(["PHASE3/PHASE4", "Retrospective"], ["PHASE3", "PHASE4"])
    ['Retrospective']
    """
    known = set(levels)
    return [v for v in values if v not in known and not set(v.split("/")) <= known]


def plain_word(code: str) -> str:
    """Return a code with a capital letter, and blanks for underscores."""
    return capital(code.replace("_", " "))


#: Levels that pool what has none of its own, by column.
_POOLED = {
    "route_group": ("Other route",),
    "route_family": ("Other route",),
    "cell_source": ("Other stated source",),
    "cell_type": ("Other stated cell type",),
    "condition_group": ("other", "Other", "Other conditions"),
    "domain": ("Other",),
}


def is_pooled(level: str, column: str) -> bool:
    """Return whether a level pools others, and so leads none.

    Examples
    --------
    >>> is_pooled("Other", "domain"), is_pooled("Other", "lead_sponsor_class")
    (True, False)
    """
    return level in _POOLED.get(column, ())


@cache
def _words() -> dict[str, dict[str, str]]:
    """Return by column the words of `data/code_words.csv`."""
    words: dict[str, dict[str, str]] = {}
    for row in data_rows("code_words.csv"):
        for column in row["column"].split("|"):
            words.setdefault(column, {})[row["code"]] = row["words"]
    return words


@cache
def _short_words() -> dict[tuple[str, str], str]:
    """Return by column and words those of `data/wording/short_words.csv`."""
    rows = data_rows("wording/short_words.csv")
    return {(row["column"], row["words"]): row["short"] for row in rows}


def short_word(words: str, column: str) -> str:
    """Return a level in few words, for a figure or a list; a short one unchanged.

    Examples
    --------
    >>> short_word("Mesenchymal stromal cell (MSC)", "cell_type")
    'Mesenchymal stromal'
    """
    return _short_words().get((column, words), words)


def full_words(short: str, columns: Collection[str]) -> list[str]:
    """Return the levels of some columns that figures and lists print so short.

    Examples
    --------
    >>> full_words("cord blood", ["cell_source"])
    ['Umbilical cord blood']
    """
    asked = " ".join(short.casefold().split())
    return [
        words
        for (column, words), own in _short_words().items()
        if column in columns and own.casefold() == asked
    ]


@cache
def _coded() -> frozenset[str]:
    """Return the fields whose values are codes; others hold a record's own words."""
    tables = codebook().values()
    listed = (name for columns in tables for name in columns if columns[name].levels)
    return frozenset((*listed, *_WITH_CODES))


def code_word(code: str, column: str) -> str:
    """Return a code in words, and any other text unchanged.

    Examples
    --------
    >>> code_word("PHASE1/PHASE2", "phase"), code_word("ARDS", "conditions")
    ('Phase 1/2', 'ARDS')
    """
    known = _words().get(column, {})
    if code in known:
        return known[code]
    if code == "NA":
        return NOT_APPLICABLE
    parts = code.split("/")
    if column in ("phase", "phase_group") and all(part in known for part in parts):
        first, *others = (known[part] for part in parts)
        return "/".join([first, *(word.removeprefix("Phase ") for word in others)])
    if column == "condition_group":
        return plain_word(code)
    return plain_word(code.lower()) if column in _coded() and code.isupper() else code


#: Names of fields and label axes that are more than their identifier in plain words.
_FIELD_NAMES = {
    "overall_status": "Recruitment status",
    "phase_group": "Phase",
    "who_masked": "Who is masked",
    "enrollment_group": "Enrollment (participants)",
    "last_updated_date": "Last update in the registry",
    "has_results": "Results",
    "ages": "Age limits",
    "condition_area": "Area of disease",
    "route_group": "Route",
    "site": "Anatomical site",
    "perfusate": "Blood or plasma",
    "is_cell_trial": "Cell trial",
    "cells_enter_body": "Cells enter the body",
    "source_family": "Cell source",
    "donor": "Donor relation",
    "donor_inferred": "Donor relation (inferred)",
}


def field_name(field: str) -> str:
    """Return the name of a field or label axis as readers see it."""
    return _FIELD_NAMES.get(field) or plain_word(field)
