"""One bar of all participants, a segment per trial from the largest down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from trialkit import brand
from trialkit.figures.draw import page
from trialkit.figures.draw.sheet import sheet

_BAR, _NAMES = 6.4, 5.0  # mm
_GAP = 0.3


class Segment(NamedTuple):
    """A part of the bar: its participants, and whether it has the accent."""

    n: int
    is_marked: bool


def draw_segments(
    ax: page.Axes | None, segments: Sequence[Segment], names: tuple[str, str]
) -> page.Axes:
    """Draw the bar, with the name of its marked part above, and that of the rest."""
    width, size = brand.load().width_mm, brand.load().small_size
    total = sum(segment.n for segment in segments)
    ax = sheet(ax, _BAR, top=_NAMES, width=width)
    left, turn = 0.0, 0.0
    look: dict[str, Any] = {"va": "center_baseline", "fontsize": size, "weight": "bold"}
    for segment in segments:
        wide = width * segment.n / total
        hue = brand.color("accent" if segment.is_marked else "bar")
        gap = _GAP if wide > 3 * _GAP else 0.0
        page.box(ax, left, 0, wide - gap, _BAR, facecolor=hue, linewidth=0)
        text = f"{segment.n:,}"
        if page.text_mm(text, size, "bold") + 1.5 < wide:
            at = left + wide / 2, _BAR / 2
            ax.text(*at, text, ha="center", color=brand.ink_on(hue), **look)
        left += wide
        turn = left if segment.is_marked else turn
    marked, rest = names
    first = page.text_mm(marked, size, "bold")
    ax.text(0, -2.4, marked, color=brand.color("accent"), **look)
    if rest:
        # From where the rest begins, where both names have room.
        room = page.text_mm(rest, size, "bold")
        fits = max(turn, first + 4) + room <= width
        at, side = (max(turn, first + 4), "left") if fits else (width, "right")
        ax.text(at, -2.4, rest, ha=side, color=brand.color("slate"), **look)
    return ax
