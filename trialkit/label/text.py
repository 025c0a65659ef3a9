"""Stored text to folded text and back: matching ignores case, dashes and spacing.

Labels quote the stored text verbatim, so every folded position maps back to one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from trialkit.label.normalize import normalize, normalize_mapped
from trialkit.record import Passage

# One character for one character: dashes, underscores and white space become a space,
# apostrophes become one kind; "İ" alone would change its length when lowered.
_DASHES = "-‐‒–—―−˗_\t\n\r\f\v\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"
_FOLD = str.maketrans(
    {
        **dict.fromkeys(_DASHES, " "),
        **dict.fromkeys("’‘ʼ′", "'"),
        "İ": "I",
        "；": ";",
        "⁺": "+",
    }
)
_SPACES = re.compile(r" {2,}")
_SENTENCE_END = re.compile(
    r"""(?=[.!?\n。；])(?:(?<![\s(]e\.g)(?<![\s(]i\.e)(?<!\bi\.v)(?<!\bi\.m)(?<!\bvs)(?<!\bapprox)
        (?<!\bDr)(?<!\bNo)(?<!\bet\ al)(?<!\bInc)(?<!\bCo)(?<!\bca)
        [.!?]["')\]]*(?=\s+[^\sa-z]|\s*\n|[A-Z][a-z]|\s*$)
        | \n\s*\n | \n(?=\s*[-*•\d]) | [。；])""",
    re.VERBOSE,
)
_CLAUSE_END = re.compile(r"[;:,.!?\n]+(?=\s|$)|[()]")
_MAX_QUOTE = 300


def fold(text: str) -> str:
    """Return a text as phrases are matched: lower case, single blanks for dashes."""
    return _folded(normalize(text))


def _folded(text: str) -> str:
    return _SPACES.sub(" ", text.translate(_FOLD).lower()).strip()


def joined(texts: Iterable[Text]) -> str:
    """Return the folded words of several texts as one."""
    return " / ".join(text.folded for text in texts)


class Text:
    """A passage with its plain and folded forms and its sentences.

    Positions count in the plain text; those of a quote, in the stored one.
    """

    def __init__(self, passage: Passage, position: int = 0):
        self.passage = passage
        #: True for a text of a second record of the same trial.
        self.is_second = False
        self.position = position
        self.plain, self._shifts = normalize_mapped(passage.text)
        folded = self.plain.translate(_FOLD).lower()
        # Where runs of blanks end, in the folded and in the plain text, and what is
        # lost of them so far.
        self._cuts: list[int] = []
        self._ends: list[int] = []
        self._gains: list[int] = []
        self.folded = self._collapse(folded) if "  " in folded else folded

    def _collapse(self, folded: str) -> str:
        pieces, last, lost = [], 0, 0
        for run in _SPACES.finditer(folded):
            pieces.append(folded[last : run.start() + 1])
            lost += run.end() - run.start() - 1
            self._cuts.append(run.end() - lost)
            self._ends.append(run.end())
            self._gains.append(lost)
            last = run.end()
        pieces.append(folded[last:])
        return "".join(pieces)

    def around(self, start: int, end: int, reach: int = 90) -> tuple[str, str]:
        """Return the folded words before and after a folded span."""
        return self.folded[max(0, start - reach) : start], self.folded[
            end : end + reach
        ]

    def plain_position(self, position: int) -> int:
        """Return where a position of the folded text lies in the plain text."""
        at = bisect_right(self._cuts, position) - 1
        return position + (self._gains[at] if at >= 0 else 0)

    def _folded_position(self, position: int) -> int:
        """Return where a position of the plain text lies in the folded one."""
        at = bisect_right(self._ends, position)
        moved = position - (self._gains[at - 1] if at else 0)
        return min([moved, *self._cuts[at : at + 1]])

    def plain_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the plain span of a folded one."""
        if not self._cuts:
            return start, end
        return self.plain_position(start), self.plain_position(end - 1) + 1

    def stored_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the stored text that a plain one stands for."""
        return self._shifts.stored_span(start, end) if self._shifts else (start, end)

    def stored(self, start: int, end: int) -> str:
        """Return the stored words of a plain span."""
        low, high = self.stored_span(start, end)
        return self.passage.text[low:high]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Sentences as spans of the plain text."""
        spans, last = [], 0
        for end in _SENTENCE_END.finditer(self.plain):
            spans.append((last, end.end()))
            last = end.end()
        if last < len(self.plain) or not spans:
            spans.append((last, len(self.plain)))
        return spans

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def folded_sentences(self) -> list[str]:
        """Each sentence, folded; same order as `sentences`."""
        ends = [self._folded_position(end) for _, end in self.sentences]
        return [self.folded[start:end].strip() for start, end in pairwise((0, *ends))]

    def sentence_at(self, position: int) -> int:
        """Return the number of the sentence that holds a position."""
        return bisect_right(self._sentence_starts, position) - 1

    def sentence_of(self, position: int) -> int:
        """Return the number of the sentence that holds a folded position."""
        return self.sentence_at(self.plain_position(position))

    def quote(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the stored words around a plain span, and their place in the passage.

        The sentence if it has at most 300 characters, else the clauses around the span,
        else a window cut at blanks.
        """
        low, high = self.sentences[self.sentence_at(start)]
        high = max(high, end)
        if high - low > _MAX_QUOTE:
            low, high = self._clause(start, end, low, high)
        if high - low > _MAX_QUOTE:
            low, high = self._window(start, end, low, high)
        words = self.plain[low:high]
        low += len(words) - len(words.lstrip())
        high -= len(words) - len(words.rstrip())
        low, high = self.stored_span(low, high)
        if high - low > 2 * _MAX_QUOTE:  # invisible characters without end
            low, high = self.stored_span(start, end)
            high = min(high, low + _MAX_QUOTE)
        return self.passage.text[low:high], low, high

    def _clause(self, start: int, end: int, low: int, high: int) -> tuple[int, int]:
        # A clause that ends further off is too long to quote.
        near = max(low, start - _MAX_QUOTE), min(high, end + _MAX_QUOTE)
        cuts = [low, *(m.end() for m in _CLAUSE_END.finditer(self.plain, *near))]
        left = max((cut for cut in cuts if cut <= start), default=low)
        right = min((cut for cut in (*cuts, high) if cut >= end), default=high)
        return left, right

    def _window(self, start: int, end: int, low: int, high: int) -> tuple[int, int]:
        spare = max(_MAX_QUOTE - (end - start), 0) // 2
        left, right = max(low, start - spare), min(high, end + spare)
        if left > low:
            blank = self.plain.find(" ", left, start)
            left = blank + 1 if blank >= 0 else start
        if right < high:
            blank = self.plain.rfind(" ", end, right)
            right = blank if blank >= 0 else end
        return left, min(right, left + _MAX_QUOTE)
