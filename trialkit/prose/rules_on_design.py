"""The rules on what is done to whom: allocation, masking, and doses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trialkit.prose.numerals import Share
from trialkit.prose.rules import (
    GROUP_FROM,
    Axis,
    Markdown,
    Rules,
    contrast,
    gap,
    half_value,
    ranked,
    tally,
)
from trialkit.summarize.design import ALLOCATIONS, MASKED, OPEN
from trialkit.summarize.statistics import computed, plain_amount
from trialkit.summarize.wording import NOT_STATED, sentence_list

RANDOMIZED = ALLOCATIONS[0]
#: How amounts are stated, in a sentence.
_FORMS = {
    "Per kg": "per kilogram",
    "Total or per dose": "in total or per dose",
    "Loaded into a device": "as cells loaded into a device",
    "In another unit": "in another unit",
}


def design(frame: pd.DataFrame) -> Rules:
    """Return the rules on how many trials are randomized, and masked."""
    total = int(frame.attrs["n_trials"])
    cells = list(frame[["allocation", "masking", "n"]].itertuples(index=False))
    n_of = tally([row for row, _, _ in cells], [n for *_, n in cells])
    rules = gap(n_of.get(NOT_STATED, 0), total)
    if "silent" in rules:
        return rules
    random = n_of.get(RANDOMIZED, 0)
    masked = sum(n for row, part, n in cells if (row, part) == (RANDOMIZED, MASKED))
    others = sum(n for row, part, n in cells if part != OPEN and row != RANDOMIZED)
    if not random and "gap" in rules:
        stated = Share(total - n_of[NOT_STATED], total)
        told = "it is not" if stated.n == 1 else "none is"
        return {**rules, "stated": {"stated": stated, "none": told}}
    rules["random"] = {"random": Share(random, total)}
    silent = sum(n for row, part, n in cells if (row, part) == (RANDOMIZED, NOT_STATED))
    if random and (masked or not silent):
        share = Share(masked, random, noun="randomized trial")
        is_only = masked and not others and random < total
        rules["masked_only" if is_only else "masked"] = {"masked": share}
        rules["both"] = {"both": Share(masked, total)}
    if random:
        rules["some"] = rules["random"]
    return rules


def features(frame: pd.DataFrame) -> Rules:
    """Return the rules on the features that trials have, whatever they leave out."""
    n_of = tally(frame["feature"], frame["state"].astype("string").eq("Yes"))
    held = ranked(n_of, int(frame.attrs["n_trials"]), "feature")
    return {key: values for key, values in held.items() if key != "whole"}


def doses(frame: pd.DataFrame) -> Rules:
    """Return the rules on the amounts of the panel with most trials."""
    stated, total = (int(frame.attrs[name]) for name in ("n_trials", "n_total"))
    rules = gap(total - stated, total)
    if frame.empty:
        return {"few": {"few": Share(stated, total)}, **rules} if stated else rules
    panels = tally(frame.drop_duplicates(["panel", "trial_id"])["panel"])
    panel = max(panels, key=panels.__getitem__)
    rows = frame[frame["panel"].astype("string").eq(panel)]
    highest = rows.groupby("trial_id")["amount"].max().tolist()
    low, high = plain_amount(rows["amount"].min()), plain_amount(rows["amount"].max())
    ends = {"unit": Axis("panel").say(panel), "known": len(highest), "high": high}
    ends["share"] = Share(len(highest), stated, tail="that state a number of cells")
    ends["low"] = low.removesuffix(f" {high.partition(' ')[2]}")
    rules["same" if low == high else "range"] = ends
    value, n = half_value(highest)
    half = {"half": Share(n, len(highest)), "value": plain_amount(value)}
    rules["half"] = {**ends, **half}
    by = ["route_group", "trial_id"]
    most = rows.groupby(by, observed=True, sort=False)["amount"].max().reset_index()
    held = contrast(
        most["route_group"],
        most["amount"],
        "route_group",
        lambda middle: plain_amount(computed(middle)),
    )
    return rules | {key: {**ends, **values} for key, values in held.items()}


def _forms(attrs: Mapping[Any, Any], stated: int) -> Markdown:
    """Return in which forms amounts are stated: every one that a trial states."""
    n_of = {key: int(attrs["forms"][key]) for key in _FORMS if attrs["forms"][key]}
    if stated == 1:
        return Markdown(f", {sentence_list([_FORMS[key] for key in n_of])}")
    told = sentence_list([f"**{n:,}** {_FORMS[key]}" for key, n in n_of.items()])
    several = int(attrs["n_several"])
    states = "states" if several == 1 else "state"
    rest = f"; **{several:,}** {states} several of these" if several else ""
    return Markdown(f": {told}{rest}")


def dose_stated(frame: pd.DataFrame) -> Rules:
    """Return how many trials state an amount, in which form, and by which route."""
    total = int(frame.attrs["n_trials"])
    cells = frame[["route_family", "state", "n"]].astype({"state": "string"})
    n_of = tally(cells["state"], cells["n"])
    rules = gap(n_of.get(NOT_STATED, 0), total)
    if "silent" in rules:
        return rules
    stated = Share(total - n_of.get(NOT_STATED, 0), total)
    rules["stated"] = {"stated": stated, "forms": _forms(frame.attrs, stated.n)}
    sums = tally(cells["route_family"], cells["n"])
    missing = cells[cells["state"].eq(NOT_STATED)]
    silent = tally(missing["route_family"], missing["n"])
    of = Axis("route_family")
    named = {k: n for k, n in sums.items() if k != NOT_STATED and not of.is_residual(k)}
    first = max(named, key=named.__getitem__, default="")
    rest = total - sums.get(first, 0)
    if min(named.get(first, 0), rest) >= GROUP_FROM:
        n = sums[first] - silent.get(first, 0)
        share = Share(n, sums[first], tail=of.say(first, "among"))
        rules["first"] = {"first": share, "others": stated.n - n, "rest": rest}
    return rules


def phases_of_trials(frame: pd.DataFrame) -> Rules:
    """Return the rules on the phases of a frame with a row per trial."""
    phases = frame["phase_group"].astype("string").fillna(NOT_STATED)
    return ranked(tally(phases), len(frame), "phase_group")
