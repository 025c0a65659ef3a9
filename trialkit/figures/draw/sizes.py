"""Participants per trial in rows: a dot per trial, or the middle half of many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from trialkit import brand
from trialkit.figures.draw import dots, families, intervals, page
from trialkit.figures.draw.intervals import TOO_FEW, Scale
from trialkit.figures.draw.sheet import sheet
from trialkit.summarize.statistics import (
    MEDIAN_FROM,
    MOST_ONE_BY_ONE,
    median_from,
    number,
)

_ROW, _LEAST, _MOST = 9.5, 4.6, 150.0  # mm
_HEAD, _FOOT = 5.0, 6.0
_LABEL, _ZERO, _FIRST, _LAST = 47.0, 52.0, 60.0, 128.0
_TRIALS, _MEDIAN = 143.0, 158.0
_DOT = 2.0


class Row(NamedTuple):
    """The numbers of participants of the trials of one group."""

    n: int
    numbers: tuple[float, ...]

    @property
    def total(self) -> float:
        """All their participants."""
        return sum(self.numbers)

    @property
    def sizes(self) -> list[float]:
        """The numbers above 0, which alone have a part in a median."""
        return sorted(n for n in self.numbers if n > 0)

    def middle(self, least: int) -> str:
        """Return the median, or that there are too few numbers for one."""
        sizes = self.sizes
        return number(float(np.median(sizes))) if len(sizes) >= least else TOO_FEW


def draw_sizes(
    ax: page.Axes | None,
    rows: Mapping[str, Row],
    total: Row,
    labels: Mapping[str, str],
    hues: Mapping[str, str],
) -> page.Axes:
    """Draw a row per group, and what the trials of all have together.

    `hues` give the color of a group; one without is drawn as an outline.
    """
    is_few = total.n <= MOST_ONE_BY_ONE
    row = max(_LEAST, min(_ROW if is_few else 6.0, _MOST / len(rows)))
    ax = sheet(ax, row * len(rows), top=_HEAD, bottom=_FOOT)
    ends = total.sizes
    if not is_few:
        spreads = [intervals.spread_of(own.numbers) for own in rows.values()]
        ends = [end for spread in spreads if spread for end in spread] or ends
    scale = intervals.scale_of(ends, _FIRST, _LAST)
    body, width = row * len(rows), brand.load().width_mm
    if scale:
        intervals.draw_ticks(ax, scale, body + 3.2, body)
    if is_few and 0 in total.numbers:
        look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
        ax.text(_ZERO, body + 3.2, "0", **look, **page.small_text())
    for x, head in ((_TRIALS, "Trials"), (_MEDIAN, "Median"), (width, "Total")):
        look = {"ha": "right", "va": "center_baseline"} | page.small_text()
        ax.text(x, -2.6, head, **look)
    for i, (group, own) in enumerate(rows.items()):
        y = (i + 0.5) * row
        rule = {"color": brand.color("grid"), "linewidth": 0.6, "zorder": 0.5}
        ax.hlines(i * row, 0, width, clip_on=False, **rule)
        _draw_label(ax, y, labels[group], hues.get(group))
        _draw_numbers(ax, y, own, median_from(total.n))
        if scale:
            draw = _draw_dots if is_few else _draw_interval
            draw(ax, y, own, scale, hues.get(group), row)
    line = {"color": brand.color("ink"), "linewidth": 0.9, "zorder": 3}
    ax.hlines(body, 0, width, clip_on=False, **line)
    look = {"va": "center_baseline", "weight": "bold"}
    look["fontsize"] = brand.load().small_size
    ax.text(0, body + 3.2, "All trials", **look)
    _draw_numbers(ax, body + 3.2, total, median_from(total.n), is_bold=True)
    return ax


def _draw_label(ax: page.Axes, y: float, label: str, hue: str | None) -> None:
    size = brand.load().small_size
    shade = families.ink_of(hue) if hue else brand.color("slate")
    look: dict[str, Any] = {"weight": "bold", "fontsize": size, "color": shade}
    ax.text(0, y, page.shorten(label, _LABEL, size), va="center_baseline", **look)


def _draw_numbers(
    ax: page.Axes, y: float, own: Row, least: int, *, is_bold: bool = False
) -> None:
    width = brand.load().width_mm
    median = own.middle(least)
    total = f"{own.total:,.0f}" if own.numbers else "not stated"
    for x, text in ((_TRIALS, f"{own.n:,}"), (_MEDIAN, median), (width, total)):
        is_told = text[:1].isdecimal()
        look: dict[str, Any] = {"ha": "right", "va": "center_baseline"}
        look["fontsize"] = brand.load().small_size
        look["color"] = brand.color("ink" if is_told else "slate")
        is_heavy = is_told and (is_bold or x == _MEDIAN)
        ax.text(x, y, text, weight="bold" if is_heavy else "normal", **look)


def _draw_dots(
    ax: page.Axes, y: float, own: Row, scale: Scale, hue: str | None, row: float
) -> None:
    """Draw a dot per number, stacked where they would overlap, and the median."""
    numbers = sorted(own.numbers)
    places = np.array([scale.place(n) if n > 0 else _ZERO for n in numbers])
    offsets = dots.swarm(places, _DOT * 1.05)
    most = float(np.abs(offsets).max(initial=0))
    room = (row - _DOT) / 2
    offsets = offsets * min(1.0, room / most) if most else offsets
    look = families.fill(hue) | {"s": (_DOT / page.POINT) ** 2, "zorder": 3}
    if hue:
        look["linewidth"] = 0.3
    ax.scatter(places, y + offsets, clip_on=False, **look)
    sizes = own.sizes
    if len(sizes) >= MEDIAN_FROM:
        at = scale.place(float(np.median(sizes)))
        line = {"color": brand.color("ink"), "linewidth": 1.4, "zorder": 2.5}
        ax.vlines(at, y - row * 0.4, y + row * 0.4, **line)


def _draw_interval(
    ax: page.Axes, y: float, own: Row, scale: Scale, hue: str | None, row: float
) -> None:
    spread = intervals.spread_of(own.numbers)
    if spread:
        hue = hue or brand.color("bar")
        q1, median, q3 = map(scale.place, spread)
        ax.hlines(y, q1, q3, color=hue, linewidth=row * 0.35, zorder=2)
        line = {"color": brand.color("ink"), "linewidth": 1.4, "zorder": 3}
        ax.vlines(median, y - row * 0.3, y + row * 0.3, **line)
