"""From the tree of a report to a PDF by Typst, with embedded fonts only."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any, cast

from trialkit import brand
from trialkit.atomic import scratch_folder
from trialkit.errors import MissingExtraError, ReportError
from trialkit.escape import typst_string
from trialkit.report.render.assemble import Image
from trialkit.report.render.cover import Cover
from trialkit.report.render.document import Document
from trialkit.report.render.fonts import SYMBOLS, copy_fonts
from trialkit.report.render.glyphs import (
    Glyphs,
    find_glyphs,
    note_on,
    spell_nodes,
    symbols,
)
from trialkit.report.render.layout import arrange, unbroken
from trialkit.report.render.pandoc import Node, rewrite, write
from trialkit.report.render.svg import svg_size
from trialkit.report.render.tables import typst_table, typst_words

#: PDF/UA-1: tagged, with alt texts, title and language.
_STANDARD = "ua-1"
_SVG = "image/svg+xml"

# Points that caption and heading leave on turned Letter paper.
_TALL = 340

# Words that are not markup to Typst, which changes `-?`, `-5`, `...`, `--` and quotes.
# All others are passed as strings.
_PLAIN_WORD = re.compile(r"(?:\w|[,()%]|\.(?!\.))*")

#: A link to a data file: a printed page has no use for it.
_DATA_FILE = re.compile(r"-data/[a-z0-9-]+\.csv$")

# Functions of report.typ that keep something on one page.
_BOXES = {"table": "unbroken", "rows": "whole-rows"}
_PLACES = {
    "TkTurned": "turned",
    "TkUpright": "upright",
    "TkHold": "lead-on",
    "TkCompact": "compact",
}


def write_pdf(document: Document, cover: Cover) -> bytes:
    """Return the report as a PDF/UA-1 file, dated by its data cut-off alone."""
    try:
        import typst
    except ImportError:
        raise MissingExtraError(
            'typst is missing; install it with: pip install "trialkit[report]"'
        ) from None
    stamp = datetime.combine(cover.date, time(), UTC) if cover.date else None
    sources, glyphs = _sources(document, cover)
    with scratch_folder("print") as folder:
        copy_fonts(folder, glyphs.files)
        _write_photographs(document, folder)
        try:
            return typst.compile(
                # The stub lacks the documented form of files by name.
                cast(Any, sources),
                format="pdf",
                root=str(folder),
                font_paths=[str(folder)],
                ignore_system_fonts=True,
                pdf_standards=[_STANDARD],
                timestamp=stamp,
            )
        except typst.TypstError as error:
            raise ReportError(f"typst: {error}") from error


def _sources(document: Document, cover: Cover) -> tuple[dict[str, bytes], Glyphs]:
    """Return the input files of Typst and the further fonts that they need."""
    settings = print_settings(cover)
    tall = frozenset(k for k, image in document.images.items() if _is_tall(image))
    blocks = arrange(document.blocks, is_landscape=cover.landscape, tall=tall)
    body = _written(document, blocks)
    drawings = {
        image.name: image.data.decode("utf-8")
        for image in document.images.values()
        if image.mime == _SVG
    }
    shown = json.dumps(settings, ensure_ascii=False)
    glyphs = find_glyphs([body, shown, *drawings.values()])
    if glyphs.missing:
        note = [note_on(glyphs.untold)] if glyphs.untold else []
        body = _written(document, [*spell_nodes(blocks, glyphs.spell), *note])
        shown = glyphs.spell(shown)
    fonts = {"fonts": [*settings["fonts"], *glyphs.families]}
    template = files("trialkit.report.render") / "assets" / "report.typ"
    main = f'#import "report.typ": *\n#show: report.with(json("report.json"))\n\n{body}'
    sources = {
        "main.typ": main.encode("utf-8"),
        "report.typ": template.read_bytes(),
        "report.json": json.dumps(json.loads(shown) | fonts).encode("utf-8"),
    }
    for name, drawing in drawings.items():
        sources[name] = _with_symbol_font(glyphs.spell(drawing)).encode("utf-8")
    return sources, glyphs


def _write_photographs(document: Document, folder: Path) -> None:
    """Write PNG and JPEG files, which Typst takes from a folder only."""
    for image in document.images.values():
        place = (folder / image.name).resolve()
        if image.mime != _SVG and place.is_relative_to(folder.resolve()):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(image.data)


def _is_tall(image: Image) -> bool:
    """Return whether an image would have to shrink on a turned page."""
    sides = svg_size(image.data) if image.mime == _SVG else None
    return sides is not None and sides[1] > _TALL


def _written(document: Document, blocks: list[Node]) -> str:
    # Every word must be printed character for character.
    literal = rewrite(rewrite(blocks, _TypstWriter(document)), _literal, words=True)
    return write(literal, "-t", "typst-smart", "--wrap=none")


def _literal(node: Node) -> list[Node] | None:
    if node["t"] != "Str" or _PLAIN_WORD.fullmatch(node["c"]):
        return None
    return [_inline(typst_words(node["c"]))]


def _with_symbol_font(svg: str) -> str:
    """Name the font of each symbol, or Typst would use it for the whole label."""
    codes = symbols()
    found = {c for c in set(svg) if ord(c) > 0x7F and ord(c) in codes}
    if not found:
        return svg
    run = re.compile(f"[{re.escape(''.join(sorted(found)))}]+")
    span = f"<tspan style=\"font-family: '{SYMBOLS}'\">\\g<0></tspan>"
    # Only between tags, not in attributes.
    return re.sub(r">[^<>]+<", lambda text: run.sub(span, text[0]), svg)


def print_settings(cover: Cover) -> dict[str, Any]:
    """Return what `report.typ` reads of title block and brand."""
    look = brand.load()
    return {
        **asdict(replace(cover, warnings=())),
        "cut-off": cover.cut_off,
        "date": cover.date.isoformat() if cover.date else "",
        "fonts": [look.family, SYMBOLS],
        "size": look.base_size,
        "heading-weight": look.heading_weight,
        "colors": dict(look.colors),
    }


class _TypstWriter:
    """Replace our own nodes by calls of functions in `report.typ`."""

    def __init__(self, document: Document) -> None:
        self.images = document.images

    def __call__(self, node: Node) -> list[Node] | None:
        kind = node["t"]
        if kind == "Header":
            return [_heading(node)]
        if kind == "TkPair":
            cells = [n for block in node["content"] for n in _column(block)]
            return [_block("#pair("), *cells, _block(")")]
        if kind == "TkFigure":
            return [self._figure(node)]
        if kind == "TkTable":
            return _captioned_table(node)
        if kind == "TkCallout":
            start = _inline(f"#callout({typst_string(node['kind'])}, [")
            title = [start, *node["title"], _inline("])[")]
            return [{"t": "Plain", "c": title}, *node["content"], _block("]")]
        if kind in _PLACES:
            return [_block(f"#{_PLACES[kind]}["), *node["content"], _block("]")]
        if kind == "DefinitionList":
            return [part for item in node["c"] for part in _answer(*item)]
        if kind == "Table":
            return _table(node)
        if kind == "Image":
            return [_inline(self._image(node["c"][2][0]))]
        if kind == "Math":
            # PDF/UA wants an alt text for a formula: its source.
            words = typst_string(node["c"][1])
            return [_inline(f"#[#set math.equation(alt: {words});"), node, _inline("]")]
        return None

    def _figure(self, node: Node) -> Node:
        call = self._image(node["image"]).removeprefix("#")
        start = _inline(f"#captioned-figure({call}, {_numbered(node)}[")
        end = _inline(f"]){_label(node)}")
        return {"t": "Plain", "c": [start, *_caption(node), end]}

    def _image(self, key: str) -> str:
        image = self.images[key]
        sides = svg_size(image.data) if image.mime == _SVG else None
        size = f", width: {sides[0]:g}pt, height: {sides[1]:g}pt" if sides else ""
        name, alt = typst_string(image.name), typst_string(image.alt)
        return f"#picture({name}, {alt}{size})"


def _heading(node: Node) -> Node:
    level, (label, classes, _), inlines = node["c"]
    for name in ("kicker", "finding"):
        if name in classes:
            place = f" <{label}>" if label else ""
            start = "#pagebreak(weak: true)" if "new-page" in classes else ""
            return {
                "t": "Plain",
                "c": [_inline(f"{start}#{name}["), *inlines, _inline(f"]{place}")],
            }
    return {"t": "Header", "c": [level, node["c"][1], inlines]}


def _answer(word: list[Node], texts: list[list[Node]]) -> list[Node]:
    """Return a word and its text, which Typst's own list would not tag in a grid."""
    blocks = [block for text in texts for block in text]
    start = {"t": "Plain", "c": [_inline("#answer(["), *word, _inline("], [")]}
    return [start, *blocks, _block("])")]


