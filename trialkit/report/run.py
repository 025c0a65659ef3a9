"""From a notebook and parameters, by one run, to the files of a report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trialkit import brand
from trialkit.errors import CellFailure, ReportError
from trialkit.files import Paths
from trialkit.report.kept import keeping, kept_files
from trialkit.report.manifest import MANIFEST, hash_contents, identity, stale_files
from trialkit.report.neighbors import with_neighbors
from trialkit.report.notebook import json_bytes, notebook_bytes
from trialkit.report.outputs import writable, write_together
from trialkit.report.plan import FORMATS, Plan, plan_report
from trialkit.report.render.cover import read_cover
from trialkit.report.render.data import data_files, embed
from trialkit.report.render.prepare import prepare, read_front_matter

#: Called as `progress(stage, done, total)`.
Progress = Callable[[str, int, int], None]
#: Runs a notebook as `trialkit.report.execute.execute` does.
Execute = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Report:
    """The files of a finished report, `paths` by format."""

    name: str
    paths: Mapping[str, Path]
    notebook: Path
    manifest: Path
    engine: str
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def run_report(
    name: str | os.PathLike[str] = "landscape",
    *,
    records: Paths | None = None,
    out: str | os.PathLike[str] = "output",
    formats: Iterable[str] = FORMATS,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run a notebook once and return the files of its report.

    Notebook, parameters, paths, output folder and engine are checked before the run.
    The files appear together, so that a report that fails leaves the last good one. The
    only date in them is the data cut-off; the same records and parameters give the same
    bytes.

    Parameters
    ----------
    name
        A notebook's name, looked for in `notebooks/` and among those that come with
        trialkit, or the path of an `.ipynb` file.
    records
        Files, folders or globs to read; by default the records that ship with trialkit.
    out
        The folder of the report's files; it is made if need be.
    formats
        `html`, `pdf` or both.
    engine
        `quarto`, `embedded`, or `auto`: Quarto where 1.9 or newer is found.
    parameters
        Values for the notebook's parameters, by name.
    progress
        Called as `progress(stage, done, total)`, with the stages `cells` and `files`.

    Returns
    -------
    Report
        `paths` by format, the executed `notebook`, and `manifest`: `report.json` with
        versions, parameters, cut-off, and the SHA-256 of every file read and written.
        `warnings` are what must be known first, such as a filter that leaves no trial;
        `facts` are those of the first page, such as how many records were set aside.

    Raises
    ------
    ParameterError
        If a parameter is unknown, of the wrong type or impossible, or a format or
        engine unknown.
    TrialDataError
        If a records path names nothing or no record, or the brand file or one of its
        fonts cannot be used.
    ReportError
        If the notebook is missing, a cell fails, a renderer fails, or the folder cannot
        be written. A failed run leaves `NAME.failed.ipynb`, as far as it came.
    MissingExtraError
        If the packages of the `report` extra are not installed.
    """
    plan = plan_report(
        name, records=records, formats=formats, engine=engine, parameters=parameters
    )
    return write_report(plan, Path(out), progress=progress)


def write_report(
    plan: Plan,
    out: Path,
    *,
    progress: Progress | None = None,
    execute: Execute | None = None,
) -> Report:
    """Make a planned report and write its files, as `run_report` does."""
    stem = plan.notebook.name
    with writable(out) as folder:
        failed = folder / f"{stem}.failed.ipynb"
        try:
            files = make_files(plan, progress=progress, execute=execute)
        except CellFailure as failure:
            write_together(folder, {failed.name: notebook_bytes(failure.partial)})
            raise ReportError(f"{failure}\n  as far as it ran: {failed}") from None
        write_together(folder, files, stale=lambda: stale_files(folder, files))
    with suppress(OSError):
        failed.unlink(missing_ok=True)
    told = json.loads(files[MANIFEST])
    return Report(
        name=stem,
        paths={kind: folder / f"{stem}.{kind}" for kind in plan.formats},
        notebook=folder / f"{stem}.ipynb",
        manifest=folder / MANIFEST,
        engine=plan.engine.name,
        warnings=tuple(told.get("warnings", ())),
        facts=told.get("facts", {}),
    )


def make_files(
    plan: Plan,
    *,
    progress: Progress | None = None,
    execute: Execute | None = None,
) -> dict[str, bytes]:
    """Return the files of a planned report by name, without writing them."""
    if execute is None:
        from trialkit.report.execute import execute
    name, formats = plan.notebook.name, plan.formats
    # Before the run, in case an input is edited meanwhile.
    origin = identity(plan)
    with brand.follow(plan.settings), keeping() as folder_kept:
        executed = execute(
            plan.notebook.content, plan.values, name=name, progress=progress
        )
        if progress:
            progress("files", 0, len(formats))
        prepared = with_neighbors(prepare(executed, name=name), plan.neighbors)
        folder = plan.notebook.path.parent
        pages = plan.engine.render(prepared, formats, folder=folder)
        kept = kept_files(folder_kept, name=name)
    data = data_files(executed, name=name)
    if "html" in pages:
        from trialkit.report.render.finder import with_finder

        beside = plan.neighbors
        if beside is None:
            beside = {"supplement": "supplement.html"}
        own = plan.parameters.get("synonyms")
        page = with_finder(
            pages["html"],
            data,
            supplement=beside.get("supplement", ""),
            synonyms=own if isinstance(own, list) else (),
        )
        pages["html"] = embed(page, data)
    files = {f"{name}.{kind}": content for kind, content in pages.items()}
    files |= data | kept
    files[f"{name}.ipynb"] = notebook_bytes(prepared)
    cover = read_cover(read_front_matter(prepared))
    manifest = {
        "report": name,
        "title": cover.title,
        "cut_off": cover.date.isoformat() if cover.date else None,
        "facts": dict(cover.facts),
        **({"warnings": list(cover.warnings)} if cover.warnings else {}),
        **origin,
        "outputs": hash_contents(files),
    }
    files[MANIFEST] = json_bytes(manifest)
    if progress:
        progress("files", len(formats), len(formats))
    return files
