"""Which interventions are cells, and which arms get them."""

from __future__ import annotations

import re
from functools import cached_property

from trialkit.label import rules
from trialkit.label.context import (
    brand_words,
    has_cell_amount,
    has_generic_cells,
    has_later_cells,
    is_collection,
    is_name_of,
    lists_cells,
    may_cross_over,
)
from trialkit.label.meanings import Meanings
from trialkit.label.once import once
from trialkit.label.study import TITLES, Study
from trialkit.label.text import Text, fold, joined

CELLS, CONTROL, NOT_CELLS, OTHER = "cells", "control", "not_cells", "other"
#: Types of an unexplained intervention that the title's cells cannot be.
_NEVER_CELLS = {
    "DRUG",
    "DIETARY_SUPPLEMENT",
    "BEHAVIORAL",
    "RADIATION",
    "DIAGNOSTIC_TEST",
}
#: Types of what is done beside the cells, in an arm that gets them.
_NEVER_GIVEN = _NEVER_CELLS - {"DRUG"}
#: Types beside which the cells that a summary tells of are another's.
_NEVER_TOLD = {*_NEVER_CELLS, "DEVICE"}
#: Types whose names are words for what is done, no brand of cells.
_NEVER_BRANDS = {*_NEVER_CELLS, "DEVICE", "PROCEDURE"} - {"DRUG"}
_DESCRIPTION = "intervention_description"
#: A short name stands in brackets so near behind what it names.
_BEHIND = 40
_IN_BRACKETS = re.compile(r"\W*(?:[Cc]ells? )?\((\w[\w -]*)\)").match


