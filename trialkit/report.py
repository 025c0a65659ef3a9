"""Notebook and parameters -> one run -> the report's files, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from trialkit import brand
from trialkit.errors import MissingExtraError, ParameterError, ReportError
from trialkit.outputs import (
    hash_contents,
    hash_files,
    json_bytes,
    writable,
    write_together,
)
from trialkit.parameters import Parameter, Value, check_values, read_parameters
from trialkit.render.cover import Cover, read_cover
from trialkit.render.engine import ENGINES, Engine, choose
from trialkit.render.prepare import prepare, read_front_matter
from trialkit.sources.files import Paths, expand
from trialkit.version import versions
from trialkit.workspace import example_path, notebooks_dir, settings_dir

#: What a report can be made as.
FORMATS = ("html", "pdf")

#: Called as `progress(stage, done, total)`.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ReportNotebook:
    """A notebook that reports are made from, and what it takes."""

    name: str
    path: Path
    content: Mapping[str, Any]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True)
class Report:
    """The files of a finished report: `paths` by format, and what documents them."""

    name: str
    paths: Mapping[str, Path]
    notebook: Path
    manifest: Path
    engine: str


def run_report(
    name: str | os.PathLike[str] = "landscape",
    *,
    records: Paths | None = None,
    out: str | os.PathLike[str] = "reports/output",
    formats: Iterable[str] = FORMATS,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run a notebook once and return the files of its report.

    What needs no run is told before it: the notebook, the names, types and possible
    values of its parameters, the records' paths, the output folder and the engine. A
    value that only the notebook can judge fails in its cell. Files appear
    in the folder together and whole, so that a report that fails leaves the last good
    one. The only date in them is the data cut-off that the notebook states; the same
    records and parameters give the same bytes.

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
        `quarto`, `embedded`, or `auto`: Quarto where it is found.
    parameters
        Values for the notebook's parameters, by name.
    progress
        Called as `progress(stage, done, total)`, with the stages `cells` and `files`.

    Returns
    -------
    Report
        `paths` by format, the executed `notebook`, and `manifest`: `report.json` with
        versions, parameters, cut-off, and the SHA-256 of every file read and written.

    Raises
    ------
    ParameterError
        If a parameter is unknown, of the wrong type or impossible, or a format or
        engine unknown.
    TrialDataError
        If a records path names nothing.
    ReportError
        If the notebook is missing, a cell fails, a renderer fails, or the folder cannot
        be written. A failed run leaves `NAME.failed.ipynb`, as far as it came.
    MissingExtraError
        If the packages of the `report` extra are not installed.
    """
    formats = _check_choices("formats", formats, FORMATS)
    _check_choices("engine", [engine], ENGINES)
    notebook = find_notebook(name)
    values = _values(notebook, records, parameters)
    inputs = hash_files(_records(notebook, values))
    chosen = choose(engine)
    folder = writable(Path(out))
    with _brand_of(notebook):
        with ThreadPoolExecutor(1) as pool:
            ahead = _Ahead(pool, chosen, formats)
            executed = _execute(notebook, values, folder, progress, ahead)
            ahead.finish()
        if progress:
            progress("files", 0, len(formats))
        prepared = prepare(executed)
        made = chosen.render(
            prepared, formats, name=notebook.name, folder=notebook.path.parent
        )
    files = {f"{notebook.name}.{kind}": data for kind, data in made.items()}
    files[f"{notebook.name}.ipynb"] = json_bytes(prepared)
    facts = _facts(notebook, values, read_cover(read_front_matter(prepared)), chosen)
    facts |= {"inputs": inputs, "outputs": hash_contents(files)}
    files["report.json"] = json_bytes(facts)
    write_together(folder, files)
    with suppress(OSError):
        _failed_path(folder, notebook).unlink(missing_ok=True)
    if progress:
        progress("files", len(formats), len(formats))
    return Report(
        name=notebook.name,
        paths={kind: folder / f"{notebook.name}.{kind}" for kind in formats},
        notebook=folder / f"{notebook.name}.ipynb",
        manifest=folder / "report.json",
        engine=chosen.name,
    )


def find_notebook(name: str | os.PathLike[str]) -> ReportNotebook:
    """Return a notebook by its name or path, with the parameters it takes.

    A name is looked for in `notebooks/` of the current folder first, so that the
    notebooks of a workspace are taken before those that come with trialkit.

    Parameters
    ----------
    name
        `landscape`, or a path such as `mine/landscape.ipynb`.

    Raises
    ------
    ReportError
        If there is no such notebook, or the file is none.
    ParameterError
        If its parameters cell is missing or malformed.
    """
    text = os.fspath(name)
    if text.endswith(".ipynb") or Path(text).name != text:
        path = Path(text)
        if not path.is_file():
            raise ReportError(f"no such notebook: {text}")
    else:
        path = _named(text)
    content = _read(path)
    parameters = read_parameters(content, name=path.stem)
    return ReportNotebook(path.stem, path, content, parameters)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content["cells"], list) and content["nbformat"] >= 4:
            return content
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ReportError(f"{path} is not a Jupyter notebook (format 4 or later)")


