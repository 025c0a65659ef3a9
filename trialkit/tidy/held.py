"""A table in memory, read by column and by the trials that are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property

import numpy as np
import pyarrow as pa

from trialkit.tidy.arrow import compute, flags_of, mask_of

_KEY = "trial_id"


class HeldTable:
    """The rows of a table, all of them or those of some trials.

    It answers as a `StoredTable` does. Several selections share the rows of all trials:
    none of them holds a copy before a frame of its own is asked for.
    """

    def __init__(self, make: Callable[[], pa.Table]) -> None:
        self._whole = _Whole(make)
        #: Which rows of the table `trials` are chosen, and the ids that they have.
        self._rows: np.ndarray | None = None
        self._ids: pa.ChunkedArray | None = None
        #: Columns of the chosen rows that have other values than the whole.
        self._new: dict[str, pa.Array] = {}

    @property
    def names(self) -> list[str]:
        """The columns of the table."""
        return self._whole.table.column_names

    def __len__(self) -> int:
        chosen = self._chosen()
        return self._whole.table.num_rows if chosen is None else int(chosen.sum())

    def at(self, kept: np.ndarray) -> HeldTable:
        """Return some of the rows of the table `trials`."""
        table = self._shared()
        if self._rows is None:
            table._rows = kept
        else:
            table._rows = self._rows.copy()
            table._rows[self._rows] = kept
        table._ids = self._whole.table[_KEY].filter(flags_of(table._rows))
        mask = flags_of(kept)
        table._new = {name: values.filter(mask) for name, values in self._new.items()}
        return table

    def of(self, trials: HeldTable) -> HeldTable:
        """Return the rows of those trials, in any of the other tables."""
        table = self._shared()
        table._ids = trials._ids
        return table

    def with_column(self, name: str, values: pa.Array) -> HeldTable:
        """Return the same rows with other values in a column."""
        table = self._shared()
        table._rows, table._ids = self._rows, self._ids
        table._new = {**self._new, name: values}
        return table

    def _shared(self) -> HeldTable:
        table = copy(self)
        table._rows, table._ids, table._new = None, None, {}
        return table

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """Return some columns, or all of them, of the chosen rows."""
        wanted = self.names if names is None else list(names)
        table = self._whole.table.select(wanted)
        chosen = self._chosen()
        if chosen is not None:
            table = table.filter(flags_of(chosen))
        for name in self._new.keys() & set(table.column_names):
            at = table.schema.get_field_index(name)
            kind = table.schema.field(at).type
            table = table.set_column(at, name, self._new[name].cast(kind))
        return table

    def written(self) -> pa.Table:
        """Return the chosen rows as a store holds them, and as workers hand them on."""
        return self.read()

    def texts(self, name: str, *, unless: str = "") -> Iterator[pa.Table]:
        """Yield ids and texts of the chosen rows.

        `unless` is what a `StoredTable` is told; here nothing is gained by it.
        """
        table = self.read([_KEY, name])
        if table.num_rows:
            yield table

    def dataset(self) -> pa.Table:
        """Return the chosen rows, for a program that reads Arrow."""
        return self.read()

    def chosen(self) -> None:
        """Return None: `dataset` holds the chosen rows alone."""

    def _chosen(self) -> np.ndarray | None:
        """Return which rows are chosen, None where all are."""
        if self._ids is None or _KEY not in self.names:
            return None
        rows = self._rows
        if rows is None:
            is_in = compute.is_in(self._whole.table[_KEY], value_set=self._ids)
            rows = mask_of(is_in)
        return None if rows.all() else rows


class _Whole:
    """The rows of all trials, made when they are first asked for."""

    def __init__(self, make: Callable[[], pa.Table]) -> None:
        self._make = make

    @cached_property
    def table(self) -> pa.Table:
        """The table, after which what it was made of is let go."""
        table = self._make()
        del self._make
        return table
