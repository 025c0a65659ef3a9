"""The rules on time: starts, dates, durations, and what has changed or is due."""

from __future__ import annotations

from statistics import median
from typing import Any

import pandas as pd

from trialkit.figures.draw.years import counts_by_year
from trialkit.plural import uncapital
from trialkit.prose.numerals import Share
from trialkit.prose.rules import (
    GROUP_FROM,
    MOST_TIED,
    UNNAMED,
    Axis,
    Markdown,
    Rules,
    column_of,
    contrast,
    gap,
    tally,
)
from trialkit.summarize.statistics import (
    MEDIAN_FROM,
    MOST_ONE_BY_ONE,
    PERCENT_FROM,
    median_from,
    number,
)
from trialkit.summarize.timelines import is_open
from trialkit.summarize.wording import sentence_list

#: What ends or begins inside a range of years, and the trials beyond it, are one in
#: twenty at least.
_PART = 20
#: Fewer years than this between the first and the last make no two periods.
_PERIOD = 3
_UNTYPED = "of a type not stated"
#: Trials from which plan and result are told in a section.
_COMPARED = 3


def years(frame: pd.DataFrame, axis: str) -> Rules:
    """Return the rules on starts: the peak, two periods, and what ends or begins."""
    total, known, planned, undated = (
        int(frame.attrs.get(f"n_{name}", 0))
        for name in ("trials", "usable", "planned", "undated")
    )
    rules = gap(undated, total)
    if planned:
        rules["planned" if planned < total else "later"] = {
            "planned": Share(planned, total)
        }
    if not known:
        is_mixed = 0 < undated < total
        return rules | ({"no_start": {"none": Share(0, total)}} if is_mixed else {})
    axis = column_of(frame, axis)
    rows = frame.astype({axis: "string", "n": int})
    grid = rows.pivot_table(index="year", columns=axis, values="n", aggfunc="sum")
    n_of = grid.sum(axis=1)
    at, most = [str(year) for year in n_of.index[n_of == n_of.max()]], int(n_of.max())
    first, last = int(n_of.index[n_of > 0].min()), int(n_of.index.max())
    is_few = len(at) <= MOST_TIED and most > 1
    tie = "peak" if len(at) == 1 else "tied" if is_few else "even"
    rules[""] = {"known": known, "started": Share(known, total), "first": str(first)}
    rules[tie] = {"peak": Share(most, known), "n": most, "years": sentence_list(at)}
    newest = int(n_of.index[n_of > 0].max())
    rules["span" if newest > first else "one_year"] = {"last": str(newest)}
    middle = (first + last) // 2
    later = Share(int(n_of.loc[middle + 1 :].sum()), known)
    if last - first >= _PERIOD and known >= GROUP_FROM and later.n * 2 != known:
        change = {"later": later, "earlier": known - later.n}
        change["later_years"] = f"{middle + 1}–{last}"
        rules["change"] = {**change, "earlier_years": f"{first}–{middle}"}
    inside = _inside(grid, n_of, max(GROUP_FROM, known / _PART), Axis(axis))
    if planned:  # a trial of the level may be among them
        inside.pop("ends", None)
    return rules | inside


def _inside(grid: pd.DataFrame, n_of: pd.Series, least: float, of: Axis) -> Rules:
    """Return the largest level that ends, and that begins, inside the range."""
    rules: Rules = {}
    for level in grid.sum().sort_values(ascending=False, kind="stable").index:
        own, name = grid[level], str(level)
        is_named = name not in UNNAMED and not of.is_residual(name)
        if own.sum() < least or not is_named or name.startswith("Several "):
            continue
        start, end = own.index[own > 0].min(), own.index[own > 0].max()
        told = {"k": int(own.sum()), "level": of.say(name, "only")}
        if n_of[n_of.index > end].sum() >= least:
            rules.setdefault("ends", {**told, "year": str(end)})
        if n_of[n_of.index < start].sum() >= least:
            rules.setdefault("begins", {**told, "year": str(start)})
    return rules


def lines(frame: pd.DataFrame) -> Rules:
    """Return the rules on a list of trials by start: its first and its last year."""
    years, total = frame["start_year"].dropna().astype(int), len(frame)
    rules = gap(total - len(years), total)
    if years.empty:
        return rules
    ends = {"known": Share(len(years), total), "first": str(years.min())}
    key = "span" if years.min() < years.max() else "one_year"
    return {**rules, key: {**ends, "last": str(years.max())}}


