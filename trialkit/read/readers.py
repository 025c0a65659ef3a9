"""The list of readers; `trialkit.read.registers` says what a reader is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from trialkit.read import ictrp, pages, records_file
from trialkit.read.ctgov import csv, cthist, history, json, xml
from trialkit.read.document import Document, Reading, SourceFacts
from trialkit.record import Excluded, Record

#: Records per chunk of a document.
CHUNK = 500

_Sniff = Callable[[bytes], bool]
_Stream = Callable[..., Iterator[Record | Excluded]]


class Reader(NamedTuple):
    """One row of the list of readers; `name` is the user's name for the shape.

    One that `masks` gives Records without contacts; in those of others they are masked.
    """

    name: str
    sniff: _Sniff
    read: Callable[[Document], Iterator[Reading]]
    masks: bool = False


def _streaming(
    name: str,
    sniff: _Sniff,
    stream: _Stream,
    shape: str,
    kind: str = "registry",
    *,
    masks: bool = False,
) -> Reader:
    """Return the reader of a shape whose records are read one by one."""

    def read(document: Document) -> Iterator[Reading]:
        facts = SourceFacts(kind, ictrp.SHAPE_XLSX if document.is_workbook else shape)
        reading = Reading([], [], facts)
        n_read = 0
        with document.open() as handle:
            try:
                for item in stream(handle, document.source_id, facts):
                    if isinstance(item, Record):
                        reading.records.append(item)
                        n_read += 1
                    else:
                        reading.excluded.append(item)
                    if len(reading.records) == CHUNK:
                        yield reading
                        reading = Reading([], [], facts)
            except Exception as error:
                if not n_read:
                    raise
                reading.excluded.append(_rest(document, n_read, error))
        yield reading

    return Reader(name, sniff, read, masks)


def _rest(document: Document, n_read: int, error: Exception) -> Excluded:
    reason = f"what follows the first {n_read} records cannot be read: {error!r}"
    return Excluded(source_id=document.source_id, path=document.path, reason=reason)


#: In order of precedence. Pages come last: any text may be one.
READERS = (
    Reader("ClinicalTrials.gov history", history.sniff, history.read),
    _streaming(
        *("ClinicalTrials.gov JSON file", json.sniff, json.stream, json.SHAPE),
        masks=True,
    ),
    _streaming("cthist table", cthist.sniff, cthist.stream, cthist.SHAPE, "export"),
    _streaming("ClinicalTrials.gov CSV file", csv.sniff, csv.stream, csv.SHAPE),
    _streaming("ClinicalTrials.gov XML file", xml.sniff, xml.stream, xml.SHAPE),
    _streaming(
        "WHO ICTRP CSV or Excel file",
        *(ictrp.sniff_csv, ictrp.stream_csv, ictrp.SHAPE_CSV, "export"),
    ),
    _streaming(
        "WHO ICTRP XML file",
        *(ictrp.sniff_xml, ictrp.stream_xml, ictrp.SHAPE_XML, "export"),
    ),
    Reader("trialkit records file", records_file.sniff, records_file.read),
    Reader("saved trial page", pages.sniff, pages.read),
)
