"""The records of files: contacts masked, values checked, countries named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from trialkit.errors import TrialDataError
from trialkit.files import Paths
from trialkit.read.document import Document, SourceFacts
from trialkit.read.files import documents
from trialkit.read.privacy import without_contacts
from trialkit.read.readers import READERS
from trialkit.read.receipt import Receipt, receipt_in
from trialkit.read.unread import known_kind
from trialkit.read.values.checked import checked
from trialkit.read.values.countries import with_countries
from trialkit.record import Excluded, Record, Source

_SHOWN = 5
#: The file beside a report that says what it was made of.
_REPORT = "report.json"


class Collected(NamedTuple):
    """The content of some files: records, their sources, and what was set aside.

    `searches` are the receipts that a records file holds.
    """

    records: list[Record]
    sources: list[Source]
    excluded: list[Excluded]
    searches: tuple[Receipt, ...] = ()


def read(paths: Paths) -> Collected:
    """Return every record under `paths`, where each came from, and what was set aside.

    Paths are files, folders (recursive, in sorted order), globs and archives. Without
    any record it is a `TrialDataError`.
    """
    collected = Collected([], [], [])
    for chunk in read_chunks(paths):
        collected.records.extend(chunk.records)
        collected.excluded.extend(chunk.excluded)
        collected.sources.extend(chunk.sources)
    if not collected.records:
        raise nothing_usable(collected.sources, collected.excluded)
    return collected


def read_chunks(paths: Paths, known: Iterable[Source] = ()) -> Iterator[Collected]:
    """Yield the content of files in chunks; the last of a document has its Source.

    What was read before, as one of the `known` sources, is set aside.
    """
    for item in documents(paths, known):
        if isinstance(item, Excluded):
            yield Collected([], [], [item])
        else:
            yield from read_document(item)


def read_document(document: Document) -> Iterator[Collected]:
    """Yield the content of one document in chunks, or why it cannot be read."""
    reader = next((known for known in READERS if known.sniff(document.head)), None)
    n_records, facts, has_own = 0, None, False
    try:
        if reader is None:
            raise TrialDataError(f"not a trial record; expected {_expected()}")
        for reading in reader.read(document):
            facts = reading.facts
            records = _counting(document, reading.records)
            n_records += len(records)
            if not n_records and (kind := known_kind(document.head)):
                raise TrialDataError(kind)
            has_own |= bool(reading.sources)
            masked = records if reader.masks else map(without_contacts, records)
            yield Collected(
                [with_countries(checked(record)) for record in masked],
                [without_contacts(source) for source in reading.sources],
                [without_contacts(item) for item in reading.excluded],
                reading.searches,
            )
    except TrialDataError as error:
        reason = str(error)
    except Exception as error:  # one broken file never stops the others
        reason = f"the reader of a {reader.name if reader else ''} failed: {error!r}"
    else:
        if facts and not has_own:
            source = Source(
                source_id=document.source_id,
                path=document.path,
                sha256=document.sha256,
                n_records=n_records,
                **_facts(document, facts),
            )
            yield Collected([], [without_contacts(source)], [])
        return
    aside = Excluded(source_id=document.source_id, path=document.path, reason=reason)
    yield Collected([], [], [without_contacts(aside)])


def _counting(document: Document, records: list[Record]) -> list[Record]:
    """Return the records that count, where a receipt tells them."""
    if document.listed is None:
        return records
    return [record for record in records if record.trial_id in document.listed.ids]


def _facts(document: Document, facts: SourceFacts) -> dict[str, Any]:
    """Return the facts of a source; of a download its receipt tells the totals.

    The day is that of the page's own data: an update takes pages over unchanged.
    """
    known = msgspec.structs.asdict(facts)
    if document.listed is not None:
        known |= {"n_total": None, "has_next_page": None}
        known["source_date"] = facts.source_date or document.listed.day or None
    return known


def _expected() -> str:
    *names, last = (f"a {reader.name}" for reader in READERS)
    return f"{', '.join(names)} or {last}"


def nothing_usable(
    sources: Sequence[Source], excluded: Sequence[Excluded]
) -> TrialDataError:
    """Return the error that names what was found in the place of records."""
    paths = {source.source_id: source.path for source in sources}
    made = [Path(item.path) for item in excluded if item.path]
    if report := next((path for path in made if path.name == _REPORT), None):
        named = f"its {_REPORT} names the files that it was made of"
        return TrialDataError(
            f"no trial record found: {report.parent} holds a report; {named}"
        )
    folders = sorted({Path(source.path).parent for source in sources})
    receipts = [receipt_in(folder) for folder in folders]
    none = [receipt for receipt in receipts if receipt and receipt.found_none]
    if none and len(none) == len(folders) and not excluded:
        named = "; ".join(f"{receipt.folder} ({receipt.words})" for receipt in none)
        told = "the register has no study for this search"
        return TrialDataError(f"no trial record found: {named}: {told}")
    told = {item.source_id for item in excluded}
    found = [
        f"{source.path} holds no record"
        for source in sources
        if source.source_id not in told
    ]
    found += [
        f"{item.path or paths.get(item.source_id)}: {item.reason}" for item in excluded
    ]
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    # What was found comes first: a report cuts the message of a failed notebook cell.
    told = f"{'; '.join(found[:_SHOWN])}{more}"
    return TrialDataError(f"no trial record found: {told} (expected {_expected()})")
