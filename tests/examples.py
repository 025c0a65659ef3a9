"""The example trials, read once a process: no test changes a `Trials`."""

from functools import cache

import trialkit as tk


@cache
def example_trials() -> tk.Trials:
    """Return the trials that ship with trialkit."""
    return tk.load_example()


@cache
def example_cell_trials() -> tk.Trials:
    """Return those of them that give cells."""
    return example_trials().select(cell_trials=True)
