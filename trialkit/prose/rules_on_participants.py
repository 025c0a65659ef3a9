"""The rules on participants: how many, of which type of number, and who holds them."""

from __future__ import annotations

from statistics import median
from typing import Any

import pandas as pd

from trialkit.prose.numerals import Share
from trialkit.prose.rules import (
    UNNAMED,
    Axis,
    Markdown,
    Rules,
    column_of,
    contrast,
    gap,
    tally,
)
from trialkit.summarize.enrollment import LARGEST, MOST_SEGMENTS, TYPES, lower_half
from trialkit.summarize.statistics import (
    MEDIAN_FROM,
    PERCENT_FROM,
    median_from,
    number,
)
from trialkit.summarize.wording import NOT_STATED, sentence_list

#: A trial is large above this, and so many of them tell a family.
_LARGE, _LARGE_FROM = 100, 3
#: What is said of participants where no number is called planned or actual.
_NEITHER = ", not stated whether planned or actual"


def sizes(frame: pd.DataFrame, axis: str) -> Rules:
    """Return the rules on participants; 0 is a number, and has no part in a median."""
    total = int(frame.attrs["n_trials"])
    rows = frame.dropna(subset=["enrollment"])
    one_each = rows.drop_duplicates("trial_id")
    known = sorted(map(int, one_each["enrollment"]), reverse=True)
    people, rules = sum(known), gap(total - len(known), total)
    if not known:
        return rules
    together = _types(one_each)
    if people:
        rules["types"] = {
            "known": Share(len(known), total),
            "people": people,
            **together,
        }
    k = next(k for k in range(1, len(known) + 1) if sum(known[:k]) * 2 >= people)
    sized = [size for size in known if size]
    ends = {"low": known[-1], "high": known[0], "known": Share(len(known), total)}
    if len(sized) < MEDIAN_FROM:
        rules["same" if known[0] == known[-1] else "few"] = ends
    else:
        # What the figure beside, on the largest trials, does not tell too.
        rules |= {"range": ends} if known[0] > known[-1] else {}
        told = {"median": number(median(sized)), "sized": len(sized)}
        rules["median" if len(sized) < total else "median_of_all"] = told
    if len(known) >= MEDIAN_FROM and people:
        held = Share(sum(known[:k]), people, "participant", "", total >= PERCENT_FROM)
        told = {"hold": Share(k, total), "held": held, **together}
        rules["concentration"] = told
    axis = column_of(frame, axis)
    above = rows[rows["enrollment"].gt(0)].drop_duplicates(["trial_id", axis])
    large = above[above["enrollment"].gt(_LARGE)]
    found, k = set(large[axis].astype("string").fillna(NOT_STATED)), len(large)
    if k >= _LARGE_FROM and len(found) == 1 and UNNAMED.isdisjoint(found):
        of, level = Axis(axis), found.pop()
        told = {"k": k, "does": of.does(k), "level": of.say(level, n=k)}
        rules["large"] = {**told, "size": _LARGE}
    groups = above[axis], above["enrollment"]
    return rules | contrast(*groups, axis, number, median_from(total))


def _types(rows: pd.DataFrame) -> dict[str, Any]:
    """Return participants by the type of their number, and how a sum of them is told.

    A sum of planned and actual numbers says that it is one.
    """
    kind = rows["enrollment_type"].astype("string").fillna("")
    n_of = tally(kind, rows["enrollment"])
    spoken = {**TYPES, "": f"of a {TYPES['']}"}
    named = [(n_of[key], word) for key, word in spoken.items() if n_of.get(key)]
    words = [word for _, word in named]
    apart = f": {sentence_list([f'**{n:,}** {word}' for n, word in named])}"
    if len(words) > 1:
        both = f", {sentence_list(words)} together"
        return {"types": Markdown(apart), "together": both}
    one = _NEITHER if n_of.get("") else f", all {words[0]}" if words else ""
    return {"types": one, "together": one}


def concentration(frame: pd.DataFrame) -> Rules:
    """Return how many trials hold half of the participants, of many the largest ten."""
    total, people, n_zero, missing = (
        int(frame.attrs[f"n_{name}"])
        for name in ("trials", "participants", "zero", "missing")
    )
    rules, numbers = gap(missing, total), frame["enrollment"].astype(int)
    if n_zero:
        rules["no_one"] = {"zero": Share(n_zero, total)}
    if not people:
        return {**rules, "zero": {"known": Share(n_zero, total)}} if n_zero else rules
    is_many = len(frame) > MOST_SEGMENTS
    k = LARGEST if is_many else int(frame["is_in_half"].sum())
    enough = total >= PERCENT_FROM
    held = Share(int(numbers.head(k).sum()), people, "participant", "", enough)
    key = "largest" if is_many else "concentration"
    told = {"hold": Share(k, total), "k": k, "held": held, **_types(frame)}
    return {**rules, key: told}


def classes(frame: pd.DataFrame) -> Rules:
    """Return the class of sizes up to which nearest half of the trials are.

    Those with 0 participants are none of them, as in a median.
    """
    n_of, total = tally(frame["enrollment_group"], frame["n"]), frame.attrs["n_trials"]
    missing, none = n_of.pop(NOT_STATED, 0), n_of.pop("0", 0)
    rules, sized = gap(missing, total), total - missing - none
    if none and not sized:
        return {**rules, "half_none": {"half": Share(none, total)}}
    if not sized:
        return rules
    tail = "with participants" if sized < total else ""
    lower = lower_half(n_of)
    level, n = lower[-1], sum(n_of[name] for name in lower)
    upper = level.rpartition("–")[2]
    share = Share(n, sized, tail=tail)
    if upper.isdecimal():
        return {**rules, "half": {"half": share, "value": int(upper)}}
    return {**rules, "above": {"above": share, "value": level.split()[-1]}}
