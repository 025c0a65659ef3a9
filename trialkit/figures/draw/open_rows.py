"""One row per open trial, half a page wide: its planned date against the cut-off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.figures.draw import lanes, page, scales
from trialkit.figures.draw.sheet import sheet

_ROW, _TOP = 4.6, 5.0  # mm
_LEFT, _RIGHT = 51.0, 81.0
_YEAR = 7.0
_DOT = 2.0


def draw_open_rows(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw a line from the cut-off to the planned date of each open trial."""
    width, size = brand.load().half_width_mm, brand.load().small_size
    ax = sheet(ax, len(frame) * _ROW, top=_TOP, width=width)
    cut_off = lanes.cut_off_of(frame)
    days = [lanes.day_number(day) for day in frame["planned_latest"]]
    known = [day for day in (*days, cut_off) if not np.isnan(day)] or [0.0, 365.0]
    low, high = min(known) - 90, max(known) + 90

    def place(day: float) -> float:
        return _LEFT + (day - low) / (high - low) * (_RIGHT - _LEFT)

    body = len(frame) * _ROW
    first = lanes.date_of(low)
    most = int((_RIGHT - _LEFT) / _YEAR)
    for day, label in scales.year_ticks(first, lanes.date_of(high), most=most):
        at = place(lanes.day_number(day))
        if _LEFT <= at <= _RIGHT:
            look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
            ax.text(at, -2.8, label, **look, **page.small_text())
            line = {"color": brand.color("grid"), "linewidth": 0.6, "zorder": 0}
            ax.vlines(at, 0, body, **line)
    for i, (_, row) in enumerate(frame.iterrows()):
        y = (i + 0.5) * _ROW
        title = row["short_title"]
        is_untitled = pd.isna(title)
        text = str(row["trial_id"]) if is_untitled else str(title)
        short = page.shorten(text, _LEFT - 3, size)
        ax.text(0, y, short, va="center_baseline", fontsize=size)
        if np.isnan(days[i]):
            look = {"va": "center_baseline", "style": "italic"} | page.small_text()
            ax.text(_LEFT, y, "no date stated", **look)
            continue
        hue = brand.color("accent" if row["is_overdue"] else "bar")
        if not np.isnan(cut_off):
            start, end = sorted((place(cut_off), place(days[i])))
            ax.hlines(y, start, end, color=hue, linewidth=1.2, zorder=2)
        face = brand.color("white") if row["is_primary"] is False else hue
        mark: dict[str, Any] = {"facecolor": face, "edgecolor": hue, "linewidth": 1.0}
        ax.scatter(place(days[i]), y, s=(_DOT / page.POINT) ** 2, zorder=3, **mark)
    if not np.isnan(cut_off):
        line = {"color": brand.color("ink"), "linewidth": 1.0, "zorder": 4}
        ax.vlines(place(cut_off), -0.8, body, clip_on=False, **line)
    return ax
