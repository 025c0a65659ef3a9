"""Bars from start to completion, as the strip and the timeline draw them.

A date is a span from the earliest to the latest day it can mean. A bar runs from middle
to middle; a whisker shows the span where it is wider than a day. What is missing is
never filled in: an open arrow says that no completion is stated, a bracket that no
start is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.brand import Mark
from trialkit.errors import ParameterError
from trialkit.figures.draw import page, scales

#: Lanes of one figure; with more, ids could not be read any more.
LANES = 40

_TICK = 11.5  # mm that a year's label and the gap after it take


class Span(NamedTuple):
    """One trial's dates as day numbers, NaN where no source gives the date."""

    start: float
    start_width: float
    end: float
    end_width: float
    primary: float
    is_start_planned: bool
    is_end_planned: bool

    @property
    def is_undated(self) -> bool:
        """Whether neither start nor completion is known."""
        return bool(np.isnan(self.start) and np.isnan(self.end))


def spans_of(frame: pd.DataFrame) -> list[Span]:
    """Return one `Span` per row of a strip or timeline frame."""
    start, start_width = _middles(frame, "start")
    end, end_width = _middles(frame, "completion")
    primary, _ = _middles(frame, "primary_completion")
    types = frame.reindex(columns=["start_type", "completion_type"])
    planned = (types.astype("string") == "ESTIMATED").fillna(False).to_numpy(bool)
    columns = (start, start_width, end, end_width, primary, *planned.T)
    return [Span(*values) for values in zip(*columns, strict=True)]


