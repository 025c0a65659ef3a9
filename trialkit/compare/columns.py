"""The fields that a trial has once: a walk over the codebook.

`data/compared.csv` says of each column of what kind its changes are, and how its values
are compared; of those left out, why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from trialkit.codewords import code_word
from trialkit.compare.change import COMPLETED, OPENED, POSTED, STOPPED, Change, moved
from trialkit.compare.days import days_words, move
from trialkit.compare.words import is_same, passages, plain
from trialkit.files import data_rows
from trialkit.plural import counted

#: One trial's row of `trials`, missing values as None.
Row = Mapping[str, Any]

_STOPPED = ("TERMINATED", "WITHDRAWN", "SUSPENDED")
_OPEN = ("RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE")


class Compared(NamedTuple):
    """A column that is compared, its kind of change, and the form of its values."""

    table: str
    column: str
    kind: str
    form: str


@cache
def compared() -> tuple[Compared, ...]:
    """Return the columns that are compared, in the codebook's order."""
    rows = (row for row in data_rows("compared.csv") if row["kind"])
    return tuple(Compared(*(row[name] for name in Compared._fields)) for row in rows)


@cache
def trial_columns() -> tuple[str, ...]:
    """Return the columns of `trials` that are compared."""
    return tuple(c.column for c in compared() if c.table == "trials")


def column_changes(
    trial_id: str, old: Row, new: Row, told: frozenset[str]
) -> Iterator[Change]:
    """Yield the changes of the fields that a trial has once.

    Parameters
    ----------
    trial_id
        Id of the trial.
    old, new
        Its rows of `trials`.
    told
        The columns that both sides can tell.
    """
    for kind, columns, compare in _TOGETHER:
        if told.issuperset(columns[:1]):
            own = [{c: row.get(c) for c in columns} for row in (old, new)]
            for name in columns[1:]:
                if name not in told:
                    for row in own:
                        row[name] = None
            yield from compare(trial_id, kind, *own)
    for table, column, kind, form in compared():
        if table == "trials" and form and form != "date" and column in told:
            change = _change(trial_id, kind, column, form, old[column], new[column])
            if change:
                yield change


def _change(
    trial_id: str, kind: str, column: str, form: str, old: Any, new: Any
) -> Change | None:
    if _is_alike(form, old, new):
        return None
    change = "stated now" if old is None else "no longer stated"
    if old is None or new is None:
        shown = [_shown(form, column, value) for value in (old, new)]
        return moved(trial_id, kind, change, column, shown)
    if form == "long":
        return moved(trial_id, kind, "reworded", column, passages(old, new))
    if form == "list":
        return _list_change(trial_id, kind, column, old, new)
    shown = [_shown(form, column, value) for value in (old, new)]
    change = "reworded" if form == "text" else "changed"
    return moved(trial_id, kind, change, column, shown)


def _is_alike(form: str, old: Any, new: Any) -> bool:
    if form in ("code", "yes") or old is None or new is None:
        return old == new
    if form == "list":
        return {*map(plain, old.split("; "))} == {*map(plain, new.split("; "))}
    return is_same(old, new, in_order=form != "long")


def _shown(form: str, column: str, value: Any) -> str | None:
    if value is None:
        return None
    if form == "yes":
        return "yes" if value else "no"
    if form == "list":
        return "; ".join(code_word(item, column) for item in value.split("; "))
    return code_word(str(value), column)


def _list_change(
    trial_id: str, kind: str, column: str, old: str, new: str
) -> Change | None:
    lists = [old.split("; "), new.split("; ")]
    known = [{*map(plain, items)} for items in lists]
    only = [
        [
            _shown("text", column, item) or ""
            for item in items
            if plain(item) not in other
        ]
        for items, other in zip(lists, reversed(known), strict=True)
    ]
    return list_change(trial_id, kind, column, *only)


def list_change(
    trial_id: str, kind: str, field: str, dropped: list[str], added: list[str]
) -> Change | None:
    """Return the change of a list of which some entries went and some came."""
    if not dropped and not added:
        return None
    change = "changed" if dropped and added else "added" if added else "dropped"
    return Change(
        trial_id,
        kind,
        change,
        field,
        "; ".join(dropped) or None,
        "; ".join(added) or None,
    )


