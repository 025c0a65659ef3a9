"""The explorer: all widgets of one set of trials."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from trialkit.explorer.widgets.decide import Decide
from trialkit.explorer.widgets.export import Export
from trialkit.explorer.widgets.filters import Filters
from trialkit.explorer.widgets.panels import Card, Exhibit, Similar, TrialTable
from trialkit.explorer.widgets.state import State
from trialkit.files import Paths
from trialkit.prose import newest_date
from trialkit.tidy.trials import Trials


class Explorer:
    """The parts of an explorer, each a widget, and the `selection` they share."""

    def __init__(self, data: Trials, as_of: str, out: Path, synonyms: Paths) -> None:
        self.state = State(data, as_of, synonyms=synonyms)
        self.filters = Filters(self.state)
        self.table = TrialTable(self.state)
        self.exhibit = Exhibit(self.state)
        self.card = Card(self.state)
        self.similar = Similar(self.state)
        self.decide = Decide(self.state, out)
        self.export = Export(self.state, out)

    @property
    def selection(self) -> Trials:
        """The trials that pass the filters."""
        return self.state.selection

    def choose(self, **filters: Any) -> Trials:
        """Set filters as `Trials.select` takes them, and clear the others."""
        self.filters.set(**filters)
        return self.selection


def explore(
    data: Trials,
    *,
    as_of: str = "",
    out: str | os.PathLike[str] = "output",
    synonyms: Paths = (),
) -> Explorer:
    """Return an explorer of trials: filters, tables, figures, cards, export.

    Trials are counted as in a report: each once, and studies only.

    Parameters
    ----------
    data
        Trials with labels.
    as_of
        The data cut-off, an ISO day; empty takes the newest date in the sources.
    out
        The folder that selections and reports are written to.
    synonyms
        CSV files of your own synonyms, for searches; see `Trials.select`.

    Returns
    -------
    Explorer
        Its parts are widgets, each to show as the last value of a cell; `selection`
        holds the chosen trials.

    Raises
    ------
    ParameterError
        If no source states a date and `as_of` is not given.
    """
    return Explorer(data, as_of or newest_date(data), Path(out), synonyms)
