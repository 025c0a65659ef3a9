"""When trials run, how long they take, how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.figures.draw import lanes, marks, page, pairs, phrases
from trialkit.figures.draw.piles import Part, draw_piles
from trialkit.figures.figure import Figure, bars_figure
from trialkit.summarize.wording import counted, words

_RIGHT = 13.0  # mm
_NAMED = 30  # undated trials named under the plot

#: Lanes of the dense form; beyond, they would be thinner than a printed hairline.
_DENSE_LANES = 600


def _draw_timeline(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw when each trial runs, one lane per trial, sorted as the frame is.

    What lies after the data cut-off is planned and drawn pale; without a cut-off no
    line is drawn and nothing is pale. Up to 40 trials have their id, status, routes and
    participants beside the lane; more are drawn as thin lanes without them, up to the
    600 that start last. Trials without any date are named below the plot rather than
    put somewhere on it. The x axis is in days since 1970, as in matplotlib's own date
    axes.
    """
    cut_off = lanes.cut_off_of(frame)
    spans = lanes.spans_of(frame)
    is_undated = np.array([span.is_undated for span in spans], dtype=bool)
    undated = frame.loc[is_undated, "trial_id"].astype(str).tolist()
    frame = frame[~is_undated]
    if frame.empty:
        return page.empty_note(ax, "No trial states a date")
    spans = [span for span in spans if not span.is_undated]
    routes = list(map(marks.split_routes, frame["route_groups"]))
    if len(frame) > lanes.LANES:
        firsts = [groups[0] for groups in routes]
        return _draw_dense(spans, firsts, cut_off, len(undated), ax)
    routes = [groups[:3] for groups in routes]
    ids = [page.shorten(str(value), 32) for value in frame["trial_id"]]
    glyphs = max(map(len, routes)) * marks.GLYPH + 1.5
    left = 6.5 + page.widest(ids) + glyphs
    key = marks.route_key(chain(*routes))
    key += lanes.span_key(spans, cut_off)
    note = f"Status: {marks.status_key(frame['overall_status'])}"
    if undated:
        more = len(undated) - _NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        note += f"\nNo dates in the sources: {', '.join(undated[:_NAMED])}{rest}"
    size = {"body": len(ids) * 4.6, "left": left, "right": _RIGHT}
    with lanes.lane_axes(ax, spans, cut_off, key, note, **size) as ax:
        ax.set_yticks(range(len(ids)), ids)
        ax.tick_params(axis="y", pad=(glyphs + 0.5) / page.POINT)
        lanes.draw_spans(ax, spans, routes, cut_off)
        marks.draw_letters(ax, 2.4 - left, frame["overall_status"], 0)
        marks.draw_glyphs(ax, 1.5 - glyphs, routes)
        page.beside(ax, _RIGHT - 2, -0.75, "n", is_small=True, va="baseline")
        for y, n in enumerate(frame["enrollment"]):
            text = "ns" if pd.isna(n) else f"{int(n):,}"
            page.beside(ax, _RIGHT - 2, y, text, is_small=pd.isna(n))
    return ax


def _draw_dense(
    spans: Sequence[lanes.Span],
    routes: Sequence[str],
    cut_off: float,
    n_undated: int,
    ax: page.Axes | None,
) -> page.Axes:
    """Draw many trials as thin lanes: a picture of density, without ids."""
    hidden = max(0, len(spans) - _DENSE_LANES)
    spans, routes = spans[hidden:], routes[hidden:]
    key = marks.route_key(routes)
    note = f"{len(spans):,} trials, one line each, by start date; pale: planned"
    if hidden:
        note += f"; the {hidden:,} that start first are not drawn"
    if n_undated:
        note += f"; {n_undated:,} without any date"
    size = {"body": max(len(spans) * 1.2, 60), "left": 4, "right": 4}
    with lanes.lane_axes(ax, spans, cut_off, key, note, **size) as ax:
        ax.set_yticks([])
        _draw_thin_lanes(ax, spans, routes, cut_off)
    return ax


def _draw_thin_lanes(
    ax: page.Axes, spans: Sequence[lanes.Span], routes: Sequence[str], cut_off: float
) -> None:
    """Draw the lanes of each route as one collection: 600 of them stay quick."""
    from matplotlib.collections import LineCollection

    thick = min(2.2, 0.8 * page.size_mm(ax)[1] / page.POINT / len(spans))
    for route in dict.fromkeys(routes):
        solid, later, points = [], [], []
        for y, span in enumerate(spans):
            if routes[y] != route:
                continue
            if np.isnan(span.start) or np.isnan(span.end):
                points.append((np.nanmax((span.start, span.end)), y))
                continue
            turn = span.end if np.isnan(cut_off) else min(span.end, cut_off)
            solid.append(((span.start, y), (max(turn, span.start), y)))
            later.append(((max(turn, span.start), y), (span.end, y)))
        color = brand.route_mark(route).color
        look: dict[str, Any] = {"linewidths": thick, "zorder": 2, "label": route}
        ax.add_collection(LineCollection(solid, colors=color, **look))
        ax.add_collection(LineCollection(later, colors=lanes.pale(color), **look))
        if points:
            xs, ys = zip(*points, strict=True)
            ax.scatter(xs, ys, marker="|", s=9, color=color, linewidth=0.8)


