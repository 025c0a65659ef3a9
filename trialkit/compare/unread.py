"""Words of a record that could not be read: a value that they hold is not gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialkit.compare.change import Change
from trialkit.compare.sides import Side
from trialkit.plural import counted
from trialkit.tidy.trials import Trials

#: The kinds of changes of what each part of a register's record holds.
_KINDS = {
    "identificationModule": ("texts", "ids", "sponsor", "labels"),
    "statusModule": ("status", "dates", "results", "other"),
    "sponsorCollaboratorsModule": ("sponsor",),
    "descriptionModule": ("texts", "labels"),
    "conditionsModule": ("conditions", "texts", "labels"),
    "designModule": ("design", "enrollment", "other"),
    "armsInterventionsModule": ("arms", "interventions", "labels"),
    "outcomesModule": ("outcomes",),
    "eligibilityModule": ("criteria",),
    "contactsLocationsModule": ("sites",),
    "referencesModule": ("references",),
    "oversightModule": ("other",),
    "ipdSharingStatementModule": ("other",),
}
#: Kinds of what is a list: a change of it may be of any place in it.
_LISTS = (
    *("sponsor", "ids", "conditions", "labels", "arms", "interventions", "outcomes"),
    *("sites", "references"),
)
#: What ends the name of a place that holds several fields.
_HOLDERS = ("Module", "Info")


def unread_of(data: Trials) -> dict[str, frozenset[str]]:
    """Return by trial the fields, or parts of the record, that could not be read."""
    rows = data.columns("statements", ["trial_id", "field", "basis"])
    rows = rows[rows["basis"].eq("unread").fillna(False)]
    groups = rows.groupby("trial_id")["field"]
    return {str(trial_id): frozenset(fields) for trial_id, fields in groups}


def with_unread(change: Change, old: frozenset[str], new: frozenset[str]) -> Change:
    """Return a change that says where a value is missing since it could not be read."""
    for value, fields, when in ((change.new, new, "now"), (change.old, old, "before")):
        if value is None and any(_holds(field, change) for field in fields):
            told = f"a part of the record could not be read {when}"
            note = "; ".join(filter(None, [change.note, told]))
            return change._replace(change="could not be read", note=note)
    return change


def _holds(unread: str, change: Change) -> bool:
    """Return whether a field, or a place of a record, holds what a change is of."""
    *above, last = unread.split(".")
    if not above:
        return unread == change.field
    part = next((name for name in (*above, last) if name in _KINDS), "")
    if part and change.kind not in _KINDS[part]:
        return False
    if part and (change.kind in _LISTS or last.endswith(_HOLDERS)):
        return True
    field, place = change.field.replace("_", ""), unread.casefold()
    return field in place or last.casefold() in field


def aside_notes(sides: Mapping[str, Side]) -> Iterator[str]:
    """Yield how many records of each side were set aside while reading."""
    for when, side in sides.items():
        rows = side.data.excluded
        if n := int((rows["source_id"].notna() & rows["record"].notna()).sum()):
            were = f"{counted(n, 'record')} {'was' if n == 1 else 'were'}"
            yield f"{were} set aside while reading {when}: a trial may be missing so"
