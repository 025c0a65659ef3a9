"""Delivery mode, route, access, perfusate and site of the arms with a cell product."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from trialkit.label import rules
from trialkit.label.choose import Choice, Evidence, said
from trialkit.label.context import has_generic_cells, is_drug_name, is_other_graft
from trialkit.label.entries import kinds_of, most_exact
from trialkit.label.products import OTHER
from trialkit.label.rules import INTO_PLACE, Rule
from trialkit.label.study import NARRATIVE
from trialkit.label.text import Text
from trialkit.label.vocabulary import in_order, shipped


class Routed(NamedTuple):
    """The routes of one arm and how they relate."""

    choices: list[Choice]
    relation: str | None


class Routes:
    """The decisions on how the cells meet the patient."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self.study = evidence.study
        self.products = evidence.products
        self._by_texts: dict[tuple[int, ...], dict[str, Choice]] = {}

    def routes(self, arm: int, types: list[Choice]) -> Routed:
        """Return the routes of an arm; extracorporeal first, then the body."""
        outside = self._extracorporeal(arm, types)
        if outside:
            return Routed([outside], "single")
        found = self._in_body(arm)
        if not found:
            generic = self._parenteral(arm)
            return Routed([generic], "single") if generic else Routed([], None)
        found = _by_disease(found, self.study.titles, _is_hint(found))
        ids = most_exact(found, self.study.entries("route"))
        choices = [found[i] for i in in_order("route", ids)]
        return Routed(choices, _relation_of(choices))

    # -- extracorporeal ----------------------------------------------------------

    def _extracorporeal(self, arm: int, types: list[Choice]) -> Choice | None:
        texts = (*self.evidence.own(arm), *self.study.titles, *self.study.narrative)
        for text in (*texts, *self.evidence.lay):
            for rule in (rules.BIOARTIFICIAL_LIVER, rules.CELL_REACTOR):
                choice = self._device(text, rule)
                if choice:
                    return choice._replace(id=_device_of(types))
        return None

    def _device(self, text: Text, rule: Rule) -> Choice | None:
        if not rule.may_be_in(text.folded):
            return None
        for hit in rule.pattern.finditer(text.folded):
            span = text.plain_span(*hit.span())
            number = text.sentence_at(span[0])
            before = text.folded[max(0, hit.start() - 90) : hit.start()]
            if self.study.stance(text, number) in {"background", "animal"}:
                continue
            if rules.NEGATED(before) or rules.POPULATION_BEFORE(before):
                continue
            if rule is rules.CELL_REACTOR:
                if rules.CIRCUIT_WITHOUT_CELLS(hit.group()) or not self._has_cells(
                    text, number
                ):
                    continue
            return said(_DEVICE, text, span, rule.id)
        return None

    def _has_cells(self, text: Text, number: int) -> bool:
        return bool(self.study.mentions(text, "cell_type")) or self.study.asked(
            text, number, "cells", has_generic_cells
        )

    # -- in the body -------------------------------------------------------------

    def _in_body(self, arm: int) -> dict[str, Choice]:
        own = self._own_routes(arm) or self._shared_routes(arm)
        from_titles = not own
        if not own:
            own = self._find(self.study.titles)
        if _is_hint(own):
            own = self._find_plain(self.study.titles) or own
        told = self._told
        if own and from_titles and set(own) < set(told):
            return told
        if not own:
            return told or self._find(self.evidence.lay)
        return self._refined(own, arm, told)

    def _find(self, texts: list[Text]) -> dict[str, Choice]:
        """Return route words; else a place given into; else hints."""
        key = tuple(t.position for t in texts)
        if key not in self._by_texts:
            self._by_texts[key] = self._search(texts)
        return self._by_texts[key]

    def _search(self, texts: list[Text]) -> dict[str, Choice]:
        plain = self._find_plain(texts)
        if plain:
            return plain
        _, hints = self.evidence.found_apart("route", texts, self.evidence.is_route)
        for put_in, laid_on in rules.SKIN_WOUND.becomes.items():
            if laid_on in hints:  # what is seeded and laid on is not put in
                hints.pop(put_in, None)
        return {
            i: c._replace(rule_id=c.rule_id.replace(_PHRASE, _HINT))
            for i, c in hints.items()
        }

    def _find_plain(self, texts: list[Text]) -> dict[str, Choice]:
        """Return route words, or the place or artery that cells are given into."""
        keep = self.evidence.is_route
        strong, _ = self.evidence.found_apart("route", texts, keep)
        ((unnamed, artery),) = rules.NAMED_ARTERY.becomes.items()
        if not strong or unnamed in strong:
            named = self._named_artery(texts, artery)
            if named:
                strong.pop(unnamed, None)
                return {**strong, **named}
        if not strong:
            return self._into_place(texts)
        return {**self._joints_beside(texts, strong), **strong}

    def _named_artery(self, texts: list[Text], route: str) -> dict[str, Choice]:
        for text in texts:
            if "arter" not in text.folded:
                continue
            hit = rules.NAMED_ARTERY.pattern.search(text.folded)
            if not hit:
                continue
            before = text.folded[max(0, hit.start() - 120) : hit.start()]
            if self._is_given_into(text, hit.start(), before):
                span = text.plain_span(*hit.span())
                return {route: said(route, text, span, rules.NAMED_ARTERY.id)}
        return {}

    @cached_property
    def _told(self) -> dict[str, Choice]:
        return self._find(self.study.narrative) or self.evidence.told(
            "route", self.evidence.is_route
        )

    def _into_place(self, texts: list[Text]) -> dict[str, Choice]:
        """Return the routes that the places given into make; one text decides."""
        for text in texts:
            found: dict[str, Choice] = {}
            is_worth_it = rules.may_have_place(text.folded)
            for hit in rules.ANY_PLACE.finditer(text.folded) if is_worth_it else ():
                route = hit.lastgroup or ""
                before = text.folded[max(0, hit.start() - 120) : hit.start()]
                if self._is_given_into(text, hit.start(), before):
                    given = rules.GIVEN_BEFORE.pattern.search(before)
                    low = hit.start() - len(before) + (given.start() if given else 0)
                    span = text.plain_span(low, hit.end())
                    rule_id = INTO_PLACE[route].id
                    verb = given.group()[:6] if given else ""
                    route = _by_verb(route, verb)
                    found.setdefault(route, said(route, text, span, rule_id))
            if not found:
                found = self._joint_injected(text)
            if found:
                return found
        return {}

    def _joints_beside(
        self, texts: list[Text], strong: dict[str, Choice]
    ) -> dict[str, Choice]:
        """Return joints given into, told in a sentence beside that of a vein."""
        if not strong.keys() <= self.study.with_role("vein", "route"):
            return {}
        taken = {(c.text, c.text.sentence_at(c.start)) for c in strong.values()}
        own = [t for t in texts if t.passage.section not in NARRATIVE]
        return {
            i: c
            for i, c in self._into_place(own).items()
            if i in rules.JOINT_INJECTED.ids
            and (c.text, c.text.sentence_at(c.start)) not in taken
        }

    def _joint_injected(self, text: Text) -> dict[str, Choice]:
        rule = rules.JOINT_INJECTED
        if "injected with" not in text.folded:
            return {}
        for hit in rule.pattern.finditer(text.folded):
            span = text.plain_span(*hit.span())
            number = text.sentence_at(span[0])
            if self.products.are_named_in(text, number) and self.study.stance(
                text, number
            ) not in {"background", "animal"}:
                (route,) = rule.ids
                return {route: said(route, text, span, rule.id)}
        return {}

    def _is_given_into(self, text: Text, start: int, before: str) -> bool:
        if not rules.GIVEN_BEFORE(before) or rules.NEGATED(before):
            return False
        number = text.sentence_at(text.plain_position(start))
        stance = self.study.stance(text, number)
        in_narrative = text.passage.section in NARRATIVE
        if stance in {"background", "animal"} or (stance == "neutral" and in_narrative):
            return False
        return not in_narrative or self.products.are_named_in(text, number)

    def _own_routes(self, arm: int) -> dict[str, Choice]:
        by_arm = self._find(self.study.of_arm(arm)) if self.study.has_arms else {}
        if by_arm and self._others_differ(arm, set(by_arm)):
            return by_arm
        found = self._find(self.evidence.own(arm))
        return found or self._find(self._procedures(arm))

    def _shared_routes(self, arm: int) -> dict[str, Choice]:
        """Return the route that other arms state for the same cell intervention."""
        linked = set(self.products.arms.get(arm, []))
        sets = [
            found
            for other, shared in self.products.arms.items()
            if other != arm and linked & set(shared)
            if (found := self._find(self.study.of_arm(other)))
        ]
        return sets[0] if sets and all(set(s) == set(sets[0]) for s in sets) else {}

    def _others_differ(self, arm: int, routes: set[str]) -> bool:
        """Return whether arms that share an intervention state routes of their own."""
        linked = set(self.products.arms.get(arm, []))
        for other, shared in self.products.arms.items():
            if other != arm and linked & set(shared):
                theirs = set(self._find(self.study.of_arm(other)))
                if theirs and theirs != routes:
                    return True
        return False

    def _procedures(self, arm: int) -> list[Text]:
        """Return texts of procedures and devices of the arm that name no cells."""
        texts: list[Text] = []
        for position in self.study.links[arm]:
            item = self.study.base.interventions[position]
            name = (item.name or "").lower().replace("-", " ")
            if self.products.classes[position] == OTHER and not is_drug_name(name):
                texts += self.study.of_intervention(position)
        return texts

    def _refined(
        self, own: dict[str, Choice], arm: int, told: dict[str, Choice]
    ) -> dict[str, Choice]:
        """Let the titles and this study's sentences name the child of a parent."""
        if len(self.products.arms) > 1 and self._own_sets() > 1:
            return own
        refined = dict(own)
        for more in (self._find(self.study.titles), told):
            for parent, children in _CHILDREN.items():
                named = children & set(more)
                if (
                    parent in refined
                    and len(named) == 1
                    and not children & set(refined)
                ):
                    child = named.pop()
                    refined.pop(parent)
                    refined[child] = more[child]
        return refined

    def _own_sets(self) -> int:
        return len({frozenset(self._own_routes(n)) for n in self.products.arms})

    # -- only injection or infusion ----------------------------------------------

    def _parenteral(self, arm: int) -> Choice | None:
        own = self.evidence.own(arm)
        own += [*self.study.titles, *self.study.narrative, *self.evidence.lay]
        for text in own:
            for hit in rules.PARENTERAL.pattern.finditer(text.folded):
                before = text.folded[max(0, hit.start() - 90) : hit.start()]
                after = text.folded[hit.end() : hit.end() + 60]
                if rules.OTHER_OBJECT(f"{hit.group()}{after}"):
                    continue
                if not after.startswith(" of") and is_other_graft(hit.group(), before):
                    continue
                span = text.plain_span(*hit.span())
                number = text.sentence_at(span[0])
                stance = self.study.stance(text, number)
                if rules.NEGATED(before) or stance in {"background", "animal"}:
                    continue
                if text.passage.section in NARRATIVE and (
                    stance == "neutral" or not self.products.are_named_in(text, number)
                ):
                    continue
                (route,) = rules.PARENTERAL.ids
                return said(route, text, span, rules.PARENTERAL.id)
        return None

    # -- access, perfusate, site ---------------------------------------------------

    def details(self, axis: str, arm: int) -> list[Choice]:
        """Return access, perfusate or site as said by the arm or this study."""
        keep = self.evidence.is_of_study
        found = self.evidence.found(axis, self.evidence.own(arm), keep)
        if not found:
            keep = self.evidence.is_beside_cells
            found = self.evidence.found(axis, self.study.narrative, keep)
        return [found[i] for i in in_order(axis, found)]

    def stated_outside(self) -> Choice | None:
        """Return the words that say that the cells stay outside the body."""
        for text in self.study.texts:
            hit = rules.STATED_OUTSIDE.pattern.search(text.folded)
            if hit:
                span = text.plain_span(*hit.span())
                return said("false", text, span, rules.STATED_OUTSIDE.id)
        return None


