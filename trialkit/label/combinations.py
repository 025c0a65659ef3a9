"""Several products in one arm: which source, type and donor are told of the same one.

"Autologous marrow cells and umbilical cord MSC" gives no autologous umbilical cord.
Words belong together where they stand around one word for cells; a donor, or what
follows the last word for cells, is that of all that have none of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise

from trialkit.label import rules
from trialkit.label.choose import Choice, Evidence
from trialkit.label.matcher import Mention
from trialkit.label.rules import DERIVED
from trialkit.label.text import Text
from trialkit.label.vocabulary import family_of

#: Axes that belong to a product; the first with several values numbers the products.
AXES = ("cell_source", "cell_type", "donor")
_NEXT = re.compile(r"\b(?:and|or|plus|with|versus|vs|then|by)\b|[,;/+&]|和|与|及|或|、")
_CLAUSE = re.compile(r"[,;]")

_Found = Mapping[str, Sequence[Choice]]
#: The words of one product: its mentions by axis.
_Phrase = dict[str, list[Mention]]


def products_of(
    evidence: Evidence, arm: int, found: _Found
) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return the numbers of the products that each value of an arm belongs to.

    Empty where the arm has one product. A value that no sentence tells of one product
    is left out: it is that of some of them, and nobody says of which.
    """
    key = next((axis for axis in AXES[:2] if len(found[axis]) > 1), "")
    if not key or not any(found[axis] for axis in AXES if axis != key):
        return {}
    study = evidence.study
    generic = study.vocabularies.with_role("cell_type", "generic")
    levels = (evidence.own(arm), study.titles, study.narrative)
    phrases = [_phrases(evidence, texts) for texts in levels]
    everyone = tuple(range(1, len(found[key]) + 1))
    numbered = {(key, c.id): everyone[n : n + 1] for n, c in enumerate(found[key])}
    if len(found["cell_type"]) == 1:  # whatever the sources are, this is the type
        numbered["cell_type", found["cell_type"][0].id] = everyone
    for axis in AXES:
        for choice in found[axis]:
            if (axis, choice.id) in numbered:
                continue
            for level in phrases:
                named = [phrase for phrase in level if _holds(phrase, choice, axis)]
                numbers = _of_key(named, found, key)
                if axis == "donor":
                    bare = [p for p in named if not _of_key([p], found, key)]
                    numbers |= _of_kin(bare, found, numbered, generic)
                if numbers:
                    numbered[axis, choice.id] = tuple(sorted(numbers))
                    break
    return numbered


def _of_key(phrases: Iterable[_Phrase], found: _Found, key: str) -> set[int]:
    """Return the products that phrases name by the axis that numbers them.

    Words on one product say more than a list of several.
    """
    sets = [
        {n for n, other in enumerate(found[key], 1) if _holds(phrase, other, key)}
        for phrase in phrases
    ]
    exact = [numbers for numbers in sets if len(numbers) == 1]
    return set().union(*(exact or sets))


def _of_kin(
    phrases: Iterable[_Phrase],
    found: _Found,
    numbered: Mapping[tuple[str, str], tuple[int, ...]],
    generic: Container[str],
) -> set[int]:
    """Return the products whose source or type is named; "stem cells" mean all."""
    numbers: set[int] = set()
    for phrase in phrases:
        axis = "cell_source" if phrase["cell_source"] else "cell_type"
        for choice in found[axis]:
            if _holds(phrase, choice, axis):
                numbers.update(numbered.get((axis, choice.id), ()))
        if axis == "cell_type" and any(m.id in generic for m in phrase[axis]):
            numbers.update(*numbered.values())
    return numbers


def without_others(
    evidence: Evidence, arm: int, donors: dict[str, Choice], sources: Sequence[Choice]
) -> dict[str, Choice]:
    """Return the donors without those that are told only of other arms' products.

    A title on "autologous marrow and third-party cord cells" gives the arm of the cord
    no autologous ones.
    """
    known = {_family(source.id) for source in sources}
    own = set(map(id, evidence.own(arm)))
    if not known or all(id(choice.text) in own for choice in donors.values()):
        return donors
    texts = (*evidence.study.titles, *evidence.study.narrative)
    named = (m for t in texts for m in evidence.study.mentions(t, "cell_source"))
    if all(_family(mention.id) in known for mention in named):
        return donors
    phrases = _phrases(evidence, texts)

    def is_of_others(choice: Choice) -> bool:
        told = [p["cell_source"] for p in phrases if _holds(p, choice, "donor")]
        return bool(told) and all(
            tissues and known.isdisjoint(_family(m.id) for m in tissues)
            for tissues in told
        )

    return {
        identifier: choice
        for identifier, choice in donors.items()
        if id(choice.text) in own or not is_of_others(choice)
    }


