"""The rules on time: starts, dates, durations, and what has changed or is due."""

from __future__ import annotations

from statistics import median

import pandas as pd

from trialkit.prose.numerals import Share
from trialkit.prose.rules import (
    GROUP_FROM,
    MEDIAN_FROM,
    MOST_TIED,
    Axis,
    Markdown,
    Rules,
    column_of,
    contrast,
    gap,
    tally,
)
from trialkit.summarize.statistics import PERCENT_FROM, number
from trialkit.summarize.timelines import is_open
from trialkit.summarize.wording import NOT_STATED, sentence_list

#: What ends or begins inside a range of years, and the trials beyond it, are one in
#: twenty at least.
_PART = 20


def years(frame: pd.DataFrame, axis: str) -> Rules:
    """Return the rules on starts: the peak, two periods, and what ends or begins."""
    total, known, planned, undated = (
        int(frame.attrs.get(f"n_{name}", 0))
        for name in ("trials", "usable", "planned", "undated")
    )
    rules: Rules = {"gap": {"missing": Share(undated, total)}} if undated else {}
    if planned:
        rules["planned"] = {"planned": Share(planned, total)}
    if not known:
        return {**rules, "silent": {"all": Share(total, total)}}
    axis = column_of(frame, axis)
    rows = frame.astype({axis: "string", "n": int})
    grid = rows.pivot_table(index="year", columns=axis, values="n", aggfunc="sum")
    n_of = grid.sum(axis=1)
    at, most = [str(year) for year in n_of.index[n_of == n_of.max()]], int(n_of.max())
    first, last = int(n_of.index[n_of > 0].min()), int(n_of.index.max())
    tie = "peak" if len(at) == 1 else "tied" if len(at) <= MOST_TIED else "even"
    rules[""] = {"known": known, "started": Share(known, total), "first": str(first)}
    rules[tie] = {"peak": Share(most, known), "n": most, "years": sentence_list(at)}
    newest = int(n_of.index[n_of > 0].max())
    rules["span" if newest > first else "one_year"] = {"last": str(newest)}
    width = (last - first + 1) // 2
    if width > 1 and known >= GROUP_FROM:
        middle, begin = last - width, last - 2 * width
        later = Share(int(n_of.loc[middle + 1 :].sum()), known)
        change = {"later": later, "earlier": int(n_of.loc[begin + 1 : middle].sum())}
        change["later_years"] = f"{middle + 1}–{last}"
        rules["change"] = {**change, "earlier_years": f"{begin + 1}–{middle}"}
    return rules | _inside(grid, n_of, max(GROUP_FROM, known / _PART), Axis(axis))


def _inside(grid: pd.DataFrame, n_of: pd.Series, least: float, of: Axis) -> Rules:
    """Return the largest level that ends, and that begins, inside the range."""
    rules: Rules = {}
    for level in grid.sum().sort_values(ascending=False, kind="stable").index:
        own, name = grid[level], str(level)
        if own.sum() < least or name == NOT_STATED or name.startswith("Several "):
            continue
        start, end = own.index[own > 0].min(), own.index[own > 0].max()
        told = {"k": int(own.sum()), "level": of.say(name, "only")}
        if n_of[n_of.index > end].sum() >= least:
            rules.setdefault("ends", {**told, "year": str(end)})
        if n_of[n_of.index < start].sum() >= least:
            rules.setdefault("begins", {**told, "year": str(start)})
    return rules


def cumulative(frame: pd.DataFrame) -> Rules:
    """Return the year by which trials that began register half of the participants."""
    total, known = (int(frame.attrs[name]) for name in ("n_trials", "n_usable"))
    rules = gap(total - known, total)
    rows = frame.drop_duplicates("trial_id")
    years, numbers = rows["start"].dt.year, rows["enrollment"].astype(int)
    people = int(numbers.sum())
    if not people:
        return {**({"zero": {"known": Share(known, total)}} if known else {}), **rules}
    by_year = numbers.groupby(years).sum().cumsum()
    year = int(by_year.index[by_year * 2 >= people][0])
    enough = known >= PERCENT_FROM
    held = Share(int(by_year[year]), people, "participant", "", enough)
    rules["half"] = {"held": held, "year": str(year), "people": people}
    at = years[numbers == numbers.max()]
    if len(at) == 1:
        rules["largest"] = {"largest": int(numbers.max()), "when": str(at.iloc[0])}
    return rules


