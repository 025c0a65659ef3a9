"""What is compared: a download, files, a store, a report, or trials already loaded."""

from __future__ import annotations

import csv
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.atomic import recover
from trialkit.codebook import conform
from trialkit.dates import date_span
from trialkit.errors import ParameterError, TrialDataError
from trialkit.escape import csv_original
from trialkit.files import KEPT, Paths, listed
from trialkit.tidy.inventory import INVENTORY
from trialkit.tidy.load import load_filled, open_store
from trialkit.tidy.trials import Trials

_REPORT = "report.json"
#: Tables of a report that hold its trials, the fuller one first.
_TABLES = ("tbl-trials.csv", "tbl-trial-lines.csv")


@dataclass(frozen=True, eq=False)
class Side:
    """One of two sets that are compared.

    Parameters
    ----------
    name
        What it is called: the folder or file that it was read from.
    data
        Its trials.
    held
        The columns of `trials` that it can tell; None for all, and all other tables.
    notes
        What must be known of it.
    cut_off
        Up to which day it tells, where that is known.
    """

    name: str
    data: Trials
    held: frozenset[str] | None = None
    notes: tuple[str, ...] = ()
    cut_off: str = ""

    @cached_property
    def date(self) -> str:
        """Its cut-off, else the day of its search or the newest of its records.

        Old versions of records alone have no day in common.
        """
        if self.cut_off:
            return self.cut_off
        searches = self.data.searches
        if days := [one.day for one in searches if one.day and not one.history]:
            return max(days)
        if any(one.history for one in searches):
            return ""  # Each record is of a day of its own, years before it came.
        days = [
            self.data.columns("trials", ["last_updated_date"])["last_updated_date"],
            self.data.sources["source_date"],
        ]
        texts = pd.concat(days).dropna().unique()
        return max((d for t in texts if (d := date_span(t).earliest)), default="")

    @property
    def since(self) -> str:
        """What a sentence on changes begins with: its date, or else its name."""
        return self.date or f"“{self.name}”"

    @property
    def trials(self) -> pd.DataFrame:
        """Its trials, with dates and numbers as text."""
        names = ["enrollment", "enrollment_type", "start_date", "completion_date"]
        frame = self.data.columns("trials", ["trial_id", "display_title", *names])
        frame = frame.rename(columns={"display_title": "title"})
        return frame.astype("string")


def open_side(
    given: Trials | Side | Paths, *, name: str = "", labels: bool = True
) -> Side:
    """Return a set of trials to compare, with its name.

    Parameters
    ----------
    given
        Trials; or a download, folder, file, store or report, or several files.
    name
        What it is called; by default after its path.
    labels
        False leaves out the labelling of records that are read.

    Raises
    ------
    ParameterError
        If there is no such path, or it holds neither records nor a report.
    """
    if isinstance(given, Side):
        return given
    if isinstance(given, Trials):
        return _told(name or "the trials given", given)
    paths = [Path(path) for path in listed(given)]
    called = name or _called(paths)
    if len(paths) == 1:
        return _opened(paths[0], called, labels)
    return _loaded(paths, called, labels)


def _called(paths: list[Path]) -> str:
    if not paths:
        raise ParameterError("nothing is given to compare")
    first = paths[0].parent if paths[0].name == _REPORT else paths[0]
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{first.name or first.resolve().name}{more}"


def _opened(path: Path, name: str, labels: bool) -> Side:
    folder = path.parent if path.name == _REPORT else path
    with suppress(OSError):
        recover(folder)
    if (folder / _REPORT).is_file() and folder.is_dir():
        return _report(folder, name)
    if (folder / INVENTORY).is_file():
        return _told(name, open_store(folder))
    return _loaded([path], name, labels)


def _told(name: str, data: Trials) -> Side:
    """Return a side with what its downloads say of themselves."""
    told = [warning for receipt in data.searches for warning in receipt.warnings]
    return Side(name, data, notes=tuple(told))


def _loaded(paths: list[Path], name: str, labels: bool) -> Side:
    try:
        data, filled = load_filled([os.fspath(p) for p in paths], labels=labels)
        return Side(name, data, notes=tuple(filled.warnings))
    except TrialDataError as error:
        raise TrialDataError(
            f"{error} (to compare, give a download, a folder or file of records, a "
            "store or a report)"
        ) from None


def _report(folder: Path, name: str) -> Side:
    """Return the trials of a report: as it kept them, else as its table lists them."""
    told = _manifest(folder)
    stem, day = told.get("report") or "*", told.get("cut_off") or ""
    for kept in (*folder.glob(f"{stem}-data/{KEPT}"), *folder.glob(f"*-data/{KEPT}")):
        if (kept / INVENTORY).is_file():
            return replace(_told(name, open_store(kept)), cut_off=day)
    for table in _TABLES:
        for file in (
            *folder.glob(f"{stem}-data/{table}"),
            *folder.glob(f"*-data/{table}"),
        ):
            return replace(_table(file, name), cut_off=day)
    raise ParameterError(
        f"{folder} is a report that kept neither its trials nor a table of them"
    )


def _manifest(folder: Path) -> dict[str, Any]:
    """Return what a report says of itself, empty where that cannot be read."""
    with suppress(OSError, ValueError):
        told = json.loads((folder / _REPORT).read_text(encoding="utf-8"))
        return told if isinstance(told, dict) else {}
    return {}


#: Columns of a report's table, and those of `trials` that hold the same.
_SAME = {
    **{name: name for name in ("overall_status", "enrollment", "enrollment_type")},
    **{name: name for name in ("start_date", "completion_date", "lead_sponsor")},
    **{"title": "display_title", "countries": "countries"},
}


def _table(file: Path, name: str) -> Side:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        rows = [
            {key: csv_original(text) if text else None for key, text in row.items()}
            for row in csv.DictReader(handle)
        ]
    if rows and "trial_id" not in rows[0]:
        raise ParameterError(f"{file} lacks the column trial_id")
    has = [column for column in _SAME if rows and column in rows[0]]
    columns: dict[str, list[Any]] = {"trial_id": [row["trial_id"] for row in rows]}
    for column in has:
        columns[_SAME[column]] = [row[column] for row in rows]
    if "enrollment" in columns:
        numbers = pd.to_numeric(pd.Series(columns["enrollment"]), errors="coerce")
        columns["enrollment"] = numbers.astype("Int64")  # type: ignore[assignment]
    data = Trials({"trials": conform(columns, "trials")})
    held = frozenset(_SAME[column] for column in has)
    shown = ", ".join(sorted(held - {"display_title"})) or "ids alone"
    note = (
        f"“{name}” is a report of an earlier trialkit, which kept no records: it is "
        f"compared by its table {file.name} ({shown})"
    )
    return Side(name, data, held, (note,))