def _family(source: str) -> str:
    """Return a tissue; all perinatal ones count as one, as their names are mixed up."""
    family = family_of("cell_source", source)
    is_perinatal = family == DERIVED["donor.perinatal_is_allogeneic"]["family"]
    return "perinatal" if is_perinatal else source


def _holds(phrase: _Phrase, choice: Choice, axis: str) -> bool:
    """Return whether a phrase names a value, or holds the words it rests on."""
    return any(
        mention.id == choice.id
        or (mention.text is choice.text and mention.start == choice.start)
        for mention in phrase[axis]
    )


def _phrases(evidence: Evidence, texts: Iterable[Text]) -> list[_Phrase]:
    """Return the products that texts tell of, in order."""
    return [phrase for text in texts for phrase in evidence.asked(_read, text)]


def _read(evidence: Evidence, text: Text) -> list[_Phrase]:
    keeps = {
        "cell_source": evidence.is_of_study,  # also "marrow versus fat"
        "donor": evidence.is_donor,
        "cell_type": evidence.is_type,
    }
    by_sentence: dict[int, _Phrase] = {}
    for axis, keep in keeps.items():
        for mention in filter(keep, evidence.study.mentions(text, axis)):
            phrase = by_sentence.setdefault(mention.sentence, _empty())
            phrase[axis].append(mention)
    sentences = sorted(by_sentence.items())
    return [part for n, phrase in sentences for part in _split(text, n, phrase)]


def _empty() -> _Phrase:
    return {axis: [] for axis in AXES}


def _split(text: Text, number: int, sentence: _Phrase) -> list[_Phrase]:
    """Return the mentions of a sentence by product: each has its word for cells."""
    heads = [m for m in sentence["cell_type"] if not _is_tissue(m)]
    cuts = _cuts(text, number, heads)
    phrases = [_empty() for _ in range(len(cuts) + 1)]
    for axis, mentions in sentence.items():
        for mention in mentions:
            phrases[bisect_right(cuts, mention.start)][axis].append(mention)
    _share(phrases)
    return phrases


def _is_tissue(mention: Mention) -> bool:
    """Return whether "bone marrow" may be the tissue: "marrow versus adipose MSC"."""
    is_marrow = mention.id in rules.CONCENTRATE.becomes
    return is_marrow and not rules.CONCENTRATE(mention.words)


def _cuts(text: Text, number: int, heads: Sequence[Mention]) -> list[int]:
    """Return the ends of each product's words: at "and" between two words for cells."""
    if not heads:
        low, high = text.sentences[number]
        return [hit.end() for hit in _CLAUSE.finditer(text.plain, low, high)]
    gaps = ((one.end, max(two.start, one.end)) for one, two in pairwise(heads))
    hits = (_NEXT.search(text.plain, *gap) for gap in gaps)
    return [hit.end() for hit in hits if hit]


def _share(phrases: Sequence[_Phrase]) -> None:
    """Let products take over words of the one before, or words after the last one."""
    for before, phrase in pairwise(phrases):
        tissues = {mention.id for mention in before["cell_source"]}
        has_own = {mention.id for mention in phrase["cell_source"]} - tissues
        if phrase["cell_type"] and not phrase["donor"] and not has_own:
            phrase["donor"] = before["donor"]
    last = phrases[-1]
    if not last["cell_type"]:
        return
    end = last["cell_type"][-1].end
    bare = [p for p in phrases[:-1] if not p["cell_source"] and not p["donor"]]
    for axis in ("cell_source", "donor"):
        behind = [mention for mention in last[axis] if mention.start >= end]
        for phrase in bare:
            phrase[axis] = phrase[axis] or behind
