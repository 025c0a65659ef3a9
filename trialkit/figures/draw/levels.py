"""Counts of one column, half a page wide: bars in rows, or columns side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED, is_pooled, short_word
from trialkit.figures.draw import families, page
from trialkit.figures.draw.axis import groups_of, stated
from trialkit.figures.draw.sheet import sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Rows of bars that fit beside another figure; what comes after them is one row.
MOST_ROWS = 12
#: More levels of one number than this, and none of them leads.
MOST_MARKED = 3

_ROW, _BAR = 4.9, 2.5  # mm
_LABEL = 41.0
_COLUMNS = 42.0
_OUT = 15.0  # a column apart: not stated
_APART = 1.2  # names below the axis


def counts_by(frame: pd.DataFrame, column: str, n: str = "n") -> dict[str, int]:
    """Return the counts above 0 in the frame's order, "Not stated" last."""
    totals = frame[n].fillna(0).groupby(stated(frame[column])).sum().astype(int)
    levels = groups_of(frame[column], only_used=True)
    return {level: int(totals[level]) for level in levels if totals[level]}


def marked_in(counts: Mapping[str, int]) -> set[str]:
    """Return the largest levels, which have the accent; none where many share it."""
    told = {level: n for level, n in counts.items() if level != NOT_STATED}
    most = [level for level, n in told.items() if n == max(told.values())]
    return set(most) if len(most) <= MOST_MARKED and len(most) < len(told) else set()


def bars_of(
    column: str, *, n: str = "n", rest: str = "Others", is_ranked: bool = True
) -> Callable[[pd.DataFrame, Axes | None], Axes]:
    """Return the drawing of one bar per level, its number at the end.

    The largest come first where `is_ranked`. Those that do not fit are named in the row
    `rest` with the largest of their numbers: their sum would count a trial with two of
    them twice. "Not stated" is an outline in the last row.
    """

    def draw(frame: pd.DataFrame, ax: Axes | None) -> Axes:
        counts = counts_by(frame, column, n)
        if is_ranked:
            counts = dict(sorted(counts.items(), key=_rank))
        named = {k: m for k, m in counts.items() if not is_pooled(k, column)}
        marked = marked_in(named)
        counts, pooled = _fitting(counts, rest)
        names = {level: short_word(level, column) for level in counts}
        return draw_bars(ax, counts, marked=marked, pale={pooled}, names=names)

    return draw


def _rank(pair: tuple[str, int]) -> tuple[bool, int]:
    level, n = pair
    return level == NOT_STATED, -n


def _fitting(counts: dict[str, int], rest: str) -> tuple[dict[str, int], str]:
    """Return at most `MOST_ROWS` levels and "Not stated", and the row of the rest."""
    levels = [level for level in counts if level != NOT_STATED]
    if len(levels) <= MOST_ROWS:
        return counts, ""
    kept = levels[: MOST_ROWS - 1]
    others = levels[MOST_ROWS - 1 :]
    name = f"{len(others)} {rest.lower()}"
    last = {NOT_STATED: counts[NOT_STATED]} if NOT_STATED in counts else {}
    most = max(counts[level] for level in others)
    return {level: counts[level] for level in kept} | {name: most} | last, name


def draw_bars(
    ax: Axes | None,
    counts: Mapping[str, int],
    *,
    marked: set[str],
    pale: set[str],
    hollow: frozenset[str] | set[str] = frozenset({NOT_STATED}),
    names: Mapping[str, str] | None = None,
    width: float = 0.0,
) -> Axes:
    """Draw horizontal bars on one zero line, labels left, numbers at the end.

    `names` are the labels of levels in other words.
    """
    if not counts:
        return page.empty_note(ax, is_half=True)
    width = width or brand.load().half_width_mm
    size = brand.load().small_size
    told = {level: (names or {}).get(level, level) for level in counts}
    names = {level: page.shorten(name, _LABEL, size) for level, name in told.items()}
    left = max(page.widest(names.values(), size) + 2.5, 20.0)
    ax = sheet(ax, len(counts) * _ROW, top=0.5, width=width)
    numbers = {
        level: f"≤ {n:,} each" if level in pale else f"{n:,}"
        for level, n in counts.items()
    }
    room = max(page.text_mm(text, size, "bold") for text in numbers.values()) + 2.5
    longest = max(counts.values())
    for y, (level, n) in enumerate(counts.items()):
        middle = (y + 0.5) * _ROW
        is_missing = level in hollow
        shade = brand.color("slate" if is_missing else "ink")
        look: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
        ax.text(0, middle, names[level], color=shade, **look)
        length = (width - left - room) * n / longest
        box = left, middle - _BAR / 2, length, _BAR
        is_pale = level in pale
        page.box(ax, *box, **bar_look(level in marked, is_pale, is_missing))
        look |= {
            "color": shade,
            "weight": "normal" if is_missing or is_pale else "bold",
        }
        ax.text(left + length + 1.2, middle, numbers[level], **look)
    line = {"color": brand.color("ink"), "linewidth": 0.7, "zorder": 3}
    ax.vlines(left, 0, len(counts) * _ROW, clip_on=False, **line)
    return ax


