"""Whether a text tells that cells are given, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable

from trialkit.label import rules
from trialkit.label.matcher import Mention
from trialkit.label.study import NARRATIVE, Study
from trialkit.label.words import is_other_graft


def tells_of_giving(study: Study, cells: Iterable[Mention]) -> bool:
    """Return whether a sentence of this study names these cells and their giving."""
    return any(_is_given(study, mention) for mention in cells)


def _is_given(study: Study, mention: Mention) -> bool:
    text = mention.text
    in_narrative = text.passage.section in NARRATIVE
    if in_narrative and study.stance_of(mention) == "neutral":
        return False
    number = text.sentence_at(mention.start)
    return study.asked(text, number, "giving", _tells_of_giving)


def _tells_of_giving(sentence: str) -> bool:
    return rules.RECEIVED(sentence) or any(
        not is_other_graft(
            hit.group(), sentence[max(0, hit.start() - 90) : hit.start()]
        )
        for hit in rules.PARENTERAL.pattern.finditer(sentence)
    )
