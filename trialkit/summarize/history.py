"""What has changed since an earlier report or store of the same landscape."""

from __future__ import annotations

import csv
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from trialkit.atomic import recover
from trialkit.dates import date_span
from trialkit.errors import ParameterError, TrialDataError
from trialkit.escape import csv_safe
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import by_start
from trialkit.summarize.overview import trials
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.timelines import FINAL
from trialkit.summarize.versions import at_registration
from trialkit.tidy.trials import Trials

#: Fields of the trial table that are compared.
COMPARED = (
    "conditions phase_group overall_status routes products donors enrollment "
    "enrollment_type start_date completion_date countries lead_sponsor"
).split()
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_TABLE = "tbl-trials.csv"


class Earlier(NamedTuple):
    """An earlier state of a landscape: its trial table as text, and its name."""

    name: str
    trials: pd.DataFrame


def open_earlier(path: str | os.PathLike[str]) -> Earlier | None:
    """Return the trials of an earlier report or store, to compare with.

    Parameters
    ----------
    path
        A folder that `trialkit report` or `Trials.save` has written, or the
        `report.json` in the former; empty for none.

    Returns
    -------
    Earlier or None
        Its trial table and its name; None where no path is given.

    Raises
    ------
    ParameterError
        If there is no such folder, or it holds neither.
    """
    if not os.fspath(path):
        return None
    folder = Path(path)
    folder = folder.parent if folder.name == "report.json" else folder
    with suppress(OSError):
        recover(folder)
    found = sorted(folder.glob(f"*data/{_TABLE}"))
    if found:
        return Earlier(folder.name, _read(found[0]))
    if not folder.is_dir():
        raise ParameterError(f"no earlier report or store: {folder}")
    from trialkit.tidy.load import open_store

    try:
        return Earlier(folder.name, _as_text(trials(open_store(folder))))
    except TrialDataError as error:
        raise ParameterError(
            f"{folder} is neither a report with its data files nor a store: {error}"
        ) from None


def _read(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ("trial_id", "title", *COMPARED)
    missing = [name for name in columns if rows and name not in rows[0]]
    if missing:
        raise ParameterError(f"{path} lacks the column {', '.join(missing)}")
    frame = [{name: row[name] or None for name in columns} for row in rows]
    return pd.DataFrame(frame, columns=list(columns)).astype("string")


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the compared columns as a data file of the report holds them."""
    frame = table[["trial_id", "title", *COMPARED]].astype("string")
    return frame.map(csv_safe, na_action="ignore").astype("string")


@of_counted
def changes(data: Trials, earlier: Earlier | None) -> pd.DataFrame:
    """Return what was added, removed or changed since an earlier state.

    Returns
    -------
    pandas.DataFrame
        One row per trial added or removed and per field changed: trial_id, change
        (`added`, `removed`, `changed`), field, before, now (missing where nothing is
        stated).
    """
    columns = ["trial_id", "change", "field", "before", "now"]
    if earlier is None:
        return pd.DataFrame(columns=columns, dtype="string")
    now, before = _as_text(trials(data)), earlier.trials
    is_new = ~now["trial_id"].isin(before["trial_id"])
    is_gone = ~before["trial_id"].isin(now["trial_id"])
    parts = [
        now.loc[is_new, ["trial_id", "title"]].assign(change=ADDED),
        before.loc[is_gone, ["trial_id", "title"]].assign(change=REMOVED),
    ]
    parts = [part.rename(columns={"title": "now"}) for part in parts]
    both = now.merge(before, on="trial_id", suffixes=("", "_before"))
    for field in COMPARED:
        is_other = both[field].fillna("").ne(both[f"{field}_before"].fillna(""))
        part = both.loc[is_other, ["trial_id", field, f"{field}_before"]]
        part.columns = ["trial_id", "now", "before"]
        parts.append(part.assign(change=CHANGED, field=field))
    frame = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    frame = frame.astype("string").drop_duplicates(ignore_index=True)
    frame.attrs |= {
        "n_trials": len(now),
        "n_before": len(before),
        "n_added": int(is_new.sum()),
        "n_removed": int(is_gone.sum()),
        "n_changed": n_trials(frame[frame["change"] == CHANGED]),
    }
    return frame


@of_counted
def planned_actual(data: Trials, earlier: Earlier | None) -> pd.DataFrame:
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
def schedule_changes(data: Trials, earlier: Earlier | None) -> pd.DataFrame:
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
