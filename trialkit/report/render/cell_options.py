"""The `#|` options and tags of code cells, as Quarto reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from trialkit.errors import ReportError
from trialkit.report.notebook import tags_of

#: The options in use; Quarto has more, which the embedded engine does not follow.
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

#: The tags that mean something to Quarto; `remove-input` does not.
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
    """Return the `#|` options of a code cell and the code below them."""
    import yaml

    lines = source.splitlines()
    n_options = 0
    while n_options < len(lines) and lines[n_options].startswith(_MARK):
        n_options += 1
    if late := [line for line in lines[n_options:] if line.startswith(_MARK)]:
        raise ReportError(
            f"{where}: `{late[0]}` must stand among the first lines of the cell"
        )
    text = "\n".join(line.removeprefix(_MARK)[1:] for line in lines[:n_options])
    options = None
    with suppress(yaml.YAMLError):
        options = yaml.safe_load(text) or {}
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


def join_source(options: Mapping[str, Any], code: str) -> str:
    """Return the source of a code cell from its options and code."""
    # JSON strings are YAML, and quoted: a caption may hold a colon.
    lines = [
        f"{_MARK} {key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in options.items()
    ]
    return "\n".join([*lines, code]) if code else "\n".join(lines)


def cell_options(cell: Mapping[str, Any], *, where: str) -> tuple[dict[str, Any], str]:
    """Return the options of a code cell, those of its tags included, and its code."""
    options, code = split_source("".join(cell["source"]), where=where)
    from_tags: dict[str, Any] = {}
    for tag in tags_of(cell):
        from_tags |= TAGS.get(tag, {})
    return from_tags | options, code
