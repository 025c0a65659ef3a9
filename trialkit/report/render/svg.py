"""SVG images made safe for an HTML page."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from trialkit.errors import ReportError

_SVG = "http://www.w3.org/2000/svg"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
_DROPPED = frozenset(
    ("script", "foreignObject", "metadata", "style", "iframe", "animate", "set")
)
# matplotlib's style for all elements.
_EVERYTHING = re.compile(r"\s*\*\s*\{([^{}@]*)\}\s*")
_URL_ID = re.compile(r"url\(#([^()]+)\)")
#: What matplotlib writes of a text that is not turned.
_UNTURNED = re.compile(r"rotate\(-?0 [^()]*\)")
_FONT = re.compile(r"font-family: [^;\"<]*; ")
#: More decimals of a point than a screen can show, and where they stand.
_DECIMALS = re.compile(r"\d+\.\d{3,}")
_PLACES = ("d", "x", "y")


def inline_svg(data: bytes, *, prefix: str, alt: str) -> str:
    """Return an SVG as a safe element of an HTML page, with a prefix before its ids."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReportError(f"the image {prefix} is no SVG: {error.msg}") from None
    if etree.QName(root).localname != "svg":
        raise ReportError(f"the image {prefix} is no SVG: it begins with {root.tag}")
    rules = [
        found[1].strip()
        for style in root.iter(f"{{{_SVG}}}style")
        if (found := _EVERYTHING.fullmatch(style.text or ""))
    ]
    for element in list(root.iter()):
        _clean(element, prefix)
    if rules:
        root.set("style", "; ".join(rules))
    _shorten(root)
    root.set("role", "img")
    root.set("aria-label", alt)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _shorten(root: Any) -> None:
    """Leave out what draws nothing: it is half of a drawing."""
    texts = etree.tostring(root, encoding="unicode")
    used = set(_URL_ID.findall(texts)) | set(re.findall(r'href="#([^"]*)"', texts))
    font = next(iter(_FONT.findall(texts)), "")
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        if _UNTURNED.fullmatch(element.get("transform", "")):
            del element.attrib["transform"]
        if font and font in element.get("style", ""):
            element.set("style", element.get("style").replace(font, ""))
        for name in _PLACES:
            if name in element.attrib:
                element.set(name, _DECIMALS.sub(_rounded, element.get(name)))
    if font:
        rest = root.get("style", "")
        root.set("style", f"{rest}; {font}" if rest else font)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def svg_size(data: bytes) -> tuple[float, float] | None:
    """Return the width and height of an SVG in points, if it states both."""
    sides = []
    for name in (b"width", b"height"):
        side = rb"<svg[^>]*?\s" + name + rb"=[\"']([\d.]+)(pt|px|)[\"']"
        found = re.search(side, data)
        if not found:
            return None
        # CSS has 96 pixels to the inch where print has 72 points.
        sides.append(float(found[1]) * (1 if found[2] == b"pt" else 0.75))
    return sides[0], sides[1]


def _clean(element: Any, prefix: str) -> None:
    if not isinstance(element.tag, str) or etree.QName(element).localname in _DROPPED:
        if element.getparent() is not None:
            element.getparent().remove(element)
        return
    for name, value in list(element.attrib.items()):
        if name.lower().startswith("on"):
            del element.attrib[name]
        elif name == "id":
            element.set(name, f"{prefix}-{value}")
        elif name in _HREF:
            if value.startswith("#"):
                element.set(name, f"#{prefix}-{value[1:]}")
            elif not value.startswith("data:image/"):
                del element.attrib[name]
        elif "url(" in value:
            element.set(name, _URL_ID.sub(rf"url(#{prefix}-\1)", value))
