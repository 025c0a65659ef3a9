"""ClinicalTrials.gov's CSV downloads to Records.

The website's columns in any order, the classic columns of before 2023, ids in URLs
alone, and the API's later pages, which have no header; no list of nothing but ids.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from trialkit.errors import TrialDataError
from trialkit.read import delimited
from trialkit.read.ctgov.columns import API_HEADER, COLUMNS, DATES, Fields
from trialkit.read.document import SourceFacts
from trialkit.read.spreadsheet import Habits, habits_of
from trialkit.read.values.ids import registry_of
from trialkit.read.values.markup import without_entities
from trialkit.record import Excluded, Record, Remark

SHAPE = "ctgov_csv"

_ID_COLUMNS = ("nct number", "study url", "url")
#: Columns that say nothing of a trial but which one it is.
_NAMING = frozenset({*_ID_COLUMNS, "rank", "other ids"})
_NCT = re.compile(r"NCT\d{8}", re.IGNORECASE)
_BY_PLAIN_NAME = {delimited.plain_name(name): name for name in COLUMNS}
#: Where the registry writes NA for "not applicable".
_NOT_MISSING = frozenset({"phases"})


class _Layout(NamedTuple):
    """Column names in lower case, "" for an unknown one."""

    names: tuple[str, ...]
    delimiter: str
    has_header: bool


def sniff(head: bytes) -> bool:
    """Return whether the first bytes of a file look like the site's CSV."""
    return _layout(delimited.header_of(head)) is not None


def stream(
    handle: BinaryIO, source_id: str, facts: SourceFacts | None = None
) -> Iterator[Record | Excluded]:
    """Yield the Record of each row, and what cannot be read of rows and columns."""
    lines = delimited.lines_of(handle)
    first = next(delimited.rows(lines), "")
    layout = _layout(first)
    if layout is None:
        return
    own = (name for name in layout.names if not name.startswith("?"))
    if layout.has_header and _NAMING.issuperset(own):
        raise TrialDataError(
            "a list of ids: no column of ClinicalTrials.gov's CSV in it says anything "
            "of a trial; trialkit fetch --ids FILE --out FOLDER downloads the records"
        )
    body = delimited.rows(lines, _row_start(layout))
    if not layout.has_header:
        body = itertools.chain([first], body)
    sample, body = delimited.parsed(body, layout.delimiter)
    if not layout.has_header:
        layout = layout._replace(names=_positional(sample, layout))
    yield from _unknown_columns(layout, source_id)
    habits = habits_of(
        layout.names, sample, dates=DATES, order=None, not_missing=_NOT_MISSING
    )
    for position, (row, values) in enumerate(body, 1):
        found = _NCT.search(row)
        name = found[0].upper() if found else f"row {position}"
        reason = delimited.misfit(values, len(layout.names))
        record = reason or _record(values, layout, habits, source_id)
        if isinstance(record, str):
            record = Excluded(source_id=source_id, record=name, reason=record)
        yield record


def _layout(first: str) -> _Layout | None:
    delimiter = delimited.delimiter_of(first)
    names = delimited.split_row(first, delimiter)
    known = [_BY_PLAIN_NAME.get(delimited.plain_name(name)) for name in names]
    n_known = sum(name is not None for name in known)
    if any(name in known for name in _ID_COLUMNS) and n_known * 2 >= len(names):
        pairs = zip(known, names, strict=True)
        columns = tuple(name or f"?{text.lower()}" for name, text in pairs)
        return _Layout(columns, delimiter, has_header=True)
    if len(names) > 2 and any(_NCT.fullmatch(name) for name in names):
        return _Layout(("",) * len(names), delimiter, has_header=False)
    return None


def _row_start(layout: _Layout) -> re.Pattern[str] | None:
    """Return a pattern for the beginning of every row, if the id comes first."""
    mark = re.escape(layout.delimiter)
    id_cell = rf'"?NCT\d{{8}}"?(?:{mark}|\s*$)'
    if layout.names[:1] == ("nct number",):
        return re.compile(id_cell)
    if layout.names[:2] == ("rank", "nct number"):
        return re.compile(rf'"?\d+"?{mark}{id_cell}')
    return None


