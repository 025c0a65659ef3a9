"""A sheet in millimetres: rows with labels, a matrix of numbers, bars beside it.

Nothing is measured after drawing: every column knows its place, so that several kinds
of marks can share the rows of one figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import families, page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Height of a row, and of a line of its column heads (mm).
ROW, LINE = 5.2, 3.4
#: Widest label of a row, and the blank beside it (mm).
LABEL, GAP = 56.0, 3.0
_SQUARE = 4.5
_BAR = 2.6
_NUMBER = 10.0


class Bars(NamedTuple):
    """A column of bars: its head, and a number per row, None where there is none."""

    head: str
    numbers: Mapping[str, int | None]


def sheet(
    ax: Axes | None,
    height: float,
    *,
    top: float,
    bottom: float = 1.0,
    width: float = 0.0,
) -> Axes:
    """Return axes of millimetres, from the top left corner down to `height`.

    They are as wide as a page unless `width` says otherwise.
    """
    width = width or brand.load().width_mm
    edges = {"left": 0.0, "right": 0.0, "top": top, "bottom": bottom, "width": width}
    ax = page.axes(ax, body=height, **edges)
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.set_axis_off()
    return ax


def middle_of(row: int) -> float:
    """Return where the middle of a row lies (mm)."""
    return (row + 0.5) * ROW


def draw_labels(
    ax: Axes, rows: Sequence[str], *, has_rules: bool = True, longest: float = LABEL
) -> None:
    """Write the rows' labels flush left, cut to a width, with a rule below each."""
    for y, label in enumerate(rows):
        shade = brand.color("slate" if label == NOT_STATED else "ink")
        look: dict[str, Any] = {"va": "center_baseline", "color": shade}
        look["fontsize"] = brand.load().small_size
        ax.text(0, middle_of(y), _label(label, longest), **look)
    if not has_rules:
        return
    lines = [(y + 1) * ROW for y in range(len(rows))]
    look = {"color": brand.color("grid"), "linewidth": 0.6, "zorder": 0.5}
    ax.hlines(lines, 0, brand.load().width_mm, clip_on=False, **look)


def label_width(rows: Sequence[str]) -> float:
    """Return the room that the labels of some rows take (mm)."""
    return page.widest(map(_label, rows), brand.load().small_size) + GAP


def _label(row: str, longest: float = LABEL) -> str:
    return page.shorten(row, longest, brand.load().small_size)


def heads_of(columns: Mapping[str, str], width: float) -> dict[str, str]:
    """Return the heads of a matrix's columns, broken between words to fit."""
    size = brand.load().small_size
    longest = page.widest(
        (word for head in columns.values() for word in head.split()), size
    )
    return {
        key: page.wrap(head, max(width, longest), size) for key, head in columns.items()
    }


def height_of_heads(heads: Iterable[str]) -> float:
    """Return the room that heads need above the first row (mm)."""
    return LINE * (max(head.count("\n") for head in heads) + 1) + 2


def draw_matrix(
    ax: Axes,
    rows: Sequence[str],
    columns: Mapping[str, str],
    counts: Mapping[tuple[str, str], int],
    *,
    left: float,
    width: float,
    marked: Sequence[tuple[str, str]] = (),
    hue: str = "steel",
    wash: str = "",
) -> None:
    """Draw a square with its number for each pair that occurs, and the heads above.

    `columns` are groups with their heads. Pairs that are `marked` have the accent;
    of the others the more crowded are darker, in tints of `hue`; "Not stated" is an
    outline, and where nothing is there stands a square of the color `wash`.
    """
    largest = max(counts.values(), default=1)
    small: dict[str, Any] = page.small_text()
    for x, (group, head) in enumerate(columns.items()):
        middle = left + (x + 0.5) * width
        ax.text(middle, -1.0, head, ha="center", va="bottom", linespacing=1.0, **small)
        for y, row in enumerate(rows):
            n = counts.get((row, group), 0)
            at = left + x * width + 0.4, middle_of(y) - _SQUARE / 2
            size = width - 0.8, _SQUARE
            if not n:
                if wash:
                    page.box(ax, *at, *size, facecolor=wash, linewidth=0, zorder=0.6)
                continue
            fill = brand.tint(brand.color(hue), 0.25 + 0.35 * n / largest)
            if (row, group) in marked:
                fill = brand.color("accent")
            box = families.fill(None if NOT_STATED in (row, group) else fill)
            page.box(ax, *at, *size, **box)
            look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
            look["fontsize"] = brand.load().small_size
            look["color"] = brand.ink_on(box["facecolor"])
            look["weight"] = "bold"
            ax.text(middle, middle_of(y), f"{n:,}", **look)


def draw_bars(
    ax: Axes,
    rows: Sequence[str],
    bars: Bars,
    *,
    left: float,
    width: float,
    marked: Sequence[str] = (),
) -> None:
    """Draw a bar per row with its number at the end; "Not stated" is an outline."""
    head: dict[str, Any] = {"weight": "bold", "fontsize": brand.load().small_size}
    ax.text(left, -1.0, bars.head, va="bottom", color=brand.color("ink"), **head)
    largest = max((n for n in bars.numbers.values() if n), default=1)
    for y, row in enumerate(rows):
        n = bars.numbers.get(row)
        length = (width - _NUMBER) * (n or 0) / largest
        hue = brand.color("accent" if row in marked else "steel")
        look = families.fill(None if row == NOT_STATED else hue)
        if length:
            page.box(ax, left, middle_of(y) - _BAR / 2, length, _BAR, **look)
        text = "–" if n is None else f"{n:,}"
        head["color"] = brand.color("slate" if n is None else "ink")
        ax.text(left + length + 1.2, middle_of(y), text, va="center_baseline", **head)