def cumulative(frame: pd.DataFrame) -> Rules:
    """Return the year by which trials that began register half of the participants."""
    total, known = (int(frame.attrs[name]) for name in ("n_trials", "n_usable"))
    rules = gap(total - known, total)
    rows = frame.drop_duplicates("trial_id")
    years, numbers = rows["start_earliest"].dt.year, rows["enrollment"].astype(int)
    people = int(numbers.sum())
    if not people:
        return {**({"zero": {"known": Share(known, total)}} if known else {}), **rules}
    if known == 1:
        told = {"known": Share(1, total), "people": people}
        return {**rules, "only": {**told, "when": str(years.iloc[0])}}
    by_year = numbers.groupby(years).sum().cumsum()
    year = int(by_year.index[by_year * 2 >= people][0])
    enough = known >= PERCENT_FROM
    held = Share(int(by_year[year]), people, "participant", "", enough)
    rules["half"] = {"held": held, "year": str(year), "people": people}
    return rules | _largest(rows, frame.attrs["as_of"])


def _largest(rows: pd.DataFrame, as_of: str) -> Rules:
    """Return the one largest of two or more trials, and the year of its start."""
    numbers = rows["enrollment"].dropna().astype(int)
    top = numbers[numbers.eq(numbers.max()) & numbers.gt(0)]
    if len(top) != 1 or len(numbers) < 2:
        return {}
    (start,) = rows.loc[top.index, "start_earliest"]
    key = "largest_later" if start > pd.Timestamp(as_of) else "largest"
    return {key: {"largest": int(top.iloc[0]), "when": str(start.year)}}


def largest(frame: pd.DataFrame) -> Rules:
    """Return the largest trial of those that state a start, and when it began."""
    total, known = (int(frame.attrs[name]) for name in ("n_trials", "n_usable"))
    rules = gap(total - known, total)
    rows = frame.drop_duplicates("trial_id")
    if len(rows) > MOST_ONE_BY_ONE:  # years of a condition are drawn, no trials
        rules |= _busiest(frame)
    else:
        rules |= _largest(rows, frame.attrs["as_of"])
    if known:
        first, last = map(str, rows["start_earliest"].dt.year.agg(["min", "max"]))
        told = {"known": Share(known, total), "first": first, "last": last}
        rules["span" if first < last else "one_year"] = told
    return rules


def _busiest(frame: pd.DataFrame) -> Rules:
    """Return the condition and year in which most trials start, where one leads."""
    of = Axis("condition_group")
    heads, counts = counts_by_year(frame["condition"], frame["start_earliest"])
    counts = {
        pair: n
        for pair, n in counts.items()
        if pair[0] not in UNNAMED and not of.is_residual(pair[0])
    }
    most = max(counts.values(), default=0)
    if list(counts.values()).count(most) != 1:
        return {}
    [(name, year)] = [pair for pair, n in counts.items() if n == most]
    is_pooled = bool(frame["start_earliest"].dt.year.min() < min(heads))
    when = f"up to {year}" if is_pooled and year == min(heads) else f"in {year}"
    return {"busiest": {"n": most, "on": of.say(name, "among", most), "when": when}}


def timeline(frame: pd.DataFrame) -> Rules:
    """Return how many trials are open, and past the date planned for their result."""
    status = frame["overall_status"].astype("string")
    open_now = is_open(status)
    n, n_open, undated = len(frame), int(open_now.sum()), int(frame["is_undated"].sum())
    unknown = int(status.eq("UNKNOWN").sum())
    key = "open_unknown" if unknown else "open"
    rules: Rules = {key: {"open": Share(n_open, n), "unknown": unknown}}
    if (open_now & frame["planned_latest"].notna()).any():
        rules["overdue"] = _overdue(frame, n_open)
    if undated:
        rules["undated"] = {"undated": Share(undated, n)}
    return rules


def _overdue(frame: pd.DataFrame, n_open: int) -> dict[str, Any]:
    """Return how many are past the date planned, and where no record calls it so."""
    late, untyped = frame["is_overdue"].astype(bool), frame["is_typed"].eq(False)
    n = int((late & untyped.fillna(False)).sum())
    told = f"; **{n:,}** of these dates {'is' if n == 1 else 'are'} {_UNTYPED}"
    share = Share(int(late.sum()), n_open, "open trial")
    return {"overdue": share, "untyped": Markdown(told if n else "")}


