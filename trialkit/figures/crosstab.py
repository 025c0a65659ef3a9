"""Trials by any two groups as a grid of printed numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.page import (
    body_limit,
    empty_note,
    page_axes,
    require,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import (
    Row,
    draw_row_labels,
    groups_of,
    height_of,
    routes_of,
)
from trialkit.figures.grids import (
    GAP,
    WIDEST_CELL,
    column_labels,
    counts_of,
    draw_cells,
    draw_columns,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABEL = 46.0  # widest row label (mm)
_ROW = 8.0
_AXIS_NAME = 6.0


@drawing
def plot_crosstab(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials of each pair of groups.

    An empty cell means zero and stays blank: color begins at one trial. "Not stated"
    is the last row and column, grey and hatched.

    Parameters
    ----------
    frame
        A column of groups for the rows, one for the columns, and n, such as
        `condition_by_route` or `source_by_phase`.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One colored cell and one number per pair that occurs.
    """
    require(frame, ("n",), "plot_crosstab")
    if frame.empty or not frame["n"].gt(0).any():
        return empty_note(ax)
    first, second = frame.columns[:2]
    rows = [Row(wrap(group, _LABEL), group) for group in _groups(frame, first)]
    groups = _groups(frame, second)
    pad = widest(row.label for row in rows) + GAP
    width = brand.load().width_mm
    cell = min((width - pad - 6) / len(groups), WIDEST_CELL)
    labels, bottom, turn = column_labels(groups, cell)
    bottom += _AXIS_NAME if second == "phase_group" else 0
    ax = page_axes(
        ax,
        body=min(height_of(rows) * _ROW, body_limit(top=3, bottom=bottom)),
        left=pad + 2,
        right=width - pad - 2 - cell * len(groups),
        top=3,
        bottom=bottom,
    )
    draw_row_labels(ax, rows, pad=pad)
    draw_columns(ax, labels, groups, turn=turn, at_top=False)
    if second == "phase_group":
        ax.set_xlabel("Phase")
    draw_cells(ax, rows, groups, counts_of(frame, first, second, "n"), cell=cell)
    return ax


def _groups(frame: pd.DataFrame, name: str) -> list[str]:
    """Return the groups of a column in its order, those without any trial left out."""
    used = frame.loc[frame["n"] > 0, name]
    order = routes_of if name == "route_group" else groups_of
    return order(used, only_used=True)
