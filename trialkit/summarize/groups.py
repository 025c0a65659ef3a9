"""Label ids as the words and groups that readers see, per arm and per trial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from trialkit.codewords import NO_PRODUCT
from trialkit.errors import TrialDataError
from trialkit.label.vocabulary import AXES, BORROWED, NO_CELLS
from trialkit.label.vocabulary import vocabulary as axis_table
from trialkit.summarize.counted import once
from trialkit.summarize.pairs import UNSTATED, UNTOLD, paired
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Families of cell sources, in display order.
FAMILIES = (
    "Adult tissue",
    "Perinatal tissue",
    "Pluripotent",
    "Cell line or animal",
    "Other",
)
OTHER_FAMILY = FAMILIES[-1]
#: Where an id that the vocabulary lacks is shown, such as a user's own value.
_FALLBACK = {
    ("route", "group"): "Other route",
    ("route", "family"): "Other route",
    ("cell_source", "family"): OTHER_FAMILY,
}
#: Beside a value of an arm with several products, of which nobody says which has it.
NOT_TOLD = "Not told which"
_GAPS = {UNSTATED: NOT_STATED, UNTOLD: NOT_TOLD}


class LabelColumn(NamedTuple):
    """The origin of a column of label words: an axis, and which of its words."""

    axis: str
    what: str


#: Columns of label words that can be counted.
LABEL_COLUMNS = {
    "route": LabelColumn("route", "label"),
    "route_group": LabelColumn("route", "group"),
    "route_family": LabelColumn("route", "family"),
    "delivery_mode": LabelColumn("delivery_mode", "label"),
    "cell_type": LabelColumn("cell_type", "label"),
    "cell_source": LabelColumn("cell_source", "label"),
    "source_family": LabelColumn("cell_source", "family"),
    "donor": LabelColumn("donor", "label"),
}


@cache
def vocabulary(axis: str) -> pd.DataFrame:
    """Return id, label, group and family of an axis's values, in display order."""
    return axis_table(axis).set_index("id", drop=False)


@cache
def _words(axis: str, what: str) -> dict[str, str]:
    if axis not in AXES:
        return {}
    table = vocabulary(axis)
    return dict(zip(table["id"], table[what].fillna(""), strict=True))


def shown(
    values: pd.Series, axis: str, what: str = "label", *, terms: pd.DataFrame
) -> pd.Series:
    """Return label ids as words: their `label`, display `group` or `family`.

    `terms` is the table of a user's own ids. An unknown id is shown as it is, and
    belongs to the last group. Missing is "Not stated".
    """
    known = _words(axis, what)
    if len(terms):
        own = terms[terms["axis"] == axis]
        named = dict(zip(own["id"], own[what].fillna(""), strict=True))
        known = {**{key: word for key, word in named.items() if word}, **known}
    column = LabelColumn(axis, what)
    present = map(str, values.dropna().unique())
    words = {value: _shown_one(value, known, column) for value in present}
    return values.astype("string").map(words).astype("string").fillna(NOT_STATED)


def _shown_one(value: str, known: dict[str, str], column: LabelColumn) -> str:
    if value in _GAPS:
        return _GAPS[value]
    base, _, said = value.partition(":")
    if said and column.what == "label":
        return said
    return known.get(base) or _FALLBACK.get(column, value)


def label_column(name: str) -> LabelColumn:
    """Return the origin of a column of label words, by default an axis's labels."""
    return LABEL_COLUMNS.get(name, LabelColumn(name, "label"))


def own_axes(data: Trials) -> list[str]:
    """Return the axes of labels that a user's vocabularies added."""
    axes = dict.fromkeys(data.terms["axis"])
    return [axis for axis in axes if axis not in AXES]


def ids_of(data: Trials, axis: str) -> pd.DataFrame:
    """Return the ids of an axis, user-defined ones after the shipped ones."""
    own = data.terms[data.terms["axis"] == axis]
    if axis not in AXES:
        return own
    known = vocabulary(axis)
    return pd.concat([known, own[~own["id"].isin(known["id"])]], ignore_index=True)


@cache
def level_order(axis: str, what: str = "label") -> tuple[str, ...]:
    """Return the words of an axis in display order, "Not stated" left out."""
    if (axis, what) == ("cell_source", "family"):
        return FAMILIES
    ids = list(_words(axis, "id"))
    if axis == "cell_source":
        family = _words(axis, "family")
        rank = {name: position for position, name in enumerate(FAMILIES)}
        ids.sort(key=lambda key: rank.get(family[key], len(FAMILIES)))
    words = _words(axis, what)
    kept = (words[key] for key in ids if key != UNSTATED)
    return tuple(dict.fromkeys(word for word in kept if word and word != NOT_STATED))


