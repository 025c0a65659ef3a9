"""What trials treat: their conditions in groups, by route and over time.

A trial counts in every group that it names. The groups are areas of disease; where
most trials stand in one of them, as in a report on the liver, they are finer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from trialkit.dates import as_day
from trialkit.read.values.condition_rows import as_registered, row_of, without_vague
from trialkit.summarize.areas import OTHERS, condition_areas, conditions_by_trial
from trialkit.summarize.count import full_grid, values_by
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.groups import exclusive, ordered
from trialkit.summarize.timelines import middle, starts
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Rows beside that one and "Not stated"; nobody reads more.
_MOST_ROWS = 14
#: Where more than this share of the trials stands in one area, areas say nothing.
_ONE_AREA = 0.5
#: Finer groups are no gain where they leave more than this share without a row.
_MOST_OTHERS = 0.3
_ROUTE = "route_family"
#: Trials by the groups that each stands in.
_Named = Mapping[str, tuple[str, ...]]


@of_counted
def conditions(data: Trials) -> pd.DataFrame:
    """Return how many trials and participants there are of each group of conditions.

    The groups are areas of disease: those under which the registry lists a trial, else
    those of its MeSH terms, else those that the words of its conditions speak of
    (`condition_area` of `count`). Where more than half of the trials stand in one area,
    the vocabulary's conditions stand instead, and the commonest conditions as
    registered for trials that name none of them: where the vocabulary knows half of the
    trials, and no more than 30 % are left without a row. The 14 commonest groups have
    one.

    Returns
    -------
    pandas.DataFrame
        condition, n (trials), percent (of all trials), participants (the numbers that
        trials of the group state, added up; missing where none does), n_sized (trials
        that state one): the commonest group first, then "Other conditions" and
        "Not stated". `attrs` hold is_fine (whether the groups are finer than areas),
        n_several (trials in more than one group), participants (of all trials, each
        once) and others (what "Other conditions" holds, the commonest first).
    """
    rows = condition_rows(data)
    sizes = data.trials.set_index("trial_id")["enrollment"]
    rows = rows.assign(enrollment=rows["trial_id"].map(sizes))
    made = rows.groupby("condition", observed=False).agg(
        n=("trial_id", "size"),
        participants=("enrollment", lambda own: own.sum(min_count=1)),
        n_sized=("enrollment", "count"),
    )
    made = made.reset_index().astype({"participants": "Int64"})
    made.insert(2, "percent", 100 * made["n"] / max(len(data.trials), 1))
    made.attrs |= rows.attrs | {
        "n_several": int(rows["trial_id"].value_counts().gt(1).sum()),
        "participants": int(sizes.sum()),
    }
    return made


@of_counted
def condition_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each group of conditions and of routes.

    The groups of conditions are those of `conditions`, of the trials that give cells.
    Groups of routes exclude each other: a trial with two of them is one of
    "Several routes".

    Returns
    -------
    pandas.DataFrame
        condition, route_family, n: every pair of those present, 0 included; and of the
        condition with all routes n_trials and participants.
    """
    routes = exclusive(values_by(data, _ROUTE), ["trial_id"], _ROUTE)
    chosen = condition_rows(data)
    rows = chosen.merge(routes, on="trial_id")
    rows["condition"] = ordered(rows["condition"], chosen["condition"].cat.categories)
    made = rows.groupby(["condition", _ROUTE], observed=True).size().rename("n")
    made = full_grid(made.reset_index(), ["condition", _ROUTE], ["n"])
    sizes = data.trials.set_index("trial_id")["enrollment"]
    rows = rows.assign(enrollment=rows["trial_id"].map(sizes))
    by_condition = rows.groupby(rows["condition"].astype("string"))
    key = made["condition"].astype("string")
    counts = key.map(by_condition.size()).fillna(0)
    sums = key.map(by_condition["enrollment"].sum(min_count=1))
    made = made.assign(
        n_trials=counts.astype("int64"), participants=sums.astype("Int64")
    )
    is_stated = rows["condition"].ne(NOT_STATED) & rows[_ROUTE].ne(NOT_STATED)
    made.attrs = chosen.attrs | {
        "n_trials": int(rows["trial_id"].nunique()),
        "n_usable": int(rows.loc[is_stated, "trial_id"].nunique()),
        "n_several": int(rows["trial_id"].value_counts().gt(1).sum()),
    }
    return made


