"""The words around a phrase: plain cells, drugs, brands, samples, other grafts."""

from __future__ import annotations

import re

from trialkit.label import rules
from trialkit.label.amounts import amounts_in
from trialkit.label.matcher import Mention
from trialkit.label.text import Text

#: Names are short: each word is tried from its start, to 40 letters.
_BRAND = re.compile(
    r"(?<![A-Za-z])[A-Za-z]{1,40}-?\d[\w-]*|[A-Z]{3,}[\w-]*|[A-Z][a-z]+[A-Z]\w*"
    r"|\b\w{1,40}(?=\s?(?:[®™]|\([Rr]\)|\(TM\)))|\b[A-Z][a-z]{2,}-[A-Z]\w*"
)
_WORD = re.compile(r"[A-Za-z][\w-]{4,}")


def is_other_graft(word: str, before: str) -> bool:
    """Return whether a word for a transplant means an organ or an earlier one."""
    is_graft = "plant" in word or "graft" in word
    return is_graft and (rules.ORGAN_BEFORE(before) or rules.POPULATION_BEFORE(before))


def has_generic_cells(folded: str) -> bool:
    """Return whether plain "cells" are named, and not those of a blood count."""
    for hit in rules.PLAIN_CELLS.pattern.finditer(folded):
        before = folded[max(0, hit.start() - 40) : hit.start()]
        if not (rules.OTHER_CELLS_BEFORE(before) or rules.LACKING_BEFORE(before)):
            return True
    return False


def has_cell_amount(text: Text) -> bool:
    """Return whether plain "cells" are named with a number or a density."""
    return has_generic_cells(text.folded) and bool(
        rules.DENSITY(text.folded) or amounts_in(text.plain)
    )


def is_collection(texts: list[Text], may_tell_of_giving: bool = False) -> bool:
    """Return whether an intervention takes material and gives none."""
    return any(rules.COLLECTION(t.folded) for t in texts) and (
        may_tell_of_giving or not any(rules.GIVEN(t.folded) for t in texts)
    )


def brand_words(name: str) -> set[str]:
    """Return the code-like words of a name; of a single one, that word."""
    words = set(_BRAND.findall(name))
    if len(name.split()) == 1:
        words |= set(_WORD.findall(name))
    folded = {w.lower().replace("-", " ").strip() for w in words}
    return {w for w in folded if len(w) > 3} - rules.COMMON_WORDS


def is_name_of(word: str, mention: Mention) -> bool:
    """Return whether a brand near cells is their name, not something added to them."""
    before, after = mention.around()
    near = before.rfind(word)
    if near >= 0:
        return _is_apposed(before[near + len(word) :])
    near = after.find(word)
    return near >= 0 and _is_apposed(after[:near])


def _is_apposed(between: str) -> bool:
    """Return whether the words between two names let them be one thing."""
    return not (rules.ADDED_TO(between) or rules.NOT_A_NAME(between))


def lists_cells(names: list[Text]) -> bool:
    """Return whether a name lists cells beside drugs: "A cell injection, DRUG"."""
    parts = [part for t in names for part in _LISTED.split(t.folded)]
    return len(parts) > 1 and any(
        has_generic_cells(part) and not rules.DRUG(part) for part in parts
    )


_LISTED = re.compile(r"[,;+，、]| and | plus | with ")


def may_cross_over(own: str) -> bool:
    """Return whether an arm's words give a placebo, and offer the cells later."""
    return rules.PLACEBO(own) and rules.CROSSOVER_LATER(own)


def has_later_cells(own: str) -> bool:
    """Return whether the words of a control arm tell of cells at the end."""
    if rules.TREATMENTS_REVERSED(own):
        return has_generic_cells(own) or "msc" in own
    return rules.SHAM_THEN_CELLS(own) and not rules.CROSSOVER_LATER(own)
