"""Whether a trial gives living cells, or a device with cells: yes, no or unsure.

Signs are asked in the order of `data/label_rules.toml`; the first that holds decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from trialkit.label import rules
from trialkit.label.matcher import Mention
from trialkit.label.products import OTHER, Products
from trialkit.label.study import Study
from trialkit.label.text import fold, joined
from trialkit.record import Intervention

#: What `trials.cell_decision` holds, by what `is_cell_trial` is.
ANSWERS = {True: "yes", False: "no", None: "unsure"}
#: Types of what may be a product under a name of its own.
_PRODUCTS = {"BIOLOGICAL", "COMBINATION_PRODUCT", "DRUG", "GENETIC"}
_VALUES = {answer: value for value, answer in ANSWERS.items()}


class Verdict(NamedTuple):
    """Whether it is a cell trial, None where that is unsure, and why."""

    is_cell_trial: bool | None
    reason: str


def verdict_of(study: Study, products: Products) -> Verdict:
    """Return the answer of the first sign that holds, with the words it rests on."""
    return verdict_by(sign_of(study, products))


def verdict_by(found: tuple[str, str]) -> Verdict:
    """Return what a sign says, with its words."""
    sign, words = rules.SIGNS[found[0]], found[1]
    reason = f"{sign.says}: “{words}”" if words else sign.says
    return Verdict(_VALUES[sign.answer], reason)


def sign_of(study: Study, products: Products) -> tuple[str, str]:
    """Return the first sign that holds, and the words it rests on."""
    for name in rules.SIGNS:
        words = _ASKS[name](study, products)
        if words is not None and words is not False:
            return name, "" if words is True else words
    raise AssertionError("the last sign always holds")


def _nothing_given(study: Study, _: Products) -> str | None:
    """Return the sentence which says that nothing is given."""
    titles = joined(study.titles)
    observes = study.base.study_type == "OBSERVATIONAL"
    if not rules.FOLLOW_UP(titles) and not observes:
        return None
    for text in study.texts:
        for number, sentence in enumerate(text.folded_sentences):
            if rules.NOTHING_GIVEN(sentence):
                start = text.sentences[number][0]
                return text.quote(start, start + 1)[0]
    return None


def _follows(study: Study, products: Products) -> bool:
    """Return whether title and arms tell of a follow-up and of nothing given."""
    titles = joined(study.titles)
    if rules.FOLLOWS_EARLIER(titles) and not _tells_of_giving(study):
        return True
    if not rules.FOLLOW_UP(titles):
        return False
    if study.base.study_type == "OBSERVATIONAL":
        return True
    if not study.has_arms:
        return not study.base.interventions and _tells_of_following(study)
    return bool(products.arms) and all(
        any(rules.FOLLOW_UP_ONLY(t.folded) for t in study.of_arm(n))
        for n in products.arms
    )


def _tells_of_following(study: Study) -> bool:
    """Return whether a sentence tells that patients had their cells before."""
    return any(
        rules.FOLLOW_UP_ONLY(sentence)
        for text in study.narrative
        for sentence in text.folded_sentences
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
    is_observed = study.base.study_type == "OBSERVATIONAL"
    if is_observed and not _tells_of_any_giving(study):
        return True
    if is_observed and _looks_back(study):
        return True
    if not rules.LABORATORY(joined(study.titles)):
        return False
    own = (t for n in products.arms for t in study.of_arm(n))
    return not any(rules.PARENTERAL(t.folded) for t in (*own, *products.texts))


def _looks_back(study: Study) -> bool:
    """Return whether an arm, or the summary without arms, is of past patients' data."""
    texts = [t for n in range(len(study.arms)) for t in study.of_arm(n)]
    told = texts if study.has_arms else study.narrative
    return any(rules.LOOKS_BACK(t.folded) for t in told)


def _tells_of_any_giving(study: Study) -> bool:
    """Return whether any text tells of an injection, infusion, graft or the like."""
    return any(
        "receiv" in t.folded or rules.PARENTERAL(t.folded) or rules.RECEIVED(t.folded)
        for t in study.texts
    )


def _unlike_others(study: Study, products: Products) -> str | None:
    """Return the cells of an arm that, unlike others, is told to get them."""
    for arm, linked in products.arms.items():
        if _gets_cells(study, products, arm):
            return _words(_first_evidence(products, {arm: linked}))
    return None


