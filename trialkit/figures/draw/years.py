"""Years side by side: a column each, and below it tiles for groups of trials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, levels, page, pairs, sheet

#: Years with a column of their own; earlier ones are one with the first.
MOST_YEARS = 24
_BARS = 22.0  # mm
_SUMS = 14.0


def year_heads(first: int, last: int) -> dict[int, str]:
    """Return the years that have a column, each with its head, such as ’07.

    Examples
    --------
    >>> list(year_heads(2009, 2011).items())
    [(2009, '’09'), (2010, '’10'), (2011, '’11')]
    """
    start = max(first, last - MOST_YEARS + 1)
    heads = {year: f"’{year % 100:02}" for year in range(start, last + 1)}
    if first < start:
        heads[start] = f"to\n{heads[start]}"
    return heads


def counts_by_year(
    groups: pd.Series, starts: pd.Series
) -> tuple[dict[int, str], dict[tuple[str, int], int]]:
    """Return the years that have a column, and the rows of each group and year.

    What starts before the first of these years counts in it.
    """
    year = starts.dt.year
    heads = year_heads(int(year.min()), int(year.max()))
    shown = year.clip(lower=min(heads))
    return heads, dict(Counter(zip(axis.stated(groups), shown, strict=True)))


def draw_year_rows(
    ax: page.Axes | None,
    heads: Mapping[int, str],
    columns: Mapping[int, int],
    rows: Mapping[str, Mapping[int, int]],
    *,
    sums: Mapping[str, int],
    names: Mapping[str, str],
    pale_from: float = float("inf"),
) -> page.Axes:
    """Draw a column per year with its number where it is the largest, tiles below.

    A row ends with its trials, `sums`. Years from `pale_from` on are planned; pale too
    are several years in one column. A row without an equal is left out: it would repeat
    the columns.
    """
    rows = rows if len(rows) > 1 else {}
    full, size = brand.load().width_mm, brand.load().small_size
    shown = {names[key]: own for key, own in rows.items()}
    left = max(sheet.label_width([*shown, "All trials"]), 24.0)
    width = (full - left - _SUMS) / len(heads)
    width = min(width, 11.0)
    top = sheet.height_of_heads(heads.values()) + 1
    ax = sheet.sheet(ax, len(shown) * sheet.ROW or 1.0, top=top + _BARS + 5)
    _draw_columns(ax, heads, columns, left, width, top, pale_from)
    look: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
    ax.text(0, -top - 2, "All trials", weight="bold", color=brand.color("ink"), **look)
    counts = {(row, str(y)): n for row, own in shown.items() for y, n in own.items()}
    told = {str(year): head for year, head in heads.items()}
    sheet.draw_labels(ax, list(shown), has_rules=bool(shown))
    place: dict[str, Any] = {"left": left, "width": width}
    place["marked"] = pairs.largest_of(counts)
    sheet.draw_matrix(ax, list(shown), told, counts, **place)
    right = left + width * len(heads) + _SUMS - 1
    if shown:
        small: dict[str, Any] = page.small_text() | {"ha": "right", "va": "bottom"}
        ax.text(right, -1.0, "Trials", **small)
    for y, key in enumerate(rows):
        shade = brand.color("slate" if key == NOT_STATED else "ink")
        style: dict[str, Any] = look | {"ha": "right", "weight": "bold"}
        ax.text(right, sheet.middle_of(y), f"{sums[key]:,}", color=shade, **style)
    return ax


def _draw_columns(
    ax: page.Axes,
    heads: Mapping[int, str],
    columns: Mapping[int, int],
    left: float,
    width: float,
    top: float,
    pale_from: float,
) -> None:
    tallest = max(columns.values())
    most = max(columns.get(y, 0) for y, head in heads.items() if "\n" not in head)
    look: dict[str, Any] = {"ha": "center", "va": "bottom", "weight": "bold"}
    look |= {"fontsize": brand.load().small_size, "color": brand.color("accent")}
    for x, year in enumerate(heads):
        n = columns.get(year, 0)
        height = _BARS * n / tallest
        is_most = n == most and "\n" not in heads[year]
        is_pale = year >= pale_from or "\n" in heads[year]
        at = left + x * width + 0.4, -top - height
        bar = levels.bar_look(is_most, is_pale, False)
        page.box(ax, *at, width - 0.8, height, place=ax.transData, **bar)
        if is_most:
            ax.text(left + (x + 0.5) * width, -top - height - 0.8, f"{n:,}", **look)
    line = {"color": brand.color("ink"), "linewidth": 0.7, "zorder": 3}
    ax.hlines(-top, left, left + width * len(heads), clip_on=False, **line)