class Products(Meanings):
    """The interventions and arms that give cells."""

    def __init__(self, study: Study):
        super().__init__(study)
        self._interventions = study.base.interventions

    def are_named_in(self, text: Text, number: int) -> bool:
        """Return whether a sentence names cells, or the product by its own name."""
        named = self.study.mentions_in(text, number, "cell_type")
        return bool(named) or self.study.says(text, number, self._is_named)

    def are_explained_in(self, text: Text, number: int) -> bool:
        """Return whether a sentence has a brand of the product that names no cells."""
        return self.study.says(text, number, self._has_brand)

    def _has_brand(self, sentence: str) -> bool:
        return any(b in sentence for b in self._brands if not rules.CELL_WORD(b))

    def _is_named(self, sentence: str) -> bool:
        return (
            has_generic_cells(sentence)
            or rules.INVESTIGATIONAL(sentence)
            or any(brand in sentence for brand in self._brands)
        )

    @cached_property
    def _brands(self) -> set[str]:
        """Code-like words of the names of the cell interventions, and of titles."""
        return self._words_of_cells(self.classes) | self._words_of_titles

    @cached_property
    def _words_of_titles(self) -> set[str]:
        """Code-like words in brackets behind the cells of a title: "T cells (AB1)"."""
        named = self.mentions_of(self.study.titles)
        behind = (m.text.plain[m.end : m.end + _BEHIND] for m in named)
        hits = filter(None, map(_IN_BRACKETS, behind))
        return {word for hit in hits for word in brand_words(hit[1])}

    def _words_of_cells(self, classes: list[str]) -> set[str]:
        named = zip(classes, self._name_words, strict=True)
        return {word for kind, words in named if kind == CELLS for word in words}

    @cached_property
    def _name_words(self) -> list[set[str]]:
        """For every intervention: the code-like words of its names."""
        return [
            {word for text in self._names(n) for word in brand_words(text.plain)}
            for n in range(len(self._interventions))
        ]

    def _names(self, position: int) -> list[Text]:
        """Return the name of an intervention and its other names."""
        texts = self.study.of_intervention(position)
        return [t for t in texts if t.passage.section != _DESCRIPTION]

    @cached_property
    def classes(self) -> list[str]:
        """For every intervention: cells, control, not_cells or other."""
        classes = [self._class(n) for n in range(len(self._interventions))]
        classes = [
            CELLS if kind == OTHER and self._is_brand(n, classes) else kind
            for n, kind in enumerate(classes)
        ]
        classes = self._without_routine(classes)
        if CELLS not in classes and self._title_says_cells:
            classes = [
                CELLS if kind == OTHER and self._may_be_cells(n) else kind
                for n, kind in enumerate(classes)
            ]
        return classes

    def _without_routine(self, classes: list[str]) -> list[str]:
        """Return the classes without a transplantation that all patients have."""
        routine = self.routine
        if not routine or not self.study.has_arms:
            return classes  # what a record lists alone is given by it
        without = list(classes)
        for n, kind in enumerate(classes):
            own = {m.id for m in self.mentions_of(self.study.of_intervention(n))}
            if kind == CELLS and own and own <= routine:
                without[n] = OTHER
        types = {item.intervention_type for item in self._interventions}
        return without if CELLS in without or types & _NEVER_CELLS else classes

    @cached_property
    def _title_says_cells(self) -> bool:
        titles = self.study.titles or self.study.narrative
        return any(
            any(
                m.id not in self.routine and not rules.AFTER_THEM(m.around()[0])
                for m in self.in_text(t)
            )
            and (rules.GIVEN(t.folded) or rules.PURPOSE(t.folded))
            for t in titles
        )

    def _may_be_cells(self, position: int) -> bool:
        """Return whether an unexplained intervention can be the title's cells."""
        kind = self._interventions[position].intervention_type
        return kind not in _NEVER_CELLS and self._may_be_product(position)

    def _class(self, position: int) -> str:
        texts = self.study.of_intervention(position)
        names = self._names(position)
        bodies = [t for t in texts if t.passage.section == _DESCRIPTION]
        if self._interventions[position].intervention_type == "DIAGNOSTIC_TEST":
            return OTHER
        if any(self.in_text(t) for t in names):
            if self._is_explained_as_cell_free(bodies):
                return NOT_CELLS
            return OTHER if is_collection(names) else CELLS
        name = joined(names)
        if rules.NOT_CELLS(name):
            return NOT_CELLS
        if rules.CONTROL(name):
            return CONTROL
        if is_collection(texts) or (rules.DRUG(name) and not lists_cells(names)):
            return OTHER
        if any(map(self.in_text, bodies)):
            return CELLS
        if self.mentions_of(names):
            return OTHER  # the cells that the name has are a target or a population
        if any(has_generic_cells(t.folded) for t in names):
            return CELLS
        if any(rules.NOT_CELLS.search(t.folded) for t in bodies):
            return NOT_CELLS
        return CELLS if any(map(has_cell_amount, bodies)) else OTHER

    def _is_explained_as_cell_free(self, bodies: list[Text]) -> bool:
        """Return whether a description tells of vesicles and such, and of no cells."""
        return any(rules.NOT_CELLS(t.folded) for t in bodies) and not any(
            map(self.is_meant, self.mentions_of(bodies))
        )

    def _is_brand(self, position: int, classes: list[str]) -> bool:
        """Return whether the record explains a brand or code name as cells."""
        if self._interventions[position].intervention_type in _NEVER_BRANDS:
            return False
        texts, name = (
            self.study.of_intervention(position),
            joined(self._names(position)),
        )
        # "X" of "cells + X" is what the cells are added to
        words = self._name_words[position] - self._words_of_cells(classes)
        if not words or rules.DRUG(name) or is_collection(texts):
            return False
        return any(
            self._is_in_sentence(word, mention.text, mention.sentence)
            and is_name_of(word, mention)
            and self.is_meant(mention)
            for mention in self.mentions_of(self.study.texts)
            for word in words
        )

    @once
    def _is_in_sentence(self, word: str, text: Text, number: int) -> bool:
        return word in text.folded_sentences[number]

    @cached_property
    def arms(self) -> dict[int, list[int]]:
        """Positions of the arms with a cell product -> their cell interventions."""
        linked = {n: self._linked(n) for n in range(len(self.study.arms))}
        found = {n: own for n, own in linked.items() if self._is_product(n, own)}
        if found:
            return found
        if not self.study.has_arms and self._are_told_unlisted:
            return {0: []}
        if not (self._title_says_cells or self.title_gives):
            return found
        if self.study.has_arms:
            return self._experimental() or self._told_of_all()
        is_therapy = self.title_makes or any(
            rules.THERAPY(t.folded) for t in self.study.titles
        )
        is_told = is_therapy if not self._interventions else self.told is not None
        return {0: []} if self.title_gives and is_told else {}

    @property
    def _are_told_unlisted(self) -> bool:
        """True where a sentence gives cells that no listed intervention is."""
        kinds = {item.intervention_type for item in self._interventions}
        may_be = bool(kinds - _NEVER_TOLD) and self.may_be_unlisted
        return may_be and self.told_beside_setting is not None

    @cached_property
    def texts(self) -> list[Text]:
        """The texts of all cell interventions."""
        linked = {k for found in self.arms.values() for k in found}
        return [t for k in sorted(linked) for t in self.study.of_intervention(k)]

    @property
    def may_be_unlisted(self) -> bool:
        """True where no intervention is cells, a control or cell-free."""
        return not {CELLS, CONTROL, NOT_CELLS}.intersection(self.classes)

    def _linked(self, arm: int) -> list[int]:
        """Return the cell interventions of an arm, or the one its words explain."""
        links = self._own_links(arm)
        linked = [k for k in links if self.classes[k] == CELLS]
        is_cell_free = any(self.classes[k] == NOT_CELLS for k in links)
        if linked or is_cell_free or not self.study.has_arms:
            return linked
        if not self._arm_says_cells(arm):
            return linked
        others = (k for k in links if self.classes[k] == OTHER)
        return [
            k
            for k in others
            if self._may_be_product(k)
            and self._interventions[k].intervention_type not in _NEVER_GIVEN
        ]

    def _own_links(self, arm: int) -> list[int]:
        """Return an arm's interventions; of several, the one that bears its label."""
        links = self.study.links[arm]
        all_links = self.study.links
        are_shared = len(links) > 1 and len(all_links) > 1
        are_shared = are_shared and all(each == links for each in all_links)
        label = self._label(arm)
        same = [k for k in links if self._name(k) == label]
        return same if label and same and are_shared else links

    def _label(self, arm: int) -> str:
        return fold(self.study.arms[arm][1].arm_label or "")

    def _name(self, position: int) -> str:
        return fold(self._interventions[position].name or "")

    def _may_be_product(self, position: int) -> bool:
        texts = self.study.of_intervention(position)
        return not (rules.DRUG(joined(texts)) or is_collection(texts))

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

    def _told_of_all(self) -> dict[int, list[int]]:
        """Return all arms but controls, where the summary gives what none lists."""
        if not self.title_gives or self.told is None or not self.may_be_unlisted:
            return {}
        return {
            n: []
            for n, (_, arm) in enumerate(self.study.arms)
            if arm.arm_type != "NO_INTERVENTION" and not self._is_control(n)
        }

    def _is_product(self, position: int, linked: list[int]) -> bool:
        if not self.study.has_arms:
            return bool(linked) or self._whole_trial_is_product()
        arm_type = self.study.arms[position][1].arm_type
        if arm_type == "NO_INTERVENTION":
            return False
        texts = self.study.of_arm(position)
        own, label_says = joined(texts), any(map(self._says_cells, texts[:1]))
        if arm_type in {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}:
            is_mistyped = label_says and not rules.CONTROL(texts[0].folded)
            is_mistyped = is_mistyped and (bool(linked) or not rules.PLACEBO(own))
            return is_mistyped or has_later_cells(own)
        says = label_says or any(map(self._says_cells, texts[1:]))
        if linked and "placebo" in own and rules.CELLS_OR_PLACEBO(own):
            return True
        if linked and self._names_another_part(position, linked):
            return False
        if linked and not label_says and may_cross_over(own):
            return False
        if self._is_control(position, bool(linked)) and not says:
            return has_later_cells(own)
        return bool(linked) or (says and self._may_lack_link(position, label_says))

    def _names_another_part(self, arm: int, linked: list[int]) -> bool:
        """Return whether one intervention lists several things and this arm's is none.

        "Fat, plate or surgery", shared by all arms, gives cells to the arm of the fat.
        """
        label, names = self._label(arm), [self._name(k) for k in linked]
        is_listed = any(
            re.search(r"[,/]", name) and word in name
            for name in names
            for word in label.split()
            if len(word) > 3
        )
        if not is_listed or self._arm_says_cells(arm):
            return False
        return any(map(self._arm_says_cells, range(len(self.study.arms))))

    def _may_lack_link(self, position: int, label_says: bool) -> bool:
        """Return whether an arm's own words suffice, its interventions being silent."""
        links, texts = self.study.links[position], self.study.of_arm(position)
        kinds = {self.classes[k] for k in links}
        if not kinds and self.study.base.study_type == "OBSERVATIONAL":
            return not is_collection(texts, True)
        if not kinds or (label_says and kinds == {CONTROL}):
            return True
        types = {self._interventions[k].intervention_type for k in links}
        return (
            kinds == {OTHER}
            and not types <= _NEVER_CELLS
            and any(self.study.tells_of_giving(self.in_text(t)) for t in texts)
        )

    def _arm_says_cells(self, position: int) -> bool:
        texts = self.study.of_arm(position)
        return any(map(self._says_cells, texts[:1])) or any(
            self.in_text(t) or has_cell_amount(t) for t in texts[1:]
        )

    def _says_cells(self, text: Text) -> bool:
        return bool(self.in_text(text)) or (
            has_generic_cells(text.folded) and not rules.CONTROL(text.folded)
        )

    def _is_control(self, position: int, has_cells: bool = False) -> bool:
        """Return whether an arm is named as a control; a cell arm is not."""
        label = self._label(position)
        if has_cells and self.study.arms[position][1].arm_type == "EXPERIMENTAL":
            return rules.PLACEBO(label)
        return rules.CONTROL(label) or any(
            rules.PLACEBO(t.folded) for t in self.study.of_arm(position)
        )

    def _whole_trial_is_product(self) -> bool:
        if self._interventions:
            return False
        if self.title_is_setting:
            return self.is_conditioned or self.told_beside_setting is not None
        for text in self.study.texts:
            section, cells = text.passage.section, self.in_text(text)
            if section == "active_substance" and cells:
                return True
            if section in TITLES and self.study.tells_of_giving(cells):
                return True
        is_told = self.told is not None and not self.told_is_routine
        return is_told or self._names_own_cells

    @property
    def _names_own_cells(self) -> bool:
        """True where a title tells of a therapy with cells that the summary names."""
        generic = self.study.vocabularies.with_role("cell_type", "generic")
        return any(rules.CELL_THERAPY(t.folded) for t in self.study.titles) and any(
            m.id not in generic for t in self.study.narrative for m in self.in_text(t)
        )
