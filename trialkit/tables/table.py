"""A table for notebook, HTML and PDF: a frame of data, and its cells as Markdown.

A pipe table is what JupyterLab, Quarto and pandoc all read. The dashes under its header
set the relative widths of its columns, so that long cells wrap in HTML and PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, ParamSpec, cast

import pandas as pd

from trialkit.tables.content import Row, cell, records
from trialkit.tables.pieces import Form, Piece, pieces

P = ParamSpec("P")
#: Dashes under the whole header: longer than pandoc's line, so that widths count.
_DASHES = 100


class Column(NamedTuple):
    """Header, relative width, content and alignment of one column.

    The content is a column of the frame, or a function from a row to its cell.
    """

    header: str
    width: float = 1.0
    content: str | Callable[[Row], str] = ""
    align: str = "left"

    def cell(self, row: Row) -> str:
        """Return the cell of one row."""
        content = self.content
        return cell(row[content]) if isinstance(content, str) else content(row)


def numbers(header: str, width: float, content: str | Callable[[Row], str]) -> Column:
    """Return a column whose cells are aligned to the right."""
    return Column(header, width, content, "right")


@dataclass(frozen=True)
class Table:
    """One table of the report.

    `frame` is the data behind it; `rows` are the same facts as readers see them, each
    cell a piece of Markdown. `label` and `caption` are for the renderer, which numbers
    the table.

    Parameters
    ----------
    label
        What refers to the table, e.g. `tbl-trials`.
    caption
        Markdown: what is shown, unit, N, exclusions, how missing is shown.
    frame
        The data, one row per thing that is listed.
    columns, rows
        Headers and cells.
    notes
        Footnotes, printed under the table.
    is_wide
        Whether the table wants a landscape page.
    empty_text
        The sentence that stands for a table without rows.
    is_compact
        Whether each row is one short line, set small and close in print.
    details
        What stands behind each row on the HTML page, in a data file of its own.
    """

    label: str
    caption: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    is_wide: bool = False
    empty_text: str = "Nothing to list."
    is_compact: bool = False
    details: pd.DataFrame | None = None

    def markdown(self) -> str:
        """Return the table as Markdown, notes below, without caption."""
        if not self.rows:
            return self.empty_text
        return "\n\n".join([pipe_table(self.columns, self.rows), *self.notes])

    def form(self) -> Form | None:
        """Return the rows as data; None where there are none, or not plain ones."""
        return form_of(self.columns, self.rows) if self.rows else None

    def _repr_markdown_(self) -> str:
        return self.markdown()


#: Rows of a long table that a report shows, by name; the data file holds all.
LIMITS: dict[str, int] = {}


def limited(rows: int) -> Callable[[Callable[P, Table]], Callable[P, Table]]:
    """Register how many rows of a long table a report shows."""

    def register(make: Callable[P, Table]) -> Callable[P, Table]:
        LIMITS[make.__name__] = rows
        return make

    return register


def table_of(
    label: str,
    caption: str,
    frame: pd.DataFrame,
    *columns: Column,
    rows: pd.DataFrame | Iterable[Row] | None = None,
    notes: tuple[str, ...] = (),
    is_wide: bool = False,
    empty_text: str = "No trials.",
    is_compact: bool = False,
    details: pd.DataFrame | None = None,
) -> Table:
    """Return a table of `frame` that shows its rows, or `rows` in their place."""
    shown = frame if rows is None else rows
    listed = records(shown) if isinstance(shown, pd.DataFrame) else shown
    table_cells = tuple(tuple(column.cell(row) for column in columns) for row in listed)
    return Table(
        *(label, caption, frame, columns, table_cells, notes, is_wide, empty_text),
        is_compact=is_compact,
        details=details,
    )


def pipe_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """Return cells as a pipe table whose dashes give the columns' relative widths."""
    rule = [
        f"{'-' * (n - 1)}:" if column.align == "right" else "-" * n
        for column, n in zip(columns, _dashes(columns), strict=True)
    ]
    lines = [[column.header for column in columns], rule, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def form_of(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Form | None:
    """Return what `pipe_table` writes, as data; None where a cell is not plain."""
    dashes = _dashes(columns)
    heads, *body = (
        [pieces(text) for text in row]
        for row in [[column.header for column in columns], *rows]
    )
    if any(cell is None for row in (heads, *body) for cell in row):
        return None
    return Form(
        heads=cast(list[list[Piece]], heads),
        widths=[n / sum(dashes) for n in dashes],
        aligns=[column.align for column in columns],
        rows=cast(list[list[list[Piece]]], body),
    )


def _dashes(columns: Sequence[Column]) -> list[int]:
    total = sum(column.width for column in columns)
    return [max(3, round(_DASHES * column.width / total)) for column in columns]


def first_rows(frame: pd.DataFrame, limit: int | None) -> tuple[pd.DataFrame, str]:
    """Return the rows that a table shows, and the caption's words on the others."""
    if limit is None or len(frame) <= limit:
        return frame, ""
    rest = f" The first {limit:,} rows are shown; the data file holds all."
    return frame.head(limit), rest
