"""What changed between two states of the records: participants and dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.figures.draw import axis, lanes, marks, page, scales
from trialkit.figures.figure import Figure
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import counted

_DOT = 2.3  # mm


def _draw_planned_actual(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the participants once planned and now actual, a pair of dots per trial.

    Open dots are planned, filled ones actual, on a log axis with zero at its left edge.
    Of more than 40 trials those with the largest differences are drawn.
    """
    frame = _largest(frame, "difference")
    slate, accent = brand.color("slate"), brand.color("accent")
    looks = {
        "planned": marks.fill_looks(marks.PLANNED, slate, slate, width=_DOT),
        "actual": marks.fill_looks(marks.ACTUAL, accent, accent, width=_DOT),
    }
    key = [page.KeyItem(name, look) for name, look in looks.items()]
    ax, ys = _rows(frame["trial_id"].astype(str).tolist(), key, ax)
    ends = {name: frame[name].to_numpy(float) for name in looks}
    both = np.concatenate(list(ends.values()))
    least = max(1.0, both[both > 0].min(initial=1))
    ticks = scales.log_ticks(least, max(both.max(), 2.0))
    low = ticks[0] / 1.4
    limits, name = (low, ticks[-1] * 1.25), "Participants (log scale)"
    scales.draw_number_axis(ax, ticks, name, limits=limits, is_log=True)
    # A log axis has no 0: a trial that nobody joined ends at its edge.
    places = {name: np.maximum(values, low) for name, values in ends.items()}
    ax.hlines(ys, places["planned"], places["actual"], color=slate, linewidth=0.9)
    for name, layers in looks.items():
        for look in layers:
            ax.scatter(places[name], ys, clip_on=False, **look)
    return ax


def _draw_schedule_changes(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the completion dates that moved, an arrow per trial from old to new.

    Of more than 40 trials those that moved most are drawn. The x axis is in days since
    1970, as in matplotlib's own date axes.
    """
    frame = _largest(frame, "days")
    slate, accent = brand.color("slate"), brand.color("accent")
    later, earlier = ({"marker": m, "s": 22, "color": accent} for m in "><")
    old: dict[str, Any] = {"marker": "|", "s": 30, "color": slate}
    key = [page.KeyItem("earlier report", (old,)), page.KeyItem("now", (later,))]
    ax, ys = _rows(frame["trial_id"].astype(str).tolist(), key, ax)
    was = np.array([lanes.day_number(day) for day in frame["before"]])
    now = np.array([lanes.day_number(day) for day in frame["now"]])
    lanes.draw_years(ax, min(was.min(), now.min()), max(was.max(), now.max()))
    ax.hlines(ys, was, now, color=slate, linewidth=0.9)
    ax.scatter(was, ys, **old)
    for is_own, look in ((now > was, later), (now < was, earlier)):
        ax.scatter(now[is_own], ys[is_own], zorder=3, **look)
    ax.set_xlabel("Completion date in the record")
    return ax


def _largest(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows that a figure has room for: the largest changes, in order."""
    if len(frame) <= lanes.LANES:
        return frame
    order = frame[column].astype(float).abs().sort_values(kind="stable")
    return frame.loc[order.index[-lanes.LANES :].sort_values()]


def _rows(
    ids: Sequence[str], key: Sequence[page.KeyItem], ax: page.Axes | None
) -> tuple[page.Axes, np.ndarray]:
    """Return axes with one labelled row per trial, and the rows' middles."""
    rows = [axis.Row(page.shorten(name, 32), name) for name in ids]
    pad = page.widest(row.label for row in rows) + 3
    top = page.key_height(key) + 2
    ax = page.axes(ax, body=max(len(rows) * 5, 12), left=pad + 2, right=6, top=top)
    centers = axis.draw_row_labels(ax, rows, pad=pad)
    ax.spines["left"].set_visible(False)
    page.draw_key(ax, key, x=-pad, y=top - 1)
    return ax, np.array(centers)


def _participants_in_words(frame: pd.DataFrame) -> str:
    change = frame["difference"]
    return (
        f"Participants planned and actual in {counted(len(frame), 'trial')}: more than"
        f" planned in {change.gt(0).sum():,}, fewer in {change.lt(0).sum():,}."
    )


def _changes_in_words(frame: pd.DataFrame) -> str:
    later = int(frame["days"].gt(0).sum())
    return (
        f"Completion dates that moved in {counted(len(frame), 'trial')}: later in"
        f" {later:,}, earlier in {len(frame) - later:,}, median"
        f" {number(float(frame['days'].median()))} days."
    )


def _largest_note(frame: pd.DataFrame) -> str:
    n = len(frame)
    return (
        f"Of {n:,} trials the {lanes.LANES} that changed most."
        if n > lanes.LANES
        else ""
    )


planned_actual = Figure(
    name="planned_actual",
    question="Did trials reach the participants that they planned?",
    summary=summarize.planned_actual,
    columns=("trial_id", "planned", "actual", "difference"),
    drawing=_draw_planned_actual,
    caption="Participants planned in the earlier report and actual now, by difference. "
    "Unit: trials, N = {n_usable} of {n} with both numbers.",
    alt_text=_participants_in_words,
    caption_note=_largest_note,
    minimum=3,
    needs=("earlier",),
    title="Participants planned and reached, compared",
)

schedule_changes = Figure(
    name="schedule_changes",
    question="Which completion dates moved, and how far?",
    summary=summarize.schedule_changes,
    columns=("trial_id", "before", "now", "days"),
    drawing=_draw_schedule_changes,
    caption="Completion dates that moved since the earlier report, from then to now. "
    "Unit: trials, N = {n_usable} of {n}.",
    alt_text=_changes_in_words,
    caption_note=_largest_note,
    minimum=3,
    needs=("earlier",),
    title="Changes of schedule",
)
