"""Whether routes and cells can be spoken of."""

from __future__ import annotations

from trialkit.tidy.trials import Trials

#: Shapes of documents that hold all that a register does of a trial. Others, such as
#: tables and pages, leave out what a trial may well state.
_WHOLE = ("ctgov_v2_json", "ctgov_history_json", "ctgov_xml", "trialkit records")


def gives_cells(data: Trials) -> bool:
    """Return whether a trial gives living cells, or none is known to give none.

    Routes, cells, donors and doses are read for trials of cells only: in a report on
    drugs they are not assessed, which is not "not stated".

    Examples
    --------
    >>> import trialkit as tk
    >>> data = tk.load_example()
    >>> others = data.trials.loc[data.trials["is_cell_trial"].eq(False), "trial_id"]
    >>> gives_cells(data), gives_cells(data.select(ids=list(others)))
    (True, False)
    """
    gives_none = data.trials["is_cell_trial"].eq(False).fillna(False)
    return data.trials.empty or not gives_none.all()


def shows_others(data: Trials) -> bool:
    """Return whether some trial is known to give no living cells.

    Examples
    --------
    >>> import trialkit as tk
    >>> data = tk.load_example()
    >>> shows_others(data), shows_others(data.select(cell_trials=True))
    (True, False)
    """
    return bool(data.trials["is_cell_trial"].eq(False).fillna(False).any())


def has_whole_records(data: Trials) -> bool:
    """Return whether a document read can hold all that a trial states.

    Where none can, what no trial states is what the files do not hold.

    Examples
    --------
    >>> import trialkit as tk
    >>> has_whole_records(tk.load_example())
    True
    """
    shapes = data.sources["shape"]
    return bool(shapes.isna().all() or shapes.isin(_WHOLE).any())
