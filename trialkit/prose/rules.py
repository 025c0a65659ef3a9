"""The rules that choose what is said of a frame: which hold, and with which numbers.

Each function takes a summary frame of trials and returns the rules that hold, by name,
with the values for their templates in `data/wording/findings.toml`; those of "" are for
all. "Not stated" never leads, pairs or makes a group: it is a gap.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import repeat, takewhile
from statistics import median
from typing import Any

import pandas as pd

from trialkit.codewords import OTHER_WORDING, is_pooled
from trialkit.errors import TrialDataError
from trialkit.escape import markdown_text, plain_text
from trialkit.files import data_text
from trialkit.prose.numerals import Share, agreeing
from trialkit.summarize.statistics import MEDIAN_FROM
from trialkit.summarize.wording import NOT_STATED, sentence_list, words

#: Rules that hold, each with its values.
Rules = dict[str, dict[str, Any]]
#: From this many trials on a group shares a level.
GROUP_FROM = 5
#: More levels than this that tie have no name in a title.
MOST_TIED = 3
#: A sentence, and a title that has the room, names so many.
MOST_NAMED = 6
#: A gap leads from one in four trials on.
_LARGE_GAP = 4
#: A level of a user's own, or of a record, is cut here.
_LEVEL_CHARACTERS = 60


class Markdown(str):
    """Text that is Markdown already, and is not escaped."""


@cache
def wording() -> dict[str, Any]:
    """Return the templates of the findings, and the words of what is counted."""
    try:
        return tomllib.loads(data_text("wording/findings.toml"))
    except tomllib.TOMLDecodeError as error:
        raise TrialDataError(f"findings.toml is not TOML: {error}") from None


class Axis:
    """What trials are counted by: its words, and its levels as sentences have them."""

    def __init__(self, name: str) -> None:
        axes = wording()["axes"]
        name = "condition_group" if name == "condition" else name
        self.name = name
        self.words: Mapping[str, Any] = axes.get(name) or axes["other"]

    def does(self, n: int) -> str:
        """Return the verb that stands before a level, for `n` trials."""
        return agreeing(self.words["does"], n)

    def say(self, level: str, form: str = "form", n: int = 2) -> str:
        """Return a level in one of its forms; a user's own has no words of ours."""
        known = self.words["levels"].get(level)
        own = self.words.get("unknown", "{}").format(_cut(level))
        own = _item(own) if self.words.get("is_lower") else own
        name = own if known is None else agreeing(known, n)
        if form == "name":
            return name
        return (self.words.get(form) or self.words.get("form", "{}")).format(name)

    def is_residual(self, level: str) -> bool:
        """Return whether a level pools others, and so leads none."""
        return is_pooled(level, self.name)


#: What is no level, and is never told as one.
UNNAMED = frozenset({NOT_STATED, OTHER_WORDING})


def _cut(text: str) -> str:
    line = plain_text(text)
    head = line[:_LEVEL_CHARACTERS]
    return line if line == head else f"{head.rpartition(' ')[0] or head}…"


def tally(labels: Iterable[Any], numbers: Iterable[Any] = repeat(1)) -> dict[str, int]:
    """Return the sum of the numbers of each label, or how often it stands there."""
    made: dict[str, int] = {}
    for label, n in zip(labels, numbers, strict=False):
        made[str(label)] = made.get(str(label), 0) + int(n)
    return made


def gap(missing: int, total: int) -> Rules:
    """Return the rule on trials that do not state it: "silent" where none does."""
    if missing == total:
        return {"silent": {"all": Share(total, total)}}
    return {"gap": {"missing": Share(missing, total)}} if missing else {}


def column_of(frame: pd.DataFrame, axis: str) -> str:
    """Return the column of an axis, or of what a frame is grouped by instead."""
    instead = {"condition_group": "condition", "route_group": "route_family"}
    return axis if axis in frame else instead.get(axis, axis)


def counts(frame: pd.DataFrame, axis: str, name: str = "", n: str = "n") -> Rules:
    """Return the rules on counts by levels: the largest, the next, the gap."""
    column = name or column_of(frame, axis)
    n_of = tally(frame[column], frame[n])
    return ranked(n_of, int(frame.attrs["n_trials"]), axis if name else column)


