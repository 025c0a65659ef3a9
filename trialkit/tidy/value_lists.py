"""Lists of values as one text, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MEMBER = re.compile(r'(?:"((?:[^"]|"")*)"|((?:[^;]|;(?! ))*))(?:; |\Z)', re.DOTALL)


def joined(values: Iterable[str | None]) -> str | None:
    """Return the values as one text with `; ` between, None without any.

    A value that holds a semicolon or a line break, or begins with a quotation mark,
    stands in quotation marks, its own doubled, as in a CSV.
    """
    said = [value for value in values if value]
    if not said:
        return None
    text = "; ".join(said)
    is_plain = text.count(";") == len(said) - 1 and '"' not in text
    if is_plain and len(text.splitlines()) < 2:
        return text
    return "; ".join(map(_quoted, said))


def _quoted(value: str) -> str:
    is_plain = ";" not in value and value[0] != '"' and len(value.splitlines()) < 2
    return value if is_plain else '"' + value.replace('"', '""') + '"'


def members(text: str | None) -> tuple[str, ...]:
    """Return the values in a text made by `joined`."""
    return tuple(
        quoted.replace('""', '"') or plain
        for quoted, plain in _MEMBER.findall(text or "")
        if quoted or plain
    )
