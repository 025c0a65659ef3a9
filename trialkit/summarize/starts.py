"""Starts of trials by year."""

from __future__ import annotations

import pandas as pd

from trialkit.dates import as_day
from trialkit.summarize.count import values_by
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.groups import exclusive, family_of
from trialkit.summarize.statistics import n_trials
from trialkit.tidy.trials import Trials


@of_counted
def starts_by_year(
    data: Trials, *, as_of: Day, by: str = "route_group"
) -> pd.DataFrame:
    """Return how many trials of each group started in each year up to the cut-off.

    Groups exclude each other, so that those of a year add up to its trials: a trial
    with several values is counted apart, in "Several routes" for instance.

    Years without a start are there, with 0. The cut-off's own year is complete only on
    its last day. Trials that plan to start after the cut-off are counted apart: a year
    that is not over says nothing about a trend.

    Returns
    -------
    pandas.DataFrame
        year, the column `by`, n, is_partial (the cut-off lies inside the year), and of
        cell sources the source_family: every pair of a year and a group that occurs.
        `attrs` hold n_planned and n_undated.
    """
    cut_off = as_day(as_of)
    rows = exclusive(values_by(data, by), ["trial_id"], by)
    starts = data.trials[["trial_id", "start_date_earliest"]]
    day = rows.merge(starts, on="trial_id", how="left")["start_date_earliest"]
    is_past = day.le(cut_off).fillna(False)
    past = rows[is_past].assign(year=day[is_past].dt.year.astype("int64"))
    groups = [g for g in rows[by].cat.categories if g in set(past[by])]
    years = range(past["year"].min(), cut_off.year + 1) if len(past) else range(0)
    index = pd.MultiIndex.from_product([years, groups], names=["year", by])
    counts = past.astype({by: "string"}).groupby(["year", by]).size()
    frame = counts.reindex(index, fill_value=0).rename("n").reset_index()
    frame[by] = frame[by].astype("string").astype(rows[by].dtype)
    is_whole = (cut_off.month, cut_off.day) == (12, 31)
    frame["is_partial"] = frame["year"].eq(cut_off.year) & (not is_whole)
    if by == "cell_source":
        frame["source_family"] = family_of(frame[by], terms=data.terms)
    frame.attrs |= {
        "as_of": f"{cut_off:%Y-%m-%d}",
        "n_trials": n_trials(rows),
        "n_usable": n_trials(past),
        "n_planned": n_trials(rows[day.gt(cut_off).fillna(False)]),
        "n_undated": n_trials(rows[day.isna()]),
    }
    return frame
