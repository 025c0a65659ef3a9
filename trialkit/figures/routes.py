"""Routes of administration: trials and arms, and the phases of trials."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codebook import levels_of
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, grid, page, phrases, scales
from trialkit.figures.figure import ROWS_SUM, Figure
from trialkit.summarize.wording import counted

_ROW = 6.2  # mm
_RIGHT = 30.0  # two columns of numbers


def _draw_routes(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials and arms use each group of routes, as paired dots.

    Trials are filled dots, arms open rings; both counts are printed at the right. The
    order is that of the vocabulary and not of the counts: sorting by count would tear
    the vessels apart. A trial with two routes counts in both rows, so rows add up to
    more than the number of trials, which stands below the axis.
    """
    numbers = _route_counts(frame)
    rows = axis.wrapped_rows(list(numbers))
    pad = page.widest(row.label for row in rows) + 3
    body = sum(axis.heights_of(rows)) * _ROW
    ax = page.axes(ax, body=body, left=pad + 2, right=_RIGHT, top=6)
    centers = axis.draw_row_labels(ax, rows, pad=pad)
    for x, head in ((12, "trials"), (25, "arms")):
        page.beside(ax, x, -0.15, head, is_small=True, va="bottom")
    for y, row in zip(centers, rows, strict=True):
        if row.group == NOT_STATED:
            axis.hatch_row(ax, y)
        if row.group is not None:
            _draw_row(ax, y, row.group, *numbers[row.group])
    ticks = scales.count_ticks(max(map(max, numbers.values())))
    name = f"Trials (filled) and arms (open){_in_all(frame, ';')}"
    scales.draw_number_axis(ax, ticks, name, limits=(0, ticks[-1] * 1.03))
    return ax


def _draw_row(ax: page.Axes, y: float, group: str, trials: int, arms: int) -> None:
    mark = brand.route_mark(group)
    if trials != arms:
        ax.plot([trials, arms], [y, y], color=mark.edge, linewidth=1.2, zorder=2)
    # The ring is wider than the dot: where both counts agree, both can still be seen.
    look: dict[str, Any] = {"edgecolor": mark.edge, "clip_on": False, "zorder": 3}
    if arms:
        ax.scatter(arms, y, s=64, facecolor="white", linewidth=1.1, **look)
    if trials:
        look |= {"hatch": mark.hatch and mark.hatch * 2, "linewidth": 0.6}
        ax.scatter(trials, y, s=26, facecolor=mark.color, **look)
    shade = brand.color("ink" if trials or arms else "slate")
    for x, number in ((12, trials), (25, arms)):
        page.beside(ax, x, y, f"{number:,}", color=shade)


def _route_counts(frame: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return trials and arms per route group, in display order, "Not stated" last."""
    groups = axis.stated(frame["route_group"])
    sums = frame[["n_trials", "n_arms"]].groupby(groups).sum().astype(int)
    known = {str(group): (row[0], row[1]) for group, *row in sums.itertuples()}
    return {g: known.get(g, (0, 0)) for g in axis.groups_of(frame["route_group"])}


def _in_all(frame: pd.DataFrame, mark: str) -> str:
    """Return the number of distinct trials, where the frame has it."""
    if "n_total" not in frame.columns or frame["n_total"].isna().all():
        return ""
    return f"{mark} {counted(int(frame['n_total'].max()), 'trial')} in all"


def _routes_in_words(frame: pd.DataFrame) -> str:
    parts = [
        f"{group} {trials:,} ({counted(arms, 'arm')})"
        for group, (trials, arms) in _route_counts(frame).items()
    ]
    return f"Trials by route{_in_all(frame, ',')}: {'; '.join(parts)}."


routes = Figure(
    name="routes",
    question="By which routes are the cells given?",
    summary=summarize.routes,
    columns=("route_group", "n_trials", "n_arms"),
    drawing=_draw_routes,
    caption="Trials (filled) and arms (open) by route of administration of the cells. "
    "Units: trials, N = {n}; arms that give a cell product, N = {n_arms}. "
    + ROWS_SUM
    + " Arms without a cell product are left out. The last row counts trials that "
    "state no route.",
    alt_text=_routes_in_words,
    minimum=1,
)


def _draw_phase_by_route(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw a grid of routes and trial phases, the number of trials in each cell.

    Every phase has its column, whether or not it occurs, so that grids of several
    reports can be laid side by side. An empty cell means zero and stays blank: color
    begins at one trial. "NA" (the registry says that phases do not apply) and "Not
    stated" are two columns.
    """
    phases = _phases(frame["phase_group"])
    rows = axis.wrapped_rows(axis.groups_of(frame["route_group"]))
    ax, _ = grid.grid_axes(ax, rows, phases, row=7.0, top=11.0, at_top=True)
    grid.draw_counts(
        ax, rows, phases, axis.pair_counts(frame, "route_group", "phase_group")
    )
    ax.set_xlabel("Phase", labelpad=4)
    ax.xaxis.set_label_position("top")
    return ax


def _phases(groups: pd.Series) -> list[str]:
    """Return every phase, and before "Not stated" the groups in use that are none."""
    *phases, missing = levels_of("trials", "phase_group")
    used = groups.dropna().astype("string").unique()
    return [*phases, *sorted(set(used) - {*phases, missing}), missing]


phase_by_route = Figure(
    name="phase_by_route",
    question="In which phase is each route tried?",
    summary=summarize.phase_by_route,
    columns=("phase_group", "route_group", "n"),
    drawing=_draw_phase_by_route,
    caption="Trials by phase and route. Unit: trials, N = {n}. An empty cell is zero. "
    "NA (not applicable) is a registered value, not a missing one. " + ROWS_SUM,
    alt_text=phrases.pairs_in_words("phase_group", "route_group"),
    minimum=4,
)
