"""Several routes of one arm: what makes another void, and how they relate."""

from __future__ import annotations

import re

from trialkit.labels.choose import Choice

CHILDREN = {
    "IV": {"IV.peripheral", "IV.central"},
    "IA": {"IA.hepatic", "IA.splenic", "ICOR"},
}
_HEPATIC = {"HEP", "HEP.line", "HLC", "HLC.msc", "HLC.direct", "LPC"}
_OR = re.compile(r"\bor\b|\beither\b|/")
_INSTEAD = re.compile(r"\b(?:instead|alternatively|also possible|optionally)\b")


def leaves(ids: set[str]) -> set[str]:
    """Return the ids without the parents and looser readings of others among them."""
    ids = set(ids)
    for parent, children in CHILDREN.items():
        if ids & children:
            ids.discard(parent)
    if ids & {"IA.hepatic", "PV"}:
        ids -= {"IH", "IA"}
    if ids - {"VASC"}:
        ids.discard("VASC")
    return ids


def device_id(types: list[Choice]) -> str:
    """Return the child of EC: the cells decide, not the device's name."""
    ids = {choice.id for choice in types}
    if ids & _HEPATIC:
        return "EC.bal"
    return "EC.cell" if ids else "EC"


def relation_of(choices: list[Choice]) -> str:
    """Return whether routes of one arm are one, one after the other, or either."""
    if len(choices) < 2:
        return "single"
    is_alternative = any(
        _is_joined_by_or(one, two) for one in choices for two in choices
    ) or any(_INSTEAD.search(_sentence(choice)) for choice in choices)
    return "alternative" if is_alternative else "sequence"


def _is_joined_by_or(one: Choice, two: Choice) -> bool:
    if one.text is None or one.text is not two.text or one.end > two.start:
        return False
    between = one.text.raw[one.end : two.start].lower()
    return len(between) < 60 and _OR.search(between) is not None


def _sentence(choice: Choice) -> str:
    if choice.text is None:
        return ""
    return choice.text.folded_sentences[choice.text.sentence_at(choice.start)]
