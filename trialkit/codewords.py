"""Registry codes in the words that readers see; American spelling, as the registry's.

Codes stay in the data; the words are for captions, tables and axes, and a filter of
`Trials.select` takes them too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from trialkit.codebook import codebook

NOT_STATED = "Not stated"
NOT_APPLICABLE = "Not applicable"
#: The group of a register's own words, for which no level is known.
OTHER_WORDING = "Other wording"

#: Words of codes that "capital letter, spaces for underscores" would get wrong.
_WORDS: dict[str, dict[str, str]] = {
    "overall_status": {"ACTIVE_NOT_RECRUITING": "Active, not recruiting"},
    "phase": {
        "EARLY_PHASE1": "Early phase 1",
        "PHASE1": "Phase 1",
        "PHASE1/PHASE2": "Phase 1/2",
        "PHASE2": "Phase 2",
        "PHASE2/PHASE3": "Phase 2/3",
        "PHASE3": "Phase 3",
        "PHASE4": "Phase 4",
    },
    "phase_group": {
        "Early 1": "Early phase 1",
        "1": "Phase 1",
        "1/2": "Phase 1/2",
        "2": "Phase 2",
        "2/3": "Phase 2/3",
        "3": "Phase 3",
        "4": "Phase 4",
    },
    "allocation": {
        "NON_RANDOMIZED": "Not randomized",
        "NA": "Not applicable (single group)",
    },
    "intervention_model": {"SINGLE_GROUP": "Single group"},
    "primary_purpose": {"ECT": "Educational, counseling or training"},
    "masking": {"NONE": "None (open label)"},
    "enrollment_type": {"ESTIMATED": "Planned"},
    "lead_sponsor_class": {
        "NIH": "US NIH",
        "FED": "Other US federal agency",
        "OTHER_GOV": "Other government",
        "INDIV": "Individual",
        "AMBIG": "Ambiguous",
    },
    "has_results": {"True": "Posted", "False": "Not posted"},
    "route_relation": {
        "single": "One route",
        "compared_between_arms": "Arms differ by route: compared in the trial",
        "sequence_same_arm": "One after the other in the same arm",
        "alternative_same_arm": "One or the other in the same arm",
        "mixed": "Several of these",
    },
}
_WORDS["source_kind"] = {"lay": "lay page"}
_WORDS["shape"] = {
    "ctgov_v2_json": "ClinicalTrials.gov JSON",
    "ctgov_csv": "ClinicalTrials.gov CSV",
    "ctgov_xml": "ClinicalTrials.gov XML",
    "ictrp_csv": "WHO ICTRP CSV",
    "ictrp_xlsx": "WHO ICTRP Excel list",
    "ictrp_xml": "WHO ICTRP XML",
    "mirror_page": "mirror page",
    "mirror_page_labels_lost": "mirror page, labels lost",
    "lay_page": "lay page",
    "trialkit records": "trialkit records file",
}
_WORDS["last_known_status"] = _WORDS["overall_status"]
_WORDS["site_status"] = _WORDS["overall_status"]
_WORDS["sponsor_class"] = _WORDS["lead_sponsor_class"]

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
    """Return a code as a capital letter, and blanks for underscores, make it."""
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


@cache
def _coded() -> frozenset[str]:
    """Return the fields whose values are codes; others hold a record's own words."""
    tables = codebook().values()
    listed = (name for columns in tables for name in columns if columns[name].levels)
    return frozenset((*listed, *_WITH_CODES))


def code_word(code: str, column: str) -> str:
    """Return a code in words; what is no code of the column is returned as it is.

    Examples
    --------
    >>> code_word("PHASE1/PHASE2", "phase"), code_word("ARDS", "conditions")
    ('Phase 1/2', 'ARDS')
    """
    known = _WORDS.get(column, {})
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