def _middles(frame: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle of what each date can mean, and how many days that is."""
    ends = frame.reindex(columns=[f"{name}_earliest", f"{name}_latest"])
    days = ends.apply(pd.to_datetime).to_numpy("datetime64[s]")
    low, high = ((days - np.datetime64(0, "s")) / np.timedelta64(1, "D")).T
    return (low + high) / 2, high - low


def day_number(day: object) -> float:
    """Return a date as days since 1970, matplotlib's unit; NaN for a missing one."""
    moment = pd.to_datetime(day)  # type: ignore[arg-type]
    return float("nan") if pd.isna(moment) else moment.timestamp() / 86_400


def date_of(day: float) -> date:
    """Return the date of a day number."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(day))


def cut_off_of(frame: pd.DataFrame) -> float:
    """Return the cut-off of a frame as a day number, NaN where it has none."""
    day = frame.attrs.get("as_of")
    try:
        return day_number(day)
    except (ValueError, TypeError) as error:
        raise ParameterError(
            f"as_of must be a date like 2026-06-30, not {day!r}"
        ) from error


def draw_years(ax: page.Axes, low: float, high: float) -> None:
    """Give an axis of day numbers its years, and room at both ends."""
    room = max((high - low) * 0.04, 20)
    low, high = low - room, high + room
    most = max(2, int(page.size_mm(ax)[0] / _TICK))
    ticks = scales.year_ticks(date_of(low), date_of(high), most=most)
    days = [day_number(day) for day, _ in ticks]
    ax.set_xlim(min(low, *days), max(high, *days))
    ax.set_xticks(days, [label for _, label in ticks])
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def draw_cut_off(ax: page.Axes, cut_off: float) -> None:
    """Draw the line of the data cut-off, labelled with its date above the plot."""
    if np.isnan(cut_off):
        return
    accent = brand.color("accent")
    ax.axvline(cut_off, color=accent, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2.5)
    low, high = ax.get_xlim()
    share = (cut_off - low) / (high - low)
    side = "right" if share > 0.6 else "left" if share < 0.4 else "center"
    look = {"ha": side, "va": "bottom", "xycoords": ("data", "axes fraction")}
    look |= {"color": accent, "fontsize": brand.load().small_size}
    day = date_of(cut_off).isoformat()
    page.label_point(ax, f"data cut-off {day}", (cut_off, 1), (0, 2.5), **look)


def draw_span(
    ax: page.Axes, y: float, span: Span, routes: Sequence[str], cut_off: float
) -> None:
    """Draw one trial's bar; several routes share its height in stripes."""
    if span.is_undated:
        return
    marks = [brand.route_mark(route) for route in routes]
    low, high = ax.get_xlim()
    if np.isnan(span.end):
        _draw_open_end(ax, y, span.start, cut_off, marks[0], (high - low) * 0.04)
    elif np.isnan(span.start):
        _draw_open_start(ax, y, span.end, marks[0], (high - low) * 0.05)
    else:
        _draw_bar(ax, y, span, marks, cut_off)
        _draw_planned_ends(ax, y, span, (high - low) * 0.016)
    ink = brand.color("ink")
    per_mm = (high - low) / page.size_mm(ax)[0]
    for middle, width in ((span.start, span.start_width), (span.end, span.end_width)):
        if width > 1:
            # On a long axis a month is too short for caps: they would make a blot.
            caps = "|" if width > 1.5 * per_mm else None
            ends = middle - width / 2, middle + width / 2
            ax.plot(ends, (y, y), color=ink, linewidth=0.9, marker=caps, markersize=3)
    if not np.isnan(span.primary):
        look: dict[str, Any] = {"marker": "D", "s": 11, "facecolor": ink, "zorder": 4}
        ax.scatter(span.primary, y, edgecolor="white", linewidth=0.6, **look)


_BAR = 0.5  # of a lane


def _draw_bar(
    ax: page.Axes, y: float, span: Span, marks: Sequence[Mark], cut_off: float
) -> None:
    stripe = _BAR / len(marks)
    for number, mark in enumerate(marks):
        middle = y - _BAR / 2 + (number + 0.5) * stripe
        turn = span.end if np.isnan(cut_off) else np.clip(cut_off, span.start, span.end)
        look: dict[str, Any] = {"linewidth": 0.5, "zorder": 2}
        # An outline sets pale colors off the page; between stripes it would clutter.
        look["edgecolor"] = mark.edge if len(marks) == 1 else "none"
        pieces = ((span.start, turn, mark.color), (turn, span.end, pale(mark.color)))
        for left, right, fill in pieces:
            if right > left or span.start == span.end:
                at = left, middle - stripe / 2
                page.box(ax, *at, right - left, stripe, facecolor=fill, **look)


def _draw_planned_ends(ax: page.Axes, y: float, span: Span, width: float) -> None:
    """Hatch the end of a bar whose date the source calls estimated."""
    width = min(width, (span.end - span.start) / 3)
    look: dict[str, Any] = {"facecolor": "white", "linewidth": 0.5}
    look |= {"edgecolor": brand.color("slate"), "hatch": "//////", "zorder": 2.2}
    if span.is_start_planned:
        page.box(ax, span.start, y - _BAR / 2, width, _BAR, **look)
    if span.is_end_planned:
        page.box(ax, span.end - width, y - _BAR / 2, width, _BAR, **look)


def _draw_open_end(
    ax: page.Axes, y: float, start: float, cut_off: float, mark: Mark, stub: float
) -> None:
    """Draw an open arrow: the trial started, no source says when it ends."""
    tip = max(start + stub, start if np.isnan(cut_off) else cut_off)
    line: dict[str, Any] = {"color": mark.edge, "linewidth": 1.2}
    ax.plot((start, tip), (y, y), zorder=2, **line)
    ax.plot((start, start), (y - _BAR / 2, y + _BAR / 2), **line)
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": mark.edge, "zorder": 3}
    ax.scatter(tip, y, marker=">", s=30, linewidth=1.0, **look)


def _draw_open_start(
    ax: page.Axes, y: float, end: float, mark: Mark, stub: float
) -> None:
    """Draw a bracket: the trial ends here, no source says when it started."""
    left, foot, low, high = end - stub, stub / 5, y - _BAR / 2, y + _BAR / 2
    line: dict[str, Any] = {"color": mark.edge, "linewidth": 1.2}
    ax.plot((left, end), (y, y), linestyle=":", zorder=2, **line)
    xs = (left + foot, left, left, left + foot)
    ax.plot(xs, (low, low, high, high), color=mark.edge, linewidth=1.0)
    ax.plot((end, end), (low, high), **line)


def pale(color: str) -> str:
    """Return a color mixed with white: what lies after the cut-off."""
    return brand.tint(color, 0.38)


def span_key(spans: Sequence[Span], cut_off: float) -> list[page.KeyItem]:
    """Return a key of the signs that the drawn bars use, and of no others."""
    slate, ink = brand.color("slate"), brand.color("ink")
    ends = [s for s in spans if not np.isnan(s.start) and not np.isnan(s.end)]
    items = []
    if any(s.end > cut_off for s in ends):
        items.append(
            page.KeyItem("after the cut-off", patch={"facecolor": pale(slate)})
        )
    if any(s.is_start_planned or s.is_end_planned for s in ends):
        look = {"facecolor": "white", "edgecolor": slate, "hatch": "//////"}
        items.append(page.KeyItem("estimated date", patch=look | {"linewidth": 0.5}))
    if any(not np.isnan(s.primary) for s in spans if not s.is_undated):
        look = {"marker": "D", "s": 11, "facecolor": ink, "linewidth": 0}
        items.append(page.KeyItem("primary completion", (look,)))
    if any(w > 1 for s in spans for w in (s.start_width, s.end_width)):
        look = {"marker": "_", "s": 60, "color": ink, "linewidth": 0.9}
        items.append(page.KeyItem("month or year only", (look,)))
    if any(np.isnan(s.end) and not np.isnan(s.start) for s in spans):
        look = {"marker": ">", "s": 26, "facecolor": "white", "edgecolor": slate}
        items.append(page.KeyItem("completion not stated", (look,)))
    if any(np.isnan(s.start) and not np.isnan(s.end) for s in spans):
        bracket = [(0.4, -1), (-0.4, -1), (-0.4, 1), (0.4, 1)]
        look = {"marker": bracket, "s": 40, "facecolor": "none", "edgecolor": slate}
        items.append(page.KeyItem("start not stated", (look,)))
    return items


@contextmanager
def lane_axes(
    ax: page.Axes | None,
    spans: Sequence[Span],
    cut_off: float,
    key: Sequence[page.KeyItem],
    note: str,
    *,
    body: float,
    left: float,
    right: float,
    head: float = 6.0,
) -> Iterator[page.Axes]:
    """Give axes with a lane per span to draw in, then add cut-off, key and note."""
    small = brand.load().small_size
    lines = [page.wrap(line, page.full_width(), small) for line in note.split("\n")]
    note = "\n".join(lines)
    top = page.key_height(key) + head
    bottom = (note.count("\n") + 1) * small * 1.25 * page.POINT + 8
    ax = page.axes(ax, body=body, left=left + 2, right=right, top=top, bottom=bottom)
    ax.set_ylim(len(spans) - 0.5, -0.5)
    days = [day for span in spans for day in (span.start, span.end, span.primary)]
    known = [day for day in (*days, cut_off) if not np.isnan(day)] or [0.0, 365.0]
    draw_years(ax, min(known), max(known))
    yield ax
    draw_cut_off(ax, cut_off)
    page.draw_key(ax, key, x=-left, y=top - 1)
    look = {"va": "top", "linespacing": 1.2} | page.small_text()
    ax.text(-left, -6, note, transform=page.from_corner(ax, 0, 0), **look)


def draw_spans(
    ax: page.Axes, spans: Sequence[Span], routes: list[list[str]], cut_off: float
) -> None:
    """Draw the bar of each lane, every second lane on a band."""
    across = page.blended(page.figure_of(ax).transFigure, ax.transData)
    look = {"facecolor": brand.color("wash"), "linewidth": 0, "zorder": 0}
    for y in range(1, len(spans), 2):
        page.box(ax, 0, y - 0.5, 1, 1, place=across, **look)
    for y, (span, groups) in enumerate(zip(spans, routes, strict=True)):
        draw_span(ax, y, span, groups, cut_off)
