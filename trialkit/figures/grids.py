"""Two-way counts as grids of printed numbers (figures F3 and F4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.codebook import levels_of
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.page import (
    body_limit,
    box,
    empty_note,
    from_corner,
    gutter,
    page_axes,
    require,
    text_mm,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import (
    INDENT,
    Row,
    centers_of,
    draw_row_labels,
    groups_of,
    height_of,
    one_line,
    route_rows,
    routes_of,
    stated,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST_CELL = 20.0  # widest column (mm): two columns should not fill a page
GAP = 3.0
_BAR = 11.0  # longest marginal bar

Counts = Mapping[tuple[str, str], int]


@drawing
def plot_phase_by_route(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a grid of routes and trial phases, the number of trials in each cell.

    Every phase has its column, whether or not it occurs, so that grids of several
    reports can be laid side by side. An empty cell means zero and stays blank: color
    begins at one trial. "NA" (the registry says that phases do not apply) and "Not
    stated" are two columns.

    Parameters
    ----------
    frame
        `phase_by_route`: phase_group, route_group, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One colored cell and one number per combination that occurs.
    """
    require(frame, ("phase_group", "route_group", "n"), "plot_phase_by_route")
    if frame.empty:
        return empty_note(ax)
    phases = _phases(frame["phase_group"])
    rows = route_rows(routes_of(frame["route_group"]))
    pad = widest(row.label for row in rows) + GAP
    top = 11.0
    width = brand.load().width_mm
    cell = min((width - pad - 6) / len(phases), WIDEST_CELL)
    ax = page_axes(
        ax,
        body=min(height_of(rows) * 7.0, body_limit(top=top, bottom=3)),
        left=pad + 2,
        right=width - pad - 2 - cell * len(phases),
        top=top,
        bottom=3,
    )
    counts = counts_of(frame, "route_group", "phase_group", "n")
    draw_row_labels(ax, rows, pad=pad)
    draw_columns(ax, [_on_two_lines(phase) for phase in phases], phases)
    draw_cells(ax, rows, phases, counts)
    ax.set_xlabel("Phase", labelpad=4)
    ax.xaxis.set_label_position("top")
    return ax


