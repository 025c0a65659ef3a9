"""The words of a trial, laid out for labelling: texts, their mentions, their stance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from trialkit.label import rules
from trialkit.label.context import is_other_graft
from trialkit.label.entries import Entry
from trialkit.label.matcher import Matcher, Mention, default_matcher
from trialkit.label.rules import Rule
from trialkit.label.text import Text
from trialkit.merge.arm_links import arm_links
from trialkit.merge.choice import arm_record
from trialkit.record import Arm, Record, arms_of, passages

TITLES = ("brief_title", "official_title")
NARRATIVE = ("brief_summary", "detailed_description", "lay_summary")
LAY = ("active_substance", "lay_summary", "lay_could_go_wrong")


class Study:
    """All texts of one trial; the arms are those that the table `arms` has."""

    def __init__(self, records: Sequence[Record], matcher: Matcher | None = None):
        self.records = list(records)
        self.matcher = matcher or default_matcher()
        given = (r for r in self.records if r.interventions)
        self.base: Record = arm_record(self.records) or next(given, self.records[0])
        self.arms: tuple[tuple[str, Arm], ...] = arms_of(self.base)
        self.has_arms = bool(self.base.arms)
        self.texts: list[Text] = []
        self.source_of: dict[int, str] = {}
        for record in self.records:
            for passage in passages(record):
                text = Text(passage, len(self.texts))
                self.source_of[len(self.texts)] = record.source_id
                if record is not self.base and passage.section not in LAY:
                    text.is_second = True
                self.texts.append(text)
        self._mentions: dict[int, dict[str, list[Mention]]] = {}
        self._by_sentence: dict[tuple[int, str], dict[int, list[Mention]]] = {}
        self._stances: dict[tuple[int, int], str] = {}
        self._answers: dict[tuple[str, int, int], bool] = {}
        self._names: dict[str, bool] = {}

    def mentions(self, text: Text, axis: str) -> list[Mention]:
        """Return the mentions of an axis in a text, in order."""
        by_axis = self._mentions.get(text.position)
        if by_axis is None:
            by_axis = self._mentions[text.position] = {}
            for mention in self.matcher.mentions(text):
                by_axis.setdefault(mention.axis, []).append(mention)
        return by_axis.get(axis, [])

    def mentions_in(self, text: Text, number: int, axis: str) -> list[Mention]:
        """Return the mentions of an axis in one sentence."""
        key = (text.position, axis)
        by_number = self._by_sentence.get(key)
        if by_number is None:
            by_number = self._by_sentence[key] = {}
            for mention in self.mentions(text, axis):
                here = text.sentence_at(mention.start)
                by_number.setdefault(here, []).append(mention)
        return by_number.get(number, [])

    def asked(
        self, text: Text, number: int, question: str, answer: Callable[[str], bool]
    ) -> bool:
        """Return what a sentence answers to a question, which it is asked once.

        A sentence may be as long as its text and hold a mention in every word: asked
        for each of them, it would be read as often as it is long.
        """
        key = (question, text.position, number)
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = answer(text.folded_sentences[number])
        return known

    def says(self, text: Text, number: int, rule: Rule) -> bool:
        """Return whether a sentence holds the words of a rule."""
        return self.asked(text, number, rule.id, rule)

    def entries(self, axis: str) -> dict[str, Entry]:
        """Return the entries of an axis that the trial is labelled with."""
        return self.matcher.vocabularies[axis]

    def cited(self, text: Text, start: int, end: int) -> dict[str, Any]:
        """Return where a plain span is said: source, section, quote and offsets."""
        quote, low, high = text.quote(start, end)
        assert text.passage.text[low:high] == quote  # noqa: S101 - evidence is verbatim
        return {
            "source_id": self.source_of[text.position],
            "section": text.passage.section,
            "quote": quote,
            "start": text.passage.start + low,
            "end": text.passage.start + high,
        }

    def with_role(self, role: str, axis: str = "cell_type") -> frozenset[str]:
        """Return the ids of an axis that have a role in its vocabulary."""
        return self.matcher.vocabularies.with_role(axis, role)

    def may_mean(self, mention: Mention) -> bool:
        """Return whether an abbreviation can mean its id here, by what is named."""
        short = rules.ABBREVIATIONS.get(mention.id)
        if short is None or not short.pattern.fullmatch(mention.words):
            return True
        return self.names(short.rule)

    def tells_of_giving(self, cells: Iterable[Mention]) -> bool:
        """Return whether a sentence of this study tells that these cells are given."""
        return any(map(self._is_given, cells))

    def _is_given(self, mention: Mention) -> bool:
        text = mention.text
        in_narrative = text.passage.section in NARRATIVE
        if in_narrative and self.stance_of(mention) == "neutral":
            return False
        number = text.sentence_at(mention.start)
        return self.asked(text, number, "giving", _tells_of_giving)

    def names(self, rule: Rule) -> bool:
        """Return whether any text of the record holds the words of a rule."""
        if rule.id not in self._names:
            self._names[rule.id] = any(rule(text.folded) for text in self.texts)
        return self._names[rule.id]

    def stance(self, text: Text, number: int) -> str:
        """Return what a sentence is: study, procedure, neutral, background, animal."""
        key = (text.position, number)
        if key not in self._stances:
            sentence = text.folded_sentences[number]
            self._stances[key] = _stance(sentence, text.passage.section)
        return self._stances[key]

    def stance_of(self, mention: Mention) -> str:
        """Return the stance of the sentence that holds a mention."""
        return self.stance(mention.text, mention.text.sentence_at(mention.start))

    def sentence_of(self, mention: Mention) -> str:
        """Return the folded sentence that holds a mention."""
        text = mention.text
        return text.folded_sentences[text.sentence_at(mention.start)]

    @cached_property
    def names_cells(self) -> bool:
        """True where a cell type, or cells as a therapy, are named anywhere."""
        return any(self.mentions(text, "cell_type") for text in self.texts) or any(
            rules.NAMES_CELL_THERAPY(text.folded) for text in self.texts
        )

    @cached_property
    def titles(self) -> list[Text]:
        """Brief and official title of every record."""
        return [t for t in self.texts if t.passage.section in TITLES]

    @cached_property
    def narrative(self) -> list[Text]:
        """Summary and description; a lay summary only where no register speaks."""
        return [
            t
            for t in self.texts
            if t.passage.section in NARRATIVE
            and not (self.is_registered and t.passage.section in LAY)
        ]

    @cached_property
    def is_registered(self) -> bool:
        """True where a register, or a copy of it, gives arms or interventions."""
        return bool(self.base.arms or self.base.interventions)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """Names of the sections that were searched, for NOT_STATED."""
        return tuple(dict.fromkeys(t.passage.section for t in self.texts))

    def of_arm(self, position: int) -> list[Text]:
        """Return label and description of an arm."""
        return self._parts.get(("arm", position), [])

    def of_intervention(self, position: int) -> list[Text]:
        """Return name, description and other names of an intervention."""
        return self._parts.get(("intervention", position), [])

    @cached_property
    def _parts(self) -> dict[tuple[str, int], list[Text]]:
        parts: dict[tuple[str, int], list[Text]] = {}
        for text in self.texts:
            passage = text.passage
            if text.is_second:
                continue
            if passage.arm is not None:
                parts.setdefault(("arm", passage.arm), []).append(text)
            elif passage.intervention is not None:
                parts.setdefault(("intervention", passage.intervention), []).append(
                    text
                )
        return parts

    @cached_property
    def links(self) -> list[list[int]]:
        """For every arm, the positions of its interventions.

        Of several with one name an arm may get any: the words of all of them count.
        """
        links = arm_links(self.base)
        found: list[set[int]] = [set() for _ in self.arms]
        for arm, position in links.pairs:
            found[arm].add(position)
        for item in links.unresolved:
            for arm in item.arms:
                found[arm].update(item.interventions)
        if not self.has_arms or not any(found):
            return [list(range(len(self.base.interventions)))] * len(self.arms)
        return [sorted(positions) for positions in found]


def _stance(sentence: str, section: str) -> str:
    if rules.ANIMAL(sentence):
        return "animal"
    if section in TITLES or section.startswith(("arm_", "intervention_", "active")):
        if rules.BACKGROUND(sentence) and not (
            rules.THIS_STUDY(sentence) or rules.PROCEDURE(sentence)
        ):
            return "background"
        return "study"
    if rules.THIS_STUDY(sentence):
        return "study"
    if rules.BACKGROUND(sentence) or rules.GENERAL(sentence):
        return "background"
    return "procedure" if rules.PROCEDURE(sentence) else "neutral"


def _tells_of_giving(sentence: str) -> bool:
    return rules.RECEIVED(sentence) or any(
        not is_other_graft(
            hit.group(), sentence[max(0, hit.start() - 90) : hit.start()]
        )
        for hit in rules.PARENTERAL.pattern.finditer(sentence)
    )
