"""The table `statements`: every field of every source, chosen or not.

It is larger than all other tables together. The values of trials with a single source
go from Records to columns, without rows between; those that stand in the table `trials`
are left out and marked, as in a store, until somebody asks for the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from trialkit.codebook import columns_of
from trialkit.merge import LISTS, SCALARS, Merged
from trialkit.merge.agreement import as_text
from trialkit.record import KEPT, PartialDate
from trialkit.tidy.arrow import flags_of, from_rows, numbers_of, table_of, text_of
from trialkit.tidy.by_need import in_trials, marked, with_mark
from trialkit.tidy.value_lists import joined

if TYPE_CHECKING:
    from trialkit.record import Record

#: What a trial of a single source says is read from its record, field by field.
_STATED = (*SCALARS, *LISTS, "conditions", "sites")
_ROW_OF = attrgetter(*columns_of("statements"))


def statements_table(merged: Sequence[Merged]) -> pa.Table:
    """Return the table `statements` of a batch, in the order of its trials.

    A value that stands in the table `trials` is missing and marked.
    """
    single = [n for n, item in enumerate(merged) if len(item.records) == 1]
    own, of_record = _own_statements([merged[n].record for n in single])
    others = [(item, n, s) for n, item in enumerate(merged) for s in item.statements]
    if not others:
        return own
    rest = from_rows("statements", [_ROW_OF(statement) for *_, statement in others])
    is_there = [_stands(item.record, s.field, s.value) for item, _, s in others]
    tables = [own, marked(rest, np.array(is_there))]
    places = [single[n] for n in of_record] + [n for _, n, _ in others]
    order = np.argsort(np.array(places), kind="stable")
    return pa.concat_tables(tables).take(numbers_of(order)).combine_chunks()


def dropped(merged: Iterable[Merged]) -> Counter[tuple[str, str]]:
    """Return of how many trials a field could not be read and is missing, and why."""
    unread = (
        {(s.field, s.note or "") for s in item.statements if s.basis == "unread"}
        for item in merged
    )
    return Counter(
        (field, note) for each in unread for field, note in each if KEPT not in note
    )


def _stands(record: Record, field: str, text: str | None) -> bool:
    """Return whether a text is what the table `trials` has in a field."""
    return field in in_trials() and text == _own_text(getattr(record, field))


def _own_text(value: Any) -> str | None:
    """Return a value as its column of the table `trials` has it."""
    if isinstance(value, PartialDate):
        return value.date
    return joined(value) if isinstance(value, tuple) else as_text(value)


def _own_statements(records: Sequence[Record]) -> tuple[pa.Table, np.ndarray]:
    """Return the values of single records, and the position of each row's record."""
    texts = np.empty((len(records), len(_STATED)), object)
    has_text, is_left_out = np.zeros((2, *texts.shape), bool)
    for n, field in enumerate(_STATED):
        values = list(map(attrgetter(field), records))
        told = [v if type(v) is str else as_text(v) for v in values]
        texts[:, n] = told
        has_text[:, n] = [text is not None for text in told]
        if field in in_trials():
            pairs = zip(told, values, strict=True)
            is_left_out[:, n] = [t is v or t == _own_text(v) for t, v in pairs]
    of_record, of_field = np.nonzero(has_text)
    record_of, field_of = numbers_of(of_record), numbers_of(of_field)
    texts[is_left_out] = None
    data = {
        "trial_id": text_of([record.trial_id for record in records]).take(record_of),
        "field": text_of(_STATED).take(field_of),
        "value": texts[has_text].tolist(),
        "source_id": text_of([record.source_id for record in records]).take(record_of),
        "basis": _bases(records, has_text),
        "is_chosen": flags_of(np.ones(len(of_record), bool)),
        "is_conflict": flags_of(np.zeros(len(of_record), bool)),
    }
    return with_mark(table_of(data, "statements"), is_left_out[has_text]), of_record


def _bases(records: Sequence[Record], has_text: np.ndarray) -> pa.Array:
    """Return how each value was read; few records say other than "stated"."""
    codes = np.zeros(has_text.shape, np.int64)
    known = {"stated": 0}
    for n, record in enumerate(records):
        if record.basis:
            bases = (record.basis.get(field, "stated") for field in _STATED)
            codes[n] = [known.setdefault(basis, len(known)) for basis in bases]
    return text_of(known).take(numbers_of(codes[has_text]))
