"""Tables of plain cells, written for both outputs by ourselves.

pandoc took three quarters of a supplement's time to write tables. A table whose cells
hold more than words, links and emphasis is left to it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trialkit.report.render.pandoc import Node

_EMPHASIS = {"Emph": ("em", "emph"), "Strong": ("strong", "strong")}
_ALIGNED = {"AlignRight": "right", "AlignCenter": "center", "AlignLeft": "left"}
_SIDES = {"right": "AlignRight"}
_BLANKS = re.compile(r"([ \t]+)")

_LONG_WORD = 18
_LONG = re.compile(rf"\S{{{_LONG_WORD + 1},}}")
_BREAK_AFTER = re.compile(r"(?:[/_,;:.)\]=&@|+-]|\w{12})(?=\w)")

#: Writes a run of text, emphasized text, or a link.
_Marks = Callable[[str, str, str], str]


class _NotPlain(Exception):
    """A cell holds what only pandoc can write."""


def table_node(form: Mapping[str, Any]) -> Node:
    """Return a table that came as data (`trialkit.tables.pieces.Form`) as a node."""
    none = ["", [], []]
    sides = [_SIDES.get(align, "AlignDefault") for align in form["aligns"]]
    columns = [
        [{"t": side}, {"t": "ColWidth", "c": width}]
        for side, width in zip(sides, form["widths"], strict=True)
    ]

    def row(cells: list[Any]) -> list[Any]:
        return [none, [_cell_node(cell) for cell in cells]]

    body = [none, 0, [], [row(cells) for cells in form["rows"]]]
    head = [none, [row(form["heads"])]]
    parts = [none, [None, []], columns, head, [body], [none, []]]
    return {"t": "Table", "c": parts}


def _cell_node(cell: list[Any]) -> list[Any]:
    inlines = [node for piece in cell for node in _inline_nodes(piece)]
    blocks = [{"t": "Plain", "c": inlines}] if inlines else []
    return [["", [], []], {"t": "AlignDefault"}, 1, 1, blocks]


def _inline_nodes(piece: Any) -> list[Node]:
    if isinstance(piece, str):
        words = [w for w in _BLANKS.split(piece) if w]
        return [{"t": "Space"} if w.isspace() else {"t": "Str", "c": w} for w in words]
    kind, text, *address = piece
    inside = _inline_nodes(text)
    if kind == "em":
        return [{"t": "Emph", "c": inside}]
    return [{"t": "Link", "c": [["", [], []], inside, [*address, ""]]}]


def html_table(table: Node) -> str | None:
    """Return a table as HTML, None if it is not plain."""
    return _written(table, _html_lines)


def typst_table(table: Node) -> str | None:
    """Return a table as Typst, None if it is not plain.

    A long word can break in a narrow column, and is still copied as it is.
    """
    return _written(table, _typst_lines)


def typst_words(text: str) -> str:
    """Return text as a Typst string in markup, character for character."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{inner}";'


def _written(table: Node, lines: Callable[..., Iterator[str]]) -> str | None:
    attributes, caption, columns, head, bodies, foot = table["c"]
    parts = [caption[1], head[0][2], *(body[2] for body in bodies), foot[1]]
    if attributes != ["", [], []] or any(parts) or len(head[1]) > 1:
        return None
    if any(width["t"] != "ColWidth" for _, width in columns):
        return None
    rows = [row for body in bodies for row in body[3]]
    try:
        return "\n".join(lines(columns, head[1], rows))
    except _NotPlain:
        return None


def _html_lines(columns: Any, heads: Any, rows: Any) -> Iterator[str]:
    sides = [_ALIGNED.get(align["t"], "") for align, _ in columns]
    styles = [f' style="text-align: {side};"' if side else "" for side in sides]
    yield "<table>\n<colgroup>"
    for _, width in columns:
        yield f'<col style="width: {_percent(width["c"])}" />'
    yield "</colgroup>"
    for row in heads:
        cells = zip(styles, _cells(row, _html_inline), strict=True)
        yield "<thead>\n<tr>"
        yield from (f'<th scope="col"{style}>{text}</th>' for style, text in cells)
        yield "</tr>\n</thead>"
    yield "<tbody>"
    for row in rows:
        cells = zip(styles, _cells(row, _html_inline), strict=True)
        yield f"<tr>{''.join(f'<td{style}>{text}</td>' for style, text in cells)}</tr>"
    yield "</tbody>\n</table>"


def _typst_lines(columns: Any, heads: Any, rows: Any) -> Iterator[str]:
    widths = ", ".join(_percent(width["c"]) for _, width in columns)
    sides = ", ".join(_ALIGNED.get(align["t"], "auto") for align, _ in columns)
    yield f"#table(columns: ({widths},), align: ({sides},),"
    for row in heads:
        yield f"table.header({_typst_cells(row)}), table.hline(),"
    for row in rows:
        yield f"{_typst_cells(row)},"
    yield ")"


def _typst_cells(row: Any) -> str:
    return ", ".join(f"[{text}]" for text in _cells(row, _typst_inline))


def _percent(share: float) -> str:
    return f"{round(100 * share, 2):g}%"


def _cells(row: Any, write: _Marks) -> Iterator[str]:
    for _, _, n_rows, n_columns, blocks in row[1]:
        if (n_rows, n_columns) != (1, 1) or len(blocks) > 1:
            raise _NotPlain
        if blocks and blocks[0]["t"] not in ("Plain", "Para"):
            raise _NotPlain
        yield _inlines(blocks[0]["c"], write) if blocks else ""


def _inlines(nodes: list[Node], write: _Marks) -> str:
    written: list[str] = []
    words: list[str] = []
    for node in nodes:
        kind = node["t"]
        if kind == "Str":
            words.append(node["c"])
        elif kind in ("Space", "SoftBreak"):
            words.append(" ")
        else:
            if words:
                written.append(write("", "".join(words), ""))
                words = []
            written.append(_marked(node, write))
    if words:
        written.append(write("", "".join(words), ""))
    return "".join(written)


def _marked(node: Node, write: _Marks) -> str:
    kind = node["t"]
    if kind in _EMPHASIS:
        return write(kind, _inlines(node["c"], write), "")
    if kind == "Link":
        attributes, inlines, (target, title) = node["c"]
        if attributes == ["", [], []] and not title:
            return write(kind, _inlines(inlines, write), target)
    raise _NotPlain


def _html_inline(kind: str, text: str, target: str) -> str:
    if kind == "Link":
        return f'<a href="{html.escape(target)}">{text}</a>'
    if kind:
        name = _EMPHASIS[kind][0]
        return f"<{name}>{text}</{name}>"
    return html.escape(text, quote=False)


def _typst_inline(kind: str, text: str, target: str) -> str:
    if kind == "Link":
        inner = typst_words(target)[1:-1]
        place = f"label({inner[:1]}{inner[2:]})" if target.startswith("#") else inner
        return f"#link({place})[{text}]"
    if kind:
        return f"#{_EMPHASIS[kind][1]}[{text}]"
    # At an empty box: a zero-width space would be copied with the text.
    parts = _LONG.sub(lambda word: _BREAK_AFTER.sub("\\g<0>\u200b", word[0]), text)
    return "#box();".join(map(typst_words, parts.split("\u200b")))
