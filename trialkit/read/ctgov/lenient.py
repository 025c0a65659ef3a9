"""The slow path of the JSON reader, for a study that does not fit the types.

Scalars in lists of one (R's jsonlite), null for absent and numbers as text are mended
silently. A value that its field cannot hold is left out with a remark.
"""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

import msgspec

from trialkit.record import Remark

_MISSING = object()
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
#: Lists of one inside each other; no registry nests so deep.
_DEEPEST = 40


def convert(value: Any, kind: Any) -> tuple[Any, tuple[Remark, ...]]:
    """Return JSON as a Struct `kind` of defaults, None if no object, and remarks."""
    remarks: list[Remark] = []
    struct = _coerce(value, kind, "", remarks)
    return (None if struct is _MISSING else struct), tuple(remarks)


def without_blanks(value: Any) -> Any:
    """Return JSON without its empty texts."""
    if isinstance(value, dict):
        return {k: without_blanks(v) for k, v in value.items() if not _is_blank(v)}
    if isinstance(value, list):
        return [without_blanks(v) for v in value if not _is_blank(v)]
    return value


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _coerce(value: Any, kind: Any, path: str, remarks: list[Remark]) -> Any:
    if value is None:
        return _MISSING
    if typing.get_origin(kind) is tuple:
        return _tuple(value, typing.get_args(kind)[0], path, remarks)
    value = _unbox(value)
    if value is None or value == []:
        return _MISSING
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        coerced = _struct(value, kind, path, remarks)
    else:
        coerced = _SCALARS[kind](value)
    if coerced is _MISSING:
        note = f"not {_NAMES.get(kind, 'an object')}, left out"
        remarks.append(Remark(path, repr(value)[:200], note))
    return coerced


def _unbox(value: Any) -> Any:
    for _ in range(_DEEPEST):
        if not (isinstance(value, list) and len(value) == 1):
            break
        value = value[0]
    return value


def _tuple(value: Any, kind: Any, path: str, remarks: list[Remark]) -> tuple[Any, ...]:
    items = value if isinstance(value, list) else [value]
    coerced = (_coerce(item, kind, path, remarks) for item in items)
    return tuple(item for item in coerced if item is not _MISSING)


def _struct(value: Any, kind: Any, path: str, remarks: list[Remark]) -> Any:
    if not isinstance(value, dict):
        return _MISSING
    fields: dict[str, Any] = {}
    for name, wire, inner in _fields_of(kind):
        if wire in value:
            here = f"{path}.{wire}" if path else wire
            coerced = _coerce(value[wire], inner, here, remarks)
            if coerced is not _MISSING:
                fields[name] = coerced
    return kind(**fields)


@cache
def _fields_of(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    """Return the name, wire name and type of each field of a Struct."""
    hints = typing.get_type_hints(kind, include_extras=False)
    return tuple(
        (f.name, f.encode_name, _plain(hints[f.name]))
        for f in msgspec.structs.fields(kind)
    )


def _plain(hint: Any) -> Any:
    """Return `X` for `X | None`."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        (hint,) = (arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, (str, int, float)) else _MISSING


def _count(value: Any) -> Any:
    try:
        number, integer = float(value), int(value)
    except (TypeError, ValueError, OverflowError):
        return _MISSING
    is_count = number == integer and 0 <= integer <= 2**53
    return integer if is_count and not isinstance(value, bool) else _MISSING


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return _WORDS.get(value.lower(), _MISSING) if isinstance(value, str) else _MISSING


_SCALARS = {str: _text, int: _count, bool: _flag}
_NAMES = {str: "text", int: "a count", bool: "true or false"}
