"""Paths, and text, YAML and CSV files read with messages that name the place."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from trialkit.errors import TrialDataError

PathLike = str | os.PathLike[str]
#: Folder among a report's data that holds its trials as a store.
KEPT = "trials"
#: A path, or several of them.
Paths = PathLike | Iterable[PathLike]


def listed(paths: Paths) -> list[PathLike]:
    """Return one path or several as a list."""
    return [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)


#: How many faults of one file a message lists.
_MOST_TOLD = 10
#: What programs put between the columns of a CSV.
_DELIMITERS = (",", ";", "\t")


def text_of(path: Path, what: str) -> str:
    """Return the text of a file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TrialDataError(f"cannot read {what} {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TrialDataError(f"cannot read {what} {path}: not UTF-8 text") from None


def yaml_fault(error: Exception) -> str:
    """Return PyYAML's message on one line."""
    mark = getattr(error, "problem_mark", None)
    if mark:
        return f"line {mark.line + 1}: {getattr(error, 'problem', '')}"
    # A character that no YAML may hold: of two lines the second is its place.
    return str(error).splitlines()[0]


def delimiter_of(text: str, needed: Iterable[str]) -> str:
    """Return what stands between the needed columns of a CSV, a comma if in doubt.

    Spreadsheets of many countries save a CSV with semicolons.

    Examples
    --------
    >>> delimiter_of("id;label;phrases", ["id", "phrases"])
    ';'
    """
    header = text.partition("\n")[0]
    for mark in _DELIMITERS:
        if set(needed) <= {name.strip('"\r') for name in header.split(mark)}:
            return mark
    return ","


def csv_rows(
    text: str,
    needed: Iterable[str],
    wrong: list[str],
    *,
    known: Container[str] = (),
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of every row of a CSV.

    `wrong` gains one message, with its line, for the header and each broken row. Any
    column may be there if none are `known`.
    """
    needed = tuple(needed)
    mark = delimiter_of(text, needed)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
    try:
        header = reader.fieldnames or ()
        missing = [name for name in needed if name not in header]
        unknown = [name for name in header if known and name not in known]
        if missing or unknown:
            told = "no column" if missing else "unknown column"
            wrong.append(f"line 1: {told} {', '.join(missing or unknown)}")
            return
        for row in reader:
            if None in row or None in row.values():
                told = "more or fewer cells than the header"
                wrong.append(f"line {reader.line_num}: {told}")
            else:
                yield reader.line_num, row
    except csv.Error as error:
        wrong.append(f"line {reader.reader.line_num}: {error}")


def refuse(file: str, wrong: Sequence[str]) -> None:
    """Raise the faults of a file in one error, at most ten of them."""
    if wrong:
        more = len(wrong) - _MOST_TOLD
        rest = [f"and {more} more"] if more > 0 else []
        raise TrialDataError(f"{file}, {'; '.join([*wrong[:_MOST_TOLD], *rest])}")


def data_text(name: str) -> str:
    """Return the text of a file that the package brings along in `data`."""
    return resources.files("trialkit").joinpath("data", name).read_text("utf-8")


def data_rows(name: str) -> Iterator[dict[str, str]]:
    """Return the rows of a CSV that the package brings along in `data`."""
    return csv.DictReader(data_text(name).splitlines())
