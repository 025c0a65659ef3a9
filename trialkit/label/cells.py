"""Cell type, source, donor, species and processing of the arms with a cell product."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from trialkit.label import rules
from trialkit.label.choose import NAMES, Choice, Evidence, Filter
from trialkit.label.combinations import without_others
from trialkit.label.entries import kinds_of, most_exact
from trialkit.label.harvests import Harvests
from trialkit.label.matcher import Mention
from trialkit.label.once import once
from trialkit.label.rules import DERIVED, Rule
from trialkit.label.study import THIS_STUDY, TITLES
from trialkit.label.text import Text, fold
from trialkit.label.vocabulary import family_of, in_order, shipped


class Cells:
    """Cell type, source, donor, species and processing of each arm."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self.study = evidence.study
        self.products = evidence.products
        self.harvests = Harvests(evidence)
        with_role = self.study.vocabularies.with_role
        self._generic = with_role("cell_type", "generic")
        self._routine = with_role("cell_type", "routine")

    def _levels(self, axis: str, keep: Filter, arm: int) -> dict[str, Choice]:
        """Return what the arm says, else the titles, else the narrative."""
        own = self._own(axis, keep, arm)
        titles = self.evidence.found(axis, self.study.titles, keep)
        if own.keys() - self._generic and self.study.has_arms:
            for other in self.products.arms:
                theirs = self.evidence.found(axis, self.evidence.own(other), keep)
                titles = {i: c for i, c in titles.items() if i not in theirs}
            return own | titles
        own = titles | own
        if own.keys() - self._generic:
            return own
        if axis == "donor":  # a neutral sentence is too weak for a donor claim
            return self.evidence.found(axis, self.study.narrative, keep) | own
        return self.evidence.told(axis, keep) | own

    def _own(self, axis: str, keep: Filter, arm: int) -> dict[str, Choice]:
        """Return what an arm and its products say; of a shared product, the arm."""
        arms = self.products.arms
        if len(arms) > 1 and len({tuple(linked) for linked in arms.values()}) == 1:
            of_arm = self.study.of_arm
            alone = {n: self.evidence.found(axis, of_arm(n), keep) for n in arms}
            named = {
                frozenset(found.keys() - self._generic) for found in alone.values()
            }
            if len(named) > 1 and all(named):
                return alone[arm]
        return self.evidence.found(axis, self.evidence.own(arm), keep)

    def types(self, arm: int) -> list[Choice]:
        """Return the cell types of an arm: the end product, not what it came from."""
        found = self._levels("cell_type", self.evidence.is_type, arm)
        if found.keys() & self._generic and not found.keys() - self._generic:
            found = self._named_elsewhere(found)
        found = self._with_marrow_cells(found)
        ids = set(found)
        ids |= self._from_others(ids, found, arm)
        ids = most_exact(ids, self.study.vocabularies["cell_type"])
        ids = self._without_fat_names(ids, found, arm)
        ids = self._without_raw_material(ids, found)
        ids = self._without_cord_names(ids, found)
        ids = self._without_rescue(ids, found)
        ids = self._without_setting(ids, found)
        ids = self._without_concentrate(ids, found, arm)
        ids = self._with_tissue(ids, found, arm)
        return [found[i] for i in in_order("cell_type", ids)]

    def _from_others(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Return hepatocytes by what they are made of: pluripotent, else MSC."""
        rule = DERIVED["cell_type.hepatocyte_from_pluripotent"]
        mesenchymal = DERIVED["cell_type.hepatocyte_from_mesenchymal"]
        if ids.isdisjoint((*rule["becomes"], *mesenchymal["becomes"])):
            return set()
        families = {family_of("cell_source", c.id) for c in self.sources(arm)}
        if rule["family"] not in families:
            rule = mesenchymal
            if self._told_types.keys().isdisjoint(rule["ids"]):
                return set()
        made = {new: old for old, new in rule["becomes"].items() if old in ids}
        for new, old in made.items():
            found[new] = found[old]._replace(id=new, rule_id=rule["id"])
        return set(made)

    def _named_elsewhere(self, found: dict[str, Choice]) -> dict[str, Choice]:
        """Read "stem cells" more exactly where this study's own sentences do."""
        rule = rules.BMSC_CULTURED
        for old, new in rule.becomes.items():
            if old in found and self._narrative_says(rule):
                return {new: found[old]._replace(id=new, rule_id=rule.id)}
        ((old, new),) = DERIVED[_GRAFT]["becomes"].items()
        is_graft = old in found and _is_grafted(found[old])
        if is_graft and any(
            m.id == new
            for text in (*self.study.titles, *self.study.narrative)
            for m in self.study.mentions(text, "cell_type")
        ):
            return {new: found[old]._replace(id=new, rule_id=_GRAFT)}
        return found

    def _with_marrow_cells(self, found: dict[str, Choice]) -> dict[str, Choice]:
        """Read a title's "marrow cells" as those that this study's sentences name."""
        if set(found) != set(rules.CONCENTRATE.becomes):
            return found
        if not all(rules.MARROW_CELLS(_words(choice)) for choice in found.values()):
            return found
        told = self._told_types
        return {i: told[i] for i in rules.MARROW_CELLS.ids if i in told} or found

    @cached_property
    def _told_types(self) -> dict[str, Choice]:
        """The types that sentences of this study tell in summary and description."""
        texts, keep = self.study.narrative, self.evidence.is_type
        return self.evidence.found("cell_type", texts, keep)

    @once
    def _narrative_says(self, rule: Rule) -> bool:
        """Return whether a sentence on this study holds a rule's words."""
        return any(
            rule(sentence) and self.study.stance(text, number) in THIS_STUDY
            for text in self.study.texts
            if text.passage.section != "keyword"
            for number, sentence in enumerate(text.folded_sentences)
        )

    def _without_fat_names(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Decide fresh fat cells against cultured ones (gold README: SVF or MSC)."""
        rule = DERIVED["cell_type.adipose_mesenchymal"]
        ((fresh, cultured),) = rule["becomes"].items()
        if fresh not in ids:
            return self._as_fresh(ids, found, fresh, cultured)
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

    def _as_fresh(
        self, ids: set[str], found: dict[str, Choice], fresh: str, cultured: str
    ) -> set[str]:
        """Read "adipose stem cells" as the fresh fraction that sentences tell of."""
        name = _words(found[cultured]) if cultured in ids else ""
        if "adip" not in name and "fat" not in name:
            return ids
        told = self._told_types.get(fresh)
        if told is None or not rules.FRESH_FAT(_words(told)):
            return ids
        if self._narrative_says(rules.EXPANDED):
            return ids
        found[fresh] = told
        return ids - {cultured} | {fresh}

    @staticmethod
    def _without_cord_names(ids: set[str], found: dict[str, Choice]) -> set[str]:
        """Drop blood-forming cells where "cord blood stem cells" are called MSC."""
        (grown,), (cells,) = rules.EXPANDED.ids, rules.ROUTINE_TRANSPLANT.ids
        if not {grown, cells} <= ids:
            return ids
        text, start = found[cells].text, found[cells].start
        is_cord = text.plain[max(0, start - 5) : start].lower() == "cord "
        return ids - {cells} if is_cord else ids

    def _without_raw_material(
        self, ids: set[str], found: dict[str, Choice]
    ) -> set[str]:
        """Drop cells that are only a step on the way to the product."""
        for raw in rules.PREPARED.ids:
            if raw not in ids or not ids - {raw}:
                continue
            text, start = found[raw].text, found[raw].start
            if text.passage.section in NAMES:
                continue
            before = fold(text.plain[max(0, start - 140) : start]) + " "
            sentence = text.folded_sentences[text.sentence_at(start)]
            if (
                (raw in rules.CONCENTRATE.becomes and not _is_grafted(found[raw]))
                or (raw in rules.COLLECTED.ids and rules.COLLECTED(sentence))
                or rules.PREPARED(sentence)
                or rules.COMPOSITION(before)
                or rules.MADE_FROM(before)
            ):
                ids = ids - {raw}
        return ids

    def _without_rescue(self, ids: set[str], found: dict[str, Choice]) -> set[str]:
        """Drop white blood cells that only some get, where a transplant came first."""
        told = ids.intersection(rules.RESCUE.ids) if ids & self._routine else set()
        for cells in told:
            text, start = found[cells].text, found[cells].start
            sentence = text.folded_sentences[text.sentence_at(start)]
            if text.passage.section not in (*NAMES, *TITLES) and rules.RESCUE(sentence):
                ids = ids - {cells}
        return ids

    def _without_concentrate(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Drop MSC that a marrow concentrate holds; plain "marrow cells" beside MNC."""
        ((marrow, fraction),) = rules.CONCENTRATE.becomes.items()
        (grown,) = rules.EXPANDED.ids
        ids = self._without_marrow_of_graft(ids, found, arm)
        if {marrow, fraction} <= ids and not rules.CONCENTRATE(_words(found[marrow])):
            return ids - {marrow}
        if not {marrow, grown} <= ids or self._narrative_says(rules.EXPANDED):
            return ids
        if _is_grafted(found[marrow]):  # a transplant of marrow, and MSC beside it
            return ids
        is_named = found[marrow].text.passage.section in NAMES
        is_told = found[grown].text.passage.section not in NAMES
        return ids - {grown} if is_named and is_told else ids

    def _without_marrow_of_graft(
        self, ids: set[str], found: dict[str, Choice], arm: int
    ) -> set[str]:
        """Drop marrow that is only the graft of a transplant named by its cells.

        Where these come from blood, marrow is another graft.
        """
        ((marrow, cells),) = DERIVED["cell_type.marrow_is_graft"]["becomes"].items()
        if not {marrow, cells} <= ids:
            return ids
        sources = {c.id for c in self.sources(arm)}
        is_other = sources >= {*rules.BLOOD_TEST.ids} or "blood" in _words(found[cells])
        return ids if is_other else ids - {marrow}

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
        if self._is_beside_graft:
            others = self._routine - self._named
            ids = {i for i in ids if not (i in others and _is_grafted(found[i]))} or ids
        in_title = {i for i in ids if found[i].text in self.study.titles}
        return ids - (in_title & self._routine) if ids - in_title else ids

    @cached_property
    def _given_to_all(self) -> set[str]:
        """Types that the texts of arms without a product tell of, too."""
        others = set(range(len(self.study.arms))).difference(self.products.arms)
        return self._types_in(t for n in others for t in self.study.of_arm(n))

    def _types_in(self, texts: Iterable[Text]) -> set[str]:
        return {m.id for text in texts for m in self.products.in_text(text)}

    @once
    def sources(self, arm: int) -> list[Choice]:
        """Return the tissues that the arm's cells come from."""
        found = self._levels("cell_source", self._is_source, arm)
        if not found:
            donors = self._levels("donor", self._is_donor, arm)
            found = self.harvests.source(frozenset(donors))
        found = self._refined(found)
        ids = set(found)
        # Tissue that is cut or wrapped is no source where another one is told.
        cut = ids.intersection(rules.TISSUE_IS_CELLS.ids)
        ids = ids - {i for i in cut if not self._is_of_cells(found[i])} or ids
        ids = most_exact(ids, self.study.vocabularies["cell_source"])
        return [found[i] for i in in_order("cell_source", ids)]

    def _refined(self, found: dict[str, Choice]) -> dict[str, Choice]:
        """Let this study's sentences name the one part of a tissue: Wharton's jelly."""
        refined = dict(found)
        for parent in found.keys() & _PARTS.keys():
            told = self.evidence.found(
                "cell_source", self.study.narrative, self._is_source
            )
            named = told.keys() & _PARTS[parent]
            if len(named) == 1 and not named & found.keys():
                (part,) = named
                refined[part] = told[part]
                del refined[parent]
        return refined

    def _is_of_cells(self, choice: Choice) -> bool:
        if rules.TISSUE_IS_CELLS(_words(choice)):
            return True
        return any(
            self.evidence.is_said_of_cells(m)
            for m in self.study.mentions(choice.text, "cell_source")
            if m.start == choice.start
        )

    def _is_source(self, mention: Mention) -> bool:
        """Return whether a tissue is that of the product, not of a routine graft."""
        if not self.evidence.is_source(mention):
            return False
        return not self._is_beside_graft or not any(
            cells.start < mention.end
            and mention.start < cells.end
            and cells.id in self._routine
            and (cells.id in rules.ROUTINE_TRANSPLANT.ids or _is_grafted(cells))
            for cells in self.study.mentions(mention.text, "cell_type")
        )

    @cached_property
    def _named(self) -> set[str]:
        """Types that the names of the arms with cells and of their products tell."""
        own = (t for arm in self.products.arms for t in self.evidence.own(arm))
        named = self._types_in(t for t in own if t.passage.section in NAMES)
        return named - self._generic

    @cached_property
    def _is_beside_graft(self) -> bool:
        """True where the products' names tell of other cells than routine grafts."""
        return bool(self._named) and not self._named & self._routine

    def donors(self, arm: int) -> list[Choice]:
        """Return the stated donors; a harvest from the patient says AUTO."""
        found = self._levels("donor", self._is_donor, arm)
        if found:
            found = without_others(self.evidence, arm, found, self.sources(arm))
        if not found:
            sources = frozenset(c.id for c in self.sources(arm))
            found = self.harvests.donor(sources)
        return [found[i] for i in in_order("donor", found)]

    def _is_donor(self, mention: Mention) -> bool:
        """Return whether a donor word is of the product, not of a routine graft."""
        if not self.evidence.is_donor(mention):
            return False
        if not self._is_beside_graft:
            return True
        types = {cells.id for cells in self.evidence.adjoining(mention)}
        return not types or not types <= self._grafts

    @cached_property
    def _grafts(self) -> frozenset[str]:
        """Types of grafts; beside white blood cells "stem cells" are one, too."""
        mature = set(DERIVED["donor.beside_white_cells"]["ids"])
        is_mature = self._named and self._named <= mature
        return self._routine | self._generic if is_mature else self._routine

    def donors_implied(self, sources: list[Choice]) -> list[tuple[str, Choice]]:
        """Return the perinatal ones among sources, each with the donor it implies."""
        rule = DERIVED["donor.perinatal_is_allogeneic"]
        (donor,) = rule["ids"]
        return [
            (s.id, s._replace(id=donor, basis="inferred", rule_id=rule["id"]))
            for s in sources
            if family_of("cell_source", s.id) == rule["family"]
        ]

    def simple(self, axis: str, arm: int) -> list[Choice]:
        """Return the ids of an axis that needs no resolution (species, processing)."""
        texts = (*self.evidence.own(arm), *self.study.titles)
        found = self.evidence.found(axis, texts, self.evidence.is_of_study)
        if not found:
            found = self.evidence.told(axis, self.evidence.is_beside_cells)
        return [found[i] for i in in_order(axis, found)]


_GRAFT = "cell_type.stem_cells_of_graft"
#: Tissues of which a part has an id of its own, and those parts.
_PARTS = {key: ids for key, ids in kinds_of(shipped()["cell_source"]).items() if key}


def _words(choice: Choice) -> str:
    return choice.text.plain[choice.start : choice.end].lower()


def _is_grafted(words: Choice | Mention) -> bool:
    """Return whether words name a transplant: "bone marrow transplantation"."""
    return rules.TRANSPLANT_AFTER(fold(words.text.plain[words.start : words.end + 40]))
