"""Print layout: what stays together, what is turned, how wide columns are."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from trialkit.report.render.pandoc import Node, rewrite, text_of

# Characters of small print in a line across an upright page, and a turned one.
_LINE_LENGTH = 108
_TURNED_LENGTH = 166
# Where a table is set small and close.
_COMPACT_LENGTH = 140

# Space between columns in characters; words that cannot be hyphenated; their longest.
_GUTTER = 2.5
_SOLID, _DIGIT = re.compile(r"[^\s/]+"), re.compile(r"\d")
_LONGEST_SOLID = 18

# Most lines of a table that stays on one page, and of one that is not turned, because
# it would leave the turned page empty.
_WHOLE_TABLE = 16
_UPRIGHT_TABLE = 36
_UPRIGHT_COLUMNS = 9

# Most lines of a row that does not break across pages.
_WHOLE_ROW = 30


def arrange(
    blocks: list[Node], *, is_landscape: bool = False, tall: Container[str] = ()
) -> list[Node]:
    """Return the blocks of a report as they are printed.

    Neighbors share turned pages together with their headings; a short table stays
    upright. Among turned pages a high figure (its key in `tall`) stands in a
    `TkUpright`: `{"content"}`. Columns fit their longest number or date where possible.
    A `TkHold` holds what must not end a page: `{"content"}`.
    """
    arranged: list[Node] = []
    for block in blocks:
        if block["t"] == "TkTurned" and _fits_upright(block["content"]):
            arranged.extend(block["content"])
        elif block["t"] == "TkTurned":
            _append_page(arranged, "TkTurned", block["content"])
        elif is_landscape and block["t"] == "TkFigure" and block["image"] in tall:
            _append_page(arranged, "TkUpright", [block])
        else:
            arranged.append(block)
    return _hold([_fit_columns(block, is_landscape) for block in arranged])


def _append_page(arranged: list[Node], kind: str, content: list[Node]) -> None:
    """Add a page of its own, with its headings, or join it with a like neighbor."""
    while arranged and arranged[-1]["t"] == "Header":
        content = [arranged.pop(), *content]
    if arranged and arranged[-1]["t"] == kind:
        content = [*arranged.pop()["content"], *content]
    arranged.append({"t": kind, "content": content})


def unbroken(table: Node) -> str:
    """Return what of a table stays on one page: `table`, `rows` or nothing."""
    lines = _row_lines(table)
    if sum(lines) <= _WHOLE_TABLE:
        return "table"
    return "rows" if max(lines) <= _WHOLE_ROW else ""


def _hold(blocks: list[Node]) -> list[Node]:
    """Box what leads on to the next block, to stay with it."""
    held = list(blocks)
    for position, block in enumerate(blocks[:-1]):
        after_heading = position and blocks[position - 1]["t"] == "Header"
        to_figure = blocks[position + 1]["t"] in (
            *("TkFigure", "TkPair", "TkTable", "TkCompact", "Table"),
        )
        if block["t"] == "Para" and (
            _leads_on(block["c"]) or (after_heading and to_figure)
        ):
            held[position] = {"t": "TkHold", "content": [block]}
    return held


def _leads_on(inlines: list[Node]) -> bool:
    only_bold = len(inlines) == 1 and inlines[0]["t"] == "Strong"
    return only_bold or text_of(inlines[-1:]).endswith(":")


def _fits_upright(blocks: list[Node]) -> bool:
    tables = [
        node
        for block in blocks
        for node in (block["content"] if block["t"] == "TkTable" else [block])
        if node["t"] == "Table"
    ]
    return bool(tables) and all(
        len(table["c"][2]) <= _UPRIGHT_COLUMNS
        and sum(_row_lines(table)) <= _UPRIGHT_TABLE
        for table in tables
    )


def _fit_columns(block: Node, is_landscape: bool) -> Node:
    wide = is_landscape or block["t"] == "TkTurned"
    length = _TURNED_LENGTH if wide else _LINE_LENGTH
    length = _COMPACT_LENGTH if block["t"] == "TkCompact" else length

    def fit(node: Node) -> list[Node] | None:
        if node["t"] != "Table" or node["c"][2][0][1]["t"] != "ColWidth":
            return None
        attributes, caption, columns, *rest = node["c"]
        given = [width["c"] for _, width in columns]
        shares = _shares(given, _needs(node, length))
        fitted = [
            [align, {"t": "ColWidth", "c": share}]
            for (align, _), share in zip(columns, shares, strict=True)
        ]
        return [{"t": "Table", "c": [attributes, caption, fitted, *rest]}]

    return rewrite([block], fit)[0]


def _needs(table: Node, length: float) -> list[float]:
    """Return the share of a line that each column needs for its longest word."""
    longest = [0] * len(table["c"][2])
    for row in _rows(table):
        for column, table_cell in enumerate(row[1][: len(longest)]):
            for word in filter(_DIGIT.search, _SOLID.findall(text_of(table_cell[4]))):
                longest[column] = max(longest[column], len(word))
    return [(min(n, _LONGEST_SOLID) + _GUTTER) / length for n in longest]


def _shares(given: list[float], needs: list[float]) -> list[float]:
    """Widen columns to their needs at the cost of others."""
    pairs = list(zip(given, needs, strict=True))
    lack = sum(max(0.0, need - share) for share, need in pairs)
    spare = sum(max(0.0, share - need) for share, need in pairs)
    if not 0 < lack <= spare:
        return given
    return [
        need if share < need else share - (share - need) * lack / spare
        for share, need in pairs
    ]


def _rows(table: Node) -> list[Any]:
    return [row for body in table["c"][4] for row in body[3]]


def _row_lines(table: Node) -> list[float]:
    """Estimate the lines of each row on an upright page."""
    columns = table["c"][2]
    lengths = [
        _LINE_LENGTH * (width["c"] if width["t"] == "ColWidth" else 1 / len(columns))
        for _, width in columns
    ]
    rows = (zip(row[1], lengths, strict=False) for row in _rows(table))
    # Lines are seldom full.
    filled = (
        (1.2 * len(text_of(cell[4])) / length for cell, length in r) for r in rows
    )
    return [max([1.0, *lines]) for lines in filled]
