"""Arrow tables with the columns of the codebook, from lists and as DataFrames.

Importing pandas takes longer than reading thousands of records: it is imported only
where a user asks for a DataFrame.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.lib import StringBuilder

from trialkit.codebook import Column, columns_of, conform

if TYPE_CHECKING:
    import pandas as pd

#: Its functions are made when it is imported: type checkers see none of them.
compute: Any = pc
_TEXT = pa.large_string()
#: Where texts are gathered: its blocks grow in place; those of Arrow's own are copied.
_GROWING = pa.system_memory_pool()
_LEVELS = pa.dictionary(pa.int32(), _TEXT, ordered=True)
_TYPES: dict[str, pa.DataType] = {
    "string": _TEXT,
    "category": _LEVELS,
    "Int64": pa.int64(),
    "Float64": pa.float64(),
    "boolean": pa.bool_(),
    "datetime64[s]": pa.timestamp("s"),
}
#: What pandas calls them in a file, so that `pandas.read_parquet` alone restores them.
_PANDAS_TYPES = {
    "string": "unicode",
    "category": "categorical",
    "Int64": "int64",
    "Float64": "float64",
    "boolean": "bool",
    "datetime64[s]": "datetime",
}


@cache
def schema_of(table: str) -> pa.Schema:
    """Return the Arrow schema of a table of the codebook."""
    columns = columns_of(table).values()
    fields = [pa.field(column.column, _TYPES[column.dtype]) for column in columns]
    described = {
        "index_columns": [],
        "column_indexes": [],
        "columns": [_described(column) for column in columns],
        "creator": {"library": "pyarrow", "version": pa.__version__},
        "pandas_version": "3.0.0",
    }
    return pa.schema(fields, {b"pandas": json.dumps(described).encode()})


def _described(column: Column) -> dict[str, Any]:
    is_category = column.dtype == "category"
    levels = {"num_categories": len(column.levels), "ordered": True}
    return {
        "name": column.column,
        "field_name": column.column,
        "pandas_type": _PANDAS_TYPES[column.dtype],
        "numpy_type": "int32" if is_category else column.dtype,
        "metadata": levels if is_category else None,
    }


def table_of(data: Mapping[str, Sequence[Any] | pa.Array], table: str) -> pa.Table:
    """Return columns as an Arrow table with the schema of `table`.

    A column that `data` lacks is all missing; an unknown level of a category is kept.
    """
    missing = pa.nulls(max(map(len, data.values()), default=0), _TEXT)
    arrays = [
        _array(data.get(name, missing), column)
        for name, column in columns_of(table).items()
    ]
    return pa.Table.from_arrays(arrays, schema=schema_of(table))


def _array(values: Sequence[Any], column: Column) -> pa.Array:
    # Not `pyarrow.array`, which imports pandas to ask whether a list is a Series.
    if column.dtype == "string":
        return text_of(values)
    if column.dtype == "category":
        return _category(text_of(values), column)
    if isinstance(values, pa.Array) or column.dtype.startswith("datetime64"):
        return text_of(values).cast(_TYPES[column.dtype])
    kind = {"Int64": np.int64, "Float64": np.float64, "boolean": np.bool_}[column.dtype]
    plain = np.fromiter((value or 0 for value in values), kind, len(values))
    data = np.packbits(plain, bitorder="little") if kind is np.bool_ else plain
    buffers = [_validity(values), pa.py_buffer(data)]
    return pa.Array.from_buffers(_TYPES[column.dtype], len(values), buffers)


def text_of(values: Iterable[str | None]) -> pa.Array:
    """Return texts as an Arrow array; an array is returned unchanged."""
    if isinstance(values, pa.Array):
        return values
    builder = StringBuilder(_GROWING)
    try:
        builder.append_values(values)
    except UnicodeEncodeError:  # half of a surrogate pair, in a Record made by hand
        builder = StringBuilder(_GROWING)
        clean = [v and v.encode("utf-8", "replace").decode() for v in values]
        builder.append_values(clean)
    return builder.finish().cast(_TEXT)


def numbers_of(values: Sequence[int] | np.ndarray) -> pa.Array:
    """Return whole numbers as an Arrow array, such as the rows to take."""
    data = pa.py_buffer(np.ascontiguousarray(values, np.int64))
    return pa.Array.from_buffers(pa.int64(), len(values), [None, data])


def plain_numbers(values: pa.Array) -> np.ndarray:
    """Return whole numbers, none of them missing; Arrow itself would import pandas."""
    data = values.cast(pa.int64())
    return np.frombuffer(data.buffers()[1] or b"", np.int64)[: len(data)]


def flags_of(values: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    """Return truth values as an Arrow array, and which of them are missing."""
    data = pa.py_buffer(np.packbits(values, bitorder="little"))
    there = None
    if missing is not None:
        there = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [there, data])


def answers_of(values: Sequence[bool | None]) -> pa.Array:
    """Return yes, no and missing as an Arrow array."""
    missing = np.fromiter((value is None for value in values), bool, len(values))
    return flags_of(np.fromiter(map(bool, values), bool, len(values)), missing=missing)


def certain(answers: Any, *, missing: bool = False) -> Any:
    """Return answers with a no, or a yes, for each missing one."""
    return compute.coalesce(answers, answers_of([missing])[0])


def places_of(answers: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Return where answers are true, and not missing.

    pyarrow's own way to numpy imports pandas, as its scalars do.
    """
    at = compute.indices_nonzero(answers)
    return np.frombuffer(at.buffers()[1], np.uint64)[: len(at)]


