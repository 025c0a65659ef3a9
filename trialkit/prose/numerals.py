"""Numbers as sentences say them: number words, shares, and verbs that agree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialkit.summarize.statistics import share_text

_SMALL = (
    *("no", "one", "two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve"),
)
_CHOICE = re.compile(r"(\w+)\|(\w+)")


def number_word(n: int) -> str:
    """Return a count as a word up to twelve, in digits above.

    Examples
    --------
    >>> number_word(1), number_word(12), number_word(1300)
    ('one', 'twelve', '1,300')
    """
    return _SMALL[n] if n < len(_SMALL) else f"{n:,}"


def agreeing(text: str, n: int) -> str:
    """Return a text with each `singular|plural` chosen for a count.

    Examples
    --------
    >>> agreeing("is|are randomized", 1), agreeing("is|are randomized", 2)
    ('is randomized', 'are randomized')
    """
    return _CHOICE.sub(r"\1" if n == 1 else r"\2", text)


class Number(int):
    """A count that a template asks for in digits, as a `word`, or for its verb."""

    def __format__(self, spec: str) -> str:
        """Return `1,039`, a `word`, or the right one of `singular|plural`."""
        if "|" in spec:
            return agreeing(spec, self)
        return number_word(self) if spec == "word" else f"{int(self):,}"


@dataclass(frozen=True)
class Share:
    """A count out of a total of things: trials, or trials `tail` ("with skin").

    `has_percent` is false where the total is large and the trials behind it are few.
    No share is a fraction in words: "half of the trials" is no count and has no base.
    """

    n: int
    total: int
    noun: str = "trial"
    tail: str = ""
    has_percent: bool = True

    def __format__(self, spec: str) -> str:
        """Return `21 of 38`, or what a template asks for.

        `words` names the things as a title does; `bold` as a sentence does, with the
        percentage; `n` and `word` are the count alone, `nouns` what is counted;
        `singular|plural` is chosen for the count.
        """
        if "|" in spec:
            return agreeing(spec, self.n or 1)  # "none of the trials is"
        if spec in ("n", "word"):
            return format(Number(self.n), spec)
        if not spec:
            return f"{self.n:,} of {self.total:,}"
        nouns = f"{self.noun}s {self.tail}".strip()
        if spec == "nouns":
            return nouns
        if self.n in (0, self.total):
            return self._all_or_none(nouns).replace(
                "**", "**" if spec == "bold" else ""
            )
        if spec == "bold":
            text = share_text(self.n, self.total) if self.has_percent else ""
            _, mark, percent = text.partition(" (")
            return f"**{self}** {nouns}{mark}{percent}"
        return f"{self.n:,} of {'the ' if self.tail else ''}{self.total:,} {nouns}"

    def _all_or_none(self, nouns: str) -> str:
        if self.total == 1:
            one = f"{self.noun} {self.tail}".strip()
            return f"{'the one' if self.n else 'no'} {one}"
        all_of = "both" if self.total == 2 else f"all **{self.total:,}**"
        return f"{all_of if self.n else f'none of the **{self.total:,}**'} {nouns}"
