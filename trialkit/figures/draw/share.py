"""One bar divided into the parts of a whole, their numbers in it and names around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import families, page
from trialkit.figures.draw.sheet import sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR, _NAMES, _GAP = 5.2, 4.2, 0.35  # mm


class _Part(NamedTuple):
    name: str
    n: int
    left: float
    width: float


def draw_share(
    ax: Axes | None,
    counts: Mapping[str, int],
    *,
    marked: set[str],
    width: float = 0.0,
) -> Axes:
    """Draw one bar with a part per level; "Not stated" is an outline at the end.

    A name that has room stands above its part; the others stand in lines below, with
    their numbers.
    """
    total = sum(counts.values())
    if not total:
        return page.empty_note(ax, is_half=True)
    width = width or brand.load().half_width_mm
    counts = {level: n for level, n in counts.items() if n}
    left, parts = 0.0, []
    for level, n in counts.items():
        parts.append(_Part(level, n, left, width * n / total))
        left += width * n / total
    size = brand.load().small_size
    below = _in_lines([part for part in parts if not _has_room(part, marked)], width)
    ax = sheet(
        ax, _BAR, top=_NAMES, bottom=_NAMES * max(len(below), 1) + 1, width=width
    )
    for place, part in enumerate(parts):
        look = families.fill(_hue(part.name, place, marked))
        page.box(ax, part.left, 0, max(part.width - _GAP, 0.2), _BAR, **look)
        middle = part.left + part.width / 2
        text = f"{part.n:,}"
        style: dict[str, Any] = {"fontsize": size, "va": "center_baseline"}
        if page.text_mm(text, size, "bold") + 0.6 < part.width:
            ink = brand.ink_on(look["facecolor"])
            ax.text(
                middle, _BAR / 2, text, ha="center", weight="bold", color=ink, **style
            )
        style["color"] = brand.color("accent" if part.name in marked else "slate")
        if _has_room(part, marked):
            weight = _weight(part, marked)
            ax.text(part.left, -_NAMES / 2, part.name, weight=weight, **style)
    look = {"ha": "right", "va": "center_baseline", **page.small_text()}
    for n, line in enumerate(below):
        ax.text(width, _BAR + 2.4 + n * _NAMES, line, **look)
    return ax


def _weight(part: _Part, marked: set[str]) -> str:
    return "bold" if part.name in marked else "normal"


def _has_room(part: _Part, marked: set[str]) -> bool:
    """Return whether the name of a part fits above it."""
    size = brand.load().small_size
    return page.text_mm(part.name, size, _weight(part, marked)) + 1 < part.width


def _in_lines(parts: Sequence[_Part], width: float) -> list[str]:
    """Return names with their numbers in as few lines as hold them."""
    size = brand.load().small_size
    lines: list[str] = []
    for part in parts:
        text = f"{part.name}: {part.n:,}"
        longer = f"{lines[-1]}; {text}" if lines else ""
        if lines and page.text_mm(longer, size) < width:
            lines[-1] = longer
        else:
            lines.append(page.shorten(text, width, size))
    return lines


def _hue(name: str, place: int, marked: set[str]) -> str | None:
    if name == NOT_STATED:
        return None
    if name in marked:
        return brand.color("accent")
    return brand.color("bar" if place % 2 else "rest")
