"""The inventory of a folder of tables: written last, and checked on opening."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from trialkit.codebook import codebook_hash
from trialkit.errors import TrialDataError
from trialkit.read.receipt import Receipt
from trialkit.version import __version__

#: The file that says what a folder holds.
INVENTORY = "trialkit.json"
#: The receipts of the downloads that the tables come from.
_SEARCHES = "searches.json"
#: Raised when a table or column changes its meaning, not when one is added.
SCHEMA = 1
#: Bytes after the metadata of a parquet file: their size, and a mark.
_TAIL = 8


class Origin(NamedTuple):
    """By which rules trials were labelled, and the store that they come from.

    `rules` is empty where nobody knows, or they were not labelled. `searches` are the
    receipts of what was downloaded; those of a store stand in it.
    """

    rules: str = ""
    store: str = ""
    version: str = ""
    searches: tuple[Receipt, ...] = ()


UNKNOWN = Origin()


#: What an inventory tells of each file: rows, bytes and hashes.
Told = dict[str, int | str]


def told_of(file: Path, n_rows: int) -> Told:
    """Return what an inventory tells of a file."""
    told: Told = {"rows": n_rows, "bytes": file.stat().st_size, "sha256": _hash(file)}
    return {**told, "end": _end(file)} if file.suffix == ".parquet" else told


def write_inventory(
    folder: Path,
    kind: str,
    rows: Mapping[str, int],
    *,
    rules: str = "",
    parts: Mapping[str, Told] = MappingProxyType({}),
) -> None:
    """Write the inventory of a folder; `rules` labelled its trials.

    `parts` are files of which others have told already.
    """
    files = {name: told_of(folder / name, n) for name, n in rows.items()} | dict(parts)
    is_trials = re.compile(r"trials[./]").match
    n_trials = sum(int(told["rows"]) for name, told in files.items() if is_trials(name))
    facts = {
        "trialkit": __version__,
        "schema": SCHEMA,
        "format": kind,
        "codebook": codebook_hash(),
        "rules": rules,
        "n_trials": n_trials,
        "files": files,
    }
    (folder / INVENTORY).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def read_inventory(folder: Path) -> dict[str, Any]:
    """Return the inventory of a folder, empty where there is none."""
    try:
        facts = json.loads((folder / INVENTORY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(facts, dict):
        return {}
    if facts.get("schema", 0) > SCHEMA:
        raise TrialDataError(
            f"{folder} was written by trialkit {facts.get('trialkit')}, which has a "
            f"newer schema; this is {__version__}: update trialkit"
        )
    files = facts.get("files") or {}
    if "codebook" in facts and not files:
        raise _damaged(folder)
    # Inventories that older versions wrote list no files.
    for name in files or [f"trials.{facts.get('format', 'parquet')}"]:
        try:
            n_bytes = (folder / name).stat().st_size
        except OSError:
            raise TrialDataError(f"{folder} is not complete: {name} is gone") from None
        if not files:
            continue
        try:
            is_same = n_bytes == files[name]["bytes"]
            files[name]["end" if "end" in files[name] else "sha256"]
        except (TypeError, KeyError):
            raise _damaged(folder) from None
        if not is_same:
            raise _other(folder / name)
    return facts


def write_searches(folder: Path, searches: Sequence[Receipt]) -> dict[str, int]:
    """Write the receipts of downloads, if any; return the rows of their file."""
    if not searches:
        return {}
    (folder / _SEARCHES).write_bytes(msgspec.json.encode(searches))
    return {_SEARCHES: len(searches)}


def searches_of(origin: Origin) -> tuple[Receipt, ...]:
    """Return the receipts of what was downloaded; those of a store are read from it."""
    if not origin.store:
        return origin.searches
    file = Path(origin.store, _SEARCHES)
    facts = read_inventory(file.parent)
    if file.name not in facts.get("files", ()):
        return ()
    try:
        check_file(file, facts)
        return msgspec.json.decode(file.read_bytes(), type=tuple[Receipt, ...])
    except (OSError, msgspec.MsgspecError) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from error


def is_store(folder: Path) -> bool:
    """Return whether a folder is a store: tables in parquet, or made to be one."""
    is_listed = (folder / INVENTORY).is_file()
    return is_listed and not (folder / "trials.csv").is_file()


def parts_of(file: Path, facts: Mapping[str, Any]) -> list[Path]:
    """Return the files of a table: itself, or those in the folder of its name."""
    inside = f"{file.stem}/"
    names = sorted(name for name in facts.get("files", ()) if name.startswith(inside))
    return [file.parent / name for name in names] or [file]


def check_file(file: Path, facts: Mapping[str, Any]) -> None:
    """Refuse a file that changed since its folder was written."""
    inside = f"{file.parent.name}/{file.name}"
    files = facts.get("files", {})
    listed = files.get(inside) or files.get(file.name)
    if not listed:
        return
    # The end of a parquet file says where everything in it stands: a table of which a
    # few columns are asked is not read as a whole.
    is_same = (
        _end(file) == listed["end"]
        if "end" in listed
        else _hash(file) == listed["sha256"]
    )
    if not is_same:
        raise _other(file)


def _damaged(folder: Path) -> TrialDataError:
    told = "does not say what the files of its folder are: write the tables again"
    return TrialDataError(f"{folder / INVENTORY} {told}")


def _other(file: Path) -> TrialDataError:
    return TrialDataError(
        f"{file} cannot be read: it is not the file that was written with the others "
        f"(changed since, or of another run). Write the tables again; or delete "
        f"{INVENTORY} beside it, where the tables are CSV, to open them as they are"
    )


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def _end(file: Path) -> str:
    """Return the hash of a parquet file's metadata, whose size its last bytes tell."""
    with file.open("rb") as handle:
        size = handle.seek(0, os.SEEK_END)
        handle.seek(max(size - _TAIL, 0))
        n_bytes = int.from_bytes(handle.read(4), "little") + _TAIL
        handle.seek(max(size - n_bytes, 0))
        return sha256(handle.read()).hexdigest()
