"""Which product a route belongs to, where a text tells of several."""

from __future__ import annotations

import re
from functools import cached_property

from trialkit.label import rules
from trialkit.label.context import has_generic_cells
from trialkit.label.matcher import Mention
from trialkit.label.products import OTHER, Products
from trialkit.label.study import Study
from trialkit.label.text import fold

#: A product before a route is looked for so far; the clause ends earlier.
_REACH = 90
_CLAUSE = re.compile(r"[.;\n]|\bfollowed by\b|\bthen\b")
_PARTS = re.compile(r"[,;/+()]| and | with | plus ")
#: What the second word of a drug's name is, without telling another drug.
_SALTS = frozenset(
    "acetate calcium chloride citrate ditartrate fumarate hydrochloride maleate "
    "mesylate mofetil phosphate sodium succinate sulfate sulphate tartrate".split()
)
#: Shorter names are words, or parts of them.
_SHORTEST = 5


class Bindings:
    """The products of a trial that are no cells, and what stands next to them."""

    def __init__(self, study: Study, products: Products):
        self.study = study
        self.products = products

    def are_of_other(self, mention: Mention) -> bool:
        """Return whether the product nearest to a route is none of cells.

        "Topical application of DRUG" is the drug's; so is "DRUG under the skin", unless
        cells stand between them.
        """
        before, after = mention.around(_REACH)
        given = rules.GIVEN_OF.pattern.match(after)
        if given:
            what = _CLAUSE.split(after[given.end() :])[0][:60]
            return self._begins_with_other(what)
        if any(map(after.lstrip(" ,(").startswith, self._names)):
            return True
        clause = _CLAUSE.split(before)[-1]
        last = max((clause.rfind(name) for name in self._names), default=-1)
        drugs = [hit.start() for hit in rules.DRUG.pattern.finditer(clause)]
        last = max([last, *drugs])
        return last >= 0 and not self._names_cells(mention, clause[last:])

    def _begins_with_other(self, what: str) -> bool:
        first = " ".join(what.split()[:4])
        if rules.CELL_WORD(first):
            return False
        return rules.DRUG(first) or any(name in what[:40] for name in self._names)

    def _names_cells(self, mention: Mention, words: str) -> bool:
        """Return whether words directly before a mention name the cells."""
        start = mention.folded_start - len(words)
        return has_generic_cells(words) or any(
            start <= cells.folded_start < mention.folded_start
            for cells in self.study.mentions_in(
                mention.text, mention.sentence, "cell_type"
            )
        )

    @cached_property
    def _names(self) -> set[str]:
        """Folded names of the interventions that are neither cells nor controls."""
        given = {k for linked in self.products.arms.values() for k in linked}
        named = zip(self.products.classes, self.study.base.interventions, strict=True)
        parts = (
            part.strip()
            for n, (kind, item) in enumerate(named)
            if kind == OTHER and n not in given
            for part in _PARTS.split(fold(item.name or ""))
        )
        kept = {part for part in parts if len(part) >= _SHORTEST}
        # "vincristine sulfate" is called by its first word
        return kept | {part.split()[0] for part in kept if _is_salt(part)}


def _is_salt(name: str) -> bool:
    first, _, salt = name.partition(" ")
    return len(first) >= _SHORTEST and salt in _SALTS
