"""A trial's course as a line of marks, for its card."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trialkit.dates import MONTH

#: Stands once above the cards.
COURSE_NOTE = (
    "In “Course” a mark is half a year (a year where the line would be long): ■ up to "
    "the data cut-off, □ after it, ◆ or ◇ with the primary completion."
)
_MOST = 24
_DATES = ("start_date", "completion_date", "primary_completion_date")


def course(row: dict[str, Any], cut_off: pd.Timestamp) -> str | None:
    """Return a trial from start to completion as marks, None without both dates.

    Parameters
    ----------
    row
        A row of `trials`, missing values as None.
    cut_off
        The data cut-off.
    """
    start, end, primary = (_middle(row, name) for name in _DATES)
    if start is None or end is None or end < start:
        return None
    months = (end - start).days / MONTH
    step = next(n for n in (6, 12, 24, 60, 120, 600) if months / n <= _MOST)
    count = max(1, round(months / step))
    turn = (cut_off - start).days / MONTH
    marks = ["■" if (i + 0.5) * step <= turn else "□" for i in range(count)]
    if primary is not None and start <= primary <= end:
        at = min(count - 1, int((primary - start).days / MONTH / step))
        marks[at] = "◆" if marks[at] == "■" else "◇"
    return f"{start:%Y} {''.join(marks)} {end:%Y}"


def _middle(row: dict[str, Any], name: str) -> pd.Timestamp | None:
    low, high = row[f"{name}_earliest"], row[f"{name}_latest"]
    return None if low is None or high is None else low + (high - low) / 2
