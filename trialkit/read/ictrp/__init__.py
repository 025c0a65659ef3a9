"""WHO ICTRP exports, CSV and XML, to Records of some twenty registers.

The contact columns are never read. `Export date` and `Last Refreshed on` are ICTRP's
own days: they date the file, not a trial.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from trialkit.errors import TrialDataError
from trialkit.read import delimited
from trialkit.read.document import SourceFacts
from trialkit.read.ictrp.columns import (
    DATES,
    READERS,
    TELLING,
    Row,
    column_named,
    data_day,
    is_column,
)
from trialkit.read.privacy import row_without_contacts
from trialkit.read.spreadsheet import habits_of, is_empty
from trialkit.read.values.ids import any_id, id_of, registry_named, registry_of
from trialkit.read.xml import Element, elements
from trialkit.record import Excluded, Record, Remark

SHAPE_CSV = "ictrp_csv"
SHAPE_XLSX = "ictrp_xlsx"
SHAPE_XML = "ictrp_xml"

_XML = re.compile(rb"<Trials_downloaded_from_ICTRP|<Trial>\s*<TrialID>")
#: Words of an id at the most: some are written with blanks.
_MOST_WORDS = 3


def sniff_csv(head: bytes) -> bool:
    """Return whether the first bytes of a file look like ICTRP's CSV."""
    first = delimited.header_of(head)
    return "trialid" in _header(first, delimited.delimiter_of(first))


def sniff_xml(head: bytes) -> bool:
    """Return whether the first bytes of a file look like ICTRP's XML."""
    return head.lstrip()[:1] == b"<" and _XML.search(head) is not None


def stream_csv(
    handle: BinaryIO, source_id: str, facts: SourceFacts | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Record of each row of a CSV; empty rows are passed over."""
    lines = delimited.lines_of(handle)
    first = next(delimited.rows(lines), "")
    delimiter = delimited.delimiter_of(first)
    names = _header(first, delimiter)
    if TELLING.isdisjoint(names):
        raise TrialDataError(
            "a list of ids: of WHO ICTRP's columns it has TrialID, and none that says "
            "anything of a trial; search for the ids in ICTRP and export what it finds"
        )
    yield from _unknown_columns(first, delimiter, source_id)
    start = None
    if names[0] == "trialid":
        mark = re.escape(delimiter)
        start = re.compile(rf'"?(?:{any_id().pattern})"?{mark}', re.IGNORECASE)
    sample, body = delimited.parsed(delimited.rows(lines, start), delimiter)
    habits = habits_of(names, sample, dates=DATES, order="day")
    for position, (_, values) in enumerate(body, 1):
        if not any(values):
            continue
        if reason := delimited.misfit(values, len(names)):
            name = _id_of(values[0]) or f"row {position}"
            yield Excluded(source_id=source_id, record=name, reason=reason)
            continue
        remarks: list[Remark] = []
        row = {
            name: habits.plain(name, text, remarks)
            for name, text in zip(names, values, strict=False)
        }
        yield from _records(row, f"row {position}", source_id, facts, remarks)


def stream_xml(
    handle: BinaryIO, source_id: str, facts: SourceFacts | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Record of each trial of an XML; empty trials are passed over."""
    for position, trial in enumerate(elements(handle, "Trial", source_id), 1):
        if isinstance(trial, Excluded):
            yield trial
        else:
            yield from _records(_row(trial), f"trial {position}", source_id, facts, [])


def _header(first: str, delimiter: str) -> list[str]:
    return [column_named(text) for text in delimited.split_row(first, delimiter)]


def _unknown_columns(first: str, delimiter: str, source_id: str) -> Iterator[Excluded]:
    for text in delimited.split_row(first, delimiter):
        if not is_column(column_named(text)):
            reason = "not a column of WHO ICTRP's export"
            yield Excluded(
                source_id=source_id, record=f"column {text!r}", reason=reason
            )


def _row(trial: Element) -> Row:
    texts = {
        column_named(child.tag): "".join(child.itertext()).strip()
        for child in itertools.islice(trial, 500)
    }
    return {name: "" if is_empty(text) else text for name, text in texts.items()}


def _id_of(text: str) -> str | None:
    """Return a text as an id, or None: an id has a digit in its first word."""
    words = text.split(maxsplit=_MOST_WORDS)
    is_id = len(words) <= _MOST_WORDS and any(c.isdecimal() for c in "".join(words[:1]))
    return id_of(text) or (" ".join(words) if is_id else None)


def _records(
    row: Row,
    name: str,
    source_id: str,
    facts: SourceFacts | None,
    remarks: list[Remark],
) -> Iterator[Record | Excluded]:
    """Yield the Record of a row, or why there is none; nothing for an empty row."""
    if not any(row.values()):
        return
    if facts and (day := data_day(row)):
        facts.source_date = max(facts.source_date or day, day)
    text = " ".join(row.get("trialid", "").split())
    trial_id = _id_of(text)
    if not trial_id:
        reason = f"TrialID {text!r} is not a registry id" if text else "no TrialID"
        yield Excluded(source_id=source_id, record=name, reason=reason)
        return
    if not any(row.get(column) for column in TELLING):
        reason = "an id, and nothing that is said of the trial"
        yield Excluded(source_id=source_id, record=trial_id, reason=reason)
        return
    if trial_id != text:
        remarks.append(Remark("trial_id", text, f"read as {trial_id}", "derived"))
    fields: dict[str, Any] = {}
    row = row_without_contacts(row)
    for read in READERS:
        fields |= read(row, remarks)
    registry = registry_of(trial_id) or registry_named(row.get("source register"))
    # ClinicalTrials.gov's day in ICTRP is that of submission, not of posting.
    is_submitted = registry == "ClinicalTrials.gov" and fields.get("first_posted_date")
    yield Record(
        trial_id=trial_id,
        source_id=source_id,
        registry=registry,
        basis={"first_posted_date": "derived"} if is_submitted else {},
        remarks=tuple(remarks),
        **fields,
    )
