"""One lane per trial from start to completion (figure F11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.marks import (
    GLYPH,
    draw_glyphs,
    draw_letters,
    route_groups_in,
    route_key,
    split_routes,
    status_key,
)
from trialkit.figures.draw.page import (
    POINT,
    body_limit,
    draw_key,
    empty_note,
    gutter,
    key_height,
    note_below,
    note_height,
    page_axes,
    require,
    shorten,
    size_mm,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import band_rows
from trialkit.figures.draw.spans import (
    LANES,
    Span,
    cut_off_of,
    draw_cut_off,
    draw_span,
    draw_years,
    pale,
    range_of,
    span_key,
    spans_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LANE = 4.6  # mm
_RIGHT = 13.0
_ID = 32.0  # widest id
_NAMED = 30  # undated trials named under the plot

#: Lanes of the dense form; beyond, they would be thinner than a printed hairline.
DENSE_LANES = 600


@drawing
def plot_timeline(
    frame: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw when each trial runs, one lane per trial, sorted as the frame is.

    What lies after the data cut-off is planned and drawn pale. Up to 40 trials have
    their id, status, routes and participants beside the lane; more are drawn as thin
    lanes without them, up to the 600 that start last. Trials without any date are named
    below the plot rather than put somewhere on it.

    Parameters
    ----------
    frame
        `timeline`: trial_id, route_groups, overall_status, enrollment, and _earliest,
        _latest and _type of start, primary_completion and completion.
    as_of
        The data cut-off; by default the frame's own (`frame.attrs["as_of"]`). Without
        either no line is drawn and nothing is pale.
    ax
        Axes to draw in; by default a new figure, as tall as its lanes need.

    Returns
    -------
    matplotlib.axes.Axes
        The x axis is in days since 1970, as in matplotlib's own date axes.

    Raises
    ------
    ParameterError
        If `as_of` is no date.
    """
    columns = ("trial_id", "route_groups", "overall_status", "enrollment")
    require(frame, columns, "plot_timeline")
    cut_off = cut_off_of(frame, as_of)
    spans = spans_of(frame)
    is_dated = np.array([not span.is_undated for span in spans], dtype=bool)
    lanes = frame[is_dated]
    if lanes.empty:
        note = "No trials to show" if frame.empty else "No trial states a date"
        return empty_note(ax, note)
    spans = [span for span in spans if not span.is_undated]
    undated = frame.loc[~is_dated, "trial_id"].astype(str).tolist()
    if len(lanes) > LANES:
        return _plot_dense(lanes, spans, cut_off, len(undated), ax)
    return _plot_lanes(lanes, spans, cut_off, undated, ax)


def _plot_lanes(
    lanes: pd.DataFrame,
    spans: Sequence[Span],
    cut_off: float,
    undated: Sequence[str],
    ax: Axes | None,
) -> Axes:
    width = brand.load().width_mm - 4
    routes = [split_routes(value)[:3] for value in lanes["route_groups"]]
    ids = [shorten(str(value), _ID) for value in lanes["trial_id"]]
    glyphs = max(map(len, routes)) * GLYPH + 1.5
    left = 6.5 + widest(ids) + glyphs
    key = route_key(route_groups_in(routes)) + span_key(spans, cut_off)
    note = _note(lanes, undated, width)
    top, bottom = key_height(key, width) + 6, note_height(note) + 8
    ax = page_axes(
        ax,
        body=min(len(ids) * _LANE, body_limit(top=top, bottom=bottom)),
        left=left + 2,
        right=_RIGHT,
        top=top,
        bottom=bottom,
    )
    ax.set_ylim(len(ids) - 0.5, -0.5)
    ax.set_yticks(range(len(ids)), ids)
    ax.tick_params(axis="y", pad=(glyphs + 0.5) / POINT)
    draw_years(ax, *range_of(spans, cut_off))
    band_rows(ax, len(ids))
    for y, (span, groups) in enumerate(zip(spans, routes, strict=True)):
        draw_span(ax, y, span, groups, cut_off)
    draw_letters(ax, 2.4 - left, lanes["overall_status"], 0)
    draw_glyphs(ax, 1.5 - glyphs, routes)
    _draw_numbers(ax, lanes["enrollment"])
    draw_cut_off(ax, cut_off)
    draw_key(ax, key, width=width, x=-left, y=top - 1)
    note_below(ax, note, x=-left, y=-6)
    return ax