def largest(frame: pd.DataFrame) -> Rules:
    """Return the largest trial of those that state a start, and when it began."""
    total, known = (int(frame.attrs[name]) for name in ("n_trials", "n_usable"))
    rules = gap(total - known, total)
    rows = frame.drop_duplicates("trial_id")
    numbers = rows["enrollment"].dropna().astype(int)
    top = numbers[numbers.eq(numbers.max()) & numbers.gt(0)]
    if len(top) == 1:
        year = str(rows.loc[top.index[0], "start"].year)
        rules["largest"] = {"largest": int(top.iloc[0]), "when": year}
    if known:
        years = rows["start"].dt.year
        rules["span"] = {"first": str(years.min()), "last": str(years.max())}
    return rules


def timeline(frame: pd.DataFrame) -> Rules:
    """Return how many trials are open, and past the date planned for their result."""
    status = frame["overall_status"].astype("string")
    open_now = is_open(status)
    planned = frame["primary_completion_latest"].fillna(frame["completion_latest"])
    late = int((open_now & planned.lt(pd.Timestamp(frame.attrs["as_of"]))).sum())
    n, n_open, undated = len(frame), int(open_now.sum()), int(frame["is_undated"].sum())
    unknown = int(status.eq("UNKNOWN").sum())
    key = "open_unknown" if unknown else "open"
    rules: Rules = {key: {"open": Share(n_open, n), "unknown": unknown}}
    if (open_now & planned.notna()).any():
        rules["overdue"] = {"overdue": Share(late, n_open, "open trial")}
    if undated:
        rules["undated"] = {"undated": Share(undated, n)}
    return rules


def overdue(frame: pd.DataFrame) -> Rules:
    """Return how many open trials are past the date planned for their result."""
    n, late = len(frame), int(frame["is_overdue"].sum())
    undated = int(frame["planned_latest"].isna().sum())
    if not n:
        return {
            "none": {
                "all": Share(int(frame.attrs["n_trials"]), int(frame.attrs["n_trials"]))
            }
        }
    rules: Rules = {}
    if undated < n:
        rules["overdue"] = {"overdue": Share(late, n, "open trial")}
    if undated:
        rules["undated"] = {"undated": Share(undated, n, "open trial")}
    return rules


def durations(frame: pd.DataFrame) -> Rules:
    """Return the rules on the years from start to completion."""
    total, known = int(frame.attrs["n_trials"]), len(frame)
    rules = gap(total - known, total)
    if not known:
        return rules
    values = frame["months"].astype(float) / 12
    ends = {"low": number(values.min()), "high": number(values.max())}
    rules["range"] = {**ends, "known": Share(known, total)}
    if known >= MEDIAN_FROM:
        rules["median"] = {"median": number(median(values)), "n": known}
    groups = frame["route_groups"].astype("string").str.split("; ")
    rows = frame.assign(years=values, route=groups).explode("route")
    return rules | contrast(rows["route"], rows["years"], "route_group", number)


def planned_actual(frame: pd.DataFrame) -> Rules:
    """Return how many trials have fewer participants than they planned."""
    n, difference = len(frame), frame["difference"].astype(int)
    fewer, more = int(difference.lt(0).sum()), int(difference.gt(0).sum())
    sums = {name: int(frame[name].sum()) for name in ("actual", "planned")}
    told = {"fewer": Share(fewer, n), "more": more, "same": n - fewer - more}
    return {"fewer": told, "sums": sums}


def schedule_changes(frame: pd.DataFrame) -> Rules:
    """Return how many completion dates moved, where to, and how far."""
    days = frame["days"].astype(int)
    n, later = len(days), int(days.gt(0).sum())
    rules: Rules = {"later": {"later": Share(later, n), "earlier": n - later}}
    if n >= MEDIAN_FROM:
        rules["median"] = {"moved": n, "median": number(median(days))}
    return rules


def results(frame: pd.DataFrame) -> Rules:
    """Return how many trials have posted results, and of how many they are due."""
    total, due = (int(frame.attrs[name]) for name in ("n_trials", "n_due"))
    n_of = tally(frame["state"], frame["n"])
    rules: Rules = {}
    if n_of["Cannot tell"] < total:
        rules["posted"] = {"posted": Share(n_of["Posted"], total)}
    if due:
        rules["due"] = {"due": due, "due_posted": int(frame.attrs["n_due_posted"])}
    if unclear := n_of["Cannot tell"]:
        rules["unclear"] = {"unclear": Share(unclear, total)}
    return rules


def stale(frame: pd.DataFrame) -> Rules:
    """Return how many records may be out of date, and why."""
    share = Share(int(frame.attrs["n_flagged"]), int(frame.attrs["n_trials"]))
    rules: Rules = {"flagged": {"flagged": share}}
    reasons = sorted(tally(frame["flag"]).items(), key=lambda pair: -pair[1])
    told = [f"{flag[:1].lower()}{flag[1:]} (**{n:,}**)" for flag, n in reasons]
    return rules | (
        {"reasons": {"reasons": Markdown(sentence_list(told))}} if told else {}
    )
