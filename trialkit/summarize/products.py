"""What is given in the arms: products, doses, devices, comparisons of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit.label.vocabulary import NO_CELLS
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import arm_labels, by_start, label_words, shown
from trialkit.summarize.overview import product_words
from trialkit.summarize.quality import axis_words
from trialkit.summarize.statistics import number

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

_KEY = ["trial_id", "arm_id"]
#: What an amount is given per, in words.
PER = {
    "kg": "per kg body weight",
    "dose": "per dose",
    "total": "in total",
    "patient": "per patient",
    "session": "per session",
}
DOSE_BASIS = {"given": "given to the patient", "device_loaded": "loaded in the device"}


def arm_values(data: Trials, axis: str) -> pd.Series:
    """Return each arm's words on one label axis as one text, by (trial_id, arm_id).

    Arms whose rows say "not stated" or "no cells" are absent.
    """
    rows = data.labels[data.labels["axis"] == axis]
    rows = rows[~rows["value"].isin([*NO_CELLS, "NOT_STATED"])]
    rows = rows.drop_duplicates([*_KEY, "value"])
    text = axis_words(rows, terms=data.terms).rename("text")
    made = rows[_KEY].join(text)
    return made.groupby(_KEY, sort=False)["text"].agg("; ".join).astype("string")


def dose_words(data: Trials) -> pd.DataFrame:
    """Return doses and sessions of each arm in words, by (trial_id, arm_id).

    Amounts are given as the record states them: never converted by an assumed weight.

    Returns
    -------
    pandas.DataFrame
        dose, sessions (length and number); missing where not stated.
    """
    rows = data.doses
    basis = rows["basis"].astype("string").map(DOSE_BASIS)
    per = rows["per"].astype("string").map(PER)
    amount = pd.Series(
        [amount_words(v) for v in rows["amount"]], rows.index, dtype="string"
    )
    dose = amount + (" " + rows["unit"].fillna("cells")) + (" " + per).fillna("")
    made = rows[_KEY].assign(
        dose=dose + (", " + basis).fillna(""), sessions=session_words(rows)
    )
    return pd.DataFrame({name: _joined(made, name) for name in ("dose", "sessions")})


def _joined(rows: pd.DataFrame, name: str) -> pd.Series:
    known = rows.dropna(subset=[name]).drop_duplicates([*_KEY, name])
    return known.groupby(_KEY, sort=False)[name].agg("; ".join).astype("string")


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


@of_counted
def devices(data: Trials) -> pd.DataFrame:
    """Return the extracorporeal devices that hold cells, one row per arm.

    The cells stay in the device; what enters a vein is the patient's own blood or
    plasma, so the access of the circuit is not a route of the cells.

    Parameters
    ----------
    data
        The trials to look through, with labels.

    Returns
    -------
    pandas.DataFrame
        trial_id, arm_id, device (intervention names, else the arm's label), cells,
        dose, perfusate, access, sessions, comparator (labels of the other arms, `none`
        where the record has one arm only), cells_enter_body (`yes` or `no`),
        cells_basis. Missing stays missing.
    """
    rows = arm_labels(data, ["delivery_mode"])
    rows = rows.loc[rows["delivery_mode"] == "extracorporeal", _KEY].drop_duplicates()
    made = by_start(data, rows)
    pairs = pd.MultiIndex.from_frame(made)
    products = product_words(data, unit="arms")
    doses = dose_words(data)
    made["device"] = _take(_product_names(data), pairs)
    made["cells"] = _take(products, pairs)
    made["dose"] = _take(doses["dose"], pairs)
    made["perfusate"] = _take(arm_values(data, "perfusate"), pairs)
    made["access"] = _take(arm_values(data, "access"), pairs)
    made["sessions"] = _take(doses["sessions"], pairs)
    made["comparator"] = _comparators(data, made)
    enter = data.labels[data.labels["axis"] == "cells_enter_body"]
    enter = enter[enter["value"] != "NOT_STATED"].drop_duplicates(_KEY).set_index(_KEY)
    said = enter["value"].map({"true": "yes", "false": "no"}).astype("string")
    made["cells_enter_body"] = _take(said, pairs)
    made["cells_basis"] = _take(enter["basis"].astype("string"), pairs)
    made.attrs |= {"n_trials": int(made["trial_id"].nunique()), "n_arms": len(made)}
    return made


def _take(values: pd.Series, pairs: pd.MultiIndex) -> pd.Series:
    found = values.reindex(pairs) if len(values) else [pd.NA] * len(pairs)
    return pd.Series(list(found), dtype="string")


def _product_names(data: Trials) -> pd.Series:
    """Return the intervention names of each arm, else the arm's own label."""
    arms = data.arms.set_index(_KEY)["arm_label"].astype("string")
    linked = data.arm_interventions.merge(
        data.interventions, on=["trial_id", "intervention_id"]
    )
    linked = linked.dropna(subset=["name"]).drop_duplicates([*_KEY, "name"])
    names = linked.groupby(_KEY, sort=False)["name"].agg("; ".join).astype("string")
    # Without links every intervention of a trial may belong to its arm.
    loose = data.interventions.dropna(subset=["name"])
    loose = loose[~loose["trial_id"].isin(linked["trial_id"])]
    by_trial = loose.groupby("trial_id", sort=False)["name"].agg("; ".join)
    keys = arms.index.get_level_values("trial_id")
    own = pd.Series(list(by_trial.reindex(keys)), index=arms.index, dtype="string")
    return names.reindex(arms.index).fillna(own).fillna(arms)


def _comparators(data: Trials, made: pd.DataFrame) -> pd.Series:
    other = data.arms.merge(made[_KEY], on="trial_id", suffixes=("", "_device"))
    other = other[other["arm_id"] != other["arm_id_device"]]
    label = other["arm_label"].fillna(other["arm_id"])
    other = other.assign(label=label).rename(columns={"arm_id_device": "key"})
    joined = other.groupby(["trial_id", "key"], sort=False)["label"].agg("; ".join)
    single = data.trials.loc[data.trials["n_arms"].eq(1).fillna(False), "trial_id"]
    labels = _take(joined, pd.MultiIndex.from_frame(made[_KEY]))
    return labels.mask(made["trial_id"].isin(single), "none")


@of_counted
def route_comparisons(data: Trials) -> pd.DataFrame:
    """Return the trials whose arms differ by route: comparisons that they make.

    Parameters
    ----------
    data
        The trials, with labels.

    Returns
    -------
    pandas.DataFrame
        One row per such trial: trial_id, title, arms (`label: route`), allocation,
        masking, enrollment, enrollment_type, time_frames (of primary outcomes, as
        registered). Participants per arm are never derived.
    """
    trials = data.trials
    relation = trials["route_relation"].astype("string")
    kept = relation.isin(["compared_between_arms"]).fillna(False)
    made = by_start(data, trials.loc[kept])
    rows = label_words(data, ["route"], unit="arms")
    rows = rows.merge(data.arms[[*_KEY, "arm_label"]], on=_KEY, how="left")
    route = rows.groupby(_KEY, sort=False)["route"].agg(" + ".join)
    label = rows.drop_duplicates(_KEY)
    label = label["arm_label"].fillna(label["arm_id"]).to_numpy(dtype=object)
    text = route.reset_index(name="route")
    text["text"] = pd.Series(label, dtype="string") + ": " + text["route"]
    arms = text.groupby("trial_id", sort=False)["text"].agg("; ".join)
    outcomes = data.outcomes[data.outcomes["outcome_type"].eq("primary").fillna(False)]
    outcomes = outcomes.dropna(subset=["time_frame"])
    frames = outcomes.drop_duplicates(["trial_id", "time_frame"])
    frames = frames.groupby("trial_id", sort=False)["time_frame"].agg("; ".join)
    columns = ["allocation", "masking", "enrollment", "enrollment_type"]
    result = made[["trial_id"]].assign(title=made["display_title"])
    result["arms"] = made["trial_id"].map(arms).astype("string")
    result[columns] = made[columns]
    result["time_frames"] = made["trial_id"].map(frames).astype("string")
    result.attrs |= {"n_trials": len(result)}
    return result


@of_counted
def products(data: Trials) -> pd.DataFrame:
    """Return each trial's products in the record's own words, and the labels they got.

    Parameters
    ----------
    data
        The trials, with labels.

    Returns
    -------
    pandas.DataFrame
        One row per trial, product, cell type and source: trial_id, product (names of
        the interventions in its arms, as registered), words (the quote behind the cell
        type), cell_type, cell_type_code, cell_source, cell_source_code.
    """
    axes = ["cell_type", "cell_source"]
    rows = arm_labels(data, axes)
    rows["product"] = _take(_product_names(data), pd.MultiIndex.from_frame(rows[_KEY]))
    said = data.labels
    for axis in axes:
        own = said[said["axis"] == axis].drop_duplicates([*_KEY, "value"])
        own = own.rename(columns={"value": axis, "code": f"{axis}_code"})
        columns = [*_KEY, axis, f"{axis}_code"]
        if axis == "cell_type":
            own = own.rename(columns={"quote": "words"})
            columns.append("words")
        rows = rows.merge(own[columns], on=[*_KEY, axis], how="left")
        rows[axis] = shown(rows[axis], axis, terms=data.terms)
    rows = rows.drop(columns="arm_id").drop_duplicates(
        ["trial_id", "product", "cell_type", "cell_source"]
    )
    rows = by_start(data, rows)
    rows.attrs |= {"n_trials": int(rows["trial_id"].nunique())}
    order = ["trial_id", "product", "words", "cell_type", "cell_type_code"]
    return rows[[*order, "cell_source", "cell_source_code"]]
