"""One bar divided into the parts of a whole, their numbers in it and names around."""

from __future__ import annotations

from collections.abc import Mapping
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

    A name that has room stands above its part; the others stand in a line below, with
    their numbers.
    """
    total = sum(counts.values())
    if not total:
        return page.empty_note(ax, is_half=True)
    width = width or brand.load().half_width_mm
    counts = {level: n for level, n in counts.items() if n}
    ax = sheet(ax, _BAR, top=_NAMES, bottom=_NAMES + 1, width=width)
    left, parts = 0.0, []
    for level, n in counts.items():
        parts.append(_Part(level, n, left, width * n / total))
        left += width * n / total
    size = brand.load().small_size
    below = []
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
        weight = "bold" if part.name in marked else "normal"
        if page.text_mm(part.name, size, weight) + 1 < part.width:
            ax.text(part.left, -_NAMES / 2, part.name, weight=weight, **style)
        else:
            below.append(part)
    named = "; ".join(f"{part.name}: {part.n:,}" for part in below)
    if named:
        short = page.shorten(named, width, size)
        ax.text(
            width,
            _BAR + 2.4,
            short,
            ha="right",
            va="center_baseline",
            **page.small_text(),
        )
    return ax


def _hue(name: str, place: int, marked: set[str]) -> str | None:
    if name == NOT_STATED:
        return None
    if name in marked:
        return brand.color("accent")
    return brand.color("bar" if place % 2 else "rest")
