"""Files of a report: written whole or not at all, and known by their SHA-256."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from trialkit.errors import ReportError
from trialkit.files import cannot_write, folder_made, write_folder
from trialkit.workspace import example_path


@contextmanager
def writable(folder: Path) -> Iterator[Path]:
    """Yield a folder that can be written; made for nothing, it goes again.

    Raises
    ------
    ReportError
        If it cannot be made or written.
    """
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

    Parameters
    ----------
    folder
        It is made if need be.
    files
        Contents by name, which may begin with the name of a folder in it.
    stale
        Called while no other run can write here: what is to be removed once the new
        files are in their places.

    Raises
    ------
    ReportError
        If a file cannot be written; those that were there stay.
    """
    with (
        cannot_write(folder, ReportError),
        write_folder(folder, stale=stale) as made,
    ):
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

    Parameters
    ----------
    notebook
        A notebook of nbformat 4; it stays as it is.
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


def hash_files(paths: Iterable[Path]) -> list[dict[str, str]]:
    """Return name and SHA-256 of files, named as the user named them."""
    examples = example_path()
    hashes = []
    for path in paths:
        own = path.is_relative_to(examples)
        name = f"trialkit:{path.relative_to(examples)}" if own else path.as_posix()
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        hashes.append({"file": name, "sha256": digest})
    return hashes


def hash_contents(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return name and SHA-256 of contents that are not written yet."""
    return [
        {"file": name, "sha256": sha256(data).hexdigest()}
        for name, data in files.items()
    ]
