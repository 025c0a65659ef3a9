"""Saved pages of trial sites, .txt or .html, by their layout."""

from __future__ import annotations

from collections.abc import Iterator

from trialkit.errors import TrialDataError
from trialkit.read.document import Document, Reading
from trialkit.read.pages import lay, mirror
from trialkit.read.pages.text import page_of
from trialkit.read.unread import why_unread

#: Each module has `recognize` and `read`.
_LAYOUTS = (mirror, lay)


def sniff(head: bytes) -> bool:
    """Return whether a document may be a page: any text that no other shape claims."""
    return bool(head.strip())


def read(document: Document) -> Iterator[Reading]:
    """Yield the Record of a saved page; a text of no known layout is refused."""
    is_json = document.head.lstrip()[:1] in (b"{", b"[")
    page = None if is_json else page_of(document.text)
    layout = next((known for known in _LAYOUTS if page and known.recognize(page)), None)
    if page is None or layout is None:
        raise TrialDataError(why_unread(document))
    record, facts = layout.read(page, document.source_id)
    yield Reading([record], [], facts)
