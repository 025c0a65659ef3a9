"""What every table and column is: dtype, levels, unit, meaning (`data/codebook.csv`).

The codebook alone declares columns. A table has all of its columns, in one order and
with one dtype, for 0, 1 or n records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit.errors import TrialDataError
from trialkit.files import data_rows
from trialkit.nearest import did_you_mean

# pandas takes longer to import than all readers: whoever only asks for levels, such as
# the command that starts a report, does not wait for it.
if TYPE_CHECKING:
    import pandas as pd


class Column(NamedTuple):
    """One row of the codebook."""

    table: str
    column: str
    dtype: str
    levels: tuple[str, ...]
    unit: str
    is_derived: bool
    description: str


@cache
def codebook() -> dict[str, dict[str, Column]]:
    """Return the codebook as `{table: {column: Column}}`, in display order."""
    tables: dict[str, dict[str, Column]] = {}
    for row in data_rows("codebook.csv"):
        column = Column(
            table=row["table"],
            column=row["column"],
            dtype=row["dtype"],
            levels=tuple(row["levels"].split("|")) if row["levels"] else (),
            unit=row["unit"],
            is_derived=row["is_derived"] == "yes",
            description=row["description"],
        )
        tables.setdefault(column.table, {})[column.column] = column
    return tables


@cache
def codebook_hash() -> str:
    """Return one SHA-256 of what the columns hold, however they are described."""
    held = [
        (c.table, c.column, c.dtype, c.unit, *c.levels)
        for columns in codebook().values()
        for c in columns.values()
    ]
    return sha256(json.dumps(held).encode()).hexdigest()


def table_names() -> tuple[str, ...]:
    """Return the names of all tables, in the codebook's order."""
    return tuple(codebook())


def columns_of(table: str) -> dict[str, Column]:
    """Return the columns of one table."""
    tables = codebook()
    if table not in tables:
        raise TrialDataError(f"no table {table!r}; {did_you_mean(table, tables)}")
    return tables[table]


def levels_of(table: str, column: str) -> tuple[str, ...]:
    """Return the levels of a category column, in display order."""
    return columns_of(table)[column].levels


def conform(
    data: Mapping[str, Iterable[Any]] | pd.DataFrame, table: str
) -> pd.DataFrame:
    """Return a frame with exactly the columns, order and dtypes of `table`.

    A column that `data` lacks comes back all missing; one that the codebook lacks is an
    error, so nothing can be lost by a misspelt name. A value outside a category's
    levels is kept, after the known ones: the registry may add a level tomorrow.
    """
    import pandas as pd

    columns = columns_of(table)
    unknown = [str(name) for name in data if name not in columns]
    if unknown:
        raise TrialDataError(f"table {table!r} has no column {', '.join(unknown)}")
    given = {n: _series(data[n], column) for n, column in columns.items() if n in data}
    size = max(map(len, given.values()), default=0)
    missing = _empty(table).drop(columns=list(given)).reindex(range(size))
    # Without copies: of a hundred columns most are missing.
    frames = [missing, pd.DataFrame(given, copy=False)]
    return pd.concat(frames, axis="columns")[list(columns)]


@cache
def _empty(table: str) -> pd.DataFrame:
    import pandas as pd

    columns = columns_of(table).items()
    return pd.DataFrame({name: _series([], column) for name, column in columns})


def _series(values: Any, column: Column) -> pd.Series:
    import pandas as pd

    if isinstance(values, pd.Series):
        values = values.reset_index(drop=True)
    if column.dtype == "category":
        return _category(values, column)
    if column.dtype.startswith("datetime64"):
        return pd.Series(pd.to_datetime(pd.Series(values))).astype("datetime64[s]")
    return pd.Series(values).astype(column.dtype)  # type: ignore[call-overload]


def _category(values: Any, column: Column) -> pd.Series:
    import pandas as pd

    text = pd.Series(values, dtype="string")
    extra = sorted(set(text.dropna().unique()) - set(column.levels))
    levels = pd.CategoricalDtype([*column.levels, *extra], ordered=True)
    return text.astype(levels)
