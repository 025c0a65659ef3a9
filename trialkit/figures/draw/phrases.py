"""Phrases of alt texts and caption notes, computed from a figure's frame."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from trialkit.codewords import NOT_STATED, short_word
from trialkit.figures.draw import axis, levels
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import counted, sentence_list
from trialkit.summarize.wording import words as words_of

#: Groups or trials named before "and 3 more".
MOST_NAMED = 6


def pairs_in_words(
    first: str, second: str, words: str = "", n: str = "n"
) -> Callable[[pd.DataFrame], str]:
    """Return the alt text of counts by two columns: the largest combinations."""
    names = (name.removesuffix("_group").replace("_", " ") for name in (first, second))
    words = words or " and ".join(names)

    def text(frame: pd.DataFrame) -> str:
        filled = frame[frame[n].fillna(0) > 0]
        if filled.empty:
            return f"Trials by {words}: all cells are empty."
        top = filled.sort_values(n, ascending=False, kind="stable").head(MOST_NAMED)
        pairs = zip(_named(top[first]), _named(top[second]), top[n], strict=True)
        named = [f"{a} and {b} {int(count):,}" for a, b, count in pairs]
        largest = "the largest are " if len(filled) > len(top) else ""
        return (
            f"Trials by {words}, {counted(len(filled), 'combination')}:"
            f" {largest}{'; '.join(named)}."
        )

    return text


def _named(values: pd.Series) -> pd.Series:
    """Return groups as text; a phase's name alone would say nothing."""
    if values.name == "phase_group":
        return words_of(values, "phase_group").astype("string")
    named = axis.stated(values)
    if values.name != "relation":
        return named
    return named.map(lambda name: short_word(str(name), "relation"))


def counts_in_words(
    name: str, words: str, n: str = "n"
) -> Callable[[pd.DataFrame], str]:
    """Return the alt text of counts by one column: the commonest groups."""

    def text(frame: pd.DataFrame) -> str:
        if name == "phase_group":
            frame = frame.assign(phase_group=words_of(frame[name], name))
        counts = levels.counts_by(frame, name, n)
        missing = counts.pop(NOT_STATED, 0)
        order = sorted(counts, key=lambda group: -counts[group])
        named = [f"{group} {counts[group]:,}" for group in order[:MOST_NAMED]]
        if len(order) > MOST_NAMED:
            named.append(f"{len(order) - MOST_NAMED:,} more")
        return f"Trials by {words}: {'; '.join([*named, f'not stated {missing:,}'])}."

    return text


def spread_in_words(numbers: pd.Series) -> str:
    """Return how many trials have a number, its range and its median."""
    if numbers.empty:
        return "no number above 0"
    n = counted(len(numbers), "trial")
    if len(numbers) < 3:
        return f"{n}, {sentence_list([*map(number, sorted(numbers))])}"
    low, middle, high = numbers.min(), numbers.median(), numbers.max()
    return f"{n}, from {number(low)} to {number(high)}, median {number(middle)}"


def part_of(part: int, whole: int) -> str:
    """Return "3 of 4 trials", or "4 trials" where the part is the whole."""
    return ("" if part == whole else f"{part:,} of ") + counted(whole, "trial")


def years_between(low: int, high: int) -> str:
    """Return a range of years."""
    return f"in {low}" if low == high else f"{low} to {high}"


def some(names: list[str]) -> str:
    """Return names as a list, of many the first and how many more."""
    if len(names) <= MOST_NAMED:
        return sentence_list(names)
    return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED:,} more"


def some_of(phrases: list[str]) -> str:
    """Return phrases with commas in them as a list, of many the first."""
    rest = len(phrases) - MOST_NAMED
    more = [f"{rest:,} more"] if rest > 0 else []
    return "; ".join([*phrases[:MOST_NAMED], *more])
