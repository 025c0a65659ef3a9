"""A finished report, made again from its `report.json`: what differs, and why."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from trialkit.errors import ReportError, TrialkitError
from trialkit.report.manifest import MANIFEST
from trialkit.report.plan import Plan, plan_report
from trialkit.report.run import Progress, make_files


def check_report(
    folder: str | os.PathLike[str], *, progress: Progress | None = None
) -> list[str]:
    """Return what differs between a report and the same report made again.

    The report is made from the records, the notebook and the parameters that its
    `report.json` names, and compared byte by byte; nothing is written. Paths that the
    user gave relative to a folder are meant relative to the current one again.

    Parameters
    ----------
    folder
        The folder of a report.
    progress
        As `trialkit.report.run.run_report` takes it.

    Returns
    -------
    list of str
        One sentence per finding, causes (an input that changed, another version)
        before the files that differ; empty if the report is the same.

    Raises
    ------
    ReportError
        If the folder holds no report, or it cannot be made again.
    """
    place = Path(folder)
    facts = _read(place / MANIFEST)
    findings: list[str] = []
    try:
        plan = plan_report(
            facts["notebook"]["name"],
            formats=facts["formats"],
            engine=facts["engine"],
            parameters={name: facts["parameters"][name] for name in facts["given"]},
        )
        findings += [*_changed_inputs(plan, facts), *_changed_tools(plan, facts)]
        again = make_files(plan, progress=progress)
    except (KeyError, TypeError) as error:
        raise ReportError(f"{place / MANIFEST} is not as trialkit wrote it") from error
    except TrialkitError as error:
        # What has changed since may be why.
        told = "; ".join([str(error), *findings])
        raise ReportError(f"{folder} cannot be made again: {told}") from error
    written = {item["file"]: item["sha256"] for item in facts["outputs"]}
    return [*findings, *_changed_files(place, written, again)]


def _read(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror}; is this a report?") from None
    except ValueError:
        raise ReportError(f"{path} is not as trialkit wrote it") from None
    if not isinstance(facts, dict):
        raise ReportError(f"{path} is not as trialkit wrote it")
    return facts


def _changed_inputs(plan: Plan, facts: Mapping[str, Any]) -> Iterator[str]:
    before = {item["file"]: item["sha256"] for item in facts["inputs"]}
    now = {item["file"]: item["sha256"] for item in plan.input_hashes}
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield f"input {name} is gone"
        elif name not in before:
            yield f"input {name} is new"
        elif before[name] != now[name]:
            yield (
                f"input {name} has changed: its SHA-256 was {before[name][:12]}…"
                f" and is {now[name][:12]}…"
            )


def _changed_tools(plan: Plan, facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["notebook"]["sha256"] != plan.notebook.sha256:
        yield f"the notebook {plan.asked} has changed"
    for name, version in plan.versions.items():
        if facts["versions"].get(name) != version:
            yield f"{name} was {facts['versions'].get(name)} and is {version}"
    if facts["code"] != plan.code:
        yield "the code, vocabularies, rules, brand or report settings have changed"


def _changed_files(
    folder: Path, written: Mapping[str, str], again: Mapping[str, bytes]
) -> Iterator[str]:
    for name, digest in written.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is gone"
        elif sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} was changed after it was made"
        elif sha256(again.get(name, b"")).hexdigest() != digest:
            yield f"{name} comes out different"
    yield from (
        f"{name} would be made too"
        for name in again
        if name not in written and name != MANIFEST
    )
