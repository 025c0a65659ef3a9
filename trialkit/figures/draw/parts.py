"""Rows divided into parts that exclude each other: a box for each, or bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import families, page
from trialkit.figures.draw.sheet import sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: With more than this in all, bars with their numbers stand for the boxes.
MOST_BOXES = 60

_ROW, _BOX = 5.0, 3.5  # mm
_WIDEST = 5.7  # widest box
_SWATCH, _KEY_LINE = 2.6, 4.2
_GAP = 0.4


class Part(NamedTuple):
    """How a part is named in the key, and its fill; one without is an outline."""

    name: str
    fill: str | None


#: The part that no source states.
MISSING = Part("Not stated", None)


def draw_parts(
    ax: Axes | None,
    rows: Sequence[str],
    counts: Mapping[tuple[str, str], int],
    parts: Mapping[str, Part],
    *,
    names: Mapping[str, str] | None = None,
    tails: Mapping[str, str] | None = None,
    width: float = 0.0,
    is_bars: bool = False,
) -> Axes:
    """Draw a row of boxes for each group, its parts in their order, words above.

    `counts` are by row and part. A row ends with its sum, or with its text in `tails`.
    Above 60 boxes, or where `is_bars`, a part is one bar with its number.
    """
    full = width or brand.load().width_mm
    size = brand.load().small_size
    used = {key: part for key, part in parts.items() if _sum(counts, part=key)}
    sums = {row: _sum(counts, row=row) for row in rows}
    ends = {row: (tails or {}).get(row) or f"{sums[row]:,}" for row in rows}
    labels = {row: page.shorten((names or {}).get(row, row), 58, size) for row in rows}
    left = page.widest(labels.values(), size) + 3
    room = full - left - page.widest(ends.values(), size) * 1.1 - 3
    each = min(room / max(*sums.values(), 1), _WIDEST)
    is_bars = is_bars or sum(sums.values()) > MOST_BOXES
    if is_bars:
        each = room / max(*sums.values(), 1)
    top = key_height(used.values(), left, full)
    ax = sheet(ax, len(rows) * _ROW, top=top, width=full)
    draw_key(ax, used.values(), left, full, top=top)
    for y, row in enumerate(rows):
        middle = (y + 0.5) * _ROW
        shade = brand.color("slate" if row == NOT_STATED else "ink")
        look: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
        ax.text(0, middle, labels[row], color=shade, **look)
        place = left
        for key, part in used.items():
            n = counts.get((row, key), 0)
            if is_bars:
                _draw_bar(ax, part, n, place, middle, n * each, label=key)
            else:
                for i in range(n):
                    _draw_box(ax, part, place + i * each, middle, each, label=key)
            place += n * each
        n_parts = sum(counts.get((row, key), 0) > 0 for key in used)
        if (
            is_bars
            and n_parts == 1
            and not tails
            and _fits(sums[row], sums[row] * each)
        ):
            continue  # the number stands in the bar
        weight = "normal" if tails and row in tails else "bold"
        ax.text(place + 1.2, middle, ends[row], color=shade, weight=weight, **look)
    line = {"color": brand.color("ink"), "linewidth": 0.7, "zorder": 3}
    ax.vlines(left, 0, len(rows) * _ROW, clip_on=False, **line)
    return ax


def _sum(
    counts: Mapping[tuple[str, str], int], *, row: str = "", part: str = ""
) -> int:
    return sum(n for (r, p), n in counts.items() if (r == row if row else p == part))


def _placed(
    parts: Iterable[Part], left: float, full: float
) -> list[tuple[Part, float, int]]:
    """Return the words of the key, each with its place in its line, and the line."""
    size, placed, x, line = brand.load().small_size, [], left, 0
    for part in parts:
        room = _SWATCH + 1.2 + page.text_mm(part.name, size, "bold")
        if x > left and x + room > full:
            x, line = left, line + 1
        placed.append((part, x, line))
        x += room + 4.5
    return placed


def key_height(parts: Iterable[Part], left: float, full: float) -> float:
    """Return the room that the words of a key take above the rows (mm)."""
    lines = [line + 1 for *_, line in _placed(parts, left, full)]
    return lines[-1] * _KEY_LINE + 1.5 if lines else 1.0


def draw_key(
    ax: Axes, parts: Iterable[Part], left: float, full: float, *, top: float
) -> None:
    """Write the name of each part beside its color, from `top` mm above the rows."""
    look: dict[str, Any] = {"va": "center_baseline", "weight": "bold"}
    look["fontsize"] = brand.load().small_size
    for part, x, line in _placed(parts, left, full):
        y = -top + (line + 0.5) * _KEY_LINE
        box = x, y - _SWATCH / 2, _SWATCH, _SWATCH
        page.box(ax, *box, place=ax.transData, **families.fill(part.fill))
        shade = families.ink_of(part.fill or brand.color("white"))
        ax.text(x + _SWATCH + 1.2, y, part.name, color=shade, **look)


def _draw_box(
    ax: Axes, part: Part, x: float, middle: float, each: float, *, label: str
) -> None:
    gap = min(_GAP, each / 5)
    at = x + gap / 2, middle - _BOX / 2
    page.box(ax, *at, each - gap, _BOX, label=label, **families.fill(part.fill))


def _draw_bar(
    ax: Axes, part: Part, n: int, x: float, middle: float, length: float, *, label: str
) -> None:
    """Draw a part as one bar; its number stands in it where there is room."""
    if not n:
        return
    gap = min(_GAP, length / 4)
    at = x + gap / 2, middle - _BOX / 2
    page.box(ax, *at, length - gap, _BOX, label=label, **families.fill(part.fill))
    if _fits(n, length):
        ink = brand.ink_on(part.fill or brand.color("white"))
        look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
        look |= {"fontsize": brand.load().small_size, "weight": "bold", "color": ink}
        ax.text(x + length / 2, middle, f"{n:,}", **look)


def _fits(n: int, length: float) -> bool:
    """Return whether a number fits into a bar."""
    return page.text_mm(f"{n:,}", brand.load().small_size, "bold") + 0.8 <= length
