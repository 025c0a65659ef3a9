"""An Atom feed of what changed: the newest entries first, those before them kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import lxml.etree as etree

from trialkit.errors import ReportError
from trialkit.escape import plain_text
from trialkit.read.receipt import Receipt

FEED = "changes.xml"
_ATOM = "http://www.w3.org/2005/Atom"
#: Entries that the feed keeps.
_MOST = 50


class Entry(NamedTuple):
    """One entry: its title, the download that it tells of, and what changed as HTML."""

    title: str
    receipt: Receipt
    content: str

    @property
    def time(self) -> str:
        """The time of the register's data: the feed is the same made again."""
        stamp = self.receipt.version_after.data
        return f"{stamp}Z" if "T" in stamp else self.receipt.end


def with_entries(feed: bytes, entries: Iterable[Entry], *, page: str) -> bytes:
    """Return a feed with more entries; an entry that it has is replaced."""
    kept = _entries_of(feed) if feed else []
    made = [_entry(one, page) for one in entries]
    ids = {_id_of(node) for node in made}
    listed = [*made, *(node for node in kept if _id_of(node) not in ids)][:_MOST]
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[arg-type]
    newest = max(node.findtext(f"{{{_ATOM}}}updated") or "" for node in listed)
    _add(root, "title", "Changes in registered trials")
    _add(root, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, 'trialkit changes')}")
    _add(root, "updated", newest)
    _add(_add(root, "author", ""), "name", "trialkit")
    root.extend(listed)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _entries_of(feed: bytes) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(feed, parser).findall(f"{{{_ATOM}}}entry")
    except etree.XMLSyntaxError as error:
        raise ReportError(f"{FEED} cannot be read: {error}") from None


def _entry(one: Entry, page: str) -> etree._Element:
    node = etree.Element(f"{{{_ATOM}}}entry", nsmap={None: _ATOM})  # type: ignore[arg-type]
    made_of = f"trialkit {one.receipt.folder} {one.receipt.version_after.data}"
    _add(node, "title", one.title)
    _add(node, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, made_of)}")
    _add(node, "updated", one.time)
    _add(node, "link", "").set("href", page)
    content = _add(node, "content", one.content)
    content.set("type", "html")
    return node


def _id_of(node: etree._Element) -> str:
    return node.findtext(f"{{{_ATOM}}}id") or ""


def _add(node: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(node, f"{{{_ATOM}}}{name}")
    child.text = plain_text(text) or None
    return child
