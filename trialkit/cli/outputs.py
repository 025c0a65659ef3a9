"""Outputs that cannot or must not be written, told before any record is read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from trialkit.errors import TrialkitError
from trialkit.files import PathLike, csv_rows, text_of
from trialkit.plural import counted

#: Endings by which a program would take text for something else, and refuse it.
_OTHER = frozenset((".xlsx", ".xls", ".ods"))


def check_folder(out: Path) -> None:
    """Refuse a folder for tables that cannot be written."""
    if out.exists() and not out.is_dir():
        raise TrialkitError(f"cannot write {out}: a file, and the tables need a folder")
    _check_place(out)


def check_file(out: Path, read: Iterable[PathLike]) -> None:
    """Refuse a file that cannot be written, or that is read or written besides."""
    if out.is_dir():
        raise TrialkitError(f"cannot write {out}: a folder; name a file in it")
    if out.suffix.lower() in _OTHER:
        raise TrialkitError(
            f"cannot write {out}: no {out.suffix} is written; name a file that ends in "
            ".csv, which a spreadsheet opens"
        )
    if any(
        Path(path).absolute() == out.absolute() or _same(path, out) for path in read
    ):
        raise TrialkitError(
            f"cannot write {out}: the command names it twice; name another file"
        )
    _check_place(out)


def check_template(out: Path, read: Iterable[PathLike]) -> None:
    """Refuse a file for a template, also where it holds what a person decided."""
    check_file(out, read)
    if not out.exists():
        return
    wrong: list[str] = []
    rows = csv_rows(text_of(out, "template"), ("axis", "value", "decided_by"), wrong)
    n_decided = sum(bool(row["value"].strip()) for _, row in rows)
    if n_decided or wrong:
        held = counted(n_decided, "decision") if n_decided else "something else"
        raise TrialkitError(f"cannot write {out}: it holds {held}; name another file")


def _same(path: PathLike, out: Path) -> bool:
    return os.path.exists(path) and out.exists() and os.path.samefile(path, out)


def _check_place(out: Path) -> None:
    here = next(
        place for place in (out.absolute(), *out.absolute().parents) if place.exists()
    )
    if not here.is_dir() and here != out.absolute():
        raise TrialkitError(f"cannot write {out}: {here} is not a folder")
    if not os.access(here, os.W_OK):
        raise TrialkitError(f"cannot write {out}: no permission in {here}")
