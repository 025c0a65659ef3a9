"""Open trials, and whether the date planned for their result has passed."""

from __future__ import annotations

import pandas as pd

from trialkit.dates import as_day
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.lines import short_titles
from trialkit.summarize.timelines import is_open
from trialkit.tidy.trials import Trials


@of_counted
def overdue(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return the trials open by their record, and the date planned for their result.

    It is the primary completion, or the completion where no other is stated. A date
    that has passed says only that nobody has updated the record since. A date known to
    the month has passed when its last day has.

    Returns
    -------
    pandas.DataFrame
        Open trials by that date, undated last: trial_id, short_title (as in
        `trial_lines`), overall_status, planned_earliest, planned_latest, is_primary,
        is_overdue.
    """
    cut_off = as_day(as_of)
    trials = data.trials[is_open(data.trials["overall_status"])]
    frame = trials[["trial_id"]].assign(short_title=short_titles(trials))
    frame["overall_status"] = trials["overall_status"]
    is_primary = trials["primary_completion_date_latest"].notna()
    for end in ("earliest", "latest"):
        primary = trials[f"primary_completion_date_{end}"]
        last = trials[f"completion_date_{end}"]
        frame[f"planned_{end}"] = primary.where(is_primary, last)
    frame["is_primary"] = is_primary.where(frame["planned_latest"].notna())
    frame["is_primary"] = frame["is_primary"].astype("boolean")
    frame["is_overdue"] = frame["planned_latest"].lt(cut_off).fillna(False).astype(bool)
    order = ["planned_latest", "trial_id"]
    frame = frame.sort_values(order, kind="stable", ignore_index=True)
    n, late = len(frame), int(frame["is_overdue"].sum())
    frame.attrs |= {"as_of": f"{cut_off:%Y-%m-%d}", "n_trials": len(data.trials)}
    frame.attrs |= {"n_usable": n, "n_overdue": late}
    return frame
