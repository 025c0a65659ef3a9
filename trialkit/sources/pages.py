"""Saved pages of trial sites, .txt or .html: which layout one has, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from trialkit.errors import TrialDataError
from trialkit.record import Record
from trialkit.sources import lay_page, mirror_page
from trialkit.sources.document import Document, Reading, SourceFacts
from trialkit.sources.page_text import Page, page_of


class Layout(NamedTuple):
    """One row of the table of layouts."""

    name: str
    recognize: Callable[[Page], bool]
    read: Callable[[Page, str], tuple[Record, SourceFacts]]


LAYOUTS = (
    Layout("registry mirror", mirror_page.recognize, mirror_page.read),
    Layout("plain-language page", lay_page.recognize, lay_page.read),
)


def sniff(head: bytes) -> bool:
    """Return whether a document may be a page: any text that no other shape claims."""
    return bool(head.strip())


def _no_study(document: Document) -> str:
    if b'"FullStudies' in document.head or b'"StudyFields' in document.head:
        return (
            "JSON of ClinicalTrials.gov's older API, which ended in 2024; download the "
            "studies again (API version 2, or the website's JSON)"
        )
    try:
        msgspec.json.decode(document.data, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        if "trailing characters" not in reason:  # one value a line
            return f"not valid JSON: {reason}"
    return "JSON that holds no study of ClinicalTrials.gov's API version 2"


def read(document: Document) -> Reading:
    """Return the Record of a saved page.

    Raises
    ------
    TrialDataError
        If the text is of no known layout, or gives no id of its own.
    """
    if document.head.lstrip()[:1] in (b"{", b"["):
        raise TrialDataError(_no_study(document))
    page = page_of(document.text)
    layout = next((known for known in LAYOUTS if known.recognize(page)), None)
    if layout is None and document.path.lower().endswith((".csv", ".tsv")):
        raise TrialDataError(
            "a CSV file with neither the columns of ClinicalTrials.gov (NCT Number) "
            "nor those of WHO ICTRP (TrialID)"
        )
    if layout is None:
        names = " or ".join(known.name for known in LAYOUTS)
        raise TrialDataError(
            f"neither registry data nor a page of a known site ({names})"
        )
    record, facts = layout.read(page, document.source_id)
    return Reading([record], [], facts)
