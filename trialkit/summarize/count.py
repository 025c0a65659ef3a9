"""Counts of trials and arms by any label or column."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from trialkit.codebook import columns_of, levels_of
from trialkit.codewords import OTHER_WORDING, other_wordings
from trialkit.errors import ParameterError
from trialkit.nearest import did_you_mean
from trialkit.summarize.areas import area_order, condition_areas
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import (
    LABEL_COLUMNS,
    exclusive,
    label_words,
    order_of,
    ordered,
    own_axes,
)
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

#: Tables of the columns that are not of `trials`.
_TABLES = {"condition_group": "conditions", "arm_type": "arms"}
#: Size classes of a trial, by their largest number of participants.
_SIZES = {"0": 0, "1–10": 10, "11–20": 20, "21–50": 50, "51–100": 100, "101–500": 500}
_LARGEST = "over 500"
#: Columns of `trials` with one value per trial that can be counted.
_PLAIN = (
    "registry overall_status last_known_status study_type phase phase_group "
    "allocation intervention_model primary_purpose masking enrollment_type "
    "has_results lead_sponsor lead_sponsor_class responsible_party_type sex "
    "healthy_volunteers is_cell_trial route_relation has_conflict"
).split()


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
        `route_family`,
        `delivery_mode`, `cell_type`, `cell_source`, `source_family`, `donor`, or an
        axis of your own vocabularies), a column of `trials` such as `phase_group`, or
        `country`, `condition`, `condition_group`, `condition_area` (heart and vessels,
        cancer and so on), `start_year`, `enrollment_group`, `arm_type`.
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
    >>> frame = count(tk.load_example(), by="phase_group")
    >>> frame["phase_group"].cat.categories[-1]
    'Not stated'
    """
    names = _checked(data, by, unit)
    rows = values_by(data, by, unit=unit)
    if len(names) == 1:
        # The categories are the levels present and "Not stated", in display order.
        frame = rows[names[0]].value_counts(sort=False).rename("n").reset_index()
        frame[names[0]] = frame[names[0]].astype(rows[names[0]].dtype)
    else:
        frame = rows.groupby(names, observed=True).size().reset_index(name="n")
    is_usable = (rows[names] != NOT_STATED).all(axis=1)
    frame.attrs |= {"n_trials": n_trials(rows), "n_usable": n_trials(rows[is_usable])}
    if unit == "arms":
        frame.attrs["n_arms"] = len(rows[ARM_KEY].drop_duplicates())
    return frame


@of_counted
def values_by(
    data: Trials, by: str | Sequence[str], *, unit: str = "trials"
) -> pd.DataFrame:
    """Return what `count` counts: one row per trial or arm and combination of values.

    The columns of `by` are ordered categoricals.
    """
    names = _checked(data, by, unit)
    rows = _values(data, names, unit)
    for name in names:
        rows[name] = ordered(rows[name], _order(name, rows[name]))
    return rows.drop_duplicates(ignore_index=True)


def only_family(data: Trials) -> pd.Series:
    """Return the family of routes of each trial with cells, or "Several routes"."""
    name = "route_family"
    rows = exclusive(values_by(data, name), ["trial_id"], name)
    return rows.set_index("trial_id")[name]


def _checked(data: Trials, by: str | Sequence[str], unit: str) -> list[str]:
    if unit not in ("trials", "arms"):
        raise ParameterError(f"unit={unit!r}; it is 'trials' or 'arms'")
    names = [by] if isinstance(by, str) else list(by)
    known = [*LABEL_COLUMNS, *own_axes(data), *_PLAIN, *_DERIVED]
    if unit == "arms":
        known.append("arm_type")
    unknown = next((str(name) for name in names if name not in known), "")
    if unknown or not names or len(set(names)) < len(names):
        shown = unknown or "nothing, or one name twice"
        hint = did_you_mean(unknown, known, n=3)
        raise ParameterError(f"cannot count {unit} by {shown}; {hint}")
    return names


