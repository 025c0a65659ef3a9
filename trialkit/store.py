"""A tidy store: a folder with one parquet file per table, its schema and version."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from trialkit.codebook import columns_of, conform, table_names
from trialkit.errors import TrialDataError
from trialkit.escape import csv_safe
from trialkit.version import __version__

if TYPE_CHECKING:
    from trialkit.trials import Trials

#: Raised when a table or column changes its meaning, not when one is added.
SCHEMA = 1
_MANIFEST = "trialkit.json"


def save(data: Trials, path: str | os.PathLike[str]) -> Path:
    """Write all tables of `data` into the folder `path` and return it.

    The folder appears whole or not at all, and replaces only an earlier store.

    Raises
    ------
    TrialDataError
        If `path` exists and is not a store, or cannot be written.
    """
    target = Path(path)
    if target.exists() and not _may_be_replaced(target):
        raise TrialDataError(f"{target} exists and is not a trialkit store")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    except OSError as error:
        raise TrialDataError(f"cannot write {target}: {error.strerror}") from error
    try:
        for name, frame in data.tables():
            frame.to_parquet(beside / f"{name}.parquet", index=False)
        manifest = {"trialkit": __version__, "schema": SCHEMA, "n_trials": len(data)}
        (beside / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _may_be_replaced(target: Path) -> bool:
    """Whether it is an earlier store or an empty folder, and nobody's files."""
    if not target.is_dir():
        return False
    return (target / _MANIFEST).is_file() or not any(target.iterdir())


def open_store(path: str | os.PathLike[str]) -> Trials:
    """Return the trials of a store that `Trials.save` wrote.

    A column that a newer trialkit added comes back all missing; a store with a newer
    schema than this trialkit knows is refused.

    Raises
    ------
    TrialDataError
        If `path` is not a store, is incomplete, or needs a newer trialkit.
    """
    from trialkit.trials import Trials

    folder = Path(path)
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrialDataError(
            f"{folder} is not a trialkit store (it has no readable {_MANIFEST})"
        ) from error
    if manifest.get("schema", 0) > SCHEMA:
        raise TrialDataError(
            f"{folder} was written by trialkit {manifest.get('trialkit')}, which has a "
            f"newer schema; this is {__version__}: update trialkit"
        )
    return Trials({name: _table(folder, name) for name in table_names()})


def _table(folder: Path, name: str) -> pd.DataFrame:
    file = folder / f"{name}.parquet"
    if not file.is_file():
        return conform({}, name)
    try:
        frame = pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from error
    return conform(frame[[c for c in columns_of(name) if c in frame]], name)


def save_csv(data: Trials, path: str | os.PathLike[str]) -> Path:
    """Write all tables of `data` as CSV into the folder `path`, with a data dictionary.

    "NA" is a phase and stays one: missing is an empty field, so read the files with
    `keep_default_na=False`. Text that a spreadsheet would run as a formula is quoted.

    Raises
    ------
    TrialDataError
        If the folder cannot be written.
    """
    folder = Path(path)
    for name, frame in data.tables():
        write_csv(frame, folder / f"{name}.csv")
    dictionary = pd.DataFrame(
        [column for name in table_names() for column in columns_of(name).values()]
    )
    dictionary["levels"] = dictionary["levels"].map("|".join)
    write_csv(dictionary, folder / "data_dictionary.csv")
    return folder


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write one frame as CSV, whole or not at all, safe to open in a spreadsheet.

    Raises
    ------
    TrialDataError
        If the file cannot be written.
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        csv_frame(frame).to_csv(beside, index=False)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise TrialDataError(f"cannot write {target}: {error.strerror}") from error
    return target


def csv_text(frame: pd.DataFrame) -> str:
    """Return one frame as the text of a CSV file, safe to open in a spreadsheet."""
    return csv_frame(frame).to_csv(index=False, lineterminator="\n")


def csv_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of `frame` whose text cells and headers are `csv_safe`."""
    safe = frame.copy()
    for column in safe.columns:
        kind = safe[column].dtype
        if isinstance(kind, pd.CategoricalDtype):
            safe[column] = safe[column].astype("string")
        elif not pd.api.types.is_string_dtype(kind) and kind != "object":
            continue
        text = safe[column].astype(object)
        safe[column] = pd.Series(
            [csv_safe(value) for value in text], index=safe.index, dtype=object
        )
    safe.columns = [str(csv_safe(str(name))) for name in safe.columns]
    return safe
