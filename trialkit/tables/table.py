"""A table for notebook, HTML and PDF: a frame of data, and its cells as Markdown.

Cells are written as pipe tables, which JupyterLab, Quarto and pandoc all read. The
dashes under the header give the columns' relative widths, so that long cells wrap in
HTML and PDF alike. Text of records passes `markdown_text` on its way into a cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple, ParamSpec

import pandas as pd

from trialkit.dates import as_day
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import QUARTILES_FROM, number
from trialkit.summarize.wording import NOT_STATED, word

P = ParamSpec("P")
#: Dashes under the whole header: longer than pandoc's line, so that widths count.
_DASHES = 100
_CLINICALTRIALS_GOV = re.compile(r"NCT\d{8}")
#: Mark of a value on which sources differ.
DAGGER = "†"
MISSING_NOTE = f"{MISSING}: not stated in any source."
#: A basket trial names sixty conditions, a large one forty countries: the row would
#: fill a page.
MOST_LISTED = 8
_LONGEST_LIST = 160
#: One row of a frame by column, missing values as None.
Row = dict[str, Any]


class Column(NamedTuple):
    """Header, relative width, content and alignment of one column.

    The content is the name of a field that `cell` shows, or makes the cell of a row.
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
        Markdown: what is shown, unit, N, exclusions, cut-off, how missing is shown.
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
    """

    label: str
    caption: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    is_wide: bool = False
    empty_text: str = "Nothing to list."

    def markdown(self) -> str:
        """Return the table as Markdown, notes below, without caption."""
        if not self.rows:
            return self.empty_text
        return "\n\n".join([pipe_table(self.columns, self.rows), *self.notes])

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
    as_of: Day | None,
    rows: pd.DataFrame | Iterable[Row] | None = None,
    notes: tuple[str, ...] = (MISSING_NOTE,),
    is_wide: bool = False,
    empty_text: str = "No trials.",
) -> Table:
    """Return a table of the rows of `frame`, or of `rows` where those are others.

    The cut-off ends the caption.
    """
    shown = frame if rows is None else rows
    listed = records(shown) if isinstance(shown, pd.DataFrame) else shown
    return Table(
        label=label,
        caption=caption if as_of is None else f"{caption} {cut_off(as_of)}",
        frame=frame,
        columns=columns,
        rows=tuple(tuple(column.cell(row) for column in columns) for row in listed),
        notes=notes,
        is_wide=is_wide,
        empty_text=empty_text,
    )


def pipe_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """Return cells as a pipe table whose dashes give the columns' relative widths."""
    lines = [_line(column.header for column in columns), _line(_rule(columns))]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _rule(columns: Sequence[Column]) -> list[str]:
    total = sum(column.width for column in columns)
    made = []
    for column in columns:
        dashes = "-" * max(3, round(_DASHES * column.width / total))
        made.append(f"{dashes[:-1]}:" if column.align == "right" else dashes)
    return made


def cell(value: Any) -> str:
    """Return one value as the Markdown of a cell, missing as a muted "ns"."""
    if is_missing(value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return markdown_text(value)


def stated(text: str | None) -> str:
    """Return words of a label as a cell, "Not stated" too as a muted "ns"."""
    is_stated = not is_missing(text) and text != NOT_STATED
    return markdown_text(text) if is_stated else MISSING


def coded(code: str | None, column: str) -> str:
    """Return a registry code as a cell in the words that readers see."""
    return stated(word(code, column))


def field_value(value: str | None, field: str | None, *, longest: int) -> str:
    """Return a value of any field as a cell: a code in words, a long text cut."""
    if is_missing(value):
        return MISSING
    return markdown_text(cut_words(word(value, field or ""), longest))


def cut_words(text: str, longest: int) -> str:
    """Return a text, cut at a space and marked where it is longer than `longest`."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def listed(text: str | None) -> str:
    """Return a list as a cell; of a long one its first parts and how many more."""
    parts = [] if is_missing(text) else str(text).split("; ")
    shown = _first_parts(parts)
    more = len(parts) - len(shown)
    if more > 1:
        return f"{cell('; '.join(shown))}; *{more} more*"
    return cell(text)


def _first_parts(parts: list[str]) -> list[str]:
    """Return the parts that a narrow column has room for, one at least."""
    lengths = accumulate(len(part) for part in parts)
    n = sum(length <= _LONGEST_LIST for length in lengths)
    return parts[: max(1, min(n, MOST_LISTED))]


def is_missing(value: Any) -> bool:
    """Return whether a value is missing or an empty text."""
    return value is None or value is pd.NA or value == "" or bool(pd.isna(value))


def stack(*parts: str) -> str:
    """Return several pieces of Markdown as one cell, empty ones left out."""
    return "; ".join(part for part in parts if part)


def linked(row: Row) -> str:
    """Return the trial of a row as a link."""
    return trial_link(row["trial_id"])


def trial_link(trial_id: str) -> str:
    """Return a trial's id as a link to its register, where the register is known."""
    shown = markdown_text(trial_id)
    if _CLINICALTRIALS_GOV.fullmatch(str(trial_id)):
        return f"[{shown}](https://clinicaltrials.gov/study/{trial_id})"
    return shown


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dicts, missing values of any kind as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")  # type: ignore[return-value]


def first_rows(frame: pd.DataFrame, limit: int | None) -> tuple[pd.DataFrame, str]:
    """Return the rows that a table shows, and the caption's words on the others.

    A table of thousands of rows helps nobody in print; its data file has them all.
    """
    if limit is None or len(frame) <= limit:
        return frame, ""
    rest = f" The first {limit:,} rows are shown; the data file holds all."
    return frame.head(limit), rest


def cut_off(as_of: Day) -> str:
    """Return the sentence on the data cut-off that ends every caption."""
    return f"Data cut-off {as_day(as_of):%Y-%m-%d}."


#: Stand under every table with quartiles or ranges.
SPREAD_NOTES = (MISSING_NOTE, "–: no number, or too few.")


def quartiles(row: Row, n: int) -> str:
    """Return the quartiles of `n` numbers as a range, a dash where they are too few."""
    return pair(row["q1"], row["q3"]) if n >= QUARTILES_FROM else "–"


def pair(low: float | None, high: float | None) -> str:
    """Return two numbers as a range, a dash where there is none."""
    if is_missing(low):
        return "–"
    return number(low) if low == high else f"{number(low)} to {number(high)}"
