"""Files of a report: written whole or not at all, and known by their SHA-256."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from trialkit.atomic import folder_made, write_folder
from trialkit.errors import ReportError


@contextmanager
def writable(folder: Path) -> Iterator[Path]:
    """Yield a folder that can be written; made for nothing, it goes again."""
    with ExitStack() as until_then:
        try:
            until_then.enter_context(folder_made(folder))
            with tempfile.TemporaryFile(dir=folder):
                pass
        except FileExistsError:
            raise ReportError(f"cannot write to {folder}: it is no folder") from None
        except OSError as error:
            raise ReportError(f"cannot write to {folder}: {error.strerror}") from None
        yield folder


def write_together(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    stale: Callable[[], Iterable[Path]] = tuple,
) -> None:
    """Write all files aside, then move them to their places.

    Of two runs into one folder the second to come here waits, so that the files in the
    folder are always of one run. One that is killed meanwhile leaves those of before,
    or those of now for the next that comes to see to.
    """
    with write_folder(folder, stale=stale, error=ReportError) as made:
        for name, data in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return JSON as a file holds it."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    # A file's name may hold bytes that are no text: as an escape they are JSON.
    return (text + "\n").encode("utf-8", "backslashreplace")


def notebook_bytes(notebook: Mapping[str, Any]) -> bytes:
    """Return a notebook as Jupyter saves it, every text as a list of its lines.

    Quarto takes a text that is not a list for a line, and drops the line ends in it.
    """
    return json_bytes({**notebook, "cells": [_in_lines(c) for c in notebook["cells"]]})


def _in_lines(cell: Mapping[str, Any]) -> dict[str, Any]:
    split = {**cell, "source": _lines(cell["source"])}
    if "outputs" in cell:
        split["outputs"] = [_output_in_lines(output) for output in cell["outputs"]]
    return split


def _output_in_lines(output: Mapping[str, Any]) -> dict[str, Any]:
    split = dict(output)
    if "text" in output:
        split["text"] = _lines(output["text"])
    if "data" in output:
        split["data"] = {kind: _lines(value) for kind, value in output["data"].items()}
    return split


def _lines(value: Any) -> Any:
    return value.splitlines(keepends=True) if isinstance(value, str) else value
