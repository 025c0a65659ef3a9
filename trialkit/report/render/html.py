"""From the tree of a report to one HTML page without any other file."""

from __future__ import annotations

import base64
from importlib.resources import files
from string import Template

from trialkit import brand
from trialkit.escape import html_text
from trialkit.report.render.cover import Cover
from trialkit.report.render.document import Document, string
from trialkit.report.render.fonts import SYMBOLS, font_faces
from trialkit.report.render.pandoc import Node, rewrite, write
from trialkit.report.render.svg import inline_svg, svg_size
from trialkit.report.render.tables import html_table

_SPLIT = "<!-- contents above, text below -->"
_ASSETS = files("trialkit.report.render") / "assets"
#: Points of a drawing that can be read on a telephone whole.
_NARROW = 300


def write_html(document: Document, cover: Cover) -> bytes:
    """Return the report as a page whose content policy forbids every script."""
    text = write(
        rewrite(document.blocks, _HtmlWriter(document)),
        *("-t", "html5", "--mathml", "--wrap=none"),
        *("--toc", "--toc-depth=3", f"--template={_ASSETS / 'fragment.html'}"),
    )
    toc, _, body = text.partition(_SPLIT)
    contents = ""
    if toc.strip():
        contents = (
            '<nav class="contents" aria-labelledby="contents-title">'
            f'<h2 id="contents-title">Contents</h2>{toc.strip()}</nav>'
        )
    html = page(
        title=cover.title,
        lang=cover.lang,
        keywords=", ".join(cover.keywords),
        cover=_cover(cover),
        contents=contents,
        body=body.strip(),
    )
    return html.encode("utf-8")


def page(
    *,
    title: str,
    cover: str,
    body: str,
    contents: str = "",
    lang: str = "en",
    keywords: str = "",
) -> str:
    """Return a page in the look of the reports; its title and keywords are plain."""
    frame = Template((_ASSETS / "page.html").read_text(encoding="utf-8"))
    look = brand.load()
    css = Template((_ASSETS / "page.css").read_text(encoding="utf-8"))
    return frame.substitute(
        lang=html_text(lang),
        title=html_text(title),
        keywords=html_text(keywords),
        fonts=font_faces(),
        css=css.substitute(
            {f"c_{name}": value for name, value in look.colors.items()},
            family=f'"{look.family}", "{SYMBOLS}"',
            heading_color=look.heading_color,
            heading_weight=look.heading_weight,
        ),
        cover=cover,
        contents=contents,
        body=body,
    )


#: Classes of the boxes that hold other blocks.
#: All drawings have one scale: half a page wide, alone in a row, is not blown up.
_SCALE = 1.5
_BOXES = {"TkTurned": "landscape", "TkPair": "pair", "TkCompact": "compact"}


class _HtmlWriter:
    """Replace our own nodes by HTML."""

    def __init__(self, document: Document) -> None:
        self.images = document.images

    def __call__(self, node: Node) -> list[Node] | None:
        kind = node["t"]
        if kind == "Header":
            return [_heading(node)]
        if kind == "TkFigure":
            return self._figure(node)
        if kind == "TkTable":
            return _table(node)
        if kind == "TkCallout":
            return _callout(node)
        if kind in _BOXES:
            box = f'<div class="{_BOXES[kind]}">'
            return [_raw(box), *node["content"], _raw("</div>")]
        if kind == "Table":
            box = '<div class="table-box" role="group" aria-label="Table" tabindex="0">'
            written = html_table(node)
            table = node if written is None else _raw(written)
            return [_raw(box), table, _raw("</div>")]
        if kind == "Image":
            return [_raw(self._image(node["c"][2][0]), "RawInline")]
        if kind == "CodeBlock":
            # Without a language pandoc leaves the code as it is.
            return [{"t": "CodeBlock", "c": [["", [], []], node["c"][1]]}]
        return None

    def _figure(self, node: Node) -> list[Node]:
        return [
            _raw(f'<figure{_id(node["label"])} class="figure"><figcaption>'),
            {"t": "Plain", "c": _caption("Figure", node)},
            _raw(f'</figcaption><div {self._box(node)} tabindex="0">'),
            {"t": "Plain", "c": [_raw(self._image(node["image"]), "RawInline")]},
            _raw("</div></figure>"),
        ]

    def _box(self, node: Node) -> str:
        """Return the attributes of a figure's box: a wide one scrolls, and says so."""
        image = self.images[node["image"]]
        size = svg_size(image.data) if image.mime == "image/svg+xml" else None
        if size and size[0] > _NARROW:
            return 'class="figure-box wide"'
        widest = f' style="max-width: {_SCALE * size[0]:.0f}pt"' if size else ""
        return f'class="figure-box"{widest}'

    def _image(self, key: str) -> str:
        image = self.images[key]
        if image.mime == "image/svg+xml":
            prefix = image.name.removesuffix(".svg")
            return inline_svg(image.data, prefix=prefix, alt=image.alt)
        data = base64.b64encode(image.data).decode("ascii")
        alt = html_text(image.alt)
        return f'<img src="data:{image.mime};base64,{data}" alt="{alt}">'


def _heading(node: Node) -> Node:
    level, attributes, inlines = node["c"]
    number = node.get("number", "")
    if number:
        mark = ["", ["number"], []]
        span = {"t": "Span", "c": [mark, [string(number)]]}
        inlines = [span, {"t": "Space"}, *inlines]
    # Level 1 is the title's.
    return {"t": "Header", "c": [min(level + 1, 6), attributes, inlines]}


def _table(node: Node) -> list[Node]:
    return [
        _raw(f'<figure{_id(node["label"])} class="table"><figcaption>'),
        {"t": "Plain", "c": _caption("Table", node)},
        _raw("</figcaption>"),
        *node["content"],
        _raw("</figure>"),
    ]


def _callout(node: Node) -> list[Node]:
    return [
        _raw(
            f'<div class="callout callout-{node["kind"]}" role="note">'
            '<p class="callout-title">'
        ),
        {"t": "Plain", "c": node["title"]},
        _raw("</p>"),
        *node["content"],
        _raw("</div>"),
    ]


def _caption(word: str, node: Node) -> list[Node]:
    inlines: list[Node] = []
    if node["title"]:
        inlines += [_span("finding", node["title"]), {"t": "Space"}]
    if node["number"]:
        label = string(f"{word}\u00a0{node['number']}:")
        inlines += [_span("label", [label]), {"t": "Space"}]
    return [*inlines, *node["caption"]]


def _span(name: str, inlines: list[Node]) -> Node:
    return {"t": "Span", "c": [["", [name], []], inlines]}


def _id(label: str) -> str:
    return f' id="{html_text(label)}"' if label else ""


def _raw(html: str, kind: str = "RawBlock") -> Node:
    return {"t": kind, "c": ["html", html]}


def _cover(cover: Cover) -> str:
    cut_off = f"<span>Data to {html_text(cover.cut_off)}</span>" if cover.date else ""
    lines = [
        f'<p class="kind"><span>{html_text(cover.kicker)}</span>{cut_off}</p>',
        f"<h1>{html_text(cover.title)}</h1>",
    ]
    if cover.subtitle:
        lines.append(f'<p class="subtitle">{html_text(cover.subtitle)}</p>')
    if cover.notice:
        lines.append(f'<p class="notice">{html_text(cover.notice)}</p>')
    return "\n".join(lines)
