"""Elements of an XML file, one by one and safely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from trialkit.errors import TrialDataError
from trialkit.record import Excluded

#: lxml comes without types.
Element = Any

#: Markup that begins a line of its own.
_LINES = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "td"})
#: A line end before anything but an item of a list.
_WRAP = re.compile(r"\n(?!(?:[-*•]|\d+[.)]) )")
#: Where a document type must stand.
_PROLOG_BYTES = 1 << 16
_DECLARES = re.compile(rb"<!(?:ENTITY|DOCTYPE[^<>]*(?:\[|SYSTEM|PUBLIC))")


def elements(
    handle: BinaryIO, tag: str, source_id: str
) -> Iterator[Element | Excluded]:
    """Yield each `tag` of a UTF-8 document, and an Excluded where it breaks off.

    Declared entities and outside document types are refused: no register writes them,
    and they can fill the memory or read the disk.
    """
    from lxml.etree import XMLSyntaxError, iterparse

    context = iterparse(
        _Guarded(handle),
        events=("end",),
        tag=tag,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    n_read = 0
    try:
        for _, element in context:
            yield element
            n_read += 1
            _forget(element)
    except XMLSyntaxError as error:
        reason = f"the XML breaks off or is malformed: {error.msg}"
        if "Excessive depth" in error.msg:
            reason = "the XML is nested too deeply"
        yield Excluded(
            source_id=source_id, record=f"what follows record {n_read}", reason=reason
        )


def _forget(element: Element) -> None:
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


class _Guarded:
    """A file for the parser, refused if its prolog declares what it must not."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._head = handle.read(_PROLOG_BYTES)
        if _DECLARES.search(self._head):
            raise TrialDataError(
                "the XML declares entities or an outside type: refused"
            )

    def read(self, size: int = -1) -> bytes:
        head, self._head = self._head, b""
        return head or self._handle.read(size)


def full_text(element: Element) -> str:
    """Return all text of an element; markup in it goes, blocks leave a line break."""
    if not len(element):
        return element.text or ""
    from lxml.etree import iterwalk

    parts: list[str | None] = []
    for event, inner in iterwalk(element, events=("start", "end")):
        edge = "\n" if inner.tag in _LINES else None
        if event == "start":
            parts += [edge, inner.text]
        elif inner is not element:
            is_empty = not (inner.text or len(inner))
            parts += [None if is_empty else edge, inner.tail]
    return "".join(filter(None, parts))


def text_of(element: Element, path: str) -> str | None:
    """Return the text at `path` on one line, or None if it is absent or empty."""
    found = element.find(path)
    return None if found is None else " ".join(full_text(found).split()) or None


def texts_of(element: Element, path: str) -> tuple[str, ...]:
    """Return every text at `path`, each on one line."""
    found = (" ".join(full_text(e).split()) for e in element.iterfind(path))
    return tuple(text for text in found if text)


def prose_of(element: Element, path: str) -> str | None:
    """Return the paragraphs at `path` without the file's own wrapping and indent."""
    found = element.find(path)
    text = "" if found is None else full_text(found)
    blocks = (_unwrapped(block) for block in re.split(r"\n\s*\n", text))
    return "\n\n".join(block for block in blocks if block) or None


def _unwrapped(block: str) -> str:
    lines = filter(None, (" ".join(line.split()) for line in block.splitlines()))
    return _WRAP.sub(" ", "\n".join(lines))
