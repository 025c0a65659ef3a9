"""Dates, durations and status of trials, and records out of date."""

from __future__ import annotations

import pandas as pd

from trialkit.codebook import levels_of
from trialkit.dates import MONTH, as_day
from trialkit.summarize.count import count, values_by
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.groups import (
    by_start,
    first_of,
    joined_words,
    ordered,
    words_or_none,
)
from trialkit.summarize.statistics import n_trials, spread
from trialkit.summarize.wording import NOT_STATED, words
from trialkit.tidy.trials import Trials

#: Statuses after which nothing more is expected of a trial.
FINAL = (
    "COMPLETED TERMINATED WITHDRAWN NO_LONGER_AVAILABLE APPROVED_FOR_MARKETING WITHHELD"
).split()
_ENDS = ("primary_completion_date", "completion_date")
_DATES = ("start_date", *_ENDS)


@of_counted
def timeline(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return the dates of every trial, sorted by start, ready to draw as lanes.

    Partial dates are spans from the earliest to the latest day they can mean; nothing
    is filled in. Trials without a start date come last.

    Returns
    -------
    pandas.DataFrame
        One row per trial: trial_id, title, route_group (the first), route_groups,
        overall_status, enrollment, enrollment_type; per date (`start`,
        `primary_completion`, `completion`) _earliest, _latest, _precision and _type;
        is_future (starts after the cut-off), is_undated (neither start nor completion),
        and what `planned_end` says of the date planned for the result.

    Raises
    ------
    ParameterError
        If `as_of` is not a day.
    """
    cut_off = as_day(as_of)
    trials = data.trials
    frame = trials[["trial_id"]].assign(title=trials["display_title"])
    groups = frame["trial_id"].map(joined_words(data, "route_group")).astype("string")
    frame["route_group"] = first_of(groups, "route_group")
    frame["route_groups"] = words_or_none(data, "route_group")
    for name in ("overall_status", "enrollment", "enrollment_type"):
        frame[name] = trials[name]
    for date in _DATES:
        for part in ("earliest", "latest", "precision", "type"):
            frame[f"{date.removesuffix('_date')}_{part}"] = trials[f"{date}_{part}"]
    frame["is_future"] = frame["start_earliest"].gt(cut_off)
    dates = frame[["start_earliest", "completion_latest"]]
    frame["is_undated"] = dates.isna().all(axis=1)
    frame = frame.join(planned_end(trials, cut_off))
    frame = by_start(data, frame)
    frame.attrs |= {
        "as_of": f"{cut_off:%Y-%m-%d}",
        "n_trials": len(frame),
        "n_usable": int((~frame["is_undated"]).sum()),
    }
    return frame


@of_counted
def durations(data: Trials) -> pd.DataFrame:
    """Return how long each trial lasts from start to completion.

    Exact in days where both dates are days. A month or a year is taken at its middle
    and the result marked approximate. Planned dates are as good as reached ones here;
    a completion before the start is left out and counted in `attrs["n_reversed"]`.

    Returns
    -------
    pandas.DataFrame
        Trials with both dates, shortest first: trial_id, route_group (the first),
        route_groups, days, months (of 30.44 days), is_approximate, overall_status.
    """
    trials = data.trials
    start, end = middle(trials, "start_date"), middle(trials, "completion_date")
    days = (end - start).dt.days.astype("Int64")
    frame = pd.DataFrame({"trial_id": trials["trial_id"], "days": days})
    groups = frame["trial_id"].map(joined_words(data, "route_group")).astype("string")
    groups = groups.fillna(NOT_STATED)
    frame.insert(1, "route_group", first_of(groups, "route_group"))
    frame.insert(2, "route_groups", groups)
    frame["months"] = (frame["days"] / MONTH).round(1).astype("Float64")
    frame["is_approximate"] = trials["start_date_precision"].ne("day").fillna(
        False
    ) | trials["completion_date_precision"].ne("day").fillna(False)
    frame["overall_status"] = trials["overall_status"]
    is_reversed = frame["days"].lt(0).fillna(False)
    kept = frame[frame["days"].notna() & ~is_reversed]
    kept = kept.sort_values(["days", "trial_id"]).reset_index(drop=True)
    kept.attrs |= {
        "n_trials": len(trials),
        "n_usable": len(kept),
        "n_reversed": int(is_reversed.sum()),
    }
    return kept


def is_open(statuses: pd.Series) -> pd.Series:
    """Return which codes of recruitment status say that more is expected of a trial.

    A missing status does not, nor do words whose meaning is not known.
    """
    levels = set(levels_of("trials", "overall_status")) - {*FINAL, "UNKNOWN"}
    return statuses.astype("string").isin(levels)


def planned_end(trials: pd.DataFrame, cut_off: pd.Timestamp) -> pd.DataFrame:
    """Return the date planned for the result of each trial, and whether it has passed.

    It is the primary completion, or the completion where no other is planned: a date
    that the record calls actual is reached, and plans nothing. A date known to the
    month has passed when its last day has. Only an open trial is overdue.

    Returns
    -------
    pandas.DataFrame
        planned_earliest, planned_latest, is_primary, is_typed (the record calls the
        date planned; both missing without one), is_overdue; the index is that of
        `trials`.
    """
    frame = pd.DataFrame(index=trials.index)
    type_of = {name: trials[f"{name}_type"].astype("string") for name in _ENDS}
    is_primary, is_last = (
        trials[f"{name}_latest"].notna() & type_of[name].ne("ACTUAL").fillna(True)
        for name in _ENDS
    )
    for end in ("earliest", "latest"):
        primary, last = (trials[f"{name}_{end}"] for name in _ENDS)
        frame[f"planned_{end}"] = primary.where(is_primary, last.where(is_last))
    first, second = (own.eq("ESTIMATED").fillna(False) for own in type_of.values())
    is_dated = frame["planned_latest"].notna()
    frame["is_primary"] = is_primary.where(is_dated).astype("boolean")
    frame["is_typed"] = first.where(is_primary, second).where(is_dated)
    frame["is_typed"] = frame["is_typed"].astype("boolean")
    is_past = frame["planned_latest"].lt(cut_off).fillna(False).astype(bool)
    frame["is_overdue"] = is_past & is_open(trials["overall_status"]).astype(bool)
    return frame


def starts(trials: pd.DataFrame) -> pd.DataFrame:
    """Return trial_id, start_date as registered, start_earliest and start_latest."""
    ends = {f"start_date_{end}": f"start_{end}" for end in ("earliest", "latest")}
    return trials[["trial_id", "start_date", *ends]].rename(columns=ends)


def middle(trials: pd.DataFrame, date: str) -> pd.Series:
    """Return the day at the middle of what a date of `trials` can mean."""
    earliest, latest = trials[f"{date}_earliest"], trials[f"{date}_latest"]
    return (earliest + (latest - earliest) / 2).dt.floor("D")


@of_counted
def stale_records(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return the records that may be out of date at the cut-off, and why.

    A date that has passed says nothing about the trial itself, only that nobody has
    updated the record since: completion passed with a status that is not final, start
    passed with "not yet recruiting", no update for two years (when ClinicalTrials.gov
    shows "unknown"), and a completion before the start. A partial date has passed when
    its last possible day has.

    Returns
    -------
    pandas.DataFrame
        One row per trial and flag: trial_id, title, flag, detail.
    """
    cut_off = as_day(as_of)
    trials = data.trials
    status = trials["overall_status"].astype("string")
    open_now = is_open(status)
    start, completion = trials["start_date"], trials["completion_date"]
    updated = trials["last_updated_date"]
    day = pd.to_datetime(updated, errors="coerce")
    known = words(trials["last_known_status"], "last_known_status").astype("string")
    flags = {
        "Completion date has passed": (
            trials["completion_date_latest"].lt(cut_off) & open_now,
            "completion " + completion,
        ),
        "Start date has passed": (
            trials["start_date_latest"].lt(cut_off) & status.eq("NOT_YET_RECRUITING"),
            "start " + start,
        ),
        "Not updated for two years": (
            day.lt(cut_off - pd.DateOffset(years=2)) & open_now,
            "last update " + updated,
        ),
        "Status unknown": (
            status.eq("UNKNOWN"),
            "last update "
            + updated.fillna("not stated")
            + (", last known status " + known.str.lower()),
        ),
        "Completion before start": (
            trials["completion_date_latest"].lt(trials["start_date_earliest"]),
            "start " + start + ", completion " + completion,
        ),
    }
    rows = trials[["trial_id"]].assign(title=trials["display_title"])
    shown = "; status " + words(status, "overall_status").str.lower()
    parts = [
        rows.assign(flag=flag, detail=detail + shown)[mask.fillna(False).astype(bool)]
        for flag, (mask, detail) in flags.items()
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = by_start(data, frame.astype({"flag": "string", "detail": "string"}))
    frame.attrs |= {
        "as_of": f"{cut_off:%Y-%m-%d}",
        "n_trials": len(trials),
        "n_flagged": n_trials(frame),
    }
    return frame


#: Statuses in the order of a trial's life; those of expanded access are one.
STATUSES = (
    "Not yet recruiting",
    "Recruiting",
    "Enrolling by invitation",
    "Active, not recruiting",
    "Completed",
    "Suspended",
    "Terminated",
    "Withdrawn",
    "Unknown",
    "Expanded access",
)
_ACCESS = (
    "Available",
    "No longer available",
    "Temporarily not available",
    "Approved for marketing",
)


@of_counted
def statuses(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each recruitment status.

    Returns
    -------
    pandas.DataFrame
        status (words, in the order of a trial's life), n.
    """
    frame = count(data, by="overall_status")
    frame["status"] = status_words(frame["overall_status"])
    return _summed(frame, ["status"], frame.attrs)


@of_counted
def status_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each route group and recruitment status.

    Returns
    -------
    pandas.DataFrame
        route_group, status (words, in the order of a trial's life), n: the combinations
        that occur.
    """
    frame = count(data, by=["route_group", "overall_status"])
    frame["status"] = status_words(frame["overall_status"])
    stated = count(data, by="overall_status").attrs["n_usable"]
    attrs = {**frame.attrs, "n_usable": min(stated, frame.attrs["n_trials"])}
    return _summed(frame, ["route_group", "status"], attrs)


def status_words(codes: pd.Series) -> pd.Series:
    """Return recruitment statuses in words, in the order of a trial's life."""
    status = words(codes, "overall_status").astype("string")
    return ordered(status.mask(status.isin(_ACCESS), "Expanded access"), STATUSES)


def _summed(frame: pd.DataFrame, keys: list[str], attrs: dict) -> pd.DataFrame:
    counts = frame.groupby(keys, observed=True)["n"].sum().reset_index()
    counts.attrs |= attrs
    return counts


@of_counted
def durations_by_route(data: Trials, *, by: str = "route_group") -> pd.DataFrame:
    """Return how many months the trials of each group last from start to completion.

    Returns
    -------
    pandas.DataFrame
        The column `by`, n (trials with a duration), median, q1, q3, min, max (months),
        n_approximate (a date known to the month or year), n_missing (trials without a
        duration: a date is missing, or the completion is before the start; `attrs`
        count the latter in n_reversed).
    """
    known = durations(data)
    months = known[["trial_id", "months", "is_approximate"]]
    rows = values_by(data, by).merge(months, on="trial_id", how="left")
    is_approximate = rows["is_approximate"].eq(True)
    frame = _spreads(rows, by, "months", {"n_approximate": is_approximate})
    frame.attrs |= {"n_reversed": known.attrs["n_reversed"]}
    return frame


@of_counted
def start_up(data: Trials, *, by: str = "start_year") -> pd.DataFrame:
    """Return how many months pass from the first posting of a record to the start.

    Negative months mean that the trial started before its record was posted. Dates
    known to the month are taken at its middle, so that small values are rough.

    Returns
    -------
    pandas.DataFrame
        The column `by`, n (trials with both dates), median, q1, q3, min, max (months),
        n_before (posted before the start or on its day), n_after, n_missing.
    """
    trials = data.trials
    posted = pd.to_datetime(trials["first_posted_date"], errors="coerce")
    days = (middle(trials, "start_date") - posted).dt.days
    months = (days / MONTH).round(1).astype("Float64")
    rows = values_by(data, by).merge(
        trials[["trial_id"]].assign(months=months), on="trial_id", how="left"
    )
    is_before = rows["months"].ge(0).fillna(False)
    counts = {"n_before": is_before, "n_after": rows["months"].lt(0).fillna(False)}
    return _spreads(rows, by, "months", counts)


def _spreads(
    rows: pd.DataFrame, by: str, value: str, counts: dict[str, pd.Series]
) -> pd.DataFrame:
    """Return the five numbers of a value per group, and how often each mask is true."""
    groups = [
        {
            by: group,
            "n": int(own[value].notna().sum()),
            **spread(own[value])._asdict(),
            **{name: int(mask[own.index].sum()) for name, mask in counts.items()},
            "n_missing": int(own[value].isna().sum()),
        }
        for group, own in rows.groupby(by, observed=False)
    ]
    names = [by, "n", "median", "q1", "q3", "min", "max", *counts, "n_missing"]
    frame = pd.DataFrame(groups, columns=names)
    frame[by] = pd.Series(frame[by], dtype="string").astype(rows[by].dtype)
    total = frame["n"] + frame["n_missing"]
    frame = frame[total.gt(0) | frame[by].eq(NOT_STATED)].reset_index(drop=True)
    stated = rows[rows[value].notna()]
    frame.attrs |= {"n_trials": n_trials(rows), "n_usable": n_trials(stated)}
    return frame
