"""Labels and values of a page: `Label`, then the value; `Label value`; a value alone.

Saved pages lose labels. A value alone is recognized by its type, and by its place if
two fields share a type (a start and a completion, two ages).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from trialkit.dates import age_years
from trialkit.read.pages.blocks import Draft, key_of
from trialkit.read.pages.text import Line

POSITIONAL = "positional"

Parse = Callable[[str], Any]
_TOKEN = re.compile(r"[A-Z][A-Z0-9]*(?:[_/][A-Z0-9]+)*$")


class Item(NamedTuple):
    """A label with its value (None if empty), or a line of text with no label."""

    label: str | None
    value: Any
    line: Line


class Field(NamedTuple):
    """One field of a block: its label on the page, and the parser of its value.

    `alone` parses a value without its label, if that must be stricter. A value that
    `names_itself` fits no other field: it counts as stated even without its label.
    """

    label: str
    name: str
    parse: Parse
    names_itself: bool = False
    alone: Parse | None = None

    @property
    def parse_alone(self) -> Parse:
        """The parser of a value without its label."""
        return self.alone or self.parse


def items_of(lines: Sequence[Line], parsers: Mapping[str, Parse]) -> list[Item]:
    """Return the lines with labels and values joined.

    A label takes only a value of its type: "Group type was drawn" is text.
    """
    labels = {key_of(label): label for label in parsers}
    items: list[Item] = []
    rest = deque(lines)
    while rest:
        line = rest.popleft()
        label = labels.get(key_of(line.text))
        if not label:
            items.append(_inline(line, parsers))
            continue
        value = parsers[label](rest[0].text) if rest else None
        if value is not None:
            rest.popleft()
        items.append(Item(label, value, line))
    return items


def _inline(line: Line, parsers: Mapping[str, Parse]) -> Item:
    words = key_of(line.text)
    for label, parse in parsers.items():
        key = key_of(label)
        if words.startswith((f"{key} ", f"{key}:")):
            text = " ".join(line.text.split())[len(key) :].lstrip(" :")
            value = parse(text)
            if value is not None or text in ("", "-"):
                return Item(label, value, line)
    return Item(None, line.text, line)


def read_fields(
    draft: Draft, lines: Sequence[Line], fields: Sequence[Field]
) -> list[Line]:
    """Put the fields of a block into the draft and return the other lines.

    Fields with one `parse` stand in the page's order: earliest date, lowest age first.
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
        note = f"without its label: {names}, not taken"
        for _, line in found:
            draft.remark(fields[0].name, line.text, note)
    else:
        if len(free) > 1:  # ISO dates by themselves, ages by years
            found.sort(key=lambda pair: (age_years(pair[0]) or 0.0, pair[0]))
        for field, (value, line) in zip(free, found, strict=True):
            named = field.names_itself and line.text not in ("NA", "N/A")
            draft.put(field.name, value, None if named else POSITIONAL)
    return [line for line in lines if parse(line.text) is None]
