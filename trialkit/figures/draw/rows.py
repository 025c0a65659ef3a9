"""Rows of a categorical axis: their order, their labels, and "Not stated" last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw.page import POINT, box, figure_of, shorten, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Route groups that enter a blood vessel, and the row that stands over them.
VESSELS = (
    "IV, peripheral vein",
    "IV, other or not specified",
    "Hepatic artery",
    "Portal vein",
    "Other vessel",
)
VESSEL_HEADER = "Into a blood vessel"

#: No-break spaces: the typeface has no em space, and SVG folds ordinary ones.
INDENT = "\u00a0" * 4

_HEADER_ROW = 0.75  # of a row

#: How wide a row's label may be (mm) before it is broken into lines.
LABEL = 52.0
#: How wide one that stays on a line may be.
WIDEST = 75.0

#: Groups with a row of their own where there may be hundreds, such as cities.
MOST_ROWS = 25


class Row(NamedTuple):
    """One line of row labels; a header has no group."""

    label: str
    group: str | None


def one_line(name: str) -> str:
    """Return a group's name as a row's label on one line, cut where it is too wide."""
    return shorten(name, WIDEST)


def groups_of(values: pd.Series, *, only_used: bool = False) -> list[str]:
    """Return the groups that occur, in the frame's own order, "Not stated" last.

    "Not stated" is there even when nothing is missing, unless `only_used`: that nothing
    is missing is something a reader wants to see. A missing value counts as "Not
    stated".
    """
    found = values.dropna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        present = set(found)
        order = [str(level) for level in values.cat.categories if level in present]
    else:
        order = [str(value) for value in pd.unique(found)]
    is_missing_used = NOT_STATED in order or bool(values.isna().any())
    last = [NOT_STATED] if is_missing_used or not only_used else []
    return [group for group in order if group != NOT_STATED] + last


def routes_of(values: pd.Series, *, only_used: bool = False) -> list[str]:
    """Return `groups_of` routes, in the order that all figures share."""
    known = [group for group in brand.load().routes if group != NOT_STATED]
    rank = {group: place for place, group in enumerate(known)}
    rank[NOT_STATED] = len(rank) + 1
    groups = groups_of(values, only_used=only_used)
    return sorted(groups, key=lambda group: rank.get(group, len(known)))


def stated(values: pd.Series) -> pd.Series:
    """Return the values as text, a missing one as "Not stated"."""
    return values.astype("string").fillna(NOT_STATED)


def counts_of(frame: pd.DataFrame, name: str) -> dict[str, int]:
    """Return n of each group that occurs, in `groups_of` order, "Not stated" always."""
    numbers = frame["n"].fillna(0).astype(int)
    known = dict(zip(stated(frame[name]), numbers, strict=True))
    counts = {group: known.get(group, 0) for group in groups_of(frame[name])}
    return {group: n for group, n in counts.items() if n or group == NOT_STATED}


def route_rows(groups: Sequence[str]) -> list[Row]:
    """Return the rows of a route axis: vessels stand indented under their header."""
    vessels = [group for group in groups if group in VESSELS]
    rows = [Row(VESSEL_HEADER, None)] if vessels else []
    rows += [Row(INDENT + group, group) for group in vessels]
    others = (group for group in groups if group not in VESSELS)
    return rows + [Row(wrap(group, LABEL), group) for group in others]


def height_of(rows: Sequence[Row]) -> float:
    """Return the height of rows in units of one row; a header needs less."""
    return sum(_HEADER_ROW if row.group is None else 1.0 for row in rows)


def centers_of(
    rows: Sequence[Row], heights: Sequence[float] | None = None
) -> list[float]:
    """Return where the middle of each row lies, from the top (0) down."""
    heights = heights or [height_of([row]) for row in rows]
    return [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]


def draw_row_labels(
    ax: Axes,
    rows: Sequence[Row],
    *,
    pad: float,
    heights: Sequence[float] | None = None,
) -> list[float]:
    """Label the y axis from the top down, flush left `pad` mm left of the plot.

    Returns the middles of the rows. Rows are one unit high, headers a little less,
    unless `heights` says otherwise.
    """
    centers = centers_of(rows, heights)
    ax.set_ylim(sum(heights) if heights else height_of(rows), 0)
    ax.set_yticks(centers, [row.label for row in rows])
    ax.tick_params(axis="y", pad=pad / POINT, length=0)
    slate = brand.color("slate")
    for tick, row in zip(ax.get_yticklabels(), rows, strict=True):
        tick.set_horizontalalignment("left")
        tick.set_linespacing(0.95)
        if row.group is None or row.group == NOT_STATED:
            tick.set_color(slate)
    return centers


def hatch_row(ax: Axes, y: float, height: float = 1.0) -> None:
    """Lay the grey hatch of "Not stated" behind one row of a categorical axis."""
    look = {"facecolor": "none", "edgecolor": brand.color("grid"), "linewidth": 0}
    ax.axhspan(y - height / 2, y + height / 2, hatch="////", zorder=0, **look)


def band_rows(ax: Axes, count: int) -> None:
    """Tint every second row over the whole width, to lead the eye across columns."""
    from matplotlib.transforms import blended_transform_factory

    place = blended_transform_factory(figure_of(ax).transFigure, ax.transData)
    wash = brand.color("wash")
    for y in range(1, count, 2):
        box(ax, 0, y - 0.5, 1, 1, place=place, facecolor=wash, linewidth=0, zorder=0)
