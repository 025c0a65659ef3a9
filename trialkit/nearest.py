"""Suggestions for a word that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_WORD = re.compile(r"\w{3,}")


def nearest(text: str, known: Iterable[str], *, n: int = 1) -> list[str]:
    """Return the known words most like a text, in any case, the most similar first.

    Words of similar spelling come before those that share a whole word.

    Examples
    --------
    >>> nearest("recruting", ["Completed", "Recruiting"])
    ['Recruiting']
    >>> nearest("into an artery", ["Portal vein", "Hepatic artery"])
    ['Hepatic artery']
    """
    folded = {word.casefold(): word for word in known}
    text = text.casefold()
    alike = get_close_matches(text, folded, n=n)
    own = set(_WORD.findall(text))
    alike += [word for word in folded if own & set(_WORD.findall(word))]
    return [folded[word] for word in dict.fromkeys(alike)][:n]


def did_you_mean(
    text: str, known: Iterable[str], otherwise: str | None = None, *, n: int = 1
) -> str:
    """Return a question that names the nearest known words; without one, `otherwise`.

    The default of `otherwise` lists all known words.

    Examples
    --------
    >>> did_you_mean("tittle", ["title", "topic"])
    'did you mean title?'
    >>> did_you_mean("x", ["title", "topic"])
    'there are title, topic'
    """
    known = list(known)
    near = nearest(text, known, n=n)
    if otherwise is None:
        otherwise = f"there are {', '.join(known)}"
    shown = " or ".join(filter(None, [", ".join(near[:-1]), *near[-1:]]))
    return f"did you mean {shown}?" if near else otherwise