def ranked(n_of: Mapping[str, int], total: int, axis: str) -> Rules:
    """Return the rules on the trials of each level, "Not stated" being one."""
    of, missing = Axis(axis), n_of.get(NOT_STATED, 0)
    base = {"one": of.words["one"], "many": of.words["many"], "total": total}
    stated = [(k, n) for k, n in n_of.items() if n and k not in UNNAMED]
    worded = {"worded": Share(n_of.get(OTHER_WORDING, 0), total)}
    if not stated and not worded["worded"].n:
        return {"": base, "silent": {"all": Share(total, total)}}
    told = {"worded": worded} if worded["worded"].n else {}
    if not stated:
        return {"": base, **told, **gap(missing, total)}
    named = [pair for pair in stated if not of.is_residual(pair[0])] or stated
    most = max(n for _, n in named)
    first = [level for level, n in named if n == most]
    other, pooled = max(stated, key=lambda pair: (of.is_residual(pair[0]), pair[1]))
    is_outdone = of.is_residual(other) and pooled > most
    lead = {"lead": Share(most, total), "does": of.does(most)}
    lead["aside"] = " aside from “other”" if is_outdone else ""
    rules = {"": base, "nameless": lead, **told, **gap(missing, total)}
    if missing > max(n for _, n in stated) and missing * _LARGE_GAP >= total:
        rules["gap_leads"] = rules["gap"]
    if not missing and total >= GROUP_FROM:
        rules["whole"] = {"all": Share(total, total)}
    if len(first) > 1:
        same = " and as many ".join(of.say(level, n=most) for level in first)
        levels = sentence_list([of.say(level, "name", most) for level in first])
        tied = {**lead, "levels": levels, "same": same, "k": len(first)}
        how = f"the most frequent{lead['aside']},"
        tied["how"] = how if len(stated) > len(first) or is_outdone else ""
        key = "tied" if len(first) <= MOST_NAMED else "even"
        if most == total:  # none is more frequent than another: each trial has all
            key, each = f"{key}_whole", [of.say(level, n=most) for level in first]
            tied["levels"] = sentence_list(each)
        nameless = "nameless_whole" if most == total else "nameless_tied"
        return {**rules, key: tied, nameless: tied}
    lead["level"] = of.say(first[0], n=most)
    rest = [pair for pair in stated if pair[0] != first[0]]
    rest.sort(key=lambda pair: (of.is_residual(pair[0]), -pair[1]))
    if is_outdone:
        after = of.say(other, "after", pooled)
        rules["outdone"] = {**lead, "next": pooled, "next_level": after}
    if rest:
        n = max(n for _, n in rest)
        rules["but"] = {"name": of.say(first[0], "name"), "k": len(stated)}
        if n == rest[0][1] and [other for _, other in rest].count(n) == 1:
            after = of.say(rest[0][0], "after", n)
            rules["two"] = {**lead, "next": n, "next_level": after}
    return rules | _rest(rest, lead, of)


def _rest(rest: list[tuple[str, int]], lead: dict[str, Any], of: Axis) -> Rules:
    """Return the largest level with what comes next, ties whole, and the others."""
    shown: list[tuple[str, int]] = []
    while rest:
        group = list(takewhile(lambda pair, n=rest[0][1]: pair[1] == n, rest))
        if len(shown) + len(group) >= MOST_TIED:
            break
        shown += group
        rest = rest[len(group) :]
    told = [_after(pair, of) for pair in shown]
    named = Markdown(f", {sentence_list(told)}" if told else "")
    rules: Rules = {"lead": {**lead, "rest": named}}
    for key, also in (("also_lead", shown), ("also_two", shown[1:])):
        if also:
            (level, n), *others = also
            then = Markdown("".join(f" and {_after(pair, of)}" for pair in others))
            own = {"n": n, "does": of.does(n), "level": of.say(level, n=n)}
            rules[key] = {**own, "rest": then}
    named_rest = [n for k, n in rest if not of.is_residual(k)]
    share = Share(max(named_rest, default=0), lead["lead"].total)
    return rules | (
        {"others": {"next": share}} if 0 < share.n <= lead["lead"].n else {}
    )


