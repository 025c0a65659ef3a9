"""The `#|` options and tags of a notebook's code cells, as Quarto reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from trialkit.errors import ReportError

#: The options in use; Quarto knows more, and the embedded engine would not follow.
OPTIONS = (
    "label",
    "fig-cap",
    "fig-alt",
    "tbl-cap",
    "classes",
    "echo",
    "output",
    "warning",
    "include",
)

#: What Quarto makes of a tag. `remove-input` and the like mean nothing to it.
TAGS: dict[str, dict[str, Any]] = {
    "hide-cell": {"echo": False, "output": False, "warning": False},
    "remove-cell": {"include": False},
    "hide-code": {"echo": False},
    "hide-output": {"output": False},
    "hide-warnings": {"warning": False},
    "show-code": {"echo": True},
    "show-output": {"output": True},
    "show-warnings": {"warning": True},
}

_MARK = "#|"


def split_source(source: str, *, where: str) -> tuple[dict[str, Any], str]:
    """Return a cell's `#|` options and the code below them.

    Only the very first lines count, as in Quarto, which prints any later `#|` line as
    if it were code; here such a line is an error.
    """
    lines = source.splitlines()
    n_options = 0
    while n_options < len(lines) and lines[n_options].startswith(_MARK):
        n_options += 1
    if late := [line for line in lines[n_options:] if line.startswith(_MARK)]:
        raise ReportError(
            f"{where}: `{late[0]}` must stand among the first lines of the cell"
        )
    options = _parsed(
        "\n".join(line.removeprefix(_MARK)[1:] for line in lines[:n_options])
    )
    if not isinstance(options, dict):
        raise ReportError(
            f"{where}: the #| lines are not `name: value`; quote a value with a colon"
        )
    if unknown := [str(key) for key in options if key not in OPTIONS]:
        raise ReportError(
            f"{where}: unknown cell option {', '.join(unknown)};"
            f" known are {', '.join(OPTIONS)}"
        )
    return dict(options), "\n".join(lines[n_options:])


# Reading ahead comes back to every cell once for each that runs after it.
@lru_cache(1024)
def _parsed(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError:
        return None


def join_source(options: Mapping[str, Any], code: str) -> str:
    """Return a cell's source from its options and code."""
    # JSON strings are YAML too, and always quoted: a caption may hold a colon.
    lines = [
        f"{_MARK} {key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in options.items()
    ]
    return "\n".join([*lines, code]) if code else "\n".join(lines)


def cell_options(cell: Mapping[str, Any], *, where: str) -> tuple[dict[str, Any], str]:
    """Return all that holds for a code cell, tags included, and its code."""
    options, code = split_source("".join(cell["source"]), where=where)
    from_tags: dict[str, Any] = {}
    for tag in cell.get("metadata", {}).get("tags", ()):
        from_tags |= TAGS.get(tag, {})
    return from_tags | options, code
