"""What changed between two states of the records: participants (F8), dates (F15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.marks import ACTUAL, PLANNED, fill_looks
from trialkit.figures.draw.page import (
    KeyItem,
    body_limit,
    draw_key,
    empty_note,
    key_height,
    page_axes,
    require,
    shorten,
    widest,
)
from trialkit.figures.draw.rows import Row, draw_row_labels
from trialkit.figures.draw.scales import log_ticks
from trialkit.figures.draw.spans import LANES, day_number, draw_years

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 5.0  # mm
_DOT = 2.3
_ID = 32.0


@drawing
def plot_planned_actual(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the participants once planned and now actual, a pair of dots per trial.

    Of more than 40 trials those with the largest differences are drawn.

    Parameters
    ----------
    frame
        `planned_actual`: trial_id, planned, actual, difference.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        Open dots are planned, filled ones actual; log axis, zero at its left edge.
    """
    require(
        frame, ("trial_id", "planned", "actual", "difference"), "plot_planned_actual"
    )
    if frame.empty:
        return empty_note(ax)
    frame = largest(frame, "difference")
    slate, accent = brand.color("slate"), brand.color("accent")
    looks = {
        "planned": fill_looks(PLANNED, slate, slate, width=_DOT),
        "actual": fill_looks(ACTUAL, accent, accent, width=_DOT),
    }
    key = [KeyItem(name, look) for name, look in looks.items()]
    ax, ys = _rows(frame["trial_id"].astype(str).tolist(), key, ax)
    ends = {name: frame[name].to_numpy(float) for name in looks}
    both = np.concatenate(list(ends.values()))
    ticks = log_ticks(max(1.0, both[both > 0].min(initial=1)), max(both.max(), 2.0))
    ax.set_xscale("log")
    low = ticks[0] / 1.4
    ax.set_xlim(low, ticks[-1] * 1.25)
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.grid(axis="x")
    ax.set_xlabel("Participants (log scale)")
    # A log axis has no 0: a trial that nobody joined ends at its edge.
    places = {name: np.maximum(values, low) for name, values in ends.items()}
    ax.hlines(ys, places["planned"], places["actual"], color=slate, linewidth=0.9)
    for name, layers in looks.items():
        for look in layers:
            ax.scatter(places[name], ys, clip_on=False, **look)
    return ax


@drawing
def plot_schedule_changes(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the completion dates that moved, an arrow per trial from old to new.

    Of more than 40 trials those that moved most are drawn.

    Parameters
    ----------
    frame
        `schedule_changes`: trial_id, before, now, days.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        The x axis is in days since 1970, as in matplotlib's own date axes.
    """
    require(frame, ("trial_id", "before", "now", "days"), "plot_schedule_changes")
    if frame.empty:
        return empty_note(ax)
    frame = largest(frame, "days")
    slate, accent = brand.color("slate"), brand.color("accent")
    tips = {
        "later": {"marker": ">", "s": 22, "color": accent},
        "earlier": {"marker": "<", "s": 22, "color": accent},
    }
    old: dict[str, Any] = {"marker": "|", "s": 30, "color": slate}
    key = [KeyItem("earlier report", (old,)), KeyItem("now", (tips["later"],))]
    ax, ys = _rows(frame["trial_id"].astype(str).tolist(), key, ax)
    was = np.array([day_number(day) for day in frame["before"]])
    now = np.array([day_number(day) for day in frame["now"]])
    draw_years(ax, min(was.min(), now.min()), max(was.max(), now.max()))
    ax.hlines(ys, was, now, color=slate, linewidth=0.9)
    ax.scatter(was, ys, **old)
    for is_own, look in ((now > was, tips["later"]), (now < was, tips["earlier"])):
        ax.scatter(now[is_own], ys[is_own], zorder=3, **look)
    ax.set_xlabel("Completion date in the record")
    return ax


def largest(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows that a figure has room for: the largest changes, in order."""
    if len(frame) <= LANES:
        return frame
    order = frame[column].astype(float).abs().sort_values(kind="stable")
    return frame.loc[order.index[-LANES:].sort_values()]


def _rows(
    ids: Sequence[str], key: Sequence[KeyItem], ax: Axes | None
) -> tuple[Axes, np.ndarray]:
    """Return axes with one labelled row per trial, and the rows' middles."""
    rows = [Row(shorten(name, _ID), name) for name in ids]
    pad = widest(row.label for row in rows) + 3
    width = brand.load().width_mm - 4
    top = key_height(key, width) + 2
    ax = page_axes(
        ax,
        body=min(max(len(rows) * _ROW, 12), body_limit(top=top)),
        left=pad + 2,
        right=6,
        top=top,
    )
    centers = draw_row_labels(ax, rows, pad=pad)
    ax.spines["left"].set_visible(False)
    draw_key(ax, key, width=width, x=-pad, y=top - 1)
    return ax, np.array(centers)
