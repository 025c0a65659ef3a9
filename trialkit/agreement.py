"""Whether two sources say the same of a trial, and what one adds to the other.

A source that says less does not contradict: an export without descriptions, arms
without links, a site without its state. Only what both say can differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from trialkit.record import PartialDate

_Part = TypeVar("_Part", bound=msgspec.Struct)
_WORD = re.compile(r"\w+")


def as_text(value: object) -> str | None:
    """Return a field's value as the text that `statements` holds."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "; ".join(filter(None, map(_part_text, value))) if value else None
    return _part_text(value)


def _part_text(value: object) -> str:
    if not isinstance(value, msgspec.Struct):
        return str(value)
    parts = msgspec.structs.astuple(value)
    try:
        return ", ".join(filter(None, parts))
    except TypeError:  # a list in it
        said = (", ".join(p) if isinstance(p, tuple) else p for p in parts if p)
        return ", ".join(map(str, said))


def folded(text: str | None) -> str:
    """Return a text without differences of case and spaces."""
    return " ".join(text.casefold().split()) if text else ""


def agree(one: object, other: object) -> bool:
    """Whether two values of a field say the same, as far as both say it.

    A month agrees with a day inside it. A list agrees with one that says more: each
    part of the one has a part of the other that holds all its words, or no others.

    Examples
    --------
    >>> agree("Cells  in LIVER", "cells in liver")
    True
    >>> agree(("MSC, 3 doses",), ("Placebo", "MSC"))
    True
    >>> agree(("Placebo",), ("Saline",))
    False
    """
    if isinstance(one, tuple) and isinstance(other, tuple):
        ours, theirs = _words_of(one), _words_of(other)
        return _is_within(ours, theirs) or _is_within(theirs, ours)
    if not isinstance(one, PartialDate) or not isinstance(other, PartialDate):
        return folded(as_text(one)) == folded(as_text(other))
    coarse, fine = sorted((one.date or "", other.date or ""), key=len)
    types = {one.type, other.type} - {None}
    return fine.startswith(coarse) and len(types) < 2


def _words_of(parts: tuple) -> list[set[str]]:
    return [set(_WORD.findall(_part_text(part).casefold())) for part in parts]


def _is_within(ours: list[set[str]], theirs: list[set[str]]) -> bool:
    return all(any(one <= two or two <= one for two in theirs) for one in ours)


def fill_gaps(lists: Sequence[tuple[_Part, ...]], name: str) -> tuple[_Part, ...]:
    """Return the first list, its gaps filled from parts of the same name elsewhere.

    Parameters
    ----------
    lists
        One list per source, by authority.
    name
        The field that names a part. A name that a list holds twice fills nothing.
    """
    first, *rest = [_by_name(parts, name) for parts in lists]
    filled = []
    for part in lists[0]:
        key = folded(getattr(part, name))
        twins = [other[key] for other in rest if key in other and key in first]
        gaps = {
            field: value
            for twin in reversed(twins)
            for field in part.__struct_fields__
            if not getattr(part, field) and (value := getattr(twin, field))
        }
        filled.append(msgspec.structs.replace(part, **gaps) if gaps else part)
    return tuple(filled)


def _by_name(parts: Sequence[_Part], name: str) -> dict[str, _Part]:
    names = [folded(getattr(part, name)) for part in parts]
    counts = Counter(names)
    return {k: p for k, p in zip(names, parts, strict=True) if k and counts[k] == 1}
