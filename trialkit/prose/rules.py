"""The rules that choose what is said of a frame: which hold, and with which numbers.

Each function takes a summary frame of trials and returns the rules that hold, by name,
with the values for their templates in `data/wording/findings.toml`; those of "" are for
all. "Not stated" never leads, pairs or makes a group: it is a gap.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from trialkit.escape import markdown_text, plain_text
from trialkit.files import data_text
from trialkit.prose.numerals import Share, agreeing
from trialkit.summarize.statistics import PERCENT_FROM, number
from trialkit.summarize.wording import NOT_STATED, sentence_list, words

#: Rules that hold, each with its values.
Rules = dict[str, dict[str, Any]]
#: From this many trials on a group has a median, and shares a level.
MEDIAN_FROM, GROUP_FROM = 4, 5
#: More levels than this that tie have no name in a title.
MOST_TIED = 3
#: A gap leads from one in four trials on.
_LARGE_GAP = 4
#: A level of a user's own, or of a record, is cut here.
_LEVEL_CHARACTERS = 60


class Markdown(str):
    """Text that is Markdown already, and is not escaped."""


@cache
def wording() -> dict[str, Any]:
    """Return the templates of the findings, and the words of what is counted."""
    return tomllib.loads(data_text("wording/findings.toml"))


class Axis:
    """What trials are counted by: its words, and its levels as sentences have them."""

    def __init__(self, name: str) -> None:
        axes = wording()["axes"]
        self.words: Mapping[str, Any] = axes.get(name) or axes["other"]

    def does(self, n: int) -> str:
        """Return the verb that stands before a level, for `n` trials."""
        return agreeing(self.words["does"], n)

    def say(self, level: str, form: str = "form", n: int = 2) -> str:
        """Return a level in one of its forms; a user's own has no words of ours."""
        known = self.words["levels"].get(level)
        own = self.words.get("unknown", "{}").format(_cut(level))
        name = own if known is None else agreeing(known, n)
        if form == "name":
            return name
        return (self.words.get(form) or self.words.get("form", "{}")).format(name)

    def is_residual(self, level: str) -> bool:
        """Return whether a level pools others, and so leads none."""
        return level in self.words.get("residual", ())


def _cut(text: str) -> str:
    line = plain_text(text)
    head = line[:_LEVEL_CHARACTERS]
    return line if line == head else f"{head.rpartition(' ')[0] or head}…"


def gap(missing: int, total: int) -> Rules:
    """Return the rule on trials that do not state it: "silent" where none does."""
    if missing == total:
        return {"silent": {"all": Share(total, total)}}
    return {"gap": {"missing": Share(missing, total)}} if missing else {}


def counts(frame: pd.DataFrame, axis: str, name: str = "", n: str = "n") -> Rules:
    """Return the rules on counts by levels: the largest, the next, the gap."""
    total = int(frame.attrs["n_trials"])
    rows = frame[[name or axis, n]].astype({name or axis: "string"})
    return ranked({str(k): int(v) for k, v in rows.to_numpy()}, total, axis)


def ranked(n_of: Mapping[str, int], total: int, axis: str) -> Rules:
    """Return the rules on the trials of each level, "Not stated" being one."""
    of, missing = Axis(axis), n_of.get(NOT_STATED, 0)
    rules = {"": {**_names(of), "total": total}, **gap(missing, total)}
    stated = [(k, n) for k, n in n_of.items() if n and k != NOT_STATED]
    stated.sort(key=lambda pair: (of.is_residual(pair[0]), -pair[1]))
    if not stated:
        return {**rules, "silent": {"all": Share(total, total)}}
    level, most = stated[0]
    pooled = of.is_residual(level)
    first = [k for k, n in stated if n == most and of.is_residual(k) == pooled]
    rest = [pair for pair in stated if pair[0] not in first]
    lead = {"lead": Share(most, total), "does": of.does(most)}
    rules["nameless"] = lead
    if missing > max(n for _, n in stated) and missing * _LARGE_GAP >= total:
        rules["gap_leads"] = rules["gap"]
    if not missing and total >= GROUP_FROM:
        rules["whole"] = {}
    if len(first) > 1:
        same = " and as many ".join(of.say(level, n=most) for level in first)
        named = sentence_list([of.say(level, "name", most) for level in first])
        levels = {"levels": named, "same": same}
        tie = "tied" if len(first) <= MOST_TIED else "even"
        return rules | {tie: {**lead, **levels, "k": len(first)}}
    lead["level"] = of.say(first[0], n=most)
    return rules | _behind(first[0], rest, lead, of)


def _names(of: Axis) -> dict[str, Any]:
    return {"one": of.words["one"], "many": of.words["many"]}