def _after(pair: tuple[str, int], of: Axis) -> str:
    """Return a level and its trials as they follow another, as Markdown."""
    level, n = pair
    return f"**{n:,}** {markdown_text(of.say(level, 'after', n))}"


def statuses(frame: pd.DataFrame) -> Rules:
    """Return the rules on counts by the codes of recruitment status."""
    status = words(frame["overall_status"], "overall_status")
    return counts(frame.assign(status=status), "status")


def pairs(
    frame: pd.DataFrame,
    axes: tuple[str, str],
    n: str = "n",
    row_total: str = "",
    is_both: bool = True,
) -> Rules:
    """Return the rules on a matrix: its largest pair, and what is whole in its row.

    Parts of a row exclude each other, or `row_total` is the column of its trials
    (unknown where it is not there). `is_both` tells that `n_usable` state both.
    """
    total = int(frame.attrs["n_trials"])
    names = [column_of(frame, axis) for axis in axes]
    a, b = map(Axis, names)
    left, right, numbers = (frame[name].tolist() for name in (*names, n))
    of_row = tally(left, numbers)
    if row_total:
        known = frame[row_total] if row_total in frame else ()
        of_row = dict(zip(left, known, strict=False))
    cells = list(zip(left, right, numbers, strict=True))
    stated = [cell for cell in cells if cell[2] and UNNAMED.isdisjoint(cell[:2])]
    named = [c for c in stated if not (a.is_residual(c[0]) or b.is_residual(c[1]))]
    stated = sorted(named or stated, key=lambda cell: -cell[2])
    rules: Rules = {"": {"one_a": a.words["one"], "one_b": b.words["one"]}}
    rules |= gap(total - int(frame.attrs["n_usable"]) if is_both else 0, total)
    if not stated:
        is_worded = any(cell[2] and OTHER_WORDING in cell for cell in cells)
        key = "worded" if is_worded else "silent"
        return {**rules, key: {"all": Share(total, total)}}

    def row(cell: tuple[str, str, int]) -> dict[str, Any]:
        share = Share(cell[2], int(of_row[cell[0]]), tail=a.say(cell[0], "among"))
        level = b.say(cell[1], n=cell[2])
        return {"row": share, "does": b.does(cell[2]), "level_b": level}

    first, most = stated[0], int(stated[0][2])
    tied = sum(k == most for *_, k in stated)
    lead = {"lead": Share(most, total), "k": tied}
    rules["nameless" if total > 1 else "nameless_one"] = lead
    if tied > 1:
        key = "tied" if tied <= MOST_TIED else "even"
        rules["tied_one" if total == 1 else key] = lead
        if tied <= MOST_TIED and total > 1:
            named = [f"{a.say(x, 'name')} {b.say(y, 'link')}" for x, y, _ in stated]
            rules["tied_named"] = {**lead, "pairs": sentence_list(named[:tied])}
    else:
        told = {"does": b.does(most), "level_b": b.say(first[1], n=most)}
        told |= {"does_a": a.does(most), "level_a": a.say(first[0], "name")}
        rules["pair"] = {**lead, **told, "link_b": b.say(first[1], "link")}
        rules["pair_short"] = {**rules["pair"], "among_a": a.say(first[0], "among")}
        rules |= {"leads": rules["pair"]} if total > 1 else {}
        rules |= {"row": row(first)} if of_row else {}
    whole = [c for c in stated if GROUP_FROM <= c[2] == of_row.get(c[0])]
    whole = [cell for cell in whole if tied > 1 or cell != first]
    return rules | ({"every": row(max(whole, key=lambda c: c[2]))} if whole else {})


