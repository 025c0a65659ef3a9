"""Sentences on taking tissue or blood: they tell whose cells it are, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from trialkit.label import rules
from trialkit.label.choose import Choice, Evidence, is_harvest, said
from trialkit.label.once import once
from trialkit.label.rules import Rule
from trialkit.label.study import THIS_STUDY
from trialkit.label.text import Text

(_PATIENT,) = rules.OF_PATIENT.ids
_Taking = tuple[Text, int, list[str], Rule]


class Harvests:
    """What sentences on a harvest tell of the source and the donor of the cells."""

    def __init__(self, evidence: Evidence):
        self.study = evidence.study
        self.products = evidence.products

    @once
    def source(self, donors: frozenset[str]) -> dict[str, Choice]:
        """Return the first tissue that a sentence on a harvest names.

        What is taken from a patient who gets the cells of others is for something else.
        """
        is_of_others = bool(donors) and _PATIENT not in donors
        for text, number, tissues, rule in self._of_tissue:
            if is_of_others and rules.OF_PATIENT(text.folded_sentences[number]):
                continue
            for tissue in tissues[:1]:
                return {tissue: said(tissue, text, text.sentences[number], rule.id)}
        return {}

    @once
    def donor(self, sources: frozenset[str]) -> dict[str, Choice]:
        """Return the patient as donor, where a source is taken from the patient."""
        for text, number, tissues, rule in (*self._of_tissue, *self._of_blood):
            is_other = tissues and sources and not sources.intersection(tissues)
            if not is_other and rules.OF_PATIENT(text.folded_sentences[number]):
                span = text.sentences[number]
                return {_PATIENT: said(_PATIENT, text, span, rule.id)}
        return {}

    @cached_property
    def _of_tissue(self) -> list[_Taking]:
        """Sentences that tell of taking tissue, with the tissues."""
        becomes = rules.HARVEST.becomes
        return [
            (text, number, [i for w, i in becomes.items() if w in sentence], rule)
            for text, number, sentence, rule in self._taking(rules.HARVEST)
            if is_harvest(sentence)
        ]

    @cached_property
    def _of_blood(self) -> list[_Taking]:
        """Sentences that tell of collecting white or blood-forming cells."""
        taken = self._taking(rules.BLOOD_COLLECTED)
        return [(text, n, list(rule.ids), rule) for text, n, _, rule in taken]

    def _taking(self, rule: Rule) -> Iterator[tuple[Text, int, str, Rule]]:
        """Yield this study's sentences that hold a rule's words, and name no donor."""
        for text in self._texts:
            if not rule.may_be_in(text.folded):
                continue
            for number, sentence in enumerate(text.folded_sentences):
                if (
                    rule(sentence)
                    and not rules.OF_DONOR(sentence)
                    and self.study.stance(text, number) in THIS_STUDY
                ):
                    yield text, number, sentence, rule

    @cached_property
    def _texts(self) -> list[Text]:
        """Texts of the arms with cells and of all that they list, and the summary."""
        arms = self.products.arms
        items = {k for n in arms for k in (*arms[n], *self.study.links[n])}
        listed = (t for k in sorted(items) for t in self.study.of_intervention(k))
        own = (t for n in arms for t in self.study.of_arm(n))
        return [*listed, *own, *self.study.narrative]