def _note(lanes: pd.DataFrame, undated: Sequence[str], width: float) -> str:
    """Return what stands under the plot: the letters' meaning, the undated trials."""
    size = brand.load().small_size
    lines = [wrap(f"Status: {status_key(lanes['overall_status'])}", width, size)]
    if undated:
        names = ", ".join(undated[:_NAMED])
        more = len(undated) - _NAMED
        names += f" and {more:,} more" if more > 0 else ""
        lines.append(wrap(f"No dates in the sources: {names}", width, size))
    return "\n".join(lines)


def _draw_numbers(ax: Axes, enrollment: pd.Series) -> None:
    place, slate = gutter(ax, 1), brand.color("slate")
    small: dict[str, Any] = {"fontsize": brand.load().small_size, "color": slate}
    ax.text(_RIGHT - 2, -0.75, "n", transform=place, ha="right", **small)
    for y, n in enumerate(enrollment):
        look = small if pd.isna(n) else {}
        text = "ns" if pd.isna(n) else f"{int(n):,}"
        x = _RIGHT - 2
        ax.text(x, y, text, transform=place, ha="right", va="center_baseline", **look)


def _plot_dense(
    lanes: pd.DataFrame,
    spans: Sequence[Span],
    cut_off: float,
    n_undated: int,
    ax: Axes | None,
) -> Axes:
    """Draw many trials as thin lanes: a picture of density, without ids."""
    shown = slice(max(0, len(lanes) - DENSE_LANES), None)
    hidden = len(lanes) - len(lanes[shown])
    lanes, spans = lanes[shown], spans[shown]
    firsts = [split_routes(value)[0] for value in lanes["route_groups"]]
    width = brand.load().width_mm - 4
    key = route_key(route_groups_in([firsts]))
    top = key_height(key, width) + 6
    note = _dense_note(len(lanes), hidden, n_undated)
    bottom = 8 + note_height(note)
    ax = page_axes(
        ax,
        body=min(max(len(lanes) * 1.2, 60), body_limit(top=top, bottom=bottom)),
        left=6,
        right=4,
        top=top,
        bottom=bottom,
    )
    ax.set_ylim(len(lanes) - 0.5, -0.5)
    ax.set_yticks([])
    low, high = range_of(spans, cut_off)
    draw_years(ax, low, high)
    _draw_thin_lanes(ax, spans, firsts, cut_off)
    draw_cut_off(ax, cut_off)
    draw_key(ax, key, width=width, x=-4, y=top - 1)
    note_below(ax, note, x=-4, y=-6)
    return ax


def _dense_note(n_lanes: int, hidden: int, n_undated: int) -> str:
    parts = [f"{n_lanes:,} trials, one line each, by start date; pale: planned"]
    if hidden:
        parts.append(f"the {hidden:,} that start first are not drawn")
    if n_undated:
        parts.append(f"{n_undated:,} without any date")
    return "; ".join(parts)


def _draw_thin_lanes(
    ax: Axes, spans: Sequence[Span], routes: Sequence[str], cut_off: float
) -> None:
    """Draw the lanes of each route as one collection: 600 of them stay quick."""
    from matplotlib.collections import LineCollection

    thick = min(2.2, 0.8 * size_mm(ax)[1] / POINT / len(spans))
    for route in dict.fromkeys(routes):
        solid, later, points = [], [], []
        for y, span in enumerate(spans):
            if routes[y] != route:
                continue
            if np.isnan(span.start) or np.isnan(span.end):
                points.append((np.nanmax((span.start, span.end)), y))
                continue
            turn = span.end if np.isnan(cut_off) else min(span.end, cut_off)
            solid.append(((span.start, y), (max(turn, span.start), y)))
            later.append(((max(turn, span.start), y), (span.end, y)))
        color = brand.route_mark(route).color
        look: dict[str, Any] = {"linewidths": thick, "zorder": 2, "label": route}
        ax.add_collection(LineCollection(solid, colors=color, **look))
        ax.add_collection(LineCollection(later, colors=pale(color), **look))
        if points:
            xs, ys = zip(*points, strict=True)
            ax.scatter(xs, ys, marker="|", s=9, color=color, linewidth=0.8)
