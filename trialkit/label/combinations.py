"""Several products in one arm: which source, type and donor are told of the same one.

"Autologous marrow cells and umbilical cord MSC" gives no autologous umbilical cord.
Words belong together where they stand around one word for cells; a donor, or what
follows the last word for cells, is that of all that have none of their own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
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
    levels = (evidence.own(arm), evidence.study.titles, evidence.study.narrative)
    phrases = [
        [phrase for text in texts for phrase in _phrases(evidence, text)]
        for texts in levels
    ]
    everyone = tuple(range(1, len(found[key]) + 1))
    made = {(key, c.id): everyone[n : n + 1] for n, c in enumerate(found[key])}
    if len(found["cell_type"]) == 1:  # whatever the sources are, this is the type
        made["cell_type", found["cell_type"][0].id] = everyone
    for axis in AXES:
        for choice in found[axis]:
            if (axis, choice.id) in made:
                continue
            for level in phrases:
                named = [phrase for phrase in level if _holds(phrase, choice, axis)]
                numbers = _of_key(named, found, key)
                if axis == "donor":
                    bare = [p for p in named if not _of_key([p], found, key)]
                    generic = evidence.study.with_role("generic")
                    numbers |= _of_kin(bare, found, made, generic)
                if numbers:
                    made[axis, choice.id] = tuple(sorted(numbers))
                    break
    return made


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
    made: Mapping[tuple[str, str], tuple[int, ...]],
    generic: Container[str],
) -> set[int]:
    """Return the products of the sources or types in phrases; "stem cells" are all."""
    numbers: set[int] = set()
    for phrase in phrases:
        axis = "cell_source" if phrase["cell_source"] else "cell_type"
        for choice in found[axis]:
            if _holds(phrase, choice, axis):
                numbers.update(made.get((axis, choice.id), ()))
        if axis == "cell_type" and any(m.id in generic for m in phrase[axis]):
            numbers.update(*made.values())
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
    phrases = [phrase for text in texts for phrase in _phrases(evidence, text)]
    kept = {}
    for identifier, choice in donors.items():
        told = [phrase for phrase in phrases if _holds(phrase, choice, "donor")]
        is_other = told and all(
            phrase["cell_source"]
            and known.isdisjoint(_family(m.id) for m in phrase["cell_source"])
            for phrase in told
        )
        if id(choice.text) in own or not is_other:
            kept[identifier] = choice
    return kept


def _family(source: str) -> str:
    """Return what stands for a tissue; perinatal ones are often named by another."""
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


def _phrases(evidence: Evidence, text: Text) -> list[_Phrase]:
    """Return the products that a text tells of, in order; it is read once."""
    if text.position not in evidence.phrases:
        evidence.phrases[text.position] = list(_read(evidence, text))
    return evidence.phrases[text.position]


def _read(evidence: Evidence, text: Text) -> Iterator[_Phrase]:
    study = evidence.study
    keeps = {
        "cell_source": evidence.is_of_study,  # also "marrow versus fat"
        "donor": evidence.is_donor,
        "cell_type": evidence.is_type,
    }
    by_sentence: dict[int, _Phrase] = {}
    for axis, keep in keeps.items():
        for mention in study.mentions(text, axis):
            number = text.sentence_at(mention.start)
            if keep(mention):
                phrase = by_sentence.setdefault(number, {name: [] for name in AXES})
                phrase[axis].append(mention)
    for number in sorted(by_sentence):
        yield from _split(text, number, by_sentence[number])


def _split(text: Text, number: int, whole: _Phrase) -> list[_Phrase]:
    """Return the mentions of a sentence by product: each has its word for cells."""
    cuts = _cuts(text, number, [m for m in whole["cell_type"] if not _is_tissue(m)])
    parts: list[_Phrase] = [{axis: [] for axis in AXES} for _ in range(len(cuts) + 1)]
    place = 0
    mentions = [(m.start, axis, m) for axis in AXES for m in whole[axis]]
    for start, axis, mention in sorted(mentions, key=lambda row: row[0]):
        while place < len(cuts) and start >= cuts[place]:
            place += 1
        parts[place][axis].append(mention)
    _share(parts)
    return parts


def _is_tissue(mention: Mention) -> bool:
    """Return whether "bone marrow" may be the tissue: "marrow versus adipose MSC"."""
    is_marrow = mention.id in rules.CONCENTRATE.becomes
    return is_marrow and not rules.CONCENTRATE(mention.words)


def _cuts(text: Text, number: int, heads: Sequence[Mention]) -> list[int]:
    """Return where one product's words end: at "and" between two words for cells."""
    if not heads:
        low, high = text.sentences[number]
        return [hit.end() for hit in _CLAUSE.finditer(text.plain, low, high)]
    cuts = []
    for one, two in pairwise(heads):
        hit = _NEXT.search(text.plain, one.end, max(two.start, one.end))
        if hit:
            cuts.append(hit.end())
    return cuts


def _share(parts: Sequence[_Phrase]) -> None:
    """Give products what is told of the one before, or behind the last, of all."""
    for n, part in enumerate(parts[1:], 1):
        before = parts[n - 1]
        tissues = {mention.id for mention in before["cell_source"]}
        has_own = {mention.id for mention in part["cell_source"]} - tissues
        if part["cell_type"] and not part["donor"] and not has_own:
            part["donor"] = before["donor"]
    last = parts[-1]
    if not last["cell_type"]:
        return
    end = last["cell_type"][-1].end
    bare = [p for p in parts[:-1] if not p["cell_source"] and not p["donor"]]
    for axis in ("cell_source", "donor"):
        behind = [mention for mention in last[axis] if mention.start >= end]
        for part in bare:
            part[axis] = part[axis] or behind
