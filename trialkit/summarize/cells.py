"""Cell types, sources and donors; products and devices."""

from __future__ import annotations

import pandas as pd

from trialkit.label.vocabulary import NO_CELLS
from trialkit.summarize.count import count, full_grid, values_by
from trialkit.summarize.counted import of_counted
from trialkit.summarize.doses import dose_words
from trialkit.summarize.groups import (
    NOT_TOLD,
    arm_labels,
    axis_words,
    by_start,
    exclusive,
    family_of,
    label_words,
    order_of,
    ordered,
    shown,
    stated_first,
    within,
)
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials


@of_counted
def source_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials and arms there are of each cell source and route group.

    A trial with two routes is in two cells of a row, and once in its `n_of_source`.

    Returns
    -------
    pandas.DataFrame
        source_family, cell_source, route_group, n_trials, n_arms: every pair of the
        sources and groups present, 0 included; n_of_source and n_of_route, the trials
        in any cell of that row or column.
    """
    names = ["cell_source", "route_group"]
    pairs = values_by(data, names)
    trials = count(data, by=names).rename(columns={"n": "n_trials"})
    arms = count(data, by=names, unit="arms").rename(columns={"n": "n_arms"})
    attrs = {**trials.attrs, "n_arms": arms.attrs["n_arms"]}
    text = {name: "string" for name in names}
    made = trials.astype(text).merge(arms.astype(text), on=names, how="outer")
    for name in names:
        made[name] = ordered(made[name], order_of(name))
    made = full_grid(made, names, ["n_trials", "n_arms"])
    for name, column in zip(names, ("n_of_source", "n_of_route"), strict=True):
        of = pairs.groupby(pairs[name].astype("string"))["trial_id"].nunique()
        made[column] = made[name].astype("string").map(of).fillna(0).astype("int64")
    made.insert(0, "source_family", family_of(made["cell_source"], terms=data.terms))
    made.attrs |= attrs
    return made


@of_counted
def type_by_source(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each cell type, by source of those cells.

    Sources of one type exclude each other, so that they add up to the trials of the
    type, as `count` gives them: a trial that gives it from several sources is counted
    in "Several sources".

    Returns
    -------
    pandas.DataFrame
        cell_type, cell_source, source_family, n: every pair of the types and sources
        present, 0 included.
    """
    names = ["cell_type", "cell_source"]
    made = exclusive(
        within(values_by(data, names), values_by(data, names[0]), names[0]),
        ["trial_id", names[0]],
        names[1],
    )
    n_trials = int(made["trial_id"].nunique())
    stated = int(made.loc[made[names[0]] != NOT_STATED, "trial_id"].nunique())
    made = made.groupby(names, observed=True).size().rename("n").reset_index()
    made = full_grid(made, names, ["n"])
    made.insert(2, "source_family", family_of(made["cell_source"], terms=data.terms))
    # A cell type can be drawn with its source not stated: that is a part of the bar.
    made.attrs |= {"n_trials": n_trials, "n_usable": stated}
    return made


#: Appended to a relation that a rule inferred and no source states.
INFERRED = " (inferred)"


@of_counted
def donor_by_source(data: Trials, *, inferred: bool = True) -> pd.DataFrame:
    """Return how many trials there are of each cell source, by donor relation.

    Relations of one source exclude each other, so that they add up to the trials of
    the source, as `count` gives them: a trial with several is counted in "Several
    relations". What a rule infers (cells of an umbilical cord given to adults are
    someone else's) never shares a cell with what a source states; with
    `inferred=False` it counts as not stated. Source and relation are read within arms.

    Parameters
    ----------
    data
        The trials to count.
    inferred
        Whether what a rule infers stands beside what is stated.

    Returns
    -------
    pandas.DataFrame
        cell_source, source_family, relation (ordered, `Allogeneic (inferred)` beside
        `Allogeneic`), n: the combinations that occur.
    """
    key = ["trial_id", "cell_source", "relation"]
    rows = arm_labels(data, ["cell_source", "donor", "donor_inferred"])
    rows["cell_source"] = shown(rows["cell_source"], "cell_source", terms=data.terms)
    relation = shown(rows["donor"], "donor", terms=data.terms)
    guess = shown(rows["donor_inferred"], "donor", terms=data.terms)
    is_guess = relation.eq(NOT_STATED) & guess.ne(NOT_STATED) & inferred
    rows["relation"] = relation.mask(is_guess, guess + INFERRED)
    rows = stated_first(rows[key].drop_duplicates(), "relation", key[:2])
    rows = stated_first(rows, "cell_source", ["trial_id", "relation"])
    known = order_of("donor")
    order = [word + end for word in known for end in ("", INFERRED)]
    rows["cell_source"] = ordered(rows["cell_source"], order_of("cell_source"))
    rows["relation"] = ordered(rows["relation"], order)
    usable = rows.loc[rows["relation"] != NOT_STATED, "trial_id"].nunique()
    rows = within(rows, values_by(data, "cell_source"), "cell_source")
    rows = exclusive(rows, key[:2], "relation")
    made = rows.groupby(["cell_source", "relation"], observed=True).size()
    made = made.rename("n").reset_index()
    made.insert(1, "source_family", family_of(made["cell_source"], terms=data.terms))
    made.attrs |= {"n_trials": rows["trial_id"].nunique(), "n_usable": int(usable)}
    return made


