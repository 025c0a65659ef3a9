"""Participants added up by start date, a line per route."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED, short_word
from trialkit.figures.draw import axis, lanes, page, phrases, scales
from trialkit.figures.figure import Figure
from trialkit.summarize.timelines import middle
from trialkit.summarize.wording import counted

#: Routes with a name at the end of their line, and "Not stated" besides.
_MOST_NAMED = 5
_LINES = 62.0  # mm


def _draw_cumulative(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how the participants of trials add up by start date, a step line per route.

    The route with most participants has the accent, and a line its name and sum at its
    end; of more than five routes the smaller are thin lines without. Steps after the
    data cut-off are dashed. The x axis is in days since 1970, as in matplotlib's own
    date axes.
    """
    cut_off = lanes.cut_off_of(frame)
    days = np.array([lanes.day_number(day) for day in middle(frame, "start")])
    last = np.nanmax([days.max(), cut_off])
    groups = axis.groups_of(frame["route_group"], only_used=True)
    ends = {g: int(frame.loc[frame["route_group"] == g, "total"].max()) for g in groups}
    named = _named_lines(ends)
    labels = {
        g: f"{page.shorten(short_word(g, 'route_group'), 40)} {ends[g]:,}"
        for g in named
    }
    ticks = scales.count_ticks(max(ends.values()), most=7)
    left, right = page.text_mm(f"{ticks[-1]:,}") + 9, page.widest(labels.values()) + 8
    ax = page.axes(ax, body=_LINES, left=left, right=right, top=7, bottom=8)
    lanes.draw_years(ax, days.min(), last)
    ax.set_xlim(right=last)
    scales.draw_upright_count_axis(ax, ticks, "Participants, added up")
    ax.grid(axis="y")
    for group in groups:
        is_own = (frame["route_group"] == group).to_numpy()
        total = frame.loc[is_own, "total"].to_numpy(float)
        look = _line_look(group, named)
        _draw_steps(ax, days[is_own], total, cut_off, last, label=group, **look)
    lanes.draw_cut_off(ax, cut_off)
    _draw_ends(ax, ends, labels, last, _LINES / ticks[-1])
    return ax


def _named_lines(ends: dict[str, int]) -> list[str]:
    """Return the routes that are named, the one with most participants first."""
    ranked = sorted(ends, key=lambda group: (group == NOT_STATED, -ends[group]))
    last = [NOT_STATED] if NOT_STATED in ends else []
    return [*ranked[: min(_MOST_NAMED, len(ranked) - len(last))], *last]


def _line_look(group: str, named: list[str]) -> dict[str, Any]:
    if group not in named:
        return {"color": brand.color("rest"), "linewidth": 0.7, "zorder": 1.5}
    if group == named[0] != NOT_STATED:
        return {"color": brand.color("accent"), "linewidth": 1.6, "zorder": 2.2}
    return {"color": brand.color("bar"), "linewidth": 1.2, "zorder": 2}


def _draw_steps(
    ax: page.Axes,
    days: np.ndarray,
    total: np.ndarray,
    cut_off: float,
    last: float,
    *,
    label: str,
    **look: Any,
) -> None:
    """Draw one route's steps, those after the cut-off dashed."""
    look["where"] = "post"
    xs = np.concatenate(([days[0]], days, [last]))
    ys = np.concatenate(([0.0], total, total[-1:]))
    turn = np.fmin(last, cut_off)  # the last day where there is no cut-off
    is_past = xs <= turn
    if is_past.any():
        level = ys[is_past][-1]
        ax.step([*xs[is_past], turn], [*ys[is_past], level], label=label, **look)
        xs, ys = [turn, *xs[~is_past]], [level, *ys[~is_past]]
    if not is_past.all():
        ax.step(xs, ys, linestyle=(0, (2, 1.5)), **look)


def _draw_ends(
    ax: page.Axes, ends: dict[str, int], labels: dict[str, str], last: float, mm: float
) -> None:
    """Name each line at its end, names moved apart where lines end close together."""
    gap = 4.0 / mm
    order = sorted(labels, key=lambda group: ends[group])
    places: list[float] = []
    for group in order:
        floor = places[-1] + gap if places else 0.0
        places.append(max(float(ends[group]), floor))
    over = max(0.0, places[-1] - ax.get_ylim()[1])
    first = next((g for g in order[::-1] if g != NOT_STATED), "")
    for group, place in zip(order, places, strict=True):
        n = ends[group]
        shift = (place - over - n) * mm
        look: dict[str, Any] = {"va": "center", "fontsize": brand.load().small_size}
        look["color"] = brand.color("accent" if group == first else "slate")
        look["weight"] = "bold" if group == first else "normal"
        at = 5, shift / page.POINT
        page.label_point(ax, labels[group], (last, n), at, **look)


def _years(frame: pd.DataFrame) -> tuple[int, int]:
    """Return the first and the last year of a start."""
    years = frame["start_earliest"].dt.year
    return int(years.min()), int(years.max())


def _cumulative_in_words(frame: pd.DataFrame) -> str:
    totals = frame.groupby(axis.stated(frame["route_group"]))["total"].max()
    totals = totals.sort_values(ascending=False)
    largest = totals.head(phrases.MOST_NAMED).items()
    named = "; ".join(f"{group} {int(n):,}" for group, n in largest)
    years = phrases.years_between(*_years(frame))
    return (
        f"Participants of trials added up by start date, {years},"
        f" one line per route: {named} at the end."
    )


def _cumulative_note(frame: pd.DataFrame) -> str:
    n = len({*axis.stated(frame["route_group"])} - {NOT_STATED}) - _MOST_NAMED
    return f"Thin: {counted(n, 'route')} with fewer participants." if n > 0 else ""


cumulative_enrollment = Figure(
    name="cumulative_enrollment",
    question="How do the registered participants of each route add up over time?",
    summary=summarize.cumulative_enrollment,
    columns=("trial_id", "route_group", "start_earliest", "start_latest", "total"),
    drawing=_draw_cumulative,
    caption="Participants, planned and actual, of trials added up by start and route: "
    "what was registered, not what was enrolled by then. A trial with two routes "
    "counts whole in both; dashed: after the cut-off. N = {n_usable} of {n}.",
    alt_text=_cumulative_in_words,
    caption_note=_cumulative_note,
    minimum=10,
    needs=("as_of",),
    draws_cut_off=True,
    without_cells="",
)