def _by_verb(route: str, verb: str) -> str:
    """Return the route of a place when cells are applied or implanted there."""
    for rule in (rules.LAID_ON, rules.PUT_IN):
        if route in rule.becomes and rule(verb):
            return rule.becomes[route]
    return route


#: Where cells stay in a device, before their kind says in which.
(_DEVICE,) = rules.BIOARTIFICIAL_LIVER.ids
#: Routes of which there are kinds, and those.
_CHILDREN = {key: ids for key, ids in kinds_of(shipped()["route"]).items() if key}
_PHRASE, _HINT = "vocabulary:", "hint:"


def _is_hint(found: dict[str, Choice]) -> bool:
    return bool(found) and all(c.rule_id.startswith(_HINT) for c in found.values())


def _device_of(types: list[Choice]) -> str:
    """Return the kind of device: the cells decide, not the device's name."""
    liver, other = rules.BIOARTIFICIAL_LIVER, rules.CELL_REACTOR
    known = [liver.becomes[choice.id] for choice in types if choice.id in liver.becomes]
    return (*known, *(other.ids if types else ()), _DEVICE)[0]


def _by_disease(
    found: dict[str, Choice], titles: list[Text], is_hint: bool
) -> dict[str, Choice]:
    """Return the routes, where one word of a place means another by the disease.

    Into the lesion of an injured cord is into the cord ("intralesional" stays). A
    seeded scaffold, of which no implanting is told, lies on an ulcer or burn. What is
    laid on damaged cartilage fills it.
    """
    if len(found) > 1:
        return found
    ((route, choice),) = found.items()
    words = choice.text.plain[choice.start : choice.end].lower()
    for rule, is_open in (
        (rules.CORD_INJURY, words.startswith("into ")),
        (rules.SKIN_WOUND, is_hint),
        (rules.CARTILAGE, True),
    ):
        there = rule.becomes.get(route)
        if there and is_open and any(rule(text.folded) for text in titles):
            return {there: choice._replace(id=there, rule_id=rule.id)}
    return found


def _relation_of(choices: list[Choice]) -> str:
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
