"""Bytes of unknown encoding to text."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What an HTML or XML head declares.
_DECLARED = re.compile(rb"""<[^<>]*(?:charset|encoding)\s*=\s*(?:["']\s*)?([\w.:-]+)""")
_HIGH = re.compile(rb"[\x80-\xff]+")
# GB2312's own rows: two bytes, both high. Latin letters stand alone between ASCII.
_PAIRS = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")


def guess_encoding(data: bytes) -> str:
    """Return the encoding of a text, or of a sample of one.

    In this order: a byte order mark, the NUL bytes of UTF-16, valid UTF-8 (stray bytes
    aside), the declaration in HTML or XML. Otherwise GB18030 (Chinese exports), whose
    high bytes come in pairs, or cp1252 (old Windows exports), whose stand alone.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    start = data[:2000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > 0.4 * len(start) / 2 and not min(even, odd):
        return "utf-16-be" if even else "utf-16-le"
    if _decodes(data, "utf-8") or _is_damaged_utf8(data):
        return "utf-8"
    declared = _DECLARED.search(data[:4096])
    if declared and _decodes(data, declared[1].decode("ascii", "replace")):
        return declared[1].decode().lower()
    runs = _HIGH.findall(data)
    paired = sum(len(run) for run in runs if _PAIRS.fullmatch(run))
    return "gb18030" if paired * 2 > sum(map(len, runs)) else "cp1252"


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether only stray bytes are not UTF-8: in other encodings nearly all."""
    text = data.decode("utf-8", errors="replace")
    n_bad = text.count("\ufffd")
    n_beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return n_beyond_ascii > 10 * n_bad


def _decodes(data: bytes, encoding: str) -> bool:
    """Return whether `data` is valid, a character cut off at its end aside."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except (LookupError, ValueError):
        return False
    return True


def decode(data: bytes, encoding: str | None = None) -> str:
    """Return `data` as text, with U+FFFD for bad bytes, less a cut last character."""
    name = encoding or guess_encoding(data)
    return codecs.getincrementaldecoder(name)(errors="replace").decode(data)