def _behind(first: str, rest: list, lead: dict[str, Any], of: Axis) -> Rules:
    """Return the rules on the largest level and on what comes after it, ties whole."""
    told: list[str] = []
    left = rest
    while left:
        group = [pair for pair in left if pair[1] == left[0][1]]
        if len(told) + len(group) >= MOST_TIED:
            break
        told += [f"**{n:,}** {markdown_text(of.say(k, 'after', n))}" for k, n in group]
        left = [pair for pair in left if pair not in group]
    lead = {**lead, "rest": Markdown(f", {sentence_list(told)}" if told else "")}
    rules: Rules = {"lead": lead}
    if left:
        most = Share(max(n for _, n in left), lead["lead"].total)
        rules |= {"others": {"next": most}} if most.n <= lead["lead"].n else {}
    if rest:
        most = max(n for _, n in rest)
        name = of.say(first, "name")
        rules["but"] = {"name": name, "next": most}
        if rest[0][1] == most and [n for _, n in rest].count(most) == 1:
            after = of.say(rest[0][0], "after", most)
            rules["two"] = {**lead, "next": most, "next_level": after}
    return rules


def strip(frame: pd.DataFrame) -> Rules:
    """Return the rules on the only route of a trial; on status where no routes are."""
    groups = frame["route_groups"].astype("string")
    if len(frame) and groups.eq("No cell product").all():
        n_of = (
            frame.groupby("overall_status", dropna=False).size().reset_index(name="n")
        )
        n_of.attrs["n_trials"] = len(frame)
        return statuses(n_of)
    several = groups.str.contains("; ", regex=False)
    n, total = int(several.sum()), len(frame)
    n_of = groups[~several].value_counts()
    held = ranked(n_of.astype(int).to_dict(), total, "route_group")
    held[""] |= {"one": "route used alone", "many": "routes used alone", "several": n}
    for key in {"gap", "gap_leads", "silent"} & set(held):
        held[key] = {**held[key], "one": "route"}
    for key, alone in (("lead", "alone"), ("two", "alone_two")):
        if key in held:
            held[alone] = held.pop(key)
    if n:
        share = {"share": Share(n, total)}
        held |= {"several": share}
        if "alone" in held:
            held["several_and"] = held["alone"]
        if "silent" in held and n_of.get(NOT_STATED, 0) < total:
            held = {"": held[""], "all_several": share}
    return held


def statuses(frame: pd.DataFrame) -> Rules:
    """Return the rules on counts by the codes of recruitment status."""
    status = words(frame["overall_status"], "overall_status")
    return counts(frame.assign(status=status), "status")


def design(frame: pd.DataFrame) -> Rules:
    """Return the rules on the features that trials have, whatever they leave out."""
    has = frame["state"].astype("string").eq("Yes")
    n_of = has.groupby(frame["feature"].astype("string"), sort=False).sum()
    held = ranked(n_of.astype(int).to_dict(), int(frame.attrs["n_trials"]), "feature")
    return {key: values for key, values in held.items() if key != "whole"}


def pairs(
    frame: pd.DataFrame,
    axes: tuple[str, str],
    n: str = "n",
    row_total: str = "",
    is_both: bool = True,
) -> Rules:
    """Return the rules on a matrix: its largest pair, and what is whole in its row.

    Parts of a row exclude each other, or `row_total` is the column of its trials
    ("none" if they are not known). `is_both` tells that `n_usable` state both.
    """
    total = int(frame.attrs["n_trials"])
    a, b = map(Axis, axes)
    names = [name if name in frame else name.partition("_")[0] for name in axes]
    rows = frame[frame[n].gt(0)].astype(dict.fromkeys(names, "string"))
    sums = rows.groupby(names[0])[n if row_total in ("", "none") else row_total]
    of_row = (sums.first() if row_total else sums.sum()).to_dict()
    cells = [tuple(row) for row in rows[[*names, n]].to_numpy()]
    stated = [cell for cell in cells if NOT_STATED not in cell]
    named = [c for c in stated if not (a.is_residual(c[0]) or b.is_residual(c[1]))]
    stated = sorted(named or stated, key=lambda cell: -cell[2])
    rules: Rules = {"": {"one_a": a.words["one"], "one_b": b.words["one"]}}
    rules |= gap(total - int(frame.attrs["n_usable"]) if is_both else 0, total)
    if not stated:
        return {**rules, "silent": {"all": Share(total, total)}}
    level_a, level_b, most = stated[0]
    tied = sum(k == most for *_, k in stated)
    rules["nameless"] = lead = {"lead": Share(most, total), "k": tied}
    told = {"does_a": a.does(most), "level_a": a.say(level_a, "name")}
    told |= {"does": b.does(most), "level_b": b.say(level_b, n=most)}
    told["link_b"] = b.say(level_b, "link")
    if tied > 1:
        rules["tied" if tied <= MOST_TIED else "even"] = lead
    else:
        rules["pair"] = {**lead, **told}
    if row_total == "none":
        return rules
    whole = [c for c in stated if GROUP_FROM <= c[2] == of_row[c[0]]]
    for key, cell in (("row", stated[0]), ("every", max(whole, key=_n, default=None))):
        if (
            cell
            and (key == "row") == (cell == stated[0])
            and (tied == 1 or key != "row")
        ):
            share = Share(cell[2], int(of_row[cell[0]]), tail=a.say(cell[0], "among"))
            level = b.say(cell[1], n=cell[2])
            rules[key] = {"row": share, "does": b.does(cell[2]), "level_b": level}
    return rules


