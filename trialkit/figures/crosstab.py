"""Trials by any two groups as a grid of printed numbers."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.figures.draw import axis, grid, page, phrases
from trialkit.figures.figure import Figure

_LABEL = 46.0  # widest row label (mm)


def _draw_crosstab(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the number of trials of each pair of groups.

    The frame's first two columns are the groups of rows and columns. An empty cell
    means zero and stays blank: color begins at one trial. "Not stated" is the last row
    and column, grey and hatched.
    """
    frame = frame[frame["n"] > 0]
    if frame.empty:
        return page.empty_note(ax)
    first, second = frame.columns[:2]
    groups, columns = (
        axis.groups_of(frame[name], only_used=True) for name in (first, second)
    )
    rows = axis.wrapped_rows(groups, _LABEL)
    is_phase = second == "phase_group"
    below = 6.0 if is_phase else 0.0  # the name of the axis
    ax, mm = grid.grid_axes(ax, rows, columns, row=8.0, top=3, below=below)
    if is_phase:
        ax.set_xlabel("Phase")
    grid.draw_counts(ax, rows, columns, axis.pair_counts(frame, first, second), mm=mm)
    return ax


def _crosstab_in_words(frame: pd.DataFrame) -> str:
    first, second = map(str, frame.columns[:2])
    return phrases.pairs_in_words(first, second)(frame)


#: No figure of a report by itself: what it counts by is for the caller to say.
crosstab = Figure(
    name="crosstab",
    question="How many trials are there of each pair of groups?",
    summary=summarize.count,
    columns=("n",),
    drawing=_draw_crosstab,
    caption="Trials by two groups. Unit: trials, N = {n}. An empty cell is zero.",
    alt_text=_crosstab_in_words,
    minimum=4,
    needs=("by",),
)
