"""Numbers on a logarithmic scale: dots, a median, and the middle half."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from trialkit import brand
from trialkit.figures.draw import page
from trialkit.summarize.statistics import MEDIAN_FROM_OF_MANY, number

#: Numbers from which a group has an interval.
INTERVAL_FROM = MEDIAN_FROM_OF_MANY
TOO_FEW = "too few"


class Spread(NamedTuple):
    """The median of some numbers and the ends of their middle half."""

    q1: float
    median: float
    q3: float


def spread_of(numbers: Sequence[float]) -> Spread | None:
    """Return the spread of the numbers above 0, None where they are too few."""
    sizes = [value for value in numbers if value > 0]
    if len(sizes) < INTERVAL_FROM:
        return None
    return Spread(*(float(q) for q in np.quantile(sizes, (0.25, 0.5, 0.75))))


class Scale(NamedTuple):
    """A logarithmic scale from `low` to `high`, between two places (mm)."""

    low: float
    high: float
    left: float
    right: float
    ticks: tuple[int, ...]

    def place(self, value: float) -> float:
        """Return where a number above 0 stands (mm)."""
        if self.high <= self.low:
            return (self.left + self.right) / 2
        part = math.log(value / self.low) / math.log(self.high / self.low)
        return self.left + part * (self.right - self.left)


def scale_of(numbers: Iterable[float], left: float, right: float) -> Scale | None:
    """Return the scale of the numbers above 0: ticks 1, 3, 10, 30 ... inside it."""
    sizes = [value for value in numbers if value > 0]
    if not sizes:
        return None
    low, high = min(sizes), max(sizes)
    series = [digit * 10**power for power in range(13) for digit in (1, 3)]
    below = [tick for tick in series if tick <= low]
    low = min(low, below[-1] if below else low)
    ticks = [tick for tick in series if low <= tick <= high]
    if len(ticks) < 2:
        ticks = [tick for tick in series if tick >= low][:2]
    high = max(high, ticks[-1])
    if len(ticks) * 9 > right - left:
        ticks = [tick for tick in ticks if str(tick)[0] == "1"]
    return Scale(low, high, left, right, tuple(ticks))


def draw_interval(
    ax: page.Axes,
    y: float,
    spread: Spread,
    scale: Scale,
    *,
    hue: str,
    is_bold: bool,
) -> None:
    """Draw a line over the middle half with a dot at the median, and its number."""
    q1, median, q3 = map(scale.place, spread)
    ax.hlines(y, q1, q3, color=hue, linewidth=1.4, zorder=2)
    dot = brand.color("ink" if is_bold else "slate")
    ax.scatter(median, y, s=12, color=dot, linewidth=0, zorder=3)
    look: dict[str, Any] = {
        "va": "center_baseline",
        "fontsize": brand.load().small_size,
    }
    weight = "bold" if is_bold else "normal"
    ax.text(q3 + 1.5, y, number(spread.median), weight=weight, **look)


def draw_ticks(ax: page.Axes, scale: Scale, y: float, height: float) -> None:
    """Draw the lines of a scale over `height` and their numbers at `y`."""
    line = {"color": brand.color("grid"), "linewidth": 0.6, "zorder": 0}
    look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
    for tick in scale.ticks:
        ax.vlines(scale.place(tick), 0, height, **line)
        ax.text(scale.place(tick), y, f"{tick:,}", **look, **page.small_text())
