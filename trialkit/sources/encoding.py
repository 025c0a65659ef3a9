"""Bytes of unknown encoding to text: UTF-8 first, then what the bytes say."""

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
_HIGH = re.compile(rb"[\x80-\xff]+")
# GB2312's own rows: two bytes, both high. Latin letters stand alone between ASCII.
_PAIRS = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")


def guess_encoding(data: bytes) -> str:
    """Return the encoding of `data`: a byte order mark, UTF-8, GB18030 or cp1252.

    Chinese register exports come in GB18030, older Windows exports in cp1252; both
    decode almost any bytes, so the choice rests on how high bytes stand: in pairs, or
    alone between ASCII letters.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if data[:2000:2].count(0) > 400 or data[1:2000:2].count(0) > 400:
        return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    runs = _HIGH.findall(data)
    paired = sum(len(run) for run in runs if _PAIRS.fullmatch(run))
    return "gb18030" if paired * 2 > sum(map(len, runs)) else "cp1252"


def decode(data: bytes) -> str:
    """Return `data` as text; bytes that no encoding explains become U+FFFD."""
    return data.decode(guess_encoding(data), errors="replace")
