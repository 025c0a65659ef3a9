"""The words of a trial, laid out for labelling: texts, their mentions, their stance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from trialkit.label import rules
from trialkit.label.acronyms import long_forms
from trialkit.label.context import is_other_graft
from trialkit.label.matcher import Matcher, Mention, default_matcher
from trialkit.label.once import once
from trialkit.label.rules import Rule
from trialkit.label.text import Text
from trialkit.merge.arm_links import arm_links
from trialkit.merge.choice import arm_record
from trialkit.record import Arm, Passage, Record, arms_of, passages

TITLES = ("brief_title", "official_title")
NARRATIVE = ("brief_summary", "detailed_description", "lay_summary")
LAY = ("active_substance", "lay_summary", "lay_could_go_wrong")
#: Stances of sentences that tell of this study, and of those that do not.
THIS_STUDY = ("study", "procedure")
ELSEWHERE = ("background", "animal")
#: Axes whose short forms a record may explain as something else: UC, a colitis.
_OF_CELLS = {"cell_type", "cell_source", "donor"}
#: So many capitals has a short form at least.
_CAPITALS = 2


class Study:
    """All texts of one trial; the arms are those that the table `arms` has."""

    def __init__(self, records: Sequence[Record], matcher: Matcher | None = None):
        self.matcher = matcher or default_matcher()
        self.vocabularies = self.matcher.vocabularies
        given = (r for r in records if r.interventions)
        self.base: Record = arm_record(records) or next(given, records[0])
        self.arms: tuple[tuple[str, Arm], ...] = arms_of(self.base)
        self.has_arms = bool(self.base.arms)
        self.texts: list[Text] = []
        self.source_of: dict[int, str] = {}
        #: The mentions by axis of each text that was asked for any.
        self._mentions: dict[Text, dict[str, list[Mention]]] = {}
        for record in records:
            for passage in passages(record):
                text = Text(passage, len(self.texts))
                self.source_of[len(self.texts)] = record.source_id
                text.is_second = record is not self.base and passage.section not in LAY
                self.texts.append(text)

    def mentions(self, text: Text, axis: str) -> list[Mention]:
        """Return the mentions of an axis in a text, in order."""
        found = self._mentions.get(text)
        if found is None:
            found = self._mentions[text] = self._by_axis(text)
        return found.get(axis, [])

    def _by_axis(self, text: Text) -> dict[str, list[Mention]]:
        by_axis: dict[str, list[Mention]] = {}
        for mention in self.matcher.mentions(text):
            if not self._is_explained_otherwise(mention):
                by_axis.setdefault(mention.axis, []).append(mention)
        return by_axis

    def _is_explained_otherwise(self, mention: Mention) -> bool:
        """Return whether the record says that a short form is none of this axis."""
        if mention.axis not in _OF_CELLS:
            return False
        shown = mention.text.plain[mention.start : mention.end]
        if " " in shown or shown.islower() or sum(map(str.isupper, shown)) < _CAPITALS:
            return False
        short = mention.words.removesuffix("s")
        return self._is_of_another_axis(short, mention.axis)

    @once
    def _is_of_another_axis(self, short: str, axis: str) -> bool:
        forms = long_forms(self.texts, short)
        return bool(forms) and not any(
            rules.CELL_WORD(form)
            or any(m.axis == axis for m in self.matcher.mentions(_as_text(form)))
            for form in forms
        )

    def mentions_in(self, text: Text, number: int, axis: str) -> list[Mention]:
        """Return the mentions of an axis in one sentence."""
        return self._by_sentence(text, axis).get(number, [])

    @once
    def _by_sentence(self, text: Text, axis: str) -> dict[int, list[Mention]]:
        by_number = defaultdict(list)
        for mention in self.mentions(text, axis):
            by_number[mention.sentence].append(mention)
        return by_number

    @once
    def says(self, text: Text, number: int, asks: Callable[[str], bool]) -> bool:
        """Return the answer of a sentence to a rule or another question.

        It is asked once: a sentence may be as long as its text, with a mention in every
        word, and would be read as often as it is long.
        """
        return asks(text.folded_sentences[number])

    def cited(self, text: Text, start: int, end: int) -> dict[str, Any]:
        """Return source, section, quote and offsets of a plain span."""
        quote, low, high = text.quote(start, end)
        assert text.passage.text[low:high] == quote  # noqa: S101 - evidence is verbatim
        return {
            "source_id": self.source_of[text.position],
            "section": text.passage.section,
            "quote": quote,
            "start": text.passage.start + low,
            "end": text.passage.start + high,
        }

    def may_mean(self, mention: Mention) -> bool:
        """Return whether an abbreviation can mean its id here, by what is named."""
        if mention.id not in rules.ABBREVIATIONS:
            return True
        short, rule = rules.ABBREVIATIONS[mention.id]
        return not short.fullmatch(mention.words) or self._names(rule)

    @once
    def _names(self, rule: Rule) -> bool:
        return any(rule(text.folded) for text in self.texts)

    def tells_of_giving(self, cells: Iterable[Mention]) -> bool:
        """Return whether a sentence of this study tells that these cells are given."""
        return any(
            self.says(m.text, m.sentence, _tells_of_giving) or _is_told_of(m)
            for m in cells
            if m.text.passage.section not in NARRATIVE or self.stance_of(m) != "neutral"
        )

    @once
    def stance(self, text: Text, number: int) -> str:
        """Return what a sentence is: study, procedure, neutral, background, animal."""
        return _stance(text.folded_sentences[number], text.passage.section)

    def stance_of(self, mention: Mention) -> str:
        """Return the stance of the sentence that holds a mention."""
        return self.stance(mention.text, mention.sentence)

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
    def sections(self) -> str:
        """The sections that were searched, for NOT_STATED."""
        return "; ".join(dict.fromkeys(t.passage.section for t in self.texts))

    def of_arm(self, position: int) -> list[Text]:
        """Return label and description of an arm."""
        return self._parts.get((position, None), [])

    def of_intervention(self, position: int) -> list[Text]:
        """Return name, description and other names of an intervention."""
        return self._parts.get((None, position), [])

    def of_arm_and(self, arm: int, interventions: Iterable[int]) -> list[Text]:
        """Return the texts of an arm, unless it is implicit, and of interventions."""
        texts = list(self.of_arm(arm)) if self.has_arms else []
        return texts + [t for n in interventions for t in self.of_intervention(n)]

    @cached_property
    def _parts(self) -> dict[tuple[int | None, int | None], list[Text]]:
        """The texts of the chosen record by arm, else by intervention."""
        parts = defaultdict(list)
        for text in self.texts:
            arm, item = text.passage.arm, text.passage.intervention
            if not text.is_second:
                parts[arm, item if arm is None else None].append(text)
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


def _as_text(words: str) -> Text:
    return Text(Passage("definition", words))


def _is_only_background(sentence: str) -> bool:
    return rules.BACKGROUND.search(sentence) is not None and not (
        rules.THIS_STUDY(sentence) or rules.PROCEDURE(sentence)
    )


#: What a sentence is: the first question that it answers with yes decides.
_NARRATIVE_STANCES = (
    ("animal", rules.ANIMAL),
    ("background", rules.ELSEWHERE.search),
    ("study", rules.THIS_STUDY),
    ("background", rules.BACKGROUND.search),
    ("procedure", rules.GIVEN_TO_THEM),
    ("background", rules.GENERAL),
    ("procedure", rules.PROCEDURE),
)
#: A title is that of this study: "A clinical study of marrow cells".
_TITLE_STANCES = (("animal", rules.ANIMAL),)
#: The same for arms and interventions, which speak of this study by default.
_OWN_STANCES = (
    ("animal", rules.ANIMAL),
    ("background", rules.ELSEWHERE.search),
    ("background", _is_only_background),
)


def _stance(sentence: str, section: str) -> str:
    is_own = section.startswith(("arm_", "intervention_", "active"))
    table, default = (
        (_TITLE_STANCES, "study")
        if section in TITLES
        else (_OWN_STANCES, "study")
        if is_own
        else (_NARRATIVE_STANCES, "neutral")
    )
    return next((stance for stance, rule in table if rule(sentence)), default)


def _tells_of_giving(sentence: str) -> bool:
    return rules.RECEIVED(sentence) or any(
        not is_other_graft(
            hit.group(), sentence[max(0, hit.start() - 90) : hit.start()]
        )
        for hit in rules.PARENTERAL.pattern.finditer(sentence)
    )


def _is_told_of(cells: Mention) -> bool:
    """Return whether the words around cells are of their giving, use or effect."""
    before, after = cells.around()
    return rules.GIVING_AFTER(after) or rules.USED_BEFORE(before)
