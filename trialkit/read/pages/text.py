"""A saved page, .txt or .html, as lines with their offsets.

HTML becomes one line per block element, without scripts, styles and navigation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from trialkit.errors import TrialDataError
from trialkit.read.contacts import mask_contacts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Larger texts are no pages.
MAX_PAGE_CHARACTERS = 16 << 20

_HTML = re.compile(
    # Possessive: there is one way to read a row of comments.
    r"(?>\s+|<!--.*?-->|<\?.*?>)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)", re.I)
_DROPPED = frozenset(
    "script style noscript template svg nav footer iframe head button select option "
    "input textarea object canvas audio video".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body br center dd details dialog div dl dt "
    "fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


class Line(NamedTuple):
    """A stripped line that is not empty, and its offset in the page's text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset of the end of the line."""
        return self.start + len(self.text)


class Page(NamedTuple):
    """The text and lines of a page, and what its HTML says of itself."""

    text: str
    lines: tuple[Line, ...]
    site: str | None = None
    is_cut: bool = False


def page_of(text: str) -> Page:
    """Return the page of a .txt or .html, masked; offsets are in `Page.text`."""
    if len(text) > MAX_PAGE_CHARACTERS:
        raise TrialDataError(f"text of {len(text) >> 20} MiB, too large for a page")
    if not is_html(text):
        text = mask_contacts(text)
        return Page(text, tuple(_lines(text)))
    root = _parse(text)
    extracted = mask_contacts("\n".join(_block_lines(root)))
    is_cut = "</html" not in text[-4096:].lower()
    return Page(extracted, tuple(_lines(extracted)), _site(text, root), is_cut)


def is_html(text: str) -> bool:
    """Return whether a text is HTML and no plain text."""
    return _HTML.match(text[: 1 << 16]) is not None


def _lines(text: str) -> Iterator[Line]:
    for match in re.finditer(r"[^\r\n]+", text):
        line = match[0].strip()
        if line:
            yield Line(line, match.start() + match[0].index(line))


def _parse(text: str) -> HtmlElement:
    from lxml import html
    from lxml.etree import ParserError, XMLSyntaxError

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, XMLSyntaxError) as error:
        raise TrialDataError(f"HTML without content: {error}") from None


def _block_lines(root: HtmlElement) -> list[str]:
    """Return the text of each block element as one line, in document order."""
    from lxml.etree import iterwalk

    lines: list[str] = []
    parts: list[str] = []

    def end_line() -> None:
        line = " ".join("".join(parts).split())
        parts.clear()
        if line:
            lines.append(line)

    walk = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        is_block = element.tag in _BLOCK
        if event == "start":
            if is_block:
                end_line()
            elif _is_power(element, parts):
                parts.append("^")
            elif _touches_another(element):
                parts.append(" ")
            if element.tag in _DROPPED or element.get("aria-hidden") == "true":
                walk.skip_subtree()
            else:
                parts.append(element.text or "")
            continue
        if is_block:
            end_line()
        parts.append(element.tail or "")
    end_line()
    return lines


def _touches_another(element: HtmlElement) -> bool:
    """Return whether it is the span of `<b>x</b><span>y</span>`, drawn apart."""
    previous = element.getprevious()
    return (
        previous is not None
        and isinstance(previous.tag, str)
        and not previous.tail
        and element.tag not in ("sup", "sub")
    )


def _is_power(element: HtmlElement, parts: list[str]) -> bool:
    """Return whether it is the power in `10<sup>8</sup>`, which would read as 108."""
    if element.tag != "sup":
        return False
    before, power = "".join(parts[-2:])[-1:], (element.text or "").strip()
    return before.isdigit() and power.lstrip("+-−")[:1].isdigit()


def _site(text: str, root: HtmlElement) -> str | None:
    """Return the host that the page was saved from, if its HTML names it."""
    saved = _SAVED_FROM.search(text[: 1 << 14])
    urls = [
        *root.xpath("//link[@rel='canonical']/@href"),
        *root.xpath("//meta[@property='og:url']/@content"),
        *([saved[1]] if saved else []),
    ]
    for url in urls:
        with suppress(ValueError):
            if host := urlsplit(str(url)).hostname:
                return host.removeprefix("www.")
    return None
