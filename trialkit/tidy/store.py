"""A tidy store: a folder with one parquet file per table, its schema and version."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from trialkit.atomic import cannot_write, recover, write_folder
from trialkit.codebook import table_names
from trialkit.errors import TrialDataError
from trialkit.tidy.arrow import arrow_of, schema_of
from trialkit.tidy.csv import csv_tables_of, is_csv_folder
from trialkit.tidy.inventory import (
    INVENTORY,
    check_file,
    is_store,
    read_inventory,
    write_inventory,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    from trialkit.tidy.container import Table, Tables

#: Bytes of a table that are held before they are written: one row group of the file.
_GROUP_BYTES = 1 << 25


class StoreWriter:
    """Writes a store table by table and batch by batch; it appears whole or not at all.

    Used in a `with` block. What is written lies beside the target until the block ends
    well, and replaces only an earlier store.

    Parameters
    ----------
    path
        The folder to write.

    Raises
    ------
    TrialDataError
        If `path` exists and is not a store, or cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.target = Path(path)
        if self.target.exists() and not _may_be_replaced(self.target):
            raise TrialDataError(f"{self.target} exists and is not a trialkit store")

    def __enter__(self) -> StoreWriter:
        self._files: dict[str, ParquetWriter] = {}
        with ExitStack() as if_it_fails, self._writing():
            self._whole = write_folder(self.target)
            self._folder = self._whole.__enter__()
            if_it_fails.push(self._whole)
            if_it_fails.callback(self._close)
            self.clear()
            if_it_fails.pop_all()
        return self

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Tell what cannot be written by the name of the store."""
        try:
            yield
        except OSError as error:
            # Arrow has words of its own around those of the system.
            why = os.strerror(error.errno) if error.errno else error
            raise TrialDataError(f"cannot write {self.target}: {why}") from error
        except UnicodeEncodeError as error:
            told = "its name is not UTF-8, which parquet files need"
            raise TrialDataError(f"cannot write {self.target}: {told}") from error

    def clear(self) -> None:
        """Forget what was added so far."""
        from pyarrow.parquet import ParquetWriter

        for file in self._files.values():
            # An open one writes its end into the new file, whenever it is collected.
            file.close()
        self.n_trials = 0
        self._held: dict[str, list[pa.Table]] = {name: [] for name in table_names()}
        with self._writing():
            for name in table_names():
                path = self._folder / f"{name}.parquet"
                self._files[name] = ParquetWriter(path, schema_of(name))

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Add rows to the tables."""
        self.n_trials += tables["trials"].num_rows if "trials" in tables else 0
        for name, table in tables.items():
            self._held[name].append(table)
            if sum(part.nbytes for part in self._held[name]) > _GROUP_BYTES:
                self._write(name)

    def revise(self, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """Write the rows of a table anew, changed part by part."""
        from pyarrow.parquet import ParquetFile, ParquetWriter

        self._write(table)
        with self._writing():
            self._files[table].close()
            file = self._folder / f"{table}.parquet"
            earlier = file.rename(file.with_suffix(".earlier"))
            self._files[table] = ParquetWriter(file, schema_of(table))
            with ParquetFile(earlier) as parts:
                for number in range(parts.num_row_groups):
                    part = parts.read_row_group(number).cast(schema_of(table))
                    self._files[table].write_table(change(part))
            earlier.unlink()

    def _write(self, name: str) -> None:
        import pyarrow as pa

        if self._held[name]:
            with self._writing():
                self._files[name].write_table(pa.concat_tables(self._held[name]))
        self._held[name] = []

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._close()
            self._whole.__exit__(kind, error, trace)
            return
        with self._writing(), ExitStack() as in_the_end:
            in_the_end.push(self._whole)
            in_the_end.callback(self._close)
            self._complete()

    def _close(self) -> None:
        for file in self._files.values():
            with suppress(OSError):  # it writes its end, where it is still open
                file.close()

    def _complete(self) -> None:
        from pyarrow.parquet import read_metadata

        for name, file in self._files.items():
            self._write(name)
            file.close()
        names = [f"{name}.parquet" for name in self._files]
        rows = {name: read_metadata(self._folder / name).num_rows for name in names}
        write_inventory(self._folder, "parquet", rows)


def save(data: Tables, path: str | os.PathLike[str]) -> Path:
    """Write all tables of `data` into the folder `path` and return it.

    The folder appears whole or not at all, and replaces only an earlier store.

    Raises
    ------
    TrialDataError
        If `path` exists and is not a store, or cannot be written.
    """
    with StoreWriter(path) as store:
        for name, frame in data.tables():
            store.add({name: arrow_of(frame, name)})
    return store.target


def _may_be_replaced(target: Path) -> bool:
    """Whether it is an earlier store or an empty folder, and nobody's files."""
    if not target.is_dir():
        return False
    own = [path for path in target.iterdir() if not path.name.endswith(".trialkit")]
    if not own:
        return True
    return is_store(target)


def stored_tables(path: str | os.PathLike[str]) -> dict[str, Table]:
    """Return the tables of a store, or of a folder of CSV, to be read when asked for.

    Raises
    ------
    TrialDataError
        If `path` is not a store, is incomplete, or needs a newer trialkit.
    """
    folder = Path(path)
    with cannot_write(folder):
        recover(folder)
    facts = read_inventory(folder)
    if is_csv_folder(folder):
        return dict(csv_tables_of(folder, facts))
    if not facts:
        raise TrialDataError(
            f"{folder} is not a trialkit store (it has no readable {INVENTORY})"
        )
    files = {name: folder / f"{name}.parquet" for name in table_names()}
    return {
        name: partial(_table, file, facts)
        for name, file in files.items()
        if file.is_file()
    }


def _table(file: Path, facts: Mapping[str, Any]) -> pa.Table:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_table

    try:
        check_file(file, facts)
        return read_table(file)
    except (OSError, ArrowException) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from error
