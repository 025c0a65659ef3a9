"""A report that can be made: its notebook, parameter values and input files."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from trialkit.errors import ParameterError, ReportError
from trialkit.extras import need
from trialkit.files import Paths, listed
from trialkit.nearest import did_you_mean
from trialkit.read import read
from trialkit.read.files import expand, has_text
from trialkit.report.notebook import parse_notebook
from trialkit.report.parameters import Parameter, Value, check_values, read_parameters
from trialkit.report.render.engine import ENGINES, Engine, choose
from trialkit.report.render.glyphs import VARIABLE as FONTS
from trialkit.version import installed, versions
from trialkit.workspace import example_path, notebooks_dir, settings_dir

#: What a report can be made as.
FORMATS = ("html", "pdf")

#: Parameters that name files which the notebook reads.
FILE_PARAMETERS = ("records", "vocabularies", "overrides", "synonyms", "previous")


@dataclass(frozen=True)
class ReportNotebook:
    """A notebook that reports are made from, with its parameters."""

    name: str
    path: Path
    content: Mapping[str, Any]
    sha256: str
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True)
class Plan:
    """A checked report; `asked` is the notebook as the user named it.

    `neighbors` are the addresses of the reports that it links to, by name; without them
    they are taken to be in its own folder.
    """

    asked: str
    notebook: ReportNotebook
    values: Mapping[str, Value]
    formats: tuple[str, ...]
    engine: Engine
    inputs: tuple[Path, ...]
    neighbors: Mapping[str, str] | None = None

    @property
    def parameters(self) -> dict[str, Value]:
        """The value of every parameter, given or default."""
        defaults = {name: p.default for name, p in self.notebook.parameters.items()}
        return {**defaults, **self.values}

    @cached_property
    def versions(self) -> dict[str, str | None]:
        """The versions of all software behind the report."""
        matcher = installed(["google-re2"])
        return {**versions(), **matcher, **self.engine.versions()}

    @property
    def command(self) -> str:
        """The command line that makes this report again, without the folder."""
        words = ["trialkit", "report", self.asked, "--to", ",".join(self.formats)]
        for name, value in self.values.items():
            for item in value if isinstance(value, list) else [value]:
                text = str(item).lower() if isinstance(item, bool) else str(item)
                words += ["-p", f"{name}={text}"]
        return shlex.join([*words, "--engine", self.engine.name])

    @property
    def settings(self) -> Path:
        """The folder of the brand file and the render settings."""
        return settings_dir(self.notebook.path.parent)


def plan_report(
    name: str | os.PathLike[str],
    *,
    records: Paths | None = None,
    formats: Iterable[str] = FORMATS,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
) -> Plan:
    """Return a plan, with everything checked that needs no run."""
    need("papermill", "ipykernel", "nbformat", "yaml", "matplotlib")
    kinds = _check_choices("formats", formats, FORMATS)
    _check_choices("engine", [engine], ENGINES)
    notebook = find_notebook(name)
    values = _values(notebook, records, parameters)
    _check_filters(notebook, values)
    inputs = tuple(_inputs(notebook, values))
    fonts = os.environ.get(FONTS)
    if fonts and not Path(fonts).is_dir():
        raise ReportError(f"{FONTS} is {fonts}, which is no folder")
    return Plan(os.fspath(name), notebook, values, kinds, choose(engine), inputs)


def find_notebook(name: str | os.PathLike[str]) -> ReportNotebook:
    """Return a notebook by its path, or by its name in `notebooks/` or trialkit."""
    text = os.fspath(name)
    if text.endswith(".ipynb") or Path(text).name != text:
        path = Path(text)
        if not path.is_file():
            raise ReportError(f"no such notebook: {text}")
    else:
        path = _named(text)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(f"cannot read {path}: {error.strerror}") from None
    content = parse_notebook(data, path)
    parameters = read_parameters(content, name=path.stem)
    digest = sha256(data).hexdigest()
    return ReportNotebook(path.stem, path, content, digest, parameters)


def _named(name: str) -> Path:
    known: set[str] = set()
    for find in (lambda: Path("notebooks"), notebooks_dir):
        if (path := find() / f"{name}.ipynb").is_file():
            return path
        known |= {file.stem for file in find().glob("*.ipynb")}
    hint = did_you_mean(name, sorted(known))
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
        given["records"] = listed(records)
    checked = check_values(notebook.parameters, given, name=notebook.name)
    # In the notebook's order, so that the executed notebook depends on values alone.
    return {name: checked[name] for name in notebook.parameters if name in checked}


def _check_filters(notebook: ReportNotebook, values: Mapping[str, Value]) -> None:
    """Refuse a filter value that no trial can have, before any trial is read."""
    takes = notebook.parameters
    filters = {n: values.get(n, p.default) for n, p in takes.items() if p.is_filter}
    if any(filters.values()):
        from trialkit.tidy.load import check_filters

        names = [name for name in ("vocabularies", "synonyms") if name in takes]
        files = {name: values.get(name, takes[name].default) for name in names}
        lists = {name: ps for name, ps in files.items() if isinstance(ps, list)}
        check_filters(filters, **lists)


def _inputs(notebook: ReportNotebook, values: Mapping[str, Value]) -> list[Path]:
    """Return the files that the notebook will read."""
    found: list[Path] = []
    for name in FILE_PARAMETERS:
        if name not in notebook.parameters:
            continue
        given = values.get(name, notebook.parameters[name].default)
        paths = given if isinstance(given, list) else [str(given)] if given else []
        if paths or name == "records":
            found += expand(paths or [example_path()])
        if name == "records" and not has_text(found):
            # It raises an error that says why each file holds no record.
            read(found)
    return found
