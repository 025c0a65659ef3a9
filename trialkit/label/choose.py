"""Words to ids: which mentions of an axis may speak for an arm, level by level.

Levels, strongest first: the arm and its cell interventions; the titles; sentences of
summary and description about this study; a lay page. A lower level fills what the
higher ones leave open, and may name the child of a stated parent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from trialkit.label import rules
from trialkit.label.matcher import Mention
from trialkit.label.once import once
from trialkit.label.products import Products
from trialkit.label.rules import Rule
from trialkit.label.study import ELSEWHERE, LAY, NARRATIVE, THIS_STUDY, Study
from trialkit.label.text import Text

#: Sections that name the product or the study.
NAMES = {
    "intervention_name",
    "intervention_other_name",
    "arm_label",
    "brief_title",
    "official_title",
    "active_substance",
}
#: So far from its tissue the cells of one name begin at most.
_NAME_REACH = 90
Filter = Callable[[Mention], bool]


class Choice(NamedTuple):
    """An id, where it is said (offsets in a plain text), and the rule."""

    id: str
    text: Text
    start: int
    end: int
    basis: str
    rule_id: str

    def overlaps(self, other: Choice | Mention) -> bool:
        """Return whether both rest on the same words of one text."""
        is_apart = other.end <= self.start or self.end <= other.start
        return other.text is self.text and not is_apart


class Evidence:
    """The texts of a trial by level, and the filters that a mention must pass."""

    def __init__(self, study: Study, products: Products):
        self.study = study
        self.products = products
        self.is_loose = False

    @once
    def asked(self, question: Callable[[Evidence, Text], Any], text: Text) -> Any:
        """Return the answer of a text to a question, which is asked once."""
        return question(self, text)

    def own(self, arm: int) -> list[Text]:
        """Return the texts of an arm and of its cell interventions."""
        texts = self.study.of_arm_and(arm, self.products.arms.get(arm, ()))
        return texts if self.study.is_registered else texts + self.lay

    @property
    def lay(self) -> list[Text]:
        """Return a lay page's texts on the product: they fill gaps, never override."""
        return [t for t in self.study.texts if t.passage.section == "active_substance"]

    def found(
        self, axis: str, texts: Iterable[Text], keep: Filter
    ) -> dict[str, Choice]:
        """Return the first kept mention of each id of an axis, else hints."""
        strong, weak = self.found_apart(axis, texts, keep)
        return strong or weak

    def found_apart(
        self, axis: str, texts: Iterable[Text], keep: Filter
    ) -> tuple[dict[str, Choice], dict[str, Choice]]:
        """Return the first kept mention of every id: plain phrases, and hints."""
        strong, weak = self._found(axis, tuple(texts), keep, self.is_loose)
        return dict(strong), dict(weak)

    @once
    def _found(
        self, axis: str, texts: tuple[Text, ...], keep: Filter, is_loose: bool
    ) -> tuple[dict[str, Choice], dict[str, Choice]]:
        strong: dict[str, Choice] = {}
        weak: dict[str, Choice] = {}
        for text in texts:
            for mention in self.study.mentions(text, axis):
                into = weak if mention.is_weak else strong
                if mention.id in into:
                    continue
                if self._keeps(keep, mention, is_loose):
                    span = mention.start, mention.end
                    into[mention.id] = said(mention.id, text, span, mention.rule_id)
        return strong, weak

    @once
    def _keeps(self, keep: Filter, mention: Mention, is_loose: bool) -> bool:
        return keep(mention)

    def told(self, axis: str, keep: Filter) -> dict[str, Choice]:
        """Return what this study's sentences say, else what neutral ones say."""
        found = self.found(axis, self.study.narrative, keep)
        if found:
            return found
        self.is_loose = True
        try:
            found = self.found(axis, self.study.narrative, keep)
            return found or self.found(axis, self.lay, keep)
        finally:
            self.is_loose = False

    def is_of_study(self, mention: Mention) -> bool:
        """Return whether a mention's sentence speaks of this study."""
        stance = self.study.stance_of(mention)
        if mention.text.passage.section in NARRATIVE and not self.is_loose:
            return stance in THIS_STUDY
        return stance not in ELSEWHERE

    def is_of_product(self, mention: Mention) -> bool:
        """Return whether a sentence tells of this study, or of its product by name.

        What an earlier trial of the product says of it is true of it here, too.
        """
        if self.is_of_study(mention):
            return True
        text, number = mention.text, mention.sentence
        is_told = self.study.stance(text, number) == "background"
        return is_told and self.products.are_explained_in(text, number)

    def has_cells(self, mention: Mention) -> bool:
        """Return whether the mention's sentence names the cells or their product."""
        return self.products.are_named_in(mention.text, mention.sentence)

    def is_beside_cells(self, mention: Mention) -> bool:
        """Return whether a mention's sentence speaks of this study and of its cells."""
        return self.is_of_study(mention) and self.has_cells(mention)

    def is_type(self, mention: Mention) -> bool:
        """Return whether a cell-type mention names this study's product."""
        if not self.study.may_mean(mention) or not self.is_of_product(mention):
            return False
        return (
            not rules.PARTNER_BEFORE(mention.around()[0])
            and not self.products.is_setting_of_others(mention)
            and self.products.is_meant(mention)
        )

    def is_source(self, mention: Mention) -> bool:
        """Return whether a tissue is said to be the source of this study's cells."""
        before, after = mention.around()
        if (
            rules.NEGATED(before)
            or rules.COMPARED(before[-24:])
            or not self.is_of_product(mention)
            or rules.NOT_CELLS_AFTER(after)
            or rules.PARTNER_BEFORE(before)
            or (rules.POPULATION_BEFORE(before) and rules.TRANSPLANT_AFTER(after))
            or (mention.id in rules.BLOOD_TEST.ids and rules.BLOOD_TEST(after))
            or not self.study.may_mean(mention)
            or self._is_of_count(mention)
            or self._is_measured(mention)
        ):
            return False
        types = self.adjoining(mention)
        if types and not any(map(self.is_type, types)):
            return False
        if mention.text.passage.section in NAMES or self.is_said_of_cells(mention):
            return True
        is_own = mention.text.passage.section not in NARRATIVE
        return is_own and self.study.says(mention.text, mention.sentence, is_harvest)

    def _is_of_count(self, mention: Mention) -> bool:
        """Return whether "white blood cells" may be those of a blood count."""
        text, number, says = mention.text, mention.sentence, self.study.says
        if mention.is_weak and mention.id in rules.BLOOD_COUNT.ids:
            return self.is_loose or says(text, number, rules.BLOOD_COUNT)
        return False

    def _is_measured(self, mention: Mention) -> bool:
        """Return whether a sentence of the summary measures, and gives nothing."""
        text, number, says = mention.text, mention.sentence, self.study.says
        is_told = text.passage.section in NARRATIVE and says(
            text, number, rules.MEASURED
        )
        return is_told and not says(text, number, rules.PARENTERAL)

    def is_said_of_cells(self, mention: Mention) -> bool:
        """Return whether cells come directly after the tissue, or are from it."""
        before, after = mention.around()
        return (
            rules.SOURCE_DIRECT(after)
            or rules.CELL_WORD(mention.words)
            or rules.SOURCE_FROM(before + mention.words.partition("from ")[1])
            or (not self.is_loose and rules.ITSELF_GIVEN(after))
            or any(
                cells.id not in rules.CONCENTRATE.becomes
                for cells in self.adjoining(mention)
            )
        )

    def adjoining(self, mention: Mention) -> list[Mention]:
        """Return the types in the same name as a word: "fetal human neural cells"."""
        text = mention.text
        return [
            cells
            for cells in self.study.mentions_in(text, mention.sentence, "cell_type")
            if cells.start <= mention.start < cells.end
            or (
                0 <= cells.start - mention.start < _NAME_REACH
                and rules.ONE_NAME(text.folded[mention.folded_end : cells.folded_start])
            )
        ]

    def _is_of_another_site(self, mention: Mention) -> bool:
        """Return whether a word is no route here: "IC" without a heart, a bare place.

        "Into" a place inside a sentence needs a verb of giving before it, or cells.
        """
        words = mention.words
        if not self.study.may_mean(mention):
            return True
        if not words.startswith(("into ", "in the ")) or self.has_cells(mention):
            return False
        before, _ = mention.around(120)
        sentence = mention.text.folded_sentences[mention.sentence]
        return not sentence.startswith(words) and not rules.GIVEN_BEFORE(before)

    def is_donor(self, mention: Mention) -> bool:
        """Return whether a donor word speaks of this study's cells."""
        before, after = mention.around()
        if (
            rules.NEGATED(before)
            or not self.is_of_product(mention)
            or rules.PARTNER_BEFORE(before)
            or rules.OTHER_GRAFT(after)
            or (rules.POPULATION_BEFORE(before) and _is_of_transplant(mention, after))
        ):
            return False
        types = self.adjoining(mention)
        if types:
            return any(map(self.is_type, types))
        if self.has_cells(mention) or rules.PRODUCT_WORD(after):
            return True
        text, number = mention.text, mention.sentence
        return bool(self.study.mentions_in(text, number, "cell_source"))

    def is_route(self, mention: Mention) -> bool:
        """Return whether a route is said to be the way of this study's cells.

        Questions on the whole sentence come first, as they are asked only once.
        """
        if not self.is_of_study(mention) or not self._may_tell_route(mention):
            return False
        before, after = mention.around()
        if (
            rules.NEGATED(before)
            or rules.OTHER_DRUG(after)
            or rules.DRUG_BEFORE(before)
            or rules.DRUG(_last_word(before))
            or rules.DRUG(_first_word(after))
            or rules.ROMAN_NUMERAL(before[-22:])
            or not _may_be_short_form(mention, before, after)
            or (rules.SHAM_BEFORE(before) and not rules.CELLS_NEXT(after))
            or rules.CELL_FREE_BEFORE(before)
            or self._is_of_another_site(mention)
            or _is_of_taking(mention.id, before, after)
        ):
            return False
        named = after[:45]
        return (
            not rules.OTHER_OBJECT(after)
            or rules.CELL_WORD(named)
            or ("vaccine" in named and self._names_vaccine(mention))
        )

    def _names_vaccine(self, mention: Mention) -> bool:
        """Return whether a sentence names the product as the vaccine that it is."""
        sentence = mention.text.folded_sentences[mention.sentence]
        return "vaccine" in sentence and self._are_vaccine

    @cached_property
    def _are_vaccine(self) -> bool:
        """True where a product of cells is called a vaccine."""
        return any("vaccine" in text.folded for text in self.products.texts)

    def _may_tell_route(self, mention: Mention) -> bool:
        """Return whether a mention's sentence may tell the route of the cells."""
        text, number, says = mention.text, mention.sentence, self.study.says
        if mention.is_weak and not says(text, number, rules.IMPLANTED):
            return False
        if self.has_cells(mention) or self._names_vaccine(mention):
            return True
        if says(text, number, _is_of_other):
            return False
        if text.passage.section not in NARRATIVE:
            return True
        if self.is_loose or says(text, number, rules.CONTROL):
            return False
        return says(text, number, rules.PARENTERAL)


