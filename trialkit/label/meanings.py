"""Whether the words around cells let them be a product of this study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from trialkit.label import rules
from trialkit.label.matcher import Mention
from trialkit.label.once import once
from trialkit.label.study import ELSEWHERE, NARRATIVE, THIS_STUDY, Study
from trialkit.label.text import Text

#: So far before its cells a name begins at most.
_NAME = 60
#: So far from cells stand words of their giving at most.
_GIVING = 120
#: So near stands a short form in brackets: "progenitor cells (EPC)".
_BRACKET = 9
#: Words between what a title is on and a transplantation named after it.
_LED_TO = re.compile(
    r"[,;:+]|\b(?:in|of|for|after|before|during|to|on|and|with|by|following|post|undergo\w*"
    r"|receiv\w*|versus|vs|prior|from|as|at|via|using|patients?)\b"
).search
_TRANSPLANT = re.compile(r"transplant|s?ct\b|bmt\b").search


class Meanings:
    """What the mentions of cells in the texts of a trial mean."""

    def __init__(self, study: Study):
        self.study = study

    def in_text(self, text: Text) -> list[Mention]:
        """Return the mentions of cells in a text that speak of a product given."""
        return [m for m in self.study.mentions(text, "cell_type") if self.is_given(m)]

    def is_given(self, mention: Mention) -> bool:
        """Return whether a mention of cells means a product of this study."""
        is_elsewhere = self.study.stance_of(mention) in ELSEWHERE
        return not is_elsewhere and self.is_meant(mention)

    def _is_marker(self, mention: Mention) -> bool:
        """Return whether CD34 or CD133 is one of several markers that are measured."""
        is_one = mention.id in rules.CELL_MARKER.ids
        return is_one and self.study.says(mention.text, mention.sentence, _has_markers)

    def mentions_of(self, texts: Iterable[Text]) -> list[Mention]:
        """Return the mentions of cells in texts, whatever they mean."""
        return [m for t in texts for m in self.study.mentions(t, "cell_type")]

    @once
    def is_meant(self, mention: Mention) -> bool:
        """Return whether the words around a mention let it be a product."""
        before, after = mention.around()
        if before.endswith("(") and (named := self._explained(mention)):
            return self.is_meant(named)
        return self.study.may_mean(mention) and not (
            rules.NEGATED(before)
            or rules.NOT_CELLS_AFTER(after)
            or rules.NOT_CELLS_BEFORE(before)
            or rules.MEASURED_AFTER(after)
            or rules.MEASURED_BEFORE(before)
            or (mention.id in rules.TARGET_BEFORE.ids and rules.TARGET_BEFORE(before))
            or rules.POPULATION_AFTER(after)
            or (" " not in mention.words and rules.CODE_AFTER(after))
            or self._is_marker(mention)
            or self.is_population(mention)
        )

    def _explained(self, short: Mention) -> Mention | None:
        """Return the cells that a short form in brackets stands right behind."""
        named = self.study.mentions(short.text, "cell_type")
        near = (m for m in named if 0 < short.start - m.end < _BRACKET)
        return next(near, None)

    def is_population(self, mention: Mention) -> bool:
        """Return whether the words tell who the patients are, not what is given."""
        patients = self.study.vocabularies.with_role("cell_type", "population")
        before, after = mention.around()
        before = before.replace("(", "")
        if mention.id not in patients or not rules.POPULATION_BEFORE(before):
            return False
        return bool(_TRANSPLANT(mention.words)) or rules.TRANSPLANT_AFTER(after)

    def _is_setting(self, mention: Mention) -> bool:
        """Return whether a title's transplantation is only where a study is set."""
        before, after = mention.around()
        if self.is_population(mention) or rules.POPULATION_AFTER(after):
            return True
        if self._is_graft(mention) and rules.CARE(mention.text.folded):
            return True
        is_one = mention.id in rules.SETTING_BEFORE.ids
        is_one = is_one and rules.SETTING_BEFORE(before)
        is_late = bool(before.partition(" in ")[0].strip())
        return is_one and is_late and bool(_TRANSPLANT(mention.words + after[:20]))

    @cached_property
    def title_gives(self) -> Mention | None:
        """The cells that a title says are given, beside a word of giving."""
        for mention in self.mentions_of(self.study.titles):
            before, after = mention.around()
            is_told = rules.GIVING_AFTER(after) or rules.GIVING_BEFORE(before)
            is_first = bool(_TRANSPLANT(mention.words)) and not _LED_TO(before)
            is_named = not _TRANSPLANT(mention.words) and rules.THERAPY(mention.words)
            is_told = is_told or is_first or is_named or self._is_made(mention)
            is_told = is_told and self.is_given(mention)
            is_set = self._is_setting(mention) or mention.id in self.routine
            is_set = is_set or rules.AFTER_THEM(before)
            if is_told and not is_set:
                return mention
        return None

    @cached_property
    def title_makes(self) -> bool:
        """True where a title names cells that are made for what it goes on with."""
        named = self.mentions_of(self.study.titles)
        return any(self._is_made(m) and self.is_given(m) for m in named)

    def _is_made(self, mention: Mention) -> bool:
        """Return whether a title names cells that are made for what follows."""
        routine = self.study.vocabularies.with_role("cell_type", "routine")
        before, after = mention.around()
        name = before[-_NAME:] + mention.words
        is_made = mention.id not in routine and rules.MADE_FOR_GIVING(name)
        return is_made and rules.USED_AFTER(after)

    @cached_property
    def _settings(self) -> list[Mention]:
        """The cells of the titles that are only the setting of a study."""
        return [m for m in self.mentions_of(self.study.titles) if self._is_setting(m)]

    def is_setting_of_others(self, mention: Mention) -> bool:
        """Return whether a title names these cells as the setting of other ones."""
        return mention in self._settings and any(
            m.id != mention.id and m not in self._settings and self.is_meant(m)
            for m in self.mentions_of(self.study.titles)
        )

    @cached_property
    def title_is_setting(self) -> bool:
        """True where titles name cells, and only as the setting of a study."""
        named = self.mentions_of(self.study.titles)
        others = (m for m in named if m not in self._settings)
        return bool(self._settings) and not any(map(self.is_meant, others))

    @property
    def title_conditions(self) -> bool:
        """True where a title is on what prepares for a transplantation."""
        return any(rules.CONDITIONING(t.folded) for t in self.study.titles)

    @property
    def is_conditioned(self) -> bool:
        """True where a title prepares for a transplantation that a sentence tells."""
        return self.title_conditions and any(
            self.study.says(m.text, m.sentence, rules.TRANSPLANTED)
            for m in self.mentions_of(self.study.narrative)
            if self.study.stance_of(m) in THIS_STUDY
        )

    @cached_property
    def told_beside_setting(self) -> Mention | None:
        """The cells that a sentence says are given, other than those of the setting."""
        known = {m.id for m in self._settings} | self._routine_or_generic
        told = (m for m in self._told() if m.id not in known)
        return next(told, None)

    @cached_property
    def routine(self) -> set[str]:
        """Ids of a transplantation that titles say was done before what is studied."""
        return {
            m.id
            for m in self.mentions_of(self.study.titles)
            if self.is_population(m) and rules.AFTER_THEM(m.around()[0])
        }

    @cached_property
    def told(self) -> Mention | None:
        """The cells that a sentence of the summary says are given in this study."""
        return next(self._told(), None)

    @property
    def told_is_routine(self) -> bool:
        """True where only a transplantation is told, and the title is on other care."""
        titles = self.study.titles
        if not titles:
            return False
        if any(rules.CARE(t.folded) for t in titles):
            named = [m for t in titles for m in self.in_text(t)]
            return self.told_beside_setting is None and all(map(self._is_graft, named))
        names_cells = any(rules.NAMES_CELLS(t.folded) for t in titles)
        return not names_cells and all(map(self._is_graft, self._told()))

    def _is_graft(self, mention: Mention) -> bool:
        """Return whether a mention is of a transplantation or of plain stem cells."""
        if mention.id not in self._routine_or_generic:
            return False
        words = mention.words + mention.around()[1][:20]
        is_plain = mention.id in rules.ROUTINE_TRANSPLANT.ids
        is_plain = is_plain or mention.words.startswith(("stem", "progenitor"))
        return is_plain or bool(_TRANSPLANT(words))

    @cached_property
    def _routine_or_generic(self) -> frozenset[str]:
        with_role = self.study.vocabularies.with_role
        return frozenset(
            with_role("cell_type", "generic") | with_role("cell_type", "routine")
        )

    def _told(self) -> Iterator[Mention]:
        for text in self.study.texts:
            if text.passage.section in NARRATIVE:
                for mention in self.in_text(text):
                    if self.study.tells_of_giving([mention]) and (
                        self._title_names or _is_beside_giving(mention)
                    ):
                        yield mention

    @cached_property
    def _title_names(self) -> bool:
        """True where a title names cells, and not only as the setting of a study."""
        named = self.mentions_of(self.study.titles)
        return any(self.is_meant(m) for m in named if m not in self._settings)


def _is_beside_giving(cells: Mention) -> bool:
    """Return whether the name of cells, or words beside it, are of their giving."""
    before, after = cells.around(_GIVING)
    return (
        rules.THERAPY(cells.words)
        or rules.TOLD_AFTER(after)
        or rules.TOLD_BEFORE(before)
    )


def _has_markers(sentence: str) -> bool:
    """Return whether a sentence lists more than two markers."""
    return len(rules.CELL_MARKER.pattern.findall(sentence)) > 2
