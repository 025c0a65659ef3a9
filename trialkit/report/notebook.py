"""A notebook's JSON: read, taken apart, and written as Jupyter writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trialkit.errors import ReportError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def parse_notebook(data: bytes, path: Path) -> dict[str, Any]:
    """Return the JSON of a notebook; a ReportError if it is not one."""
    try:
        content = json.loads(data)
        is_one = content["nbformat"] >= 4 and all(map(_is_cell, content["cells"]))
        if is_one and isinstance(content.get("metadata", {}), dict):
            return content
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise ReportError(f"{path} is not a Jupyter notebook (format 4 or later)")


def _is_cell(cell: Any) -> bool:
    # `execute` fills in the rest.
    lines = cell["source"]
    return (
        cell["cell_type"] in ("code", "markdown", "raw")
        and isinstance(lines, (str, list))
        and all(isinstance(line, str) for line in lines)
        and isinstance(cell.get("metadata", {}).get("tags", []), list)
    )


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", ()))


def markdown_of(output: Mapping[str, Any]) -> str | None:
    """Return the Markdown that an output shows, None where it shows something else."""
    text = output.get("data", {}).get("text/markdown")
    return None if text is None else "".join(text)


def with_markdown(output: dict[str, Any], change: Callable[[str], str]) -> Any:
    """Return an output with its Markdown changed, if it has any."""
    text = markdown_of(output)
    if text is None:
        return output
    return {**output, "data": {**output["data"], "text/markdown": change(text)}}


def without_colors(text: str) -> str:
    """Return printed text without the color codes of a terminal."""
    return _ANSI.sub("", text)


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return JSON as a file holds it."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    # The name of a file may hold bytes that are not text; escaped, they are JSON.
    return (text + "\n").encode("utf-8", "backslashreplace")


def notebook_bytes(notebook: Mapping[str, Any]) -> bytes:
    """Return a notebook as Jupyter saves it, each text as a list of lines."""
    # Quarto drops the line ends of a text that is not a list.
    return json_bytes({**notebook, "cells": [_in_lines(c) for c in notebook["cells"]]})


def _in_lines(cell: Mapping[str, Any]) -> dict[str, Any]:
    split = {**cell, "source": _lines(cell["source"])}
    if "outputs" in cell:
        split["outputs"] = [_output_in_lines(output) for output in cell["outputs"]]
    return split


def _output_in_lines(output: Mapping[str, Any]) -> dict[str, Any]:
    split = {**output}
    if "text" in output:
        split["text"] = _lines(output["text"])
    if "data" in output:
        split["data"] = {kind: _lines(value) for kind, value in output["data"].items()}
    return split


def _lines(value: Any) -> Any:
    return value.splitlines(keepends=True) if isinstance(value, str) else value
