"""Bytes to Records: one module per shape, chosen by content and never by name.

A reader module offers

`sniff(head: bytes) -> bool`
    whether the first 64 KiB of a document look like its shape. They are UTF-8 without a
    byte order mark, whatever the file's own encoding;
`stream(handle: BinaryIO, source_id: str) -> Iterator[Record | Excluded]`
    the Records of a document of any size, and what had to be set aside, one by one.
    The bytes are UTF-8 too, so XML parsers must be told `encoding="utf-8"`, whatever
    the prolog says. A document that cannot be used at all is a `TrialDataError` that
    says why;

and adds a line to `SHAPES`. The first shape whose `sniff` agrees reads the document. A
reader that learns more of the document itself (the site, the date of a page) takes the
`Document` and returns a `Reading`, as `pages.read` does.

`parts` hands on what the files hold piece by piece, so that no more need be held;
`read` collects it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from trialkit.errors import TrialDataError
from trialkit.files import Paths
from trialkit.read import ictrp, pages, records_file
from trialkit.read.checked import checked
from trialkit.read.countries import with_countries
from trialkit.read.ctgov import csv as ctgov_csv
from trialkit.read.ctgov import json as ctgov_json
from trialkit.read.ctgov import xml as ctgov_xml
from trialkit.read.ctgov.paging import Paging
from trialkit.read.document import Document, Reading, SourceFacts
from trialkit.read.files import documents
from trialkit.read.privacy import without_contacts
from trialkit.read.unread import known_kind
from trialkit.record import Excluded, Record, Retold, Source

_Reader = Callable[[Document], Iterator[Reading]]

#: Records of one document that are handed on together.
_CHUNK = 500


class Shape(NamedTuple):
    """One row of the table of shapes; `name` is what a user would call it."""

    name: str
    sniff: Callable[[bytes], bool]
    read: _Reader


_Stream = Callable[..., Iterator[Record | Excluded | Retold]]


def _streamed(
    stream: _Stream,
    shape: str,
    *,
    kind: str = "registry",
    is_dated: bool = False,
    is_paged: bool = False,
) -> _Reader:
    """Return the reader of a shape that is read piece by piece.

    A stream that `is_dated` tells the days that its data are of: the newest dates it.
    One that `is_paged` tells at its end what it is a page of.
    """

    def reader(document: Document) -> Iterator[Reading]:
        days: set[str] = set()
        pages = [Paging()]
        options: dict[str, Callable] = {"on_day": days.add} if is_dated else {}
        if is_paged:
            options["on_page"] = pages.append
        facts = SourceFacts(kind, ictrp.SHAPE_XLSX if document.is_workbook else shape)
        reading = Reading([], [], facts)
        n_read = 0
        with document.open() as handle:
            try:
                for item in stream(handle, document.source_id, **options):
                    if isinstance(item, Retold):
                        facts = facts.with_retold(item)
                        reading = reading._replace(facts=facts)
                    elif isinstance(item, Record):
                        reading.records.append(item)
                        n_read += 1
                    else:
                        reading.excluded.append(item)
                    if len(reading.records) == _CHUNK:
                        yield reading
                        reading = Reading([], [], facts)
            except Exception as error:
                if not n_read:
                    raise
                reading.excluded.append(_rest(document, n_read, error))
        yield reading._replace(
            facts=facts._replace(source_date=max(days, default=None), paging=pages[-1])
        )

    return reader


def _whole(read: Callable[[Document], Reading]) -> _Reader:
    """Return the reader of a shape that is read at once."""

    def reader(document: Document) -> Iterator[Reading]:
        yield read(document)

    return reader


def _rest(document: Document, n_read: int, error: Exception) -> Excluded:
    reason = f"what follows the first {n_read} records cannot be read: {error!r}"
    return Excluded(source_id=document.source_id, path=document.path, reason=reason)


#: Readers in the order they are asked. Pages come last: any text may be one.
SHAPES: tuple[Shape, ...] = (
    Shape(
        "ClinicalTrials.gov JSON file",
        ctgov_json.sniff,
        _streamed(ctgov_json.stream, ctgov_json.SHAPE, is_paged=True),
    ),
    Shape(
        "ClinicalTrials.gov CSV file",
        ctgov_csv.sniff,
        _streamed(ctgov_csv.stream, ctgov_csv.SHAPE),
    ),
    Shape(
        "ClinicalTrials.gov XML file",
        ctgov_xml.sniff,
        _streamed(ctgov_xml.stream, ctgov_xml.SHAPE),
    ),
    Shape(
        "WHO ICTRP CSV or Excel file",
        ictrp.sniff_csv,
        _streamed(ictrp.stream_csv, ictrp.SHAPE_CSV, kind="export", is_dated=True),
    ),
    Shape(
        "WHO ICTRP XML file",
        ictrp.sniff_xml,
        _streamed(ictrp.stream_xml, ictrp.SHAPE_XML, kind="export", is_dated=True),
    ),
    Shape("trialkit records file", records_file.sniff, _whole(records_file.read)),
    Shape("saved trial page", pages.sniff, _whole(pages.read)),
)


class Collected(NamedTuple):
    """What the files under some paths hold."""

    records: list[Record]
    sources: list[Source]
    excluded: list[Excluded]


def read(paths: Paths) -> Collected:
    """Return every record under `paths`, where each came from, and what was set aside.

    A file that cannot be read, or is no trial record, becomes a row of `excluded` with
    its reason and never stops the others.

    Parameters
    ----------
    paths
        Files, folders (read recursively, in sorted order), globs, zip or gzip files, or
        several of them, of any mix of shapes.

    Returns
    -------
    Collected
        Records in the order of the files; one Source per document that was recognized;
        Excluded for files, members and records.

    Raises
    ------
    TrialDataError
        If a path names nothing, or nothing under the paths is a trial record.

    Examples
    --------
    >>> read("nowhere/*.json")
    Traceback (most recent call last):
        ...
    trialkit.errors.TrialDataError: no file matches nowhere/*.json
    """
    collected = Collected([], [], [])
    for part in parts(paths):
        collected.records.extend(part.records)
        collected.excluded.extend(part.excluded)
        collected.sources.extend(part.sources)
    if not collected.records:
        raise nothing_usable(collected.sources, collected.excluded)
    return collected


def parts(paths: Paths) -> Iterator[Collected]:
    """Yield what the files under `paths` hold, in pieces of one document each.

    A document's Source comes with its last piece. Parameters as for `read`.
    """
    for item in documents(paths):
        if isinstance(item, Excluded):
            yield Collected([], [], [item])
        else:
            yield from parts_of(item)


def parts_of(document: Document) -> Iterator[Collected]:
    """Yield what one document holds, in pieces; what cannot be read says why."""
    shape = next((shape for shape in SHAPES if shape.sniff(document.head)), None)
    n_records, facts = 0, None
    has_own = False
    try:
        if shape is None:
            raise TrialDataError(f"not a trial record; expected {_expected()}")
        for reading in shape.read(document):
            facts = reading.facts
            n_records += len(reading.records)
            if not n_records and (kind := known_kind(document.head)):
                raise TrialDataError(kind)
            has_own |= bool(reading.sources)
            yield Collected(
                [_settled(record) for record in reading.records],
                [without_contacts(source) for source in reading.sources],
                [without_contacts(item) for item in reading.excluded],
            )
    except TrialDataError as error:
        reason = str(error)
    except Exception as error:  # one broken file never stops the others
        reason = f"the reader of a {shape.name if shape else ''} failed: {error!r}"
    else:
        if facts and not has_own:
            source = _source(document, facts, n_records)
            yield Collected([], [without_contacts(source)], [])
        return
    aside = Excluded(source_id=document.source_id, path=document.path, reason=reason)
    yield Collected([], [], [without_contacts(aside)])


def _settled(record: Record) -> Record:
    """Return a record as it is kept: no contacts, values checked, countries named."""
    return with_countries(checked(without_contacts(record)))


def _source(document: Document, facts: SourceFacts, n_records: int) -> Source:
    return Source(
        source_id=document.source_id,
        path=document.path,
        sha256=document.sha256,
        kind=facts.kind,
        wording=facts.wording,
        shape=facts.shape,
        site=facts.site,
        source_date=facts.source_date,
        n_records=n_records,
        n_total=facts.paging.n_total,
        has_next_page=facts.paging.has_next_page,
    )


def _expected() -> str:
    *names, last = (f"a {shape.name}" for shape in SHAPES)
    return f"{', '.join(names)} or {last}"


def nothing_usable(
    sources: Sequence[Source], excluded: Sequence[Excluded]
) -> TrialDataError:
    """Return the error that names what was found in the place of records."""
    empty = [f"{source.path} holds no record" for source in sources]
    paths = {source.source_id: source.path for source in sources}
    aside = [
        f"{item.path or paths.get(item.source_id)}: {item.reason}" for item in excluded
    ]
    found = empty + aside
    more = f"; and {len(found) - 5} more" if len(found) > 5 else ""
    # What was found comes first: a report's message of a failed cell is cut to length.
    told = f"{'; '.join(found[:5])}{more}"
    return TrialDataError(f"no trial record found: {told} (expected {_expected()})")