def overdue(frame: pd.DataFrame) -> Rules:
    """Return how many open trials are past the date planned for their result."""
    n = len(frame)
    undated = int(frame["planned_latest"].isna().sum())
    if not n:
        return {
            "none": {
                "all": Share(int(frame.attrs["n_trials"]), int(frame.attrs["n_trials"]))
            }
        }
    rules: Rules = {}
    if undated < n:
        rules["overdue"] = _overdue(frame, n)
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
    ends = {"low": number(values.min()), "high": _years(values.max())}
    key = "range" if number(values.max()) != ends["low"] else "same"
    rules[key] = {**ends, "known": Share(known, total), "n": known}
    if known >= MEDIAN_FROM:
        rules["median"] = {"median": _years(median(values)), "n": known}
    groups = frame["route_groups"].astype("string").str.split("; ")
    rows = frame.assign(years=values, route=groups).explode("route")
    groups = rows["route"], rows["years"]
    return rules | contrast(*groups, "route_group", _years, median_from(total))


def _years(value: float) -> str:
    text = number(value)
    return f"{text} year{'' if text == '1' else 's'}"


def planned_actual(frame: pd.DataFrame) -> Rules:
    """Return how many trials have fewer participants than they planned."""
    n, difference = len(frame), frame["difference"].astype(int)
    fewer, more = int(difference.lt(0).sum()), int(difference.gt(0).sum())
    sums = {name: int(frame[name].sum()) for name in ("actual", "planned")}
    told = {"fewer": Share(fewer, n), "more": more, "same": n - fewer - more}
    rules: Rules = {"fewer": told, "sums": sums}
    if known := int(frame.attrs.get("n_registered", 0)) * (n >= _COMPARED):
        total = int(frame.attrs["n_trials"])
        rules["registered"] = {**told, "registered": Share(known, total), "both": n}
    return rules


def schedule_changes(frame: pd.DataFrame) -> Rules:
    """Return how many completion dates moved, where to, and how far."""
    days = frame["days"].astype(int)
    n, later = len(days), int(days.gt(0).sum())
    compared = int(frame.attrs.get("n_compared", n))
    told = {"earlier": n - later, "same": compared - n}
    rules: Rules = {"later": {"later": Share(later, compared), **told}}
    if n >= MEDIAN_FROM:
        rules["median"] = {"moved": n, "median": _days(median(days))}
    return rules


def status_runs(frame: pd.DataFrame) -> Rules:
    """Return how many trials have changed status, and how long they recruited."""
    runs = frame.groupby("trial_id").size()
    rules: Rules = {"changed": {"changed": Share(int(runs.gt(1).sum()), len(runs))}}
    is_over = frame["status"].eq("Recruiting") & ~frame["is_last"].astype(bool)
    days = frame.loc[is_over, "days"].astype(int)
    if len(days) >= MEDIAN_FROM:
        rules["recruiting"] = {"runs": len(days), "median": _days(median(days))}
    return rules


def _days(value: float) -> str:
    text = number(value)
    return f"{text} day{'' if text in ('1', '-1') else 's'}"


def results(frame: pd.DataFrame) -> Rules:
    """Return how many trials have posted results, and of how many they are due."""
    total, due = (int(frame.attrs[name]) for name in ("n_trials", "n_due"))
    n_of = tally(frame["state"], frame["n"])
    rules: Rules = {}
    if n_of["Cannot tell"] < total:
        rules["posted"] = {"posted": Share(n_of["Posted"], total)}
    if due:
        words = {"actual": "actual", "planned": "planned", "untyped": _UNTYPED}
        sums = {word: int(frame[f"n_{key}"].sum()) for key, word in words.items()}
        told = [f"**{n:,}** {word}" for word, n in sums.items() if n]
        kinds = [word for word, n in sums.items() if n]
        whole = f"{'' if due == 1 else 'all '}{kinds[0]}"
        types = Markdown(sentence_list(told) if len(told) > 1 else whole)
        posted = int(frame.attrs["n_due_posted"])
        rules["due"] = {"due": due, "due_posted": posted, "types": types}
        rules["due"]["some"] = _have_results(posted, due)
    if unclear := n_of["Cannot tell"]:
        rules["unclear"] = {"unclear": Share(unclear, total)}
    return rules


def _have_results(posted: int, due: int) -> Markdown:
    if due == 1:
        return Markdown(f"it has {'' if posted else 'no '}results")
    some = f"**{posted:,}** {'has' if posted == 1 else 'have'} results"
    return Markdown(some if posted else "none has results")


def stale(frame: pd.DataFrame) -> Rules:
    """Return how many records may be out of date, and why."""
    share = Share(int(frame.attrs["n_flagged"]), int(frame.attrs["n_trials"]))
    rules: Rules = {"flagged": {"flagged": share}}
    reasons = sorted(tally(frame["flag"]).items(), key=lambda pair: -pair[1])
    told = [f"{uncapital(flag)} (**{n:,}**)" for flag, n in reasons]
    return rules | (
        {"reasons": {"reasons": Markdown(sentence_list(told))}} if told else {}
    )