@of_counted
def condition_starts(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return when the trials of each group of conditions start, and their size.

    Returns
    -------
    pandas.DataFrame
        trial_id, condition, start_date (as precise as registered), start_earliest and
        start_latest (the days that it can mean) and enrollment: one row per trial and
        group of `conditions`, by group and the middle of its start, without trials that
        state no start. `attrs` hold n_undated.
    """
    rows = condition_rows(data)
    facts = starts(data.trials).assign(enrollment=data.trials["enrollment"])
    made = rows.merge(facts, on="trial_id").dropna(subset=["start_earliest"])
    order = ["condition", "day", "trial_id"]
    made = made.assign(day=middle(made, "start"))
    made = made.sort_values(order, ignore_index=True).drop(columns="day")
    n_dated = int(made["trial_id"].nunique())
    made.attrs = rows.attrs | {
        "as_of": f"{as_day(as_of):%Y-%m-%d}",
        "n_usable": n_dated,
        "n_undated": rows.attrs["n_trials"] - n_dated,
    }
    return made


@of_counted
def condition_rows(data: Trials) -> pd.DataFrame:
    """Return trial_id and condition: the groups of `conditions` that each trial names.

    The groups are an ordered categorical, the commonest first.
    """
    areas = condition_areas(data)
    of_area: dict[str, tuple[str, ...]] = {}
    for trial_id, area in areas.itertuples(index=False):
        of_area[trial_id] = (*of_area.get(trial_id, ()), area)
    fine = _finer(data, of_area)
    named = of_area if fine is None else fine
    kept = _commonest(named)
    pairs = [
        (trial_id, name)
        for trial_id in data.trials["trial_id"]
        for name in _shown(named, str(trial_id), kept)
    ]
    rows = pd.DataFrame(pairs, columns=["trial_id", "condition"], dtype="string")
    rows["condition"] = ordered(rows["condition"], [*kept, OTHERS])
    rows.attrs |= {
        "is_fine": fine is not None,
        "n_trials": len(data.trials),
        "n_usable": len(named),
        "others": tuple(name for name in _ranked(named) if name not in kept),
    }
    return rows


def _shown(named: _Named, trial_id: str, kept: list[str]) -> Iterator[str]:
    """Yield the rows that a trial counts in."""
    if trial_id not in named:
        yield NOT_STATED
        return
    own = [name for name in kept if name in named[trial_id]]
    yield from own
    if len(own) < len(named[trial_id]):
        yield OTHERS


def _ranked(named: _Named) -> list[str]:
    """Return all groups, the commonest first, but for that of no known one."""
    counts: dict[str, int] = {}
    for own in named.values():
        for name in own:
            counts[name] = counts.get(name, 0) + 1
    counts.pop(OTHERS, None)
    return sorted(counts, key=lambda name: (-counts[name], name))


def _commonest(named: _Named) -> list[str]:
    """Return the groups that have a row; one alone needs no row of others."""
    ranked = _ranked(named)
    return ranked if len(ranked) <= _MOST_ROWS + 1 else ranked[:_MOST_ROWS]


def _finer(data: Trials, of_area: _Named) -> _Named | None:
    """Return finer groups of each trial, or None where areas of disease say more."""
    ranked = _ranked(of_area)
    n_first = sum(ranked[:1] == [name] for own in of_area.values() for name in own)
    if not ranked or n_first <= _ONE_AREA * len(of_area):
        return None
    named, n_known = _fine(data)
    kept = set(_commonest(named))
    n_others = sum(kept.isdisjoint(own) for own in named.values())
    is_known = 2 * n_known >= len(named)
    return named if is_known and n_others <= _MOST_OTHERS * len(named) else None


def _fine(data: Trials) -> tuple[_Named, int]:
    """Return the vocabulary's conditions of each trial, else those as registered.

    The second value is in how many trials the vocabulary knows one.
    """
    made: dict[str, tuple[str, ...]] = {}
    n_known = 0
    for trial_id, rows in conditions_by_trial(data).items():
        known = [row for row in (row_of(own.condition) for own in rows) if row]
        n_known += bool(known)
        registered = (as_registered(own.condition) for own in rows)
        made[trial_id] = tuple(without_vague(known) or dict.fromkeys(registered))
    return made, n_known
