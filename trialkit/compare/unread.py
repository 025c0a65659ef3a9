"""Words of a record that could not be read: a value that they hold is not gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialkit.compare.change import Change
from trialkit.compare.sides import Side
from trialkit.plural import counted
from trialkit.tidy.trials import Trials

#: What the name of a part of a record holds, where all of it could not be read.
_PART = "."


def unread_of(data: Trials) -> dict[str, frozenset[str]]:
    """Return by trial the fields, or parts of the record, that could not be read."""
    rows = data.columns("statements", ["trial_id", "field", "basis"])
    rows = rows[rows["basis"].eq("unread").fillna(False)]
    groups = rows.groupby("trial_id")["field"]
    return {str(trial_id): frozenset(fields) for trial_id, fields in groups}


def with_unread(change: Change, old: frozenset[str], new: frozenset[str]) -> Change:
    """Return a change that says where a value is missing since it could not be read."""
    for value, fields, when in ((change.new, new, "now"), (change.old, old, "before")):
        is_part = any(_PART in field for field in fields)
        if value is None and (change.field in fields or is_part):
            told = f"a part of the record could not be read {when}"
            note = "; ".join(filter(None, [change.note, told]))
            return change._replace(change="could not be read", note=note)
    return change


def aside_notes(sides: Mapping[str, Side]) -> Iterator[str]:
    """Yield how many records of each side were set aside while reading."""
    for when, side in sides.items():
        rows = side.data.excluded
        if n := int((rows["source_id"].notna() & rows["record"].notna()).sum()):
            were = f"{counted(n, 'record')} {'was' if n == 1 else 'were'}"
            yield f"{were} set aside while reading {when}: a trial may be missing so"
