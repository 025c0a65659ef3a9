"""What was planned, what became of it, and how long each status lasted."""

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
    key = [page.KeyItem("planned once", (old,)), page.KeyItem("now", (later,))]
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
    ids: Sequence[str],
    key: Sequence[page.KeyItem],
    ax: page.Axes | None,
    *,
    above: float = 0,
) -> tuple[page.Axes, np.ndarray]:
    """Return axes with one labelled row per trial, and the rows' middles."""
    rows = [axis.Row(page.shorten(name, 32), name) for name in ids]
    pad = page.widest(row.label for row in rows) + 3
    top = page.key_height(key) + 2 + above
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


def _note(frame: pd.DataFrame) -> str:
    """Return which trials are drawn, and of how many the registered plan is known."""
    n, total = len(frame), frame.attrs.get("n_trials", 0)
    parts = []
    if n > lanes.LANES:
        parts.append(f"Of {n:,} trials the {lanes.LANES} that changed most.")
    known, others = (
        frame.attrs.get(f"n_{name}", 0) for name in ("registered", "earlier")
    )
    if known:
        has = "has" if known == 1 else "have"
        parts.append(
            f"{known:,} of {counted(total, 'trial')} {has} a version at registration."
        )
    if others:
        plan = "the plan" if others == 1 else "plans"
        parts.append(f"Of {counted(others, 'trial')} {plan} of the earlier report.")
    return " ".join(parts)


def _moves_note(frame: pd.DataFrame) -> str:
    n = frame.attrs.get("n_compared")
    told = f"{counted(n, 'trial')} with a date then and now." if n else ""
    return " ".join(filter(None, [told, _note(frame)]))


def _participants_note(frame: pd.DataFrame) -> str:
    drawn = _largest(frame, "difference")
    is_zero = drawn[["planned", "actual"]].eq(0).any(axis=None)
    edge = "0 is at the left edge." if is_zero else ""
    return " ".join(filter(None, [_note(frame), edge]))


planned_actual = Figure(
    name="planned_actual",
    question="Did trials reach the participants that they planned?",
    summary=summarize.planned_actual,
    columns=("trial_id", "planned", "actual", "difference"),
    drawing=_draw_planned_actual,
    caption="Participants planned at registration, or else in the earlier report, and "
    "actual now, by difference. Unit: trials, N = {n_usable} of {n} with both numbers.",
    alt_text=_participants_in_words,
    caption_note=_participants_note,
    minimum=3,
    needs=("earlier",),
    is_of_history=True,
    title="Participants planned and reached, compared",
)

schedule_changes = Figure(
    name="schedule_changes",
    question="Which completion dates moved, and how far?",
    summary=summarize.schedule_changes,
    columns=("trial_id", "before", "now", "days"),
    drawing=_draw_schedule_changes,
    caption="Completion dates that moved since registration, or else since the earlier "
    "report, from then to now. Unit: trials, N = {n_usable} of {n}.",
    alt_text=_changes_in_words,
    caption_note=_moves_note,
    minimum=3,
    needs=("earlier",),
    is_of_history=True,
    title="Changes of schedule",
)

#: Looks of a status: the accent while participants are sought, greys before and after.
_STATUS = {
    "Not yet recruiting": "bar",
    "Recruiting": "accent",
    "Enrolling by invitation": "accent",
    "Active, not recruiting": "slate",
    "Suspended": "missing",
}
_ENDS = {"COMPLETED": "o", "TERMINATED": "X", "WITHDRAWN": "X"}
_RUN = 2.6  # mm


