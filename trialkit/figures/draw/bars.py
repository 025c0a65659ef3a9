"""Horizontal bars, whole or divided into parts, with sums and a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.marks import short_source
from trialkit.figures.draw.page import (
    KeyItem,
    draw_key,
    empty_note,
    key_height,
    page_axes,
    size_mm,
    text_mm,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import (
    LABEL,
    MOST_ROWS,
    Row,
    counts_of,
    draw_row_labels,
    hatch_row,
    height_of,
)
from trialkit.figures.draw.scales import count_ticks, draw_number_axis
from trialkit.figures.draw.stacks import (
    Look,
    Parts,
    draw_bar,
    missing_look,
    patch_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


from collections.abc import Mapping, Sequence


def draw_stacks(
    rows: Sequence[Row],
    parts: Parts,
    looks: Mapping[str, Look],
    ax: Axes | None,
    *,
    row: float = 8.0,
    is_share: bool = False,
    has_names: bool = False,
    has_key: bool = True,
) -> Axes:
    """Draw one divided bar per row, with sums, axis and a key of what is not named.

    A row is `row` mm high; with `is_share` all bars have one length.
    """
    sums = [sum(part.values()) for part in parts]
    ticks = [1] if is_share else count_ticks(max(sums))
    pad = widest(row_.label for row_ in rows) + 3
    left, right = pad + 2, 3 + text_mm(f"{max(sums):,}") + 3
    width = brand.load().width_mm - left - right
    mm = (width if ax is None else size_mm(ax)[0]) / ticks[-1]
    named = _named(parts, mm) if has_names else set()
    drawn = [kind for kind in looks if any(part.get(kind) for part in parts)]
    key = [KeyItem(k, patch=patch_of(looks[k])) for k in drawn if k not in named]
    key = key if has_key else []
    full = brand.load().width_mm - 4
    top = key_height(key, full) + 2
    ax = page_axes(ax, body=height_of(rows) * row, left=left, right=right, top=top)
    centers = draw_row_labels(ax, rows, pad=pad)
    for y, row_, part in zip(centers, rows, parts, strict=True):
        if row_.group == NOT_STATED:
            hatch_row(ax, y)
        if row_.group is not None:
            total = sum(part.values()) if is_share else None
            draw_bar(ax, y, part, looks, mm=mm, named=named, total=total)
    draw_number_axis(ax, ticks, "Trials")
    if is_share:
        ax.set_xticks([])
    draw_key(ax, key, width=full, x=-pad, y=top - 1)
    return ax


def _named(parts: Parts, mm: float) -> set[str]:
    """Return the kinds whose name fits into every part that they have."""
    small = brand.load().small_size
    fits: dict[str, bool] = {}
    for part in parts:
        for kind, n in part.items():
            room = text_mm(f"{short_source(kind)} {n:,}", small) + 2
            fits[kind] = fits.get(kind, True) and room <= n * mm
    return {kind for kind, ok in fits.items() if ok}


def draw_group_bars(
    frame: pd.DataFrame, name: str, ax: Axes | None, *, row: float = 5.6
) -> Axes:
    """Draw a bar per group of a column, of very many those that come first."""
    if not frame["n"].fillna(0).gt(0).any():
        return empty_note(ax)
    counts = counts_of(frame, name)
    kept = list(counts)[:-1][:MOST_ROWS]
    rows = [Row(wrap(group, LABEL), group) for group in (*kept, NOT_STATED)]
    looks = {"Trials": Look(brand.color("accent")), NOT_STATED: missing_look()}
    parts = [{"Trials": counts[group]} for group in kept]
    parts.append({NOT_STATED: counts[NOT_STATED]})
    return draw_stacks(rows, parts, looks, ax, row=row, has_key=False)
