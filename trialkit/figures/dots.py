"""One dot per trial along a number: enrollment (F7) and planned duration (F14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.marks import (
    ACTUAL,
    PLANNED,
    UNTYPED,
    fill_looks,
    fill_of,
    split_routes,
)
from trialkit.figures.draw.page import (
    KeyItem,
    body_limit,
    box,
    draw_key,
    empty_note,
    gutter,
    key_height,
    page_axes,
    require,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import (
    Row,
    draw_row_labels,
    groups_of,
    hatch_row,
    route_rows,
    routes_of,
    stated,
)
from trialkit.figures.draw.scales import count_ticks, log_ticks
from trialkit.summarize.wording import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What the fill of a dot says about a duration.
EXACT, APPROXIMATE = "from full dates", "from a month or year (~)"

MEDIAN_FROM, QUARTILES_FROM, BOX_FROM = 3, 8, 20

_DOT = 2.3  # mm
_ROW = 7.0  # lowest row
_STRIP = 2.6
_RIGHT = 32.0
_LABEL = 50.0


class _Scale(NamedTuple):
    """An x axis: position of a value in millimetres, ticks, limits."""

    place: Callable[[np.ndarray], np.ndarray]
    ticks: list[int]
    limits: tuple[float, float]
    is_log: bool


@drawing
def plot_enrollment(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each trial's number of participants by route or other group, on a log axis.

    The fill says what the number is: reached, planned, or of a type that the source
    does not give; the three are never taken for one another. A median is marked from
    three trials on, quartiles from eight, a box from twenty: fewer would dress up
    single trials as a distribution. Trials with 0 participants (withdrawn) have no
    place on a log axis and trials without a number none at all: `caption_note` lists
    them.

    Parameters
    ----------
    frame
        `summarize.enrollment`: trial_id, a column of groups, enrollment,
        enrollment_type.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One dot per trial and route, and at the right the number and median of each row.
    """
    columns = ("trial_id", "enrollment", "enrollment_type")
    require(frame, columns, "plot_enrollment")
    name = next(c for c in frame.columns if c not in columns)
    points = pd.DataFrame(
        {
            "route": stated(frame[name]),
            "value": frame["enrollment"].astype("Float64"),
            "kind": [fill_of(kind) for kind in frame["enrollment_type"]],
        }
    )
    points = points[points["value"].fillna(0) > 0]
    ax = _plot_dots(
        points,
        _rows_of(frame, name),
        kinds=(ACTUAL, PLANNED, UNTYPED),
        is_log=True,
        ax=ax,
    )
    ax.set_xlabel("Participants per trial (log scale)")
    return ax