def _draw_status_runs(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the recruitment status of each trial over time, a lane per trial.

    A lane begins with the version at registration, and ends with a dot where the trial
    is completed, a cross where it was terminated or withdrawn, and at the cut-off where
    it is open. A thin line means that the register has called the status unknown since
    the last version. Of more than 40 trials those with most runs are drawn. The x axis
    is in days since 1970, as in matplotlib's own date axes.
    """
    frame = _longest(frame)
    ids = list(dict.fromkeys(frame["trial_id"].astype(str)))
    ax, ys = _rows(ids, _runs_key(frame), ax, above=4)
    at = dict(zip(ids, ys, strict=True))
    cut_off = lanes.cut_off_of(frame)
    begins = np.array([lanes.day_number(day) for day in frame["begins"]])
    ends = np.array([lanes.day_number(day) for day in frame["ends"]])
    lanes.draw_years(ax, begins.min(), np.nanmax([*ends, *begins, cut_off]))
    names = ["trial_id", "status", "overall_status", "is_unconfirmed"]
    rows = frame[names].itertuples(index=False, name=None)
    for row, low, high in zip(rows, begins, ends, strict=True):
        trial_id, status, code, is_unconfirmed = row
        if code in _ENDS:
            look = {"marker": _ENDS[code], "s": 20, "color": brand.color("ink")}
            ax.scatter(low, at[trial_id], zorder=4, linewidth=0, **look)
            continue
        hue = brand.color(_STATUS.get(status, "missing"))
        wide = 0.9 if is_unconfirmed else _RUN / page.POINT
        line: dict[str, Any] = {"color": hue, "linewidth": wide, "capstyle": "butt"}
        end = cut_off if is_unconfirmed else high
        ax.hlines(at[trial_id], low, end, zorder=3, **line)
    lanes.draw_cut_off(ax, cut_off)
    ax.set_xlabel("Status in the versions of the record")
    return ax


def _longest(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of the trials that a figure has room for: those with most."""
    n_of = frame["trial_id"].value_counts()
    kept = n_of.sort_values(ascending=False, kind="stable").index[: lanes.LANES]
    own = frame[frame["trial_id"].isin(kept)]
    own.attrs = frame.attrs
    return own


def _runs_key(frame: pd.DataFrame) -> list[page.KeyItem]:
    names: dict[str, list[str]] = {}
    for name in frame["status"].astype(str).unique():
        if name in _STATUS:
            names.setdefault(_STATUS[name], []).append(name)
    order = [hue for hue in dict.fromkeys(_STATUS.values()) if hue in names]
    key = [
        page.KeyItem(
            " or ".join(w if n == 0 else w.lower() for n, w in enumerate(names[hue])),
            patch={"facecolor": brand.color(hue), "linewidth": 0},
        )
        for hue in order
    ]
    marks_of: dict[str, list[str]] = {}
    for code in _ENDS:
        if frame["overall_status"].eq(code).any():
            marks_of.setdefault(_ENDS[code], []).append(code.lower())
    for marker, words in marks_of.items():
        look: dict[str, Any] = {"marker": marker, "s": 20, "color": brand.color("ink")}
        key.append(page.KeyItem(" or ".join(words), ({**look, "linewidth": 0},)))
    return key


def _medians(frame: pd.DataFrame) -> str:
    """Return how long runs lasted that came to an end, by status."""
    over = frame[~frame["is_last"].astype(bool)]
    told = [
        f"{name} {number(float(days.median()))} ({len(days):,})"
        for name, days in over.groupby("status", observed=True)["days"]
    ]
    return f"Median days of runs that ended (runs): {'; '.join(told)}." if told else ""


def _runs_in_words(frame: pd.DataFrame) -> str:
    n = frame["trial_id"].nunique()
    runs = counted(len(frame), "run")
    since, until = frame["begins"].min(), frame.attrs.get("as_of", "")
    told = f"Recruitment status of {counted(n, 'trial')} over time: {runs} since"
    return f"{told} {since:%Y-%m-%d}, up to {until}. {_medians(frame)}".rstrip()


def _runs_note(frame: pd.DataFrame) -> str:
    n, parts = frame["trial_id"].nunique(), [_medians(frame)]
    if lost := int(frame["is_unconfirmed"].sum()):
        parts.append(f"Thin: {counted(lost, 'trial')} of unknown status since.")
    if n > lanes.LANES:
        parts.append(f"Of {n:,} trials the {lanes.LANES} with most runs.")
    return " ".join(filter(None, parts))


status_runs = Figure(
    name="status_runs",
    question="How long was each trial in each recruitment status?",
    summary=summarize.status_runs,
    columns=(
        *("trial_id", "overall_status", "status", "begins", "ends", "days"),
        *("is_last", "is_unconfirmed"),
    ),
    drawing=_draw_status_runs,
    caption="Recruitment status over time, as the versions of each record tell it. "
    "Unit: trials, N = {n_usable} of {n} of which all versions are known.",
    alt_text=_runs_in_words,
    caption_note=_runs_note,
    minimum=1,
    needs=("as_of",),
    is_of_history=True,
    draws_cut_off=True,
    title="Status over time",
    instead=lambda _: "Status over time: no trial of which all versions are known.",
)
