"""A tidy store: a folder with one parquet file per table, its schema and version."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trialkit.atomic import alone, cannot_write, recover, write_folder
from trialkit.codebook import columns_of, table_names
from trialkit.errors import TrialDataError
from trialkit.read.receipt import Receipt
from trialkit.tidy.arrow import declared, schema_of
from trialkit.tidy.by_need import (
    MARK,
    HeldStatements,
    StoredStatements,
    file_schema,
    without_values,
)
from trialkit.tidy.csv import csv_tables_of, is_csv_folder
from trialkit.tidy.inventory import (
    INVENTORY,
    UNKNOWN,
    Origin,
    Told,
    is_store,
    parts_of,
    read_inventory,
    searches_of,
    told_of,
    write_inventory,
    write_searches,
)
from trialkit.tidy.stored import StoredTable

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    from trialkit.tidy.container import Table, Tables

#: Bytes of a table that are held before they are written: one row group of the file.
GROUP_BYTES = 1 << 25
#: Rows of a row group, at most.
GROUP_ROWS = 1 << 20
#: Half the bytes of pyarrow's default, read as fast; a reader checks what it reads.
FORM = {
    "compression": "zstd",
    "compression_level": 3,
    "data_page_size": 1 << 22,
    "write_page_checksum": True,
}


@contextmanager
def write_store(
    path: str | os.PathLike[str], *, rules: str = "", group_bytes: int = 0
) -> Iterator[StoreWriter]:
    """Yield the writer of a store, which appears only if the block succeeds.

    `rules` is the version of those that labelled the trials, `group_bytes` the size of
    a row group in place of the usual one: who reads by parts holds one of them.
    """
    target = Path(path)
    if target.exists() and not (is_store(target) or _is_empty(target)):
        raise TrialDataError(f"{target} exists and is not a trialkit store")
    with alone(target), ExitStack() as until_then:
        with _cannot_write(target):
            made = write_folder(target, stale=lambda: _left(target, folder), error=None)
            folder = until_then.enter_context(made)
            store = StoreWriter(target, folder, rules, group_bytes=group_bytes)
            until_then.callback(store.close)
            store.clear()
        yield store
        with _cannot_write(target):
            store.complete()
            until_then.close()


@contextmanager
def _cannot_write(target: Path) -> Iterator[None]:
    """Raise errors of the system with the name of the store."""
    try:
        yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        raise TrialDataError(f"cannot write {target}: {why}") from error
    except UnicodeEncodeError as error:
        told = "its name is not UTF-8, which parquet files need"
        raise TrialDataError(f"cannot write {target}: {told}") from error


def _left(target: Path, folder: Path) -> Iterator[Path]:
    """Yield the files of a store that a new one, in a folder, does not have."""
    for name in table_names():
        for path in (target / f"{name}.parquet", *(target / name).glob("*.parquet")):
            if path.is_file() and not (folder / path.relative_to(target)).exists():
                yield path


class StoreWriter:
    """Writes the files of a store table by table and batch by batch.

    A `part` is one file of each table among many, which are written by others.
    """

    def __init__(
        self,
        target: Path,
        folder: Path,
        rules: str,
        part: str = "",
        *,
        group_bytes: int = 0,
    ) -> None:
        self.target, self.rules, self._part = target, rules, part
        self._group_bytes = group_bytes or GROUP_BYTES
        self.folder = folder
        #: What the inventory tells of the parts that others wrote.
        self.parts: dict[str, Told] = {}
        self._files: dict[str, ParquetWriter] = {}
        self._held: dict[str, list[pa.Table]] = {}
        #: The receipts of what was downloaded.
        self.searches: Sequence[Receipt] = ()

    def clear(self) -> None:
        """Forget what was added so far."""
        from pyarrow.parquet import ParquetWriter

        for file in self._files.values():
            # An open one writes its end into the new file, whenever it is collected.
            file.close()
        self._held = {name: [] for name in table_names()}
        with _cannot_write(self.target):
            for name in table_names():
                path = self._path(name)
                path.parent.mkdir(exist_ok=True)
                self._files[name] = ParquetWriter(path, _schema(name), **FORM)

    def _path(self, table: str) -> Path:
        if self._part:
            return self.folder / table / f"{self._part}.parquet"
        return self.folder / f"{table}.parquet"

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Add rows to the tables; statements come with the trials they speak of.

        Those of another store, which are written already, come alone.
        """
        if "statements" in tables and MARK not in tables["statements"].schema.names:
            rows = without_values(tables["statements"], tables.get("trials"))
            tables = {**tables, "statements": rows}
        for name, table in tables.items():
            schema = _schema(name)
            is_read = not table.schema.equals(schema)  # from a file, by its own types
            self._held[name].append(table.cast(schema) if is_read else table)
            if sum(part.nbytes for part in self._held[name]) > self._group_bytes:
                self.write(name)

    def revise(self, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """Rewrite the rows of a table, changed part by part."""
        from pyarrow.parquet import ParquetFile, ParquetWriter

        self.write(table)
        with _cannot_write(self.target):
            self._files[table].close()
            file = self._path(table)
            earlier = file.rename(file.with_suffix(".earlier"))
            self._files[table] = ParquetWriter(file, schema_of(table), **FORM)
            with ParquetFile(earlier) as parts:
                for number in range(parts.num_row_groups):
                    part = parts.read_row_group(number).cast(schema_of(table))
                    self._files[table].write_table(change(part))
            earlier.unlink()

    def write(self, name: str) -> None:
        """Write the rows of a table that are held."""
        import pyarrow as pa

        if self._held[name]:
            with _cannot_write(self.target):
                table = pa.concat_tables(self._held[name])
                self._files[name].write_table(table, row_group_size=GROUP_ROWS)
        self._held[name] = []

    def complete(self) -> None:
        """Write what is held, and the inventory of all files."""
        from pyarrow.parquet import read_metadata

        for name, file in self._files.items():
            self.write(name)
            file.close()
        parted = {name.partition("/")[0] for name in self.parts}
        rows: dict[str, int] = {}
        for name in self._files:
            path = self._path(name)
            rows[path.name] = read_metadata(path).num_rows
            if name in parted:
                path.unlink()
                del rows[path.name]
        rows |= write_searches(self.folder, self.searches)
        given = {"rules": self.rules, "parts": self.parts}
        write_inventory(self.folder, "parquet", rows, **given)

    def complete_part(self) -> dict[str, Told]:
        """Write what is held; return what an inventory tells of files with rows."""
        from pyarrow.parquet import read_metadata

        told: dict[str, Told] = {}
        for name, file in self._files.items():
            self.write(name)
            file.close()
            path = self._path(name)
            if n_rows := read_metadata(path).num_rows:
                told[f"{name}/{path.name}"] = told_of(path, n_rows)
            else:
                path.unlink()
        return told

    def close(self) -> None:
        """Close the files, whether or not they are complete."""
        for file in self._files.values():
            with suppress(OSError):  # an open file writes its end
                file.close()


def save(data: Tables, path: str | os.PathLike[str]) -> Path:
    """Write all tables of `data` into the folder `path` and return it."""
    with write_store(path, rules=data.origin.rules) as store:
        store.searches = searches_of(data.origin)
        for name in table_names():
            if name == "statements" and not _are_by_need(data):
                store.add({one: data.arrow(one) for one in (name, "trials")})
            elif name != "trials" or _are_by_need(data):
                for part in _written(data, name):
                    store.add({name: part})
            store.write(name)
    return Path(path)


def _are_by_need(data: Tables) -> bool:
    """Return whether the statements are held without what the trials hold."""
    held = data.unread("statements")
    is_by_need = isinstance(held, HeldStatements | StoredStatements)
    return is_by_need and not data.is_changed("trials")


def _written(data: Tables, table: str) -> Iterator[pa.Table]:
    """Yield a table as it is written, of a store part by part."""
    held = data.unread(table)
    if isinstance(held, StoredStatements) and MARK in held.columns:
        yield from held.parts()
    elif isinstance(held, HeldStatements | StoredStatements):
        yield held.written()
    elif isinstance(held, StoredTable) and held.names == [*columns_of(table)]:
        for part in held.parts():
            yield declared(part.select(held.names), table)
    else:
        yield data.arrow(table)


def _is_empty(target: Path) -> bool:
    is_folder = target.is_dir()
    return is_folder and all(p.name.endswith(".trialkit") for p in target.iterdir())


def stored_tables(
    path: str | os.PathLike[str],
) -> tuple[dict[str, Table], Origin]:
    """Return the tables of a store, which are read lazily, or of a CSV folder."""
    folder = Path(path)
    with cannot_write(folder):
        recover(folder)
    facts = read_inventory(folder)
    named = facts.get("rules", ""), str(folder), facts.get("trialkit", "")
    if is_csv_folder(folder):
        origin = Origin(*named) if facts else UNKNOWN
        return dict(csv_tables_of(folder, facts)), origin
    if not facts:
        told = f"is not a trialkit store (it has no readable {INVENTORY})"
        raise TrialDataError(f"{folder} {told}")
    files = {name: folder / f"{name}.parquet" for name in table_names()}
    files = {n: file for n, file in files.items() if parts_of(file, facts)[0].is_file()}
    origin = Origin(*named)
    tables = {
        name: (StoredStatements if name == "statements" else StoredTable)(file, facts)
        for name, file in files.items()
    }
    return dict(tables), origin


def _schema(table: str) -> pa.Schema:
    return file_schema() if table == "statements" else schema_of(table)