def is_harvest(sentence: str) -> bool:
    """Return whether a sentence tells of taking the tissue that cells are made of."""
    return rules.HARVEST(sentence) and not rules.ASSESSED(sentence)


def _is_of_other(sentence: str) -> bool:
    """Return whether a sentence tells of a placebo, a drug or another treatment."""
    return (
        rules.PLACEBO(sentence)
        or rules.OTHER_TREATMENT(sentence)
        or rules.DRUG(sentence)
    )


def _is_of_transplant(mention: Mention, after: str) -> bool:
    """Return whether a donor word is that of a transplant of blood-forming cells."""
    return rules.ROUTINE_TRANSPLANT(mention.words + after)


def _last_word(words: str) -> str:
    """Return the word before a route: of "DRUG intravenously (" it is the drug."""
    words = words.rstrip()
    if words.endswith("("):
        words = words[:-1].rstrip()
        words = words[: max(words.rfind(" "), 0)]
    return words[words.rfind(" ") + 1 :]


def _first_word(words: str) -> str:
    """Return the word after a route: of " DRUG over an hour" it is the drug."""
    return words.lstrip(" ,:(").partition(" ")[0]


def _may_be_short_form(mention: Mention, before: str, after: str) -> bool:
    """Return whether "iv", "ID" or "sc" is a route, or the words are longer."""
    shown = mention.text.plain[mention.start : mention.end]
    if len(shown) == _SHORT + 1 and shown.endswith("s"):
        return False  # "SCs" are cells
    if len(shown) > _SHORT or not shown.isascii():
        return True
    if shown.isupper():
        rule = rules.GIVEN_SHORT
        is_part = mention.text.plain.startswith("-", mention.end)
        return mention.id not in rule.ids or (rule(before) and not is_part)
    return rules.SHORT_FORM(f"{before[-24:]}<>{after[:24]}")


#: So many letters has a short form of a route at most.
_SHORT = 2


def _is_of_taking(route: str, before: str, after: str) -> bool:
    """Return whether the words tell where tissue or blood is taken from."""
    if route in rules.FOR_TAKING.ids:
        return rules.FOR_TAKING(after)
    return route in rules.TAKEN_BEFORE.ids and (
        rules.TAKEN_BEFORE(before) or rules.TAKEN_AFTER(after)
    )


def found_by(
    rule: Rule, text: Text, hit: re.Match[str], identifier: str | None = None
) -> Choice:
    """Return an id, else that of a rule, where a text holds the rule's words."""
    span = text.plain_span(*hit.span())
    return said(identifier or rule.ids[0], text, span, rule.id)


def said(identifier: str, text: Text, span: tuple[int, int], rule_id: str) -> Choice:
    """Return an id on a span of plain text, `stated-lay` where a lay page says it."""
    basis = "stated-lay" if text.passage.section in LAY else "stated"
    return Choice(identifier, text, *span, basis, rule_id)
