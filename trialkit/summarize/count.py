"""How many trials and arms there are of each kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from trialkit.codebook import columns_of, levels_of
from trialkit.codewords import OTHER_WORDING, other_wordings
from trialkit.errors import ParameterError
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import (
    LABEL_COLUMNS,
    OTHER_FAMILY,
    SEVERAL,
    exclusive,
    label_words,
    order_of,
    ordered,
    own_axes,
    vocabulary,
    within,
)
from trialkit.summarize.wording import NOT_STATED

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Tables of the columns that are not of `trials`.
_TABLES = {"condition_group": "conditions", "arm_type": "arms"}
#: Size classes of a trial, by their largest number of participants.
_SIZES = {"0": 0, "1–10": 10, "11–20": 20, "21–50": 50, "51–100": 100, "101–500": 500}
_LARGEST = "over 500"
#: Columns of `trials` with one value per trial that can be counted.
_PLAIN = (
    "registry",
    "overall_status",
    "last_known_status",
    "study_type",
    "phase",
    "phase_group",
    "allocation",
    "intervention_model",
    "primary_purpose",
    "masking",
    "enrollment_type",
    "has_results",
    "lead_sponsor",
    "lead_sponsor_class",
    "responsible_party_type",
    "sex",
    "healthy_volunteers",
    "is_cell_trial",
    "route_relation",
    "has_conflict",
)


@of_counted
def count(
    data: Trials, *, by: str | Sequence[str], unit: str = "trials"
) -> pd.DataFrame:
    """Return how many trials or arms there are of each kind.

    A trial with two routes counts once in each row, so rows may sum to more than the
    number of trials, which stands in `attrs["n_trials"]`. Routes, cells and donors are
    counted over arms that get a cell product; control arms have none. "Not stated" is a
    value: counted, last, and there even where it is 0 (with one column).

    Parameters
    ----------
    data
        Trials.
    by
        What to count by, one name or several: a label (`route`, `route_group`,
        `delivery_mode`, `cell_type`, `cell_source`, `source_family`, `donor`, or an
        axis of your own vocabularies), a column of `trials` such as `phase_group`, or
        `country`, `condition`, `condition_group`, `start_year`, `enrollment_group`,
        `arm_type`.
    unit
        `trials` or `arms`.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`, ordered categoricals in display order, and n. Only
        combinations that occur have a row.

    Raises
    ------
    ParameterError
        If `by` or `unit` is not one of the above.

    Examples
    --------
    >>> import trialkit as tk
    >>> made = count(tk.load_example(), by="phase_group")
    >>> made["phase_group"].cat.categories[-1]
    'Not stated'
    """
    names = _checked(data, by, unit)
    key = ["trial_id", "arm_id"] if unit == "arms" else ["trial_id"]
    rows = values_by(data, by, unit=unit)
    if len(names) == 1:
        # The categories are the levels present and "Not stated", in display order.
        made = rows[names[0]].value_counts(sort=False).rename("n").reset_index()
        made[names[0]] = made[names[0]].astype(rows[names[0]].dtype)
    else:
        made = rows.groupby(names, observed=True).size().rename("n").reset_index()
    is_usable = (rows[names] != NOT_STATED).all(axis=1)
    made.attrs |= {
        "n_trials": int(rows["trial_id"].nunique()),
        "n_usable": int(rows.loc[is_usable, "trial_id"].nunique()),
    }
    if unit == "arms":
        made.attrs["n_arms"] = len(rows.drop_duplicates(key))
    return made


@of_counted
def values_by(
    data: Trials, by: str | Sequence[str], *, unit: str = "trials"
) -> pd.DataFrame:
    """Return what `count` counts: one row per trial or arm and combination of values.

    Returns
    -------
    pandas.DataFrame
        trial_id, with arms also arm_id, and the columns of `by`, ordered categoricals.
    """
    names = _checked(data, by, unit)
    rows = _values(data, names, unit)
    for name in names:
        rows[name] = ordered(rows[name], _order(name, rows[name]))
    return rows.drop_duplicates(ignore_index=True)


def _checked(data: Trials, by: str | Sequence[str], unit: str) -> list[str]:
    if unit not in ("trials", "arms"):
        raise ParameterError(f"unit={unit!r}; it is 'trials' or 'arms'")
    names = [by] if isinstance(by, str) else list(by)
    known = [*LABEL_COLUMNS, *own_axes(data), *_PLAIN, *_DERIVED]
    if unit == "arms":
        known.append("arm_type")
    unknown = [str(name) for name in names if name not in known]
    if unknown or not names or len(set(names)) < len(names):
        shown = ", ".join(unknown) or "nothing, or one name twice"
        allowed = ", ".join(known)
        raise ParameterError(f"cannot count {unit} by {shown}; by may be {allowed}")
    return names


def _values(data: Trials, names: list[str], unit: str) -> pd.DataFrame:
    """Return one row per unit and combination of values, as text."""
    own = own_axes(data)
    label_names = [name for name in names if name in LABEL_COLUMNS or name in own]
    if label_names:
        rows = label_words(data, label_names, unit=unit)
    elif unit == "arms":
        rows = data.arms[["trial_id", "arm_id"]].copy()
    else:
        rows = data.trials[["trial_id"]].copy()
    for name in names:
        if name in _DERIVED:
            rows = rows.merge(_DERIVED[name](data), on="trial_id", how="left")
        elif name == "arm_type":
            types = data.arms[["trial_id", "arm_id", name]]
            rows = rows.merge(types, on=["trial_id", "arm_id"], how="left")
        elif name in _PLAIN and names == [name] and unit == "trials":
            rows[name] = data.trials[name]
        elif name in _PLAIN:
            rows = rows.merge(data.trials[["trial_id", name]], on="trial_id")
        rows[name] = _grouped(rows[name].astype("string"), name)
    return rows


def _grouped(values: pd.Series, name: str) -> pd.Series:
    """Return values with those outside the levels of a column as one group."""
    table = _TABLES.get(name, "trials")
    if name == "phase_group" or name not in columns_of(table):
        return values
    levels = levels_of(table, name)
    if not levels:
        return values
    other = other_wordings(values.dropna().unique(), levels)
    return values.replace(dict.fromkeys(other, OTHER_WORDING))


def _order(name: str, values: pd.Series) -> Sequence[str]:
    if name in LABEL_COLUMNS:
        return order_of(name)
    if name == "enrollment_group":
        return [*_SIZES, _LARGEST]
    if name == "start_year":
        return sorted(values.dropna().unique())
    if name in ("has_results", "is_cell_trial", "has_conflict", "healthy_volunteers"):
        return ["True", "False"]
    table = _TABLES.get(name, "trials")
    if name in columns_of(table) and levels_of(table, name):
        return list(levels_of(table, name))
    # No order of its own: the commonest first, then by name.
    common = values.value_counts().rename_axis("word").reset_index(name="n")
    common = common.sort_values(["n", "word"], ascending=[False, True])
    return common["word"].tolist()


def _countries(data: Trials) -> pd.DataFrame:
    split = data.trials["countries"].str.split("; ")
    rows = data.trials[["trial_id"]].assign(country=split)
    return rows.explode("country").astype({"country": "string"}).drop_duplicates()


def _conditions(data: Trials) -> pd.DataFrame:
    return data.conditions[["trial_id", "condition"]].drop_duplicates()


def _condition_groups(data: Trials) -> pd.DataFrame:
    rows = data.conditions[["trial_id", "condition_group"]]
    return rows.astype({"condition_group": "string"}).drop_duplicates()


def _start_years(data: Trials) -> pd.DataFrame:
    year = data.trials["start_date_earliest"].dt.year.astype("Int64").astype("string")
    return data.trials[["trial_id"]].assign(start_year=year)


def _enrollment_groups(data: Trials) -> pd.DataFrame:
    number = data.trials["enrollment"]
    group = pd.Series(pd.NA, index=number.index, dtype="string")
    group = group.mask(number.notna(), _LARGEST)
    for name, largest in reversed(_SIZES.items()):
        group = group.mask(number.le(largest).fillna(False), name)
    return data.trials[["trial_id"]].assign(enrollment_group=group)


_DERIVED: dict[str, Callable[[Trials], pd.DataFrame]] = {
    "country": _countries,
    "condition": _conditions,
    "condition_group": _condition_groups,
    "start_year": _start_years,
    "enrollment_group": _enrollment_groups,
}


@of_counted
def count_routes(data: Trials) -> pd.DataFrame:
    """Return how many trials and arms use each group of routes.

    Portal vein and peripheral vein are different groups, whatever code they share, and
    cells in an extracorporeal device are never "intravenous".

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        route_group (those present, and "Not stated"), n_trials, n_arms, and n_total,
        the number of trials behind all rows: a trial with two routes counts in both.
    """
    trials = count(data, by="route_group")
    arms = count(data, by="route_group", unit="arms")
    made = trials.rename(columns={"n": "n_trials"}).merge(
        arms.rename(columns={"n": "n_arms"}).astype({"route_group": "string"}),
        on="route_group",
        how="left",
    )
    made["route_group"] = ordered(made["route_group"], order_of("route_group"))
    made["n_total"] = trials.attrs["n_trials"]
    made.attrs |= {**trials.attrs, "n_arms": arms.attrs["n_arms"]}
    # Every trial can be shown here: "Not stated" is a row like the others.
    made.attrs["n_usable"] = trials.attrs["n_trials"]
    return made


@of_counted
def phase_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each phase and group of routes.

    Phase "NA" (not applicable) is a value the registry gives, and is not "Not stated".

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        phase_group, route_group, n: every pair of the groups present, 0 included.
    """
    made = count(data, by=["phase_group", "route_group"])
    return full_grid(made, ["phase_group", "route_group"], ["n"])


@of_counted
def source_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials and arms there are of each cell source and route group.

    A trial with two routes is in two cells of a row, and once in its `n_of_source`.

    Parameters
    ----------
    data
        The trials to count.

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

    Parameters
    ----------
    data
        The trials to count.

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


def full_grid(made: pd.DataFrame, names: list[str], numbers: list[str]) -> pd.DataFrame:
    """Return the full grid over the levels present, with 0 where nothing occurs."""
    levels = [made[name].cat.categories for name in names]
    index = pd.MultiIndex.from_product(levels, names=names)
    plain = made.astype({name: "string" for name in names}).set_index(names)
    full = plain[numbers].reindex(index, fill_value=0).reset_index()
    for name in names:
        full[name] = full[name].astype(made[name].dtype)
    full[numbers] = full[numbers].fillna(0).astype("int64")
    full.attrs |= made.attrs
    return full


def family_of(sources: pd.Series, *, terms: pd.DataFrame) -> pd.Series:
    """Return the family of each cell source, given in words, in display order.

    `terms` (the table of that name) has the families of a user's own sources; where it
    gives none, they are "Other".
    """
    own = terms[terms["axis"] == "cell_source"]
    known = pd.concat([vocabulary("cell_source"), own])
    table = known.dropna(subset="family").drop_duplicates("label").set_index("label")
    text = sources.astype("string")
    family = text.map(table["family"]).astype("string").fillna(OTHER_FAMILY)
    family = family.mask(text == NOT_STATED, NOT_STATED)
    family = family.mask(text == SEVERAL["cell_source"], SEVERAL["source_family"])
    return ordered(family, order_of("source_family"))
