"""What makes a study an old version of its record: number, day, and text without HTML.

The register's history gives texts with entities and tags (`&#x2F;`, `<p>`, `<li>`),
which its API gives without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from trialkit.read.ctgov import wire
from trialkit.read.ctgov.record import to_record, trial_id_of
from trialkit.read.values.dates import iso_date
from trialkit.read.values.markup import without_html
from trialkit.record import Record

#: No record has as many versions as have more digits.
_DIGITS = 6
_MARKED = re.compile(r"</?mark\b[^<>]{0,60}>", re.IGNORECASE)
_ITEM = re.compile(r"<li>\s{0,9}(?:<p>\s{0,9})?", re.IGNORECASE)


def is_number(text: str) -> bool:
    """Return whether a text is the number of a version, or how many there are."""
    return text.isdecimal() and len(text) <= _DIGITS


def with_history(study: wire.Study, record: Record) -> Iterator[Record]:
    """Yield the Record of a study that ctrdata saved, and those of its old versions.

    ctrdata counts versions from 1, the register from 0.
    """
    own = study.history_version
    yield _numbered(record, own) if own else record
    for past in study.history:
        number = past.history_version or wire.HistoryVersion()
        trial_id = trial_id_of(past) or record.trial_id
        yield _numbered(to_record(past, trial_id, record.source_id), number)


def _numbered(record: Record, of: wire.HistoryVersion) -> Record:
    number = max((of.version_number or 1) - 1, 0)
    return as_version(record, number, of.version_date)


def as_version(record: Record, number: int, day: str | None) -> Record:
    """Return a Record as version `number` of its trial's record, without HTML."""
    day = iso_date(day) or record.last_updated_date
    record = without_markup(record)
    return msgspec.structs.replace(record, version=number, version_date=day)


def without_markup(record: Record) -> Record:
    """Return a Record with its texts as the API gives them."""
    return _plain(record)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _plain_text(value) if "<" in value or "&" in value else value
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return msgspec.structs.replace(
            value, **{name: _plain(part) for name, part in fields.items() if part}
        )
    return value


def _plain_text(text: str) -> str:
    return without_html(_ITEM.sub("<br>* ", _MARKED.sub("", text)))