def _named(name: str) -> Path:
    known: set[str] = set()
    for folder in (lambda: Path("notebooks"), notebooks_dir):
        if (path := folder() / f"{name}.ipynb").is_file():
            return path
        known |= {file.stem for file in folder().glob("*.ipynb")}
    near = get_close_matches(name, known, n=1)
    hint = (
        f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
    )
    raise ReportError(f"no notebook is called {name!r}; {hint}")


def _check_choices(
    what: str, given: Iterable[str], known: Iterable[str]
) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys([given] if isinstance(given, str) else given))
    unknown = [value for value in chosen if value not in tuple(known)]
    if unknown or not chosen:
        named = ", ".join(unknown) or "none"
        raise ParameterError(f"{what} must be among {', '.join(known)}, not {named}")
    return chosen


def _values(
    notebook: ReportNotebook,
    records: Paths | None,
    parameters: Mapping[str, Any] | None,
) -> dict[str, Value]:
    given = dict(parameters or {})
    if records is not None:
        if "records" in given:
            raise ParameterError("records is given twice: once among the parameters")
        one = isinstance(records, (str, os.PathLike))
        given["records"] = [records] if one else list(records)
    return check_values(notebook.parameters, given, name=notebook.name)


def _records(notebook: ReportNotebook, values: Mapping[str, Value]) -> list[Path]:
    """Return the files that the notebook will read, as its `records` name them."""
    takes = notebook.parameters.get("records")
    if takes is None or takes.type != "list[str]":
        return []
    given = values.get("records", takes.default)
    return expand(given if isinstance(given, list) and given else [example_path()])


@contextmanager
def _brand_of(notebook: ReportNotebook) -> Iterator[None]:
    """Let figures, page and PDF follow the brand file of the notebook's workspace."""
    own = settings_dir(notebook.path.parent) / "_brand.yml"
    if brand.VARIABLE in os.environ or not own.is_file():
        yield
        return
    # The kernel, a process of its own, is told by the environment too.
    os.environ[brand.VARIABLE] = str(own)
    try:
        yield
    finally:
        del os.environ[brand.VARIABLE]


class _Ahead:
    """Lets the engine work on what has run, in the time that the notebook takes."""

    def __init__(
        self, pool: ThreadPoolExecutor, engine: Engine, formats: Iterable[str]
    ) -> None:
        self.pool = pool
        self.engine = engine
        self.formats = formats
        self.latest: list[dict[str, Any]] | None = None
        self.jobs: list[Future[None]] = []

    def follow(self, cells: list[dict[str, Any]]) -> None:
        if not cells:
            self.jobs.append(self.pool.submit(self.engine.warm_up, self.formats))
        self.latest = cells
        self.jobs.append(self.pool.submit(self._read))

    def _read(self) -> None:
        # Where cells run faster than they are read, only the last state counts.
        cells, self.latest = self.latest, None
        if cells:
            self.engine.read_ahead(json.loads(json.dumps(cells)))

    def finish(self) -> None:
        for job in self.jobs:
            job.result()


def _execute(
    notebook: ReportNotebook,
    values: Mapping[str, Value],
    folder: Path,
    progress: Progress | None,
    ahead: _Ahead,
) -> dict[str, Any]:
    try:
        from trialkit.execute import CellFailure, execute
    except ImportError as error:
        raise MissingExtraError(
            f"{error.name} is missing; reports need: pip install 'trialkit[report]'"
        ) from None
    try:
        return execute(
            notebook.content,
            values,
            name=notebook.name,
            progress=progress,
            follow=ahead.follow,
        )
    except CellFailure as failure:
        path = _failed_path(folder, notebook)
        write_together(folder, {path.name: json_bytes(failure.partial)})
        raise ReportError(f"{failure}\n  as far as it ran: {path}") from None


def _failed_path(folder: Path, notebook: ReportNotebook) -> Path:
    return folder / f"{notebook.name}.failed.ipynb"


def _facts(
    notebook: ReportNotebook,
    values: Mapping[str, Value],
    cover: Cover,
    engine: Engine,
) -> dict[str, Any]:
    used = {name: p.default for name, p in notebook.parameters.items()}
    return {
        "report": notebook.name,
        "title": cover.title,
        "cut_off": cover.date.isoformat() if cover.date else None,
        "versions": versions(),
        "engine": {"name": engine.name, **engine.versions()},
        "notebook": {
            "file": notebook.path.name,
            "sha256": sha256(notebook.path.read_bytes()).hexdigest(),
        },
        "parameters": {**used, **values},
    }
