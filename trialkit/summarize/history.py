"""What has changed since an earlier report, store or download of the same landscape."""

from __future__ import annotations

import pandas as pd

from trialkit.compare.change import no_changes
from trialkit.compare.changes import compared
from trialkit.compare.sides import Side
from trialkit.dates import date_span
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import by_start
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.timelines import FINAL
from trialkit.summarize.versions import at_registration
from trialkit.tidy.trials import Trials


@of_counted
def changes_since(data: Trials, earlier: Side | None) -> pd.DataFrame:
    """Return what changed since an earlier state, as `tk.changes` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per change; without an earlier state none.
    """
    if earlier is None:
        return no_changes()
    return compared(earlier, Side("this report", data))


@of_counted
def planned_actual(data: Trials, earlier: Side | None) -> pd.DataFrame:
    """Return the trials whose participants were planned once and are actual now.

    The plan is that of the version at registration, else of the earlier state. A number
    that was no plan at registration is left out: one called actual, or of a type not
    stated in a version of a trial that was over.

    Returns
    -------
    pandas.DataFrame
        trial_id, planned, actual, difference (actual less planned), planned_in
        ("registration" or "earlier"), by difference.
    """
    first = at_registration(data)
    kind, status = first["enrollment_type"], first["overall_status"]
    is_plan = kind.isna() & ~status.isin(FINAL) | kind.eq("ESTIMATED").fillna(False)
    plans = [_then(first[is_plan], "enrollment", "planned", _REGISTERED)]
    if earlier is not None:
        was = earlier.trials
        was = was[was["enrollment_type"].eq("ESTIMATED").fillna(False)]
        plans.append(_then(was, "enrollment", "planned", _EARLIER))
    plan = _one_each(plans, "planned")
    plan["planned"] = pd.to_numeric(plan["planned"], errors="coerce").astype("Int64")
    is_actual = data.trials["enrollment_type"].eq("ACTUAL").fillna(False)
    now = data.trials.loc[is_actual, ["trial_id", "enrollment"]]
    frame = plan.dropna().merge(now, on="trial_id")
    frame = frame.rename(columns={"enrollment": "actual"}).dropna()
    frame["difference"] = frame["actual"] - frame["planned"]
    frame = frame.sort_values(["difference", "trial_id"]).reset_index(drop=True)
    names = ["trial_id", "planned", "actual", "difference", "planned_in"]
    return _told(frame[names], data, first, len(frame))


@of_counted
def schedule_changes(data: Trials, earlier: Side | None) -> pd.DataFrame:
    """Return the completion dates that differ from those once registered.

    They are compared with the version at registration, else with the earlier state. A
    date that is only known better, such as a day in the month that was stated, has not
    moved.

    Returns
    -------
    pandas.DataFrame
        trial_id, before, now (the last day that each date can mean), days (later is
        positive), planned_in ("registration" or "earlier"), in order of start.
        `attrs["n_compared"]` counts the trials with both dates.
    """
    first = at_registration(data)
    name = "completion_date"
    was_actual = first[f"{name}_type"].eq("ACTUAL").fillna(False)
    plans = [_then(first[~was_actual], name, "then", _REGISTERED)]
    if earlier is not None:
        plans.append(_then(earlier.trials, name, "then", _EARLIER))
    plan = _one_each(plans, "then")
    spans = [date_span(text) for text in plan["then"]]
    for end in ("earliest", "latest"):
        days = pd.Series([getattr(span, end) for span in spans], plan.index, "object")
        plan[f"then_{end}"] = pd.to_datetime(days).astype("datetime64[s]")
    now = data.trials[["trial_id", f"{name}_earliest", f"{name}_latest"]]
    both = now.merge(plan, on="trial_id").dropna()
    later = both[f"{name}_earliest"].gt(both["then_latest"])
    sooner = both[f"{name}_latest"].lt(both["then_earliest"])
    frame = both.rename(columns={f"{name}_latest": "now", "then_latest": "before"})
    frame["days"] = (frame["now"] - frame["before"]).dt.days.astype("Int64")
    frame = by_start(data, frame[later | sooner])
    frame = frame[["trial_id", "before", "now", "days", "planned_in"]]
    frame = _told(frame.reset_index(drop=True), data, first, len(frame))
    frame.attrs["n_compared"] = len(both)
    return frame


_REGISTERED, _EARLIER = "registration", "earlier"


def _then(rows: pd.DataFrame, field: str, name: str, where: str) -> pd.DataFrame:
    """Return what a field said once, under another name, and in which state."""
    frame = rows[["trial_id", field]].astype("string").rename(columns={field: name})
    return frame.assign(planned_in=where)


def _one_each(plans: list[pd.DataFrame], name: str) -> pd.DataFrame:
    """Return one plan per trial, the first that is stated."""
    frame = pd.concat(plans, ignore_index=True).dropna(subset=[name])
    frame = frame.drop_duplicates("trial_id", ignore_index=True)
    return frame.astype({"trial_id": "string", "planned_in": "string"})


def _told(
    frame: pd.DataFrame, data: Trials, first: pd.DataFrame, n_usable: int
) -> pd.DataFrame:
    frame.attrs |= {
        "n_trials": len(data.trials),
        "n_usable": n_usable,
        "n_registered": n_trials(first),
        "n_earlier": int(frame["planned_in"].eq(_EARLIER).sum()),
    }
    return frame
