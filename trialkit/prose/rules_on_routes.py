"""The rules on routes: which trials use which alone, and which compare them."""

from __future__ import annotations

import pandas as pd

from trialkit.codewords import NO_PRODUCT
from trialkit.prose.numerals import Share
from trialkit.prose.part import SOME_CELLS
from trialkit.prose.rules import Markdown, Rules, ranked, tally
from trialkit.summarize.groups import SEVERAL
from trialkit.summarize.statistics import MOST_ONE_BY_ONE
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
    is_many, given = total > MOST_ONE_BY_ONE, int(is_given.sum())
    some: Rules = {SOME_CELLS: {"cells": Share(given, total)}} if given < total else {}
    if is_many:
        each = groups[is_given].fillna(NOT_STATED).str.split("; ").explode()
        return some | ranked(tally(each), given, "route_group")
    return some | _alone(frame[is_given], given)


def _alone(frame: pd.DataFrame, total: int) -> Rules:
    """Return the rules on trials that each stand in one family of routes."""
    alone = tally(frame["route_family"].fillna(NOT_STATED))
    n = alone.pop(SEVERAL["route_family"], 0)
    held = ranked(alone, total, "route_family")
    held[""] |= {"one": "route used alone", "many": "routes used alone", "several": n}
    for key in {"gap", "gap_leads", "silent"} & set(held):
        held[key] = {**held[key], "one": "route"}
    held = {key: own for key, own in held.items() if not key.startswith("also_")}
    for key, new in (("lead", "alone"), ("two", "alone_two")):
        held |= {new: held.pop(key)} if key in held else {}
    if n:
        held["several"] = {"share": Share(n, total)}
        held |= {"several_and": held["alone"]} if "alone" in held else {}
        if "silent" in held and n + alone.get(NOT_STATED, 0) == total:
            held = {"": held[""], "all_several": held["several"]}
    return held


def comparisons(frame: pd.DataFrame) -> Rules:
    """Return how many trials have arms that differ by route."""
    share = Share(len(frame), int(frame.attrs["n_total"]))
    if not frame.attrs.get("has_arms", True):
        return {"no_arms": {"all": Share(share.total, share.total)}}
    if frame.empty:
        return {"none": {"compare": share}}
    allocation = frame["allocation"].astype("string")
    random = int(allocation.eq("RANDOMIZED").sum())
    told = {"random": random, "stated": int(allocation.notna().sum()), "n": len(frame)}
    return {"compare": {"compare": share, **told, "design": _randomized(**told)}}


def _randomized(random: int, stated: int, n: int) -> Markdown:
    """Return how many of `n` trials are randomized, of those that state it."""
    if n == 1:
        whole = ("is randomized" if random else "is not randomized") if stated else ""
        return Markdown(f", and {whole or 'states no allocation'}")
    if random:
        verb = "is" if random == 1 else "are"
        text = f"**{random:,}** of these {verb} randomized"
        return Markdown(f"; {text if random < n else 'all of these are randomized'}")
    if stated == n:
        return Markdown("; none of these is randomized")
    verb, none = ("states", "it is not") if stated == 1 else ("state", "none is")
    text = f"**{stated:,}** of these {verb} an allocation, and {none} randomized"
    return Markdown(f"; {text if stated else 'none of these states an allocation'}")
