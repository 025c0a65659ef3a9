"""`reports/reports.yml` -> the reports it lists, all its mistakes told at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialkit.errors import ParameterError, ReportError, TrialkitError
from trialkit.extras import need
from trialkit.files import yaml_fault
from trialkit.nearest import did_you_mean
from trialkit.report.plan import FORMATS, Plan, plan_report
from trialkit.workspace import reports_dir

#: Where a workspace keeps its catalogue.
FILE = Path("reports") / "reports.yml"

_TOP = ("records", "reports")
_KEYS = ("name", "notebook", "records", "parameters", "formats")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Entry:
    """A report of the catalogue: its name and what it will be made from."""

    name: str
    plan: Plan


def read_catalogue(path: Path | None = None, *, engine: str = "auto") -> list[Entry]:
    """Return the reports that a catalogue lists, each checked and ready to run."""
    if path is None:
        path = FILE if FILE.is_file() else reports_dir() / FILE.name
    reader = _Reader(path)
    entries = reader.entries(engine)
    if reader.wrong:
        many = f"{len(reader.wrong)} mistakes" if len(reader.wrong) > 1 else "a mistake"
        lines = "".join(
            f"\n  line {line}: {text}" for line, text in sorted(reader.wrong)
        )
        raise ReportError(f"{path} has {many}, so nothing was made:{lines}")
    return entries


def choose_entries(entries: list[Entry], names: tuple[str, ...]) -> list[Entry]:
    """Return the entries of some names, all of them for none."""
    known = [entry.name for entry in entries]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, f"it has {', '.join(known)}")
            raise ParameterError(f"no report of the catalogue is called {name}; {hint}")
    return [entry for entry in entries if not names or entry.name in names]


class _Reader:
    """Walks the nodes of a YAML file, which know their lines, and notes mistakes."""

    def __init__(self, path: Path) -> None:
        need("yaml")
        import yaml

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

    def entries(self, engine: str) -> list[Entry]:
        top = self._fields(self.top, _TOP, "the catalogue")
        listed = top.get("reports")
        if not isinstance(listed, self.sequence) or not listed.value:
            self._note(listed or self.top, "`reports:` must list at least one report")
            return []
        common = self._value(top.get("records"))
        seen: set[str] = set()
        found = [self._entry(node, common, seen, engine) for node in listed.value]
        return [entry for entry in found if entry]

    def _entry(
        self, node: Any, common: Any, seen: set[str], engine: str
    ) -> Entry | None:
        before = len(self.wrong)
        fields = self._fields(node, _KEYS, "a report")
        name = self._text(fields, "name", node)
        if name and not _NAME.fullmatch(name):
            self._note(
                fields["name"],
                f"name {name!r} must be lower-case letters, digits, -, _",
            )
        if name and name in seen:
            self._note(fields["name"], f"the name {name} stands twice")
        seen.add(name)
        notebook = (
            self._text(fields, "notebook", node) if "notebook" in fields else name
        )
        formats = self._strings(fields.get("formats"), FORMATS)
        records = self._strings(fields.get("records"), common)
        values = self._parameters(fields.get("parameters"))
        if len(self.wrong) > before:
            return None
        try:
            plan = plan_report(
                notebook,
                records=records,
                formats=formats,
                engine=engine,
                parameters=values,
            )
        except TrialkitError as error:
            self._note(fields.get("parameters", node), f"{name}: {error}")
            return None
        return Entry(name, plan)

    def _parameters(self, node: Any) -> dict[str, Any]:
        if node is None:
            return {}
        values = {key: self._value(at) for key, at in self._pairs(node, "parameters")}
        for key, value in values.items():
            # YAML reads a bare day as a date.
            if isinstance(value, datetime.date):
                values[key] = value.isoformat()
        return values

    def _text(self, fields: Mapping[str, Any], key: str, node: Any) -> str:
        value = self._value(fields.get(key))
        if isinstance(value, str) and value:
            return value
        self._note(fields.get(key, node), f"`{key}:` must be a word")
        return ""

    def _strings(self, node: Any, otherwise: Any) -> Any:
        """Return a list of texts, where one alone may stand for itself."""
        value = self._value(node) if node is not None else otherwise
        value = [value] if isinstance(value, str) else value
        items = value if isinstance(value, (list, tuple)) else [value]
        if value is None or all(isinstance(item, str) for item in items):
            return value
        self._note(node, "must be a text or a list of texts")
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
        # A day that does not exist is a ValueError to PyYAML.
        except (yaml.YAMLError, ValueError):
            self._note(node, "a value that cannot be read")
            return None

    def _note(self, node: Any, text: str) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        if (line, text) not in self.wrong:
            self.wrong.append((line, text))