def half_value(values: list[Any]) -> tuple[Any, int]:
    """Return the smallest value that half of the values reach, and how many do."""
    value = sorted(values)[(len(values) - 1) // 2]
    return value, sum(other <= value for other in values)


def contrast(
    levels: Iterable[Any],
    values: Iterable[float],
    axis: str,
    form: Callable[[float], str],
    least: int = MEDIAN_FROM,
) -> Rules:
    """Return the two medians farthest apart, of groups of `least` or more."""
    of, groups = Axis(axis), {}
    for level, value in zip(levels, values, strict=True):
        groups.setdefault(str(level), []).append(float(value))
    middle = {
        level: median(own)
        for level, own in groups.items()
        if len(own) >= least and level not in UNNAMED
    }
    if len(set(middle.values())) < 2:
        return {}
    held: dict[str, Any] = {}
    for key, choose in (("most", max), ("least", min)):
        level = choose(middle, key=middle.__getitem__)
        held |= {key: form(middle[level]), f"{key}_n": len(groups[level])}
        held[f"{key}_level"] = of.say(level, "among")
    return {"contrast": held}


def left_out(frame: pd.DataFrame) -> Rules:
    """Return the rules on the fields that most trials leave out.

    What is only inferred is stated by no source, and so left out.
    """
    state, total = frame["state"].astype("string"), int(frame.attrs["n_trials"])
    rules: Rules = {}
    for key in ("conflict", "inferred"):
        n = frame.loc[state.eq(key.capitalize()), "trial_id"].nunique()
        rules |= {key: {key: Share(n, total)}} if n else {}
    # What a rule infers no source states.
    missing = tally(frame["field"], state.isin([NOT_STATED, "Inferred"]))
    return _gaps(missing, total, is_whole=frame.attrs.get("is_whole", True)) | rules


def facts(frame: pd.DataFrame) -> Rules:
    """Return the rules on the trials that state no donor, dose, source or route."""
    n_of = dict(zip(frame["fact"], frame["n"].fillna(0).astype(int), strict=True))
    total = int(frame.set_index("fact")["total"].loc["donor_stated"])
    missing = {k: total - n_of[f"{k}_stated"] for k in ("donor", "dose", "cell_source")}
    missing["route"] = total - n_of["route_stated"]
    some: Rules = {"some_cells": {"cells": Share(total, n_of["trials"])}}
    if guessed := int(frame.attrs.get("n_inferred", 0)):
        missing[f"donor ({guessed:,} inferred)"] = missing.pop("donor")
    held = _gaps(missing, total, is_whole=frame.attrs.get("is_whole", True))
    return (some if total < n_of["trials"] else {}) | held


def _gaps(missing: dict[str, int], total: int, *, is_whole: bool) -> Rules:
    """Return how many trials state no this, and no that, the most first.

    Where no file holds whole records, what no trial states is not in the files.
    """
    unheld = [] if is_whole else [name for name, n in missing.items() if n == total]
    rules: Rules = {}
    if unheld:
        told = [f"no {markdown_text(_item(name))}" for name in unheld]
        rules["unheld"] = {"items": Markdown(sentence_list(told))}
        rules["unheld_many"] = {"k": len(unheld)}
    gaps = [(n, _item(name)) for name, n in missing.items() if n and name not in unheld]
    gaps.sort(key=lambda pair: -pair[0])
    if not gaps:
        return rules or {"nothing": {"total": total}}
    (most, first), *rest = gaps
    tied = [n for n, _ in gaps].count(most)
    each = "" if total == 1 else "**{:,}** "
    told = [f"{each.format(n)}no {markdown_text(name)}" for n, name in rest[:3]]
    lead = {"gap": Share(most, total), "first": first, "k": tied}
    comma = ", " if total > 1 or len(told) > 1 else " and "
    lead["rest"] = Markdown(f"{comma}{sentence_list(told)}" if told else "")
    key = "lead" if tied == 1 else "tied" if total > 1 else "tied_one"
    rules |= {"named": lead, "nameless": lead, key: lead}
    if tied == 1 and rest and [n for n, _ in rest].count(rest[0][0]) == 1:
        rules["two"] = {**lead, "next": rest[0][0], "second": rest[0][1]}
    return rules


def _item(name: str) -> str:
    line = _cut(name.replace("_", " "))
    return line if line[1:2].isupper() else line[:1].lower() + line[1:]


def flow(frame: pd.DataFrame) -> Rules:
    """Return how many documents make how many trials, and what was left out."""
    n_of = tally(frame["step"], frame["n"])
    removed = sum(n for step, n in n_of.items() if step.startswith("filter:"))
    told = {**n_of, "left_out": Share(removed, n_of["identified_trials"])}
    needs = {"flow": 1, "left_out": removed, "arms": n_of.get("product_arms", 0)}
    needs |= {name: n_of.get(name, 0) for name in ("merged", "set_aside")}
    return {name: told for name, n in needs.items() if n}
