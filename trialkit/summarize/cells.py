"""Cell types, sources and donors; products and devices."""

from __future__ import annotations

import pandas as pd

from trialkit.label.vocabulary import NO_CELLS
from trialkit.summarize.count import count, full_grid, trials_and_arms, values_by
from trialkit.summarize.counted import of_counted
from trialkit.summarize.doses import dose_words
from trialkit.summarize.groups import (
    NOT_TOLD,
    arm_labels,
    axis_words,
    by_start,
    exclusive,
    family_of,
    joined_by,
    label_words,
    order_of,
    ordered,
    shown,
    stated_first,
    within,
)
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Routes with a column of their own; of more, the last is that of the rest.
MOST_ROUTES = 10


@of_counted
def cell_types(data: Trials) -> pd.DataFrame:
    """Return how many trials give each type of cells.

    A trial that gives two types counts for both.

    Returns
    -------
    pandas.DataFrame
        cell_type ("Not stated" last), n.
    """
    return count(data, by="cell_type")


@of_counted
def cell_sources(data: Trials) -> pd.DataFrame:
    """Return how many trials give cells of each source.

    A trial with cells of two sources counts for both.

    Returns
    -------
    pandas.DataFrame
        cell_source ("Not stated" last), n.
    """
    return count(data, by="cell_source")


@of_counted
def source_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials and arms there are of each cell source and route group.

    A trial with two routes is in two cells of a row, and once in its `n_of_source`.

    Returns
    -------
    pandas.DataFrame
        source_family, cell_source, route_group, n_trials, n_arms: every pair of the
        sources and groups present, 0 included; n_of_source and n_of_route, the trials
        in any cell of that row or column. Of more than 10 groups `attrs` name the less
        frequent ones (rest), and hold the trials in any of them (n_rest), by source too
        (rest_of_source).
    """
    names = ["cell_source", "route_group"]
    pairs = values_by(data, names)
    frame = full_grid(trials_and_arms(data, names), names, ["n_trials", "n_arms"])
    for name, column in zip(names, ("n_of_source", "n_of_route"), strict=True):
        of = pairs.groupby(pairs[name].astype("string"))["trial_id"].nunique()
        frame[column] = frame[name].astype("string").map(of).fillna(0).astype("int64")
    frame.insert(0, "source_family", family_of(frame["cell_source"], terms=data.terms))
    totals = frame.groupby("route_group", observed=True)["n_of_route"].max()
    totals = totals.drop(NOT_STATED, errors="ignore")
    ranked = totals.sort_values(ascending=False, kind="stable").index.astype("string")
    rest = list(ranked[MOST_ROUTES - 1 :]) if len(ranked) > MOST_ROUTES else []
    own = pairs[pairs["route_group"].isin(rest)]
    by_source = own.groupby(own["cell_source"].astype("string"))["trial_id"].nunique()
    frame.attrs |= {"rest": rest, "n_rest": int(own["trial_id"].nunique())}
    frame.attrs["rest_of_source"] = {str(k): int(n) for k, n in by_source.items()}
    return frame


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
    rows = within(values_by(data, names), values_by(data, "cell_type"), "cell_type")
    rows = exclusive(rows, ["trial_id", "cell_type"], "cell_source")
    frame = rows.groupby(names, observed=True).size().reset_index(name="n")
    frame = full_grid(frame, names, ["n"])
    frame.insert(2, "source_family", family_of(frame["cell_source"], terms=data.terms))
    # A cell type can be drawn with its source not stated: that is a part of the bar.
    stated = rows[rows["cell_type"] != NOT_STATED]
    frame.attrs |= {"n_trials": n_trials(rows), "n_usable": n_trials(stated)}
    return frame


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
        `Allogeneic`), n: the combinations that occur. `attrs` hold n_inferred, the
        trials whose relation no source states and a rule infers, and n_both, those
        that state it for one source of cells while a rule infers it for another.
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
    order = [word + end for word in order_of("donor") for end in ("", INFERRED)]
    rows["cell_source"] = ordered(rows["cell_source"], order_of("cell_source"))
    rows["relation"] = ordered(rows["relation"], order)
    n_usable = n_trials(rows[rows["relation"] != NOT_STATED])
    said = ~rows["relation"].astype("string").str.endswith(INFERRED)
    stating = rows.loc[said & rows["relation"].ne(NOT_STATED), "trial_id"]
    n_both = rows.loc[~said & rows["trial_id"].isin(stating), "trial_id"].nunique()
    rows = within(rows, values_by(data, "cell_source"), "cell_source")
    rows = exclusive(rows, key[:2], "relation")
    groups = rows.groupby(["cell_source", "relation"], observed=True)
    frame = groups.size().reset_index(name="n")
    frame.insert(1, "source_family", family_of(frame["cell_source"], terms=data.terms))
    frame.attrs |= {"n_trials": n_trials(rows), "n_usable": n_usable}
    frame.attrs |= {"n_inferred": n_usable - stating.nunique(), "n_both": n_both}
    return frame


@of_counted
def source_by_phase(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each cell source and phase.

    Returns
    -------
    pandas.DataFrame
        cell_source, phase_group, n: every pair of those present, 0 included.
    """
    frame = count(data, by=["cell_source", "phase_group"])
    return full_grid(frame, ["cell_source", "phase_group"], ["n"])


