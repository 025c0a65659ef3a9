"""Tables as CSV: safe to open in a spreadsheet, and unchanged when read again."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialkit.atomic import write_file, write_folder
from trialkit.codebook import columns_of, conform, table_names
from trialkit.errors import TrialDataError
from trialkit.escape import csv_original, csv_safe
from trialkit.tidy.inventory import (
    check_file,
    is_store,
    searches_of,
    write_inventory,
    write_searches,
)

if TYPE_CHECKING:
    import pandas as pd

    from trialkit.tidy.container import Tables

_DICTIONARY = "data_dictionary.csv"


def save_csv(data: Tables, path: str | os.PathLike[str]) -> Path:
    """Write all tables of `data` as CSV into the folder `path`, with a data dictionary.

    The folder is written atomically. An empty field is missing, and "NA" is a phase:
    pandas needs `keep_default_na=False` to read it.
    """
    import pandas as pd

    columns = [column for name in table_names() for column in columns_of(name).values()]
    dictionary = pd.DataFrame(columns)
    dictionary["levels"] = dictionary["levels"].map("|".join)
    tables = ((f"{name}.csv", frame) for name, frame in data.tables())
    folder = Path(path)
    if is_store(folder):
        raise TrialDataError(f"{folder} is a trialkit store: write CSV elsewhere")
    rows: dict[str, int] = {}
    with write_folder(folder) as part:
        for name, frame in chain(tables, [(_DICTIONARY, dictionary)]):
            _to_csv(frame, part / name)
            rows[name] = len(frame)
        rows |= write_searches(part, searches_of(data.origin))
        write_inventory(part, "csv", rows, rules=data.origin.rules)
    return folder


def is_csv_folder(folder: Path) -> bool:
    """Return whether `save_csv` made a folder."""
    return (folder / _DICTIONARY).is_file() and (folder / "trials.csv").is_file()


def csv_tables_of(
    folder: Path, facts: Mapping[str, Any]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield name and frame of the tables in a folder that `save_csv` made."""
    for name in table_names():
        file = folder / f"{name}.csv"
        if file.is_file():
            check_file(file, facts)
            yield name, _read_csv(file, name)


def _read_csv(file: Path, table: str) -> pd.DataFrame:
    import pandas as pd

    columns = columns_of(table)
    flags = {name for name, column in columns.items() if column.dtype == "boolean"}
    dtypes = {name: "boolean" if name in flags else "string" for name in columns}
    try:
        # Only an empty cell is missing: "NA" is a phase, and a country has that code.
        data = pd.read_csv(file, dtype=dtypes, keep_default_na=False, na_values=[""])
        data = data[[name for name in columns if name in data]]
        for name in set(data) - flags:
            text = data[name].map(csv_original, na_action="ignore")
            data[name] = text.astype("string")
        return conform(data, table)
    except (OSError, ValueError, TypeError) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from error


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write one frame as CSV atomically, safe to open in a spreadsheet."""
    target = Path(path)
    with write_file(target) as part:
        _to_csv(frame, part)
    return target


def csv_text(frame: pd.DataFrame) -> str:
    """Return one frame as the text of a CSV file, safe to open in a spreadsheet."""
    return _to_csv(frame, None) or ""


def _to_csv(frame: pd.DataFrame, path: Path | None) -> str | None:
    """Write a frame as CSV, or return it as text where `path` is None."""
    safe = csv_frame(frame)
    columns = (_texts(safe[name]) for name in safe.columns)
    texts = chain(map(str, safe.columns), *columns)
    # Readers take a carriage return for the end of a row, and Python before 3.13 does
    # not quote a cell for it.
    holds = any("\r" in text for text in texts if isinstance(text, str))
    quoting = csv.QUOTE_ALL if holds else csv.QUOTE_MINIMAL
    return safe.to_csv(path, index=False, lineterminator="\n", quoting=quoting)


def _texts(values: pd.Series) -> Iterable[Any]:
    """Return the texts that a column may hold: the levels of a category."""
    import pandas as pd

    levels = values.cat.categories if hasattr(values, "cat") else values
    is_text = pd.api.types.is_string_dtype(levels.dtype) or levels.dtype == "object"
    return levels.to_numpy(object) if is_text else ()


def csv_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of `frame` whose text cells and headers are `csv_safe`."""
    import pandas as pd

    safe = frame.copy()
    for column in safe.columns:
        # Few cells look like a formula: a column without one stays as it is.
        if any(csv_safe(value) is not value for value in _texts(safe[column])):
            text = [csv_safe(value) for value in safe[column].astype(object)]
            safe[column] = pd.Series(text, index=safe.index, dtype=object)
    safe.columns = [str(csv_safe(str(name))) for name in safe.columns]
    return safe