@drawing
def plot_source_by_route(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a grid of cell sources and routes: trials in each cell, arms in brackets.

    Rows keep the vocabulary's order under their family. The bars count the trials of a
    row or column, each once; a trial with two routes is in two cells of its row.

    Parameters
    ----------
    frame
        `source_by_route`: source_family, cell_source, route_group, n_trials, n_arms,
        n_of_source, n_of_route.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One colored cell per combination that occurs, bars above and at the right.
    """
    columns = ("source_family", "cell_source", "route_group", "n_trials", "n_arms")
    edges = ("n_of_source", "n_of_route")
    require(frame, (*columns, *edges), "plot_source_by_route")
    if frame.empty:
        return empty_note(ax)
    rows, routes = source_rows(frame), routes_of(frame["route_group"])
    rows = [row._replace(label=_in_two_lines(row.label)) for row in rows]
    pad = widest(row.label for row in rows) + GAP
    trials = counts_of(frame, "cell_source", "route_group", "n_trials")
    room = text_mm(f"{sum(trials.values()):,}")  # no bar's number can be wider
    width, right = brand.load().width_mm, _BAR + 3.5 + room
    cell = min((width - pad - 2 - right) / len(routes), WIDEST_CELL)
    labels, bottom, turn = column_labels(routes, cell)
    top = _BAR + 4 + max(room, 4.0)
    ax = page_axes(
        ax,
        body=min(height_of(rows) * 8.4, body_limit(top=top, bottom=bottom)),
        left=pad + 2,
        right=width - pad - 2 - cell * len(routes),
        top=top,
        bottom=bottom,
    )
    draw_row_labels(ax, rows, pad=pad)
    draw_columns(ax, labels, routes, turn=turn, at_top=False)
    arms = counts_of(frame, "cell_source", "route_group", "n_arms")
    draw_cells(ax, rows, routes, trials, below=arms, cell=cell)
    of_rows = _edge(frame, "cell_source", "n_of_source")
    of_columns = _edge(frame, "route_group", "n_of_route")
    _draw_edges(ax, rows, routes, of_rows, of_columns, cell=cell)
    return ax


def _in_two_lines(label: str) -> str:
    """Return a long row label broken in two, its indent kept on both lines."""
    indent = INDENT if label.startswith(INDENT) else ""
    lines = wrap(label.removeprefix(indent), 44.0).split("\n")
    return "\n".join(indent + line for line in lines)


def source_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a cell-source axis: sources under their family's name."""
    sources = groups_of(frame["cell_source"])
    family_of = dict(
        zip(stated(frame["cell_source"]), stated(frame["source_family"]), strict=True)
    )
    rows: list[Row] = []
    for family in groups_of(frame["source_family"]):
        members = [source for source in sources if family_of.get(source) == family]
        if family == NOT_STATED:
            members = [NOT_STATED]
        # A family of one that only repeats its name needs no header.
        if members and members != [family]:
            rows.append(Row(family, None))
            rows += [Row(INDENT + one_line(name), name, True) for name in members]
        else:
            rows += [Row(one_line(name), name) for name in members]
    return rows


def counts_of(frame: pd.DataFrame, row: str, column: str, value: str) -> Counts:
    """Return the number in each cell, by row and column."""
    keys = zip(stated(frame[row]), stated(frame[column]), strict=True)
    counts: dict[tuple[str, str], int] = {}
    for key, number in zip(keys, frame[value].fillna(0), strict=True):
        counts[key] = counts.get(key, 0) + int(number)
    return counts


def _phases(groups: pd.Series) -> list[str]:
    """Return every phase, and before "Not stated" the groups in use that are none."""
    *phases, missing = levels_of("trials", "phase_group")
    used = groups.dropna().astype("string").unique()
    return [*phases, *sorted(set(used) - {*phases, missing}), missing]


def _on_two_lines(text: str) -> str:
    return text.replace(" ", "\n", 1)


def column_labels(routes: Sequence[str], cell: float) -> tuple[list[str], float, bool]:
    """Return the column labels, the room they take (mm) and whether to turn them."""
    size = brand.load().small_size
    longest = widest((word for route in routes for word in route.split()), size)
    if longest <= cell - 1:
        labels = [wrap(route, cell - 1, size) for route in routes]
        return labels, 3.4 * max(text.count("\n") + 1 for text in labels) + 3, False
    labels = [wrap(route, 27, size) if cell > 7 else route for route in routes]
    return labels, widest(labels, size) + 4, True


def draw_columns(
    ax: Axes,
    labels: Sequence[str],
    columns: Sequence[str],
    *,
    turn: bool = False,
    at_top: bool = True,
) -> None:
    """Set the columns' limits and labels."""
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_xticks(range(len(columns)), list(labels))
    if at_top:
        ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, pad=2, labelrotation=90 if turn else 0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    for tick in ax.get_xticklabels():
        tick.set_linespacing(1.0)


def draw_cells(
    ax: Axes,
    rows: Sequence[Row],
    columns: Sequence[str],
    counts: Counts,
    *,
    below: Counts | None = None,
    cell: float = WIDEST_CELL,
) -> None:
    """Rule, fill and number the cells; "Not stated" is grey and hatched."""
    full = _full_color(counts)
    for y, row in zip(centers_of(rows), rows, strict=True):
        if row.group is None:
            continue
        _draw_box(ax, -0.5, y, len(columns), hatched=row.group == NOT_STATED)
        for x, column in enumerate(columns):
            missing = NOT_STATED in (row.group, column)
            n = counts.get((row.group, column), 0)
            if n:
                fill = _shade(min(n / full, 1.0), "missing" if missing else "blue")
                _draw_box(ax, x - 0.5, y, 1, fill=fill, hatched=missing)
                extra = (below or {}).get((row.group, column))
                ground = fill if missing else None
                look = {"color": brand.ink_on(fill), **_ground(ground)}
                _draw_number(ax, x, y, n, extra, look=look, cell=cell)
            elif missing and row.group != NOT_STATED:
                _draw_box(ax, x - 0.5, y, 1, hatched=True)


def _draw_box(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    *,
    hatched: bool,
    fill: str | None = None,
) -> None:
    look: dict[str, Any] = {"edgecolor": brand.color("grid"), "linewidth": 0.6}
    if fill:
        look = {"edgecolor": "white", "linewidth": 0.8}
    look |= {"facecolor": fill or "none", "hatch": "////" if hatched else None}
    box(ax, x, y - 0.5, width, 1, zorder=1.0 if fill else 0.5, **look)


def _full_color(counts: Counts) -> float:
    """Return the count that takes the full color: the 90th percentile, at least 4.

    One crowded cell would otherwise bleach all others, and a single trial is no
    reason for the darkest color.
    """
    filled = [n for n in counts.values() if n]
    return max(4.0, float(np.percentile(filled, 90))) if filled else 4.0


def _shade(share: float, hue: str) -> str:
    """Return the color at `share` (0 to 1) between near white and a hue."""
    return brand.tint(brand.color(hue), 0.12 + 0.88 * share)


def _ground(fill: str | None) -> dict[str, Any]:
    """Return a patch of fill behind digits, which keeps a hatch from crossing them."""
    return {"bbox": {"facecolor": fill, "linewidth": 0, "pad": 0.4}} if fill else {}


def _draw_number(
    ax: Axes,
    x: int,
    y: float,
    n: int,
    extra: int | None,
    *,
    look: dict[str, Any],
    cell: float,
) -> None:
    look = {"ha": "center", "va": "center_baseline"} | look
    small = brand.load().small_size
    size = small if text_mm(f"{n:,}") > cell - 0.5 else None
    if extra is None:
        ax.text(x, y, f"{n:,}", fontsize=size, **look)
        return
    ax.text(x, y - 0.18, f"{n:,}", fontsize=size, **look)
    # Narrow columns have no room for the brackets; place and size still tell.
    arms = f"({extra:,})"
    arms = arms if text_mm(arms, small) <= cell - 0.5 else f"{extra:,}"
    ax.text(x, y + 0.24, arms, fontsize=small, **look)


def _edge(frame: pd.DataFrame, name: str, value: str) -> dict[str, int]:
    """Return the number of trials of each row or column."""
    numbers = frame[value].fillna(0).astype(int)
    return dict(zip(stated(frame[name]), numbers, strict=True))


def _draw_edges(
    ax: Axes,
    rows: Sequence[Row],
    columns: Sequence[str],
    of_rows: Mapping[str, int],
    of_columns: Mapping[str, int],
    *,
    cell: float,
) -> None:
    """Draw the trials of rows at the right and of columns at the top, as bars."""
    from matplotlib.transforms import blended_transform_factory

    look = {"color": brand.color("rule"), "linewidth": 0}
    place = gutter(ax, 1)
    sums = [of_rows.get(row.group or "", 0) for row in rows]
    scale = _BAR / max([1, *sums])
    for y, row, n in zip(centers_of(rows), rows, sums, strict=True):
        if row.group is not None:
            box(ax, 1.5, y - 0.25, n * scale, 0.5, place=place, **look)
            ax.text(2.5 + n * scale, y, f"{n:,}", transform=place, va="center_baseline")
    place = blended_transform_factory(ax.transData, from_corner(ax, 0, 1))
    sums = [of_columns.get(name, 0) for name in columns]
    scale = _BAR / max([1, *sums])
    for x, n in enumerate(sums):
        box(ax, x - 0.25, 1.5, 0.5, n * scale, place=place, **look)
        turn = 90 if text_mm(f"{n:,}") > cell - 0.5 else 0
        at = 2.3 + n * scale
        ax.text(x, at, f"{n:,}", transform=place, ha="center", rotation=turn)
    ax.text(
        1.5,
        1.5,
        "trials",
        transform=from_corner(ax, 1, 1),
        fontsize=brand.load().small_size,
        color=brand.color("slate"),
        linespacing=1.0,
    )
