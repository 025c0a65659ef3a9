"""Grids of printed counts: a colored square for each pair that occurs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, page

_WIDEST = 20.0  # widest column (mm): two columns should not fill a page
_GAP = 3.0


def grid_axes(
    ax: page.Axes | None,
    rows: list[axis.Row],
    columns: Sequence[str],
    *,
    row: float,
    top: float,
    right: float = 4.0,
    below: float = 0.0,
    at_top: bool = False,
) -> tuple[page.Axes, float]:
    """Return axes with labelled rows and columns, and the width of a column (mm)."""
    pad = page.widest(row_.label for row_ in rows) + _GAP
    width = brand.load().width_mm
    mm = min((width - pad - 2 - right) / len(columns), _WIDEST)
    labels, bottom, turn = [name.replace(" ", "\n", 1) for name in columns], 3.0, False
    if not at_top:
        labels, bottom, turn = _column_labels(columns, mm)
    ax = page.axes(
        ax,
        body=len(rows) * row,
        left=pad + 2,
        right=width - pad - 2 - mm * len(columns),
        top=top,
        bottom=bottom + below,
    )
    axis.draw_row_labels(ax, rows, pad=pad)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_xticks(range(len(columns)), labels)
    if at_top:
        ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, pad=2, labelrotation=90 if turn else 0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    for tick in ax.get_xticklabels():
        tick.set_linespacing(1.0)
    return ax, mm


def _column_labels(columns: Sequence[str], mm: float) -> tuple[list[str], float, bool]:
    """Return the labels, the room they take (mm) and whether to turn them."""
    size = brand.load().small_size
    longest = page.widest((word for name in columns for word in name.split()), size)
    if longest <= mm - 1:
        labels = [page.wrap(name, mm - 1, size) for name in columns]
        return labels, 3.4 * max(text.count("\n") + 1 for text in labels) + 3, False
    labels = [page.wrap(name, 27, size) if mm > 7 else name for name in columns]
    return labels, page.widest(labels, size) + 4, True


def draw_counts(
    ax: page.Axes,
    rows: list[axis.Row],
    columns: Sequence[str],
    counts: axis.Pairs,
    *,
    mm: float = _WIDEST,
) -> None:
    """Rule, fill and number the squares; "Not stated" is grey and hatched."""
    full = _full_color(counts)
    centers = axis.centers_of(rows)
    for y, row in zip(centers, rows, strict=True):
        _draw_square(ax, -0.5, y, len(columns), hatched=row.group == NOT_STATED)
        for x, column in enumerate(columns):
            missing = NOT_STATED in (row.group, column)
            n = counts.get((row.group, column), 0)
            if n:
                hue = brand.color("missing" if missing else "blue")
                # Near white for 0, the hue itself for the full color.
                fill = brand.tint(hue, 0.12 + 0.88 * min(n / full, 1.0))
                _draw_square(ax, x - 0.5, y, 1, fill=fill, hatched=missing)
                look: dict[str, Any] = {"color": brand.ink_on(fill)}
                if missing:  # a patch behind the digits keeps the hatch off them
                    look["bbox"] = {"facecolor": fill, "linewidth": 0, "pad": 0.4}
                _draw_number(ax, x, y, n, mm, **look)
            elif missing and row.group != NOT_STATED:
                _draw_square(ax, x - 0.5, y, 1, hatched=True)


def _draw_square(
    ax: page.Axes, x: float, y: float, width: float, *, hatched: bool, fill: str = ""
) -> None:
    look: dict[str, Any] = {"edgecolor": brand.color("grid"), "linewidth": 0.6}
    if fill:
        look = {"edgecolor": "white", "linewidth": 0.8}
    look |= {"facecolor": fill or "none", "hatch": "////" if hatched else None}
    page.box(ax, x, y - 0.5, width, 1, zorder=1.0 if fill else 0.5, **look)


def _full_color(counts: axis.Pairs) -> float:
    """Return the count that takes the full color: the 90th percentile, at least 4."""
    # One crowded square would bleach all others; a single trial is not yet dark.
    filled = [n for n in counts.values() if n]
    return max(4.0, float(np.percentile(filled, 90))) if filled else 4.0


def _draw_number(
    ax: page.Axes, x: int, y: float, n: int, mm: float, **look: Any
) -> None:
    look |= {"ha": "center", "va": "center_baseline"}
    small = brand.load().small_size
    size = small if page.text_mm(f"{n:,}") > mm - 0.5 else None
    ax.text(x, y, f"{n:,}", fontsize=size, **look)
