"""Lazy imports: a package's stub file is the one list of its public names."""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import Any
from warnings import warn


def attach(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` of a package with a stub.

    The stub beside `file` imports every public name from where it is defined, under
    another name if need be, so that type checkers, editors and this function read one
    list. (`lazy_loader` does the same, but passes over `import ... as`.)
    """
    homes = _homes(Path(file).with_suffix(".pyi"))

    def get(name: str) -> Any:
        if name not in homes:
            module = import_module(package)
            text = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(text, name=name, obj=module)
        value = _value(*homes[name])
        setattr(import_module(package), name, value)
        return value

    return get, lambda: sorted(homes), sorted(homes)


def _homes(stub: Path) -> dict[str, tuple[str, str]]:
    """Return module and own name of every public name."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.parse(stub.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _value(module: str, name: str) -> ModuleType | Any:
    if module == "trialkit":
        return import_module(f"trialkit.{name}")
    return getattr(import_module(module), name)


def renamed(
    package: str, get: Callable[[str], Any], names: Callable[[], dict[str, list[str]]]
) -> Callable[[str], Any]:
    """Return `__getattr__` of a package that still knows the names of the last release.

    Each warns of its new name, a path of attributes below the package. What took other
    arguments than the new one does is kept, at the place that stands beside the name.
    """

    def find(name: str) -> Any:
        if name.startswith("__") or name not in names():
            return get(name)
        new, kept = names()[name]
        warn(f"tk.{name} is now tk.{new}", DeprecationWarning, stacklevel=2)
        return resolve_name(kept) if kept else attrgetter(new)(import_module(package))

    return find
