"""Words that readers see for registry codes and fields.

Codes stay in the data; these words are for captions, tables and axes. American
spelling, as the registry's own.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from trialkit.codebook import codebook

NOT_STATED = "Not stated"
NOT_APPLICABLE = "Not applicable"

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

#: Names of fields and label axes as readers see them.
FIELD_NAMES = {
    "overall_status": "Recruitment status",
    "study_type": "Study type",
    "phase": "Phase",
    "phase_group": "Phase",
    "allocation": "Allocation",
    "intervention_model": "Intervention model",
    "primary_purpose": "Primary purpose",
    "masking": "Masking",
    "who_masked": "Who is masked",
    "enrollment": "Enrollment",
    "enrollment_type": "Enrollment type",
    "enrollment_group": "Enrollment (participants)",
    "start_date": "Start date",
    "start_year": "Start year",
    "primary_completion_date": "Primary completion date",
    "completion_date": "Completion date",
    "last_updated_date": "Last update in the registry",
    "has_results": "Results",
    "lead_sponsor": "Lead sponsor",
    "lead_sponsor_class": "Lead sponsor class",
    "country": "Country",
    "countries": "Countries",
    "sites": "Sites",
    "site_status": "Site status",
    "sex": "Sex",
    "ages": "Age limits",
    "conditions": "Conditions",
    "condition_group": "Condition group",
    "arms": "Arms",
    "interventions": "Interventions",
    "outcomes": "Outcomes",
    "sponsors": "Sponsors",
    "route": "Route",
    "route_group": "Route",
    "delivery_mode": "Delivery mode",
    "site": "Anatomical site",
    "access": "Access",
    "perfusate": "Blood or plasma",
    "is_cell_trial": "Cell trial",
    "cells_enter_body": "Cells enter the body",
    "cell_type": "Cell type",
    "cell_source": "Cell source",
    "source_family": "Cell source",
    "species": "Species",
    "donor": "Donor relation",
    "donor_inferred": "Donor relation (inferred)",
    "processing": "Processing",
    "dose": "Dose",
}


def field_name(field: str) -> str:
    """Return the name of a field or label axis as readers see it.

    Examples
    --------
    >>> field_name("overall_status"), field_name("why_stopped")
    ('Recruitment status', 'Why stopped')
    """
    return FIELD_NAMES.get(field) or _plain(field)


def _plain(code: str) -> str:
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


@cache
def _coded() -> frozenset[str]:
    """Return the fields whose values are codes; others hold a record's own words."""
    tables = codebook().values()
    listed = (name for columns in tables for name in columns if columns[name].levels)
    return frozenset((*listed, *_WITH_CODES))


def _word(code: str, column: str) -> str:
    known = _WORDS.get(column, {})
    if code in known:
        return known[code]
    if code == "NA":
        return NOT_APPLICABLE
    if column == "condition_group":
        return _plain(code)
    return _plain(code.lower()) if column in _coded() and code.isupper() else code


def word(code: str | None, column: str) -> str:
    """Return one registry code as the words that readers see.

    What is no code stays as the record writes it: `ARDS` is a condition.

    Examples
    --------
    >>> word("ACTIVE_NOT_RECRUITING", "overall_status"), word(None, "phase")
    ('Active, not recruiting', 'Not stated')
    >>> word("ARDS", "conditions")
    'ARDS'
    """
    return NOT_STATED if pd.isna(code) else _word(str(code), column)


def words(values: pd.Series, column: str) -> pd.Series:
    """Return registry codes as the words that readers see, missing as "Not stated".

    Parameters
    ----------
    values
        Codes.
    column
        Column of the table `trials` that the codes belong to.

    Returns
    -------
    pandas.Series
        Text; a categorical Series stays categorical, in its order, "Not stated" last.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = [_word(str(level), column) for level in values.cat.categories]
        renamed = values.cat.rename_categories(levels)
        if NOT_STATED not in levels:
            renamed = renamed.cat.add_categories([NOT_STATED])
        return renamed.fillna(NOT_STATED)
    text = values.astype("string")
    made = {code: _word(code, column) for code in text.dropna().unique()}
    return text.map(made).astype("string").fillna(NOT_STATED)


def sentence_list(items: list[str]) -> str:
    """Return items as a list inside a sentence.

    Examples
    --------
    >>> sentence_list(["10", "12", "32"])
    '10, 12 and 32'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def not_stating(n: int) -> str:
    """Return, in brackets, how many trials do not state what was asked; "" for none.

    Examples
    --------
    >>> not_stating(1), not_stating(1200), not_stating(0)
    (' (1 does not state it)', ' (1,200 do not state it)', '')
    """
    return f" ({n:,} {'does' if n == 1 else 'do'} not state it)" if n else ""


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, singular or plural.

    Examples
    --------
    >>> counted(1, "trial"), counted(1200, "trial")
    ('1 trial', '1,200 trials')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
