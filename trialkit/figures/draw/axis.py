"""Rows of a categorical axis: their order, their labels, and "Not stated" last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import page

#: How wide a row's label may be (mm): before it is wrapped, and on one line.
LABEL, ONE_LINE = 52.0, 75.0

#: Groups with a row of their own where there may be hundreds, such as cities.
MOST_ROWS = 25


#: Numbers of pairs of groups.
Pairs = Mapping[tuple[str, str], int]


class Row(NamedTuple):
    """One line of row labels."""

    label: str
    group: str


def rows_of(groups: Iterable[str]) -> list[Row]:
    """Return a row per group, its label on one line and cut where it is too wide."""
    return [Row(page.shorten(name, ONE_LINE), name) for name in groups]


def groups_of(values: pd.Series, *, only_used: bool = False) -> list[str]:
    """Return the groups that occur, in the frame's own order, "Not stated" last.

    Routes come in the order that all figures share. "Not stated" is there even when
    nothing is missing, unless `only_used`: that is something a reader wants to see.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        order = values.cat.remove_unused_categories().cat.categories
    else:
        order = values.dropna().unique()
    groups = [str(value) for value in order if value != NOT_STATED]
    if values.name == "route_group":
        known = list(brand.load().routes)
        groups.sort(key=lambda g: known.index(g) if g in known else len(known))
    has_missing = len(groups) < len(order) or values.isna().any()
    return groups + ([NOT_STATED] if has_missing or not only_used else [])


def stated(values: pd.Series) -> pd.Series:
    """Return the values as text, a missing one as "Not stated"."""
    return values.astype("string").fillna(NOT_STATED)


def counts_of(frame: pd.DataFrame, name: str, n: str = "n") -> dict[str, int]:
    """Return the number of each group, which all its rows repeat."""
    numbers = frame[n].fillna(0).astype(int)
    return dict(zip(stated(frame[name]), numbers, strict=True))


def pair_counts(
    frame: pd.DataFrame, row: str, column: str, n: str = "n"
) -> dict[Any, int]:
    """Return the number of each pair of groups."""
    groups = [stated(frame[row]), stated(frame[column])]
    return frame[n].fillna(0).groupby(groups).sum().astype(int).to_dict()


def used_counts(frame: pd.DataFrame, name: str) -> dict[str, int]:
    """Return the number of each group above 0, "Not stated" last and always."""
    counts = {NOT_STATED: 0} | counts_of(frame, name)
    groups = groups_of(frame[name])
    return {g: counts[g] for g in groups if counts[g] or g == NOT_STATED}


def first_counts(frame: pd.DataFrame, name: str) -> dict[str, int]:
    """Return `used_counts` of the groups that have room for a row of their own."""
    *groups, missing = used_counts(frame, name).items()
    return dict([*groups[:MOST_ROWS], missing])


def centers_of(rows: Sequence[Row]) -> list[float]:
    """Return where the middle of each row lies, from the top (0) down."""
    return [i + 0.5 for i in range(len(rows))]


def draw_row_labels(
    ax: page.Axes,
    rows: Sequence[Row],
    *,
    pad: float,
) -> list[float]:
    """Label the y axis, flush left `pad` mm off the plot; return the row middles."""
    centers = centers_of(rows)
    ax.set_ylim(len(rows), 0)
    ax.set_yticks(centers, [row.label for row in rows])
    ax.tick_params(axis="y", pad=pad / page.POINT, length=0)
    for tick, row in zip(ax.get_yticklabels(), rows, strict=True):
        tick.set_horizontalalignment("left")
        tick.set_linespacing(0.95)
        if row.group == NOT_STATED:
            tick.set_color(brand.color("slate"))
    return centers
