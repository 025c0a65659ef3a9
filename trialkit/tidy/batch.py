"""The tables of a batch of records, and the facts that only all batches can settle.

A table is made when it is asked for: of all that a trial says, most users ask for few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit.merge import Merged, merge
from trialkit.merge.registrations import OtherId, Trial
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.statements import dropped, statements_table
from trialkit.tidy.tables import (
    PARTS,
    countries_of,
    part_table,
    stated_fields,
    trials_table,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from trialkit.tidy.labelled import Labelling


#: A record's words between quotation marks, at the end of a reason.
_AROUND = re.compile(r"“(.*)”$")


class Made(Mapping[str, "pa.Table"]):
    """Tables by name, each made once, when it is first asked for."""

    def __init__(self, how: Mapping[str, Callable[[], pa.Table]]) -> None:
        self._how = dict(how)
        self._made: dict[str, pa.Table] = {}
        self._names = tuple(how)

    def __getitem__(self, name: str) -> pa.Table:
        make = self._how.get(name)
        if make:
            self._made[name] = make()
            # Records are held by what is still to be made of them.
            self._how.pop(name, None)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Built(NamedTuple):
    """What a batch gives.

    `stated` holds, per source, the fields that it fills; `dropped` counts by field and
    reason the trials of which it stays missing. `old` names the trials of which only
    old versions were read, `aside` holds the lists of versions of which no record was;
    `n_cells` trials give cells, where they were labelled here.
    """

    tables: Mapping[str, pa.Table]
    trials: list[Trial]
    others: list[OtherId]
    stated: dict[str, set[str]]
    dropped: dict[tuple[str, str], int]
    old: list[str]
    aside: list[Excluded]
    n_cells: int = 0


def build(
    records: Iterable[Record],
    sources: Iterable[Source],
    labelling: Labelling | None,
    current: Mapping[str, str] | None = None,
) -> Built:
    """Return the tables of records, where no other record speaks of their trials.

    `sources` holds at least those of the records; `current` is that of `merge`.
    """
    records, sources = list(records), list(sources)
    merged = merge(records, sources, current=current)
    columns, tables = labelling.batch(merged) if labelling else ({}, {})
    if "cell_trial_reason" in columns:
        columns["cell_trial_reason"] = _reasons(columns, merged, sources)
    how = {
        **tables,
        "trials": partial(trials_table, merged, columns),
        **{name: partial(part_table, name, merged) for name in PARTS},
        "statements": partial(statements_table, merged),
    }
    trials, others = [], []
    for trial_id, record in ((item.trial_id, item.record) for item in merged):
        countries = countries_of(record)
        posted = record.first_posted_date
        trials.append(Trial(trial_id, record.registry, posted, countries))
        others += [OtherId(trial_id, i.id, i.id_type) for i in record.identifiers]
    old = [item.trial_id for item in merged if item.is_old_version]
    aside = _lists_alone(records, {item.trial_id for item in merged}, current or {})
    stated, missing = stated_fields(merged), dropped(merged)
    n_cells = columns.get("is_cell_trial", []).count(True)
    return Built(Made(how), trials, others, stated, missing, old, aside, n_cells)


def _lists_alone(
    records: list[Record], known: set[str], current: Mapping[str, str]
) -> list[Excluded]:
    """Return the lists of versions of trials that nothing else speaks of."""
    return [
        Excluded(
            source_id=record.source_id,
            record=record.trial_id,
            reason="a list of versions only: no record of the trial was read",
        )
        for record in records
        if record.is_list_of_versions
        and current.get(record.trial_id, record.trial_id) not in known
    ]


def _reasons(
    columns: Mapping[str, list[Any]], merged: list[Merged], sources: list[Source]
) -> list[str | None]:
    """Return why each trial is a cell trial; rewritten words are not quoted."""
    retold = {item.source_id for item in sources if item.wording == "rewritten"}
    return [
        _AROUND.sub(r"\1", reason)
        if reason and any(record.source_id in retold for record in item.records)
        else reason
        for reason, item in zip(columns["cell_trial_reason"], merged, strict=True)
    ]