def _column(block: Node) -> list[Node]:
    """Return one column of a pair; a text beside a figure is set smaller."""
    if block["t"] == "Div":
        return [_block("[#beside["), *block["c"][1], _block("]],")]
    return [_block("["), block, _block("],")]


def _numbered(node: Node) -> str:
    return "" if node["number"] else "numbered: false, "


def _caption(node: Node) -> list[Node]:
    """Return title and caption as two contents, without the link to the data file."""
    inlines = node["caption"]
    if inlines and inlines[-1]["t"] == "Str" and len(inlines) > 3:
        link = inlines[-2]
        if link["t"] == "Link" and _DATA_FILE.search(link["c"][2][0]):
            inlines = inlines[:-4]
    return [*node["title"], _inline("], ["), *inlines]


def _captioned_table(node: Node) -> list[Node]:
    start = [_inline("#captioned-table(["), *_caption(node), _inline("])[")]
    end = _block(f"]{_label(node)}")
    content = node["content"]
    notes = list(takewhile(lambda block: block["t"] == "Para", content[::-1]))[::-1]
    if notes and _block("#unbroken[") in content:
        # Notes stay with a short table. Typst would move a longer one to a new page.
        table = content[: -len(notes)]
        content = [_block("#lead-on["), *table, _block("]"), *notes]
    return [{"t": "Plain", "c": start}, *content, end]


def _table(node: Node) -> list[Node]:
    written = typst_table(node)
    table = _by_pandoc(node) if written is None else _block(written)
    box = _BOXES.get(unbroken(node))
    return [_block(f"#{box}["), table, _block("]")] if box else [table]


def printed_table(node: Node) -> str:
    """Return a table of plain cells as Typst, in the box that holds it together."""
    return "\n".join(block["c"][1] for block in _table(node))


def _by_pandoc(node: Node) -> Node:
    """Return a table that pandoc writes, without a numbered figure around it."""
    label, classes, attributes = node["c"][0]
    own = [label, [*classes, "typst:no-figure"], attributes]
    return {"t": "Table", "c": [own, *node["c"][1:]]}


def _label(node: Node) -> str:
    return f" <{node['label']}>" if node["label"] else ""


def _inline(typst: str) -> Node:
    return {"t": "RawInline", "c": ["typst", typst]}


def _block(typst: str) -> Node:
    return {"t": "RawBlock", "c": ["typst", typst]}
