"""A cell taken apart: words, muted words and links, for the writers of a report."""

from __future__ import annotations

import re
from typing import TypedDict

#: Words, muted words (`["em", words]`) or a link (`["a", words, address]`).
Piece = str | list[str]


class Form(TypedDict):
    """A table as data, which the writers of a report set without reading Markdown."""

    heads: list[list[Piece]]
    widths: list[float]
    aligns: list[str]
    rows: list[list[list[Piece]]]


# Escaped, or without a meaning to Markdown wherever it stands.
_WORDS = r"(?:\\[!-/:-@\[-`{-~]|[^\\`*_{}\[\]<>#|~^$@&\n])+"
_PIECE = re.compile(
    rf"(?P<words>{_WORDS})"
    rf"|\*(?!\s)(?P<muted>{_WORDS})(?<!\s)\*"
    rf"|\[(?P<link>{_WORDS})\]\((?P<address>[^()\s\\]+)\)"
)
_ESCAPED = re.compile(r"\\(.)")


def pieces(cell: str) -> list[Piece] | None:
    r"""Return the pieces of a cell, None where it holds other Markdown.

    Examples
    --------
    >>> pieces(r"[NCT01](https://x.org) a\*b, *ns*")
    [['a', 'NCT01', 'https://x.org'], ' a*b, ', ['em', 'ns']]
    """
    if "![" in cell:  # a picture
        return None
    cell = cell.strip()
    found: list[Piece] = []
    place = 0
    while place < len(cell):
        match = _PIECE.match(cell, place)
        if match is None:
            return None
        words, muted, link, address = match.group("words", "muted", "link", "address")
        plain = _ESCAPED.sub(r"\1", words or muted or link)
        if words:
            found.append(plain)
        else:
            found.append(["em", plain] if muted else ["a", plain, address])
        place = match.end()
    return found
