"""Documents without a reader: what each is, and the way to its records.

`data/unread.csv` lists them by form (`json`, `page`, `xml` or `text`) and by marks that
must all stand in the document's head (`^`: at its beginning). The first row that fits
names the document.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import msgspec

from trialkit.files import data_rows
from trialkit.read.delimited import delimiter_of, split_row
from trialkit.read.document import HEAD_BYTES, Document
from trialkit.read.values.ids import any_id, registry_of

_SHOWN_COLUMNS = 4
_SENTENCE = re.compile(r"[.!?]\s")
_ADVICE = {"ictrp": "export its trials from WHO ICTRP instead"}


class _Kind(NamedTuple):
    """One row of the table."""

    form: str
    marks: tuple[str, ...]
    what: str
    advice: str

    def fits(self, form: str, folded: str) -> bool:
        return form == self.form and all(
            folded.startswith(mark[1:]) if mark.startswith("^") else mark in folded
            for mark in self.marks
        )

    def __str__(self) -> str:
        advice = _ADVICE.get(self.advice, self.advice)
        return f"{self.what}; not read{f': {advice}' if advice else ''}"


@cache
def _kinds() -> tuple[_Kind, ...]:
    return tuple(
        _Kind(row["form"], tuple(row["marks"].split(" & ")), row["what"], row["advice"])
        for row in data_rows("unread.csv")
    )


def known_kind(head: bytes) -> str | None:
    """Return what the document with this head is and what to do instead, or None."""
    text = _text(head)
    form, folded = _form(text), text.lower()
    return next((str(kind) for kind in _kinds() if kind.fits(form, folded)), None)


def why_unread(document: Document) -> str:
    """Return why a text is refused: what it is, and where its records are."""
    text = _text(document.head)
    form = _form(text)
    is_cut = document.n_bytes > HEAD_BYTES
    known = known_kind(document.head)
    if known:
        return known + _ids_in(text, is_cut, none="")
    if form == "json":
        return _json(document)
    what = {"page": "a page of a site", "xml": "XML of a kind"}.get(form)
    if what:
        return f"{what} that is not read{_ids_in(text, is_cut)}"
    columns = _columns(text)
    if columns:
        return (
            f"a table with the columns {columns}: neither those of ClinicalTrials.gov "
            f"(NCT Number) nor those of WHO ICTRP (TrialID){_ids_in(text, is_cut)}"
        )
    return f"a text that is no trial record{_ids_in(text, is_cut)}"


def _text(head: bytes) -> str:
    return head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _form(text: str) -> str:
    if text[:1] in ("{", "["):
        return "json"
    if text[:1] != "<":
        return "text"
    start = text[:2000].lower()
    return "page" if "<html" in start or "<!doctype html" in start else "xml"


def _json(document: Document) -> str:
    try:
        msgspec.json.decode(document.data, type=msgspec.Raw)
    except RecursionError:
        return "JSON that is nested too deeply"
    except msgspec.DecodeError as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        if "trailing characters" not in reason:  # one value a line
            return f"not valid JSON: {reason}"
    return "JSON that holds no study of ClinicalTrials.gov's API version 2"


def _columns(text: str) -> str:
    """Return the first column names of a table, "" for prose."""
    first, _, rest = text.partition("\n")
    mark = delimiter_of(first)
    names = split_row(first, mark)
    second = split_row(rest.partition("\n")[0], mark)
    if len(names) < 2 or len(second) != len(names) or _SENTENCE.search(first):
        return ""
    shown = ", ".join(repr(name[:30]) for name in names[:_SHOWN_COLUMNS])
    return f"{shown} …" if len(names) > _SHOWN_COLUMNS else shown


def _ids_in(text: str, is_cut: bool, none: str | None = None) -> str:
    """Return which registry ids a text names: a register has their trials."""
    where = f"its first {HEAD_BYTES >> 10} KiB" if is_cut else "it"
    pattern = re.compile(rf"(?<!\w)(?:{any_id().pattern})(?!\w)", re.IGNORECASE)
    ids = list(dict.fromkeys(found[0] for found in pattern.finditer(text)))
    if not ids:
        return f"; no registry id in {where}" if none is None else none
    register = registry_of(ids[0])
    first = f"{ids[0]} ({register})" if register else ids[0]
    if len(ids) == 1:
        return f"; 1 registry id in {where}: {first}"
    return f"; {len(ids)} registry ids in {where}, the first {first}"
