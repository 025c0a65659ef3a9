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
    """Return the trials whose participants were planned earlier and are actual now.

    A record holds one number, so that the plan is known only where an earlier state of
    the record is.

    Returns
    -------
    pandas.DataFrame
        trial_id, planned, actual, difference (actual less planned), by difference.
    """
    names = ["trial_id", "enrollment"]
    frame = pd.DataFrame({"trial_id": [], "planned": [], "actual": []})
    if earlier is not None:
        was = earlier.trials
        was = was.loc[was["enrollment_type"].eq("ESTIMATED").fillna(False), names]
        plan = pd.to_numeric(was["enrollment"], errors="coerce").astype("Int64")
        is_actual = data.trials["enrollment_type"].eq("ACTUAL").fillna(False)
        now = data.trials.loc[is_actual, names]
        frame = was[["trial_id"]].assign(planned=plan).merge(now, on="trial_id")
        frame = frame.rename(columns={"enrollment": "actual"}).dropna()
    frame = frame.astype({"trial_id": "string", "planned": "Int64", "actual": "Int64"})
    frame["difference"] = frame["actual"] - frame["planned"]
    frame = frame.sort_values(["difference", "trial_id"]).reset_index(drop=True)
    frame.attrs |= {"n_trials": len(data.trials), "n_usable": len(frame)}
    return frame


@of_counted
def schedule_changes(data: Trials, earlier: Earlier | None) -> pd.DataFrame:
    """Return the completion dates that differ from those of an earlier state.

    Returns
    -------
    pandas.DataFrame
        trial_id, before, now (the last day that each date can mean), days (later is
        positive), in order of start.
    """
    frame = pd.DataFrame({"trial_id": pd.Series(dtype="string")})
    frame["before"] = frame["now"] = pd.Series(dtype="datetime64[s]")
    if earlier is not None:
        was = earlier.trials[["trial_id", "completion_date"]].dropna()
        last = [date_span(text).latest for text in was["completion_date"]]
        before = pd.to_datetime(pd.Series(last, was.index)).astype("datetime64[s]")
        was = was[["trial_id"]].assign(before=before)
        now = data.trials[["trial_id", "completion_date_latest"]].dropna()
        frame = now.merge(was.dropna(), on="trial_id")
        frame = frame.rename(columns={"completion_date_latest": "now"})
        frame = by_start(data, frame)
    frame["days"] = (frame["now"] - frame["before"]).dt.days.astype("Int64")
    frame = frame.loc[frame["days"].ne(0), ["trial_id", "before", "now", "days"]]
    frame = frame.reset_index(drop=True)
    frame.attrs |= {"n_trials": len(data.trials), "n_usable": len(frame)}
    return frame
