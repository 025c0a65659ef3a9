"""The versions of one trial's record: which one is the record, what is known of all.

An old version neither contradicts the record nor fills its gaps: what it says was so
once. Only where no record is as new does the newest version stand for the trial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from trialkit.dates import recency
from trialkit.plural import counted
from trialkit.record import Record, Source, Version

#: Fields of a Record that a Version has under the same name.
_SAME = (
    *("version", "version_date", "overall_status", "why_stopped", "source_id"),
    *("enrollment", "enrollment_type"),
    *("start_date", "primary_completion_date", "completion_date"),
)
#: Trials that a warning names.
_NAMED = 5


class History(NamedTuple):
    """The records that say how a trial is, and the versions known of its record.

    `is_old` where these records are an old version for want of a newer one.
    """

    records: list[Record]
    versions: tuple[Version, ...] = ()
    is_old: bool = False


def history_of(group: list[Record], sources: Mapping[str, Source]) -> History:
    """Return the history of a trial from all Records that speak of it."""
    records = [r for r in group if r.version is None and not r.is_list_of_versions]
    if len(records) == len(group):
        return History(records)
    past = [record for record in group if record.version is not None]
    past.sort(key=lambda record: (record.version, _kind(record, sources) == "registry"))
    rows = [row for record in group for row in record.versions]
    last = max(
        (r.last_version for r in group if r.last_version is not None), default=-1
    )
    is_old = False
    if past:
        newest = past[-1]
        is_last = newest.version == last
        if _is_newer(newest, records, sources, is_last=is_last):
            former = [r for r in records if _kind(r, sources) == "registry"]
            past += former
            records = [r for r in records if r not in former] + [newest]
            is_old = not is_last
    return History(records, _versions(past, rows), is_old)


def _kind(record: Record, sources: Mapping[str, Source]) -> str:
    source = sources.get(record.source_id)
    return source.kind if source else ""


def _is_newer(
    newest: Record,
    records: Iterable[Record],
    sources: Mapping[str, Source],
    *,
    is_last: bool,
) -> bool:
    """Return whether a version says more of the trial today than the records do."""
    others = [r for r in records if _kind(r, sources) != "lay"]
    days = [recency(r.last_updated_date)[0] for r in others]
    own = recency(newest.last_updated_date)[0]
    return is_last and own > 0 if 0 in days else all(own > day for day in days)


def _versions(past: Sequence[Record], rows: Iterable[Version]) -> tuple[Version, ...]:
    """Return one Version per number, with what each source knows of it."""
    known: dict[object, Version] = {}
    for version in (*map(_version_of, reversed(past)), *rows):
        key = version.version
        if key is None:
            key = version.version_date, version.source_id
        held = known.get(key)
        known[key] = _filled(held, version) if held else version
    return tuple(sorted(known.values(), key=_order))


def _version_of(record: Record) -> Version:
    same = {name: getattr(record, name) for name in _SAME}
    same["version_date"] = record.version_date or record.last_updated_date
    return Version(**same, has_record=True)


def _filled(held: Version, other: Version) -> Version:
    """Return a version with its gaps filled, and the day of the register's list."""
    gaps = {
        name: getattr(other, name)
        for name in Version.__struct_fields__
        if getattr(held, name) in (None, ()) and name != "enrollment_type"
    }
    if held.enrollment is None:
        gaps["enrollment_type"] = other.enrollment_type
    if other.version_date and not other.has_record:
        gaps["version_date"] = other.version_date
    return msgspec.structs.replace(held, **gaps)


def _order(version: Version) -> tuple[int, tuple[int, int]]:
    """Return what orders versions: by number, those without one last, by day."""
    number = version.version
    return (1 << 30 if number is None else number), recency(version.version_date)


def only_old_versions(ids: Sequence[str]) -> tuple[str, ...]:
    """Return a warning if trials are known from old versions of their records only."""
    if not ids:
        return ()
    named = ", ".join(ids[:_NAMED]) + (" …" if len(ids) > _NAMED else "")
    of, it = ("its record", "it") if len(ids) == 1 else ("their records", "them")
    told = f"{counted(len(ids), 'trial')} ({named}) known from an old version of {of}"
    return (f"{told}: what is told of {it} was so once; read today's records too",)
