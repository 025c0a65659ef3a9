"""Whether a trial gives living cells, or a device with cells, and why."""

from __future__ import annotations

from typing import NamedTuple

from trialkit.label import rules
from trialkit.label.matcher import Mention
from trialkit.label.products import Products
from trialkit.label.study import Study
from trialkit.label.text import joined


class Verdict(NamedTuple):
    """Whether it is a cell trial, and why."""

    is_cell_trial: bool | None
    reason: str


def verdict_of(study: Study, products: Products) -> Verdict:
    """Return whether living cells, or a device with cells, are given, and why."""
    if not study.texts:
        return Verdict(None, "the record has no text to judge by")
    nothing = _nothing_given(study)
    if nothing:
        return Verdict(False, f"nothing is given in this study: “{nothing}”")
    if _only_follows(study, products):
        return Verdict(False, "the study only follows patients of an earlier one")
    if _is_laboratory_work(study, products):
        return Verdict(False, "cells are only made, counted or described")
    if not products.arms or _title_is_cell_free(study, products):
        return Verdict(False, _why_not(study))
    evidence = _first_evidence(study, products)
    if evidence is None:
        return Verdict(True, "a cell product is given")
    words = evidence.text.stored(evidence.start, evidence.end)
    return Verdict(True, f"a cell product is given: “{words}”")


def _nothing_given(study: Study) -> str:
    titles = joined(study.titles)
    observes = study.base.study_type == "OBSERVATIONAL"
    if not rules.FOLLOW_UP(titles) and not observes:
        return ""
    for text in study.texts:
        for number, sentence in enumerate(text.folded_sentences):
            if rules.NOTHING_GIVEN(sentence):
                start, _ = text.sentences[number]
                return text.quote(start, start + 1)[0]
    return ""


def _only_follows(study: Study, products: Products) -> bool:
    """Return whether title and arms tell of a follow-up and of nothing given."""
    titles = joined(study.titles)
    if rules.FOLLOWS_EARLIER(titles) and not _tells_of_giving(study):
        return True
    if not rules.FOLLOW_UP(titles):
        return False
    if study.base.study_type == "OBSERVATIONAL":
        return True
    return (
        study.has_arms
        and bool(products.arms)
        and all(
            any(rules.FOLLOW_UP_ONLY(t.folded) for t in study.of_arm(n))
            for n in products.arms
        )
    )


def _tells_of_giving(study: Study) -> bool:
    """Return whether an arm's or intervention's description tells how it is given."""
    return any(
        t.passage.section in {"arm_description", "intervention_description"}
        and (rules.PARENTERAL(t.folded) or rules.DOSED(t.folded))
        for t in study.texts
    )


def _is_laboratory_work(study: Study, products: Products) -> bool:
    """Return whether the title tells of laboratory work and no arm of a treatment."""
    if not rules.LABORATORY(joined(study.titles)):
        return False
    texts = [t for n in products.arms for t in study.of_arm(n)]
    linked = {k for found in products.arms.values() for k in found}
    texts += [t for k in linked for t in study.of_intervention(k)]
    return not any(rules.PARENTERAL(t.folded) for t in texts)


def _title_is_cell_free(study: Study, products: Products) -> bool:
    """Return whether the titles name cells only as makers of vesicles and such.

    An arm that is said to get cells, and nothing cell-free, outweighs them.
    """
    if any(_gets_cells(study, products, arm) for arm in products.arms):
        return False
    named = [m for t in study.titles for m in study.mentions(t, "cell_type")]
    return (
        bool(named)
        and any(rules.NOT_CELLS(t.folded) for t in study.titles)
        and not any(products.is_meant(m) for m in named)
    )


def _gets_cells(study: Study, products: Products, arm: int) -> bool:
    """Return whether an arm, unlike others, is told to get cells, nothing cell-free."""
    texts = study.of_arm_and(arm, products.arms[arm])
    given = [m for t in texts for m in products.in_text(t)]
    return (
        len(products.arms) < len(study.arms)
        and not rules.NOT_CELLS(joined(texts))
        and study.tells_of_giving(given)
    )


def _first_evidence(study: Study, products: Products) -> Mention | None:
    for n, linked in products.arms.items():
        texts = study.of_arm(n) + [t for k in linked for t in study.of_intervention(k)]
        for text in (*texts, *study.titles, *study.narrative, *study.texts):
            for mention in products.in_text(text):
                return mention
    return None


def _why_not(study: Study) -> str:
    rule = rules.NOT_CELLS
    for text in study.texts:
        found = rule.may_be_in(text.folded) and rule.pattern.search(text.folded)
        if found:
            return f"a cell-free product: “{found.group()}”"
    for text in study.texts:
        for mention in study.mentions(text, "cell_type"):
            words = text.stored(mention.start, mention.end)
            return f"cells are named, but none is given here: “{words}”"
    return "no cell product is named"
