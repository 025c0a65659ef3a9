"""Participants, planned and actual."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

import pandas as pd

from trialkit.dates import as_day
from trialkit.summarize.count import count, only_family, values_by
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.statistics import n_trials, spread
from trialkit.summarize.timelines import middle, starts
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Trials that are shown one by one by their share; of more, the largest ten are.
MOST_SEGMENTS, LARGEST = 100, 10
#: What a number of participants is, in words.
TYPES = {"ESTIMATED": "planned", "ACTUAL": "actual", "": "type not stated"}


@of_counted
def enrollment(data: Trials, *, by: str = "route_group") -> pd.DataFrame:
    """Return the number of participants of each trial in each of its groups.

    A trial's number is never divided over its arms or groups: a trial with two routes
    has two rows with the same number.

    Returns
    -------
    pandas.DataFrame
        trial_id, the column `by`, with routes route_family (one, or "Several routes"),
        enrollment, enrollment_type; missing numbers stay missing, and 0 (a withdrawn
        trial) is a number.
    """
    rows = values_by(data, by)
    if by == "route_group":
        families = only_family(data)
        family = rows["trial_id"].map(families).astype(families.dtype)
        rows = rows.assign(route_family=family)
    numbers = data.trials[["trial_id", "enrollment", "enrollment_type"]]
    frame = rows.merge(numbers, on="trial_id")
    order = [by, "enrollment", "trial_id"]
    frame = frame.sort_values(order, kind="stable", ignore_index=True)
    frame.attrs |= {
        "n_trials": n_trials(frame),
        "n_usable": n_trials(frame[frame["enrollment"].gt(0).fillna(False)]),
        "n_zero": n_trials(frame[frame["enrollment"].eq(0).fillna(False)]),
    }
    return frame


@of_counted
def enrollment_classes(data: Trials) -> pd.DataFrame:
    """Return how many trials there are in each class of participant numbers.

    Planned and actual numbers count alike; a withdrawn trial may have 0.

    Returns
    -------
    pandas.DataFrame
        enrollment_group ("0", "1–10" ... "over 500", "Not stated"), n.
    """
    return count(data, by="enrollment_group")


def lower_half(n_of: Mapping[str, int]) -> list[str]:
    """Return the classes of sizes, from the smallest, that hold nearest half of trials.

    Trials without participants, and those that state no number, are none of them.

    Examples
    --------
    >>> lower_half({"0": 4, "1–10": 3, "11–20": 2, "21–50": 4, "Not stated": 9})
    ['1–10', '11–20']
    """
    sizes = {k: n for k, n in n_of.items() if n and k not in ("0", NOT_STATED)}
    names, total = list(sizes), sum(sizes.values())
    reached = list(accumulate(sizes.values()))
    # Of two that are as near the larger: most of the trials, not few of them.
    nearest = min(reached, key=lambda n: (abs(n * 2 - total), -n), default=0)
    return names[: reached.index(nearest) + 1] if names else []


@of_counted
def concentration(data: Trials) -> pd.DataFrame:
    """Return the trials with participants by their number, the largest first.

    Returns
    -------
    pandas.DataFrame
        Trials with a number above 0: trial_id, enrollment, enrollment_type, is_in_half
        (of the fewest trials that together have half of the participants). `attrs` hold
        n_participants, n_zero (trials with 0) and n_missing (without a number).
    """
    columns = ["trial_id", "enrollment", "enrollment_type"]
    stated = data.trials[columns].dropna(subset=["enrollment"])
    frame = stated[stated["enrollment"].gt(0)]
    order = ["enrollment", "trial_id"]
    frame = frame.sort_values(order, ascending=[False, True], ignore_index=True)
    numbers = frame["enrollment"].astype("int64")
    total = int(numbers.sum())
    frame["is_in_half"] = (numbers.cumsum() - numbers) * 2 < total
    frame.attrs |= {
        "n_trials": len(data.trials),
        "n_usable": len(frame),
        "n_participants": total,
        "n_zero": len(stated) - len(frame),
        "n_missing": len(data.trials) - len(stated),
    }
    return frame


@of_counted
def enrollment_by_route(
    data: Trials, *, by: str | None = "route_group"
) -> pd.DataFrame:
    """Return how many participants the trials of each group plan or have reached.

    Planned (ESTIMATED) and reached (ACTUAL) numbers, and those whose source does not
    say which, enter one median and are counted apart beside it. Quartiles are numpy's
    `linear` ones. A 0 (a trial withdrawn before anyone took part) is stated, and is no
    size: median, quartiles, minimum and maximum are of the numbers above 0. A trial in
    two groups counts with its whole number in both.

    Returns
    -------
    pandas.DataFrame
        The column `by`, n (trials), total, median, q1, q3, min, max, n_actual,
        n_estimated, n_type_not_stated, n_zero and n_missing.

    Raises
    ------
    ParameterError
        If `count` cannot group by `by`.
    """
    if by is None:
        rows = data.trials[["trial_id"]].copy()
        groups = [(None, rows)]
    else:
        rows = values_by(data, by)
        groups = list(rows.groupby(by, observed=False))
    numbers = data.trials.set_index("trial_id")[["enrollment", "enrollment_type"]]
    frame = pd.DataFrame([_row(numbers.loc[group["trial_id"]]) for _, group in groups])
    frame = frame.astype({name: "Int64" for name in frame if name not in _QUANTILES})
    if by is not None:
        keys = pd.Series([key for key, _ in groups], dtype="string")
        frame.insert(0, by, keys.astype(rows[by].dtype))
        frame = frame[frame["n"].gt(0) | frame[by].eq(NOT_STATED)].reset_index(
            drop=True
        )
    frame.attrs |= {
        "n_trials": n_trials(rows),
        "n_usable": int(data.trials["enrollment"].notna().sum()),
    }
    return frame


def summarize_enrollment(data: Trials, *, by: str | None = None) -> pd.DataFrame:
    """Return `enrollment_by_route` with the default of 0.1; it goes in 0.3."""
    return enrollment_by_route(data, by=by)


def above_zero(numbers: pd.Series) -> pd.Series:
    """Return the numbers of participants that enter a median: those above 0."""
    return numbers[numbers.gt(0).fillna(False)]


def by_type(trials: pd.DataFrame) -> list[str]:
    """Return the participants by what their number is: planned, actual, not stated."""
    kind = trials["enrollment_type"].astype("string").fillna("")
    sums = trials["enrollment"].groupby(kind).sum(min_count=1).dropna()
    return [f"{int(sums[key]):,} {word}" for key, word in TYPES.items() if key in sums]


_QUANTILES = ("median", "q1", "q3")


def _row(rows: pd.DataFrame) -> dict[str, object]:
    number, kind = rows["enrollment"], rows["enrollment_type"].astype("string")
    is_known = number.notna()
    sizes = above_zero(number)
    five = spread(sizes)
    low, high = (sizes.min(), sizes.max()) if len(sizes) else (pd.NA, pd.NA)
    return {
        "n": len(rows),
        "total": number.sum() if is_known.any() else pd.NA,
        **{name: getattr(five, name) for name in _QUANTILES},
        "min": low,
        "max": high,
        "n_actual": int((is_known & kind.eq("ACTUAL").fillna(False)).sum()),
        "n_estimated": int((is_known & kind.eq("ESTIMATED").fillna(False)).sum()),
        "n_type_not_stated": int((is_known & kind.isna()).sum()),
        "n_zero": int(number.eq(0).sum()),
        "n_missing": int((~is_known).sum()),
    }


@of_counted
def cumulative_enrollment(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return how the participants of trials add up by start date, for each route.

    A trial's number is counted whole at its start and in each of its routes, whether it
    is planned, reached or of a type that the source does not give: it is the size of
    what was registered, not of what was enrolled by then. A start known to the month
    is taken at the middle of it.

    Returns
    -------
    pandas.DataFrame
        trial_id, route_group, start_date (as precise as registered), start_earliest and
        start_latest (the days that it can mean), enrollment, total (of the route up to
        and with this trial), by route and start.
    """
    cut_off = as_day(as_of)
    points = enrollment(data)
    dates = starts(data.trials)
    frame = points.merge(dates, on="trial_id", how="left")
    frame = frame.dropna(subset=["start_earliest", "enrollment"])
    order = ["route_group", "day", "trial_id"]
    frame = frame.assign(day=middle(frame, "start"))
    frame = frame.sort_values(order, ignore_index=True)
    frame = frame[["trial_id", "route_group", *list(dates)[1:], "enrollment"]]
    by_route = frame.groupby("route_group", observed=True)["enrollment"]
    frame = frame.assign(total=by_route.cumsum())
    frame.attrs = {
        "as_of": f"{cut_off:%Y-%m-%d}",
        "n_trials": points.attrs["n_trials"],
        "n_usable": n_trials(frame),
    }
    return frame
