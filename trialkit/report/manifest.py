"""`report.json`: what the report in a folder was made from, and with which bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from trialkit.files import settle

#: The file that says what a report was made from.
MANIFEST = "report.json"

# What a report follows from, but for the formats that it is made as.
_SOURCES = ("engine", "versions", "notebook", "parameters", "code", "inputs")


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return what a folder's `report.json` says, empty if there is none."""
    with suppress(OSError):
        settle(folder)
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def is_as_made(path: Path, digest: str) -> bool:
    """Say whether a file is there and still has its SHA-256."""
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def stale_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Return what an earlier run of a report left that its new files do not replace.

    The page of one run and the PDF of the next are one report where both are from the
    same sources: then nothing is stale. What a person has changed is theirs.

    Parameters
    ----------
    folder
        Where the new files will be written.
    files
        Their contents by name, `report.json` among them.
    """
    before, now = read_manifest(folder), json.loads(files[MANIFEST])
    if before.get("report") != now["report"] or all(
        before.get(fact) == now[fact] for fact in _SOURCES
    ):
        return []
    try:
        made = {folder / item["file"]: item["sha256"] for item in before["outputs"]}
    except (KeyError, TypeError):
        return []
    kept, root = {folder / name for name in files}, folder.resolve()
    return [
        path
        for path, digest in made.items()
        if path not in kept
        and path.resolve().is_relative_to(root)
        and is_as_made(path, digest)
    ]
