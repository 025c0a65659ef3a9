"""The container of tidy tables, each built or read on first use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np
import pyarrow as pa

from trialkit.codebook import columns_of, conform, table_names
from trialkit.errors import TrialDataError
from trialkit.plural import counted
from trialkit.tidy.arrow import (
    arrow_of,
    column_of,
    compute,
    declared,
    frame_of,
    mask_of,
    schema_of,
    text_of,
)
from trialkit.tidy.held import HeldTable
from trialkit.tidy.inventory import UNKNOWN, Origin
from trialkit.tidy.stored import StoredTable

if TYPE_CHECKING:
    import pandas as pd

Built: TypeAlias = "pd.DataFrame | pa.Table"
#: A table, or what builds or reads it when it is first asked for.
Table: TypeAlias = "Built | Callable[[], Built] | HeldTable | StoredTable"
#: Tables that give a part of their columns and rows without all of them.
_BY_COLUMN = (HeldTable, StoredTable)


class Tables:
    """The tables of a set of trials as attributes; `trialkit.Trials` adds methods."""

    trials: pd.DataFrame
    arms: pd.DataFrame
    interventions: pd.DataFrame
    arm_interventions: pd.DataFrame
    conditions: pd.DataFrame
    sites: pd.DataFrame
    sponsors: pd.DataFrame
    outcomes: pd.DataFrame
    identifiers: pd.DataFrame
    references: pd.DataFrame
    links: pd.DataFrame
    related_trials: pd.DataFrame
    lay_summaries: pd.DataFrame
    versions: pd.DataFrame
    labels: pd.DataFrame
    doses: pd.DataFrame
    statements: pd.DataFrame
    overrides: pd.DataFrame
    terms: pd.DataFrame
    passages: pd.DataFrame
    sources: pd.DataFrame
    selection: pd.DataFrame
    excluded: pd.DataFrame

    def __init__(self, tables: Mapping[str, Table], origin: Origin = UNKNOWN) -> None:
        self.origin = origin
        unknown = set(tables) - set(table_names())
        if unknown:
            raise TrialDataError(f"no table {', '.join(sorted(unknown))}")
        self._tables = dict(tables)
        #: What is read by column, whether or not a frame was made of it since.
        self._by_column: dict[str, Any] = {
            name: table
            for name, table in tables.items()
            if isinstance(table, _BY_COLUMN)
        }
        trials = tables.get("trials", pa.table({}))
        if not (callable(trials) or isinstance(trials, (pa.Table, *_BY_COLUMN))):
            self._build("trials")  # a frame, which is checked at once

    def __getattr__(self, name: str) -> pd.DataFrame:
        # Python asks here only for what is not yet an attribute: an unused table.
        if name not in table_names():
            text = f"Trials has no table or attribute {name!r}"
            raise AttributeError(text, name=name, obj=self)
        return self._build(name)

    def _build(self, name: str) -> pd.DataFrame:
        import pandas as pd

        table = self._tables.get(name)
        if isinstance(table, _BY_COLUMN):
            table = table.read()
        built = table() if callable(table) else table
        frame = conform({}, name) if built is None else built
        if not isinstance(frame, pd.DataFrame):
            frame = frame_of(frame, name)
        if name == "trials":
            _assert_one_row_per_trial(frame)
        setattr(self, name, frame)
        self._tables.pop(name, None)
        return frame

    def rows_of(self, kept: np.ndarray) -> dict[str, Table]:
        """Return the rows of some of the trials in each table, read when asked for.

        A frame that was made of a table may have been changed: its rows are taken.
        """
        held = self.unread("trials")
        if held is not None:
            chosen = trials = ids = held.at(kept)
        else:
            trials = self.trials[kept].reset_index(drop=True)
            ids = trials["trial_id"]
            chosen = _named(self._by_column.get("trials"), ids)
        rows: dict[str, Table] = {}
        for name in table_names():
            table: Any = None if chosen is None else self.unread(name)
            own = partial(_rows_of, self, name, ids)
            rows[name] = own if table is None else table.of(chosen)
        return {**rows, "trials": trials}

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, pd.DataFrame], Origin]]:
        return type(self), (dict(self.tables()), self.origin)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *table_names()})

    def __len__(self) -> int:
        return self.n_rows("trials")

    def n_rows(self, table: str) -> int:
        """Return the number of rows of a table; of a store none is read for it."""
        stored = self.unread(table)
        return len(getattr(self, table) if stored is None else stored)

    def unread(self, table: str) -> HeldTable | StoredTable | None:
        """Return a table that is read by column; None where it is a frame."""
        return None if table in self.__dict__ else self._by_column.get(table)

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Return some columns of a table, without making a frame of the others."""
        stored = self.unread(table)
        if stored is None:
            return getattr(self, table)[list(names)]
        return frame_of(stored.read(names), table, names)

    def column(self, table: str, name: str) -> pa.ChunkedArray:
        """Return a column of a table in Arrow, of a store without making a frame."""
        stored = self.unread(table)
        if stored is None:
            return column_of(getattr(self, table)[name], table)
        return declared(stored.read([name]), table)[name]

    def arrow(self, table: str) -> pa.Table:
        """Return a table in Arrow with all columns of the codebook."""
        stored = self.unread(table)
        if stored is None or stored.names != [*columns_of(table)]:
            return arrow_of(getattr(self, table), table)
        return _arrow_of(stored, table)

    def is_changed(self, table: str) -> bool:
        """Return whether a frame was put in the place of a table, or was changed."""
        stored = self._by_column.get(table)
        if stored is None or stored.names != [*columns_of(table)]:
            return True
        is_read = table in self.__dict__
        return is_read and not self.arrow(table).equals(_arrow_of(stored, table))

    def texts(self, table: str, name: str, *, unless: str = "") -> Iterator[pa.Table]:
        """Yield ids and texts of a column; of a store one row group at a time.

        Of a store groups of which all rows have a text in `unless` may be left out.
        """
        stored = self.unread(table)
        if stored is not None:
            yield from stored.texts(name, unless=unless)
        elif len(frame := getattr(self, table)):
            columns = ("trial_id", name)
            yield pa.table({c: pa.array(frame[c], from_pandas=True) for c in columns})

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield name and frame of every table, in the codebook's order."""
        for name in table_names():
            yield name, getattr(self, name)


def _arrow_of(stored: HeldTable | StoredTable, table: str) -> pa.Table:
    return declared(stored.read(), table).cast(schema_of(table))


def _named(trials: Any, ids: Iterable[str]) -> Any:
    """Return the rows of a table of trials that have some ids, if there is one."""
    if trials is None:
        return None
    known = trials.read(["trial_id"])["trial_id"]
    wanted = text_of(ids).cast(known.type)
    return trials.at(mask_of(compute.is_in(known, value_set=wanted)))


def _rows_of(data: Tables, name: str, trials: Any) -> pd.DataFrame:
    frame = getattr(data, name)
    if "trial_id" not in frame:
        return frame
    if isinstance(trials, _BY_COLUMN):
        trials = trials.read(["trial_id"])["trial_id"].to_pylist()
    return frame[frame["trial_id"].isin(set(trials))].reset_index(drop=True)


def _assert_one_row_per_trial(trials: pd.DataFrame) -> None:
    twice = trials.loc[trials["trial_id"].duplicated(), "trial_id"].unique()
    if len(twice):
        shown = ", ".join(twice[:5])
        raise TrialDataError(
            f"more than one row for {counted(len(twice), 'trial')}: {shown}"
        )
