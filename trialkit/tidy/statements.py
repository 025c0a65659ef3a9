"""The table `statements`: every field of every source, chosen or not.

It is larger than all other tables together. The values of trials with a single source
go from Records to columns, without rows between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from trialkit.codebook import columns_of
from trialkit.merge import LISTS, SCALARS, Merged
from trialkit.merge.agreement import as_text
from trialkit.record import KEPT
from trialkit.tidy.arrow import from_rows, numbers_of, places_of, table_of, text_of

if TYPE_CHECKING:
    from trialkit.record import Record

#: What a trial of a single source says is read from its record, field by field.
_STATED = (*SCALARS, *LISTS, "conditions", "sites")
_N = len(_STATED)
_VALUES_OF = attrgetter(*_STATED)
_ROW_OF = attrgetter(*columns_of("statements"))


def statements_table(merged: Sequence[Merged]) -> pa.Table:
    """Return the table `statements` of a batch, in the order of its trials."""
    single = [n for n, item in enumerate(merged) if len(item.records) == 1]
    own, of_record = _own_statements([merged[n].record for n in single])
    others = [(n, s) for n, item in enumerate(merged) for s in item.statements]
    if not others:
        return own
    rest = from_rows("statements", [_ROW_OF(statement) for _, statement in others])
    places = [single[n] for n in of_record] + [n for n, _ in others]
    order = sorted(range(len(places)), key=places.__getitem__)
    return pa.concat_tables([own, rest]).take(numbers_of(order)).combine_chunks()


def dropped(merged: Iterable[Merged]) -> Counter[tuple[str, str]]:
    """Return of how many trials a field could not be read and is missing, and why."""
    unread = (
        {(s.field, s.note or "") for s in item.statements if s.basis == "unread"}
        for item in merged
    )
    return Counter(
        (field, note) for each in unread for field, note in each if KEPT not in note
    )


def _own_statements(records: Sequence[Record]) -> tuple[pa.Table, list[int]]:
    """Return the values of single records, and the position of each row's record."""
    values = [
        value if value is None or type(value) is str else as_text(value)
        for record in records
        for value in _VALUES_OF(record)
    ]
    texts = text_of(values)
    at = places_of(texts.is_valid())
    of_record, of_field = np.divmod(at, _N)
    record_of, field_of = numbers_of(of_record), numbers_of(of_field)
    bases = [record.basis.get(name, "stated") for record in records for name in _STATED]
    ids = [record.trial_id for record in records]
    sources = [record.source_id for record in records]
    data = {
        "trial_id": text_of(ids).take(record_of),
        "field": text_of(_STATED).take(field_of),
        "value": texts.drop_null(),
        "source_id": text_of(sources).take(record_of),
        "basis": text_of(bases).take(numbers_of(at)),
        "is_chosen": [True] * len(at),
        "is_conflict": [False] * len(at),
    }
    return table_of(data, "statements"), of_record.tolist()
