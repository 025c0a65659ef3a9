"""Delivery mode, route, access, perfusate and site of the arms with a cell product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from trialkit.label import rules
from trialkit.label.binding import Bindings
from trialkit.label.choose import Choice, Evidence, found_by, said
from trialkit.label.context import has_generic_cells, is_other_graft
from trialkit.label.entries import kinds_of, most_exact
from trialkit.label.matcher import Mention
from trialkit.label.once import once
from trialkit.label.products import OTHER
from trialkit.label.rules import INTO_PLACE, Rule
from trialkit.label.study import ELSEWHERE, NARRATIVE
from trialkit.label.text import Text
from trialkit.label.vocabulary import in_order, shipped


class Routes:
    """Route, site, access and perfusate of each arm."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self.study = evidence.study
        self.products = evidence.products
        self.bindings = Bindings(self.study, self.products)

    def routes(self, arm: int, types: list[Choice]) -> list[Choice]:
        """Return the routes of an arm; extracorporeal first, then the body."""
        if outside := self._extracorporeal(arm, types):
            return [outside]
        found = self._in_body(arm)
        if not found:
            generic = self._parenteral(arm)
            return [generic] if generic else []
        found = _by_disease(found, self.study.titles, _is_hint(found))
        ids = most_exact(found, self.study.vocabularies["route"])
        return [found[i] for i in in_order("route", ids)]

    def _extracorporeal(self, arm: int, types: list[Choice]) -> Choice | None:
        texts = (*self.evidence.own(arm), *self.study.titles, *self.study.narrative)
        found = map(self._device_in, (*texts, *self.evidence.lay))
        device = next(filter(None, found), None)
        return device._replace(id=_device_of(types)) if device else None

    @once
    def _device_in(self, text: Text) -> Choice | None:
        """Return the words for a device in a text; the cells say which it is."""
        devices = (rules.BIOARTIFICIAL_LIVER, rules.CELL_REACTOR)
        found = (self._device(text, r) for r in devices if r.may_be_in(text.folded))
        return next(filter(None, found), None)

    def _device(self, text: Text, rule: Rule) -> Choice | None:
        for hit in rule.pattern.finditer(text.folded):
            number = text.sentence_of(hit.start())
            before, _ = text.around(*hit.span())
            if (
                self.study.stance(text, number) not in ELSEWHERE
                and not rules.NEGATED(before)
                and not rules.POPULATION_BEFORE(before)
                and (rule is not rules.CELL_REACTOR or self._holds_cells(text, hit))
            ):
                return found_by(rule, text, hit, _DEVICE)
        return None

    def _holds_cells(self, text: Text, circuit: re.Match[str]) -> bool:
        number = text.sentence_of(circuit.start())
        return not rules.CIRCUIT_WITHOUT_CELLS(circuit.group()) and (
            bool(self.study.mentions(text, "cell_type"))
            or self.study.says(text, number, has_generic_cells)
        )

    def _in_body(self, arm: int) -> dict[str, Choice]:
        own = self._own_routes(arm) or self._shared_routes(arm)
        from_titles = not own
        own = own or self._find(self.study.titles)
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
        return self._search(tuple(texts))

    @once
    def _search(self, texts: tuple[Text, ...]) -> dict[str, Choice]:
        if plain := self._find_plain(texts):
            return plain
        _, hints = self.evidence.found_apart("route", texts, self.evidence.is_route)
        for put_in, laid_on in rules.SKIN_WOUND.becomes.items():
            if laid_on in hints:  # what is seeded and laid on is not put in
                hints.pop(put_in, None)
        return {
            i: c._replace(rule_id=c.rule_id.replace(_PHRASE, _HINT))
            for i, c in (hints or self._on_carrier(texts)).items()
        }

    def _on_carrier(self, texts: Sequence[Text]) -> dict[str, Choice]:
        """Return the route of cells on a carrier, which needs surgery."""
        choice = next(filter(None, map(self._carrier_in, texts)), None)
        return {choice.id: choice} if choice else {}

    @once
    def _carrier_in(self, text: Text) -> Choice | None:
        hit = rules.ON_CARRIER.search(text.folded)
        if hit is None:
            return None
        is_given = self._may_be_of_cells(text, text.sentence_of(hit.start()))
        return found_by(rules.ON_CARRIER, text, hit) if is_given else None

    def _find_plain(self, texts: Sequence[Text]) -> dict[str, Choice]:
        """Return route words, or the place or artery that cells are given into."""
        strong, _ = self.evidence.found_apart("route", texts, self._is_of_cells)
        ((unnamed, artery),) = rules.NAMED_ARTERY.becomes.items()
        is_open = not strong or unnamed in strong
        if is_open and (named := self._named_artery(texts, artery)):
            strong.pop(unnamed, None)
            return strong | named
        if not strong:
            return self._into_place(texts)
        strong |= _with_shared_vein(strong)
        if strong.keys() == {artery}:
            place = self._into_place([strong[artery].text])
            strong = strong if is_open or artery in place else place or strong
        return self._joints_beside(texts, strong) | strong

    def _is_of_cells(self, mention: Mention) -> bool:
        """Return whether a route is that of the cells, the nearest product."""
        if not self.evidence.is_route(mention):
            return False
        return not self.bindings.are_of_other(mention)

    def _named_artery(self, texts: Sequence[Text], route: str) -> dict[str, Choice]:
        rule = rules.NAMED_ARTERY
        for text in texts:
            hit = "arter" in text.folded and rule.pattern.search(text.folded)
            if hit and self._is_given_into(text, hit.start()):
                return {route: found_by(rule, text, hit, route)}
        return {}

    @cached_property
    def _told(self) -> dict[str, Choice]:
        return self._find(self.study.narrative) or self.evidence.told(
            "route", self._is_of_cells
        )

    def _into_place(self, texts: Sequence[Text]) -> dict[str, Choice]:
        """Return the routes of places that cells are given into; one text decides."""
        for text in texts:
            found: dict[str, Choice] = {}
            is_worth_it = rules.may_have_place(text.folded)
            for hit in rules.ANY_PLACE.finditer(text.folded) if is_worth_it else ():
                _, after = text.around(*hit.span())
                if rules.OF_PATIENTS(f"{hit.group()}<>{after}"):
                    continue
                if given := self._is_given_into(text, hit.start()):
                    place = hit.lastgroup or ""
                    before, _ = text.around(*hit.span(), _REACH)
                    low = hit.start() - len(before) + given.start()
                    span, rule_id = (
                        text.plain_span(low, hit.end()),
                        INTO_PLACE[place].id,
                    )
                    route = _by_verb(place, given.group()[:6])
                    found.setdefault(route, said(route, text, span, rule_id))
            found = found or self._joint_injected(text)
            if found:
                return found
        return {}

    def _joints_beside(
        self, texts: Sequence[Text], strong: dict[str, Choice]
    ) -> dict[str, Choice]:
        """Return the joints that cells are given into, told beside a vein."""
        if not strong.keys() <= self.study.vocabularies.with_role("route", "vein"):
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
            number = text.sentence_of(hit.start())
            is_elsewhere = self.study.stance(text, number) in ELSEWHERE
            if not is_elsewhere and self.products.are_named_in(text, number):
                choice = found_by(rule, text, hit)
                return {choice.id: choice}
        return {}

    def _is_given_into(self, text: Text, start: int) -> re.Match[str] | None:
        """Return the verb of giving before a place, where it is one for the cells."""
        before, _ = text.around(start, start, _REACH)
        given = rules.GIVEN_BEFORE.pattern.search(before)
        if not given or rules.NEGATED(before):
            return None
        number = text.sentence_of(start)
        return given if self._may_be_of_cells(text, number) else None

    def _may_be_of_cells(self, text: Text, number: int) -> bool:
        """Return whether a sentence is on this study; in a narrative, on its cells."""
        stance = self.study.stance(text, number)
        if text.passage.section not in NARRATIVE:
            return stance not in ELSEWHERE
        is_open = stance in (*ELSEWHERE, "neutral")
        return not is_open and self.products.are_named_in(text, number)

    def _own_routes(self, arm: int) -> dict[str, Choice]:
        by_arm = self._find(self.study.of_arm(arm)) if self.study.has_arms else {}
        others = self._of_sharing_arms(arm) if by_arm else []
        if any(found.keys() != by_arm.keys() for found in others):
            return by_arm
        found = self._find(self.evidence.own(arm))
        return found or self._find(self._procedures(arm))

    def _shared_routes(self, arm: int) -> dict[str, Choice]:
        """Return the route that other arms state for the same cell intervention."""
        sets = self._of_sharing_arms(arm)
        return sets[0] if sets and all(s.keys() == sets[0].keys() for s in sets) else {}

    def _of_sharing_arms(self, arm: int) -> list[dict[str, Choice]]:
        """Return the routes of each other arm that shares a cell intervention."""
        linked = set(self.products.arms.get(arm, []))
        return [
            found
            for other, shared in self.products.arms.items()
            if other != arm and linked & set(shared)
            if (found := self._find(self.study.of_arm(other)))
        ]

    def _procedures(self, arm: int) -> list[Text]:
        """Return texts of procedures and devices of the arm that name no cells."""
        texts: list[Text] = []
        for position in self.study.links[arm]:
            item = self.study.base.interventions[position]
            name = (item.name or "").lower().replace("-", " ")
            is_drug = item.intervention_type in _DRUGS or rules.DRUG(name)
            if self.products.classes[position] == OTHER and not is_drug:
                texts += self.study.of_intervention(position)
        return texts

    def _refined(
        self, own: dict[str, Choice], arm: int, told: dict[str, Choice]
    ) -> dict[str, Choice]:
        """Let the titles and this study's sentences name the child of a parent."""
        if len({frozenset(self._own_routes(n)) for n in self.products.arms}) > 1:
            return own
        refined = dict(own)
        for more in (self._find(self.study.titles), told):
            for parent, children in _CHILDREN.items():
                named = [child for child in children if child in more]
                is_open = parent in refined and not children & refined.keys()
                if is_open and len(named) == 1:
                    del refined[parent]
                    refined[named[0]] = more[named[0]]
        return refined

    def _parenteral(self, arm: int) -> Choice | None:
        own = self.evidence.own(arm)
        own += [*self.study.titles, *self.study.narrative, *self.evidence.lay]
        for text in own:
            for hit in rules.PARENTERAL.pattern.finditer(text.folded):
                before, after = text.around(*hit.span())
                is_of_other = rules.OTHER_OBJECT(hit.group() + after[:60]) or (
                    not after.startswith(" of") and is_other_graft(hit.group(), before)
                )
                number = text.sentence_of(hit.start())
                if (
                    not is_of_other
                    and not rules.NEGATED(before)
                    and self._may_be_of_cells(text, number)
                ):
                    return found_by(rules.PARENTERAL, text, hit)
        return None

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
        rule = rules.STATED_OUTSIDE
        for text in self.study.texts:
            if hit := rule.pattern.search(text.folded):
                return found_by(rule, text, hit, "false")
        return None