def _timeline_in_words(frame: pd.DataFrame) -> str:
    spans = [span for span in lanes.spans_of(frame) if not span.is_undated]
    cut_off = frame.attrs.get("as_of")
    number = phrases.part_of(len(spans), len(frame))
    parts = [f"Lanes from start to completion for {number}"]
    for name, verb in (("start", "starts"), ("completion", "completions")):
        years = pd.to_datetime(frame[f"{name}_earliest"]).dropna().dt.year
        if len(years):
            parts.append(f"{verb} {phrases.years_between(years.min(), years.max())}")
    text = "; ".join(parts)
    return f"{text}; data cut-off {cut_off}." if cut_off else f"{text}."


def _timeline_note(frame: pd.DataFrame) -> str:
    undated = [span.is_undated for span in lanes.spans_of(frame)]
    names = frame.loc[undated, "trial_id"].astype(str).tolist()
    drawn = len(frame) - len(names)
    parts = [f"No dates in the sources: {phrases.some(names)}."] if names else []
    if drawn > _DENSE_LANES:
        parts.append(f"Of {drawn:,} dated trials the {_DENSE_LANES} that start last.")
    return " ".join(parts)


timeline = Figure(
    name="timeline",
    question="When does each trial run?",
    summary=summarize.timeline,
    columns=("trial_id", "route_groups", "overall_status", "enrollment"),
    drawing=_draw_timeline,
    caption="Time from start to completion, one lane per trial, in order of start "
    "date. Unit: trials, N = {n}. The part after the cut-off is lighter; an arrow "
    "means that the source gives no end, a bracket that it gives no start; whiskers "
    "span what a date known to the month can mean. Trials without any date are named "
    "below the lanes.",
    alt_text=_timeline_in_words,
    caption_note=_timeline_note,
    minimum=1,
    needs=("as_of",),
    draws_cut_off=True,
    instead=lambda _: "No source gives a date of a trial: no timeline is drawn.",
)

#: Years from start to completion with a column of their own.
_MOST_YEARS = 9
_REACHED, _PLANNED = "Completed or stopped", "Planned, unknown or withdrawn"


def _draw_durations(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many years trials last from start to completion, in columns.

    Those that are completed or stopped by their record have the accent; the end of
    others is a plan, or not known. A date known to the month is taken at its middle.
    """
    columns = _duration_columns(frame)
    parts = [
        Part(_REACHED, brand.color("accent")),
        Part(_PLANNED, brand.color("rest")),
    ]
    return draw_piles(ax, columns, parts, is_boxed=False)


def _duration_columns(frame: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the trials of each class of years, by what is known of their end."""
    years = pd.Series(np.ceil(frame["months"].astype(float) / 12)).clip(lower=1)
    last = int(min(years.max(), _MOST_YEARS + 1))
    status = words(frame["overall_status"], "overall_status").astype(str)
    is_reached = status.isin(["Completed", "Terminated"])
    columns: dict[str, dict[str, int]] = {}
    for year in range(1, last + 1):
        own = years.ge(year) if year > _MOST_YEARS else years.eq(year)
        name = f"{year - 1} to {year}" if year > 1 else "up to 1"
        name = f"over {_MOST_YEARS}" if year > _MOST_YEARS else name
        n, reached = int(own.sum()), int((own & is_reached).sum())
        columns[name] = {_REACHED: reached, _PLANNED: n - reached}
    return columns


def _durations_in_words(frame: pd.DataFrame) -> str:
    years = frame["months"].dropna().astype(float) / 12
    columns = _duration_columns(frame)
    told = [f"{name} {sum(own.values()):,}" for name, own in columns.items()]
    reached = sum(own[_REACHED] for own in columns.values())
    spread = phrases.spread_in_words(years)
    return (
        f"Years from start to completion: {spread}. Trials by years:"
        f" {'; '.join(told)}. Completed or stopped: {reached:,}."
    )


def _durations_note(frame: pd.DataFrame) -> str:
    n = int(frame.attrs.get("n_reversed", 0))
    trials = f"{counted(n, 'trial')} with a completion before the start"
    return f"Not drawn: {trials}." if n else ""


durations = Figure(
    name="durations",
    question="How long do trials take?",
    summary=summarize.durations,
    columns=("trial_id", "months", "overall_status"),
    drawing=_draw_durations,
    caption="Trials by years from start to completion. N = {n_usable} of {n} with both "
    "dates.",
    alt_text=_durations_in_words,
    caption_note=_durations_note,
    minimum=3,
)

_draw_status_by_route = pairs.matrix_of(
    "route_group", "status", ranked=("route_group",)
)
_draw_status_by_route.__doc__ = """Draw the trials of each route and recruitment status.

The commonest route comes first, with its trials at the right, each once; a trial with
two routes is in two rows. Statuses stand in the order of a trial's life. The accent
marks the largest pair, "Not stated" is an outline.
"""

status_by_route = Figure(
    name="status_by_route",
    question="How far are the trials of each route?",
    summary=summarize.status_by_route,
    columns=("route_group", "status", "n"),
    drawing=_draw_status_by_route,
    caption="Trials by route and recruitment status, as registered; a trial with "
    "several routes counts in each. Outlined: one of the two is not stated. N = {n}.",
    alt_text=phrases.pairs_in_words(
        "route_group", "status", "route and recruitment status"
    ),
    caption_note=pairs.most_note("route_group"),
    minimum=8,
)


statuses = bars_figure(
    "statuses",
    "Draw how many trials there are of each status, as bars.",
    column="status",
    words="recruitment status",
    is_ranked=False,
    question="Which trials are open, completed, stopped or of unknown status?",
    summary=summarize.statuses,
    caption="Trials by recruitment status. N = {n}.",
)