def _positional(table: Iterable[list[str]], layout: _Layout) -> tuple[str, ...]:
    """Name the columns of a page without a header by their number or values."""
    if len(layout.names) == len(API_HEADER):
        return API_HEADER
    columns = itertools.zip_longest(*table, fillvalue="")
    names = [_name_of(list(filter(None, column))) for column in columns]
    return tuple(
        name if names.count(name) == 1 else "" for name in names[: len(layout.names)]
    )


def _name_of(values: Sequence[str]) -> str:
    fits = (name for name, look in _LOOKS.items() if all(map(look.fullmatch, values)))
    return next(fits, "") if values else ""


_TYPED = r"[A-Z](?:_?[A-Z])*_?: [^|]+"
_LOOKS = {
    "nct number": re.compile(r"NCT\d{8}"),
    "study url": re.compile(r"https?://(?:www\.)?clinicaltrials\.gov/\S+", re.I),
    "study results": re.compile(r"YES|NO"),
    "sex": re.compile(r"ALL|FEMALE|MALE"),
    "study type": re.compile(r"INTERVENTIONAL|OBSERVATIONAL|EXPANDED_ACCESS"),
    "age": re.compile(r"(?:(?:CHILD|ADULT|OLDER_ADULT)(?:, )?)+"),
    "study status": re.compile(
        r"(?:[A-Z]+_)*(?:RECRUITING|COMPLETED|TERMINATED|WITHDRAWN|SUSPENDED|UNKNOWN"
        r"|BY_INVITATION|AVAILABLE|WITHHELD)"
    ),
    "phases": re.compile(r"(?:(?:EARLY_)?PHASE[1-4]\|?)+|NA"),
    "study design": re.compile(r"(?:[A-Z][a-z]+ ?)+: .*"),
    "interventions": re.compile(rf"{_TYPED}(?:\|{_TYPED})*\|?"),
}


def _unknown_columns(layout: _Layout, source_id: str) -> Iterator[Excluded]:
    for number, name in enumerate(layout.names, 1):
        if not name or name.startswith("?"):
            label = f"column {number}"
            reason = "the page has no header and the values do not tell the column"
            if name:
                label = f"column {name[1:]!r}"
                reason = "not a column of ClinicalTrials.gov's CSV"
            yield Excluded(source_id=source_id, record=label, reason=reason)


def _record(
    values: Sequence[str], layout: _Layout, habits: Habits, source_id: str
) -> Record | str:
    """Return the Record of a row, or why there is none."""
    remarks: list[Remark] = []
    fields = _fields(layout.names, values, habits, remarks)
    url_id = fields.pop("url_id", None)
    trial_id = fields.pop("trial_id", url_id)
    if url_id and trial_id != url_id:
        note = "the row's URL is another trial's"
        remarks.append(Remark("trial_id", url_id, note, "conflict"))
    if trial_id is None:
        return "no NCT number in the row"
    fields["basis"] = {} if layout.has_header else dict.fromkeys(fields, "positional")
    return Record(
        trial_id=trial_id,
        source_id=source_id,
        registry=registry_of(trial_id),
        remarks=tuple(remarks),
        **fields,
    )


def _fields(
    names: Iterable[str], values: Iterable[str], habits: Habits, remarks: list[Remark]
) -> Fields:
    fields: Fields = {}
    of_values: list[Remark] = []
    for name, text in zip(names, values, strict=False):
        value = habits.plain(name, text, remarks) if name in COLUMNS else ""
        value = without_entities(value)
        if not value:
            continue
        found = COLUMNS[name](value, of_values)
        if found is None:
            remarks.append(Remark(name, value, f"not what the column {name!r} holds"))
            continue
        for field, item in found.items():
            # Three columns hold outcomes and two hold sponsors: they add up.
            is_list = isinstance(item, tuple) and field in fields
            if item is not None:
                fields[field] = fields[field] + item if is_list else item
    lead_class = fields.pop("lead_class", None)
    sponsors = fields.get("sponsors")
    if lead_class and sponsors and sponsors[0].role == "lead":
        lead = msgspec.structs.replace(sponsors[0], sponsor_class=lead_class)
        fields["sponsors"] = (lead, *sponsors[1:])
    remarks += of_values
    return fields
