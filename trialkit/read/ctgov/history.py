"""The history that ClinicalTrials.gov keeps of a study to Records: old versions, lists.

One version is `{"studyVersion": 0, "study": {...}}`; a list of versions `{"changes":
[...]}`, which does not say of which study (the file's name must); `?history=true`
answers with the study and its list. Each version is a Record with a number, a list a
Record that holds nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from trialkit.read.ctgov import wire
from trialkit.read.ctgov.lenient import convert, without_blanks
from trialkit.read.ctgov.record import to_record, trial_id_of
from trialkit.read.ctgov.versions import as_version, is_number, without_markup
from trialkit.read.document import Document, Reading, SourceFacts
from trialkit.read.values.dates import iso_date
from trialkit.read.values.ids import id_of, named_study, registry_of
from trialkit.read.values.levels import known
from trialkit.record import Excluded, Record, Version

SHAPE = "ctgov_history_json"

_HEAD = re.compile(
    rb'\s*(?:\[\s*)?\{\s*(?:"study"\s*:\s*\{|"history"\s*:\s*\{'
    rb'|[^{}\[\]]{0,400}?"studyVersion"\s*:|[^{}\[\]]{0,400}?"changes"\s*:\s*\[)'
    rb'|\s*\[\s*\{\s*"version"\s*:\s*\d+\s*,\s*"date"\s*:'
)
_ID_KEYS = ("nctId", "nct_id", "nctid", "_id")
_NAME_IT = "name the file with its id, such as NCT01234567-history.json"
_NEITHER = "neither a version of a study nor a list of its versions"


class _Change(msgspec.Struct, frozen=True, rename="camel"):
    """One row of a list of versions."""

    version: int | None = None
    date: str | None = None
    status: str | None = None
    module_labels: tuple[str, ...] = ()


class _Original(msgspec.Struct, frozen=True, rename="camel"):
    """What differs in the version at registration, where a list tells it."""

    enrollment_info: wire.Enrollment | None = None


class _List(msgspec.Struct, frozen=True, rename="camel"):
    """A list of versions."""

    changes: tuple[_Change, ...] = ()
    original_data: _Original = _Original()


def sniff(head: bytes) -> bool:
    """Return whether a document begins as a version or a list of versions does."""
    return _HEAD.match(head) is not None


def read(document: Document) -> Iterator[Reading]:
    """Yield the Records of the versions and lists in a document."""
    records: list[Record] = []
    excluded: list[Excluded] = []
    for number, value in enumerate(_values(document), 1):
        reason = value if isinstance(value, str) else ""
        found = [] if reason else list(_records(value, document))
        records += [item for item in found if isinstance(item, Record)]
        reasons = [reason] if reason else [i for i in found if isinstance(i, str)]
        for told in reasons:
            excluded.append(
                Excluded(
                    source_id=document.source_id,
                    path=document.path,
                    record=f"value {number}" if number > 1 else None,
                    reason=told,
                )
            )
    yield Reading(records, excluded, SourceFacts("registry", SHAPE))


def _values(document: Document) -> Iterator[Any]:
    """Yield the values of a document, which may follow each other; why not, as text."""
    decoder, text = json.JSONDecoder(), document.text
    at = len(text) - len(text.lstrip())
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield f"not valid JSON from character {at + 1} on: {error}"
            return
        yield from value if isinstance(value, list) and not _is_list(value) else [value]
        rest = text[end:]
        at = end + len(rest) - len(rest.lstrip())


def _is_list(value: Any) -> bool:
    """Whether JSON is the rows of a list of versions."""
    rows = value if isinstance(value, list) else []
    return bool(rows) and all(
        isinstance(row, dict) and "version" in row and "study" not in row
        for row in rows
    )


def _records(value: Any, document: Document) -> Iterator[Record | str]:
    """Yield the Records of one value, or why there is none."""
    value = without_blanks({"changes": value} if _is_list(value) else value)
    if not isinstance(value, dict):
        yield _NEITHER
        return
    history = value.get("history", value)
    trial_id = next((id_of(str(value[k])) for k in _ID_KEYS if k in value), None)
    if "study" in value:
        found = _study(value, document.source_id)
        yield found
        if isinstance(found, str):
            return
        trial_id = found.trial_id
    if isinstance(history, dict) and isinstance(history.get("changes"), list):
        yield _list_of(history, trial_id or named_study(document.path), document)
    elif "study" not in value:
        yield _NEITHER


def _study(value: dict[str, Any], source_id: str) -> Record | str:
    study, remarks = convert(value["study"], wire.Study)
    trial_id = trial_id_of(study) if study else None
    if study is None or trial_id is None:
        return "a version that holds no study with a registry id"
    record = to_record(study, trial_id, source_id, remarks)
    number = value.get("studyVersion")
    if number is None:
        return without_markup(record)
    if not is_number(str(number)):
        return f"a version of {trial_id} whose number, {number!r}, is none"
    status = (study.protocol_section or wire.Protocol()).status_module
    days = (status.last_update_submit_date, status.study_first_submit_date)
    return as_version(record, int(number), next(filter(None, days), None))


def _list_of(
    history: dict[str, Any], trial_id: str | None, document: Document
) -> Record | str:
    listed, remarks = convert(history, _List)
    rows = [row for row in listed.changes if row.version is not None]
    if trial_id is None:
        n = len(rows)
        return f"a list of {n:,} versions that names no study: {_NAME_IT}"
    if not rows:
        return f"a list of the versions of {trial_id} that holds none"
    versions = [_version(row, listed.original_data, document.source_id) for row in rows]
    return Record(
        trial_id=trial_id,
        source_id=document.source_id,
        registry=registry_of(trial_id),
        is_list_of_versions=True,
        last_version=max(row.version for row in rows),
        versions=tuple(versions),
        remarks=remarks,
    )


def _version(row: _Change, original: _Original, source_id: str) -> Version:
    planned = original.enrollment_info if row.version == 0 else None
    return Version(
        version=row.version,
        version_date=iso_date(row.date),
        overall_status=known("overall_status", row.status),
        enrollment=planned.count if planned else None,
        enrollment_type=planned.type if planned else None,
        changed_modules=row.module_labels,
        source_id=source_id,
    )
