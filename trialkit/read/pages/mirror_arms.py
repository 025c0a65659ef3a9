"""Arms and interventions of a registry mirror, and which belongs to which.

Per arm the page prints label, description, "Group Type", and for each intervention its
name, "Intervention Type" and description. Nothing marks the beginning of an arm: the
block of interventions, which repeats names and descriptions, tells their lines apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, pairwise

from trialkit.read.pages.blocks import Draft
from trialkit.read.pages.fields import POSITIONAL, Item, items_of
from trialkit.read.pages.text import Line
from trialkit.read.values.levels import level
from trialkit.record import Arm, Intervention

_ARM_TYPE = "Group Type"
_TYPE = "Intervention Type"
_SENTENCE = re.compile(r"[.;:!?][)\"'’”]*$|[.;!?]\s")
#: Longer lines are no names.
_LONGEST_NAME = 150
#: What two drugs can share: name, type, texts of the description.
_Key = tuple[str | tuple[str, ...] | None, ...]


@dataclass
class _Drug:
    """An intervention as one of the two blocks prints it."""

    name: Line
    description: list[Line] = field(default_factory=list)
    other_names: list[Line] = field(default_factory=list)
    kind: str | None = None


@dataclass
class _Group:
    """An arm as the page prints it."""

    label: Line
    description: list[Line] = field(default_factory=list)
    kind: str | None = None
    drugs: list[_Drug] = field(default_factory=list)


def read_arms(
    draft: Draft, group_lines: Sequence[Line], intervention_lines: Sequence[Line]
) -> None:
    """Put arms, interventions, their links and their passages into the draft."""
    of_drugs = {_TYPE: partial(level, "intervention_type")}
    of_groups = {_ARM_TYPE: partial(level, "arm_type"), **of_drugs}
    group_items = items_of(group_lines, of_groups)
    items = items_of(intervention_lines, of_drugs)
    is_labelled = any(item.label for item in (*group_items, *items))
    if is_labelled:
        pairs = pairwise(group_items)
        names = {name.line.text for name, after in pairs if after.label == _TYPE}
        drugs = list(_labelled_drugs(items, names))
        groups = _labelled_groups(group_items, drugs)
    else:
        groups = _groups_by_place(group_lines, intervention_lines)
        drugs = _drugs_by_place(intervention_lines, groups)
    _put(draft, groups, drugs, None if is_labelled else POSITIONAL)


def _labelled_drugs(items: Sequence[Item], names: set[str]) -> Iterator[_Drug]:
    """Yield the interventions of their own block: name, description, type.

    Lines between a type and a known name are other names of the one before.
    """
    lines: list[Line] = []
    drug: _Drug | None = None
    for item in items:
        if item.label is None:
            lines.append(item.line)
            continue
        if lines:
            start = next((i for i, n in enumerate(lines) if n.text in names), 0)
            if drug:
                drug.other_names += lines[:start]
            drug = _Drug(lines[start], lines[start + 1 :], [], item.value)
            yield drug
        lines = []
    if lines and drug and not any(line.text in names for line in lines):
        drug.other_names += lines
    elif lines:
        yield _Drug(lines[0], lines[1:])


def _labelled_groups(items: Sequence[Item], drugs: Sequence[_Drug]) -> list[_Group]:
    known = {drug.name.text: [d.text for d in drug.description] for drug in drugs}
    groups: list[_Group] = []
    lines: list[Line] = []
    for item in items:
        if item.label is None:
            lines.append(item.line)
        elif item.label == _TYPE:
            if groups and lines:
                *before, name = lines
                _describe(groups[-1], before)
                groups[-1].drugs.append(_Drug(name, kind=item.value))
                lines = []
        else:
            own = _rest_of_last_drug(groups, lines, known)
            if own:
                groups.append(_Group(own[0], own[1:], item.value))
            lines = []
    if groups:
        _describe(groups[-1], lines)
    return groups


def _describe(group: _Group, lines: list[Line]) -> None:
    """Add lines to what they describe: the arm's last intervention, or the arm."""
    target = group.drugs[-1] if group.drugs else group
    target.description.extend(lines)


def _rest_of_last_drug(
    groups: list[_Group], lines: list[Line], known: dict[str, list[str]]
) -> list[Line]:
    """Return the lines that begin the next arm; give the rest to the arm before."""
    if not groups or not groups[-1].drugs:
        return lines
    drug = groups[-1].drugs[-1]
    texts = [line.text for line in lines]
    description = known.get(drug.name.text)
    if description is not None and texts[: len(description)] == description:
        size = len(description)
    else:  # the interventions are cut off: a line describes it, and all sentences
        size = 1
        while size < len(lines) - 1 and _is_sentence(lines[size]):
            size += 1
    size = max(0, min(size, len(lines) - 1))
    _describe(groups[-1], lines[:size])
    return lines[size:]


def _groups_by_place(
    lines: Sequence[Line], intervention_lines: Sequence[Line]
) -> list[_Group]:
    """Return the arms without labels: the lines that no intervention repeats."""
    repeated = {line.text for line in intervention_lines}
    names: set[str] = set()
    groups = [_Group(line) for line in lines[:1]]
    for is_repeated, run in groupby(lines[1:], lambda line: line.text in repeated):
        if is_repeated:
            groups[-1].drugs += _drugs_of_run(list(run), names)
            continue
        for line in run:
            last = groups[-1]
            if last.drugs or (last.description and not _is_sentence(line)):
                groups.append(_Group(line))
            else:
                last.description.append(line)
    return groups


