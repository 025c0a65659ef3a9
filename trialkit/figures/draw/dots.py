"""One dot per trial along a number, in rows, with the statistics that N carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, marks, page, scales
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import word

_MEDIAN_FROM, _QUARTILES_FROM, _BOX_FROM = 3, 8, 20

_DOT = 2.3  # mm
_ROW = 7.0  # lowest row
_STRIP = 2.6
_RIGHT = 32.0


def draw_dots(
    groups: pd.Series,
    values: pd.Series,
    kinds: pd.Series,
    ax: page.Axes | None,
    *,
    fills: dict[str, str],
    label: str,
    is_log: bool = False,
) -> page.Axes:
    """Draw a dot per value in the row of its group; `fills` gives the fill of a kind.

    A median is marked from 3 points of a row on, quartiles from 8, a box from 20: fewer
    would dress up single trials as a distribution.
    """
    rows = _rows_of(groups)
    points = {"group": axis.stated(groups), "value": values.astype("Float64")}
    points = pd.DataFrame(points).assign(kind=kinds).dropna(subset=["value"])
    if is_log:
        points = points[points["value"] > 0]
    if points.empty:
        return page.empty_note(ax, "No value to show")
    pad = page.widest(row.label for row in rows) + 3
    width = brand.load().width_mm - pad - 2 - _RIGHT
    key = [page.KeyItem(kind, _looks("", fill, _DOT)) for kind, fill in fills.items()]
    top = page.key_height(key, width) + 5
    place, ticks, limits = _scale(points["value"], width, is_log=is_log)
    by_group = {
        group: points[points["group"] == group].sort_values(["value", "kind"])
        for group in (row.group for row in rows if row.group is not None)
    }
    swarms, heights, dot = _pack(by_group, place, rows, page.body_limit(top=top))
    ax = page.axes(ax, body=sum(heights), left=pad + 2, right=_RIGHT, top=top)
    centers = axis.draw_row_labels(ax, rows, pad=pad, heights=heights)
    _rule_rows(ax, rows, centers, heights)
    page.draw_key(ax, key, width=width, x=0, y=top - 1)
    scales.draw_number_axis(ax, ticks, label, limits=limits, is_log=is_log)
    has_median = max(map(len, by_group.values())) >= _MEDIAN_FROM
    for x, head in ((13, "trials"), (28, "median"))[: 1 + has_median]:
        page.beside(ax, x, -1, head, is_small=True, va="baseline")
    for row, y, height in zip(rows, centers, heights, strict=True):
        if row.group is not None:
            data = by_group[row.group]
            numbers, kinds = data["value"].to_numpy(float), data["kind"].to_numpy()
            strip = _strip(len(data)) * min(1.0, height / _ROW)
            _draw_spread(ax, numbers, y + (height - strip) / 2)
            offsets = y - strip / 2 + swarms[row.group]
            for kind in dict.fromkeys(kinds):
                own = kinds == kind
                for look in _looks(row.group, fills[kind], dot):
                    ax.scatter(numbers[own], offsets[own], clip_on=False, **look)
            shade = brand.color("ink" if len(data) else "slate")
            median = number(np.median(numbers)) if len(data) >= _MEDIAN_FROM else ""
            page.beside(ax, 13, y, f"{len(data):,}", color=shade)
            page.beside(ax, 28, y, median, color=shade)
    return ax


def _rows_of(groups: pd.Series) -> list[axis.Row]:
    """Return a row per group: routes under their headers, others as they come."""
    if groups.name == "route_group":
        return axis.wrapped_rows(axis.groups_of(groups))
    names = {name: name for name in axis.groups_of(groups, only_used=True)}
    if groups.name == "phase_group":
        names = {name: word(name, "phase_group") for name in names}
    return [axis.Row(page.wrap(label, 50.0), name) for name, label in names.items()]


def _scale(
    values: pd.Series, width: float, *, is_log: bool
) -> tuple[Callable[[np.ndarray], np.ndarray], list[int], tuple[float, float]]:
    """Return the place of a value in mm, the ticks and the limits of an x axis."""
    if is_log:
        ticks = scales.log_ticks(values.min(), values.max())
        low, high = ticks[0] / 1.25, ticks[-1] * 1.25
        span = np.log(high / low)
        return lambda v: np.log(v / low) / span * width, ticks, (low, high)
    ticks = _month_ticks(values.max())
    high = ticks[-1] * 1.03
    return lambda v: v / high * width, ticks, (0, high)


def _month_ticks(largest: float) -> list[int]:
    """Return ticks in whole years from two years on: 24 months reads as two years."""
    if largest <= 24:
        return list(range(0, (int(-(-largest // 6)) or 1) * 6 + 1, 6))
    return [12 * tick for tick in scales.count_ticks(int(-(-largest // 12)))]


def _pack(
    values: dict[str, pd.DataFrame],
    place: Callable[[np.ndarray], np.ndarray],
    rows: list[axis.Row],
    limit: float,
) -> tuple[dict[str, np.ndarray], list[float], float]:
    """Return each dot's offset, the rows' heights and the dots' width, all in mm.

    Dots shrink until the rows fit on a page; the smallest are pressed together.
    """
    heights: list[float] = []
    swarms: dict[str, np.ndarray] = {}
    dot = _DOT
    for dot in (_DOT, 1.9, 1.5, 1.2):
        swarms = {
            route: swarm(place(data["value"].to_numpy(float)), dot * 1.08)
            for route, data in values.items()
        }
        heights = [_row_height(row, swarms, dot) for row in rows]
        if sum(heights) <= limit:
            return swarms, heights, dot
    press = limit / sum(heights)
    swarms = {route: offsets * press for route, offsets in swarms.items()}
    return swarms, [height * press for height in heights], dot


def _row_height(row: axis.Row, swarms: dict[str, np.ndarray], dot: float) -> float:
    if row.group is None:
        return _ROW * axis.HEADER
    offsets = swarms[row.group]
    spread = float(np.ptp(offsets)) if len(offsets) else 0.0
    return max(_ROW, spread + dot + 3 + _strip(len(offsets)))


def _strip(count: int) -> float:
    """Return the height (mm) below the dots that median and quartiles take."""
    return _STRIP if count >= _MEDIAN_FROM else 0.0


def swarm(places: np.ndarray, dot: float) -> np.ndarray:
    """Return offsets that keep dots of width `dot` from overlapping along a line.

    Each dot of the sorted `places` takes the free offset closest to the middle: nothing
    is drawn at random.
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
    ax: page.Axes,
    rows: list[axis.Row],
    centers: Sequence[float],
    heights: Sequence[float],
) -> None:
    after_header = True  # no line above the first row, none below a header
    for row, y, height in zip(rows, centers, heights, strict=True):
        if row.group == NOT_STATED:
            axis.hatch_row(ax, y, height)
        elif not after_header:
            ax.axhline(y - height / 2, color=brand.color("grid"), lw=0.5, zorder=0)
        after_header = row.group is None


def _draw_spread(ax: page.Axes, values: np.ndarray, y: float) -> None:
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
    return marks.fill_looks(fill, mark.color, mark.edge, width=dot, hatch=mark.hatch)
