"""Rows of a delimited file, also where its quotes are broken."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

_DELIMITERS = (",", "\t", ";")
_LONGEST_FIELD = 1 << 26


def delimiter_of(line: str) -> str:
    """Return what separates the cells of a header line: comma, tab or semicolon."""
    return max(_DELIMITERS, key=lambda mark: len(cells(line, mark)))


def cells(row: str, delimiter: str = ",") -> list[str]:
    """Return the cells of one row, quotes removed."""
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        parsed = next(csv.reader([row.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:  # a line end outside quotes: the first line is what there is
        parsed = row.splitlines()[0].split(delimiter)
    return [cell.strip() for cell in parsed]


def lines_of(handle: BinaryIO) -> Iterator[str]:
    """Yield the lines of a UTF-8 file with their ends, without a byte order mark."""
    for number, line in enumerate(handle):
        text = line.decode("utf-8", "replace")
        yield text.removeprefix("\ufeff") if number == 0 else text


def rows(lines: Iterable[str], start: re.Pattern[str] | None = None) -> Iterator[str]:
    """Yield whole rows: lines joined while a quote stands open.

    A quote that is never closed would swallow every row after it. So a line that looks
    like the beginning of a row ends the row before it, open quote or not.

    Parameters
    ----------
    lines
        Lines with their ends.
    start
        What the beginning of a row looks like, where the file tells.

    Yields
    ------
    str
        One row, still with its quotes; empty lines between rows are left out.
    """
    held: list[str] = []
    is_open = False
    for line in lines:
        if is_open and start and start.match(line):
            yield "".join(held)
            held, is_open = [], False
        if not held and not line.strip():
            continue
        held.append(line)
        is_open ^= line.count('"') % 2 == 1
        if not is_open:
            yield "".join(held)
            held = []
    if held:
        yield "".join(held)
