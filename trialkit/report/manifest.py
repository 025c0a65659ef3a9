"""`report.json`: the identity of a report and the SHA-256 of its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from trialkit import brand
from trialkit.atomic import recover
from trialkit.errors import ReportError
from trialkit.report.plan import Plan
from trialkit.version import (
    code_hash,
    commit,
    label_score,
    rules_version,
    vocabulary_hash,
)
from trialkit.workspace import example_path

MANIFEST = "report.json"

#: The parts of a report's identity, apart from its formats.
_PARTS = ("engine", "versions", "notebook", "parameters", "code", "inputs")


def identity(plan: Plan) -> dict[str, Any]:
    """Return what a report is made from and by, as `report.json` states it."""
    facts = {
        "engine": plan.engine.name,
        "versions": plan.versions,
        "commit": commit(),
        "vocabulary": {"sha256": vocabulary_hash()},
        "label_rules": {"version": rules_version()},
        "label_score": label_score(),
        "notebook": {"name": plan.asked, "sha256": plan.notebook.sha256},
        "formats": list(plan.formats),
        "parameters": plan.parameters,
        "given": list(plan.values),
        "command": plan.command,
        "code": _code(plan.settings),
    }
    if plan.neighbors is not None:
        facts["neighbors"] = dict(plan.neighbors)
    inputs = {"inputs": hash_files(plan.inputs)}
    parts = {part: (facts | inputs)[part] for part in _PARTS}
    # Not the notebook's name, nor the order of the formats.
    parts |= {"notebook": plan.notebook.sha256, "formats": sorted(plan.formats)}
    parts["neighbors"] = facts.get("neighbors")
    fingerprint = sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return {**facts, "fingerprint": fingerprint, **inputs}


def _code(settings: Path) -> str:
    """Return one SHA-256 of the code, settings, brand and fonts of a report."""
    # The catalogue does not change a report.
    inside = (path for path in settings.iterdir() if path.name != "reports.yml")
    files = sorted(filter(Path.is_file, inside))
    followed = brand.find(settings)
    files += [followed, *(font.path for font in brand.font_files(followed))]
    digests = (sha256(path.read_bytes()).hexdigest() for path in files)
    return sha256("".join([code_hash(), *digests]).encode()).hexdigest()


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
    """Return name and SHA-256 of files that are not written yet."""
    return [
        {"file": n, "sha256": sha256(data).hexdigest()} for n, data in files.items()
    ]


def load_manifest(folder: Path) -> dict[str, Any]:
    """Return the facts in a folder's `report.json`; a ReportError without one."""
    path = folder / MANIFEST
    with suppress(OSError):
        recover(folder)
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror}; is this a report?") from None
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise ReportError(f"{path} is not as trialkit wrote it")
    return facts


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the facts in a folder's `report.json`, empty without one."""
    with suppress(ReportError):
        return load_manifest(folder)
    return {}


def changed_parts(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each changed part of a report's identity."""
    was, has = (
        {f["file"]: f["sha256"] for f in facts["inputs"]} for facts in (before, now)
    )
    for name in sorted(was.keys() | has.keys()):
        if name not in has:
            yield f"input {name} is gone"
        elif name not in was:
            yield f"input {name} is new"
        elif was[name] != has[name]:
            yield (
                f"input {name} has changed: its SHA-256 was {was[name][:12]}…"
                f" and is {has[name][:12]}…"
            )
    if before["notebook"]["sha256"] != now["notebook"]["sha256"]:
        yield f"the notebook {now['notebook']['name']} has changed"
    for name, version in now["versions"].items():
        if before["versions"].get(name) != version:
            yield f"{name} was {before['versions'].get(name)} and is {version}"
    if before["code"] != now["code"]:
        yield "the code, vocabularies, rules, brand or report settings have changed"


def is_as_made(path: Path, digest: str) -> bool:
    """Return whether a file exists with the given SHA-256."""
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def stale_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Return files of an earlier run that the new ones do not replace.

    Two runs of the same sources are one report. Files that somebody edited stay.
    """
    before, now = read_manifest(folder), json.loads(files[MANIFEST])
    if before.get("report") != now["report"] or all(
        before.get(part) == now[part] for part in _PARTS
    ):
        return []
    try:
        written = {folder / item["file"]: item["sha256"] for item in before["outputs"]}
    except (KeyError, TypeError):
        return []
    kept, root = {folder / name for name in files}, folder.resolve()
    return [
        path
        for path, digest in written.items()
        if path not in kept
        and path.resolve().is_relative_to(root)
        and is_as_made(path, digest)
    ]
