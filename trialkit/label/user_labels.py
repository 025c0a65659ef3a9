"""Labels by a user's own vocabularies: more phrases, more ids, new axes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from trialkit.label import rules
from trialkit.label.engine import label_records, label_row, not_stated
from trialkit.label.entries import Entry, ancestors, most_exact
from trialkit.label.gate import gate_of
from trialkit.label.matcher import Matcher, Mention
from trialkit.label.result import Label, LabelResult
from trialkit.label.study import THIS_STUDY, Study
from trialkit.label.text import Text
from trialkit.label.user_vocabulary import extended, is_added
from trialkit.label.vocabulary import AXES, BORROWED, Vocabulary, shipped

if TYPE_CHECKING:
    from trialkit.merge import Merged


class Labeller(NamedTuple):
    """A labelling function, its vocabularies, and the user's ids among them."""

    label: Callable[[Merged], LabelResult]
    vocabularies: Vocabulary
    added: list[Entry]

    def add_codes(self, labels: Iterable[Label]) -> None:
        """Add the standard codes of a user's own ids and of corrected labels."""
        for row in labels:
            axis = BORROWED.get(row.axis, row.axis)
            if row.code is None and axis in self.vocabularies:
                entry = self.vocabularies[axis].get(row.value.partition(":")[0])
                row.code = (entry.code or None) if entry else None


def labeller(paths: Iterable[str | Path] = ()) -> Labeller:
    """Return the labeller for the shipped vocabularies and a user's own."""
    paths = list(paths)
    if not paths:
        return Labeller(lambda one: label_records(one.records), shipped(), [])
    vocabularies = extended(paths)
    matcher = Matcher(vocabularies)
    gates = {
        axis: gate_of(entries)
        for axis, entries in vocabularies.items()
        if axis not in AXES
    }
    every = (entry for axis in vocabularies.values() for entry in axis.values())
    added = list(filter(is_added, every))

    def label(merged: Merged) -> LabelResult:
        result = label_records(merged.records, matcher=matcher)
        if gates:
            study = Study(merged.records, matcher)
            own = [
                axis
                for axis, gate in gates.items()
                if gate is None or any(gate(text.plain) for text in study.texts)
            ]
            result.labels = [*result.labels, *own_labels(study, own)]
        result.labels = _without_parents(result.labels, above)
        return result

    above = {
        (entry.axis, entry.id): _above(entry, vocabularies)
        for entry in added
        if not _is_shipped(entry)
    }
    return Labeller(label, vocabularies, added)


def _is_shipped(entry: Entry) -> bool:
    return entry.axis in AXES and entry.id in shipped()[entry.axis]


def _above(entry: Entry, vocabularies: Vocabulary) -> list[str]:
    """Return the ids above one of a user's own, up to the first shipped one."""
    found = []
    for other in ancestors(entry, vocabularies[entry.axis]):
        found.append(other.id)
        if _is_shipped(other):
            break
    return found


def _without_parents(
    labels: list[Label], above: Mapping[tuple[str, str], list[str]]
) -> list[Label]:
    """Return the labels without those that a user's own id makes more exact.

    The id takes their place in the products of the arm, too.
    """
    products = {(row.arm_id, row.axis, row.value): row.product for row in labels}
    void: set[tuple[str, str, str]] = set()
    for row in labels:
        for parent in above.get((row.axis, row.value), ()):
            key = (row.arm_id, row.axis, parent)
            void.add(key)
            row.product = _both(row.product, products.get(key))
    kept = [row for row in labels if (row.arm_id, row.axis, row.value) not in void]
    routes = Counter(row.arm_id for row in kept if row.axis == "route")
    for row in kept if void else ():
        if row.relation and routes[row.arm_id] == 1:
            row.relation = "single"
    return kept


def _both(one: str | None, other: str | None) -> str | None:
    """Return the numbers of products that either text lists."""
    numbers = {n for text in (one, other) if text for n in text.split("; ")}
    return "; ".join(sorted(numbers, key=int)) or None


def own_labels(study: Study, axes: Iterable[str]) -> Iterator[Label]:
    """Yield the labels of axes that no rule knows, for every arm of a trial.

    Phrases are looked for in the arm and its interventions, then in the titles, then
    in sentences of the summary that tell what is done in this study. The first of the
    three that has one decides; background, animals and negated phrases never do.
    """
    for axis in axes:
        by_arm = [
            _found(study, axis, study.of_arm_and(arm, linked))
            for arm, linked in enumerate(study.links)
        ]
        levels = (_found(study, axis, t) for t in (study.titles, study.narrative))
        trial_wide = [] if all(by_arm) else next(filter(None, levels), [])
        for (arm_id, _), own in zip(study.arms, by_arm, strict=True):
            found = own or trial_wide or [not_stated(study, arm_id, axis)]
            yield from (replace(row, arm_id=arm_id) for row in found)


def _found(study: Study, axis: str, texts: Iterable[Text]) -> list[Label]:
    """Return the most exact ids that texts tell, each where it is said first."""
    found: dict[str, Mention] = {}
    for text in texts:
        for mention in study.mentions(text, axis):
            if mention.id not in found and _is_said(study, mention):
                found[mention.id] = mention
    kept = most_exact(found, study.vocabularies[axis])
    return [_label(study, found[one]) for one in found if one in kept]


def _is_said(study: Study, mention: Mention) -> bool:
    before, _ = mention.around()
    return not rules.NEGATED(before) and study.stance_of(mention) in THIS_STUDY


def _label(study: Study, mention: Mention) -> Label:
    cited = study.cited(mention.text, mention.start, mention.end)
    rule_id = mention.rule_id
    return label_row(study.base, "", mention.axis, mention.id, rule_id=rule_id, **cited)
