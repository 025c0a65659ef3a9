"""How many trials run in each year, all together and by their groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import lanes, page, pairs, years

#: Groups with a row of their own, and years after the cut-off with a column.
MOST_GROUPS, _PLANS = 16, 3


def draw_running(
    frame: pd.DataFrame,
    groups_of: pd.Series,
    ax: page.Axes | None,
    *,
    column: str,
) -> page.Axes:
    """Draw how many trials run in each year, all together and by their groups.

    `groups_of` lists the groups of each trial, values of `column`.
    """
    heads, running = years_of(frame)
    rows: dict[str, dict[int, int]] = {}
    sums: dict[str, int] = {}
    for own, groups in zip(running, groups_of, strict=True):
        for group in groups:
            sums[group] = sums.get(group, 0) + 1
            row = rows.setdefault(group, {})
            for year in own:
                row[year] = row.get(year, 0) + 1
    ranked = sorted(rows, key=lambda group: (group == NOT_STATED, -sums[group]))
    last = [NOT_STATED] if NOT_STATED in rows else []
    kept = [group for group in ranked if group not in last][:MOST_GROUPS] + last
    cut_off = lanes.cut_off_of(frame)
    planned = np.inf if np.isnan(cut_off) else lanes.date_of(cut_off).year + 1
    return years.draw_year_rows(
        *(ax, heads, columns_of(running), {group: rows[group] for group in kept}),
        sums=sums,
        names=pairs.names_of(kept, column),
        pale_from=planned,
    )


def years_of(frame: pd.DataFrame) -> tuple[dict[int, str], list[range]]:
    """Return the years that are drawn, and those in which each trial runs.

    A trial with one date runs in the year of it. Years long after the cut-off, which
    are plans, are one with the last.
    """
    names = ["start_earliest", "completion_latest"]
    ends = frame[names].apply(pd.to_datetime)
    first, last = ends.min(axis=1).dt.year, ends.max(axis=1).dt.year
    cut_off = lanes.cut_off_of(frame)
    most = int(last.max())
    if not np.isnan(cut_off):
        most = max(min(most, lanes.date_of(cut_off).year + _PLANS), int(first.max()))
    heads = years.year_heads(int(first.min()), most)
    if last.max() > most:
        heads[most] = f"{heads[most]}\non"
    low, high = min(heads), max(heads)
    spans = zip(first.clip(low, high), last.clip(low, high), strict=True)
    return heads, [range(int(start), int(end) + 1) for start, end in spans]


def columns_of(running: Sequence[range]) -> dict[int, int]:
    """Return how many trials run in each year."""
    return dict(Counter(chain.from_iterable(running)))
