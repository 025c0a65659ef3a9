"""When trials run, how long they take, how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import page
from trialkit.figures.draw.bars import Look, draw_stacks, missing_look, parts_of
from trialkit.figures.draw.dots import dot_rows, draw_dots
from trialkit.figures.draw.marks import (
    ACTUAL,
    GLYPH,
    PLANNED,
    draw_glyphs,
    draw_letters,
    route_groups_in,
    route_key,
    split_routes,
    status_key,
)
from trialkit.figures.draw.rows import groups_of, route_rows, routes_of, stated
from trialkit.figures.draw.spans import (
    LANES,
    Span,
    cut_off_of,
    draw_spans,
    lane_axes,
    pale,
    span_key,
    spans_of,
)
from trialkit.figures.draw.words import (
    pairs_in_words,
    part_of,
    some,
    spread_in_words,
    years_between,
)
from trialkit.figures.figure import ROWS_SUM, Figure
from trialkit.summarize.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RIGHT = 13.0  # mm
_NAMED = 30  # undated trials named under the plot

#: Lanes of the dense form; beyond, they would be thinner than a printed hairline.
_DENSE_LANES = 600


def _draw_timeline(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw when each trial runs, one lane per trial, sorted as the frame is.

    What lies after the data cut-off is planned and drawn pale; without a cut-off no
    line is drawn and nothing is pale. Up to 40 trials have their id, status, routes and
    participants beside the lane; more are drawn as thin lanes without them, up to the
    600 that start last. Trials without any date are named below the plot rather than
    put somewhere on it. The x axis is in days since 1970, as in matplotlib's own date
    axes.
    """
    cut_off = cut_off_of(frame)
    spans = spans_of(frame)
    is_dated = np.array([not span.is_undated for span in spans], dtype=bool)
    lanes = frame[is_dated]
    if lanes.empty:
        return page.empty_note(ax, "No trial states a date")
    spans = [span for span in spans if not span.is_undated]
    undated = frame.loc[~is_dated, "trial_id"].astype(str).tolist()
    if len(lanes) > LANES:
        return _draw_dense(lanes, spans, cut_off, len(undated), ax)
    routes = [split_routes(value)[:3] for value in lanes["route_groups"]]
    ids = [page.shorten(str(value), 32) for value in lanes["trial_id"]]
    glyphs = max(map(len, routes)) * GLYPH + 1.5
    left = 6.5 + page.widest(ids) + glyphs
    key = route_key(route_groups_in(routes)) + span_key(spans, cut_off)
    body, note = len(ids) * 4.6, _timeline_key(lanes, undated)
    with lane_axes(
        ax, spans, cut_off, key, note, body=body, left=left, right=_RIGHT
    ) as ax:
        ax.set_yticks(range(len(ids)), ids)
        ax.tick_params(axis="y", pad=(glyphs + 0.5) / page.POINT)
        draw_spans(ax, spans, routes, cut_off)
        draw_letters(ax, 2.4 - left, lanes["overall_status"], 0)
        draw_glyphs(ax, 1.5 - glyphs, routes)
        page.beside(ax, _RIGHT - 2, -0.75, "n", is_small=True, va="baseline")
        for y, n in enumerate(lanes["enrollment"]):
            text = "ns" if pd.isna(n) else f"{int(n):,}"
            page.beside(ax, _RIGHT - 2, y, text, is_small=pd.isna(n))
    return ax


def _timeline_key(lanes: pd.DataFrame, undated: Sequence[str]) -> str:
    """Return what stands under the plot: the letters' meaning, the undated trials."""
    lines = [f"Status: {status_key(lanes['overall_status'])}"]
    if undated:
        names = ", ".join(undated[:_NAMED])
        more = len(undated) - _NAMED
        names += f" and {more:,} more" if more > 0 else ""
        lines.append(f"No dates in the sources: {names}")
    width, size = brand.load().width_mm - 4, brand.load().small_size
    return "\n".join(page.wrap(line, width, size) for line in lines)


def _draw_dense(
    lanes: pd.DataFrame,
    spans: Sequence[Span],
    cut_off: float,
    n_undated: int,
    ax: Axes | None,
) -> Axes:
    """Draw many trials as thin lanes: a picture of density, without ids."""
    hidden = max(0, len(lanes) - _DENSE_LANES)
    lanes, spans = lanes[hidden:], spans[hidden:]
    firsts = [split_routes(value)[0] for value in lanes["route_groups"]]
    key = route_key(route_groups_in([firsts]))
    note = f"{len(lanes):,} trials, one line each, by start date; pale: planned"
    if hidden:
        note += f"; the {hidden:,} that start first are not drawn"
    if n_undated:
        note += f"; {n_undated:,} without any date"
    body = max(len(lanes) * 1.2, 60)
    with lane_axes(ax, spans, cut_off, key, note, body=body, left=4, right=4) as ax:
        ax.set_yticks([])
        _draw_thin_lanes(ax, spans, firsts, cut_off)
    return ax


