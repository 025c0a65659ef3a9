"""Lanes of trials along the years: axes, bars, cut-off, key and note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialkit import brand
from trialkit.figures.draw.page import (
    KeyItem,
    draw_key,
    key_height,
    note_below,
    note_height,
    page_axes,
)
from trialkit.figures.draw.rows import band_rows
from trialkit.figures.draw.spans import (
    Span,
    draw_cut_off,
    draw_span,
    draw_years,
    range_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def lane_axes(
    ax: Axes | None,
    spans: Sequence[Span],
    cut_off: float,
    key: Sequence[KeyItem],
    note: str,
    *,
    body: float,
    left: float,
    right: float,
    head: float = 6.0,
) -> Iterator[Axes]:
    """Give axes with a lane per span to draw in, then add cut-off, key and note."""
    width = brand.load().width_mm - 4
    top, bottom = key_height(key, width) + head, note_height(note) + 8
    ax = page_axes(ax, body=body, left=left + 2, right=right, top=top, bottom=bottom)
    ax.set_ylim(len(spans) - 0.5, -0.5)
    draw_years(ax, *range_of(spans, cut_off))
    yield ax
    draw_cut_off(ax, cut_off)
    draw_key(ax, key, width=width, x=-left, y=top - 1)
    note_below(ax, note, x=-left, y=-6)


def draw_spans(
    ax: Axes, spans: Sequence[Span], routes: Sequence[Sequence[str]], cut_off: float
) -> None:
    """Draw the bar of each lane, every second lane on a band."""
    band_rows(ax, len(spans))
    for y, (span, groups) in enumerate(zip(spans, routes, strict=True)):
        draw_span(ax, y, span, groups, cut_off)
