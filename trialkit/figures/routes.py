"""Routes of administration: trials and arms, and the phases of trials."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.codebook import levels_of
from trialkit.figures.draw import axis, grid, page, phrases
from trialkit.figures.figure import ROWS_SUM, Figure, bars_figure

routes = bars_figure(
    "routes",
    """Draw how many trials use each group of routes, as bars.

    The commonest is first, "Not stated" last. A trial with two routes counts in both
    rows, so rows add up to more than the number of trials. Arms are in the frame.
    """,
    column="route_group",
    words="route",
    n="n_trials",
    rest="Other routes",
    question="By which routes are the cells given?",
    summary=summarize.routes,
    caption="Trials by route; a trial with several routes counts in each. N = {n}.",
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