def mask_of(answers: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Return answers as truth values, a missing one as no."""
    mask = np.zeros(len(answers), bool)
    mask[places_of(answers)] = True
    return mask


def positions_in(keys: pa.Array | pa.ChunkedArray, among: pa.Array) -> np.ndarray:
    """Return where each key stands, -1 for one that does not."""
    found = compute.index_in(keys, value_set=among)
    places = np.full(len(keys), -1)
    numbers = found.drop_null()
    numbers = pa.concat_arrays(getattr(numbers, "chunks", [numbers]))
    places[places_of(found.is_valid())] = plain_numbers(numbers)
    return places


def column_of(values: pd.Series, table: str) -> pa.ChunkedArray:
    """Return a column of a frame in Arrow, with the type of the codebook."""
    name, array = str(values.name), pa.array(values, from_pandas=True)
    if not pa.types.is_dictionary(array.type):
        kind = _TYPES[columns_of(table)[name].dtype]
        is_text = pa.types.is_dictionary(kind)
        array = array.cast(_TEXT).dictionary_encode() if is_text else array.cast(kind)
    return declared(pa.table({name: array}), table)[name]


def _validity(values: Sequence[Any]) -> pa.Buffer | None:
    """Return the validity bitmap of values, or None where none is missing."""
    if None not in values:
        return None
    there = np.fromiter((value is not None for value in values), bool, len(values))
    return pa.py_buffer(np.packbits(there, bitorder="little"))


def _category(text: pa.Array, column: Column) -> pa.DictionaryArray:
    levels = text_of(column.levels)
    codes = _positions(text, levels)
    if codes.null_count > text.null_count:
        extra = set(text.unique().to_pylist()) - {None, *column.levels}
        levels = text_of([*column.levels, *sorted(extra)])
        codes = _positions(text, levels)
    return pa.DictionaryArray.from_arrays(codes, levels, ordered=True)


def _positions(text: pa.Array, levels: pa.Array) -> pa.Array:
    return pc.call_function("index_in", [text], pc.SetLookupOptions(levels))


def from_rows(table: str, rows: list[tuple]) -> pa.Table:
    """Return `table` from tuples that hold all its columns in order."""
    names = list(columns_of(table))
    values = zip(*rows, strict=True) if rows else ([] for _ in names)
    return table_of(dict(zip(names, map(list, values), strict=True)), table)


def replaced(
    part: pa.Table, table: str, *, by: str, **changes: Mapping[str, Any]
) -> pa.Table:
    """Return rows of `table` with new values, by column and by key in `by`."""
    keys = part[by].to_pylist()
    for name, new in changes.items():
        if new.keys() & set(keys):
            old = part[name].to_pylist()
            values = [new.get(key, was) for key, was in zip(keys, old, strict=True)]
            part = with_column(part, table, name, values)
    return part


def with_column(
    part: pa.Table, table: str, name: str, values: Sequence[Any]
) -> pa.Table:
    """Return rows of `table` with other values in one column."""
    array = _array(values, columns_of(table)[name])
    at = part.schema.get_field_index(name)
    return part.set_column(at, name, array).cast(schema_of(table))


def arrow_of(frame: pd.DataFrame, table: str) -> pa.Table:
    """Return a conformed frame as an Arrow table with the schema of `table`."""
    arrays = []
    for name, column in columns_of(table).items():
        if column.dtype == "category":
            text = pa.array(frame[name].astype("string"), _TEXT)
            arrays.append(_category(text, column))
        else:
            values = pa.array(frame[name], from_pandas=True)
            arrays.append(values.cast(_TYPES[column.dtype]))
    return pa.Table.from_arrays(arrays, schema=schema_of(table))


def dtypes() -> dict[pa.DataType, Any]:
    """Return the dtypes of DataFrames by the type of a column in Arrow."""
    import pandas as pd

    return {
        _TEXT: pd.StringDtype("pyarrow"),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }


def frame_of(data: pa.Table, table: str, names: Sequence[str] = ()) -> pd.DataFrame:
    """Return an Arrow table as a DataFrame with the codebook's columns and dtypes.

    If `names` are given, the columns are those.
    """
    columns = columns_of(table)
    columns = {name: columns[name] for name in names or columns}
    known = data.select([name for name in columns if name in data.schema.names])
    frame = declared(known, table).to_pandas(
        types_mapper=dtypes().get, ignore_metadata=True
    )
    as_declared = all(
        name in frame and _fits(frame[name].dtype, column)
        for name, column in columns.items()
    )
    return frame if as_declared else conform(frame, table)[list(columns)]


def declared(data: pa.Table, table: str) -> pa.Table:
    """Return `data` with all levels and to the second, which parquet does not keep."""
    data = data.unify_dictionaries()
    for at, name in enumerate(data.schema.names):
        if pa.types.is_timestamp(data[name].type):
            days = data[name].cast(_TYPES["datetime64[s]"])
            data = data.set_column(at, name, days)
        if not pa.types.is_dictionary(data[name].type):
            continue
        values = data[name].combine_chunks()
        levels = text_of(columns_of(table)[name].levels)
        codes = _positions(values.dictionary.cast(_TEXT), levels)
        if not codes.null_count:  # else there is a level that the codebook lacks
            codes = codes.take(values.indices)
            array = pa.DictionaryArray.from_arrays(codes, levels, ordered=True)
            data = data.set_column(at, name, array)
    return data


def _fits(dtype: Any, column: Column) -> bool:
    if column.dtype == "category":
        return tuple(getattr(dtype, "categories", ())) == column.levels
    return str(dtype) == column.dtype