def ordered(values: pd.Series, levels: Iterable[str]) -> pd.Series:
    """Return words as an ordered categorical of the levels present, "Not stated" last.

    A word outside `levels` is kept, after the known ones.
    """
    text = values.astype("string").fillna(NOT_STATED)
    present = set(text.unique())
    known = [level for level in levels if level in present and level != NOT_STATED]
    rest = sorted(present - set(known) - {NOT_STATED})
    dtype = pd.CategoricalDtype([*known, *rest, NOT_STATED], ordered=True)
    return text.astype(dtype)


#: The part of a divided bar where a trial has more than one value.
SEVERAL = {
    "route_group": "Several routes",
    "route_family": "Several routes",
    "route": "Several routes",
    "delivery_mode": "Several modes",
    "cell_type": "Several types",
    "cell_source": "Several sources",
    "source_family": "Several families",
    "donor": "Several relations",
    "relation": "Several relations",
}


def exclusive(rows: pd.DataFrame, key: list[str], name: str) -> pd.DataFrame:
    """Return one row per key, with its only value or "Several ...".

    The parts of a stacked bar must not overlap: they add up to the trials it counts.
    """
    several = SEVERAL.get(name, "Several values")
    values = rows[name].astype("string")
    by_key = values.groupby([rows[column] for column in key])
    frame = rows.assign(**{name: values.mask(by_key.transform("nunique") > 1, several)})
    frame = frame.drop_duplicates([*key, name], ignore_index=True)
    frame[name] = ordered(frame[name], [*rows[name].cat.categories, several])
    return frame


