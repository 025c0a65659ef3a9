"""SQL over the tables of a set of trials, for reading only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from trialkit.codebook import table_names
from trialkit.errors import ParameterError
from trialkit.nearest import did_you_mean
from trialkit.tidy.arrow import arrow_of, dtypes, schema_of
from trialkit.tidy.container import Tables

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

#: No files, no network, no extensions, no variables of the caller.
_LOCKED: dict[str, Any] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}
_NO_TABLE = re.compile(r"Table with name (\S+) does not exist")
_WORD = re.compile(r"\w+")
#: Functions that take a name or a query as a text, which may be put together.
_BY_TEXT = {"query", "query_table"}


def ask(data: Tables, query: str) -> pd.DataFrame:
    """Return the answer to a query; its dtypes follow from the query alone."""
    import duckdb

    named = {word.lower() for word in _WORD.findall(query)}
    with duckdb.connect(":memory:", config=_LOCKED) as connection:
        for table in table_names():
            is_named = table in named or not named.isdisjoint(_BY_TEXT)
            _add(connection, data, table, is_named=is_named)
        connection.execute("set lock_configuration = true")
        with _told():
            kinds = [one.type for one in connection.extract_statements(query)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise ParameterError("sql takes one SELECT, which changes nothing")
            answer = connection.sql(query).to_arrow_table()
            return _frame_of(answer)


def _add(
    connection: DuckDBPyConnection, data: Tables, table: str, *, is_named: bool
) -> None:
    """Make a table known; one that the query does not name stays empty."""
    stored = data.unread(table)
    if not is_named:
        connection.register(table, schema_of(table).empty_table())
    elif stored is None:
        connection.register(table, arrow_of(getattr(data, table), table))
    else:
        connection.register(f"{table}_of_all", stored.dataset())
        view = f'create view "{table}" as from "{table}_of_all"'
        chosen = stored.chosen()
        if chosen is not None:
            connection.register(f"{table}_chosen", chosen)
            new = [name for name in chosen.column_names if name != "trial_id"]
            columns = ", ".join(
                f'"{table}_{"chosen" if name in new else "of_all"}"."{name}"'
                for name in stored.names
            )
            view += f' join "{table}_chosen" using (trial_id) select {columns}'
        connection.execute(view)


@contextmanager
def _told() -> Iterator[None]:
    """Raise what the database says as one line."""
    import duckdb

    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        words = " ".join(str(error).split("\n\nLINE")[0].split())
        if found := _NO_TABLE.search(words):
            words = f"no table {found[1]!r}; {did_you_mean(found[1], table_names())}"
        raise ParameterError(f"sql: {words}") from None


def _frame_of(answer: pa.Table) -> pd.DataFrame:
    fields = [field.with_type(_type_of(field.type)) for field in answer.schema]
    return answer.cast(pa.schema(fields)).to_pandas(types_mapper=dtypes().get)


def _type_of(kind: pa.DataType) -> pa.DataType:
    """Return the one of few types that stands for a type of the database."""
    types = pa.types
    if types.is_integer(kind) or (types.is_decimal(kind) and not kind.scale):
        return pa.int64()
    if types.is_floating(kind) or types.is_decimal(kind):
        return pa.float64()
    if (
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_dictionary(kind)
    ):
        return pa.large_string()
    if types.is_date(kind) or types.is_timestamp(kind):
        return pa.timestamp("s")
    return kind
