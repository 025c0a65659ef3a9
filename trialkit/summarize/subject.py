"""Whether routes and cells can be spoken of."""

from __future__ import annotations

from trialkit.tidy.trials import Trials


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
