"""The rules on routes: which trials use which alone, and which compare them."""

from __future__ import annotations

import pandas as pd

from trialkit.prose.numerals import Share
from trialkit.prose.rules import Rules, ranked, tally
from trialkit.summarize.groups import NO_PRODUCT, SEVERAL
from trialkit.summarize.overview import MOST_ROWS
from trialkit.summarize.wording import NOT_STATED, words


def strip(frame: pd.DataFrame) -> Rules:
    """Return the rules on the routes of a strip, as its figure groups the trials.

    Few trials stand in one family each; of many, a trial counts in each of its routes.
    Where no trial gives cells, the rules are on status.
    """
    groups, total = frame["route_groups"].astype("string"), len(frame)
    is_given = groups.ne(NO_PRODUCT)
    if total and not is_given.any():
        status = words(frame["overall_status"], "overall_status")
        return ranked(tally(status), total, "status")
    is_many, total = total > MOST_ROWS, int(is_given.sum())
    if is_many:
        each = groups[is_given].fillna(NOT_STATED).str.split("; ").explode()
        return ranked(tally(each), total, "route_group")
    alone = tally(frame.loc[is_given, "route_family"].fillna(NOT_STATED))
    n = alone.pop(SEVERAL["route_family"], 0)
    held = ranked(alone, total, "route_family")
    held[""] |= {"one": "route used alone", "many": "routes used alone", "several": n}
    for key in {"gap", "gap_leads", "silent"} & set(held):
        held[key] = {**held[key], "one": "route"}
    for key, new in (("lead", "alone"), ("two", "alone_two")):
        held |= {new: held.pop(key)} if key in held else {}
    if n:
        held["several"] = {"share": Share(n, total)}
        held |= {"several_and": held["alone"]} if "alone" in held else {}
        if "silent" in held and n + alone.get(NOT_STATED, 0) == total:
            held = {"": held[""], "all_several": held["several"]}
    return held


def comparisons(frame: pd.DataFrame) -> Rules:
    """Return how many trials compare routes between their arms."""
    random = int(frame["allocation"].astype("string").eq("RANDOMIZED").sum())
    share = Share(len(frame), int(frame.attrs["n_total"]))
    return {"compare" if len(frame) else "none": {"compare": share, "random": random}}
