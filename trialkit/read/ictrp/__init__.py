"""WHO ICTRP exports, CSV and XML, to Records of some twenty registers.

The contact columns are never looked at. `Export date` and `Last Refreshed on` are
ICTRP's own days: they date the file, and no trial. The export's flags about itself say
nothing of the trial.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from trialkit.errors import TrialDataError
from trialkit.read.delimited import cells, delimiter_of, lines_of, rows
from trialkit.read.ictrp.columns import DATES, READERS, TELLING, Row, data_day
from trialkit.read.privacy import cells_without_contacts
from trialkit.read.registries import any_id, id_of, registry_named, registry_of
from trialkit.read.spreadsheet import SAMPLE, habits_of, is_empty
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
    first = next(rows(lines_of(io.BytesIO(head))), "")
    return "trialid" in _header(first, delimiter_of(first))


def sniff_xml(head: bytes) -> bool:
    """Return whether the first bytes of a file look like ICTRP's XML."""
    return head.lstrip()[:1] == b"<" and _XML.search(head) is not None


def stream_csv(
    handle: BinaryIO, source_id: str, on_day: Callable[[str], Any] | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Records of an ICTRP CSV of any size, row by row.

    Parameters
    ----------
    handle
        The file as UTF-8, opened for reading bytes.
    source_id
        Id of the file in the table `sources`.
    on_day
        Is told the day that a row's data are of.

    Yields
    ------
    Record or Excluded
        In the file's order; rows without anything in them are passed over.

    Raises
    ------
    TrialDataError
        If the columns say nothing of a trial but its id.
    """
    lines = lines_of(handle)
    first = next(rows(lines), "")
    delimiter = delimiter_of(first)
    names = _header(first, delimiter)
    if TELLING.isdisjoint(names):
        raise TrialDataError(
            "a list of ids: of WHO ICTRP's columns it has TrialID, and none that says "
            "anything of a trial; search for the ids in ICTRP and export what it finds"
        )
    start = None
    if names[0] == "trialid":
        mark = re.escape(delimiter)
        start = re.compile(rf'"?(?:{any_id().pattern})"?{mark}', re.IGNORECASE)
    body = rows(lines, start)
    sample = list(itertools.islice(body, SAMPLE))
    table = [cells(text, delimiter) for text in sample]
    habits = habits_of(names, table, dates=DATES, order="day")
    for position, text in enumerate(itertools.chain(sample, body), 1):
        values = cells(text, delimiter)
        if not any(values):
            continue
        if len(values) < len(names) or any(values[len(names) :]):
            reason = f"the row has {len(values)} cells for {len(names)} columns"
            name = _id_of(values[0]) if values else None
            yield Excluded(
                source_id=source_id, record=name or f"row {position}", reason=reason
            )
        else:
            remarks: list[Remark] = []
            row = {
                name: habits.plain(name, cell, remarks)
                for name, cell in zip(names, values, strict=False)
            }
            if any(row.values()):
                _tell(row, on_day)
                yield _made(row, f"row {position}", source_id, remarks)


def stream_xml(
    handle: BinaryIO, source_id: str, on_day: Callable[[str], Any] | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Records of an ICTRP XML of any size, trial by trial.

    Parameters
    ----------
    handle
        The file as UTF-8, opened for reading bytes.
    source_id
        Id of the file in the table `sources`.
    on_day
        Is told the day that a trial's data are of.

    Yields
    ------
    Record or Excluded
        In the file's order; trials without anything in them are passed over.

    Raises
    ------
    TrialDataError
        If the document declares entities or an outside document type.
    """
    for position, trial in enumerate(elements(handle, "Trial", source_id), 1):
        if isinstance(trial, Excluded):
            yield trial
            continue
        row = _row(trial)
        if any(row.values()):
            _tell(row, on_day)
            yield _made(row, f"trial {position}", source_id, [])


def _tell(row: Row, on_day: Callable[[str], Any] | None) -> None:
    day = data_day(row) if on_day else None
    if on_day and day:
        on_day(day)


def _header(first: str, delimiter: str) -> list[str]:
    return [name.lower().replace("_", " ") for name in cells(first, delimiter)] or [""]


def _row(trial: Element) -> Row:
    texts = {
        child.tag.lower().replace("_", " "): "".join(child.itertext()).strip()
        for child in itertools.islice(trial, 500)
    }
    return {name: "" if is_empty(text) else text for name, text in texts.items()}


def _id_of(text: str) -> str | None:
    """Return a text as an id, or None: without a number it is no register's."""
    found = id_of(text)
    if found:
        return found
    words = text.split(maxsplit=_MOST_WORDS)
    is_id = len(words) <= _MOST_WORDS and any(c.isdecimal() for c in "".join(words[:1]))
    return " ".join(words) if is_id else None


def _made(
    row: Row, name: str, source_id: str, remarks: list[Remark]
) -> Record | Excluded:
    text = " ".join(row.get("trialid", "").split())
    trial_id = _id_of(text)
    if not trial_id:
        reason = f"TrialID {text!r} is not a registry id" if text else "no TrialID"
        return Excluded(source_id=source_id, record=name, reason=reason)
    if not any(row.get(column) for column in TELLING):
        reason = "an id, and nothing that is said of the trial"
        return Excluded(source_id=source_id, record=trial_id, reason=reason)
    if trial_id != text:
        note = f"read as {trial_id}"
        remarks.append(Remark(field="trial_id", value=text, note=note, basis="derived"))
    fields: dict[str, Any] = {}
    row = cells_without_contacts(row)
    for read in READERS:
        fields |= read(row, remarks)
    registry = registry_of(trial_id) or registry_named(row.get("source register"))
    # Of ClinicalTrials.gov ICTRP gives the day of submission, not that of posting.
    is_submitted = registry == "ClinicalTrials.gov" and fields.get("first_posted_date")
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        registry=registry,
        basis={"first_posted_date": "derived"} if is_submitted else {},
        remarks=tuple(remarks),
        **fields,
    )
