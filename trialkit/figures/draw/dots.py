"""One dot per trial along a number, in rows, with the statistics that N carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import page
from trialkit.figures.draw.marks import fill_looks
from trialkit.figures.draw.rows import (
    Row,
    draw_row_labels,
    groups_of,
    hatch_row,
    route_rows,
    routes_of,
)
from trialkit.figures.draw.scales import count_ticks, draw_number_axis, log_ticks
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MEDIAN_FROM, _QUARTILES_FROM, _BOX_FROM = 3, 8, 20

_DOT = 2.3  # mm
_ROW = 7.0  # lowest row
_STRIP = 2.6
_RIGHT = 32.0


class _Scale(NamedTuple):
    """An x axis: position of a value in millimetres, ticks, limits."""

    place: Callable[[np.ndarray], np.ndarray]
    ticks: list[int]
    limits: tuple[float, float]


def dot_rows(values: pd.Series) -> list[Row]:
    """Return a row per group: routes under their headers, others as they come."""
    if values.name == "route_group":
        return route_rows(routes_of(values))
    groups = groups_of(values, only_used=True)
    is_phase = values.name == "phase_group"
    named = {g: word(g, "phase_group") if is_phase else g for g in groups}
    return [Row(page.wrap(named[group], 50.0), group) for group in groups]


def draw_dots(
    points: pd.DataFrame,
    rows: Sequence[Row],
    ax: Axes | None,
    *,
    fills: Mapping[str, str],
    label: str,
    is_log: bool = False,
) -> Axes:
    """Draw points (group, value, kind), the kind shown by the fill that `fills` gives.

    A median is marked from 3 points of a row on, quartiles from 8, a box from 20: fewer
    would dress up single trials as a distribution.
    """
    if points.empty:
        return page.empty_note(ax, "No value to show")
    pad = page.widest(row.label for row in rows) + 3
    width = brand.load().width_mm - pad - 2 - _RIGHT
    key = [page.KeyItem(kind, _looks("", fill, _DOT)) for kind, fill in fills.items()]
    top = page.key_height(key, width) + 5
    scale = _scale(points["value"].to_numpy(float), width, is_log=is_log)
    values = {
        group: points[points["group"] == group].sort_values(["value", "kind"])
        for group in (row.group for row in rows if row.group is not None)
    }
    swarms, heights, dot = _pack(values, scale, rows, page.body_limit(top=top))
    ax = page.axes(ax, body=sum(heights), left=pad + 2, right=_RIGHT, top=top)
    centers = draw_row_labels(ax, rows, pad=pad, heights=heights)
    _rule_rows(ax, rows, centers, heights)
    page.draw_key(ax, key, width=width, x=0, y=top - 1)
    draw_number_axis(ax, scale.ticks, label, limits=scale.limits, is_log=is_log)
    has_median = max(map(len, values.values())) >= _MEDIAN_FROM
    for x, head in ((13, "trials"), (28, "median"))[: 1 + has_median]:
        page.beside(ax, x, -1, head, is_small=True, va="baseline")
    for row, y, height in zip(rows, centers, heights, strict=True):
        if row.group is not None:
            data = values[row.group]
            numbers, kinds = data["value"].to_numpy(float), data["kind"].to_numpy()
            strip = _strip(len(data)) * min(1.0, height / _ROW)
            _draw_spread(ax, numbers, y + (height - strip) / 2)
            offsets = y - strip / 2 + swarms[row.group]
            for kind in dict.fromkeys(kinds):
                own = kinds == kind
                for look in _looks(row.group, fills[kind], dot):
                    ax.scatter(numbers[own], offsets[own], clip_on=False, **look)
            _draw_numbers(ax, numbers, y)
    return ax


def _scale(values: np.ndarray, width: float, *, is_log: bool) -> _Scale:
    if is_log:
        ticks = log_ticks(values.min(), values.max())
        low, high = ticks[0] / 1.25, ticks[-1] * 1.25
        span = np.log(high / low)
        return _Scale(lambda v: np.log(v / low) / span * width, ticks, (low, high))
    ticks = _month_ticks(values.max())
    high = ticks[-1] * 1.03
    return _Scale(lambda v: v / high * width, ticks, (0, high))


def _month_ticks(largest: float) -> list[int]:
    """Return ticks in whole years from two years on: 24 months reads as two years."""
    if largest <= 24:
        return list(range(0, (int(-(-largest // 6)) or 1) * 6 + 1, 6))
    return [12 * tick for tick in count_ticks(int(-(-largest // 12)))]


def _pack(
    values: dict[str, pd.DataFrame], scale: _Scale, rows: Sequence[Row], limit: float
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
    swarms = {route: offsets * press for route, offsets in swarms.items()}
    return swarms, [height * press for height in heights], dot


def _row_height(row: Row, swarms: dict[str, np.ndarray], dot: float) -> float:
    if row.group is None:
        return _ROW * 0.75
    offsets = swarms[row.group]
    spread = float(np.ptp(offsets)) if len(offsets) else 0.0
    return max(_ROW, spread + dot + 3 + _strip(len(offsets)))


def _strip(count: int) -> float:
    """Return the height (mm) below the dots that median and quartiles take."""
    return _STRIP if count >= _MEDIAN_FROM else 0.0


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


def _draw_spread(ax: Axes, values: np.ndarray, y: float) -> None:
    """Mark median, quartiles or box below the dots, as far as the trials carry them."""
    if len(values) < _MEDIAN_FROM:
        return
    q1, median, q3 = np.quantile(values, (0.25, 0.5, 0.75))
    slate = brand.color("slate")
    # A bar from eight trials on; from twenty on it is outlined, which makes it a box.
    if len(values) >= _QUARTILES_FROM:
        edge = slate if len(values) >= _BOX_FROM else "none"
        look = {"facecolor": brand.color("rule"), "edgecolor": edge, "linewidth": 0.6}
        page.box(ax, q1, y - 0.8, q3 - q1, 1.6, **look)
    ax.vlines(median, y - 1.2, y + 1.2, color=slate, linewidth=1.5, zorder=4)


def _looks(route: str, fill: str, dot: float) -> tuple[dict[str, Any], ...]:
    """Return the settings of dots of one route and fill; no route is the key's."""
    slate = brand.color("slate")
    is_route = route in brand.load().routes
    mark = brand.route_mark(route) if is_route else brand.Mark(slate, slate, "o", None)
    return fill_looks(fill, mark.color, mark.edge, width=dot, hatch=mark.hatch)


def _draw_numbers(ax: Axes, values: np.ndarray, y: float) -> None:
    has_median = len(values) >= _MEDIAN_FROM
    median = number(float(np.median(values))) if has_median else ""
    shade = brand.color("ink" if len(values) else "slate")
    for x, text in ((13, f"{len(values):,}"), (28, median)):
        page.beside(ax, x, y, text, color=shade)