def bar_look(is_marked: bool, is_pale: bool, is_hollow: bool) -> dict[str, Any]:
    """Return the fill of a bar: accent, grey, light grey, or an outline."""
    hue = "accent" if is_marked else "rest" if is_pale else "bar"
    return families.fill(None if is_hollow else brand.color(hue))


def draw_columns(
    ax: Axes | None,
    counts: Mapping[str, int],
    *,
    marked: set[str],
    ticks: Sequence[str],
    is_numbered: bool = True,
    width: float = 0.0,
    apart: str = NOT_STATED.lower(),
) -> Axes:
    """Draw columns side by side, "Not stated" apart at the right, named `apart`.

    `ticks` are the levels named below the axis. Without `is_numbered` only the marked
    columns and "Not stated" have their number.
    """
    if not any(counts.values()):
        return page.empty_note(ax, is_half=True)
    width = width or brand.load().half_width_mm
    told = [level for level in counts if level != NOT_STATED]
    missing = counts.get(NOT_STATED, 0)
    room = width - (_OUT if missing else 0)
    step = room / max(len(told), 1)
    # Names that would run together stand in two lines by turns.
    is_close = _are_close([level for level in ticks if level in told], told, step)
    ax = sheet(ax, _COLUMNS, top=5, bottom=8.4 if is_close else 5, width=width)
    tallest = max(counts.values())
    places = {level: (i + 0.5) * step for i, level in enumerate(told)}
    if missing:
        places[NOT_STATED] = width - _OUT / 2 + 0.5
    thick = min(step * 0.84, 11.0)
    for level, middle in places.items():
        height = _COLUMNS * counts[level] / tallest
        wide = min(thick, _OUT - 9) if level == NOT_STATED else thick
        look = bar_look(level in marked, False, level == NOT_STATED)
        page.box(ax, middle - wide / 2, _COLUMNS - height, wide, height, **look)
        if counts[level] and (is_numbered or level in marked or level == NOT_STATED):
            _number(ax, middle, _COLUMNS - height - 1, counts[level], level, marked)
    named = [*ticks, NOT_STATED] if missing else list(ticks)
    for turn, level in enumerate(named):
        text = apart if level == NOT_STATED else level
        look = {"ha": "center", "va": "top", **page.small_text()}
        lower = 3.4 if is_close and turn % 2 else 0
        ax.text(places[level], _COLUMNS + 1.2 + lower, text, **look)
    line = {"color": brand.color("ink"), "linewidth": 0.7, "zorder": 3}
    ax.hlines(_COLUMNS, 0, room - (1 if missing else 0), clip_on=False, **line)
    if missing:
        ax.hlines(_COLUMNS, room + 1, width, clip_on=False, **line)
    return ax


def _are_close(ticks: Sequence[str], levels: Sequence[str], step: float) -> bool:
    """Return whether two names below the axis would touch."""
    size = brand.load().small_size
    ends = [
        (middle - half, middle + half)
        for level in ticks
        for middle in [(levels.index(level) + 0.5) * step]
        for half in [page.text_mm(level, size) / 2]
    ]
    return any(two[0] - one[1] < _APART for one, two in pairwise(ends))


def _number(ax: Axes, x: float, y: float, n: int, level: str, marked: set[str]) -> None:
    is_missing = level == NOT_STATED
    shade = "slate" if is_missing else "accent" if level in marked else "ink"
    look: dict[str, Any] = {"ha": "center", "va": "bottom", "color": brand.color(shade)}
    look |= {"fontsize": brand.load().small_size}
    ax.text(x, y, f"{n:,}", weight="normal" if is_missing else "bold", **look)


def every(levels: Sequence[str], *, most: int = 6) -> list[str]:
    """Return the years to name below an axis: at most so many, evenly spread."""
    for step in (1, 2, 5, 10, 20, 50):
        named = [level for level in levels if int(level) % step == 0]
        if len(named) <= most:
            return named
    return [levels[0], levels[-1]]
