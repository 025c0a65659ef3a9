"""Masking of e-mail addresses and telephone numbers in Records.

Names cannot be told from text: readers drop the sections with contact persons.
"""

from __future__ import annotations

import operator
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from trialkit.read.contacts import (
    json_may_hold_contacts,
    mask_contacts,
    may_hold_contacts,
)
from trialkit.record import Arm, Excluded, Record, Source

#: Codes: digits alone are no telephone number.
_CODES = frozenset({"trial_id", "id", "related_id", "link_id", "pmid", "zip"})
#: Names of the user's files, kept so that they can be opened again.
_OWN = frozenset({"source_id", "path", "records_file", "sha256"})

_ENCODER = msgspec.json.Encoder()
_Kept = TypeVar("_Kept", Record, Source, Excluded)


def without_contacts(item: _Kept) -> _Kept:
    """Return an item with all contacts masked; a Record is changed in place."""
    if not _may_hold(item):
        return item
    changes = _changes(item)
    if not isinstance(item, Record):
        return replace(item, **changes)
    if "arms" in changes or "interventions" in changes:
        changes["arms"] = _renamed(item, changes)
    for name, value in changes.items():
        setattr(item, name, value)
    return item


def row_without_contacts(row: dict[str, str]) -> dict[str, str]:
    """Return a row of a table with the contacts masked; names of codes end in `id(s)`.

    For readers that split texts: only unsplit is `Tel: 64370045` a telephone number.
    """
    if not may_hold_contacts("\n".join(row.values())):
        return row
    return {
        name: mask_contacts(text, is_code=name.endswith(("id", "ids")))
        for name, text in row.items()
    }


def _may_hold(item: msgspec.Struct | tuple[Any, ...]) -> bool:
    """Look at all texts of an item, or of many, at once: few hold a contact."""
    try:
        return json_may_hold_contacts(_ENCODER.encode(item))
    except UnicodeEncodeError:  # half a surrogate pair
        return True


def _changes(item: msgspec.Struct) -> dict[str, Any]:
    """Return the changed fields of a Struct."""
    changes = {}
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if value and name not in _OWN:
            masked = _masked(value, is_code=name in _CODES)
            if masked is not value:
                changes[name] = masked
    return changes


def _masked(value: Any, *, is_code: bool = False) -> Any:
    """Return a value with its texts masked, itself if nothing changes."""
    if isinstance(value, str):
        return mask_contacts(value, is_code=is_code)
    if isinstance(value, tuple):
        if not _may_hold(value):
            return value
        if len(value) > 3:
            # Of a hundred sites one names a telephone number: halves find it soon.
            middle = len(value) // 2
            halves = value[:middle], value[middle:]
            masked = sum((_masked(half, is_code=is_code) for half in halves), ())
        else:
            masked = tuple([_masked(part, is_code=is_code) for part in value])
        return value if all(map(operator.is_, masked, value)) else masked
    if isinstance(value, msgspec.Struct):
        changes = _changes(value)
        return replace(value, **changes) if changes else value
    if isinstance(value, dict):
        masked = {_masked(key): _masked(part) for key, part in value.items()}
        return value if masked == value else masked
    return value


def _renamed(record: Record, changes: dict[str, Any]) -> tuple[Arm, ...]:
    """Return the arms with the masked names of their interventions.

    In `TYPE: name` the type may tell what a number is: the name is masked as if alone.
    """
    now = changes.get("interventions", record.interventions)
    pairs = zip(record.interventions, now, strict=True)
    names = {old.name: new.name for old, new in pairs if old.name}
    arms = zip(record.arms, changes.get("arms", record.arms), strict=True)
    return tuple(
        replace(arm, interventions=tuple(_called(n, names) for n in old.interventions))
        for old, arm in arms
    )


def _called(text: str, names: dict[str, str]) -> str:
    kind, colon, name = text.partition(": ")
    if text in names or name not in names:
        return names.get(text) or mask_contacts(text)
    return mask_contacts(kind) + colon + names[name]
