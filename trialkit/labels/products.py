"""Which arms get a cell product, and whether the trial is a cell trial at all."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from trialkit.labels import rules
from trialkit.labels.matcher import Mention
from trialkit.labels.study import NARRATIVE, Study
from trialkit.labels.text import Text

CELLS, CONTROL, NOT_CELLS, OTHER = "cells", "control", "not_cells", "other"
_GENERIC = re.compile(
    r"\b(?:cells?|cellular therapy|cell therapy|cell transplantation)\b"
    r"(?! (?:free|count|carcinoma|lymphoma|leuk|lung|arteritis|wall|line|cycle|death"
    r"|volume|disease|anemia|phone|saver|salvage))"
)
_NOT_GENERIC = re.compile(
    r"\b(?:red|white|blood|beta|sickle|germ|mast|plasma|giant|small|renal|basal"
    r"|squamous|tumor|cancer|without|no|b|packed|islet beta|alpha|target|hair)\s$"
)
# Endings of drug names and a few names without one; a drug that merely accompanies
# the cells is no cell product, whatever its description says.
_DRUG_NAME = re.compile(
    r"\b\w{2,}(?:mab|nib|mide|platin|rubicin|taxel|azole|statin|sone|olone|cycline"
    r"|mycin|micin|vir|prazole|sartan|olol|pril|tide|grastim|poietin|fungin|parin"
    r"|trexate|rabine|phamide|sulfan|limus|cept|zumab|cillin|floxacin|arabine)\b"
    r"|\b(?:melphalan|thymoglobulin|atg|tbi|total body irradiation|radiotherap\w*|"
    r"chemotherap\w*|methotrexate|aspirin|insulin|ursodeoxycholic|udca|g csf|gm csf"
    r"|mycophenolate\w*|steroids?|hyaluron\w*|vitamin|lactulose|il 2|interleukin"
    r"|questionnaire|mri|laborator\w*|blood draw|biopsy|physical therapy|exercise)\b"
)
_TRANSPLANT_TYPES = {"HSC", "BMA", "STEM?", "TCELL", "BMSC?", "MNC", "HEP"}
_BRAND = re.compile(r"[a-z]*[0-9®][a-z0-9®]*|[a-z]{5,}")
_COMMON = {
    *"injection infusion treatment therapy group transplantation biological product"
    " administration experimental patients control device procedure standard dose study"
    " single double human autologous allogeneic intravenous placebo active conventional"
    " arthroscopic surgery surgical cells under method following implantation combined"
    " transplant medical system solution phase safety efficacy tissue derived with from"
    " blood liver heart disease failure acute chronic clinical trial high medium group1"
    " repair graft scaffold culture cultured expanded".split(),
    "bone",
    "marrow",
    "cell",
    "stem",
}


class Verdict(NamedTuple):
    """Is it a cell trial, why, and on which words."""

    is_cell_trial: bool | None
    reason: str
    evidence: Mention | None = None


class Products:
    """The judgement which interventions and arms carry cells."""

    def __init__(self, study: Study):
        self.study = study

    def in_text(self, text: Text) -> list[Mention]:
        """Return the mentions of cells in a text that speak of a product given."""
        return [m for m in self.study.mentions(text, "cell_type") if self.is_given(m)]

    def is_given(self, mention: Mention) -> bool:
        """Return whether a mention of cells means a product of this study."""
        before, after = around(mention)
        if rules.NEGATED_BEFORE(before) or rules.NOT_CELLS_AFTER(after):
            return False
        if rules.NOT_CELLS_BEFORE(before):
            return False
        if self.study.stance_of(mention) in {"background", "animal"}:
            return False
        return not is_population(mention)

    @cached_property
    def classes(self) -> list[str]:
        """For every intervention: cells, control, not_cells or other."""
        count = len(self.study.base.interventions)
        classes = [self._class(n) for n in range(count)]
        if CELLS not in classes and self._title_says_cells:
            for n, item in enumerate(self.study.base.interventions):
                name = (item.name or "").lower().replace("-", " ")
                if classes[n] == OTHER and not _DRUG_NAME.search(name):
                    classes[n] = CELLS
        return classes

    @cached_property
    def _title_says_cells(self) -> bool:
        titles = self.study.titles or self.study.narrative
        if any(rules.NOT_CELLS(t.folded) for t in self.study.titles):
            return False
        return any(self.in_text(t) for t in titles)

    def _class(self, position: int) -> str:
        texts = self.study.of_intervention(position)
        names = [t for t in texts if t.passage.section != "intervention_description"]
        bodies = [t for t in texts if t.passage.section == "intervention_description"]
        if any(self.in_text(t) for t in names):
            return CELLS
        name = " / ".join(t.folded for t in names)
        if rules.NOT_CELLS(name):
            return NOT_CELLS
        if rules.CONTROL(name):
            return CONTROL
        if _DRUG_NAME.search(name):
            return OTHER
        if any(rules.GIVEN(t.folded) and self.in_text(t) for t in bodies):
            return CELLS
        if any(has_generic_cells(t.folded) for t in names):
            return CELLS
        if any(rules.NOT_CELLS(t.folded) for t in bodies):
            return NOT_CELLS
        return CELLS if self._is_brand(name) else OTHER

    def _is_brand(self, name: str) -> bool:
        words = {w for w in _BRAND.findall(name) if len(w) > 3} - _COMMON
        if not words:
            return False
        for text in (*self.study.titles, *self.study.narrative):
            for mention in self.in_text(text):
                sentence = self.study.sentence_of(mention)
                if any(word in sentence for word in words):
                    return True
        return False

    @cached_property
    def arms(self) -> dict[int, list[int]]:
        """Positions of the arms with a cell product -> their cell interventions."""
        found = {}
        for n in range(len(self.study.arms)):
            linked = [k for k in self.study.links[n] if self.classes[k] == CELLS]
            if self._is_product(n, linked):
                found[n] = linked
        if not found and self._title_says_cells and self.study.has_arms:
            found = self._experimental()
        return found

    def _experimental(self) -> dict[int, list[int]]:
        if any(kind in {CELLS, NOT_CELLS} for kind in self.classes):
            return {}
        return {
            n: []
            for n, (_, arm) in enumerate(self.study.arms)
            if arm.arm_type == "EXPERIMENTAL"
            and not self._is_control(n)
            and not self.study.links[n]
        }

    def _is_product(self, position: int, linked: list[int]) -> bool:
        if not self.study.has_arms:
            return bool(linked) or self._whole_trial_is_product()
        _, arm = self.study.arms[position]
        own = " / ".join(t.folded for t in self.study.of_arm(position))
        if arm.arm_type in {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}:
            return self._has_later_cells(own)
        says = any(self._says_cells(t) for t in self.study.of_arm(position))
        if arm.arm_type == "NO_INTERVENTION":
            return False
        if self._is_control(position) and not says:
            return self._has_later_cells(own)
        return bool(linked) or (says and not self.study.links[position])

    def _says_cells(self, text: Text) -> bool:
        return bool(self.in_text(text)) or has_generic_cells(text.folded)

    def _is_control(self, position: int) -> bool:
        label = (self.study.arms[position][1].arm_label or "").lower()
        texts = self.study.of_arm(position)
        if rules.CONTROL(label.replace("-", " ")):
            return True
        return any(rules.PLACEBO(t.folded) for t in texts)

    def _has_later_cells(self, own: str) -> bool:
        return rules.LATER_CELLS(own) and not rules.CROSSOVER(own)

    def _whole_trial_is_product(self) -> bool:
        if self.study.base.interventions:
            return False
        texts = [
            t
            for t in self.study.texts
            if t.passage.section in NARRATIVE
            or t.passage.section.endswith("_title")
            or t.passage.section == "active_substance"
        ]
        return any(self.in_text(t) and rules.GIVEN(t.folded) for t in texts)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether living cells, or a device with cells, are given, and why."""
        study = self.study
        if not study.texts:
            return Verdict(None, "the record has no text to judge by")
        nothing = self._nothing_given()
        if nothing:
            return Verdict(False, f"nothing is given in this study: “{nothing}”")
        if not self.arms:
            return Verdict(False, self._why_not())
        evidence = self._first_evidence()
        words = (
            f": “{evidence.text.raw[evidence.start : evidence.end]}”"
            if evidence
            else ""
        )
        return Verdict(True, f"a cell product is given{words}", evidence)

    def _nothing_given(self) -> str:
        titles = " ".join(t.folded for t in self.study.titles)
        observes = self.study.base.study_type == "OBSERVATIONAL"
        if not rules.FOLLOW_UP(titles) and not observes:
            return ""
        for text in self.study.texts:
            for number, sentence in enumerate(text.folded_sentences):
                if rules.NOTHING_GIVEN(sentence):
                    start, _ = text.sentences[number]
                    return text.quote(start, start + 1)[0]
        return ""

    def _first_evidence(self) -> Mention | None:
        study = self.study
        for n, linked in self.arms.items():
            texts = study.of_arm(n) + [
                t for k in linked for t in study.of_intervention(k)
            ]
            for text in (*texts, *study.titles, *study.narrative, *study.texts):
                for mention in self.in_text(text):
                    return mention
        return None

    def _why_not(self) -> str:
        for text in self.study.texts:
            found = rules.NOT_CELLS.pattern.search(text.folded)
            if found:
                return f"a cell-free product: “{found.group()}”"
        for text in self.study.texts:
            for mention in self.study.mentions(text, "cell_type"):
                words = text.raw[mention.start : mention.end]
                return f"cells are named, but none is given here: “{words}”"
        return "no cell product is named"


def around(mention: Mention, reach: int = 90) -> tuple[str, str]:
    """Return the folded words before and after a mention."""
    folded = mention.text.folded
    before = folded[max(0, mention.folded_start - reach) : mention.folded_start]
    return before, folded[mention.folded_end : mention.folded_end + reach]


def is_population(mention: Mention) -> bool:
    """Return whether the words tell who the patients are, not what is given."""
    if mention.id not in _TRANSPLANT_TYPES:
        return False
    before, after = around(mention)
    if not rules.POPULATION_BEFORE(before):
        return False
    words = mention.text.folded[mention.folded_start : mention.folded_end]
    return "transplant" in words or rules.TRANSPLANT_AFTER(after) or "hct" in words


def has_generic_cells(folded: str) -> bool:
    """Return whether plain "cells" are named, and not those of a blood count."""
    return any(
        not _NOT_GENERIC.search(folded[max(0, m.start() - 12) : m.start()])
        for m in _GENERIC.finditer(folded)
    )


def is_drug_name(folded: str) -> bool:
    """Return whether an intervention's name is that of a drug or a mere procedure."""
    return _DRUG_NAME.search(folded) is not None