def within(pairs: pd.DataFrame, single: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the pairs whose value of `name` the trial also has in `single`."""
    keys = [pairs["trial_id"], pairs[name].astype("string")]
    known = pd.MultiIndex.from_frame(single[["trial_id", name]].astype("string"))
    is_own = pd.MultiIndex.from_arrays(keys).isin(known)
    return pairs[is_own].reset_index(drop=True)


@once
def arm_labels(data: Trials, axes: Sequence[str]) -> pd.DataFrame:
    """Return the label ids of every arm that gets a cell product.

    An arm with several values on an axis has several rows; type, source and donor of
    one product share a row. Missing is `NOT_STATED`, or `NOT_TOLD` where no source says
    which of several products has a value.
    """
    _assert_labelled(data)
    rows = data.labels
    rows = rows[rows["axis"].isin(axes) & ~rows["value"].isin(NO_CELLS)]
    return paired(_product_arms(data), rows, axes)


def _assert_labelled(data: Trials) -> None:
    known = data.trials[["cell_decision", "is_cell_trial"]].notna().any(axis=None)
    if len(data.trials) and data.labels.empty and not known:
        raise TrialDataError(
            "the trials carry no labels of routes and cells: load them with labels=True"
        )


def _product_arms(data: Trials) -> pd.DataFrame:
    is_other = ~data.trials["is_cell_trial"].fillna(False).astype(bool)
    others = data.trials.loc[is_other, "trial_id"]
    rows, arms = data.labels, data.arms
    is_empty = rows["axis"].isin(["route", "delivery_mode"])
    empty = rows[is_empty & rows["value"].isin(NO_CELLS)]
    # One joined key is faster than a merge on two, and this runs for every count.
    arm_keys = arms["trial_id"] + "\t" + arms["arm_id"]
    is_control = arm_keys.isin(empty["trial_id"] + "\t" + empty["arm_id"])
    is_out = is_control | arms["trial_id"].isin(others)
    return arms.loc[~is_out, ["trial_id", "arm_id"]].reset_index(drop=True)


@once
def label_words(
    data: Trials, names: Sequence[str], *, unit: str = "trials"
) -> pd.DataFrame:
    """Return the combinations of label words that occur in each arm or trial.

    Combinations are read within arms: a trial comparing two products by two routes does
    not count for a pair that nobody gets. "Not stated" stays only where no arm with the
    same other words states one.
    """
    axes = list(dict.fromkeys(label_column(name).axis for name in names))
    ids = arm_labels(data, axes)
    key = ["trial_id", "arm_id"] if unit == "arms" else ["trial_id"]
    frame = ids[key].copy()
    for name in names:
        axis, what = label_column(name)
        frame[name] = shown(ids[axis], axis, what, terms=data.terms)
    frame = frame.drop_duplicates()
    for name in names:
        others = [*key, *(other for other in names if other != name)]
        frame = stated_first(frame, name, others)
    return frame.reset_index(drop=True)


def stated_first(rows: pd.DataFrame, name: str, others: list[str]) -> pd.DataFrame:
    """Keep "Not stated" only where nothing is stated for the same other values."""
    is_stated = rows[name].ne(NOT_STATED)
    if is_stated.all():
        return rows
    has = is_stated.groupby([rows[other] for other in others]).transform("any")
    return rows[is_stated | ~has]


def order_of(name: str) -> tuple[str, ...]:
    """Return the words of a label column in display order, "Not stated" left out."""
    return level_order(*label_column(name))


def first_of(texts: pd.Series, name: str) -> pd.Series:
    """Return the first word of each text of `joined_words`, in display order."""
    first = texts.str.partition("; ")[0] if len(texts) else texts
    return ordered(first, order_of(name))


def joined_words(data: Trials, name: str) -> pd.Series:
    """Return the words of a label column as one text, by trial with a cell product."""
    rows = label_words(data, [name])
    rows = rows.assign(word=ordered(rows[name], order_of(name)))
    return joined_by(rows.sort_values("word", kind="stable"), ["trial_id"], "word")


def joined_by(rows: pd.DataFrame, key: list[str], column: str) -> pd.Series:
    """Return the different values of a column as one text per key, in their order."""
    rows = rows.dropna(subset=[column]).drop_duplicates([*key, column])
    text = rows.astype({column: "string"}).groupby(key, sort=False)[column]
    return text.agg("; ".join).astype("string")


def words_or_none(data: Trials, name: str) -> pd.Series:
    """Return `joined_words` of every trial, else "No cell product" or "Not stated"."""
    joined = data.trials["trial_id"].map(joined_words(data, name)).astype("string")
    gives_none = data.trials["is_cell_trial"].eq(False).fillna(False)
    return joined.mask(joined.isna() & gives_none, NO_PRODUCT).fillna(NOT_STATED)


def by_start(data: Trials, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of reports: by trial start, then id, undated last."""
    rank = _ranks(data)["rank"]
    order = rows["trial_id"].map(rank).sort_values(kind="stable").index
    return rows.loc[order].reset_index(drop=True)


def trials_by_start(data: Trials, names: Iterable[str]) -> pd.DataFrame:
    """Return columns of the trials in the order of reports, without the long texts."""
    wanted = dict.fromkeys(("trial_id", *names))
    return by_start(data, data.columns("trials", list(wanted)))


@once
def _ranks(data: Trials) -> pd.DataFrame:
    """Return the place of each trial by start and id, by trial_id."""
    keys = ["start_date_earliest", "start_date_latest", "trial_id"]
    trials = data.columns("trials", keys).sort_values(keys, na_position="last")
    ranks = pd.Series(range(len(trials)), index=trials["trial_id"], dtype="Int64")
    return ranks.to_frame("rank")


def family_of(sources: pd.Series, *, terms: pd.DataFrame) -> pd.Series:
    """Return the family of each cell source, given in words, "Other" where unknown."""
    own = terms[terms["axis"] == "cell_source"]
    known = pd.concat([vocabulary("cell_source"), own])
    table = known.dropna(subset="family").drop_duplicates("label").set_index("label")
    text = sources.astype("string")
    family = text.map(table["family"]).astype("string").fillna(OTHER_FAMILY)
    family = family.mask(text == NOT_STATED, NOT_STATED)
    family = family.mask(text == SEVERAL["cell_source"], SEVERAL["source_family"])
    return ordered(family, order_of("source_family"))


_YES_NO = {"true": "Yes", "false": "No"}


def axis_words(rows: pd.DataFrame, *, terms: pd.DataFrame) -> pd.Series:
    """Return the values of label rows in words, by each row's axis."""
    text = rows["value"].astype("string")
    frame = text.copy()
    for axis in map(str, rows["axis"].dropna().unique()):
        mask = rows["axis"].eq(axis)
        if axis == "cells_enter_body":
            frame[mask] = text[mask].replace(_YES_NO)
        else:
            base = BORROWED.get(axis, axis)
            frame[mask] = shown(text[mask], base, terms=terms)
    none = text.isin(NO_CELLS)
    return frame.mask(none, NO_PRODUCT).replace({"NOT_STATED": NOT_STATED})
