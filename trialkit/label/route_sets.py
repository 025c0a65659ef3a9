"""Several routes of one arm: what makes another void, and how they relate."""

from __future__ import annotations

from trialkit.label import rules
from trialkit.label.choose import Choice
from trialkit.label.text import Text
from trialkit.label.vocabulary import shipped

#: Routes that another one names more exactly, and those others.
CHILDREN = {
    parent: {key for key, own in shipped()["route"].items() if own.parent == parent}
    for parent in ("IV", "IA")
}
_HEPATIC = {"HEP", "HEP.line", "HLC", "HLC.msc", "HLC.direct", "LPC"}


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


def by_disease(
    found: dict[str, Choice], titles: list[Text], is_hint: bool
) -> dict[str, Choice]:
    """Return the routes, where one word of a place means another by the disease.

    Into the lesion of an injured cord is into the cord ("intralesional" stays).
    A seeded scaffold, of which no implanting is told, lies on an ulcer or burn.
    What is laid on damaged cartilage fills it.
    """
    names = [t.folded for t in titles]
    if _is_into_lesion(found) and any(map(rules.CORD_INJURY, names)):
        rule, there = rules.CORD_INJURY, "ISC"
    elif list(found) == ["IMPL"] and is_hint and any(map(rules.SKIN_WOUND, names)):
        rule, there = rules.SKIN_WOUND, "TOP"
    elif list(found) == ["TOP"] and any(map(rules.CARTILAGE, names)):
        rule, there = rules.CARTILAGE, "IMPL"
    else:
        return found
    (choice,) = found.values()
    return {there: choice._replace(id=there, rule_id=rule.id)}


def _is_into_lesion(found: dict[str, Choice]) -> bool:
    choice = found.get("ILES")
    if choice is None or len(found) > 1:
        return False
    return choice.text.plain[choice.start : choice.end].lower().startswith("into ")


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
    ) or any(rules.INSTEAD(_sentence(choice)) for choice in choices)
    return "alternative" if is_alternative else "sequence"


def _is_joined_by_or(one: Choice, two: Choice) -> bool:
    if one.text is not two.text or one.end > two.start:
        return False
    between = one.text.plain[one.end : two.start].lower()
    return len(between) < 60 and rules.OR_BETWEEN(between)


def _sentence(choice: Choice) -> str:
    return choice.text.folded_sentences[choice.text.sentence_at(choice.start)]
