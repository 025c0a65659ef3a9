"""The earlier state that a report is compared with: chosen as its own trials are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trialkit.compare.between import is_labelled
from trialkit.compare.sides import Side, open_side
from trialkit.errors import ParameterError
from trialkit.files import PathLike
from trialkit.nearest import did_you_mean
from trialkit.tidy.select.filters import FILTERS, asked
from trialkit.tidy.trials import Trials

#: Filters on what trials are on, which see every record of a trial.
_SEARCHES = ("query", "condition")
#: Filters on labels: trials without any pass them.
_ON_LABELS = ("route", "cell_type", "cell_source", "donor", "labels", "cell_trials")


def open_earlier(
    previous: PathLike,
    *,
    cell_trials_only: bool = False,
    is_needed: bool = False,
    synonyms: Sequence[PathLike] = (),
    **filters: Any,
) -> Side | None:
    """Return an earlier state of a report's trials, to compare them with.

    The filters of the report choose among the earlier trials too: a trial that they
    leave out on one side only is told as that, and neither as new nor as gone.

    Parameters
    ----------
    previous
        A download, a folder or file of records, a store, or a report or the
        `report.json` in it; empty for none.
    cell_trials_only
        Leave out trials that give no living cells, as the report does.
    is_needed
        Whether a report makes no sense without it: no path is an error then.
    synonyms
        CSV files of your own synonyms for the searches.
    **filters
        The filters of the report, as `Trials.select` takes them; what is empty keeps
        all.

    Returns
    -------
    Side or None
        The trials and their name; None where no path is given.

    Raises
    ------
    ParameterError
        If there is no such path, or it holds nothing to compare with; or if it is
        needed and none is given.
    """
    if not os.fspath(previous):
        if is_needed:
            raise ParameterError(
                "nothing to compare with: -p previous=PATH names an earlier report, "
                "store, download, or folder of records"
            )
        return None
    for name in filters:
        if name not in FILTERS:
            raise ParameterError(f"no filter {name}; {did_you_mean(name, FILTERS)}")
    if not Path(previous).exists():
        raise ParameterError(f"no earlier report, store or download: {previous}")
    side = open_side(previous)
    wanted = asked(filters) | ({"cell_trials": True} if cell_trials_only else {})
    if side.held is not None:
        note = f"the filters of “{side.name}” are those that it was made with"
        return replace(side, notes=(*side.notes, note))
    return _chosen(side, wanted, synonyms)


def _chosen(side: Side, wanted: dict[str, Any], synonyms: Sequence[PathLike]) -> Side:
    """Return the trials of a side that pass the filters, however few they are."""
    notes, data = side.notes, side.data
    if not is_labelled(data) and (on_labels := [n for n in _ON_LABELS if n in wanted]):
        wanted = {
            name: value for name, value in wanted.items() if name not in on_labels
        }
        named = ", ".join(on_labels)
        notes += (f"“{side.name}” has no labels, so these filters keep all: {named}",)
    first = {name: wanted[name] for name in _SEARCHES if name in wanted}
    rest = {name: wanted[name] for name in wanted if name not in first}
    chosen = _selected(_selected(data, first, synonyms).counted(), rest, synonyms)
    return replace(side, data=chosen, notes=notes, cut_off=side.date)


def _selected(
    data: Trials, filters: dict[str, Any], synonyms: Sequence[PathLike]
) -> Trials:
    return data.select(**filters, synonyms=synonyms) if filters else data
