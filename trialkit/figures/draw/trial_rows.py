"""One row per trial: id, title, participants, time from start to completion, status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, families, lanes, page, scales
from trialkit.figures.draw.sheet import sheet
from trialkit.summarize.timelines import is_open
from trialkit.summarize.wording import counted, word, words

#: The picture's height where its rows need it, so that a page takes its heading (mm).
_MOST, _TALLEST = 196.0, 4.6
_TOP = 6.0
_HEAD, _AFTER = 1.2, 0.35  # of a row
_TIME, _ID, _STATUS = 52.0, 32.0, 34.0
_YEAR = 10.0
_SHORTEST = 0.7

#: Groups with a heading of their own.
_MOST_GROUPS = 10
_REST = "More routes"
#: The heading of trials without a group.
_MISSING = {"route_family": "Route not stated", "phase_group": "Phase not stated"}


class _Columns(NamedTuple):
    """Where the columns stand (mm); `participants` is a right edge."""

    title: float
    title_end: float
    participants: float
    time: float
    end: float
    status: float


class _Time(NamedTuple):
    """The scale of days: the first and the last, and where they stand (mm)."""

    low: float
    high: float
    left: float
    right: float

    def place(self, day: float) -> float:
        """Return where a day stands (mm)."""
        part = (day - self.low) / (self.high - self.low)
        return self.left + part * (self.right - self.left)


def draw_trial_rows(
    frame: pd.DataFrame, ax: page.Axes | None, *, by: str = "route_family"
) -> page.Axes:
    """Draw the rows of a strip's frame under a heading per group of a column."""
    cut_off = lanes.cut_off_of(frame)
    spans = lanes.spans_of(frame)
    status = words(frame["overall_status"], "overall_status").astype(str).tolist()
    open_now = is_open(frame["overall_status"]).tolist()
    groups = _groups(frame[by])
    # Only families of routes have colors of their own.
    hues = {
        group: families.hue_of(group) if by == "route_family" else brand.color("accent")
        for group in groups
        if group != NOT_STATED
    }
    size = brand.load().small_size
    ids = [page.shorten(str(key), _ID, size) for key in frame["trial_id"]]
    numbers = [
        "not stated" if pd.isna(n) else f"{int(n):,}" for n in frame["enrollment"]
    ]
    at = _columns(ids, numbers, status)
    units = len(frame) + len(groups) * (_HEAD + _AFTER)
    row = min(_TALLEST, (_MOST - _TOP) / units)
    ax = sheet(ax, units * row, top=_TOP)
    time = _draw_years(ax, spans, cut_off, at, units * row)
    _draw_heads(ax, at)
    y = 0.0
    for group, positions in groups.items():
        name = _MISSING[by] if group == NOT_STATED else word(group, by)
        heading = _Heading(name, hues.get(group), counted(len(positions), "trial"))
        _draw_heading(ax, heading, y, row)
        y += row * _HEAD
        for i in positions:
            middle = y + row / 2
            title = frame["short_title"].iloc[i]
            texts = _Texts(ids[i], title, numbers[i], status[i], open_now[i])
            _draw_words(ax, texts, middle, at)
            bar = _Bar(middle, min(row * 0.56, 2.3), hues.get(group), status[i])
            _draw_time(ax, spans[i], bar, cut_off, time)
            y += row
        y += row * _AFTER
    if not np.isnan(cut_off):
        line = {"color": brand.color("ink"), "linewidth": 1.0, "zorder": 4}
        ax.vlines(time.place(cut_off), -1.2, units * row, clip_on=False, **line)
    return ax


def _groups(values: pd.Series) -> dict[str, list[int]]:
    """Return the rows of each family; those that do not fit are one group."""
    names = axis.groups_of(values, only_used=True)
    kept = [name for name in names if name != NOT_STATED]
    rest = kept[_MOST_GROUPS - 1 :] if len(kept) > _MOST_GROUPS else []
    text = axis.stated(values).replace(dict.fromkeys(rest, _REST))
    order = [*[name for name in kept if name not in rest], _REST, NOT_STATED]
    found = {group: np.flatnonzero(text == group).tolist() for group in order}
    return {group: rows for group, rows in found.items() if rows}


def _columns(
    ids: Iterable[str], numbers: Iterable[str], status: Iterable[str]
) -> _Columns:
    style = brand.load()
    width, size = style.width_mm, style.small_size
    last = min(max(page.widest(status, size), page.text_mm("Status", size)), _STATUS)
    end = width - last - 5.5
    left = page.widest(ids, size) + 2.5
    time = end - _TIME
    right = time - 4.5
    cut = right - page.widest(numbers, size) - 2.5
    return _Columns(left, cut, right, time, end, width - last)


def _draw_heads(ax: page.Axes, at: _Columns) -> None:
    look: dict[str, Any] = {"va": "center_baseline"} | page.small_text()
    heads = ((0, "Registry id", "left"), (at.title, "Trial", "left"))
    heads += ((at.participants, "Participants", "right"), (at.status, "Status", "left"))
    for x, head, side in heads:
        ax.text(x, -3.4, head, ha=side, **look)