def _values(data: Trials, names: list[str], unit: str) -> pd.DataFrame:
    """Return one row per unit and combination of values, as text."""
    own = own_axes(data)
    label_names = [name for name in names if name in LABEL_COLUMNS or name in own]
    if label_names:
        rows = label_words(data, label_names, unit=unit)
    elif unit == "arms":
        rows = data.columns("arms", ARM_KEY).copy()
    else:
        rows = data.columns("trials", ["trial_id"]).copy()
    for name in names:
        if name in _DERIVED:
            rows = rows.merge(_DERIVED[name](data), on="trial_id", how="left")
        elif name == "arm_type":
            rows = rows.merge(
                data.columns("arms", [*ARM_KEY, name]), on=ARM_KEY, how="left"
            )
        elif name in _PLAIN and names == [name] and unit == "trials":
            rows[name] = data.columns("trials", [name])[name]
        elif name in _PLAIN:
            rows = rows.merge(data.columns("trials", ["trial_id", name]), on="trial_id")
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
    if name == "condition_area":
        return area_order()
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
    rows = data.columns("trials", ["trial_id", "countries"])
    split = rows.pop("countries").str.split("; ")
    rows = rows.assign(country=split)
    return rows.explode("country").astype({"country": "string"}).drop_duplicates()


def _conditions(data: Trials) -> pd.DataFrame:
    return data.columns("conditions", ["trial_id", "condition"]).drop_duplicates()


def _condition_groups(data: Trials) -> pd.DataFrame:
    rows = data.columns("conditions", ["trial_id", "condition_group"])
    return rows.astype({"condition_group": "string"}).drop_duplicates()


def _start_years(data: Trials) -> pd.DataFrame:
    rows = data.columns("trials", ["trial_id", "start_date_earliest"])
    year = rows.pop("start_date_earliest").dt.year.astype("Int64").astype("string")
    return rows.assign(start_year=year)


def _enrollment_groups(data: Trials) -> pd.DataFrame:
    rows = data.columns("trials", ["trial_id", "enrollment"])
    number = rows.pop("enrollment")
    group = pd.Series(pd.NA, index=number.index, dtype="string")
    group = group.mask(number.notna(), _LARGEST)
    for name, largest in reversed(_SIZES.items()):
        group = group.mask(number.le(largest).fillna(False), name)
    return rows.assign(enrollment_group=group)


_DERIVED: dict[str, Callable[[Trials], pd.DataFrame]] = {
    "country": _countries,
    "condition": _conditions,
    "condition_group": _condition_groups,
    "condition_area": condition_areas,
    "start_year": _start_years,
    "enrollment_group": _enrollment_groups,
}


def trials_and_arms(data: Trials, by: list[str]) -> pd.DataFrame:
    """Return `count` of trials and of arms as `n_trials` and `n_arms`, side by side."""
    trials = count(data, by=by).rename(columns={"n": "n_trials"})
    arms = count(data, by=by, unit="arms").rename(columns={"n": "n_arms"})
    text = dict.fromkeys(by, "string")
    frame = trials.astype(text).merge(arms.astype(text), on=by, how="outer")
    for name in by:
        frame[name] = ordered(frame[name], order_of(name))
    frame = frame.sort_values(by, ignore_index=True)
    frame.attrs |= {**trials.attrs, "n_arms": arms.attrs["n_arms"]}
    return frame


def full_grid(
    frame: pd.DataFrame, names: list[str], numbers: list[str]
) -> pd.DataFrame:
    """Return the full grid over the levels present, with 0 where nothing occurs."""
    levels = [frame[name].cat.categories for name in names]
    index = pd.MultiIndex.from_product(levels, names=names)
    plain = frame.astype({name: "string" for name in names}).set_index(names)
    full = plain[numbers].reindex(index, fill_value=0).reset_index()
    for name in names:
        full[name] = full[name].astype(frame[name].dtype)
    full[numbers] = full[numbers].fillna(0).astype("int64")
    full.attrs |= frame.attrs
    return full
