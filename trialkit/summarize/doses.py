"""Doses as the records state them."""

from __future__ import annotations

import pandas as pd

from trialkit.summarize.counted import of_counted, once
from trialkit.summarize.groups import by_start, label_words, order_of, ordered
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.statistics import number
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
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")
    wording = rows["source_id"].map(sources["wording"].astype("string"))
    rows["wording"] = wording.astype("string")
    columns = ["amount", "unit", "per", "basis", "n_doses", "interval"]
    columns += ["session_hours_min", "session_hours_max", "quote", "wording"]
    made = by_start(data, rows)[[*ARM_KEY, "arm_label", *columns]]
    made = made.drop_duplicates(ignore_index=True)
    made.attrs |= {"n_trials": int(made["trial_id"].nunique()), "n_arms": _arms(made)}
    return made


@of_counted
def doses(data: Trials) -> pd.DataFrame:
    """Return the numbers of cells that arms state, by panel and route.

    Cells per kilogram and numbers of cells are never on one axis, nor are cells that a
    patient gets and cells in a device. Other units (islet equivalents, grams) are in
    the table of doses only.

    Returns
    -------
    pandas.DataFrame
        trial_id, arm_id, panel (ordered), route_group, amount: one row per dose level
        of an arm and route. Panels with fewer than 5 trials are left out; `attrs` count
        all panels and name in `left_out` those that are not there.
    """
    made = _cell_doses(data)
    sizes = made.groupby("panel", observed=True)["trial_id"].nunique()
    is_small = sizes < PANEL_FROM
    kept = made[~made["panel"].isin(sizes.index[is_small])]
    kept = kept.sort_values(["panel", "route_group", "amount", *ARM_KEY], kind="stable")
    kept = kept[[*ARM_KEY, "panel", "route_group", "amount"]].reset_index(drop=True)
    kept.attrs |= {
        "n_trials": int(made["trial_id"].nunique()),
        "n_arms": _arms(made),
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
    per_kg = rows["per"].astype("string").eq("kg").fillna(False)
    keys = zip(basis, per_kg, strict=True)
    rows = rows[ARM_KEY].assign(
        panel=pd.Categorical(
            [PANELS[key] for key in keys], list(PANELS.values()), ordered=True
        ),
        amount=rows["amount"],
    )
    groups = label_words(data, ["route_group"], unit="arms")
    made = rows.drop_duplicates().merge(groups, on=ARM_KEY, how="left")
    made["route_group"] = ordered(
        made["route_group"].fillna(NOT_STATED), order_of("route_group")
    )
    return made


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
    made = groups.agg(
        n_trials=("trial_id", "nunique"),
        n_levels=("amount", "size"),
        min=("amount", "min"),
        median=("amount", "median"),
        max=("amount", "max"),
    ).reset_index()
    arms = points.drop_duplicates([*ARM_KEY, "panel", "route_group"])
    sizes = arms.groupby(["panel", "route_group"], observed=True).size()
    made.insert(3, "n_arms", sizes.to_numpy())
    made.attrs |= {"n_trials": int(points["trial_id"].nunique())}
    return made


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
    amount = pd.Series(
        [amount_words(v) for v in rows["amount"]], rows.index, dtype="string"
    )
    dose = amount + (" " + rows["unit"].fillna("cells")) + (" " + per).fillna("")
    made = rows[ARM_KEY].assign(
        dose=dose + (", " + basis).fillna(""), sessions=session_words(rows)
    )
    return pd.DataFrame({name: _joined(made, name) for name in ("dose", "sessions")})


def _joined(rows: pd.DataFrame, name: str) -> pd.Series:
    known = rows.dropna(subset=[name]).drop_duplicates([*ARM_KEY, name])
    return known.groupby(ARM_KEY, sort=False)[name].agg("; ".join).astype("string")


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
    """Return length, number and interval of each dose in words, missing if unsaid."""
    made = []
    for row in rows[
        ["session_hours_min", "session_hours_max", "n_doses", "interval"]
    ].itertuples(index=False):
        low, high, n, interval = row
        hours = "" if pd.isna(low) else number(low)
        if pd.notna(high) and high != low:
            hours = f"{hours}–{number(high)}" if hours else f"up to {number(high)}"
        parts = [f"{hours} h per session"] if hours else []
        parts += [] if pd.isna(n) else [f"{n} doses" if n != 1 else "1 dose"]
        parts += [] if pd.isna(interval) else [str(interval)]
        made.append(", ".join(parts) or None)
    return pd.Series(made, index=rows.index, dtype="string")
