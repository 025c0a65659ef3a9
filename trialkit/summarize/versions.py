"""What the versions of records tell: the plan at registration, and runs of status."""

from __future__ import annotations

import pandas as pd

from trialkit.dates import as_day
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.timelines import FINAL, status_words
from trialkit.tidy.trials import Trials


def at_registration(data: Trials) -> pd.DataFrame:
    """Return the version at registration of each trial of which it is known.

    Of a version that only a list names nothing is known but day and status; it counts
    where it was read, or the list tells its participants.
    """
    first = data.versions[data.versions["version"].eq(0).fillna(False)]
    is_known = first["has_record"].fillna(False) | first["enrollment"].notna()
    return first[is_known.astype(bool)].reset_index(drop=True)


@of_counted
def status_runs(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return from when to when each trial had each recruitment status.

    A run begins with the first version of that status and ends with the next version of
    another one. The last one of an open trial runs to the cut-off; that of a completed
    or stopped one has no end, and none is known where the register has called the
    status unknown since. Only trials count of which every version is known: a gap could
    hide another status. Days are those of the record, which follow the trial.

    Returns
    -------
    pandas.DataFrame
        One row per run, in order of trial and time: trial_id, overall_status, status
        (words), begins, ends (missing after the end of a trial), days, is_last,
        is_unconfirmed (the register calls the status unknown now).

    Raises
    ------
    ParameterError
        If `as_of` is not a day.
    """
    cut_off = as_day(as_of)
    rows = _complete(data.versions)
    rows = rows[rows["begins"].le(cut_off)]
    is_same = rows["overall_status"].eq(
        rows.groupby("trial_id")["overall_status"].shift()
    )
    rows = rows[~is_same.fillna(False).astype(bool)]
    nexts = rows.groupby("trial_id")["begins"].shift(-1)
    is_last = ~rows["trial_id"].duplicated(keep="last")
    status = data.trials["overall_status"].astype("string")
    unknown = data.trials.loc[status.eq("UNKNOWN").fillna(False), "trial_id"]
    is_over = is_last & rows["overall_status"].isin(FINAL)
    is_lost = is_last & ~is_over & rows["trial_id"].isin(unknown)
    ends = nexts.where(~is_last, cut_off).where(~(is_over | is_lost))
    frame = rows[["trial_id", "overall_status"]].assign(
        status=status_words(rows["overall_status"]),
        begins=rows["begins"],
        ends=ends.astype("datetime64[s]"),
        days=(ends - rows["begins"]).dt.days.astype("Int64"),
        is_last=is_last.astype("boolean"),
        is_unconfirmed=is_lost.astype("boolean"),
    )
    # Two versions of one day: the status of the first lasted no day.
    frame = frame[frame["days"].ne(0).fillna(True) | frame["is_last"]]
    first = frame.groupby("trial_id")["begins"].transform("min")
    order = frame.assign(first=first).sort_values(["first", "trial_id", "begins"])
    frame = frame.loc[order.index].reset_index(drop=True)
    frame.attrs |= {
        "as_of": f"{cut_off:%Y-%m-%d}",
        "n_trials": len(data.trials),
        "n_usable": n_trials(frame),
        "n_listed": n_trials(data.versions),
    }
    return frame


def _complete(versions: pd.DataFrame) -> pd.DataFrame:
    """Return the versions of trials of which all are known, with day and status."""
    rows = versions.dropna(subset=["version"])
    rows = rows.assign(begins=pd.to_datetime(rows["version_date"], errors="coerce"))
    by_trial = rows.groupby("trial_id", sort=False)
    is_dated = rows["begins"].notna() & rows["overall_status"].notna()
    is_told = is_dated.groupby(rows["trial_id"]).transform("all")
    is_whole = by_trial["version"].transform("max") + 1 == by_trial[
        "version"
    ].transform("size")
    kept = rows[is_told & is_whole.fillna(False)]
    kept = kept.astype({"overall_status": "string", "begins": "datetime64[s]"})
    return kept.sort_values(["trial_id", "version"])
