"""Routes of administration: trials and arms, and the phases of trials."""

from __future__ import annotations

from trialkit import summarize
from trialkit.figures.draw import phrases
from trialkit.figures.figure import bars_figure, matrix_figure

routes = bars_figure(
    "routes",
    """Draw how many trials use each group of routes, as bars.

    The commonest is first, "Not stated" last. A trial with two routes counts in both
    rows, so rows add up to more than the number of trials. Arms are in the frame.
    """,
    column="route_group",
    words="route",
    n="n_trials",
    rest="More routes",
    question="By which routes are the cells given?",
    summary=summarize.routes,
    caption="Trials by route; a trial with several routes counts in each. N = {n}.",
    without_cells="",
)


phase_by_route = matrix_figure(
    "phase_by_route",
    """Draw the trials of each route and phase.

    The commonest route comes first, with its trials at the right, each once; a trial
    with two routes is in two rows. "Not applicable" is what the registry says, and a
    column of its own. The accent marks the largest pair, "Not stated" is an outline.
    """,
    row="route_group",
    column="phase_group",
    ranked=("route_group",),
    question="In which phase is each route tried?",
    summary=summarize.phase_by_route,
    columns=("phase_group", "route_group", "n"),
    caption="Trials by route and phase; a trial with several routes counts in each. "
    "Outlined: one of the two is not stated. N = {n}.",
    alt_text=phrases.pairs_in_words("phase_group", "route_group"),
    minimum=4,
)
