"""One row per route and cell source: trials as a bar, participants as an interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import families, intervals, marks, page
from trialkit.figures.draw.axis import stated
from trialkit.figures.draw.intervals import Spread
from trialkit.figures.draw.sheet import sheet
from trialkit.summarize.overview import GIVES

#: Trials of a route that give a source a row of its own.
SOURCE_FROM = 12
OTHER_SOURCES, OTHER_ROUTES = "More sources", "More routes"
#: Rows that fit on a page; routes beyond them are together.
MOST_LINES = 52

_ROUTE, _SOURCE = 4.6, 3.6  # mm
_HEAD, _FOOT = 5.5, 5.0
_LABEL, _BARS, _TIMES = 60.0, 43.0, 122.0
_INDENT = 4.0
_RIGHT = 12.0
_LIMIT = 196.0


class Line(NamedTuple):
    """One row: a route, or a source within it, with its trials."""

    name: str
    n: int
    spread: Spread | None
    is_route: bool


def lines_of(frame: pd.DataFrame) -> list[Line]:
    """Return the rows of a strip's frame: routes by size, each with its sources."""
    sizes = dict(zip(frame["trial_id"], _numbers(frame["enrollment"]), strict=True))
    routes = _members(frame["trial_id"], stated(frame["route_groups"]))
    pairs = _members(frame["trial_id"], frame["route_sources"])
    sources: dict[str, dict[str, set[str]]] = {}
    for pair, trials in pairs.items():
        route, _, source = pair.partition(GIVES)
        sources.setdefault(route, {})[source] = trials
    ranked = sorted(routes, key=lambda r: (r == NOT_STATED, -len(routes[r])))
    ranked = [name for name in ranked if name != _OWN_REST] + [_OWN_REST]
    ranked.sort(key=lambda name: name in (_OWN_REST, NOT_STATED))
    blocks = {
        name: _block(name, routes[name], sources.get(name, {}), sizes)
        for name in ranked
        if name in routes
    }
    return _fitting(blocks, routes, sources, sizes)


#: What the vocabulary calls a route that it has no group for.
_OWN_REST = "Other route"


def _numbers(values: pd.Series) -> list[float]:
    return values.astype("Float64").fillna(0).astype(float).tolist()


def _members(trials: pd.Series, texts: pd.Series) -> dict[str, set[str]]:
    """Return the trials that have each part of a joined text."""
    found: dict[str, set[str]] = {}
    for trial, text in zip(trials, texts, strict=True):
        for part in [] if pd.isna(text) else str(text).split("; "):
            found.setdefault(part, set()).add(trial)
    return found


def _block(
    name: str,
    trials: set[str],
    sources: Mapping[str, set[str]],
    sizes: Mapping[str, float],
) -> list[Line]:
    """Return the row of a route, and of its sources where one has enough trials."""
    lines = [_line(name, trials, sizes, is_route=True)]
    told = {key: own for key, own in sources.items() if key != NOT_STATED}
    large = [key for key, own in told.items() if len(own) >= SOURCE_FROM]
    if not large:
        return lines
    large.sort(key=lambda key: -len(told[key]))
    lines += [_line(key, told[key], sizes) for key in large]
    rest = set().union(*(own for key, own in told.items() if key not in large))
    if rest:
        lines.append(_line(OTHER_SOURCES, rest, sizes))
    if missing := sources.get(NOT_STATED):
        lines.append(_line(NOT_STATED, missing, sizes))
    return lines


def _line(
    name: str,
    trials: Iterable[str],
    sizes: Mapping[str, float],
    *,
    is_route: bool = False,
) -> Line:
    own = [sizes[trial] for trial in trials]
    return Line(name, len(own), intervals.spread_of(own), is_route)


