"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_WORD = re.compile(r"\w{3,}")


def nearest(text: str, known: Iterable[str], *, n: int = 1) -> list[str]:
    """Return the known words most like a text, in any case, the likest first.

    What is spelled alike comes before what shares a whole word.

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


def did_you_mean(text: str, known: Iterable[str], otherwise: str, *, n: int = 1) -> str:
    """Return a question that names the nearest known words, or else `otherwise`.

    Examples
    --------
    >>> did_you_mean("tittle", ["title", "topic"], "it takes title, topic")
    'did you mean title?'
    """
    near = nearest(text, known, n=n)
    shown = " or ".join(filter(None, [", ".join(near[:-1]), *near[-1:]]))
    return f"did you mean {shown}?" if near else otherwise
