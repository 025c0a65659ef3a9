"""Values of `statements` that stand in `trials` too: a store holds them once.

What a trial says in a field is mostly what its sources say: of a store's bytes, half
were texts that stood in it twice. In the file such a value is left out and marked; the
table that is asked for is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
import pyarrow as pa

from trialkit.codebook import columns_of
from trialkit.merge import DETAILS, LISTS, SCALARS
from trialkit.tidy.arrow import (
    compute,
    flags_of,
    mask_of,
    numbers_of,
    places_of,
    plain_numbers,
    positions_in,
    schema_of,
)
from trialkit.tidy.held import HeldTable
from trialkit.tidy.stored import StoredTable

#: The column of the file that says which values stand in the table `trials`.
MARK = "is_in_trials"
#: Links between registers change this column after the statements are written.
_CHANGED = "countries"
_KEY = "trial_id"
_TEXT = pa.large_string()


def file_schema() -> pa.Schema:
    """Return the schema of the file of `statements`."""
    return schema_of("statements").append(pa.field(MARK, pa.bool_()))


@cache
def in_trials() -> tuple[str, ...]:
    """Return the fields of which the table `trials` holds the value."""
    fields = {*SCALARS, *DETAILS, *LISTS} - {_CHANGED}
    return tuple(name for name in columns_of("trials") if name in fields)


def marked(statements: pa.Table, is_there: np.ndarray) -> pa.Table:
    """Return statements without the values that stand in the table `trials`."""
    values = statements["value"]
    at = statements.schema.get_field_index("value")
    left = compute.if_else(flags_of(is_there), pa.nulls(1, values.type)[0], values)
    return with_mark(statements.set_column(at, "value", left), is_there)


def with_mark(statements: pa.Table, is_there: np.ndarray) -> pa.Table:
    """Return statements that lack the values in the table `trials`, so marked."""
    written = statements.append_column(MARK, flags_of(is_there))
    return written.cast(file_schema())


def without_values(statements: pa.Table, trials: pa.Table | None) -> pa.Table:
    """Return statements as they are written beside the trials that they speak of."""
    is_there = np.zeros(statements.num_rows, bool)
    if trials is not None:
        values = statements["value"].combine_chunks()
        for rows, own, places in _own_values(statements, trials):
            there = own.take(numbers_of(places))
            same = compute.equal(values.take(numbers_of(rows)), there)
            is_there[rows[places_of(same)]] = True
    return marked(statements, is_there)


def with_values(statements: pa.Table, trials: pa.Table) -> pa.Table:
    """Return statements with the values that stand in the table `trials`.

    Those that have all their values are returned unchanged.
    """
    if MARK not in statements.schema.names:
        return statements
    is_marked = mask_of(statements[MARK])
    taken = np.arange(statements.num_rows)
    texts = [*statements["value"].cast(_TEXT).chunks]
    n_texts = len(taken)
    for rows, own, places in _own_values(statements, trials):
        has = is_marked[rows]
        taken[rows[has]] = n_texts + places[has]
        texts.append(own)
        n_texts += len(own)
    values = pa.chunked_array(texts, _TEXT).take(numbers_of(taken))
    at = statements.schema.get_field_index("value")
    return statements.set_column(at, "value", values).drop_columns([MARK])


class StoredStatements(StoredTable):
    """The table `statements` of a store, with all values."""

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """Return some columns, or all of them, of the chosen rows."""
        names = self.names if names is None else list(names)
        if "value" not in names or MARK not in self.columns:
            return super().read(names)
        needed = dict.fromkeys((*names, _KEY, "field", MARK))
        statements = super().read(list(needed))
        field = statements["field"].cast(_TEXT)
        wanted = compute.unique(field.filter(statements[MARK])).to_pylist()
        trials = self.beside("trials").read([_KEY, *wanted])
        return with_values(statements, trials).select(names)

    def written(self) -> pa.Table:
        """Return the chosen rows as a store holds them beside the trials."""
        if MARK not in self.columns:
            return self.read()
        return super().read(self.columns)

    def dataset(self) -> pa.Table:
        """Return the chosen rows, for a program that reads Arrow."""
        return self.read()


class HeldStatements(HeldTable):
    """The table `statements` in memory, with all values."""

    def __init__(self, make: Callable[[], pa.Table], trials: HeldTable) -> None:
        super().__init__(make)
        self._trials = trials

    @property
    def names(self) -> list[str]:
        """The columns of the table."""
        return [name for name in super().names if name != MARK]

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """Return some columns, or all of them, of the chosen rows."""
        names = self.names if names is None else list(names)
        if "value" not in names:
            return super().read(names)
        needed = dict.fromkeys((*names, _KEY, "field", MARK))
        trials = self._trials.read([_KEY, *in_trials()])
        return with_values(super().read(list(needed)), trials).select(names)

    def written(self) -> pa.Table:
        """Return the chosen rows as a store holds them beside the trials."""
        return super().read([*self.names, MARK])


def _own_values(
    statements: pa.Table, trials: pa.Table
) -> Iterator[tuple[np.ndarray, pa.Array, np.ndarray]]:
    """Yield the rows of each field, its column of `trials`, and their places in it."""
    if not statements.num_rows:  # pyarrow imports pandas to join no chunks
        return
    ids = trials[_KEY].combine_chunks()
    at = positions_in(statements[_KEY].cast(ids.type), ids)
    coded = statements["field"].cast(_TEXT).combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    codes = plain_numbers(coded.indices)
    for field in in_trials():
        if field in names and field in trials.schema.names:
            rows = np.flatnonzero((codes == names.index(field)) & (at >= 0))
            own = trials[field].cast(_TEXT).combine_chunks()
            yield rows, own, at[rows]
