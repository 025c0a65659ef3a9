"""Which design features the records state (figure F18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.page import empty_note, require
from trialkit.figures.draw.rows import Row, groups_of, one_line, stated
from trialkit.figures.quality import State, draw_states

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@drawing
def plot_design(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw which trials are randomized, controlled, masked, overseen, at several sites.

    Up to 40 trials make a matrix, one column each; more make one bar per feature. An
    empty square says that the record denies the feature, a hatched one that it does
    not say.

    Parameters
    ----------
    frame
        `design`: trial_id, feature, state (`Yes`, `No`, `Not stated`).
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        At the right of a feature stands how many trials have it.
    """
    require(frame, ("trial_id", "feature", "state"), "plot_design")
    if frame.empty:
        return empty_note(ax)
    cells = pd.DataFrame(
        {
            "field": frame["feature"].astype("string"),
            "trial_id": frame["trial_id"].astype("string"),
            "state": stated(frame["state"]).str.lower(),
        }
    )
    rows = [Row(one_line(name), name) for name in groups_of(frame["feature"])[:-1]]
    has = cells[cells["state"] == "yes"].groupby("field").size()
    sums = {str(row.group): int(has.get(row.group, 0)) for row in rows}
    return draw_states(cells, rows, ax, states=_states(), sums=sums, head="yes")


def _states() -> dict[str, State]:
    return {
        "yes": State(brand.color("accent"), None, ""),
        "no": State(brand.color("white"), None, ""),
        "not stated": State(brand.color("missing"), "////", ""),
    }
