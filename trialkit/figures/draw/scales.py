"""Ticks and axes that people read: whole counts, the 1-2-5 series, years."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

from trialkit.figures.draw import page


def count_ticks(largest: int, *, most: int = 8) -> list[int]:
    """Return whole ticks from 0 to at least `largest`, never fractions of a trial."""
    step = next(step for step in _steps() if step * (most - 1) >= largest)
    return list(range(0, max(step, math.ceil(largest / step) * step) + 1, step))


def _steps() -> Iterator[int]:
    scale = 1
    while True:
        yield from (scale, 2 * scale, 5 * scale)
        scale *= 10


def log_ticks(low: float, high: float, *, most: int = 10) -> list[int]:
    """Return ticks 1, 2, 5, 10 … around two numbers; only powers of ten if many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = [d * 10**p for p in range(first, last + 1) for d in (1, 2, 5)]
    start = max((i for i, tick in enumerate(every) if tick <= low), default=0)
    stop = min((i for i, tick in enumerate(every) if tick >= high), default=len(every))
    ticks = every[start : stop + 1]
    if len(ticks) <= most:
        return [int(tick) for tick in ticks]
    return [10**p for p in range(first, last + 1)]


def year_ticks(first: date, last: date, *, most: int = 10) -> list[tuple[date, str]]:
    """Return (day, label) ticks inside two dates: years, or half-years if short.

    Where that is fewer than two, the years around both dates: the axis has to grow.
    """
    if (last - first).days < 800 and most >= 6:
        days = [date(y, m, 1) for y in range(first.year, last.year + 1) for m in (1, 7)]
    else:
        step = next(s for s in _steps() if (last.year - first.year) / s <= most)
        days = [date(y, 1, 1) for y in range(first.year, last.year + 1) if not y % step]
    inside = [day for day in days if first <= day <= last]
    if len(inside) < 2:
        inside = [date(first.year, 1, 1), date(last.year + 1, 1, 1)]
    return [(day, str(day.year) if day.month == 1 else "Jul") for day in inside]


def draw_number_axis(
    ax: page.Axes,
    ticks: Sequence[int],
    label: str,
    *,
    limits: tuple[float, float] | None = None,
    is_log: bool = False,
) -> None:
    """Give a horizontal axis its ticks, its grid and its name."""
    if is_log:
        ax.set_xscale("log")
    ax.set_xlim(*(limits or (0, ticks[-1])))
    ax.set_xticks(list(ticks), [f"{tick:,}" for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(label)


def draw_upright_count_axis(ax: page.Axes, ticks: Sequence[int], label: str) -> None:
    """Give a vertical axis of counts its ticks and its name."""
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(list(ticks), [f"{tick:,}" for tick in ticks])
    ax.set_ylabel(label)
