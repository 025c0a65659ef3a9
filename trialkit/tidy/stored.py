"""A table in a parquet file, read by column and by the trials that are chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from trialkit.codebook import columns_of
from trialkit.errors import TrialDataError
from trialkit.tidy.arrow import (
    compute,
    flags_of,
    numbers_of,
    places_of,
    text_of,
)
from trialkit.tidy.inventory import check_file, parts_of

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_KEY = "trial_id"


class StoredTable:
    """The rows of a file, all of them or those of some trials.

    What is read is checked: the end of the file against the inventory, each page
    against its own checksum.
    """

    def __init__(self, file: Path, facts: Mapping[str, Any]) -> None:
        self.file = file
        self.facts = facts
        self._chosen: Chosen | None = None
        #: Columns of the chosen rows that have other values than the file.
        self._new: dict[str, pa.Array] = {}
        self._keys: dict[int, pa.Table] = {}
        #: The rows of the chosen trials, by row group.
        self._places: dict[int, np.ndarray] = {}

    @cached_property
    def _parquet(self) -> list[ParquetFile]:
        return self._opened()

    def _opened(self, levels: Sequence[str] = ()) -> list[ParquetFile]:
        """Return the files; texts of `levels` come as codes and different texts."""
        from pyarrow.parquet import ParquetFile

        form: Any = {"page_checksum_verification": True}
        files = []
        for file in parts_of(self.file, self.facts):
            with self._readable(file):
                check_file(file, self.facts)
                files.append(ParquetFile(file, read_dictionary=list(levels), **form))
        return files

    @contextmanager
    def _readable(self, file: Path | None = None) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            told = f"{file or self.file} cannot be read: {error}"
            raise TrialDataError(told) from error

    @cached_property
    def columns(self) -> list[str]:
        """The columns of the file."""
        return self._parquet[0].schema_arrow.names

    @property
    def names(self) -> list[str]:
        """The columns of the table."""
        known = columns_of(self.file.stem)
        return [name for name in self.columns if name in known]

    @property
    def _is_chosen_by_row(self) -> bool:
        return self._chosen is not None and self._chosen.file == self.file

    def __len__(self) -> int:
        if self._chosen is None or _KEY not in self.columns:
            return sum(file.metadata.num_rows for file in self._parquet)
        if self._is_chosen_by_row:
            return len(self._chosen.rows)
        return self.read([_KEY]).num_rows

    def at(self, kept: np.ndarray) -> StoredTable:
        """Return some of the rows of the table `trials`."""
        rows = self._chosen.rows if self._chosen else np.arange(len(self))
        trials = self._with(Chosen(self._with(None), rows[kept]))
        mask = flags_of(kept)
        trials._new = {name: values.filter(mask) for name, values in self._new.items()}
        return trials

    def of(self, trials: StoredTable) -> StoredTable:
        """Return the rows of those trials, in any of the tables."""
        return self._with(trials._chosen)

    def beside(self, table: str) -> StoredTable:
        """Return another table of the same trials."""
        other = StoredTable(self.file.with_name(f"{table}.parquet"), self.facts)
        other._chosen = self._chosen
        return other

    def with_column(self, name: str, values: pa.Array) -> StoredTable:
        """Return the same rows with other values in a column."""
        table = self._with(self._chosen)
        table._new = {**self._new, name: values}
        return table

    def _with(self, chosen: Chosen | None) -> StoredTable:
        table = type(self)(self.file, self.facts)
        table._chosen = chosen
        if "_parquet" in self.__dict__:  # opened and checked
            table.__dict__["_parquet"] = self._parquet
            table._keys = self._keys
        return table

    def dataset(self) -> Any:
        """Return all rows of the file, for a program that reads Arrow."""
        from pyarrow.dataset import (
            ParquetFileFormat,
            ParquetFragmentScanOptions,
            dataset,
        )

        options = ParquetFragmentScanOptions(page_checksum_verification=True)
        form = ParquetFileFormat(default_fragment_scan_options=options)
        files = parts_of(self.file, self.facts)
        for file in files:
            with self._readable(file):
                check_file(file, self.facts)
        with self._readable():
            return dataset([str(file) for file in files], format=form)

    def chosen(self) -> pa.Table | None:
        """Return the ids of the chosen trials, and columns with other values."""
        if self._chosen is None or _KEY not in self.columns:
            return None
        return pa.table({_KEY: self._chosen.ids, **self._new})

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """Return some columns, or all of them, of the chosen rows."""
        names = self.names if names is None else list(names)
        if self._chosen is None or _KEY not in self.columns:
            self._check(names)
            with self._readable():
                whole = [file.read(columns=names) for file in self._parquet]
                return pa.concat_tables(whole, promote_options="permissive")
        parts = list(self._parts(names, self._parquet))
        if not parts:
            return self._parquet[0].schema_arrow.empty_table().select(names)
        return pa.concat_tables(parts)

    def parts(self) -> Iterator[pa.Table]:
        """Yield the chosen rows with all columns of the file, by row group."""
        yield from self._parts(self.columns, self._parquet)

    def texts(self, name: str, *, unless: str = "") -> Iterator[pa.Table]:
        """Yield ids and texts of the chosen rows, row group by row group.

        Those in which every row has a text in the column `unless` may be left out.
        """
        self._check([_KEY, name])
        skipped = "" if name in self._new else unless
        yield from self._parts([_KEY, name], self._opened([name]), unless=skipped)

    def _parts(
        self, names: Sequence[str], files: Sequence[ParquetFile], *, unless: str = ""
    ) -> Iterator[pa.Table]:
        self._check(names)
        first, n_given = 0, 0
        for group in _groups(files):
            start, first = first, first + group.metadata.num_rows
            if unless and self._has_texts(group, unless):
                continue
            part = self._chosen_of(group, names, start, first)
            if part is not None and part.num_rows:
                yield self._renewed(part, n_given)
                n_given += part.num_rows

    def _chosen_of(
        self, group: _Group, names: Sequence[str], first: int, last: int
    ) -> pa.Table | None:
        """Return the chosen rows of a row group, which has the rows in between."""
        if self._chosen is None or _KEY not in self.columns:
            return self._group(group, names)
        if self._is_chosen_by_row:
            rows = self._chosen.between(first, last)
            if not len(rows):
                return None
            part = self._group(group, names)
            is_whole = len(rows) == part.num_rows
            return part if is_whole else part.take(numbers_of(rows))
        if not self._chosen.meets(self._span(group)):
            return None
        if group.number not in self._places:
            is_chosen = self._chosen.holds(self._group(group, [_KEY])[_KEY])
            self._places[group.number] = places_of(is_chosen)
        rows = self._places[group.number]
        return self._group(group, names).take(numbers_of(rows)) if len(rows) else None

    def _renewed(self, part: pa.Table, first: int) -> pa.Table:
        for name, values in self._new.items():
            if name in part.schema.names:
                own = values.slice(first, part.num_rows)
                at = part.schema.get_field_index(name)
                part = part.set_column(at, name, own.cast(part.schema.field(at).type))
        return part

    def _group(self, group: _Group, names: Sequence[str]) -> pa.Table:
        # Every search asks for the ids of all rows again: they are read once.
        is_searched = self._chosen is None or self._is_chosen_by_row
        with self._readable():
            number = group.number
            if _KEY in names and number not in self._keys and is_searched:
                self._keys[number] = group.read([_KEY])
            keys = self._keys.get(number) if _KEY in names else None
            if keys is None:
                return group.read(names).select(list(names))
            others = [name for name in names if name != _KEY]
            if not others:
                return keys
            part = group.read(others)
        return part.append_column(_KEY, keys[_KEY]).select(list(names))

    def _has_texts(self, group: _Group, name: str) -> bool:
        """Return whether the file tells that no row of a group lacks a text."""
        told = group.metadata.column(self.columns.index(name)).statistics
        has_all = told and told.has_null_count and not told.null_count
        return bool(has_all and told.has_min_max and told.min)

    def _span(self, group: _Group) -> tuple[str, str] | None:
        """Return the first and last id of a row group, None where it does not say."""
        told = group.metadata.column(self.columns.index(_KEY)).statistics
        return (told.min, told.max) if told and told.has_min_max else None

    def _check(self, names: Sequence[str]) -> None:
        lost = [name for name in names if name not in self.columns]
        if lost:
            raise TrialDataError(
                f"{self.file} has no column {', '.join(lost)}: it was written by "
                f"trialkit {self.facts.get('trialkit')}; write the tables again"
            )


class _Group(NamedTuple):
    """A row group: its number in the table, its file and its place in that."""

    number: int
    file: ParquetFile
    at: int

    @property
    def metadata(self) -> Any:
        return self.file.metadata.row_group(self.at)

    def read(self, names: Sequence[str]) -> pa.Table:
        return self.file.read_row_group(self.at, columns=list(names))


def _groups(files: Sequence[ParquetFile]) -> Iterator[_Group]:
    places = ((file, at) for file in files for at in range(file.num_row_groups))
    for number, (file, at) in enumerate(places):
        yield _Group(number, file, at)


class Chosen:
    """Some rows of the file of the table `trials`, and the ids that they have."""

    def __init__(self, trials: StoredTable, rows: np.ndarray) -> None:
        self.file = trials.file
        self.rows = rows
        self._all = trials

    def between(self, first: int, last: int) -> np.ndarray:
        """Return the chosen rows of a row group, counted from its first."""
        low, high = np.searchsorted(self.rows, (first, last))
        return self.rows[low:high] - first

    @cached_property
    def ids(self) -> pa.Array:
        """The ids of the trials."""
        ids = self._all.read([_KEY])[_KEY].combine_chunks()
        return ids.take(numbers_of(self.rows))

    def meets(self, span: tuple[str, str] | None) -> bool:
        """Return whether one of the trials lies between two ids."""
        if span is None:
            return True
        first, last = text_of(span)
        is_after = compute.greater_equal(self.ids, first)
        is_before = compute.less_equal(self.ids, last)
        return compute.any(compute.and_(is_after, is_before)).as_py() is True

    def holds(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return which ids are those of the trials."""
        return compute.is_in(ids, value_set=self.ids)
