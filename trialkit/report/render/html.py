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
from trialkit.report.render.svg import inline_svg

_SPLIT = "<!-- contents above, text below -->"
_TOC_DEPTH = "3"


def write_html(document: Document, cover: Cover) -> str:
    """Return the report as a page whose content policy forbids every script."""
    blocks = rewrite(document.blocks, _HtmlWriter(document))
    text = write(
        blocks,
        *("-t", "html5", "--mathml", "--wrap=none"),
        *("--toc", f"--toc-depth={_TOC_DEPTH}", f"--template={_fragment()}"),
    )
    toc, _, body = text.partition(_SPLIT)
    return page(
        title=cover.title,
        lang=cover.lang,
        keywords=", ".join(cover.keywords),
        cover=_cover(cover),
        contents=_contents(toc.strip()) if toc.strip() else "",
        body=body.strip(),
    )


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
    assets = files("trialkit.report.render") / "assets"
    frame = Template((assets / "page.html").read_text(encoding="utf-8"))
    css = Template((assets / "page.css").read_text(encoding="utf-8"))
    return frame.substitute(
        lang=html_text(lang),
        title=html_text(title),
        keywords=html_text(keywords),
        fonts=font_faces(),
        css=css.substitute(_variables()),
        cover=cover,
        contents=contents,
        body=body,
    )


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
        if kind == "TkTurned":
            return [_raw('<div class="landscape">'), *node["content"], _raw("</div>")]
        if kind == "Table":
            box = '<div class="table-box" role="group" aria-label="Table" tabindex="0">'
            return [_raw(box), node, _raw("</div>")]
        if kind == "Image":
            return [self._image(node["c"][2][0])]
        if kind == "CodeBlock":
            # Without a language pandoc leaves the code as it is.
            return [{"t": "CodeBlock", "c": [["", [], []], node["c"][1]]}]
        return None

    def _figure(self, node: Node) -> list[Node]:
        caption = {"t": "Plain", "c": _caption("Figure", node)}
        image = {"t": "Plain", "c": [self._image(node["image"])]}
        return [
            _raw(f'<figure{_id(node["label"])} class="figure">'),
            _raw('<div class="figure-box" tabindex="0">'),
            image,
            _raw("</div><figcaption>"),
            caption,
            _raw("</figcaption></figure>"),
        ]

    def _image(self, key: str) -> Node:
        image = self.images[key]
        if image.mime == "image/svg+xml":
            prefix = image.name.removesuffix(".svg")
            svg = inline_svg(image.data, prefix=prefix, alt=image.alt)
            return {"t": "RawInline", "c": ["html", svg]}
        data = base64.b64encode(image.data).decode("ascii")
        alt = html_text(image.alt)
        tag = f'<img src="data:{image.mime};base64,{data}" alt="{alt}">'
        return {"t": "RawInline", "c": ["html", tag]}


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
    if not node["number"]:
        return node["caption"]
    label = string(f"{word}\u00a0{node['number']}:")
    span = {"t": "Span", "c": [["", ["label"], []], [label]]}
    return [span, {"t": "Space"}, *node["caption"]]


def _id(label: str) -> str:
    return f' id="{html_text(label)}"' if label else ""


def _raw(html: str) -> Node:
    return {"t": "RawBlock", "c": ["html", html]}


def _cover(cover: Cover) -> str:
    lines = [f"<h1>{html_text(cover.title)}</h1>"]
    if cover.subtitle:
        lines.append(f'<p class="subtitle">{html_text(cover.subtitle)}</p>')
    facts = cover.facts
    if cover.cut_off:
        facts = (("Data cut-off", cover.cut_off), *facts)
    if facts:
        items = "".join(
            f"<div><dt>{html_text(name)}</dt><dd>{html_text(value)}</dd></div>"
            for name, value in facts
        )
        lines.append(f"<dl>{items}</dl>")
    if cover.notice:
        lines.append(f'<p class="notice">{html_text(cover.notice)}</p>')
    return "\n".join(lines)


def _contents(toc: str) -> str:
    return (
        '<nav class="contents" aria-labelledby="contents-title">'
        f'<h2 id="contents-title">Contents</h2>{toc}</nav>'
    )


def _variables() -> dict[str, str]:
    look = brand.load()
    colors = {f"c_{name}": value for name, value in look.colors.items()}
    return {
        **colors,
        "family": f'"{look.family}", "{SYMBOLS}"',
        "heading_color": look.heading_color,
        "heading_weight": str(look.heading_weight),
    }


def _fragment() -> str:
    return str(files("trialkit.report.render") / "assets" / "fragment.html")
