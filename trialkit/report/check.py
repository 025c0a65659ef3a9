"""Reproducing a finished report from its `report.json`: what differs, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from trialkit.errors import ReportError, TrialkitError
from trialkit.report.manifest import (
    MANIFEST,
    changed_parts,
    identity,
    is_as_made,
    load_manifest,
)
from trialkit.report.plan import plan_report
from trialkit.report.run import Execute, Progress, make_files


def check_report(
    folder: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    execute: Execute | None = None,
) -> list[str]:
    """Return what differs when a report is made again: causes first, then files.

    Nothing is written. Relative paths in `report.json` start at the current folder.
    """
    place = Path(folder)
    facts = load_manifest(place)
    findings: list[str] = []
    try:
        plan = plan_report(
            facts["notebook"]["name"],
            formats=facts["formats"],
            engine=facts["engine"],
            parameters={name: facts["parameters"][name] for name in facts["given"]},
        )
        plan = replace(plan, neighbors=facts.get("neighbors"))
        findings += changed_parts(facts, identity(plan))
        again = make_files(plan, progress=progress, execute=execute)
    except (KeyError, TypeError) as error:
        raise ReportError(f"{place / MANIFEST} is not as trialkit wrote it") from error
    except TrialkitError as error:
        # A change since then may be the cause.
        told = "; ".join([str(error), *findings])
        raise ReportError(f"{folder} cannot be made again: {told}") from error
    written = {item["file"]: item["sha256"] for item in facts["outputs"]}
    return [*findings, *_changed_files(place, written, again)]


def _changed_files(
    folder: Path, written: Mapping[str, str], again: Mapping[str, bytes]
) -> Iterator[str]:
    for name, digest in written.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is gone"
        elif not is_as_made(path, digest):
            yield f"{name} was changed after it was made"
        elif sha256(again.get(name, b"")).hexdigest() != digest:
            yield f"{name} comes out different"
    yield from (
        f"{name} would be made too"
        for name in again
        if name not in written and name != MANIFEST
    )