@of_counted
def source_by_phase(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each cell source and phase.

    Returns
    -------
    pandas.DataFrame
        cell_source, phase_group, n: every pair of those present, 0 included.
    """
    made = count(data, by=["cell_source", "phase_group"])
    return full_grid(made, ["cell_source", "phase_group"], ["n"])


def product_words(data: Trials, *, unit: str = "trials") -> pd.Series:
    """Return `cell type ← cell source` of each trial or arm as one text.

    With `unit="arms"` the index is (trial_id, arm_id), otherwise trial_id.
    """
    key = ["trial_id", "arm_id"] if unit == "arms" else ["trial_id"]
    rows = label_words(data, ["cell_type", "cell_source"], unit=unit)
    for name in ("cell_type", "cell_source"):
        rows[name] = ordered(rows[name], order_of(name))
    rows = rows.sort_values(["cell_type", "cell_source"], kind="stable")
    source = rows["cell_source"].astype("string")
    rows["product"] = rows["cell_type"].astype("string") + " ← " + source
    return rows.groupby(key)["product"].agg("; ".join).astype("string")


def donor_words(data: Trials, *, unit: str = "trials") -> pd.Series:
    """Return the donors of each trial or arm as one text, by the key of `unit`.

    Where an arm has several products a donor names those that it is told of:
    `Autologous (bone marrow)` beside an umbilical cord whose donor nobody states.
    """
    key = ["trial_id", "arm_id"] if unit == "arms" else ["trial_id"]
    rows = label_words(data, ["donor"], unit=unit)
    rows = rows.assign(word=ordered(rows["donor"], order_of("donor")))
    rows = rows.sort_values("word", kind="stable")
    numbered = data.labels.loc[data.labels["product"].notna(), key].drop_duplicates()
    if len(numbered):
        pairs = label_words(data, ["donor", "cell_source"], unit=unit)
        pairs = pairs.merge(numbered, on=key)
        pairs = pairs[~pairs["cell_source"].isin([NOT_STATED, NOT_TOLD])]
        n_sources = pairs.groupby(key)["cell_source"].transform("nunique")
        told = pairs.groupby([*key, "donor"])["cell_source"]
        is_part = told.transform("nunique") < n_sources
        words = pairs[is_part & ~pairs["donor"].isin([NOT_STATED, NOT_TOLD])]
        words = words.assign(of=words["cell_source"].str.lower())
        of = words.groupby([*key, "donor"])["of"].agg(", ".join).rename("of")
        rows = rows.merge(of.reset_index(), on=[*key, "donor"], how="left")
        rows["donor"] += (" (" + rows["of"].astype("string") + ")").fillna("")
    return rows.groupby(key)["donor"].agg("; ".join).astype("string")


def arm_values(data: Trials, axis: str) -> pd.Series:
    """Return each arm's words on one label axis as one text, by (trial_id, arm_id).

    Arms whose rows say "not stated" or "no cells" are absent.
    """
    rows = data.labels[data.labels["axis"] == axis]
    rows = rows[~rows["value"].isin([*NO_CELLS, "NOT_STATED"])]
    rows = rows.drop_duplicates([*ARM_KEY, "value"])
    text = axis_words(rows, terms=data.terms).rename("text")
    made = rows[ARM_KEY].join(text)
    return made.groupby(ARM_KEY, sort=False)["text"].agg("; ".join).astype("string")


@of_counted
def devices(data: Trials) -> pd.DataFrame:
    """Return the extracorporeal devices that hold cells, one row per arm.

    The cells stay in the device; what enters a vein is the patient's own blood or
    plasma, so the access of the circuit is not a route of the cells.

    Returns
    -------
    pandas.DataFrame
        trial_id, arm_id, device (intervention names, else the arm's label), cells,
        dose, perfusate, access, sessions, comparator (labels of the other arms, `none`
        where the record has one arm only), cells_enter_body (`yes` or `no`),
        cells_basis. Missing stays missing.
    """
    rows = arm_labels(data, ["delivery_mode"])
    rows = rows.loc[
        rows["delivery_mode"] == "extracorporeal", ARM_KEY
    ].drop_duplicates()
    made = by_start(data, rows)
    pairs = pd.MultiIndex.from_frame(made)
    products = product_words(data, unit="arms")
    doses = dose_words(data)
    made["device"] = take(_product_names(data), pairs)
    made["cells"] = take(products, pairs)
    made["dose"] = take(doses["dose"], pairs)
    made["perfusate"] = take(arm_values(data, "perfusate"), pairs)
    made["access"] = take(arm_values(data, "access"), pairs)
    made["sessions"] = take(doses["sessions"], pairs)
    made["comparator"] = _comparators(data, made)
    enter = data.labels[data.labels["axis"] == "cells_enter_body"]
    enter = (
        enter[enter["value"] != "NOT_STATED"]
        .drop_duplicates(ARM_KEY)
        .set_index(ARM_KEY)
    )
    said = enter["value"].map({"true": "yes", "false": "no"}).astype("string")
    made["cells_enter_body"] = take(said, pairs)
    made["cells_basis"] = take(enter["basis"].astype("string"), pairs)
    made.attrs |= {"n_trials": int(made["trial_id"].nunique()), "n_arms": len(made)}
    return made


def take(values: pd.Series, pairs: pd.MultiIndex) -> pd.Series:
    """Return the text of each pair of trial and arm, missing where it has none."""
    found = values.reindex(pairs) if len(values) else [pd.NA] * len(pairs)
    return pd.Series(list(found), dtype="string")


def _product_names(data: Trials) -> pd.Series:
    """Return the intervention names of each arm, else the arm's own label."""
    arms = data.arms.set_index(ARM_KEY)["arm_label"].astype("string")
    linked = data.arm_interventions.merge(
        data.interventions, on=["trial_id", "intervention_id"]
    )
    linked = linked.dropna(subset=["name"]).drop_duplicates([*ARM_KEY, "name"])
    names = linked.groupby(ARM_KEY, sort=False)["name"].agg("; ".join).astype("string")
    # Without links every intervention of a trial may belong to its arm.
    loose = data.interventions.dropna(subset=["name"])
    loose = loose[~loose["trial_id"].isin(linked["trial_id"])]
    by_trial = loose.groupby("trial_id", sort=False)["name"].agg("; ".join)
    keys = arms.index.get_level_values("trial_id")
    own = pd.Series(list(by_trial.reindex(keys)), index=arms.index, dtype="string")
    return names.reindex(arms.index).fillna(own).fillna(arms)


def _comparators(data: Trials, made: pd.DataFrame) -> pd.Series:
    other = data.arms.merge(made[ARM_KEY], on="trial_id", suffixes=("", "_device"))
    other = other[other["arm_id"] != other["arm_id_device"]]
    label = other["arm_label"].fillna(other["arm_id"])
    other = other.assign(label=label).rename(columns={"arm_id_device": "key"})
    joined = other.groupby(["trial_id", "key"], sort=False)["label"].agg("; ".join)
    single = data.trials.loc[data.trials["n_arms"].eq(1).fillna(False), "trial_id"]
    labels = take(joined, pd.MultiIndex.from_frame(made[ARM_KEY]))
    return labels.mask(made["trial_id"].isin(single), "none")


@of_counted
def products(data: Trials) -> pd.DataFrame:
    """Return each trial's products in the record's own words, and the labels they got.

    Returns
    -------
    pandas.DataFrame
        One row per trial, product, cell type and source: trial_id, product (names of
        the interventions in its arms, as registered), words (the quote behind the cell
        type), cell_type, cell_type_code, cell_source, cell_source_code.
    """
    axes = ["cell_type", "cell_source"]
    rows = arm_labels(data, axes)
    rows["product"] = take(
        _product_names(data), pd.MultiIndex.from_frame(rows[ARM_KEY])
    )
    said = data.labels
    for axis in axes:
        own = said[said["axis"] == axis].drop_duplicates([*ARM_KEY, "value"])
        own = own.rename(columns={"value": axis, "code": f"{axis}_code"})
        columns = [*ARM_KEY, axis, f"{axis}_code"]
        if axis == "cell_type":
            own = own.rename(columns={"quote": "words"})
            columns.append("words")
        rows = rows.merge(own[columns], on=[*ARM_KEY, axis], how="left")
        rows[axis] = shown(rows[axis], axis, terms=data.terms)
    rows = rows.drop(columns="arm_id").drop_duplicates(
        ["trial_id", "product", "cell_type", "cell_source"]
    )
    rows = by_start(data, rows)
    rows.attrs |= {"n_trials": int(rows["trial_id"].nunique())}
    order = ["trial_id", "product", "words", "cell_type", "cell_type_code"]
    return rows[[*order, "cell_source", "cell_source_code"]]
