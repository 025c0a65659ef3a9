"""Columns of parts that exclude each other: a box per trial, or a number per part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trialkit import brand
from trialkit.figures.draw import families, page
from trialkit.figures.draw.sheet import sheet

_BOX, _TALLEST = 9.0, 40.0  # mm
_OUT = 15.0  # a column apart: no date
NO_DATE = "No date"
_GAP = 0.35
_NARROW = 6.6  # a column that has no room for its year


class Part(NamedTuple):
    """One kind of trials in the columns: its name, and its color if it has one."""

    name: str
    hue: str | None


def draw_piles(
    ax: page.Axes | None,
    columns: Mapping[str, Mapping[str, int]],
    parts: Sequence[Part],
    *,
    undated: int = 0,
    is_boxed: bool = True,
    ticks: Sequence[str] | None = None,
) -> page.Axes:
    """Draw a column per name, its parts from below in the order of `parts`.

    With `is_boxed` each trial is a box, and a column has its number above; otherwise a
    part has its number in it. `undated` trials stand apart at the right, outlined in
    dashes: an outline alone is a part that no source states.
    """
    width = brand.load().width_mm
    sums = {
        part.name: sum(own.get(part.name, 0) for own in columns.values())
        for part in parts
    }
    key = [
        page.KeyItem(f"{name} {sums[name]:,}", patch=families.fill(hue))
        for name, hue in parts
        if sums[name]
    ]
    if undated:
        key.append(page.KeyItem(f"{NO_DATE} {undated:,}", patch=families.no_date()))
    top = page.key_height(key, width) + 5
    tallest = max([undated, *(sum(own.values()) for own in columns.values())])
    unit = min(_BOX, _TALLEST / max(tallest, 1))
    body = max(unit * tallest, 12.0)
    ax = sheet(ax, body, top=top, bottom=5)
    room = width - (_OUT if undated else 0)
    step = room / max(len(columns), 1)
    thick = min(step * 0.82, 16.0)
    for i, own in enumerate(columns.values()):
        pile = _Pile((i + 0.5) * step, thick, unit, body)
        _draw_pile(ax, pile, own, parts, is_boxed)
    names = list(columns)
    shown = ticks if ticks is not None else names if step >= _NARROW else names[::2]
    look: dict[str, Any] = {"ha": "center", "va": "top"} | page.small_text()
    for name in shown:
        ax.text((names.index(name) + 0.5) * step, body + 1.2, name, **look)
    line = {"color": brand.color("ink"), "linewidth": 0.7, "zorder": 3}
    ax.hlines(body, 0, room - (1 if undated else 0), clip_on=False, **line)
    if undated:
        pile = _Pile(width - _OUT / 2 + 0.5, min(thick, _OUT - 6), unit, body)
        _draw_undated(ax, pile, undated)
        ax.text(pile.middle, body + 1.2, NO_DATE.lower(), **look)
        ax.hlines(body, room + 1, width, clip_on=False, **line)
    page.draw_key(ax, key, x=0, y=top - 1, width=width)
    return ax


class _Pile(NamedTuple):
    """Where a column stands: middle, width, height of a trial and of all (mm)."""

    middle: float
    thick: float
    unit: float
    body: float


def _draw_pile(
    ax: page.Axes,
    pile: _Pile,
    counts: Mapping[str, int],
    parts: Sequence[Part],
    is_boxed: bool,
) -> None:
    size = brand.load().small_size
    look: dict[str, Any] = {"ha": "center", "fontsize": size, "weight": "bold"}
    left, y = pile.middle - pile.thick / 2, pile.body
    beside: list[tuple[float, str, str]] = []
    for name, hue in parts:
        n = counts.get(name, 0)
        if not n:
            continue
        boxes, high = (n, pile.unit) if is_boxed else (1, pile.unit * n)
        for _ in range(boxes):
            y -= high
            inner = high - (_GAP if high > 2 * _GAP else 0)
            page.box(ax, left, y, pile.thick, inner, **families.fill(hue))
        if not is_boxed:
            ink = brand.ink_on(hue) if hue else brand.color("ink")
            if high >= size * page.POINT:
                at: dict[str, Any] = look | {"color": ink, "va": "center_baseline"}
                ax.text(pile.middle, y + high / 2, f"{n:,}", **at)
            else:
                shade = families.ink_of(hue) if hue else brand.color("slate")
                beside.append((y + high / 2, f"{n:,}", shade))
    if is_boxed and counts and sum(counts.values()):
        at: dict[str, Any] = look | {"color": brand.color("ink"), "va": "bottom"}
        ax.text(pile.middle, y - 0.8, f"{sum(counts.values()):,}", **at)
    _draw_beside(ax, pile, beside, y)


def _draw_undated(ax: page.Axes, pile: _Pile, n: int) -> None:
    """Draw a box in dashes for each trial without a date, their number above."""
    left, top = pile.middle - pile.thick / 2, pile.body - n * pile.unit
    gap = _GAP if pile.unit > 2 * _GAP else 0.0
    for i in range(n):
        at = left, top + i * pile.unit
        page.box(ax, *at, pile.thick, pile.unit - gap, **families.no_date())
    look: dict[str, Any] = {"ha": "center", "va": "bottom", **page.small_text()}
    ax.text(pile.middle, top - 0.8, f"{n:,}", **look)


def _draw_beside(
    ax: page.Axes, pile: _Pile, beside: list[tuple[float, str, str]], top: float
) -> None:
    """Write the numbers of parts too low for one: above the column, side by side."""
    look: dict[str, Any] = {"va": "bottom", "weight": "bold"}
    look["fontsize"] = brand.load().small_size
    sides = ["center"] if len(beside) == 1 else ["right", "left"]
    for (_, text, shade), side in zip(beside, sides, strict=False):
        shift = {"center": 0.0, "right": -0.8, "left": 0.8}[side]
        ax.text(pile.middle + shift, top - 0.8, text, ha=side, color=shade, **look)
