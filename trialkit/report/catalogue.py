"""`reports/reports.yml`: the reports to make, with all mistakes told at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec

from trialkit.codewords import plain_word
from trialkit.errors import ParameterError, ReportError, TrialkitError
from trialkit.extras import need
from trialkit.files import yaml_fault
from trialkit.nearest import did_you_mean
from trialkit.report.neighbors import find_neighbors
from trialkit.report.parameters import Value
from trialkit.report.plan import FORMATS, Plan, find_notebook, plan_report
from trialkit.report.searches import OPTIONS, Search, search_of
from trialkit.workspace import reports_dir

#: Where a workspace keeps its catalogue.
FILE = Path("reports") / "reports.yml"

#: The filter that is on where nothing is given.
_CELLS = "cell_trials_only"
#: The parameter that names an earlier state to compare with.
_PREVIOUS = "previous"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_Word = Annotated[str, msgspec.Meta(min_length=1)]
_TEXTS = (str | list[str] | None, "must be a text or a list of texts")
_KEYS = ("name", "notebook", "records", "search", "parameters", "formats")
_TOP = ("records", "search", "reports")
#: The type of a field, and the message for a value of another type.
_FIELDS: dict[str, tuple[Any, str]] = {
    "name": (_Word, "`name:` must be a word"),
    "notebook": (_Word, "`notebook:` must be a word"),
    "records": _TEXTS,
    "formats": _TEXTS,
}


@dataclass(frozen=True)
class Entry:
    """A report of the catalogue."""

    name: str
    plan: Plan

    @property
    def filters(self) -> dict[str, str]:
        """What trials are chosen by, as text: every filter that is given."""
        takes, given = self.plan.notebook.parameters, self.plan.parameters
        chosen = {name: given[name] for name, taken in takes.items() if taken.is_filter}
        if given.get(_CELLS) is False:
            chosen[_CELLS] = False
        return {
            plain_word(name): _filter_text(value)
            for name, value in chosen.items()
            if value not in ("", [], None)
        }


def _since(search: Search, notebook: str) -> dict[str, str]:
    """Return what compares a report of a search with the download before, if it can."""
    before = search.previous()
    takes = find_notebook(notebook).parameters
    return {_PREVIOUS: before} if before and _PREVIOUS in takes else {}


def _filter_text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def read_catalogue(path: Path | None = None, *, engine: str = "auto") -> list[Entry]:
    """Return the reports of a catalogue, checked; one error lists every mistake."""
    reader = _Reader(_found(path))
    entries = _beside(reader.entries(engine))
    reader.refuse()
    return entries


def read_searches(path: Path | None = None) -> list[Search]:
    """Return the searches that a catalogue names, each once."""
    reader = _Reader(_found(path))
    searches = reader.searches()
    reader.refuse()
    return searches


def _found(path: Path | None) -> Path:
    return path or (FILE if FILE.is_file() else reports_dir() / FILE.name)


def _beside(entries: list[Entry]) -> list[Entry]:
    """Return the reports with the addresses of those that they link to."""
    plans = {entry.name: entry.plan for entry in entries}
    return [
        Entry(name, replace(plan, neighbors=find_neighbors(plan, plans)))
        for name, plan in plans.items()
    ]


def choose_entries(entries: list[Entry], names: tuple[str, ...]) -> list[Entry]:
    """Return the named entries, or all of them for no name."""
    known = [entry.name for entry in entries]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, f"it has {', '.join(known)}")
            raise ParameterError(f"no report of the catalogue is called {name}; {hint}")
    return [entry for entry in entries if not names or entry.name in names]


class _Reader:
    """Check a YAML file field by field, noting every mistake with its line."""

    def __init__(self, path: Path) -> None:
        need("yaml")
        import yaml

        self.path = path
        self.wrong: list[tuple[int, str]] = []
        self.mapping, self.sequence = yaml.MappingNode, yaml.SequenceNode
        try:
            self.loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
            self.top = self.loader.get_single_node()
        except OSError as error:
            raise ReportError(f"{path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ReportError(f"{path} is not UTF-8 text") from None
        except yaml.YAMLError as error:
            raise ReportError(f"{path} is not YAML: {yaml_fault(error)}") from None

    def refuse(self) -> None:
        """Raise all mistakes in one error, if there are any."""
        if self.wrong:
            n = len(self.wrong)
            many = f"{n} mistakes" if n > 1 else "a mistake"
            lines = "".join(f"\n  line {n}: {text}" for n, text in sorted(self.wrong))
            raise ReportError(f"{self.path} has {many}, so nothing was made:{lines}")

    def searches(self) -> list[Search]:
        """Return the searches of all levels, whether or not they are downloaded."""
        top = self._fields(self.top, _TOP, "the catalogue")
        listed = top.get("reports")
        nodes = listed.value if isinstance(listed, self.sequence) else []
        levels = [top, *(self._fields(node, _KEYS, "a report") for node in nodes)]
        found = [self._search(one["search"]) for one in levels if "search" in one]
        return list(dict.fromkeys(filter(None, found)))

    def entries(self, engine: str) -> list[Entry]:
        top = self._fields(self.top, _TOP, "the catalogue")
        listed = top.get("reports")
        if not isinstance(listed, self.sequence) or not listed.value:
            self._note(listed or self.top, "`reports:` must list at least one report")
            return []
        common = self._records(top)
        seen: set[str] = set()
        found = [self._entry(node, common, seen, engine) for node in listed.value]
        return [entry for entry in found if entry]

    def _entry(
        self, node: Any, common: Any, seen: set[str], engine: str
    ) -> Entry | None:
        before = len(self.wrong)
        fields = self._fields(node, _KEYS, "a report")
        given = {key: self._typed(key, fields[key]) for key in _FIELDS if key in fields}
        name = given.get("name", "") or ""
        if "name" not in fields:
            self._note(node, _FIELDS["name"][1])
        elif name and not _NAME.fullmatch(name):
            told = f"name {name!r} must be lower-case letters, digits, -, _"
            self._note(fields["name"], told)
        if name and name in seen:
            self._note(fields["name"], f"the name {name} stands twice")
        seen.add(name)
        values = self._parameters(fields.get("parameters"))
        records = self._records(fields, common)
        formats = given.get("formats")
        if len(self.wrong) > before:
            return None
        asked = given.get("notebook", name)
        try:
            if isinstance(records, Search):
                values = _since(records, asked) | values
                records = records.records()
            plan = plan_report(
                asked,
                records=records,
                formats=FORMATS if formats is None else formats,
                engine=engine,
                parameters=values,
            )
        except TrialkitError as error:
            self._note(fields.get("parameters", node), f"{name}: {error}")
            return None
        return Entry(name, plan)

    def _records(self, fields: dict[str, Any], common: Any = None) -> Any:
        """Return the records of a level, or the search that finds them."""
        if "records" in fields and "search" in fields:
            told = "`records:` and `search:` exclude each other"
            self._note(fields["search"], told)
        if "search" in fields:
            return self._search(fields["search"])
        return (
            self._typed("records", fields["records"]) if "records" in fields else common
        )

    def _search(self, node: Any) -> Search | None:
        fields = self._fields(node, ("folder", *OPTIONS), "a search")
        given = {name: self._value(at) for name, at in fields.items()}
        if wrong := [name for name, text in given.items() if not isinstance(text, str)]:
            self._note(fields[wrong[0]], f"`{wrong[0]}:` must be a text")
            return None
        try:
            return search_of(given)
        except ParameterError as error:
            self._note(node, str(error))
            return None

    def _parameters(self, node: Any) -> dict[str, Any]:
        pairs = self._pairs(node, "parameters") if node else []
        values = {key: self._value(at) for key, at in pairs}
        # YAML reads a bare day as a date.
        days = {k: v.isoformat() for k, v in values.items() if isinstance(v, date)}
        return values | days

    def _typed(self, key: str, node: Any) -> Any:
        """Return the value of a field, None for one of another type."""
        if node is None:
            return None
        kind, told = _FIELDS[key]
        try:
            return msgspec.convert(self._value(node), kind)
        except msgspec.ValidationError:
            self._note(node, told)
            return None

    def _fields(self, node: Any, known: tuple[str, ...], what: str) -> dict[str, Any]:
        fields = dict(self._pairs(node, what))
        for key, at in fields.items():
            if key not in known:
                self._note(at, f"{what} has no `{key}:`; known are {', '.join(known)}")
        return {key: at for key, at in fields.items() if key in known}

    def _pairs(self, node: Any, what: str) -> list[tuple[str, Any]]:
        if not isinstance(node, self.mapping):
            self._note(node, f"{what} must be `name: value` lines")
            return []
        pairs = [(str(self._value(key)), value) for key, value in node.value]
        names = [name for name, _ in pairs]
        for (key, _), name in zip(node.value, names, strict=True):
            if names.count(name) > 1:
                self._note(key, f"`{name}:` stands twice")
        return pairs

    def _value(self, node: Any) -> Any:
        if node is None:
            return None
        import yaml

        try:
            return self.loader.construct_object(node, deep=True)
        # PyYAML raises ValueError for a day that does not exist.
        except (yaml.YAMLError, ValueError):
            self._note(node, "a value that cannot be read")
            return None

    def _note(self, node: Any, text: str) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        if (line, text) not in self.wrong:
            self.wrong.append((line, text))