@drawing
def plot_durations(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the months from start to completion of each trial, by route.

    A date known to the month or year gives a duration computed from its middle; such a
    dot is open.

    Parameters
    ----------
    frame
        `durations`: trial_id, route_group, route_groups, months, is_approximate. A
        trial stands in the row of each of its `route_groups`, where they are given.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One dot per trial and route, and at the right the number and median of each row.
    """
    columns = ("trial_id", "route_group", "months", "is_approximate")
    require(frame, columns, "plot_durations")
    frame = _row_per_route(frame)
    rough = frame["is_approximate"].astype("boolean").fillna(True)
    points = pd.DataFrame(
        {
            "route": stated(frame["route_group"]),
            "value": frame["months"].astype("Float64"),
            "kind": rough.map({True: APPROXIMATE, False: EXACT}),
        }
    ).dropna(subset=["value"])
    ax = _plot_dots(
        points,
        _rows_of(frame, "route_group"),
        kinds=(EXACT, APPROXIMATE),
        is_log=False,
        ax=ax,
    )
    ax.set_xlabel("Months from start to completion")
    return ax


def _row_per_route(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a trial with several routes once for each of them."""
    if "route_groups" not in frame:
        return frame
    each = stated(frame["route_groups"]).map(split_routes)
    return frame.assign(route_group=each).explode("route_group", ignore_index=True)


def _rows_of(frame: pd.DataFrame, name: str) -> list[Row]:
    """Return a row per group: routes under their headers, others as they come."""
    if name == "route_group":
        return route_rows(routes_of(frame[name]))
    groups = groups_of(frame[name], only_used=True)
    named = {g: word(g, name) if name == "phase_group" else g for g in groups}
    return [Row(wrap(named[group], _LABEL), group) for group in groups]


def _plot_dots(
    points: pd.DataFrame,
    rows: Sequence[Row],
    *,
    kinds: Sequence[str],
    is_log: bool,
    ax: Axes | None,
) -> Axes:
    if points.empty:
        return empty_note(ax, "No value to show")
    pad = widest(row.label for row in rows) + 3
    width = brand.load().width_mm - pad - 2 - _RIGHT
    key = [KeyItem(kind, _looks("", kind, _DOT)) for kind in kinds]
    top = key_height(key, width) + 5
    scale = _scale(points["value"].to_numpy(float), width, is_log=is_log)
    values = {
        route: points[points["route"] == route].sort_values(["value", "kind"])
        for route in (row.group for row in rows if row.group is not None)
    }
    swarms, heights, dot = _pack(values, scale, rows, body_limit(top=top))
    ax = page_axes(ax, body=sum(heights), left=pad + 2, right=_RIGHT, top=top)
    centers = draw_row_labels(ax, rows, pad=pad, heights=heights)
    _rule_rows(ax, rows, centers, heights)
    draw_key(ax, key, width=width, x=0, y=top - 1)
    _draw_axis(ax, scale)
    _draw_heads(ax, has_median=max(map(len, values.values())) >= MEDIAN_FROM)
    for row, y, height in zip(rows, centers, heights, strict=True):
        if row.group is not None:
            data = values[row.group]
            strip = _strip(len(data)) * min(1.0, height / _ROW)
            _draw_spread(ax, data["value"].to_numpy(float), y + (height - strip) / 2)
            offsets = y - strip / 2 + swarms[row.group]
            _draw_dots(ax, row.group, data, offsets, dot)
            _draw_numbers(ax, data["value"].to_numpy(float), y)
    return ax


def _scale(values: np.ndarray, width: float, *, is_log: bool) -> _Scale:
    if is_log:
        ticks = log_ticks(values.min(), values.max())
        low, high = ticks[0] / 1.25, ticks[-1] * 1.25
        span = np.log(high / low)
        return _Scale(
            lambda v: np.log(v / low) / span * width, ticks, (low, high), is_log
        )
    ticks = _month_ticks(values.max())
    high = ticks[-1] * 1.03
    return _Scale(lambda v: v / high * width, ticks, (0, high), is_log)


def _month_ticks(largest: float) -> list[int]:
    """Return ticks in whole years from two years on: 24 months reads as two years."""
    if largest <= 24:
        return list(range(0, (int(-(-largest // 6)) or 1) * 6 + 1, 6))
    return [12 * tick for tick in count_ticks(int(-(-largest // 12)))]


def _pack(
    values: dict[str, pd.DataFrame],
    scale: _Scale,
    rows: Sequence[Row],
    limit: float,
) -> tuple[dict[str, np.ndarray], list[float], float]:
    """Return each dot's offset, the rows' heights and the dots' width, all in mm.

    Dots shrink until the rows fit on a page; if the smallest are still too many, the
    swarms are pressed together and dots overlap.
    """
    heights: list[float] = []
    swarms: dict[str, np.ndarray] = {}
    dot = _DOT
    for dot in (_DOT, 1.9, 1.5, 1.2):
        swarms = {
            route: swarm(scale.place(data["value"].to_numpy(float)), dot * 1.08)
            for route, data in values.items()
        }
        heights = [_row_height(row, swarms, dot) for row in rows]
        if sum(heights) <= limit:
            return swarms, heights, dot
    press = limit / sum(heights)
    return (
        {route: offsets * press for route, offsets in swarms.items()},
        [height * press for height in heights],
        dot,
    )


def _row_height(row: Row, swarms: dict[str, np.ndarray], dot: float) -> float:
    if row.group is None:
        return _ROW * 0.75
    offsets = swarms[row.group]
    spread = float(np.ptp(offsets)) if len(offsets) else 0.0
    return max(_ROW, spread + dot + 3 + _strip(len(offsets)))


def _strip(count: int) -> float:
    """Return the height (mm) below the dots that median and quartiles take."""
    return _STRIP if count >= MEDIAN_FROM else 0.0


def swarm(places: np.ndarray, dot: float) -> np.ndarray:
    """Return offsets that keep dots of width `dot` from overlapping along a line.

    Each dot takes the free place closest to the middle of its row, from the smallest
    value up, so that the picture depends on the data alone: nothing is drawn at random.
    `places` must be sorted.
    """
    offsets = np.zeros(len(places))
    for i, place in enumerate(places):
        near = np.flatnonzero(np.abs(places[:i] - place) < dot)
        if not len(near):
            continue
        lift = np.sqrt(dot**2 - (places[near] - place) ** 2)
        tries = np.concatenate(([0.0], offsets[near] + lift, offsets[near] - lift))
        gaps = np.abs(tries[:, None] - offsets[near][None, :])
        free = (gaps >= lift[None, :] - 1e-6).all(axis=1)
        best = tries[free]
        offsets[i] = best[np.lexsort((-best, np.abs(best).round(6)))[0]]
    # Groups of dots that touch are centered, so that two of a kind stand level.
    starts = np.flatnonzero(np.diff(places, prepend=-np.inf) >= dot)
    for group in np.split(np.arange(len(places)), starts[1:]):
        if len(group):
            offsets[group] -= (offsets[group].max() + offsets[group].min()) / 2
    return offsets


def _rule_rows(
    ax: Axes, rows: Sequence[Row], centers: Sequence[float], heights: Sequence[float]
) -> None:
    after_header = True  # no line above the first row, none below a header
    for row, y, height in zip(rows, centers, heights, strict=True):
        if row.group == NOT_STATED:
            hatch_row(ax, y, height)
        elif not after_header:
            ax.axhline(y - height / 2, color=brand.color("grid"), lw=0.5, zorder=0)
        after_header = row.group is None


def _draw_axis(ax: Axes, scale: _Scale) -> None:
    if scale.is_log:
        ax.set_xscale("log")
    ax.set_xlim(*scale.limits)
    ax.set_xticks(scale.ticks, [f"{tick:,}" for tick in scale.ticks])
    ax.set_xticks([], minor=True)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _draw_spread(ax: Axes, values: np.ndarray, y: float) -> None:
    """Mark median, quartiles or box below the dots, as far as the trials carry them."""
    if len(values) < MEDIAN_FROM:
        return
    q1, median, q3 = np.quantile(values, (0.25, 0.5, 0.75))
    slate = brand.color("slate")
    # A bar from eight trials on; from twenty on it is outlined, which makes it a box.
    if len(values) >= QUARTILES_FROM:
        edge = slate if len(values) >= BOX_FROM else "none"
        look = {"facecolor": brand.color("rule"), "edgecolor": edge, "linewidth": 0.6}
        box(ax, q1, y - 0.8, q3 - q1, 1.6, **look)
    ax.vlines(median, y - 1.2, y + 1.2, color=slate, linewidth=1.5, zorder=4)


def _looks(route: str, kind: str, dot: float) -> tuple[dict[str, Any], ...]:
    """Return the settings of dots of one route and kind; no route is the key's."""
    slate = brand.color("slate")
    is_route = route in brand.load().routes
    mark = brand.route_mark(route) if is_route else brand.Mark(slate, slate, "o", None)
    fill = {EXACT: ACTUAL, APPROXIMATE: PLANNED}.get(kind, kind)
    return fill_looks(fill, mark.color, mark.edge, width=dot, hatch=mark.hatch)


def _draw_dots(
    ax: Axes, route: str, data: pd.DataFrame, heights: np.ndarray, dot: float
) -> None:
    values, kinds = data["value"].to_numpy(float), data["kind"].to_numpy()
    for kind in dict.fromkeys(kinds):
        is_kind = kinds == kind
        for look in _looks(route, kind, dot):
            ax.scatter(values[is_kind], heights[is_kind], clip_on=False, **look)


def _draw_heads(ax: Axes, *, has_median: bool) -> None:
    place = gutter(ax, 1)
    size, slate = brand.load().small_size, brand.color("slate")
    for x, head in ((13, "trials"), (28, "median"))[: 1 + has_median]:
        ax.text(x, -1, head, transform=place, ha="right", fontsize=size, color=slate)


def _draw_numbers(ax: Axes, values: np.ndarray, y: float) -> None:
    place = gutter(ax, 1)
    median = ""
    if len(values) >= MEDIAN_FROM:
        median = f"{np.median(values):,.1f}".removesuffix(".0")
    shade = brand.color("ink" if len(values) else "slate")
    look: dict[str, Any] = {"ha": "right", "va": "center_baseline", "color": shade}
    ax.text(13, y, f"{len(values):,}", transform=place, **look)
    ax.text(28, y, median, transform=place, **look)