def _title_is_cell_free(study: Study, products: Products) -> bool:
    """Return whether the titles name cells only as makers of vesicles and such."""
    named = products.mentions_of(study.titles)
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


def _given(products: Products, by_intervention: bool) -> str | None:
    """Return the words for the cells of the first arm that gets them so."""
    found = {n: k for n, k in products.arms.items() if bool(k) is by_intervention}
    return _words(_first_evidence(products, found)) if found else None


def _first_evidence(products: Products, arms: dict[int, list[int]]) -> Mention | None:
    study = products.study
    for n, linked in arms.items():
        texts = study.of_arm(n) + [t for k in linked for t in study.of_intervention(k)]
        for text in (*texts, *study.titles, *study.narrative, *study.texts):
            for mention in products.in_text(text):
                return mention
    return None


def _words(mention: Mention | None) -> str:
    return mention.text.stored(mention.start, mention.end) if mention else ""


def _of_arms(study: Study, products: Products) -> str | None:
    return _given(products, by_intervention=False) if study.has_arms else None


def _of_text(study: Study, products: Products) -> str | None:
    is_told = bool(products.arms) and products.told is not None
    return _given(products, by_intervention=False) if is_told else None


def _of_title(study: Study, products: Products) -> str | None:
    """Return the cells of a title that is a therapy's, of a record without arms."""
    is_therapy = any(rules.THERAPY(t.folded) for t in study.titles)
    is_therapy = is_therapy or products.title_makes
    is_therapy = is_therapy or any(
        t.passage.section == "active_substance" for t in study.texts
    )
    return _given(products, by_intervention=False) if is_therapy else None


def _unexplained(study: Study, products: Products) -> str | None:
    """Return the cells of a title that nothing listed or told explains."""
    mention = products.title_gives
    may_be = _may_give(study) and products.may_be_unlisted
    return _words(mention) if mention and may_be else None


def _named_alone(study: Study, products: Products) -> str | None:
    """Return the cells of a title where no text tells what a listed name stands for."""
    if study.has_arms or study.narrative or not _may_give(study):
        return None
    listed = zip(study.base.interventions, products.classes, strict=True)
    if products.title_is_setting or not any(
        kind == OTHER and _is_unexplained(item, study) for item, kind in listed
    ):
        return None
    named = filter(products.is_meant, products.mentions_of(study.titles))
    return next(map(_words, named), None)


def _is_unexplained(item: Intervention, study: Study) -> bool:
    """Return whether a name may be a product's that no title speaks of."""
    may_be = item.intervention_type in _PRODUCTS
    return may_be and fold(item.name or "") not in joined(study.titles)


def _may_give(study: Study) -> bool:
    return study.base.study_type != "OBSERVATIONAL"


def _in_setting(study: Study, products: Products) -> str | None:
    is_text_only = not (study.base.interventions or study.has_arms)
    is_text_only = is_text_only and _may_give(study)
    if not is_text_only or not products.title_is_setting or products.told is None:
        return None
    return _words(products.told)


def _may_be_cells(study: Study, products: Products) -> str | None:
    """Return the told cells of a setting that is prepared for, or has a therapy."""
    is_open = products.title_conditions or any(
        rules.OTHER_THERAPY(t.folded) for t in study.titles
    )
    return _in_setting(study, products) if is_open else None


def _cell_free(study: Study, _: Products) -> str | None:
    for text in study.texts:
        if found := rules.NOT_CELLS.search(text.folded):
            return found.group()
    return None


def _named(study: Study, _: Products) -> str | None:
    for text in study.texts:
        for mention in study.mentions(text, "cell_type"):
            return _words(mention)
    return None


_Asks = Callable[[Study, Products], "str | bool | None"]
_ASKS: dict[str, _Asks] = {
    "record.empty": lambda study, _: not study.texts,
    "study.nothing_given": _nothing_given,
    "study.follows": _follows,
    "study.laboratory": _is_laboratory_work,
    "arm.gets_cells": _unlike_others,
    "title.cell_free": _title_is_cell_free,
    "intervention.cells": lambda _, products: _given(products, by_intervention=True),
    "arm.cells": _of_arms,
    "text.cells": _of_text,
    "title.therapy": _of_title,
    "title.unexplained": _unexplained,
    "text.setting": _may_be_cells,
    "title.setting": _in_setting,
    "words.cell_free": _cell_free,
    "title.alone": _named_alone,
    "words.cells": _named,
    "words.none": lambda *_: True,
}