def _status(trial_id: str, kind: str, old: Row, new: Row) -> Iterator[Change]:
    before, after = (row["overall_status"] for row in (old, new))
    shown = _status_words(old), _status_words(new)
    if before == after:
        if not is_same(old["why_stopped"], new["why_stopped"]):
            change = "reason for stopping changed"
            yield moved(trial_id, kind, change, "why_stopped", shown)
        elif _last_known(old) != _last_known(new):
            yield moved(trial_id, kind, "changed", "last_known_status", shown)
        return
    became = {COMPLETED: after == "COMPLETED", STOPPED: after in _STOPPED}
    became[OPENED] = after in _OPEN and before not in _OPEN
    change = next((name for name, is_so in became.items() if is_so), "changed")
    yield moved(trial_id, kind, change, "overall_status", shown)


def _last_known(row: Row) -> str | None:
    """Return the status before the register set UNKNOWN; beside another it is stale."""
    return row["last_known_status"] if row["overall_status"] == "UNKNOWN" else None


def _status_words(row: Row) -> str | None:
    if row["overall_status"] is None:
        return None
    words = code_word(row["overall_status"], "overall_status")
    if last := _last_known(row):
        words += f" (last known: {code_word(last, 'last_known_status')})"
    return f"{words}: {row['why_stopped']}" if row["why_stopped"] else words


def _enrollment(trial_id: str, kind: str, old: Row, new: Row) -> Iterator[Change]:
    numbers = [row["enrollment"] for row in (old, new)]
    types = [row["enrollment_type"] for row in (old, new)]
    if numbers[0] == numbers[1] and types[0] == types[1]:
        return
    note, change = "", "now actual" if types[1] == "ACTUAL" != types[0] else "changed"
    if None not in numbers and numbers[0] != numbers[1]:
        more = int(numbers[1]) - int(numbers[0])
        note = f"{counted(abs(more), 'participant')} {'more' if more > 0 else 'fewer'}"
    shown = (_participants(row) for row in (old, new))
    yield moved(trial_id, kind, change, "enrollment", shown, note=note)


def _participants(row: Row) -> str | None:
    if row["enrollment"] is None:
        return None
    return f"{int(row['enrollment']):,}{_typed(row['enrollment_type'])}"


def _typed(kind: str | None) -> str:
    return {"ESTIMATED": " (planned)", "ACTUAL": " (actual)"}.get(kind or "", "")


def _results(trial_id: str, kind: str, old: Row, new: Row) -> Iterator[Change]:
    before, after = (bool(row["has_results"]) for row in (old, new))
    days = [row["results_first_posted_date"] for row in (old, new)]
    shown = (_posted(row) for row in (old, new))
    if before != after:
        change = POSTED if after else "results withdrawn"
        yield moved(trial_id, kind, change, "has_results", shown)
    elif days[0] != days[1] and all(days):
        change = "day of results changed"
        yield moved(trial_id, kind, change, "results_first_posted_date", days)


def _posted(row: Row) -> str | None:
    if row["has_results"] is None:
        return None
    if not row["has_results"]:
        return "none posted"
    day = row["results_first_posted_date"]
    return f"posted on {day}" if day else "posted"


def _date(trial_id: str, kind: str, old: Row, new: Row) -> Iterator[Change]:
    column = next(iter(old))
    days = [row[column] for row in (old, new)]
    types = [row[f"{column}_type"] for row in (old, new)]
    # A date without a type has only lost or gained the mark; nothing happened.
    is_typed = types[0] != types[1] and all(types)
    if days[0] == days[1] and not is_typed:
        return
    shown = [_dated(*pair) for pair in zip(days, types, strict=True)]
    if days[0] == days[1]:
        change = "now actual" if types[1] == "ACTUAL" else "now planned"
        yield moved(trial_id, kind, change, column, shown)
        return
    step = move(*days)
    if is_typed and step.days is None and all(days):
        step = step._replace(change=f"{step.change}, now {_typed(types[1])[2:-1]}")
    note = days_words(step.days, is_exact=step.is_exact)
    yield moved(trial_id, kind, step.change, column, shown, days=step.days, note=note)


def _dated(day: str | None, kind: str | None) -> str | None:
    return f"{day}{_typed(kind)}" if day else None


_Together = Callable[[str, str, Row, Row], Iterator[Change]]
#: Columns that are one fact, which changes once.
_TOGETHER: tuple[tuple[str, tuple[str, ...], _Together], ...] = (
    ("status", ("overall_status", "why_stopped", "last_known_status"), _status),
    ("enrollment", ("enrollment", "enrollment_type"), _enrollment),
    ("results", ("has_results", "results_first_posted_date"), _results),
    *(
        ("dates", (name, f"{name}_type"), _date)
        for name in ("start_date", "primary_completion_date", "completion_date")
    ),
)
