"""Rows of a delimited file, also where its quotes are broken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

#: Rows that show the habits of a file before the first is read.
SAMPLE = 200
_DELIMITERS = (",", "\t", ";")
_LONGEST_FIELD = 1 << 26
_SIGNS = re.compile(r"[\W_]+")


def delimiter_of(line: str) -> str:
    """Return the delimiter of a header line: comma, tab or semicolon."""
    return max(_DELIMITERS, key=lambda mark: len(split_row(line, mark)))


def split_row(row: str, delimiter: str) -> list[str]:
    """Return the table cells of one row, quotes removed."""
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        parsed = next(csv.reader([row.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:  # a line end outside quotes: the first line is what there is
        parsed = row.splitlines()[0].split(delimiter)
    return [text.strip() for text in parsed]


def plain_name(column: str) -> str:
    """Return a column's name in lower case, all signs as blanks.

    R writes `NCT.Number`, its `clean_names` `nct_number`.
    """
    return _SIGNS.sub(" ", column.lower()).strip()


def lines_of(handle: BinaryIO) -> Iterator[str]:
    """Yield the lines of a UTF-8 file with their ends, without a byte order mark."""
    for number, line in enumerate(handle):
        text = line.decode("utf-8", "replace")
        yield text.removeprefix("\ufeff") if number == 0 else text


def header_of(head: bytes) -> str:
    """Return the first row in the beginning of a file, "" if it is empty."""
    return next(rows(lines_of(io.BytesIO(head))), "")


def rows(lines: Iterable[str], start: re.Pattern[str] | None = None) -> Iterator[str]:
    """Yield rows with their quotes, without empty lines.

    Lines are joined while a quote is open. A line that looks like the `start` of a row
    ends the row before it, so that a quote never closed does not swallow the rest.
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


def parsed(
    body: Iterable[str], delimiter: str
) -> tuple[list[list[str]], Iterator[tuple[str, list[str]]]]:
    """Return the table cells of the first rows, and every row with its table cells."""
    pairs = ((row, split_row(row, delimiter)) for row in body)
    first = list(islice(pairs, SAMPLE))
    return [values for _, values in first], chain(first, pairs)


def misfit(values: Sequence[str], n_columns: int) -> str | None:
    """Return why table cells do not fit the columns, or None; empty ones may follow."""
    if len(values) < n_columns or any(values[n_columns:]):
        return f"the row has {len(values)} cells for {n_columns} columns"
    return None
