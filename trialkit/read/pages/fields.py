"""Label and value on a page: `Label`, then the value; `Label value`; or no label left.

Saved pages lose labels. A value whose label is gone is recognized by its type, and by
its place only where two fields have one type (a start and a completion, two ages).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from trialkit.dates import age_years
from trialkit.read.pages.blocks import Draft, plain
from trialkit.read.pages.text import Line

POSITIONAL = "positional"

Parse = Callable[[str], Any]
_TOKEN = re.compile(r"[A-Z][A-Z0-9]*(?:[_/][A-Z0-9]+)*$")


class Item(NamedTuple):
    """A label with its value (None where empty), or with no label a line of text."""

    label: str | None
    value: Any
    line: Line


class Field(NamedTuple):
    """One field of a block: the label it has on the page, and how a value looks.

    `alone` says how one looks whose label is lost, where that must say more of itself.
    `names_itself` says that no other field could hold such a value, so that it counts
    as stated even where its label is lost.
    """

    label: str
    name: str
    parse: Parse
    names_itself: bool = False
    alone: Parse | None = None

    @property
    def parse_alone(self) -> Parse:
        """Return how a value without its label is read."""
        return self.alone or self.parse


def items_of(lines: Sequence[Line], parsers: Mapping[str, Parse]) -> list[Item]:
    """Return the lines with labels and values joined.

    A line that only begins like a label is text, unless a value of the label's type
    follows: "Group Type EXPERIMENTAL" is a label, "Group type was drawn" is not. A
    label takes the next line only where that is a value of its type.
    """
    labels = {plain(label): label for label in parsers}
    items: list[Item] = []
    rest = deque(lines)
    while rest:
        line = rest.popleft()
        words = plain(line.text)
        label = labels.get(words)
        if label:
            value = parsers[label](rest[0].text) if rest else None
            if value is not None:
                rest.popleft()
            items.append(Item(label, value, line))
            continue
        items.append(_inline(line, words, labels, parsers))
    return items


def _inline(
    line: Line, words: str, labels: Mapping[str, str], parsers: Mapping[str, Parse]
) -> Item:
    for key, label in labels.items():
        if words.startswith((f"{key} ", f"{key}:")):
            text = " ".join(line.text.split())[len(key) :].lstrip(" :")
            value = parsers[label](text)
            if value is not None or text in ("", "-"):
                return Item(label, value, line)
    return Item(None, line.text, line)


def read_fields(
    draft: Draft, lines: Sequence[Line], fields: Sequence[Field]
) -> list[Line]:
    """Put the fields of a block into the draft and return the lines that are none.

    Parameters
    ----------
    draft
        The Record in the making.
    lines
        The lines of the block.
    fields
        The fields it may hold. Of those with one `parse`, the order is that of the
        page: earliest date and lowest age first.
    """
    by_label = {field.label: field for field in fields}
    loose: list[Line] = []
    empty: Field | None = None
    for item in items_of(lines, {field.label: field.parse for field in fields}):
        field = by_label[item.label] if item.label else None
        if field is None:
            if empty and _TOKEN.match(item.line.text):
                draft.remark(empty.name, item.line.text, "not a known value")
            else:
                loose.append(item.line)
        elif item.value is not None:
            draft.put(field.name, item.value)
        empty = field if field and item.value is None else None
    for parse in dict.fromkeys(field.parse for field in fields):
        same = [field for field in fields if field.parse is parse]
        loose = _read_by_type(draft, loose, same)
    return loose


def _read_by_type(
    draft: Draft, lines: list[Line], fields: Sequence[Field]
) -> list[Line]:
    """Give the values of one type to the fields of that type; return other lines."""
    parse = fields[0].parse_alone
    found = [(value, line) for line in lines if (value := parse(line.text)) is not None]
    if not found:
        return lines
    free = [field for field in fields if field.name not in draft.values]
    if len(free) > len(found) == 2:
        free = [free[0], free[-1]]  # a start and a completion, no primary completion
    if len(free) != len(found):
        names = " or ".join(field.name for field in fields)
        for _, line in found:
            draft.remark(
                fields[0].name, line.text, f"without its label: {names}, not taken"
            )
    else:
        if len(free) > 1:
            found.sort(key=lambda pair: _order(pair[0]))
        for field, (value, line) in zip(free, found, strict=True):
            named = field.names_itself and line.text not in ("NA", "N/A")
            draft.put(field.name, value, None if named else POSITIONAL)
    return [line for line in lines if parse(line.text) is None]


def _order(value: str) -> tuple[float, str]:
    """Sort ISO dates by themselves and ages by years."""
    return (age_years(value) or 0.0, value)
