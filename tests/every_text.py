"""Every text that a type of Struct can hold, one at a time: for tests of all fields."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import inspect

#: What stands in the texts that are not looked at.
WORD = "word"
Path = tuple[str | int, ...]


def filled(kind: type) -> Iterator[tuple[Path, str]]:
    """Yield path and text of each text in a `kind` whose every field is filled."""
    yield from _texts(_whole(kind), ())


def with_text(kind: type, path: Path, text: str) -> dict[str, Any]:
    """Return a `kind` as plain data, with a text at one path and words elsewhere."""
    made = copy.deepcopy(_whole(kind))
    here: Any = made
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = text
    return made


@cache
def _whole(kind: type) -> dict[str, Any]:
    return _made(inspect.type_info(kind))


def _made(info: Any) -> Any:
    if isinstance(info, inspect.StructType):
        return {field.encode_name: _made(field.type) for field in info.fields}
    if isinstance(info, inspect.UnionType):
        return _made(next(t for t in info.types if not isinstance(t, inspect.NoneType)))
    if isinstance(info, inspect.VarTupleType):
        return [_made(info.item_type)]
    if isinstance(info, inspect.DictType):
        return {WORD: _made(info.value_type)}
    if isinstance(info, inspect.BoolType):
        return True
    return 5 if isinstance(info, inspect.IntType) else WORD


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, (*path, name))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _texts(part, (*path, position))
