"""WHO ICTRP's list in an Excel workbook, as a CSV; other Office files are refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from functools import reduce
from typing import Any, BinaryIO

from trialkit.errors import TrialDataError

#: The first bytes of an archive, which a workbook is.
MAGIC = b"PK\x03\x04"
#: Members by which Office's packages are told apart.
PACKAGE = "[Content_Types].xml"
_KINDS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "xl/workbook.bin": "a binary Excel workbook (.xlsb); save it as .xlsx or CSV",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
#: Rows in which the names of the columns may stand, below a title.
_TOP = 10
_SHOWN_COLUMNS = 4
#: Larger workbooks are refused, unpacked.
_MOST_BYTES = 1 << 28
#: Cells of a sheet that are held at once, blank ones included.
_MOST_CELLS = 20_000_000
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([1-9][0-9]{0,6})"')

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)

_Rows = list[list[Any]]


def is_package(names: Sequence[str], archive: zipfile.ZipFile) -> bool:
    """Return whether an archive is one file of an office program."""
    if PACKAGE in names:
        return True
    if "mimetype" not in names:
        return False
    with archive.open("mimetype") as handle:
        return handle.read(len(_OPEN_DOCUMENT)) == _OPEN_DOCUMENT.encode()


def as_csv(opener: Callable[[], BinaryIO]) -> bytes:
    """Return a workbook's ICTRP list as a UTF-8 CSV with ISO dates; refuse the rest."""
    _refuse_others(opener)
    lists: list[_Rows] = []
    first_rows: list[Sequence[Any]] = []
    for rows in _sheets(opener):
        top = [{str(value).strip().casefold() for value in row} for row in rows[:_TOP]]
        headers = [n for n, names in enumerate(top) if "trialid" in names]
        lists += [rows[n:] for n in headers[:1]]
        first_rows += [row for row in rows[:1] if any(row)]
    if not lists:
        raise TrialDataError(_told(first_rows))
    if any(rows[0] != lists[0][0] for rows in lists):
        raise TrialDataError(
            "an Excel workbook with several lists of WHO ICTRP, their columns not the "
            "same; save each sheet as a file of its own"
        )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_text(value) for value in lists[0][0]])
    for rows in lists:
        writer.writerows([_text(value) for value in row] for row in rows[1:])
    return text.getvalue().encode()


def _refuse_others(opener: Callable[[], BinaryIO]) -> None:
    try:
        with opener() as handle, zipfile.ZipFile(handle) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            is_office = is_package(list(infos), archive)
    except _BROKEN:
        infos, is_office = {}, False
    if not is_office:
        raise TrialDataError("not text: an archive inside an archive")
    kind = next((what for name, what in _KINDS.items() if name in infos), None)
    if PACKAGE not in infos:
        kind = "an OpenDocument file; save a list of WHO ICTRP as .xlsx or CSV"
    elif not kind and "xl/workbook.xml" not in infos:
        kind = "an Office file"
    if kind:
        raise TrialDataError(f"not text: {kind}")
    if sum(info.file_size for info in infos.values()) > _MOST_BYTES:
        raise TrialDataError(
            f"an Excel workbook that unpacks to more than {_MOST_BYTES >> 20} MiB; "
            "save it as CSV"
        )


def _refuse_huge(opener: Callable[[], BinaryIO]) -> None:
    """Refuse a sheet that spans too many cells: a far one fills up all before it."""
    with opener() as handle, zipfile.ZipFile(handle) as archive:
        for name in archive.namelist():
            n_cells = _extent(archive.read(name)) if "/worksheets/" in name else 0
            if n_cells > _MOST_CELLS:
                raise TrialDataError(
                    f"an Excel workbook with a sheet of {n_cells:,} cells, blank ones "
                    "among them; save the list as CSV"
                )


def _extent(sheet: bytes) -> int:
    places = _PLACE.findall(sheet)
    columns = {column for column, _ in places}
    n_columns = max((_column_number(column) for column in columns), default=0)
    return n_columns * max((int(row) for _, row in places), default=0)


def _column_number(letters: bytes) -> int:
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def _sheets(opener: Callable[[], BinaryIO]) -> Iterator[_Rows]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        _refuse_huge(opener)
        with opener() as handle:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(handle.read()))
        for name in workbook.sheet_names:
            yield workbook.get_sheet_by_name(name).to_python()
    except (CalamineError, ValueError, *_BROKEN) as error:
        reason = f"an Excel workbook that cannot be read: {error}"
        raise TrialDataError(reason) from None


def _told(first: Sequence[Sequence[Any]]) -> str:
    """Say what a workbook is whose sheets begin with these rows."""
    if not first:
        return "an Excel workbook with nothing in it"
    names = [text for value in first[0] if (text := _text(value).strip())]
    if any(name.casefold() in ("nct number", "nctid", "nct_id") for name in names):
        return (
            "an Excel workbook with columns of ClinicalTrials.gov; download its CSV or "
            "JSON, or save the workbook as CSV"
        )
    shown = ", ".join(repr(name[:30]) for name in names[:_SHOWN_COLUMNS])
    more = " …" if len(names) > _SHOWN_COLUMNS else ""
    return (
        f"an Excel workbook with the columns {shown}{more}: no list of WHO ICTRP, "
        "which has a column TrialID"
    )


def _text(value: Any) -> str:
    """Return a table cell as ICTRP's CSV would have it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return "" if value is None else str(value)
