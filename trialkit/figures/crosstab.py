"""Trials by any two groups as a grid of printed numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.figures.draw.grid import draw_counts, grid_axes, pair_counts
from trialkit.figures.draw.page import empty_note, wrap
from trialkit.figures.draw.rows import Row, groups_of, routes_of
from trialkit.figures.draw.words import pairs_in_words
from trialkit.figures.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABEL = 46.0  # widest row label (mm)


def _draw_crosstab(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the number of trials of each pair of groups.

    The frame's first two columns are the groups of rows and columns. An empty cell
    means zero and stays blank: color begins at one trial. "Not stated" is the last row
    and column, grey and hatched.
    """
    frame = frame[frame["n"] > 0]
    if frame.empty:
        return empty_note(ax)
    first, second = frame.columns[:2]
    rows = [Row(wrap(group, _LABEL), group) for group in _groups(frame[first])]
    columns = _groups(frame[second])
    is_phase = second == "phase_group"
    below = 6.0 if is_phase else 0.0  # the name of the axis
    ax, mm = grid_axes(ax, rows, columns, row=8.0, top=3, below=below)
    if is_phase:
        ax.set_xlabel("Phase")
    draw_counts(ax, rows, columns, pair_counts(frame, first, second), mm=mm)
    return ax


def _groups(values: pd.Series) -> list[str]:
    """Return the groups of a column in the order that all figures share."""
    order = routes_of if values.name == "route_group" else groups_of
    return order(values, only_used=True)


def _crosstab_in_words(frame: pd.DataFrame) -> str:
    first, second = map(str, frame.columns[:2])
    words = (name.removesuffix("_group").replace("_", " ") for name in (first, second))
    return pairs_in_words(first, second, " and ".join(words))(frame)


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