def _n(cell: tuple) -> int:
    return cell[2]


def half_value(values: list) -> tuple[Any, int]:
    """Return the smallest value that half of the values reach, and how many do."""
    value = sorted(values)[(len(values) - 1) // 2]
    return value, sum(other <= value for other in values)


def contrast(groups: pd.Series, axis: str, form: Callable[[float], str]) -> Rules:
    """Return the two medians farthest apart, of values whose index is the group."""
    of = Axis(axis)
    n_of = groups.groupby(level=0, sort=False).size()
    large = n_of.index[n_of.ge(MEDIAN_FROM) & (n_of.index != NOT_STATED)]
    middle = groups.groupby(level=0, sort=False).median()[large]
    if middle.nunique() < 2:
        return {}
    held: dict[str, Any] = {}
    for key, level in (("most", middle.idxmax()), ("least", middle.idxmin())):
        held |= {key: form(middle[level]), f"{key}_n": int(n_of[level])}
        held[f"{key}_level"] = of.say(str(level), "among")
    return {"contrast": held}


def sizes(frame: pd.DataFrame, axis: str) -> Rules:
    """Return the rules on participants; 0 is a number, and has no part in a median."""
    total = int(frame.attrs["n_trials"])
    rows = frame.dropna(subset=["enrollment"]).astype({axis: "string"})
    one_each = rows.drop_duplicates("trial_id")["enrollment"]
    known = sorted(map(int, one_each), reverse=True)
    people, rules = sum(known), gap(total - len(known), total)
    if not known:
        return rules
    k = next(k for k in range(1, len(known) + 1) if sum(known[:k]) * 2 >= people)
    if len(known) < MEDIAN_FROM or not people:
        ends = {"low": known[-1], "high": known[0], "known": Share(len(known), total)}
        rules["same" if known[0] == known[-1] else "few"] = ends
    else:
        held = Share(sum(known[:k]), people, "participant", "", total >= PERCENT_FROM)
        rules["concentration"] = {"hold": Share(k, total), "held": held}
        value, n = half_value(known)
        rules["half"] = {"half": Share(n, total), "value": value}
    above = rows[rows["enrollment"].gt(0)].set_index(axis)["enrollment"].astype(float)
    return rules | contrast(above, axis, number)


def classes(frame: pd.DataFrame) -> Rules:
    """Return the class of sizes at which half of the trials with a number are."""
    total = int(frame.attrs["n_trials"])
    n_of = frame.astype({"enrollment_group": "string"}).set_index("enrollment_group")[
        "n"
    ]
    rules = gap(int(n_of.get(NOT_STATED, 0)), total)
    reached = n_of.drop(NOT_STATED, errors="ignore").astype(int).cumsum()
    if "silent" in rules:
        return rules
    level = str(reached.index[reached * 2 >= reached.iloc[-1]][0])
    upper, n = level.rpartition("–")[2], int(reached[level])
    if not upper.isdecimal():
        share = Share(int(n_of[level]), total)
        return {**rules, "above": {"above": share, "value": upper.split()[-1]}}
    return {**rules, "half": {"half": Share(n, total), "value": int(upper)}}


def doses(frame: pd.DataFrame) -> Rules:
    """Return the rules on the amounts of the panel with most trials."""
    stated, total = (int(frame.attrs[name]) for name in ("n_trials", "n_total"))
    rules = gap(total - stated, total)
    if frame.empty:
        return {**({"few": {"few": Share(stated, total)}} if stated else {}), **rules}
    rows = frame.astype({"panel": "string", "route_group": "string"})
    panel = str(rows.groupby("panel", sort=False)["trial_id"].nunique().idxmax())
    rows = rows[rows["panel"] == panel]
    highest = rows.groupby("trial_id")["amount"].max().tolist()
    low, high = amount(rows["amount"].min()), amount(rows["amount"].max())
    ends = {"unit": Axis("panel").say(panel), "known": len(highest), "high": high}
    ends["share"] = Share(len(highest), stated, tail="that state an amount")
    ends["low"] = low.removesuffix(f" {high.partition(' ')[2]}")
    rules["same" if low == high else "range"] = ends
    value, n = half_value(highest)
    rules["half"] = {**ends, "half": Share(n, len(highest)), "value": amount(value)}
    by_route = rows.groupby(["route_group", "trial_id"])["amount"].max().droplevel(1)
    return rules | contrast(by_route, "route_group", amount)


def amount(value: float) -> str:
    """Return a number of cells in words, to four digits: `0.5 million`, `20,000`."""
    if value < 100_000:
        return number(value, 2)
    unit, name = (1e9, "billion") if value >= 1e9 else (1e6, "million")
    return f"{number(float(f'{value / unit:.4g}'), 4)} {name}"


def left_out(frame: pd.DataFrame) -> Rules:
    """Return the rules on the fields that most trials leave out."""
    state, total = frame["state"].astype("string"), int(frame.attrs["n_trials"])
    rules: Rules = {}
    for key in ("conflict", "inferred"):
        n = frame.loc[state.eq(key.capitalize()), "trial_id"].nunique()
        rules |= {key: {key: Share(n, total)}} if n else {}
    n_of = state.eq(NOT_STATED).groupby(frame["field"].astype("string"), sort=False)
    sums = n_of.sum().sort_values(ascending=False, kind="stable")
    gaps = [(_item(str(field)), int(n)) for field, n in sums.items() if n]
    if not gaps:
        return {**rules, "nothing": {"total": total}}
    (level, most), *rest = gaps
    share = Share(most, total)
    tied = 1 + sum(n == most for _, n in rest)
    lead = {"lead": share, "level": level, "k": tied}
    rules |= {"nameless": lead, "tied" if tied > 1 else "lead": lead}
    if tied == 1 and rest and [n for _, n in rest].count(rest[0][1]) == 1:
        rules["two"] = {**lead, "next": rest[0][1], "next_level": rest[0][0]}
    told = [f"{markdown_text(level)} (**{share}** trials)"]
    told += [f"{markdown_text(item)} (**{n:,}**)" for item, n in rest[:2]]
    return {**rules, "named": {"named": Markdown(sentence_list(told))}}


def _item(name: str) -> str:
    line = _cut(name)
    return line if line[1:2].isupper() else line[:1].lower() + line[1:]


def gaps(frame: pd.DataFrame) -> Rules:
    """Return how many trials state no donor, dose, source or route, the most first."""
    facts = frame.set_index("fact")[["n", "total"]]
    total, trials = facts.loc["donor_stated", "total"], facts.loc["trials", "n"]
    rules: Rules = (
        {"some_cells": {"cells": Share(total, trials)}} if total < trials else {}
    )
    names = ("donor", "dose", "cell_source", "route")
    missing = [(name, int(total - facts.loc[f"{name}_stated", "n"])) for name in names]
    ranked = sorted(missing, key=lambda pair: -pair[1])
    named = [(name.replace("_", " "), n) for name, n in ranked if n]
    if not named:
        return {**rules, "whole": {"total": int(total)}}
    (first, n), *others = named
    told = [f"**{other:,}** no {name}" for name, other in others]
    rest = Markdown(f", {sentence_list(told)}" if told else "")
    return {
        **rules,
        "gaps": {"gap": Share(n, int(total)), "first": first, "rest": rest},
    }


def flow(frame: pd.DataFrame) -> Rules:
    """Return how many documents make how many trials, and what was left out."""
    n_of = {str(step): int(n) for step, n in frame[["step", "n"]].to_numpy()}
    removed = sum(n for step, n in n_of.items() if step.startswith("filter:"))
    told = {**n_of, "left_out": Share(removed, n_of["identified_trials"])}
    needs = {"flow": 1, "left_out": removed, "arms": n_of["product_arms"]}
    needs |= {name: n_of.get(name, 0) for name in ("merged", "set_aside")}
    return {name: told for name, n in needs.items() if n}


def comparisons(frame: pd.DataFrame) -> Rules:
    """Return how many trials compare routes between their arms."""
    random = int(frame["allocation"].astype("string").eq("RANDOMIZED").sum())
    share = Share(len(frame), int(frame.attrs["n_total"]))
    return {"compare" if len(frame) else "none": {"compare": share, "random": random}}
