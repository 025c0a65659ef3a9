"""Trials and arms by route of administration (figure F2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.page import (
    body_limit,
    empty_note,
    gutter,
    page_axes,
    require,
    widest,
)
from trialkit.figures.draw.rows import (
    draw_row_labels,
    hatch_row,
    height_of,
    route_rows,
    routes_of,
    stated,
)
from trialkit.figures.draw.scales import count_ticks
from trialkit.summarize.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 6.2  # mm
_RIGHT = 30.0  # two columns of numbers


@drawing
def plot_routes(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many trials and arms use each group of routes, as paired dots.

    The order is that of the vocabulary and not of the counts: sorting by count would
    tear the vessels apart. A trial with two routes counts in both rows, so rows add up
    to more than the number of trials, which stands below the axis.

    Parameters
    ----------
    frame
        `summarize.routes`: route_group, n_trials, n_arms, n_total (distinct trials).
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        Trials as filled dots, arms as open rings, both counts printed at the right.
    """
    require(frame, ("route_group", "n_trials", "n_arms"), "plot_routes")
    if frame.empty:
        return empty_note(ax)
    numbers = route_counts(frame)
    rows = route_rows(list(numbers))
    pad = widest(row.label for row in rows) + 3
    top = 6.0
    body = min(height_of(rows) * _ROW, body_limit(top=top))
    ax = page_axes(ax, body=body, left=pad + 2, right=_RIGHT, top=top)
    centers = draw_row_labels(ax, rows, pad=pad)
    _draw_heads(ax)
    for y, row in zip(centers, rows, strict=True):
        if row.group == NOT_STATED:
            hatch_row(ax, y)
        if row.group is not None:
            _draw_row(ax, y, row.group, *numbers[row.group])
    ticks = count_ticks(max(map(max, numbers.values())))
    ax.set_xlim(0, ticks[-1] * 1.03)
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(_axis_label(frame))
    return ax


def route_counts(frame: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return trials and arms per route group, in display order, "Not stated" last."""
    plain = frame.assign(route_group=stated(frame["route_group"]))
    sums = plain.groupby("route_group")[["n_trials", "n_arms"]].sum().astype(int)
    known = {str(group): (row[0], row[1]) for group, *row in sums.itertuples()}
    return {g: known.get(g, (0, 0)) for g in routes_of(frame["route_group"])}


def _axis_label(frame: pd.DataFrame) -> str:
    label = "Trials (filled) and arms (open)"
    if "n_total" in frame.columns and frame["n_total"].notna().any():
        label += f"; {counted(int(frame['n_total'].max()), 'trial')} in all"
    return label


def _draw_row(ax: Axes, y: float, group: str, trials: int, arms: int) -> None:
    mark = brand.route_mark(group)
    if trials != arms:
        ax.plot([trials, arms], [y, y], color=mark.edge, linewidth=1.2, zorder=2)
    # The ring is wider than the dot: where both counts agree, both can still be seen.
    ring = {"facecolor": "white", "edgecolor": mark.edge, "linewidth": 1.1}
    look = {"clip_on": False, "zorder": 3}
    if arms:
        ax.scatter(arms, y, s=64, **ring, **look)
    if trials:
        hatch = mark.hatch and mark.hatch * 2
        ax.scatter(
            trials,
            y,
            s=26,
            facecolor=mark.color,
            edgecolor=mark.edge,
            linewidth=0.6,
            hatch=hatch,
            **look,
        )
    place = gutter(ax, 1)
    shade = brand.color("ink") if trials or arms else brand.color("slate")
    for x, number in ((12, trials), (25, arms)):
        ax.text(
            x,
            y,
            f"{number:,}",
            transform=place,
            ha="right",
            va="center_baseline",
            color=shade,
        )


def _draw_heads(ax: Axes) -> None:
    place = gutter(ax, 1)
    for x, word in ((12, "trials"), (25, "arms")):
        ax.text(
            x,
            -0.15,
            word,
            transform=place,
            ha="right",
            va="bottom",
            fontsize=brand.load().small_size,
            color=brand.color("slate"),
        )
