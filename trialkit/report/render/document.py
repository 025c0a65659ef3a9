"""From the Markdown of a report to one tree with numbers and references resolved.

Both outputs are written from it, so that "Figure 3" is the same in both. It has five
node types of our own, which a writer replaces:

* `TkFigure`: `{"label", "number", "title", "caption", "image"}`
* `TkTable`: `{"label", "number", "title", "caption", "content"}`
* `TkCallout`: `{"kind", "title", "content"}`
* `TkTurned`: `{"content"}`, a turned page in print
* `TkPair`: `{"content"}`, figures, or a text and a figure, in two columns
* `TkCompact`: `{"content"}`, a table that is set small and close in print
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from trialkit.errors import ReportError
from trialkit.report.render.assemble import (
    CAPTION,
    FIGURE,
    MIMES,
    ROWS,
    TABLE,
    Assembled,
    Image,
)
from trialkit.report.render.pandoc import Node, read_markdown, rewrite, text_of, walk
from trialkit.report.render.tables import table_node

_PREFIX = {"fig": "Figure", "tbl": "Table", "sec": "Section"}
_LABEL = re.compile(r"(fig|tbl|sec)-")
# Blocks that can hold headings, figures and tables.
_HOLD_BLOCKS = frozenset(
    ("Div", "BlockQuote", "BulletList", "OrderedList", "DefinitionList")
) | {"TkTurned", "TkCallout", "TkPair", "TkCompact"}
_ID = re.compile(r"[^\W\d_][\w.-]*")
_CALLOUTS = ("note", "tip", "warning", "caution", "important")
# Position of `[id, classes, attributes]` in the content of a node.
_WITH_ATTRIBUTES = {"Header": 1} | dict.fromkeys(
    ("Div", "Span", "Code", "CodeBlock", "Link", "Image", "Figure", "Table"), 0
)
_LINK_SCHEMES = ("http:", "https:", "mailto:", "#")


@dataclass(frozen=True)
class Document:
    """The tree of a report, its images by key, and its numbers by label."""

    blocks: list[Node]
    images: Mapping[str, Image]
    numbers: Mapping[str, str]


def build(assembled: Assembled, *, folder: Path) -> Document:
    """Return the tree of a report with every number and reference resolved."""
    images = dict(assembled.images)
    blocks = read_markdown("\n\n".join(assembled.parts))
    blocks = rewrite(blocks, _Settle(images, assembled.tables, folder))
    numbers = _number(blocks)
    return Document(rewrite(blocks, _References(numbers)), images, numbers)


def string(text: str) -> Node:
    """Return text as one inline."""
    return {"t": "Str", "c": text}


def _make_safe(node: Node) -> list[Node] | None:
    """Turn active content into plain text."""
    kind, content = node["t"], node.get("c", [])
    if kind == "RawInline":
        return [{"t": "Code", "c": [["", [], []], content[1]]}]
    if kind == "RawBlock":
        return [{"t": "CodeBlock", "c": [["", [], []], content[1]]}]
    if kind == "Link":
        target = content[2][0]
        outward = re.match(r"[^/?#]*:", target)
        if outward and not target.lower().startswith(_LINK_SCHEMES):
            return content[1]
    if kind in _WITH_ATTRIBUTES:
        attributes = content[_WITH_ATTRIBUTES[kind]]
        attributes[2] = [
            pair
            for pair in attributes[2]
            if not pair[0].lower().startswith(("on", "style", "typst:"))
        ]
    return None


class _Settle:
    """Convert nodes to our own types and make them safe, in one pass."""

    def __init__(
        self, images: dict[str, Image], tables: Mapping[str, Any], folder: Path
    ) -> None:
        self.images = images
        self.tables = tables
        self.folder = folder
        self.open_levels: list[int] = []

    def __call__(self, node: Node) -> list[Node] | None:
        if (text := _make_safe(node)) is not None:
            return text
        kind = node["t"]
        if kind == "Header":
            return [self._heading(node)]
        if kind == "Div":
            return self._div(node["c"])
        if kind == "Image":
            _, alt, (target, _) = node["c"]
            attributes = dict(node["c"][0][2])
            self._load(target, attributes.get("fig-alt") or text_of(alt))
        elif kind == "Figure":
            (label, _, _), (_, caption), content = node["c"]
            return [_figure(label, caption, content)]
        elif kind == "Table" and node["c"][0][0].startswith("tbl-"):
            label, caption = node["c"][0][0], node["c"][1][1]
            bare = {"t": "Table", "c": [["", [], []], [None, []], *node["c"][2:]]}
            return [_table(label, caption, [bare])]
        return None

    def _heading(self, node: Node) -> Node:
        """Close a gap between heading levels, which PDF/UA forbids."""
        level = node["c"][0]
        while self.open_levels and self.open_levels[-1] >= level:
            self.open_levels.pop()
        self.open_levels.append(level)
        return {"t": "Header", "c": [len(self.open_levels), *node["c"][1:]]}

    def _div(self, content: list[Any]) -> list[Node] | None:
        (label, classes, attributes), blocks = content
        if FIGURE in classes or TABLE in classes:
            make = _figure if FIGURE in classes else _table
            box = make(label, blocks[0]["c"][1], blocks[1:])
            if "compact" in classes:
                return [{"t": "TkCompact", "content": [box]}]
            return [_turned([box])] if "landscape" in classes else [box]
        if CAPTION in classes:
            return None
        if ROWS in classes and (form := self.tables.get(text_of(blocks))):
            return rewrite([table_node(form)], _make_safe)
        if "pair" in classes:
            return [{"t": "TkPair", "content": blocks}]
        for name in _CALLOUTS:
            if f"callout-{name}" in classes:
                return [_callout(name, dict(attributes), blocks)]
        return [_turned(blocks)] if "landscape" in classes else None

    def _load(self, target: str, alt: str) -> None:
        if image := self.images.get(target):
            self.images[target] = replace(image, alt=image.alt or alt)
            return
        ending = Path(target).suffix.lower()[1:]
        if re.match(r"[a-z]+:|//", target) or ending not in MIMES:
            raise ReportError(
                f"image {target}: a report holds local SVG, PNG or JPEG files only"
            )
        try:
            data = (self.folder / target).read_bytes()
        except OSError as error:
            raise ReportError(f"image {target}: {error.strerror}") from None
        name = f"image-{len(self.images) + 1}.{ending}"
        self.images[target] = Image(name, MIMES[ending], data, alt)


def _figure(label: str, caption: list[Node], content: list[Node]) -> Node:
    images = [node["c"][2][0] for node in walk(content) if node["t"] == "Image"]
    if len(images) != 1:
        raise ReportError(f"{label or 'a figure'} holds {len(images)} images, not one")
    return _exhibit("TkFigure", label, caption, image=images[0])


def _table(label: str, caption: list[Node], content: list[Node]) -> Node:
    if not any(node["t"] == "Table" for node in content):
        raise ReportError(f"{label} holds no table")
    return _exhibit("TkTable", label, caption, content=content)


def _exhibit(kind: str, label: str, caption: list[Node], **shown: Any) -> Node:
    told = _caption(label, caption)
    return {"t": kind, "label": label, **told, **shown, "number": ""}


def _turned(content: list[Node]) -> Node:
    return {"t": "TkTurned", "content": content}


def _callout(kind: str, attributes: Mapping[str, str], blocks: list[Node]) -> Node:
    title: list[Node] = [string(attributes.get("title", kind.capitalize()))]
    if "title" not in attributes and blocks and blocks[0]["t"] == "Header":
        title, blocks = blocks[0]["c"][2], blocks[1:]
    return {"t": "TkCallout", "kind": kind, "title": title, "content": blocks}


def _caption(label: str, blocks: list[Node]) -> dict[str, list[Node]]:
    """Return title and caption; a title is what the caption begins with in bold."""
    inlines = _inlines(label, blocks)
    if not inlines or inlines[0]["t"] != "Strong":
        return {"title": [], "caption": inlines}
    rest = inlines[1:]
    while rest and rest[0]["t"] in ("Space", "SoftBreak"):
        rest = rest[1:]
    return {"title": inlines[0]["c"], "caption": rest}


def _inlines(label: str, blocks: list[Node]) -> list[Node]:
    """Return the inlines of a caption, with a space between its paragraphs."""
    if other := [block["t"] for block in blocks if block["t"] not in ("Para", "Plain")]:
        raise ReportError(
            f"the caption of {label or 'a figure'} is no line of text but a {other[0]}"
        )
    inlines: list[Node] = []
    for block in blocks:
        inlines += [*([{"t": "Space"}] if inlines else []), *block["c"]]
    return inlines


def _number(blocks: list[Node]) -> dict[str, str]:
    """Give headings, figures and tables numbers; return these by label."""
    numbers: dict[str, str] = {}
    counts = {"TkFigure": 0, "TkTable": 0}
    levels: list[int] = []
    for node in _blocks(blocks):
        kind = node["t"]
        if kind in counts:
            label = node["label"]
            if not label:
                continue
            counts[kind] += 1
            node["number"] = number = str(counts[kind])
        elif kind == "Header":
            level, (label, classes, _), title = node["c"]
            levels, number = _section_number(levels, level, classes)
            node["number"] = number
            number = number or text_of(title)
        else:
            continue
        if kind == "Header" and label in numbers and not _LABEL.match(label):
            # A figure may be labelled with the words of the heading.
            label = next(
                f"{label}-{n}" for n in count(1) if f"{label}-{n}" not in numbers
            )
            node["c"][1][0] = label
        if label in numbers:
            raise ReportError(f"the label {label} stands twice in the report")
        if label and not _ID.fullmatch(label):
            raise ReportError(
                f"the label {label!r} holds more than letters, 0-9, - _ ."
            )
        if label:
            numbers[label] = number
    return numbers


def _blocks(nodes: Iterable[Any]) -> Iterator[Node]:
    """Yield blocks in the order of the text, without what is inside a table."""
    for node in nodes:
        if isinstance(node, list):
            yield from _blocks(node)
        elif isinstance(node, dict) and "t" in node:
            yield node
            if node["t"] in _HOLD_BLOCKS:
                yield from _blocks(node["content"] if "content" in node else node["c"])


def _section_number(
    levels: list[int], level: int, classes: Iterable[str]
) -> tuple[list[int], str]:
    if "unnumbered" in classes:
        return levels, ""
    levels = (levels + [0] * level)[:level]
    levels[-1] += 1
    return levels, ".".join(map(str, levels))


class _References:
    """Replace `@fig-x` by a link that reads "Figure 1"."""

    def __init__(self, numbers: Mapping[str, str]) -> None:
        self.numbers = numbers

    def __call__(self, node: Node) -> list[Node] | None:
        if node["t"] != "Cite":
            return None
        citations, as_written = node["c"]
        # Any other word after an @ is an address or a handle.
        if not any(_LABEL.match(item["citationId"]) for item in citations):
            return as_written
        inlines: list[Node] = []
        for item in citations:
            inlines += [*([string(", ")] if inlines else []), *self._one(item)]
        return inlines

    def _one(self, item: Mapping[str, Any]) -> list[Node]:
        label = item["citationId"]
        if label not in self.numbers:
            raise ReportError(
                f"@{label} refers to nothing; labels are"
                f" {', '.join(sorted(filter(_LABEL.match, self.numbers))) or 'none'}"
            )
        number = string(self.numbers[label])
        prefix: list[Node] = item["citationPrefix"]
        if not prefix and item["citationMode"]["t"] != "SuppressAuthor":
            word = _PREFIX[label.split("-")[0]]
            # Number and word stay on one line.
            number = string(f"{word}\u00a0{self.numbers[label]}")
        elif prefix:
            prefix = [*prefix, {"t": "Space"}]
        suffix: list[Node] = item["citationSuffix"]
        target = ["#" + label, ""]
        return [{"t": "Link", "c": [["", [], []], [*prefix, number], target]}, *suffix]
