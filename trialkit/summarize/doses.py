"""Doses as the records state them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trialkit.summarize.count import full_grid, only_family
from trialkit.summarize.counted import of_counted, once
from trialkit.summarize.flow import of_source
from trialkit.summarize.groups import (
    SEVERAL,
    arm_labels,
    by_start,
    joined_by,
    label_words,
    order_of,
    ordered,
)
from trialkit.summarize.lines import short_titles
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.statistics import n_trials, number
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Panels by (basis, per kilogram); what is not weight-based is per dose or in total.
PANELS = {
    ("given", True): "Given, cells per kg body weight",
    ("given", False): "Given, cells per dose or in total",
    ("device_loaded", True): "Loaded in a device, cells per kg body weight",
    ("device_loaded", False): "Loaded in a device, cells",
}
#: A panel with fewer trials is left to the table.
PANEL_FROM = 5


@of_counted
def regimens(data: Trials) -> pd.DataFrame:
    """Return every dose and regimen that a record states, by trial start.

    Amounts are the record's own: nothing is converted with an assumed body weight, and
    what is loaded in a device is never taken for what a patient gets.

    Returns
    -------
    pandas.DataFrame
        One row per dose of an arm: trial_id, arm_id, arm_label, amount, unit, per,
        basis, n_doses, interval, session_hours_min, session_hours_max, quote, wording
        (whether `quote` is the source's own words).
    """
    arms = data.arms[[*ARM_KEY, "arm_label"]]
    rows = data.doses.merge(arms, on=ARM_KEY, how="left")
    rows["wording"] = of_source(data, rows["source_id"], "wording")
    columns = ["amount", "unit", "per", "basis", "n_doses", "interval"]
    columns += ["session_hours_min", "session_hours_max", "quote", "wording"]
    frame = by_start(data, rows)[[*ARM_KEY, "arm_label", *columns]]
    frame = frame.drop_duplicates(ignore_index=True)
    frame.attrs |= {"n_trials": n_trials(frame), "n_arms": _arms(frame)}
    return frame


@of_counted
def doses(data: Trials, *, least: int = PANEL_FROM) -> pd.DataFrame:
    """Return the numbers of cells that arms state, by panel and route.

    Cells per kilogram and numbers of cells are never on one axis, nor are cells that a
    patient gets and cells in a device. Other units (islet equivalents, grams) are in
    the table of doses only.

    Parameters
    ----------
    data
        Trials, loaded or selected.
    least
        Trials that a panel needs; those with fewer are left out.

    Returns
    -------
    pandas.DataFrame
        trial_id, arm_id, short_title, panel (ordered), route_group, route_family (of
        the trial, or "Several routes"), per (what the amount is given per), amount: one
        row per dose level of an arm and route. Panels with fewer than `least` trials
        are left out; `attrs` count all panels and name in `left_out` those that are
        not there.
    """
    frame = _cell_doses(data)
    titles = short_titles(data.trials).set_axis(data.trials["trial_id"])
    frame["short_title"] = frame["trial_id"].map(titles).astype("string")
    families = frame["trial_id"].map(only_family(data)).astype("string")
    order = [*order_of("route_family"), SEVERAL["route_family"]]
    frame["route_family"] = ordered(families, order)
    sizes = frame.groupby("panel", observed=True)["trial_id"].nunique()
    is_small = sizes < least
    kept = frame[~frame["panel"].isin(sizes.index[is_small])]
    kept = kept.sort_values(["panel", "route_group", "amount", *ARM_KEY], kind="stable")
    names = ["short_title", "panel", "route_group", "route_family", "per", "amount"]
    kept = kept[[*ARM_KEY, *names]].reset_index(drop=True)
    kept.attrs |= {
        "n_trials": n_trials(frame),
        "n_arms": _arms(frame),
        "n_total": n_trials(arm_labels(data, [])),
        "left_out": [name for name in PANELS.values() if is_small.get(name, False)],
        # The figure is drawn where one of its panels can be.
        "n_usable": int(sizes.max()) if len(sizes) else 0,
    }
    return kept


@once
def _cell_doses(data: Trials) -> pd.DataFrame:
    """Return every number of cells that an arm states, with its panel and routes."""
    rows = data.doses[data.doses["amount"].gt(0).fillna(False)]
    rows = rows[rows["unit"].astype("string").str.casefold().eq("cells").fillna(False)]
    basis = rows["basis"].astype("string").fillna("given")
    per = rows["per"].astype("string")
    per_kg = per.eq("kg").fillna(False)
    keys = zip(basis, per_kg, strict=True)
    panels = [PANELS[key] for key in keys]
    panel = pd.Categorical(panels, list(PANELS.values()), ordered=True)
    rows = rows[ARM_KEY].assign(panel=panel, per=per, amount=rows["amount"])
    rows = rows.drop_duplicates()
    groups = label_words(data, ["route_group"], unit="arms")
    frame = rows.merge(groups, on=ARM_KEY, how="left")
    frame["route_group"] = ordered(frame["route_group"], order_of("route_group"))
    return frame


#: What a trial states of its doses, in order; of several, the first counts.
DOSE_STATES = (
    "Per kg",
    "Total or per dose",
    "Loaded into a device",
    "In another unit",
)


@of_counted
def dose_stated(data: Trials) -> pd.DataFrame:
    """Return how many trials state an amount, and in which form, by family of routes.

    A trial that states several forms counts for the first of them.

    Returns
    -------
    pandas.DataFrame
        route_family (one, or "Several routes"), state ("Per kg", "Total or per dose",
        "Loaded into a device", "In another unit" or "Not stated"), n: every pair of
        those present, 0 included. `attrs` hold forms (the trials of each form, all that
        a trial states) and n_several (trials that state several).
    """
    families = only_family(data)
    rows = data.doses[data.doses["amount"].gt(0).fillna(False)]
    is_kg = rows["per"].astype("string").eq("kg").fillna(False)
    is_device = rows["basis"].astype("string").eq("device_loaded").fillna(False)
    unit = rows["unit"].astype("string").str.casefold()
    rank = is_kg.map({True: 0, False: 1}).mask(is_device, 2)
    rank = rank.mask(~unit.eq("cells").fillna(False), 3)
    first = rank.groupby(rows["trial_id"].astype("string")).min()
    names = first.map(dict(enumerate(DOSE_STATES))).astype("string")
    frame = pd.DataFrame({"trial_id": families.index})
    frame["route_family"] = families.to_numpy()
    frame["state"] = ordered(frame["trial_id"].map(names), DOSE_STATES)
    keys = ["route_family", "state"]
    frame["route_family"] = ordered(
        frame["route_family"], [*order_of("route_family"), SEVERAL["route_family"]]
    )
    n_stated = int(frame["state"].ne(NOT_STATED).sum())
    made = frame.groupby(keys, observed=True).size().reset_index(name="n")
    made = full_grid(made, keys, ["n"])
    made.attrs |= {"n_trials": len(frame), "n_usable": len(frame)}
    made.attrs["n_stated"] = n_stated
    made.attrs |= _forms(rank, rows["trial_id"].astype("string"))
    return made


def _forms(rank: pd.Series, trial_id: pd.Series) -> dict[str, Any]:
    """Return how many trials state an amount in each form, and how many in several."""
    pairs = pd.DataFrame({"trial_id": trial_id, "rank": rank}).drop_duplicates()
    n_of = pairs["rank"].value_counts()
    forms = {name: int(n_of.get(i, 0)) for i, name in enumerate(DOSE_STATES)}
    n_several = int(pairs["trial_id"].value_counts().gt(1).sum())
    return {"forms": forms, "n_several": n_several}


@of_counted
def doses_by_route(data: Trials) -> pd.DataFrame:
    """Return the numbers of cells that arms state, summed up by panel and route.

    Returns
    -------
    pandas.DataFrame
        panel (ordered), route_group, n_trials, n_arms, n_levels (dose levels), min,
        median, max.
        Panels are never compared or converted into one another.
    """
    points = _cell_doses(data)
    groups = points.groupby(["panel", "route_group"], observed=True)
    frame = groups.agg(
        n_trials=("trial_id", "nunique"),
        n_levels=("amount", "size"),
        min=("amount", "min"),
        median=("amount", "median"),
        max=("amount", "max"),
    ).reset_index()
    arms = points.drop_duplicates([*ARM_KEY, "panel", "route_group"])
    sizes = arms.groupby(["panel", "route_group"], observed=True).size()
    frame.insert(3, "n_arms", sizes.to_numpy())
    frame.attrs |= {"n_trials": n_trials(points)}
    return frame


def _arms(rows: pd.DataFrame) -> int:
    return len(rows[ARM_KEY].drop_duplicates())


#: What an amount is given per, in words.
PER = {
    "kg": "per kg body weight",
    "dose": "per dose",
    "total": "in total",
    "patient": "per patient",
    "session": "per session",
}
DOSE_BASIS = {"given": "given to the patient", "device_loaded": "loaded in the device"}


def dose_words(data: Trials) -> pd.DataFrame:
    """Return doses and sessions of each arm in words, by (trial_id, arm_id).

    Amounts are given as the record states them: never converted by an assumed weight.
    """
    rows = data.doses
    basis = rows["basis"].astype("string").map(DOSE_BASIS)
    per = rows["per"].astype("string").map(PER)
    amounts = list(map(amount_words, rows["amount"]))
    amount = pd.Series(amounts, rows.index, dtype="string")
    dose = amount + (" " + rows["unit"].fillna("cells")) + (" " + per).fillna("")
    dose += (", " + basis).fillna("")
    words = rows[ARM_KEY].assign(dose=dose, sessions=session_words(rows))
    texts = {name: joined_by(words, ARM_KEY, name) for name in ("dose", "sessions")}
    return pd.DataFrame(texts)


def amount_words(value: float) -> str | None:
    """Return a number of cells as people write it: 1.67 × 10⁸."""
    if pd.isna(value):
        return None
    if abs(value) < 10_000:
        return number(value, 2)
    mantissa, exponent = f"{value:.3e}".split("e")
    power = str(int(exponent)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{number(float(mantissa), 3)} × 10{power}"


def session_words(rows: pd.DataFrame) -> pd.Series:
    """Return length, number and interval of each dose in words, missing if unstated."""
    frame = []
    names = ["session_hours_min", "session_hours_max", "n_doses", "interval"]
    for low, high, n, interval in rows[names].itertuples(index=False):
        hours = "" if pd.isna(low) else number(low)
        if pd.notna(high) and high != low:
            hours = f"{hours}–{number(high)}" if hours else f"up to {number(high)}"
        parts = [f"{hours} h per session"] if hours else []
        parts += [] if pd.isna(n) else [f"{n} doses" if n != 1 else "1 dose"]
        parts += [] if pd.isna(interval) else [str(interval)]
        frame.append(", ".join(parts) or None)
    return pd.Series(frame, index=rows.index, dtype="string")
