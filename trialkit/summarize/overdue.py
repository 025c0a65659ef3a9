"""Open trials, and whether the date planned for their result has passed."""

from __future__ import annotations

import pandas as pd

from trialkit.dates import as_day
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.lines import short_titles
from trialkit.summarize.timelines import is_open, planned_end
from trialkit.tidy.trials import Trials


@of_counted
def overdue(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return the trials open by their record, and the date planned for their result.

    That is the primary completion, or the completion where no other is planned; a date
    that the record calls actual is none. One that has passed says only that nobody has
    updated the record since. A date known to the month has passed when its last day
    has.

    Returns
    -------
    pandas.DataFrame
        Open trials by that date, undated last: trial_id, short_title (as in
        `trial_lines`), overall_status, planned_earliest, planned_latest, is_primary,
        is_typed (the record calls the date planned), is_overdue.
    """
    cut_off = as_day(as_of)
    trials = data.trials[is_open(data.trials["overall_status"])]
    frame = trials[["trial_id"]].assign(short_title=short_titles(trials))
    frame["overall_status"] = trials["overall_status"]
    frame = frame.join(planned_end(trials, cut_off))
    order = ["planned_latest", "trial_id"]
    frame = frame.sort_values(order, kind="stable", ignore_index=True)
    n, late = len(frame), int(frame["is_overdue"].sum())
    frame.attrs |= {"as_of": f"{cut_off:%Y-%m-%d}", "n_trials": len(data.trials)}
    frame.attrs |= {"n_usable": n, "n_overdue": late}
    return frame
