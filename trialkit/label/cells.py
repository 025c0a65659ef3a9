"""Cell type, source, donor, species and processing of the arms with a cell product."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from trialkit.label import rules
from trialkit.label.choose import Choice, Evidence, Filter, said
from trialkit.label.combinations import without_others
from trialkit.label.entries import most_exact
from trialkit.label.rules import DERIVED, Rule
from trialkit.label.study import NARRATIVE
from trialkit.label.text import Text, fold
from trialkit.label.vocabulary import family_of, in_order


class Cells:
    """The decisions on the axes of the product itself."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self.study = evidence.study
        self.products = evidence.products
        self._taken: dict[tuple, dict[str, Choice]] = {}
        self._sources: dict[int, list[Choice]] = {}
        self._told: dict[str, bool] = {}
        self._generic = self.study.with_role("generic")
        self._routine = self.study.with_role("routine")

    # -- levels ----------------------------------------------------------------

    def _levels(self, axis: str, keep: Filter, arm: int) -> dict[str, Choice]:
        """Return what the arm says, else the titles, else the narrative."""
        own = self.evidence.found(axis, self.evidence.own(arm), keep)
        titles = self.evidence.found(axis, self.study.titles, keep)
        specific = {i for i in own if i not in self._generic}
        if specific and self.study.has_arms:
            said = self._said_by_arms(axis, keep)
            own |= {i: c for i, c in titles.items() if i not in said and i not in own}
            return own
        own = {**own, **{i: c for i, c in titles.items() if i not in own}}
        if {i for i in own if i not in self._generic}:
            return own
        if axis == "donor":  # a neutral sentence is too weak for a donor claim
            told = self.evidence.found(axis, self.study.narrative, keep)
        else:
            told = self.evidence.told(axis, keep)
        return {**own, **{i: c for i, c in told.items() if i not in own}}

    def _said_by_arms(self, axis: str, keep: Filter) -> set[str]:
        return {
            identifier
            for arm in self.products.arms
            for identifier in self.evidence.found(axis, self.evidence.own(arm), keep)
        }

    # -- cell type -------------------------------------------------------------

    def types(self, arm: int) -> list[Choice]:
        """Return the cell types of an arm: the end product, not what it came from."""
        found = self._levels("cell_type", self.evidence.is_type, arm)
        if found.keys() & self._generic and not found.keys() - self._generic:
            found = self._named_elsewhere(found)
        ids = set(found)
        ids |= self._from_pluripotent(ids, found, arm)
        ids = most_exact(ids, self.study.entries("cell_type"))
        ids = self._without_fat_names(ids, found, arm)
        ids = self._without_raw_material(ids, found)
        ids = self._without_setting(ids, found)
        ids = self._without_concentrate(ids, found)
        ids = self._with_tissue(ids, found, arm)
        return [found[i] for i in in_order("cell_type", ids)]

    def _from_pluripotent(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Return what types of a pluripotent source are: hepatocyte-like, not HEP."""
        rule = DERIVED["cell_type.hepatocyte_from_pluripotent"]
        made = {new: old for old, new in rule["becomes"].items() if old in ids}
        families = {family_of("cell_source", c.id) for c in self.sources(arm)}
        if not made or rule["family"] not in families:
            return set()
        for new, old in made.items():
            found[new] = found[old]._replace(id=new, rule_id=rule["id"])
        return set(made)

    def _named_elsewhere(self, found: dict[str, Choice]) -> dict[str, Choice]:
        """Read "stem cells" more exactly where this study's own sentences do."""
        rule = rules.BMSC_CULTURED
        for old, new in rule.becomes.items():
            if old in found and self._narrative_says(rule):
                return {new: found[old]._replace(id=new, rule_id=rule.id)}
        return found

    def _narrative_says(self, rule: Rule) -> bool:
        """Return whether a sentence on this study holds a rule's words; asked once."""
        if rule.id not in self._told:
            self._told[rule.id] = self._search_told(rule)
        return self._told[rule.id]

    def _search_told(self, rule: Rule) -> bool:
        for text in self.study.texts:
            if text.passage.section == "keyword":
                continue
            for number, sentence in enumerate(text.folded_sentences):
                if rule(sentence) and self.study.stance(text, number) in {
                    "study",
                    "procedure",
                }:
                    return True
        return False

    def _without_fat_names(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Decide fresh fat cells against cultured ones (gold README: SVF or MSC)."""
        rule = DERIVED["cell_type.adipose_mesenchymal"]
        ((fresh, cultured),) = rule["becomes"].items()
        if fresh not in ids:
            return ids
        texts = (*self.evidence.own(arm), *self.study.titles)
        is_fresh = any(rules.FRESH_FAT(t.folded) for t in texts)
        if cultured in ids:
            if any("enriched" in t.folded for t in texts):
                return ids  # fat with added cells is both
            is_cultured = any(rules.EXPANDED(t.folded) for t in texts)
            return ids - {cultured if is_fresh and not is_cultured else fresh}
        if not is_fresh and (
            self._narrative_says(rules.EXPANDED)
            or any("mesench" in t.folded for t in self.study.texts)
        ):
            found[cultured] = found[fresh]._replace(id=cultured, rule_id=rule["id"])
            return ids - {fresh} | {cultured}
        return ids

    def _without_raw_material(
        self, ids: set[str], found: dict[str, Choice]
    ) -> set[str]:
        """Drop cells that are only a step on the way to the product."""
        for raw in rules.PREPARED.ids:
            if raw not in ids or not ids - {raw}:
                continue
            choice = found[raw]
            text = choice.text
            if text.passage.section in _NAMES:
                continue
            number = text.sentence_at(choice.start)
            if raw in rules.CONCENTRATE.becomes or rules.PREPARED(
                text.folded_sentences[number]
            ):
                ids = ids - {raw}
            elif rules.COMPOSITION(_before(choice)) or rules.MADE_FROM(_before(choice)):
                ids = ids - {raw}
        return ids

    def _without_concentrate(self, ids: set[str], found: dict[str, Choice]) -> set[str]:
        """Drop MSC that a marrow concentrate holds; plain "marrow cells" beside MNC."""
        ((marrow, fraction),) = rules.CONCENTRATE.becomes.items()
        (grown,) = rules.EXPANDED.ids
        if {marrow, fraction} <= ids and not rules.CONCENTRATE(_words(found[marrow])):
            return ids - {marrow}
        if not {marrow, grown} <= ids or self._narrative_says(rules.EXPANDED):
            return ids
        is_named = found[marrow].text.passage.section in _NAMES
        is_told = found[grown].text.passage.section not in _NAMES
        return ids - {grown} if is_named and is_told else ids

    def _with_tissue(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Read mononuclear cells by the one tissue that they are said to come from."""
        rule = DERIVED["cell_type.mononuclear_of_tissue"]
        (cells,) = rule["ids"]
        tissues = [c.id for c in self.sources(arm)] if cells in ids else []
        child = rule["becomes"].get(tissues[0]) if len(tissues) == 1 else None
        if not child:
            return ids
        found[child] = found[cells]._replace(id=child, rule_id=rule["id"])
        return ids - {cells} | {child}

    def _without_setting(self, ids: set[str], found: dict[str, Choice]) -> set[str]:
        """Drop a routine transplant that is the setting: all get it, or titles say."""
        if ids - self._given_to_all:
            ids = ids - (self._given_to_all & self._routine)
        in_title = {i for i in ids if found[i].text in self.study.titles}
        return ids - (in_title & self._routine) if ids - in_title else ids

    @cached_property
    def _given_to_all(self) -> set[str]:
        """Types that the texts of arms without a product tell of, too."""
        return {
            m.id
            for n in range(len(self.study.arms))
            if n not in self.products.arms and self.study.has_arms
            for t in self.study.of_arm(n)
            for m in self.products.in_text(t)
        }

    # -- source ----------------------------------------------------------------

    def sources(self, arm: int) -> list[Choice]:
        """Return the tissues that the arm's cells come from."""
        if arm not in self._sources:
            self._sources[arm] = self._search_sources(arm)
        return self._sources[arm]

    def _search_sources(self, arm: int) -> list[Choice]:
        found = self._levels("cell_source", self.evidence.is_source, arm)
        if not found:
            found = self._harvested("cell_source", rules.HARVEST.becomes)
        ids = {i for i, choice in found.items() if not self._is_of_setting(choice)}
        ids = self._without_places(ids, found)
        ids = most_exact(ids, self.study.entries("cell_source"))
        return [found[i] for i in in_order("cell_source", ids)]

    def _without_places(self, ids: set[str], found: dict[str, Choice]) -> set[str]:
        """Drop tissues that are cut or wrapped, where another is the source."""
        cut = ids.intersection(rules.TISSUE_IS_CELLS.ids)
        places = {i for i in cut if not self._is_of_cells(found[i])}
        return ids - places or ids

    def _is_of_cells(self, choice: Choice) -> bool:
        if rules.TISSUE_IS_CELLS(_words(choice)):
            return True
        return any(
            self.evidence.is_said_of_cells(m)
            for m in self.study.mentions(choice.text, "cell_source")
            if m.start == choice.start
        )

    def _is_of_setting(self, choice: Choice) -> bool:
        """Return whether a tissue names a routine graft that the product is not."""
        text = choice.text
        if not self._is_beside_graft:
            return False
        return any(
            m.id in rules.ROUTINE_TRANSPLANT.ids
            and m.start < choice.end
            and choice.start < m.end
            for m in self.study.mentions(text, "cell_type")
        )

    @cached_property
    def _is_beside_graft(self) -> bool:
        """True where the products' names tell of other cells than routine grafts."""
        named = {
            m.id
            for arm in self.products.arms
            for t in self.evidence.own(arm)
            if t.passage.section in _NAMES
            for m in self.products.in_text(t)
        }
        return bool(named - self._generic) and not named & self._routine

    # -- donor -----------------------------------------------------------------

    def donors(self, arm: int) -> list[Choice]:
        """Return the donor relations said; a harvest from the patient says AUTO."""
        found = self._levels("donor", self.evidence.is_donor, arm)
        if found:
            found = without_others(self.evidence, arm, found, self.sources(arm))
        if not found:
            tissues = {c.id for c in self.sources(arm)}
            (own,) = rules.OF_PATIENT.ids
            found = self._harvested("donor", {"": own}, tissues)
        return [found[i] for i in in_order("donor", set(found))]

    def _harvested(
        self, axis: str, wanted: Mapping[str, str], tissues: Collection[str] = ()
    ) -> dict[str, Choice]:
        """Return what a sentence says that takes tissue from the patient."""
        key = (axis, *sorted(tissues))
        if key not in self._taken:
            self._taken[key] = self._search_harvest(axis, wanted, tissues)
        return self._taken[key]

    def _search_harvest(
        self, axis: str, wanted: Mapping[str, str], tissues: Collection[str]
    ) -> dict[str, Choice]:
        for text in self._procedure_texts():
            for number, sentence in enumerate(text.folded_sentences):
                if not rules.HARVEST(sentence) or rules.OF_DONOR(sentence):
                    continue
                if self.study.stance(text, number) not in {"study", "procedure"}:
                    continue
                if axis == "donor" and not rules.OF_PATIENT(sentence):
                    continue
                taken = {
                    i for word, i in rules.HARVEST.becomes.items() if word in sentence
                }
                if taken and tissues and not taken & set(tissues):
                    continue
                for word, identifier in wanted.items():
                    if word in sentence:
                        span = text.sentences[number]
                        choice = said(identifier, text, span, rules.HARVEST.id)
                        return {identifier: choice}
        return {}

    def _procedure_texts(self) -> list[Text]:
        linked = {k for found in self.products.arms.values() for k in found}
        own = [t for k in sorted(linked) for t in self.study.of_intervention(k)]
        own += [t for n in self.products.arms for t in self.study.of_arm(n)]
        return own + [t for t in self.study.narrative if t.passage.section in NARRATIVE]

    def donors_implied(self, sources: list[Choice]) -> list[tuple[str, Choice]]:
        """Return the perinatal ones among sources, each with the donor it implies."""
        rule = DERIVED["donor.perinatal_is_allogeneic"]
        (donor,) = rule["ids"]
        return [
            (s.id, s._replace(id=donor, basis="inferred", rule_id=rule["id"]))
            for s in sources
            if family_of("cell_source", s.id) == rule["family"]
        ]

    # -- the rest --------------------------------------------------------------

    def simple(self, axis: str, arm: int) -> list[Choice]:
        """Return the ids of an axis that needs no resolution (species, processing)."""
        texts = (*self.evidence.own(arm), *self.study.titles)
        found = self.evidence.found(axis, texts, self.evidence.is_of_study)
        if not found:
            found = self.evidence.told(axis, self.evidence.is_beside_cells)
        return [found[i] for i in in_order(axis, set(found))]


_NAMES = {"intervention_name", "arm_label", "brief_title", "official_title"}


def _words(choice: Choice) -> str:
    return choice.text.plain[choice.start : choice.end].lower()


def _before(choice: Choice) -> str:
    """Return the folded words before a choice."""
    return fold(choice.text.plain[max(0, choice.start - 140) : choice.start]) + " "
