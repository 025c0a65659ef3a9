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
_TOO_LARGE = "an SQLite database that is too large: save it as JSON"
#: The first version that reads JSON in the database's own binary form.
_BINARY = (3, 45)
#: What may stand beside a database, unless it is empty or begins with nothing.
_BESIDE = {"wal": "holds records", "journal": "undoes what was half written"}
_NEWLINES = re.compile(r"[\r\n]+")


def as_lines(opener: Callable[[], BinaryIO], path: str, most: int) -> bytes:
    """Return the records of a database as JSON, one per line; refuse other databases.

    Studies of ClinicalTrials.gov come first, by which the lines are known.
    """
    _assert_at_rest(path)
    with opener() as handle:
        data = bytearray(handle.read(most + 1))
    if len(data) > most:
        raise TrialDataError(_TOO_LARGE)
    # What is read is a copy in memory, beside which there is no file.
    data[_WRITES_BESIDE] = _NONE_BESIDE
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(bytes(data))
            lines = _few(_records(database), most)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        told = " ".join(str(error).split())
        raise TrialDataError(f"an SQLite database that is damaged: {told}") from None
    if not lines:
        told = "without records as ctrdata keeps them (a table with _id and json)"
        raise TrialDataError(f"an SQLite database {told}")
    lines.sort(key=lambda line: '"protocolSection"' not in line)
    return "\n".join(lines).encode()


def _few(lines: Iterator[str], most: int) -> list[str]:
    """Return lines; refuse more letters than the file may have, which a fake makes."""
    found = []
    for line in lines:
        found.append(line)
        most -= len(line)
        if most < 0:
            raise TrialDataError(_TOO_LARGE)
    return found


def _assert_at_rest(path: str) -> None:
    """Refuse a database of which a file beside it holds what it lacks, or undoes."""
    for end, said in _BESIDE.items():
        beside = Path(f"{path}-{end}")
        if beside.is_file() and any(_first(beside)):
            told = "that is open: close the program that writes it"
            raise TrialDataError(f"an SQLite database {told} ({beside.name} {said})")


def _first(file: Path) -> bytes:
    with file.open("rb") as handle:
        return handle.read(8)


def _records(database: sqlite3.Connection) -> Iterator[str]:
    ((is_sound,),) = database.execute("PRAGMA quick_check(1)").fetchall()
    if is_sound != "ok":
        raise sqlite3.DatabaseError(is_sound)
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = found.fetchall()
    database.text_factory = bytes
    for (table,) in tables:
        named = '"{}"'.format(table.replace('"', '""'))
        facts = database.execute(f"PRAGMA table_info({named})")
        if {row[1].decode() for row in facts} >= _COLUMNS:
            for value, kind, as_text in database.execute(_asked(named)):
                yield _NEWLINES.sub(" ", _line(value, kind, as_text))


def _asked(table: str) -> str:
    """Return the query of the records, as they stand, their type, and as text."""
    has_binary = sqlite3.sqlite_version_info >= _BINARY
    text = "CASE WHEN json_valid(json, 8) THEN json(json) END" if has_binary else "NULL"
    own = f"CASE WHEN typeof(json) = 'blob' THEN {text} END"
    columns = f"json, typeof(json), {own}"
    return f"SELECT {columns} FROM {table} WHERE json NOT NULL"  # noqa: S608


def _line(value: bytes | float, kind: bytes, as_text: bytes | None) -> str:
    """Return a record as text; one that is damaged is no JSON, and so set aside."""
    if not isinstance(value, bytes):
        return str(value)
    is_binary = kind == b"blob" and value.lstrip()[:1] != b"{"
    if is_binary and sqlite3.sqlite_version_info < _BINARY:
        told = "holds JSON in its binary form, which needs SQLite 3.45 (here: "
        version = f"{sqlite3.sqlite_version}): save the records as JSON, one per line"
        raise TrialDataError(f"an SQLite database that {told}{version}")
    text = as_text if is_binary and as_text else value
    return text.decode("utf-8", "backslashreplace")