def _fitting(
    blocks: dict[str, list[Line]],
    routes: Mapping[str, set[str]],
    sources: Mapping[str, Mapping[str, set[str]]],
    sizes: Mapping[str, float],
) -> list[Line]:
    """Return the rows, the smallest routes together where they do not fit."""
    pooled: list[str] = []
    names = [name for name in blocks if name not in (NOT_STATED, _OWN_REST)]
    while sum(map(len, blocks.values())) > MOST_LINES and len(names) > 1:
        pooled.append(names.pop())
        own = [*pooled, *([_OWN_REST] if _OWN_REST in routes else [])]
        trials = set().union(*(routes[name] for name in own))
        joined: dict[str, set[str]] = {}
        for name in own:
            for source, found in sources.get(name, {}).items():
                joined.setdefault(source, set()).update(found)
        kept = {name: blocks[name] for name in names}
        rest = {OTHER_ROUTES: _block(OTHER_ROUTES, trials, joined, sizes)}
        last = {k: v for k, v in blocks.items() if k == NOT_STATED}
        blocks = kept | rest | last
    return [line for lines in blocks.values() for line in lines]


def draw_route_rows(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the rows of a strip's frame, the largest route with the accent."""
    lines = lines_of(frame)
    n_routes = sum(line.is_route for line in lines)
    body = n_routes * _ROUTE + (len(lines) - n_routes) * _SOURCE
    press = min(1.0, (_LIMIT - _HEAD - _FOOT) / body)
    ax = sheet(ax, body * press, top=_HEAD, bottom=_FOOT)
    width = brand.load().width_mm
    ends = [end for line in lines if line.spread for end in line.spread]
    scale = intervals.scale_of(ends, _TIMES, width - _RIGHT)
    look: dict[str, Any] = {"va": "center_baseline"} | page.small_text()
    head = "Participants per trial: median and middle half"
    for x, text, side in (
        (0, "Route and cell source", "left"),
        (_LABEL, "Trials", "left"),
        (width, head, "right"),
    ):
        ax.text(x, -3.0, text, ha=side, **look)
    if scale:
        intervals.draw_ticks(ax, scale, body * press + 2.4, body * press)
    told = [line.n for line in lines if line.is_route and line.name != NOT_STATED]
    largest, most = max(told, default=0), max(line.n for line in lines)
    y, is_first = 0.0, False
    for line in lines:
        height = (_ROUTE if line.is_route else _SOURCE) * press
        if line.is_route:
            is_first = line.n == largest and line.name != NOT_STATED
            rule = {"color": brand.color("rule"), "linewidth": 0.7, "zorder": 1}
            ax.hlines(y, 0, width, clip_on=False, **rule)
        _draw_line(ax, line, y + height / 2, most, is_first)
        if line.spread and scale:
            middle = y + height / 2
            hue = brand.color("accent" if is_first else "bar")
            look_of = {"hue": hue, "is_bold": line.is_route}
            intervals.draw_interval(ax, middle, line.spread, scale, **look_of)
        else:
            ax.text(_TIMES - 2, y + height / 2, intervals.TOO_FEW, ha="right", **look)
        y += height
    return ax


def _draw_line(ax: page.Axes, line: Line, y: float, most: int, is_first: bool) -> None:
    size = brand.load().small_size
    is_missing = line.name == NOT_STATED
    shade = brand.color("slate" if is_missing else "ink")
    weight = "bold" if line.is_route else "normal"
    look: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
    look |= {"color": shade, "weight": weight}
    left = 0.0 if line.is_route else _INDENT
    name = "Route not stated" if is_missing and line.is_route else line.name
    name = name if line.is_route else marks.short_source(name)
    ax.text(left, y, page.shorten(name, _LABEL - left - 4, size), **look)
    hue = brand.color("accent" if is_first else "bar")
    hue = hue if line.is_route else brand.tint(hue, 0.5)
    length = max(_BARS * line.n / most, 0.4)
    high = 2.6 if line.is_route else 2.2
    bar = families.fill(None if is_missing else hue)
    page.box(ax, _LABEL, y - high / 2, length, high, **bar)
    ax.text(_LABEL + length + 1.4, y, f"{line.n:,}", **look)
