"""Words of records that fit a figure.

A record may hold a phase of 200 letters, a country in letters that no font has, a line
end in a status. A figure shows them cut, on one line, and still as different groups.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from trialkit.escape import plain_text

#: The most letters of a word in a figure; the words of the vocabularies are shorter.
LONGEST = 60
BLANK = "(blank)"
#: What joins the members of a set in one cell.
JOINT = "; "


def legible(frame: pd.DataFrame) -> pd.DataFrame:
    r"""Return a frame whose text fits a figure, or `frame` itself where it does.

    Examples
    --------
    >>> frame = pd.DataFrame({"status": ["Recruiting\rnow", "a" * 70, "a" * 71]})
    >>> [text[-4:] for text in legible(frame)["status"]]
    [' now', 'aaa…', ' (2)']
    """
    changes: dict[str, pd.Series] = {}
    for name, values in frame.items():
        kind = values.dtype
        if isinstance(kind, pd.CategoricalDtype):
            words = _words(kind.categories)
            if words:
                levels = [words.get(level, level) for level in kind.categories]
                changes[str(name)] = values.cat.rename_categories(levels)
        elif isinstance(kind, pd.StringDtype) or pd.api.types.is_object_dtype(kind):
            words = _words(values.dropna().unique())
            if words:
                changes[str(name)] = values.map(lambda v, w=words: w.get(v, v))
    return frame.assign(**changes) if changes else frame


def _words(values: Iterable[object]) -> dict[object, str]:
    """Return the words that a figure shows in place of those it cannot."""
    texts = [value for value in values if isinstance(value, str)]
    taken = set(texts)
    words: dict[object, str] = {}
    for text in texts:
        short = _short(text)
        if short != text:
            words[text] = short = _unlike(short or BLANK, taken)
            taken.add(short)
    return words


def _short(text: str) -> str:
    """Return a text on one line, each member of a joined set cut to its length."""
    if len(text) <= LONGEST and text.isprintable() and text.strip():
        return text
    return JOINT.join(map(_cut, plain_text(text).split(JOINT)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _unlike(text: str, taken: set[str]) -> str:
    number, free = 1, text
    while free in taken:
        number += 1
        free = f"{text} ({number})"
    return free
