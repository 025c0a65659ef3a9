"""What a report will be made from, checked before anything runs.

A plan holds the notebook, the values of its parameters and the files that it reads.
"""

from __future__ import annotations

import json
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
    """A notebook that reports are made from, and what it takes."""

    name: str
    path: Path
    content: Mapping[str, Any]
    sha256: str
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True)
class Plan:
    """A report that can be made.

    `asked` is the notebook as the user named it, `inputs` the files that it will read.
    """

    asked: str
    notebook: ReportNotebook
    values: Mapping[str, Value]
    formats: tuple[str, ...]
    engine: Engine
    inputs: tuple[Path, ...]

    @property
    def parameters(self) -> dict[str, Value]:
        """The value of every parameter, given or default."""
        defaults = {name: p.default for name, p in self.notebook.parameters.items()}
        return {**defaults, **self.values}

    @cached_property
    def versions(self) -> dict[str, str | None]:
        """The versions of everything behind the report."""
        matcher = installed(["google-re2"])
        return {**versions(), **matcher, **self.engine.versions()}

    @property
    def command(self) -> str:
        """The command line that makes this report again, but for the folder."""
        words = ["trialkit", "report", self.asked, "--to", ",".join(self.formats)]
        for name, value in self.values.items():
            for item in value if isinstance(value, list) else [value]:
                text = str(item).lower() if isinstance(item, bool) else str(item)
                words += ["-p", f"{name}={text}"]
        return shlex.join([*words, "--engine", self.engine.name])

    @property
    def settings(self) -> Path:
        """The folder of brand file and render settings that the report follows."""
        return settings_dir(self.notebook.path.parent)


def plan_report(
    name: str | os.PathLike[str],
    *,
    records: Paths | None = None,
    formats: Iterable[str] = FORMATS,
    engine: str = "auto",
    parameters: Mapping[str, Any] | None = None,
) -> Plan:
    """Return what a report will be made from; all that needs no run is checked."""
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
    """Return a notebook by its name or path, with the parameters it takes.

    A name is looked for in `notebooks/` of the current folder first, so that the
    notebooks of a workspace are taken before those that come with trialkit.
    """
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
    content = _parse(data, path)
    parameters = read_parameters(content, name=path.stem)
    digest = sha256(data).hexdigest()
    return ReportNotebook(path.stem, path, content, digest, parameters)


def _parse(data: bytes, path: Path) -> dict[str, Any]:
    try:
        content = json.loads(data)
        is_one = content["nbformat"] >= 4 and all(map(_is_cell, content["cells"]))
        if is_one and isinstance(content.get("metadata", {}), dict):
            return content
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise ReportError(f"{path} is not a Jupyter notebook (format 4 or later)")


def _is_cell(cell: Any) -> bool:
    # What else a cell must have is added when it runs.
    lines = cell["source"]
    return (
        cell["cell_type"] in ("code", "markdown", "raw")
        and isinstance(lines, (str, list))
        and all(isinstance(line, str) for line in lines)
        and isinstance(cell.get("metadata", {}).get("tags", []), list)
    )


def _named(name: str) -> Path:
    known: set[str] = set()
    for folder in (lambda: Path("notebooks"), notebooks_dir):
        if (path := folder() / f"{name}.ipynb").is_file():
            return path
        known |= {file.stem for file in folder().glob("*.ipynb")}
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
    # In the notebook's order: the same values give the same executed notebook.
    return {name: checked[name] for name in notebook.parameters if name in checked}


def _check_filters(notebook: ReportNotebook, values: Mapping[str, Value]) -> None:
    """Refuse what no trial could be chosen by, before any is read."""
    takes = notebook.parameters
    filters = {n: values.get(n, p.default) for n, p in takes.items() if p.is_filter}
    if any(filters.values()):
        from trialkit.tidy.load import check_filters

        own = {n: takes[n].default for n in ("vocabularies", "synonyms") if n in takes}
        files = {name: values.get(name, default) for name, default in own.items()}
        lists = {name: ps for name, ps in files.items() if isinstance(ps, list)}
        check_filters(filters, **lists)


def _inputs(notebook: ReportNotebook, values: Mapping[str, Value]) -> list[Path]:
    """Return the files that the notebook will read, as its parameters name them."""
    found: list[Path] = []
    for name in FILE_PARAMETERS:
        if name not in notebook.parameters:
            continue
        given = values.get(name, notebook.parameters[name].default)
        paths = given if isinstance(given, list) else [str(given)] if given else []
        if paths or name == "records":
            found += expand(paths or [example_path()])
        if name == "records" and not has_text(found):
            # What it raises says of each file why it holds no record.
            read(found)
    return found