def product_words(data: Trials, *, unit: str = "trials") -> pd.Series:
    """Return `cell type ← cell source` of each trial or arm as one text."""
    key = ARM_KEY if unit == "arms" else ["trial_id"]
    rows = label_words(data, ["cell_type", "cell_source"], unit=unit)
    for name in ("cell_type", "cell_source"):
        rows[name] = ordered(rows[name], order_of(name))
    rows = rows.sort_values(["cell_type", "cell_source"], kind="stable")
    source = rows["cell_source"].astype("string")
    rows["product"] = rows["cell_type"].astype("string") + " ← " + source
    return joined_by(rows, key, "product")


def donor_words(data: Trials, *, unit: str = "trials") -> pd.Series:
    """Return the donors of each trial or arm as one text.

    Of several products, a donor names the source that it is stated for: `Autologous
    (bone marrow)` beside an umbilical cord without a donor.
    """
    key = ARM_KEY if unit == "arms" else ["trial_id"]
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
    return joined_by(rows, key, "donor")


def arm_values(data: Trials, axis: str) -> pd.Series:
    """Return the words of one label axis, as one text for each arm that states any."""
    rows = data.labels[data.labels["axis"] == axis]
    rows = rows[~rows["value"].isin([*NO_CELLS, "NOT_STATED"])]
    rows = rows.drop_duplicates([*ARM_KEY, "value"])
    text = axis_words(rows, terms=data.terms).rename("text")
    words = rows[ARM_KEY].join(text).groupby(ARM_KEY, sort=False)["text"]
    return words.agg("; ".join).astype("string")


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
    rows = rows.loc[rows["delivery_mode"] == "extracorporeal", ARM_KEY]
    frame = by_start(data, rows.drop_duplicates())
    pairs = pd.MultiIndex.from_frame(frame)
    doses = dose_words(data)
    frame["device"] = take(_product_names(data), pairs)
    frame["cells"] = take(product_words(data, unit="arms"), pairs)
    frame["dose"] = take(doses["dose"], pairs)
    frame["perfusate"] = take(arm_values(data, "perfusate"), pairs)
    frame["access"] = take(arm_values(data, "access"), pairs)
    frame["sessions"] = take(doses["sessions"], pairs)
    frame["comparator"] = _comparators(data, frame)
    enter = data.labels[data.labels["axis"] == "cells_enter_body"]
    enter = enter[enter["value"] != "NOT_STATED"]
    enter = enter.drop_duplicates(ARM_KEY).set_index(ARM_KEY)
    said = enter["value"].map({"true": "yes", "false": "no"}).astype("string")
    frame["cells_enter_body"] = take(said, pairs)
    frame["cells_basis"] = take(enter["basis"].astype("string"), pairs)
    frame.attrs |= {"n_trials": n_trials(frame), "n_arms": len(frame)}
    return frame


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
    linked = linked.dropna(subset=["name"])
    names = joined_by(linked, ARM_KEY, "name")
    # Without links every intervention of a trial may belong to its arm.
    loose = data.interventions.dropna(subset=["name"])
    loose = loose[~loose["trial_id"].isin(linked["trial_id"])]
    by_trial = loose.groupby("trial_id", sort=False)["name"].agg("; ".join)
    keys = arms.index.get_level_values("trial_id")
    own = pd.Series(list(by_trial.reindex(keys)), index=arms.index, dtype="string")
    return names.reindex(arms.index).fillna(own).fillna(arms)


def _comparators(data: Trials, frame: pd.DataFrame) -> pd.Series:
    other = data.arms.merge(frame[ARM_KEY], on="trial_id", suffixes=("", "_device"))
    other = other[other["arm_id"] != other["arm_id_device"]]
    label = other["arm_label"].fillna(other["arm_id"])
    other = other.assign(label=label).rename(columns={"arm_id_device": "key"})
    joined = other.groupby(["trial_id", "key"], sort=False)["label"].agg("; ".join)
    single = data.trials.loc[data.trials["n_arms"].eq(1).fillna(False), "trial_id"]
    labels = take(joined, pd.MultiIndex.from_frame(frame[ARM_KEY]))
    return labels.mask(frame["trial_id"].isin(single), "none")


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
    pairs = pd.MultiIndex.from_frame(rows[ARM_KEY])
    rows["product"] = take(_product_names(data), pairs)
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
    rows = rows.drop_duplicates(["trial_id", "product", *axes])
    rows = by_start(data, rows)
    rows.attrs |= {"n_trials": n_trials(rows)}
    order = ["trial_id", "product", "words", "cell_type", "cell_type_code"]
    return rows[[*order, "cell_source", "cell_source_code"]]