def _drugs_by_place(lines: Sequence[Line], groups: Sequence[_Group]) -> list[_Drug]:
    """Return the interventions of their own block by the names found in the arms.

    Any other line after a description is another name.
    """
    names = {drug.name.text for group in groups for drug in group.drugs}
    drugs: list[_Drug] = []
    for drug in _drugs_of_run(lines, set(names)):
        if drugs and names and drug.name.text not in names:
            drugs[-1].other_names += [drug.name, *drug.description]
        else:
            drugs.append(drug)
    return drugs


def _drugs_of_run(run: Sequence[Line], names: set[str]) -> list[_Drug]:
    """Return the interventions in consecutive lines: name, description.

    The line after a name describes it, unless it is in `names`, to which new names are
    added; so does any sentence.
    """
    drugs: list[_Drug] = []
    for line in run:
        if drugs and line.text == drugs[-1].name.text:
            continue  # the arm's description, which repeats the name
        is_new = line.text in names or (
            drugs and drugs[-1].description and not _is_sentence(line)
        )
        if is_new or not drugs:
            drugs.append(_Drug(line))
            names.add(line.text)
        else:
            drugs[-1].description.append(line)
    return drugs


def _is_sentence(line: Line) -> bool:
    return len(line.text) > _LONGEST_NAME or bool(_SENTENCE.search(line.text))


class _Known:
    """The interventions of a page, found by name, type and description."""

    def __init__(self, drugs: Sequence[_Drug]) -> None:
        self.drugs: list[_Drug] = []
        self.kinds: dict[str, set[str | None]] = {}
        self._places: dict[_Key, list[int]] = {}
        for drug in drugs:
            self.add(drug)

    def add(self, drug: _Drug) -> None:
        name, texts = drug.name.text, _texts(drug)
        self.kinds.setdefault(name, set()).add(drug.kind)
        for key in ((), (drug.kind,), (texts,), (drug.kind, texts)):
            self._places.setdefault((name, *key), []).append(len(self.drugs))
        self.drugs.append(drug)

    def same(self, drug: _Drug) -> list[int]:
        """Return where a drug of an arm stands; what one block lacks is ignored."""
        name, texts = drug.name.text, _texts(drug)
        of_kind = self._places.get((name, drug.kind))
        if of_kind:
            return self._places.get((name, drug.kind, texts)) or of_kind
        return self._places.get((name, texts)) or self._places.get((name,), [])

    def called(self, drug: _Drug) -> str:
        """Return the name of a drug, with its type if others have the same name."""
        name = drug.name.text
        several = drug.kind and len(self.kinds[name]) > 1
        return f"{drug.kind}: {name}" if several else name


def _texts(drug: _Drug) -> tuple[str, ...]:
    return tuple(line.text for line in drug.description)


def _put(
    draft: Draft, groups: list[_Group], drugs: list[_Drug], basis: str | None
) -> None:
    known = _Known(drugs)
    for group in groups:  # a page cut before the block of interventions
        for drug in group.drugs:
            if not known.same(drug):
                known.add(drug)
    for position, group in enumerate(groups):
        draft.passage("arm_label", [group.label], arm=position)
        draft.passage("arm_description", group.description, arm=position)
        for drug in group.drugs:
            _pass_drug(draft, drug, known.same(drug)[0], arm=position)
    in_groups = {id(drug) for group in groups for drug in group.drugs}
    for position, drug in enumerate(known.drugs):
        if id(drug) not in in_groups:
            _pass_drug(draft, drug, position)
    draft.put("arms", tuple(_arm(draft, group, known) for group in groups), basis)
    draft.put("interventions", tuple(_interventions(draft, groups, known)), basis)


def _pass_drug(
    draft: Draft, drug: _Drug, position: int, arm: int | None = None
) -> None:
    draft.passage("intervention_name", [drug.name], arm, position)
    draft.passage("intervention_description", drug.description, arm, position)
    for line in drug.other_names:
        draft.passage("intervention_other_name", [line], arm, position)


def _arm(draft: Draft, group: _Group, known: _Known) -> Arm:
    return Arm(
        arm_label=group.label.text,
        arm_type=group.kind,
        description=draft.text_of(group.description),
        interventions=tuple(dict.fromkeys(map(known.called, group.drugs))),
    )


def _interventions(
    draft: Draft, groups: Sequence[_Group], known: _Known
) -> Iterator[Intervention]:
    given: dict[int, list[tuple[_Group, _Drug]]] = {}
    for group in groups:
        for drug in group.drugs:
            if len(places := known.same(drug)) == 1:
                given.setdefault(places[0], []).append((group, drug))
    for position, drug in enumerate(known.drugs):
        own = given.get(position, [])
        kinds = (drug.kind, *(given_drug.kind for _, given_drug in own))
        yield Intervention(
            intervention_type=next(filter(None, kinds), None),
            name=drug.name.text,
            description=draft.text_of(drug.description),
            other_names=tuple(line.text for line in drug.other_names),
            arm_labels=tuple(dict.fromkeys(group.label.text for group, _ in own)),
        )
