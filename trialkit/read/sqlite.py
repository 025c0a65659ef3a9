"""The records in an SQLite database as ctrdata (R) keeps them: JSON, one per line."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from trialkit.errors import TrialDataError

#: The first bytes of a database.
MAGIC = b"SQLite format 3\0"
#: Columns of the tables that hold records.
_COLUMNS = {"_id", "json"}
#: Where the header says that writes stand in a file beside, and for no such file.
_WRITES_BESIDE, _NONE_BESIDE = slice(18, 20), b"\1\1"
#: The first version that reads JSON in the database's own binary form.
_BINARY = (3, 45)
_NEWLINES = re.compile(r"[\r\n]+")


def as_lines(opener: Callable[[], BinaryIO], path: str, most: int) -> bytes:
    """Return the records of a database as JSON, one per line; refuse other databases.

    Studies of ClinicalTrials.gov come first, by which the lines are known.
    """
    beside = Path(f"{path}-wal")
    if beside.is_file() and beside.stat().st_size:
        told = "that is open: close the program that writes it"
        raise TrialDataError(f"an SQLite database {told} ({beside.name} holds records)")
    with opener() as handle:
        data = bytearray(handle.read(most + 1))
    if len(data) > most:
        raise TrialDataError("an SQLite database that is too large: save it as JSON")
    # What is read is a copy in memory, beside which there is no file.
    data[_WRITES_BESIDE] = _NONE_BESIDE
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(bytes(data))
            lines = list(_records(database))
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise TrialDataError(f"an SQLite database that is damaged: {error}") from None
    if not lines:
        told = "without records as ctrdata keeps them (a table with _id and json)"
        raise TrialDataError(f"an SQLite database {told}")
    lines.sort(key=lambda line: '"protocolSection"' not in line)
    return "\n".join(lines).encode()


def _records(database: sqlite3.Connection) -> Iterator[str]:
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in found.fetchall():
        named = '"{}"'.format(table.replace('"', '""'))
        facts = database.execute(f"PRAGMA table_info({named})")
        if {row[1] for row in facts} >= _COLUMNS:
            for value, as_text in database.execute(_asked(named)):
                yield _NEWLINES.sub(" ", _line(value, as_text))


def _asked(table: str) -> str:
    """Return the query of the records, as they stand and as text."""
    text = "json(json)" if sqlite3.sqlite_version_info >= _BINARY else "NULL"
    own = f"CASE WHEN typeof(json) = 'blob' THEN {text} END"
    return f"SELECT json, {own} FROM {table} WHERE json NOT NULL"  # noqa: S608


def _line(value: str | bytes, as_text: str | None) -> str:
    if isinstance(value, str):
        return value
    if value.lstrip()[:1] == b"{":
        return value.decode()
    if as_text is None:
        told = "holds JSON in its binary form, which needs SQLite 3.45 (here: "
        version = f"{sqlite3.sqlite_version}): save the records as JSON, one per line"
        raise TrialDataError(f"an SQLite database that {told}{version}")
    return as_text