def _draw_thin_lanes(
    ax: Axes, spans: Sequence[Span], routes: Sequence[str], cut_off: float
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
        ax.add_collection(LineCollection(later, colors=pale(color), **look))
        if points:
            xs, ys = zip(*points, strict=True)
            ax.scatter(xs, ys, marker="|", s=9, color=color, linewidth=0.8)


def _timeline_in_words(frame: pd.DataFrame) -> str:
    spans = [span for span in spans_of(frame) if not span.is_undated]
    cut_off = frame.attrs.get("as_of")
    number = part_of(len(spans), len(frame))
    parts = [f"Lanes from start to completion for {number}"]
    for name, words in (("start", "starts"), ("completion", "completions")):
        years = pd.to_datetime(frame[f"{name}_earliest"]).dropna().dt.year
        if len(years):
            parts.append(f"{words} {years_between(years.min(), years.max())}")
    text = "; ".join(parts)
    return f"{text}; data cut-off {cut_off}." if cut_off else f"{text}."


def _timeline_note(frame: pd.DataFrame) -> str:
    undated = [span.is_undated for span in spans_of(frame)]
    names = frame.loc[undated, "trial_id"].astype(str).tolist()
    drawn = len(frame) - len(names)
    parts = [f"No dates in the sources: {some(names)}."] if names else []
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

#: What the fill of a dot says about a duration, and the fill.
_FILLS = {"from full dates": ACTUAL, "from a month or year (~)": PLANNED}


def _draw_durations(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the months from start to completion of each trial, by route.

    One dot per trial and route, in the row of each of its `route_groups` where the
    frame has them; the number and median of each row stand at the right. A date known
    to the month or year gives a duration computed from its middle; such a dot is open.
    """
    if "route_groups" in frame:
        each = stated(frame["route_groups"]).map(split_routes)
        frame = frame.assign(route_group=each)
        frame = frame.explode("route_group", ignore_index=True)
    exact, approximate = _FILLS
    rough = frame["is_approximate"].astype("boolean").fillna(True)
    points = pd.DataFrame(
        {
            "group": stated(frame["route_group"]),
            "value": frame["months"].astype("Float64"),
            "kind": rough.map({True: approximate, False: exact}),
        }
    )
    return draw_dots(
        points.dropna(subset=["value"]),
        dot_rows(frame["route_group"]),
        ax,
        fills=_FILLS,
        label="Months from start to completion",
    )


def _durations_in_words(frame: pd.DataFrame) -> str:
    months = frame.drop_duplicates("trial_id")["months"].dropna().astype(float)
    spread = spread_in_words(months)
    return f"Months from start to completion, one dot per trial and route: {spread}."


def _durations_note(frame: pd.DataFrame) -> str:
    n = int(frame.attrs.get("n_reversed", 0))
    trials = f"{counted(n, 'trial')} with a completion before the start"
    return f"Not drawn: {trials}." if n else ""


durations = Figure(
    name="durations",
    question="How long do trials take, by route?",
    summary=summarize.durations,
    columns=("trial_id", "route_group", "months", "is_approximate"),
    drawing=_draw_durations,
    caption="Months from start to completion, by route, one dot per trial. Unit: "
    "trials, N = {n_usable} of {n} with both dates. Where a date is known to the "
    "month, the duration runs from mid-month and is marked ~. " + ROWS_SUM,
    alt_text=_durations_in_words,
    caption_note=_durations_note,
    minimum=3,
)

#: Hue, share of it, and hatch of the statuses: before, during, after, stopped.
_STATUSES = {
    "Not yet recruiting": ("petrol-pale", 1.0, None),
    "Recruiting": ("petrol-mid", 1.0, None),
    "Enrolling by invitation": ("petrol-mid", 1.0, "||||"),
    "Active, not recruiting": ("petrol", 0.8, None),
    "Completed": ("charcoal", 1.0, None),
    "Suspended": ("umber", 0.25, None),
    "Terminated": ("umber", 0.6, None),
    "Withdrawn": ("umber", 1.0, "\\\\\\\\"),
    "Unknown": ("steel", 0.45, "||||"),
    "Expanded access": ("violet", 0.6, None),
}


def _draw_status_by_route(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the recruitment status of the trials of each route, bars of equal length.

    Routes stand in the order that all figures share. Counts are printed, shares are
    not: the number of trials behind a bar stands at its end.
    """
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return page.empty_note(ax)
    rows = route_rows(routes_of(frame["route_group"]))
    looks = {name: _status_look(name) for name in groups_of(frame["status"])}
    parts = parts_of(frame, "route_group", "status", rows, looks)
    ax = draw_stacks(rows, parts, looks, ax, is_share=True)
    ax.set_xlabel("All trials of the route, divided by recruitment status")
    return ax


def _status_look(status: str) -> Look:
    if status == NOT_STATED:
        return missing_look()
    hue, weight, hatch = _STATUSES.get(status, ("steel", 1.0, None))
    return Look(brand.tint(brand.color(hue), weight), hatch)


status_by_route = Figure(
    name="status_by_route",
    question="How far are the trials of each route?",
    summary=summarize.status_by_route,
    columns=("route_group", "status", "n"),
    drawing=_draw_status_by_route,
    caption="Recruitment status by route, as registered. Unit: trials, N = {n}. Bars "
    "have one length; the numbers in them and at their ends are trials. " + ROWS_SUM,
    alt_text=pairs_in_words("route_group", "status", "route and recruitment status"),
    minimum=8,
)
