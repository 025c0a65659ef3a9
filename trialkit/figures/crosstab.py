"""Trials by any two groups as a matrix of printed numbers."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.figures.draw import page, pairs, phrases
from trialkit.figures.figure import Figure


def _draw_crosstab(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the number of trials of each pair of groups.

    The frame's first two columns are the groups of rows and columns. An empty cell is
    zero; the accent marks the largest pair, and "Not stated", the last row and column,
    is an outline.
    """
    first, second = map(str, frame.columns[:2])
    return pairs.matrix_of(first, second, has_sums=False)(frame, ax)


def _crosstab_in_words(frame: pd.DataFrame) -> str:
    first, second = map(str, frame.columns[:2])
    return phrases.pairs_in_words(first, second)(frame)


def _crosstab_note(frame: pd.DataFrame) -> str:
    first, second = map(str, frame.columns[:2])
    return pairs.most_note(first, second)(frame)


#: No figure of a report by itself: what it counts by is for the caller to say.
crosstab = Figure(
    name="crosstab",
    question="How many trials are there of each pair of groups?",
    summary=summarize.count,
    columns=("n",),
    drawing=_draw_crosstab,
    caption="Trials by two groups. Unit: trials, N = {n}. An empty cell is zero.",
    alt_text=_crosstab_in_words,
    caption_note=_crosstab_note,
    minimum=4,
    needs=("by",),
)
