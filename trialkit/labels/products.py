"""Which arms get a cell product, and whether the trial is a cell trial at all."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from trialkit.labels import rules
from trialkit.labels.amounts import amounts_in
from trialkit.labels.matcher import Mention
from trialkit.labels.study import NARRATIVE, Study
from trialkit.labels.text import Text, fold
from trialkit.labels.words import (
    around,
    brand_words,
    has_generic_cells,
    is_collection,
    is_drug_name,
    is_population,
)

CELLS, CONTROL, NOT_CELLS, OTHER = "cells", "control", "not_cells", "other"
#: Types of an unexplained intervention that the title's cells cannot be.
_NEVER_CELLS = {
    "DRUG",
    "DIETARY_SUPPLEMENT",
    "BEHAVIORAL",
    "RADIATION",
    "DIAGNOSTIC_TEST",
}
_MARKER = re.compile(r"\bcd ?\d+")


class Verdict(NamedTuple):
    """Is it a cell trial, why, and on which words."""

    is_cell_trial: bool | None
    reason: str
    evidence: Mention | None = None


class Products:
    """The judgement which interventions and arms carry cells."""

    def __init__(self, study: Study):
        self.study = study

    def in_text(self, text: Text) -> list[Mention]:
        """Return the mentions of cells in a text that speak of a product given."""
        return [m for m in self.study.mentions(text, "cell_type") if self.is_given(m)]

    def is_given(self, mention: Mention) -> bool:
        """Return whether a mention of cells means a product of this study."""
        if self.study.stance_of(mention) in {"background", "animal"}:
            return False
        return self._is_meant(mention)

    def _is_marker(self, mention: Mention) -> bool:
        """Return whether CD34 or CD133 is one of several markers that are measured."""
        if mention.id not in {"HSC", "HSC.CD133"}:
            return False
        return len(_MARKER.findall(self.study.sentence_of(mention))) > 2

    @cached_property
    def classes(self) -> list[str]:
        """For every intervention: cells, control, not_cells or other."""
        count = len(self.study.base.interventions)
        classes = [self._class(n) for n in range(count)]
        if CELLS not in classes and self._title_says_cells:
            classes = [
                CELLS if kind == OTHER and self._may_be_cells(n) else kind
                for n, kind in enumerate(classes)
            ]
        return classes

    @cached_property
    def _title_says_cells(self) -> bool:
        titles = self.study.titles or self.study.narrative
        return any(
            self.in_text(t) and (rules.GIVEN(t.folded) or rules.PURPOSE(t.folded))
            for t in titles
        )

    def _may_be_cells(self, position: int) -> bool:
        """Return whether an unexplained intervention can be the title's cells."""
        item = self.study.base.interventions[position]
        texts = self.study.of_intervention(position)
        if item.intervention_type in _NEVER_CELLS or is_collection(texts):
            return False
        return not is_drug_name(" / ".join(t.folded for t in texts))

    def _class(self, position: int) -> str:
        texts = self.study.of_intervention(position)
        names = [t for t in texts if t.passage.section != "intervention_description"]
        bodies = [t for t in texts if t.passage.section == "intervention_description"]
        if any(self.in_text(t) for t in names):
            return OTHER if is_collection(names) else CELLS
        name = " / ".join(t.folded for t in names)
        if rules.NOT_CELLS(name):
            return NOT_CELLS
        if rules.CONTROL(name):
            return CONTROL
        if is_drug_name(name) or is_collection(texts):
            return OTHER
        if any(self.in_text(t) for t in bodies):
            return CELLS
        if any(has_generic_cells(t.folded) for t in names):
            return CELLS
        if any(rules.NOT_CELLS(t.folded) for t in bodies):
            return NOT_CELLS
        if any(has_generic_cells(t.folded) and amounts_in(t.raw) for t in bodies):
            return CELLS
        is_device = (
            self.study.base.interventions[position].intervention_type == "DEVICE"
        )
        return CELLS if not is_device and self._is_brand(names) else OTHER

    def _is_brand(self, names: list[Text]) -> bool:
        """Return whether the record explains a brand or code name as cells."""
        words = {w for text in names for w in brand_words(text.raw)}
        if not words:
            return False
        for text in self.study.texts:
            for mention in self.study.mentions(text, "cell_type"):
                sentence = self.study.sentence_of(mention)
                if any(word in sentence for word in words) and self._is_meant(mention):
                    return True
        return False

    def _is_meant(self, mention: Mention) -> bool:
        before, after = around(mention)
        return not (
            rules.NEGATED_BEFORE(before)
            or rules.NOT_CELLS_AFTER(after)
            or rules.NOT_CELLS_BEFORE(before)
            or rules.MEASURED_AFTER(after)
            or self._is_marker(mention)
            or is_population(mention)
        )

    @cached_property
    def arms(self) -> dict[int, list[int]]:
        """Positions of the arms with a cell product -> their cell interventions."""
        found = {}
        for n in range(len(self.study.arms)):
            linked = self._linked(n)
            if self._is_product(n, linked):
                found[n] = linked
        if not found and self._title_says_cells and self.study.has_arms:
            found = self._experimental()
        return found

    def _linked(self, arm: int) -> list[int]:
        """Return the cell interventions of an arm, or the one its words explain."""
        links = self.study.links[arm]
        linked = [k for k in links if self.classes[k] == CELLS]
        if linked or not self._arm_says_cells(arm):
            return linked
        return [
            k
            for k in links
            if self.classes[k] == OTHER and self.study.has_arms and self._may_be_drug(k)
        ]

    def _may_be_drug(self, position: int) -> bool:
        texts = self.study.of_intervention(position)
        return not (
            is_drug_name(" / ".join(t.folded for t in texts)) or is_collection(texts)
        )

    def _experimental(self) -> dict[int, list[int]]:
        if any(kind in {CELLS, NOT_CELLS} for kind in self.classes):
            return {}
        return {
            n: []
            for n, (_, arm) in enumerate(self.study.arms)
            if arm.arm_type == "EXPERIMENTAL"
            and not self._is_control(n)
            and not self.study.links[n]
        }

    def _is_product(self, position: int, linked: list[int]) -> bool:
        if not self.study.has_arms:
            return bool(linked) or self._whole_trial_is_product()
        _, arm = self.study.arms[position]
        label, others = self._words(position)
        own = " / ".join(t.folded for t in self.study.of_arm(position))
        if arm.arm_type == "NO_INTERVENTION":
            return False
        label_says = label is not None and self._says_cells(label)
        if arm.arm_type in {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}:
            is_mistyped = label_says and not rules.CONTROL(
                label.folded if label else ""
            )
            return is_mistyped or self._has_later_cells(own)
        says = label_says or any(self._says_cells(t) for t in others)
        if self._is_control(position, bool(linked)) and not says:
            return self._has_later_cells(own)
        return bool(linked) or (says and self._may_lack_link(position, label_says))

    def _words(self, position: int) -> tuple[Text | None, list[Text]]:
        """Return an arm's label and its other texts."""
        texts = self.study.of_arm(position)
        return (texts[0], texts[1:]) if texts else (None, [])

    def _may_lack_link(self, position: int, label_says: bool) -> bool:
        """Return whether an arm's own words suffice, its interventions being silent."""
        kinds = {self.classes[k] for k in self.study.links[position]}
        return not kinds or (label_says and kinds == {CONTROL})

    def _arm_says_cells(self, position: int) -> bool:
        label, others = self._words(position)
        if label is not None and self._says_cells(label):
            return True
        return any(
            self.in_text(t) or (has_generic_cells(t.folded) and amounts_in(t.raw))
            for t in others
        )

    def _says_cells(self, text: Text) -> bool:
        if self.in_text(text):
            return True
        return has_generic_cells(text.folded) and not rules.CONTROL(text.folded)

    def _is_control(self, position: int, has_cells: bool = False) -> bool:
        """Return whether an arm is named as a control; a cell arm is not."""
        arm = self.study.arms[position][1]
        label = fold(arm.arm_label or "")
        if has_cells and arm.arm_type == "EXPERIMENTAL":
            return rules.PLACEBO(label)
        if rules.CONTROL(label):
            return True
        return any(rules.PLACEBO(t.folded) for t in self.study.of_arm(position))

    def _has_later_cells(self, own: str) -> bool:
        return rules.LATER_CELLS(own) and not rules.CROSSOVER(own)

    def _whole_trial_is_product(self) -> bool:
        if self.study.base.interventions:
            return False
        texts = [
            t
            for t in self.study.texts
            if t.passage.section in NARRATIVE
            or t.passage.section.endswith("_title")
            or t.passage.section == "active_substance"
        ]
        return any(
            self.in_text(t)
            and (rules.GIVEN(t.folded) or t.passage.section == "active_substance")
            for t in texts
        )

    @cached_property
    def verdict(self) -> Verdict:
        """Whether living cells, or a device with cells, are given, and why."""
        study = self.study
        if not study.texts:
            return Verdict(None, "the record has no text to judge by")
        nothing = self._nothing_given()
        if nothing:
            return Verdict(False, f"nothing is given in this study: “{nothing}”")
        if self._only_follows():
            return Verdict(False, "the study only follows patients of an earlier one")
        if not self.arms or self._title_is_cell_free():
            return Verdict(False, self._why_not())
        evidence = self._first_evidence()
        words = (
            f": “{evidence.text.raw[evidence.start : evidence.end]}”"
            if evidence
            else ""
        )
        return Verdict(True, f"a cell product is given{words}", evidence)

    def _nothing_given(self) -> str:
        titles = " ".join(t.folded for t in self.study.titles)
        observes = self.study.base.study_type == "OBSERVATIONAL"
        if not rules.FOLLOW_UP(titles) and not observes:
            return ""
        for text in self.study.texts:
            for number, sentence in enumerate(text.folded_sentences):
                if rules.NOTHING_GIVEN(sentence):
                    start, _ = text.sentences[number]
                    return text.quote(start, start + 1)[0]
        return ""

    def _title_is_cell_free(self) -> bool:
        """Return whether the titles name cells only as makers of vesicles and such."""
        titles = self.study.titles
        return (
            any(rules.NOT_CELLS(t.folded) for t in titles)
            and any(self.study.mentions(t, "cell_type") for t in titles)
            and not any(self._is_meant(m) for t in titles for m in self._types_in(t))
        )

    def _types_in(self, text: Text) -> list[Mention]:
        return self.study.mentions(text, "cell_type")

    def _only_follows(self) -> bool:
        """Return whether title and arms tell of a follow-up and of nothing given."""
        titles = " ".join(t.folded for t in self.study.titles)
        if not rules.FOLLOW_UP(titles):
            return False
        if self.study.base.study_type == "OBSERVATIONAL":
            return True
        if not self.study.has_arms:
            return False
        arms = [self.study.of_arm(n) for n in self.arms]
        return bool(arms) and all(
            any(rules.FOLLOW_UP_ONLY(t.folded) for t in texts) for texts in arms
        )

    def _first_evidence(self) -> Mention | None:
        study = self.study
        for n, linked in self.arms.items():
            texts = study.of_arm(n) + [
                t for k in linked for t in study.of_intervention(k)
            ]
            for text in (*texts, *study.titles, *study.narrative, *study.texts):
                for mention in self.in_text(text):
                    return mention
        return None

    def _why_not(self) -> str:
        for text in self.study.texts:
            found = rules.NOT_CELLS.pattern.search(text.folded)
            if found:
                return f"a cell-free product: “{found.group()}”"
        for text in self.study.texts:
            for mention in self.study.mentions(text, "cell_type"):
                words = text.raw[mention.start : mention.end]
                return f"cells are named, but none is given here: “{words}”"
        return "no cell product is named"
