"""Lazy imports: a package's stub file is the one list of its public names."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from warnings import warn


def attach(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` of a package with a stub.

    The stub beside `file` imports every public name from where it is defined.
    (`lazy_loader` does the same, but passes over `import ... as`.)
    """
    homes = _homes(Path(file).with_suffix(".pyi"))
    refuse = absent(package, package)
    sys.modules[package].__class__ = _Package

    def get(name: str) -> Any:
        value = _value(*homes[name]) if name in homes else refuse(name)
        setattr(import_module(package), name, value)
        return value

    return get, lambda: sorted(homes), sorted(homes)


class _Package(ModuleType):
    """A package in which a function may have the name of the room that it lives in."""

    def __setattr__(self, name: str, value: Any) -> None:
        # Python sets a folder as an attribute when anything in it is first imported.
        is_room = isinstance(value, ModuleType) and value.__name__.endswith(f".{name}")
        if not (is_room and self._is_public_function(name)):
            super().__setattr__(name, value)

    def _is_public_function(self, name: str) -> bool:
        homes = _homes(Path(self.__file__ or "").with_suffix(".pyi"))
        return name in homes and homes[name][0] != self.__name__


def absent(shown: str, package: str) -> Callable[[str], NoReturn]:
    """Return `__getattr__` of a package that users know as `shown`."""

    def refuse(name: str) -> NoReturn:
        text = f"module {shown!r} has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=import_module(package))

    return refuse


def moved(
    shown: str, package: str, places: Mapping[str, tuple[str, str]]
) -> Callable[[str], Any]:
    """Return `__getattr__` of a package, known as `shown`, that had other names before.

    Each warns of its new name; beside it stands what takes the old arguments.
    """
    refuse = absent(shown, package)

    def find(name: str) -> Any:
        if name not in places:
            return refuse(name)
        new, kept = places[name]
        warn(f"{shown}.{name} is now {new}", DeprecationWarning, stacklevel=2)
        return _value(*kept.split(":"))

    return find


@cache
def _homes(stub: Path) -> dict[str, tuple[str, str]]:
    """Return module and own name of every public name."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.parse(stub.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@cache
def _value(module: str, name: str) -> ModuleType | Any:
    if module == "trialkit":
        return import_module(f"trialkit.{name}")
    return attrgetter(name)(import_module(module))


def renamed(package: str, file: str, get: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return `__getattr__` of a package that still knows the names of the last release.

    Each warns of its new name, a path of attributes below the package. What took other
    arguments than the new one does is kept, at the place that stands beside the name:
    `module:path.of.attributes`.
    """
    rows = Path(file).with_name("data") / "renamed.csv"

    # Read as plainly as can be: the first import of any module below comes by here.
    @cache
    def names() -> dict[str, list[str]]:
        lines = rows.read_text(encoding="utf-8").splitlines()[1:]
        return {old: rest for old, *rest in (line.split(",") for line in lines)}

    def find(name: str) -> Any:
        if name.startswith("__") or name not in names():
            return get(name)
        new, kept = names()[name]
        warn(f"tk.{name} is now tk.{new}", DeprecationWarning, stacklevel=2)
        if kept:
            return _value(*kept.split(":"))
        return attrgetter(new)(import_module(package))

    return find