def _draw_years(
    ax: page.Axes,
    spans: Sequence[lanes.Span],
    cut_off: float,
    at: _Columns,
    height: float,
) -> _Time:
    """Draw the years above the rows; return what places a day."""
    days = [day for span in spans for day in (span.start, span.end)]
    known = [day for day in (*days, cut_off) if not np.isnan(day)]
    if not known:
        return _Time(0, 1, at.time, at.end)
    room = max((max(known) - min(known)) * 0.02, 30)
    low, high = min(known) - room, max(known) + room
    first, last = lanes.date_of(low), lanes.date_of(high)
    ticks = scales.year_ticks(first, last, most=int((at.end - at.time) / _YEAR))
    dated = [(lanes.day_number(day), label) for day, label in ticks]
    low, high = (end(day for day, _ in dated) for end in (min, max))
    time = _Time(min(low, *known), max(high, *known), at.time, at.end)
    look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
    line = {"color": brand.color("grid"), "linewidth": 0.6, "zorder": 0}
    for day, label in dated:
        ax.text(time.place(day), -3.4, label, **look, **page.small_text())
        ax.vlines(time.place(day), 0, height, **line)
    return time


class _Heading(NamedTuple):
    """A group of rows: its name, color (none where nothing is stated), and size."""

    name: str
    hue: str | None
    n: str


def _draw_heading(ax: page.Axes, heading: _Heading, y: float, row: float) -> None:
    ink = families.ink_of(heading.hue or brand.color("slate"))
    width = brand.load().width_mm
    line = {"color": heading.hue or ink, "linewidth": 0.9, "zorder": 3}
    ax.hlines(y, 0, width, clip_on=False, **line)
    look: dict[str, Any] = {"va": "center_baseline", "color": ink, "weight": "bold"}
    look["fontsize"] = brand.load().small_size
    # The lines of the years stop at a heading.
    cover = {"facecolor": brand.color("white"), "linewidth": 0, "zorder": 1}
    page.box(ax, 0, y, width, row * _HEAD, **cover)
    middle = y + row * _HEAD / 2 + 0.2
    ax.text(0, middle, page.shorten(heading.name, 90), **look)
    ax.text(width, middle, heading.n, ha="right", **look)


class _Texts(NamedTuple):
    """The words of one row."""

    trial: str
    title: str | None
    participants: str
    status: str
    is_open: bool


def _draw_words(ax: page.Axes, texts: _Texts, y: float, at: _Columns) -> None:
    size = brand.load().small_size
    look: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
    ink, slate = brand.color("ink"), brand.color("slate")
    ax.text(0, y, texts.trial, color=slate, **look)
    is_untitled = pd.isna(texts.title)
    title = "Title not stated" if is_untitled else str(texts.title)
    short = page.shorten(title, at.title_end - at.title, size)
    ax.text(at.title, y, short, color=slate if is_untitled else ink, **look)
    n = texts.participants
    shade = ink if n[:1].isdecimal() else slate
    ax.text(at.participants, y, n, ha="right", color=shade, **look)
    shade = ink if texts.is_open else slate
    ax.text(
        at.status, y, page.shorten(texts.status, _STATUS, size), color=shade, **look
    )


class _Bar(NamedTuple):
    """The bar of one row: its middle and height (mm), its color and status."""

    y: float
    height: float
    hue: str | None
    status: str


def _draw_time(
    ax: page.Axes, span: lanes.Span, bar: _Bar, cut_off: float, time: _Time
) -> None:
    """Draw the bar from start to completion, or say which of the two is missing."""
    if span.is_undated:
        _say(ax, time.left, bar.y, "no dates stated")
        return
    ends = [day for day in (span.start, span.end) if not np.isnan(day)]
    left, right = time.place(min(ends)), time.place(max(ends))
    if len(ends) == 1:
        text = f"{'end' if np.isnan(span.end) else 'start'} not stated"
        beyond = right + 1.6 + page.text_mm(text, brand.load().small_size)
        at, side = (right + 1.6, "left") if beyond < time.right else (left - 1, "right")
        _say(ax, at, bar.y, text, side)
    turn = right
    if not np.isnan(cut_off):
        turn = float(np.clip(time.place(cut_off), left, right))
    is_unknown = bar.status == "Unknown"
    pieces = [(left, turn, is_unknown), (turn, right, True)]
    if left == right:  # one day: it lies before the cut-off or after it
        is_later = not np.isnan(cut_off) and min(ends) > cut_off
        pieces = [(left, left + _SHORTEST, is_unknown or is_later)]
    for start, end, is_pale in pieces:
        if end > start:
            at = start, bar.y - bar.height / 2
            page.box(ax, *at, end - start, bar.height, **_look(bar, is_pale))


def _look(bar: _Bar, is_pale: bool) -> dict[str, Any]:
    hue = bar.hue or brand.color("slate")
    hue = families.pale(hue) if is_pale else hue
    if bar.hue is None or bar.status == "Withdrawn":
        return families.fill(None) | {"edgecolor": hue, "zorder": 2}
    return families.fill(hue) | {"zorder": 2}


def _say(ax: page.Axes, x: float, y: float, text: str, side: str = "left") -> None:
    look: dict[str, Any] = {"va": "center_baseline", "style": "italic"}
    cover = {"facecolor": brand.color("white"), "edgecolor": "none", "pad": 0.3}
    ax.text(x, y, text, ha=side, bbox=cover, zorder=1.5, **look, **page.small_text())