def _with_shared_vein(found: dict[str, Choice]) -> dict[str, Choice]:
    """Return the kind of vein that shares its word: "peripheral or central vein"."""
    rule, more = rules.SHARED_VEIN, {}
    for choice in found.values():
        if choice.id in rule.becomes.values():
            before = choice.text.plain[max(0, choice.start - 30) : choice.start]
            if hit := rule.pattern.search(before.lower()):
                kind = rule.becomes[hit["kind"]]
                start = choice.start - len(before) + hit.start()
                more[kind] = choice._replace(id=kind, start=start, rule_id=rule.id)
    return more


def _by_verb(route: str, verb: str) -> str:
    """Return the route of a place when cells are applied or implanted there."""
    for rule in (rules.LAID_ON, rules.PUT_IN):
        if route in rule.becomes and rule(verb):
            return rule.becomes[route]
    return route


#: Types of interventions whose route is their own.
_DRUGS = {"DRUG", "BIOLOGICAL", "RADIATION", "GENETIC", "DIETARY_SUPPLEMENT"}
#: Where cells stay in a device, before their kind says in which.
(_DEVICE,) = rules.BIOARTIFICIAL_LIVER.ids
#: Routes of which there are kinds, and those.
_CHILDREN = {key: ids for key, ids in kinds_of(shipped()["route"]).items() if key}
_PHRASE, _HINT = "vocabulary:", "hint:"
#: A place is that of the cells where a word of giving stands so near before it.
_REACH = 120


def _is_hint(found: dict[str, Choice]) -> bool:
    return bool(found) and all(
        c.rule_id.startswith(_HINT) or c.rule_id == rules.ON_CARRIER.id
        for c in found.values()
    )


def _device_of(types: list[Choice]) -> str:
    """Return the kind of device: the cells decide, not the device's name."""
    liver, other = rules.BIOARTIFICIAL_LIVER, rules.CELL_REACTOR
    known = [liver.becomes[choice.id] for choice in types if choice.id in liver.becomes]
    return (*known, *(other.ids if types else ()), _DEVICE)[0]


def _by_disease(
    found: dict[str, Choice], titles: list[Text], is_hint: bool
) -> dict[str, Choice]:
    """Return the routes; the disease may turn the word for a place into another one.

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


def relation_of(choices: list[Choice]) -> str:
    """Return how the routes of an arm relate: single, sequence or alternative."""
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
