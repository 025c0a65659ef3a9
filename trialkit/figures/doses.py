"""Numbers of cells, one dot per arm and dose level, in separate panels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.figures.draw import axis, dots, marks, page, scales
from trialkit.figures.figure import Figure
from trialkit.summarize.doses import PANEL_FROM
from trialkit.summarize.wording import counted

_DOT = 2.1  # mm
_HEAD, _FOOT = 7.0, 6.0  # above and below the dots of a panel
_LOWEST = 9.0
_LEFT = 15.0
_DOTS = 120  # most dots of a panel; beyond, bars count them
_BARS = 42.0
_BINS = 4  # per power of ten
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _draw_doses(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the doses that arms state, one panel per unit, on a log axis.

    Empty axes hold one inset per panel. Cells per kilogram, numbers of cells, and cells
    loaded in a device never share a panel: one cannot be turned into another without a
    body weight that no record gives. A panel of more than 120 dose levels counts them
    in bars, four per power of ten.
    """
    frame = frame[frame["amount"].fillna(0) > 0]
    if frame.empty:
        return page.empty_note(ax)
    width = brand.load().width_mm - _LEFT - 6
    key = marks.route_key(frame["route_group"].astype("string"))
    top = page.key_height(key, width) + 3
    panels = [(str(name), rows) for name, rows in frame.groupby("panel", observed=True)]
    swarms = [None if len(rows) > _DOTS else _swarm(rows, width) for _, rows in panels]
    heights = [
        _HEAD
        + _FOOT
        + (_BARS if s is None else max(_LOWEST, float(np.ptp(s)) + _DOT + 2))
        for s in swarms
    ]
    total, upper = sum(heights), 1.0
    press = min(1.0, page.body_limit(top=top, bottom=1) / total)
    base = page.axes(ax, body=total * press, left=_LEFT, right=6, top=top, bottom=1)
    base.set_axis_off()
    for (name, rows), offsets, height in zip(panels, swarms, heights, strict=True):
        low = upper - (height - _HEAD) / total
        size = 1, (height - _HEAD - _FOOT) / total
        own = base.inset_axes((0, low + _FOOT / total, *size))
        _draw_scale(own, name, rows)
        if offsets is None:
            _draw_bars(own, rows)
        else:
            _draw_dots(own, rows, offsets * press)
        upper -= height / total
    page.draw_key(base, key, width=width, x=0, y=top)
    return base


def _powers(amounts: np.ndarray) -> tuple[int, int]:
    logs = np.log10(amounts)
    low, high = int(np.floor(logs.min())), int(np.ceil(logs.max()))
    return low, max(high, low + 1)


def _swarm(rows: pd.DataFrame, width: float) -> np.ndarray:
    """Return offsets (mm) of a panel's dots, in the order of their amounts."""
    amounts = np.sort(rows["amount"].to_numpy(float))
    low, high = _powers(amounts)
    return dots.swarm((np.log10(amounts) - low) / (high - low) * width, _DOT * 1.08)


def _draw_scale(ax: page.Axes, name: str, rows: pd.DataFrame) -> None:
    low, high = _powers(rows["amount"].to_numpy(float))
    ax.set_xscale("log")
    ax.set_xlim(10.0**low, 10.0**high)
    powers = range(low, high + 1)
    ticks = [10.0**power for power in powers]
    ax.set_xticks(ticks, [f"10{str(p).translate(_SUPERSCRIPT)}" for p in powers])
    ax.set_xticks([], minor=True)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    trials, arms = rows["trial_id"].nunique(), rows[["trial_id", "arm_id"]]
    n_arms = len(arms.drop_duplicates())
    head = f"{name} ({n_arms:,} arms of {trials:,} trials)"
    ax.set_title(head, loc="left", fontsize=brand.load().font_size, pad=4)


def _draw_dots(ax: page.Axes, rows: pd.DataFrame, offsets: np.ndarray) -> None:
    rows = rows.sort_values(["amount", "route_group"], kind="stable")
    amounts = rows["amount"].to_numpy(float)
    half = max(page.size_mm(ax)[1] / 2, 1.0)
    ax.set_ylim(-half, half)
    ax.set_yticks([])
    groups = rows["route_group"].astype("string").to_numpy()
    for group in dict.fromkeys(groups):
        is_own = groups == group
        look = marks.route_look(group, size=_DOT / 25.4 * 72)
        ax.scatter(amounts[is_own], offsets[is_own], clip_on=False, zorder=3, **look)


def _draw_bars(ax: page.Axes, rows: pd.DataFrame) -> None:
    """Draw how many dose levels fall into each part of a power of ten, by route."""
    amounts = rows["amount"].to_numpy(float)
    low, high = _powers(amounts)
    edges = np.logspace(low, high, (high - low) * _BINS + 1)
    groups = rows["route_group"].astype("string").to_numpy()
    base = np.zeros(len(edges) - 1)
    for group in axis.groups_of(rows["route_group"]):
        counts, _ = np.histogram(amounts[groups == group], edges)
        mark = brand.route_mark(group)
        look = {"facecolor": mark.color, "hatch": mark.hatch, "linewidth": 0.4}
        look["edgecolor"] = mark.edge if mark.hatch else "white"
        for left, right, y, n in zip(edges, edges[1:], base, counts, strict=False):
            if n:
                page.box(ax, left, y, right - left, n, label=group, **look)
        base = base + counts
    ticks = scales.count_ticks(int(base.max()), most=5)
    scales.draw_upright_count_axis(ax, ticks, "Dose levels")
    ax.tick_params(axis="y", labelsize=brand.load().small_size)


def _doses_in_words(frame: pd.DataFrame) -> str:
    parts = []
    for panel, rows in frame.groupby("panel", observed=True):
        low, high = rows["amount"].min(), rows["amount"].max()
        number = counted(rows["trial_id"].nunique(), "trial")
        parts.append(f"{panel}: {number}, from {low:.3g} to {high:.3g}")
    return f"Doses, one dot per arm and dose level. {'; '.join(parts)}."


def _doses_note(frame: pd.DataFrame) -> str:
    names = "; ".join(frame.attrs.get("left_out", []))
    return f"Fewer than {PANEL_FROM} trials, not drawn: {names}." if names else ""


doses = Figure(
    name="doses",
    question="How many cells are given?",
    summary=summarize.doses,
    columns=("trial_id", "arm_id", "panel", "route_group", "amount"),
    drawing=_draw_doses,
    caption="Doses in cells, one dot per arm and dose level (bars that count them "
    "where there are many), on logarithmic axes. Unit: arms, N = {n_arms} in {n} "
    "trials that state a number. Panels are never compared: no dose is converted with "
    "an assumed body weight.",
    alt_text=_doses_in_words,
    caption_note=_doses_note,
    minimum=5,
)
