"""Words of records that fit a figure.

A record may hold a phase of 200 letters, a country in letters that no font has, a line
end in a status. A figure shows them cut, on one line, and still as different groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count

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
            if words := _words(kind.categories):
                changes[str(name)] = values.cat.rename_categories(words)
        elif isinstance(kind, pd.StringDtype) or pd.api.types.is_object_dtype(kind):
            if words := _words(values.dropna().unique()):
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
            short = short or BLANK
            numbered = (f"{short} ({number})" for number in count(2))
            words[text] = next(x for x in chain([short], numbered) if x not in taken)
            taken.add(words[text])
    return words


def _short(text: str) -> str:
    """Return a text on one line, each member of a joined set cut to its length."""
    if len(text) <= LONGEST and text.isprintable() and text.strip():
        return text
    return JOINT.join(
        part if len(part) <= LONGEST else part[: LONGEST - 1].rstrip() + "…"
        for part in plain_text(text).split(JOINT)
    )
