"""Where the sites are: one dot per city (F17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.drawing import drawing
from trialkit.figures.page import (
    body_limit,
    empty_note,
    gutter,
    page_axes,
    require,
    widest,
    wrap,
)
from trialkit.figures.rows import (
    MOST_ROWS,
    Row,
    counts_of,
    draw_row_labels,
    hatch_row,
    height_of,
)
from trialkit.figures.scales import count_ticks
from trialkit.figures.stacks import draw_count_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 5.0  # mm
_RIGHT = 16.0


@drawing
def plot_cities(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials with a site in each city, a dot per city.

    The 25 commonest are drawn; `caption_note` says how many more there are.

    Parameters
    ----------
    frame
        `cities`: city, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One row per city, the commonest first, "Not stated" last; the number of trials
        stands at the right.
    """
    require(frame, ("city", "n"), "plot_cities")
    if not frame["n"].fillna(0).gt(0).any():
        return empty_note(ax)
    counts = counts_of(frame, "city")
    drawn = [*list(counts)[:-1][:MOST_ROWS], NOT_STATED]
    rows = [Row(wrap(city, 52), city) for city in drawn]
    pad = widest(row.label for row in rows) + 3
    body = min(height_of(rows) * _ROW, body_limit())
    ax = page_axes(ax, body=body, left=pad + 2, right=_RIGHT)
    centers = draw_row_labels(ax, rows, pad=pad)
    draw_count_axis(ax, count_ticks(max(counts[city] for city in drawn)))
    for y, city in zip(centers, drawn, strict=True):
        _draw_city(ax, y, city, counts[city])
    return ax


def _draw_city(ax: Axes, y: float, city: str, n: int) -> None:
    color = brand.color("slate" if city == NOT_STATED else "accent")
    if city == NOT_STATED:
        hatch_row(ax, y)
    if n:
        ax.plot([0, n], [y, y], color=brand.color("rule"), linewidth=0.9, zorder=2)
        ax.scatter(n, y, s=22, color=color, clip_on=False, zorder=3)
    shade = brand.color("ink") if n else brand.color("slate")
    place = {"transform": gutter(ax, 1), "ha": "right", "va": "center_baseline"}
    ax.text(12, y, f"{n:,}", color=shade, **place)
