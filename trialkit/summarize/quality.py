"""Completeness, conflicts, evidence of labels, and words that were not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from trialkit.codewords import NOT_APPLICABLE
from trialkit.errors import ParameterError
from trialkit.label.vocabulary import BORROWED, NO_CELLS
from trialkit.summarize.counted import described, of_counted, once
from trialkit.summarize.flow import of_source, source_names
from trialkit.summarize.groups import axis_words, by_start, shown, trials_by_start
from trialkit.summarize.statistics import n_trials
from trialkit.summarize.subject import gives_cells, has_whole_records
from trialkit.summarize.wording import NOT_STATED, field_name
from trialkit.tidy.trials import Trials

#: States of a field of a trial, from best known to not known.
STATES = (
    "Stated",
    "Lay source only",
    "Positional",
    "Inferred",
    "Conflict",
    NOT_APPLICABLE,
    NOT_STATED,
)
#: Codes of the states in which some source gives a value in words.
_IN_WORDS = (0, 1, 2, 4)
_CONFLICT, _NOT_APPLICABLE, _UNSTATED = 4, 5, 6
#: Bases from the firmest on, and the code of the state that each makes.
_STATE_OF_BASIS = {
    "stated": 0,
    "override": 0,
    "positional": 2,
    "stated-lay": 1,
    "derived": 3,
    "inferred": 3,
}
_RANK_OF_BASIS = {basis: rank for rank, basis in enumerate(_STATE_OF_BASIS)}
#: Fields of `trials` that are looked at.
_FIELDS = (
    "overall_status study_type phase allocation intervention_model primary_purpose "
    "masking enrollment enrollment_type start_date primary_completion_date "
    "completion_date last_updated_date lead_sponsor countries sex ages has_results"
).split()
#: The columns of `trials` that hold them.
_FIELDS_HELD = (
    *(name for name in _FIELDS if name != "ages"),
    *("minimum_age", "maximum_age"),
)
#: Tables of which one row is enough for "stated".
_TABLES = ("conditions", "arms", "interventions", "outcomes")
#: Labels that are looked at; a dose counts as one.
_LABELS = ("route", "cell_type", "cell_source", "donor", "dose")
#: The field that each field of `statements` is about.
_FIELD_OF = {name: name for name in (*_FIELDS, *_TABLES)} | {
    "site_status": "overall_status",
    "sponsors": "lead_sponsor",
    "sites": "countries",
    "minimum_age": "ages",
    "maximum_age": "ages",
}


@of_counted
def completeness(data: Trials) -> pd.DataFrame:
    """Return for every field and trial whether some source states it, and how.

    "Lay source only" is a value that only a third party's page gives, "Positional" one
    whose label a mirror lost, "Inferred" one that no source says in words. A field on
    which sources differ is "Conflict", whatever was chosen. For trials that give no
    cells the fields on cells are "Not applicable"; where no trial does, they are left
    out.

    Returns
    -------
    pandas.DataFrame
        field (ordered, best filled first), trial_id (ordered by start), state
        (ordered), n_stated (trials in which some source gives the field in words).
        `attrs` hold is_whole, as `has_whole_records` tells it.
    """
    trials = trials_by_start(data, (*_FIELDS_HELD, "is_cell_trial"))
    labels = _LABELS if gives_cells(data) else ()
    fields = np.array([*_FIELDS, *_TABLES, *labels])
    codes = _state_codes(data, trials, fields)
    counts = np.isin(codes, _IN_WORDS).sum(axis=0)
    best_first = np.argsort(-counts, kind="stable")
    names = [field_name(field) for field in fields[best_first]]
    n = len(trials)
    frame = pd.DataFrame(
        {
            "field": pd.Categorical(np.repeat(names, n), names, ordered=True),
            "trial_id": pd.Categorical(
                np.tile(trials["trial_id"].to_numpy(dtype=object), len(names)),
                trials["trial_id"].tolist(),
                ordered=True,
            ),
            "state": pd.Categorical.from_codes(
                codes[:, best_first].T.ravel(),
                dtype=pd.CategoricalDtype(list(STATES), ordered=True),
            ),
            "n_stated": np.repeat(counts[best_first], n),
        }
    )
    if not (codes == _NOT_APPLICABLE).any():
        frame["state"] = frame["state"].cat.remove_categories([NOT_APPLICABLE])
    frame.attrs |= {"n_trials": n, "n_usable": n, "is_whole": has_whole_records(data)}
    return frame


def _state_codes(data: Trials, trials: pd.DataFrame, fields: np.ndarray) -> np.ndarray:
    """Return the state of every field (column) of every trial (row) as a code."""
    ids = trials["trial_id"]
    is_label = np.isin(fields, _LABELS)
    has_value = np.column_stack([_has_value(data, trials, name) for name in fields])
    codes = np.where(has_value, _STATE_OF_BASIS["stated"], _UNSTATED)
    places = _Places(pd.Index(ids), pd.Index(fields))
    rank = np.full(codes.shape, len(_STATE_OF_BASIS))
    for rows in _bases(data):
        at = places.of(rows)
        own = rows["basis"].astype("string").map(_RANK_OF_BASIS)
        is_ranked = at.is_there & own.notna().to_numpy()
        firmest = own[is_ranked].to_numpy(dtype=int)
        np.minimum.at(rank, (at.rows[is_ranked], at.columns[is_ranked]), firmest)
    is_known = (rank < len(_STATE_OF_BASIS)) & (has_value | is_label)
    states = np.array([*_STATE_OF_BASIS.values(), _UNSTATED])
    codes = np.where(is_known, states[rank], codes)
    said = data.columns("statements", ["trial_id", "field", "is_conflict"])
    odd = said[said["is_conflict"].fillna(False)]
    at = places.of(odd.assign(field=odd["field"].astype("string").map(_FIELD_OF)))
    codes[at.rows[at.is_there], at.columns[at.is_there]] = _CONFLICT
    no_cells = trials["is_cell_trial"].eq(False).fillna(False).to_numpy(dtype=bool)
    codes[np.ix_(no_cells, is_label)] = _NOT_APPLICABLE
    return codes


def _has_value(data: Trials, trials: pd.DataFrame, field: str) -> np.ndarray:
    if field in _LABELS:
        return np.zeros(len(trials), dtype=bool)
    if field == "ages":
        return trials[["minimum_age", "maximum_age"]].notna().any(axis=1).to_numpy()
    if field not in _TABLES:
        return trials[field].notna().to_numpy()
    is_own = ["is_implicit"] if field == "arms" else []
    table = data.columns(field, ["trial_id", *is_own])
    if is_own:
        table = table[~table["is_implicit"].fillna(False)]
    return trials["trial_id"].isin(table["trial_id"]).to_numpy()


class _Places(NamedTuple):
    """The trials (rows) and fields (columns) of a grid of states."""

    ids: pd.Index
    fields: pd.Index

    def of(self, rows: pd.DataFrame) -> _At:
        """Return where the trial and field of each row stand."""
        at = self.ids.get_indexer(pd.Index(rows["trial_id"]))
        column = self.fields.get_indexer(pd.Index(rows["field"]))
        return _At(at, column, (at >= 0) & (column >= 0))


class _At(NamedTuple):
    """Where rows of a table stand in a grid, and whether they do."""

    rows: np.ndarray
    columns: np.ndarray
    is_there: np.ndarray


def _bases(data: Trials) -> Iterator[pd.DataFrame]:
    """Yield trial, field and basis of what is chosen, of labels, and of doses."""
    said = data.columns("statements", ["trial_id", "field", "basis", "is_chosen"])
    said = said[said["is_chosen"].fillna(False)]
    yield said.assign(field=said["field"].astype("string").map(_FIELD_OF))
    labels = data.columns("labels", ["trial_id", "axis", "value", "basis"])
    # "Injection, site not stated" is a label whose group is "Not stated".
    routes = labels["value"].where(labels["axis"] == "route")
    group = shown(routes, "route", "group", terms=data.terms)
    is_stated = ~labels["value"].isin([*NO_CELLS, "NOT_STATED"])
    is_stated &= routes.isna() | group.ne(NOT_STATED)
    axis = labels["axis"].astype("string").replace(BORROWED)
    yield labels.assign(field=axis)[is_stated]
    doses = data.columns("doses", ["trial_id", "amount"])
    yield doses[doses["amount"].notna()].assign(field="dose", basis="stated")


#: Fields that have no chosen value of their own, and the field they contradict.
_RIVALS = {"site_status": "overall_status"}
_CONFLICT_COLUMNS = (
    "trial_id field value_a source_a date_a value_b source_b date_b chosen rule".split()
)
_EVIDENCE_COLUMNS = (
    "trial_id arm_id arm_label axis value label code basis source kind wording section "
    "quote start end rule_id"
).split()


@described
@once
def conflicts(data: Trials) -> pd.DataFrame:
    """Return every value that contradicts the chosen one, beside that one.

    The registry's own record outranks an export, a mirror with labels, a mirror that
    lost them and a lay page, in this order; within a level the newer one is taken. A
    lay page may fill a gap and never overrides. The loser is never deleted. A source
    that says less than another does not contradict it.

    Returns
    -------
    pandas.DataFrame
        trial_id, field, value_a, source_a, date_a (the chosen value), value_b,
        source_b, date_b (the other), chosen, rule.
    """
    said = data.statements
    is_rival = said["is_conflict"].fillna(False)
    first = said[said["is_chosen"].fillna(True)].drop_duplicates(["trial_id", "field"])
    first = first[["trial_id", "field", "value", "source_id"]]
    first = first.rename(columns={"field": "key"})
    other = said[is_rival].assign(key=lambda rows: rows["field"].replace(_RIVALS))
    frame = other.merge(
        first, on=["trial_id", "key"], how="left", suffixes=("_b", "_a")
    )
    names, dates = source_names(data), _source_dates(data)
    for side in ("a", "b"):
        source = frame[f"source_id_{side}"]
        frame[f"source_{side}"] = source.map(names).astype("string").fillna(source)
        pair = pd.MultiIndex.from_frame(frame[["trial_id", f"source_id_{side}"]])
        frame[f"date_{side}"] = pd.array(dates.reindex(pair).to_numpy(), dtype="string")
    # A lay page adds to the conditions that a title names: the table has more values.
    terms = data.conditions.dropna(subset=["condition"])
    terms = terms.groupby("trial_id", sort=False)["condition"].agg("; ".join)
    kept = frame["trial_id"].map(terms).astype("string")
    kept = kept.where(frame["field"].eq("conditions"))
    frame["chosen"] = kept.fillna(frame["value_a"])
    frame["rule"] = frame["note"].fillna("source with more authority")
    frame = by_start(data, frame.sort_values("field", kind="stable"))
    frame.attrs |= {"n_trials": len(data.trials), "n_flagged": n_trials(frame)}
    return frame[_CONFLICT_COLUMNS]


def _source_dates(data: Trials) -> pd.Series:
    """Return the day of each trial's record in each source, as far as it is known."""
    said = data.statements
    key = ["trial_id", "source_id"]
    updated = said[said["field"] == "last_updated_date"].drop_duplicates(key)
    rows = said[key].drop_duplicates()
    rows = rows.merge(updated[[*key, "value"]], how="left", on=key)
    dated = of_source(data, rows["source_id"], "source_date")
    day = rows["value"].astype("string").fillna(dated)
    return pd.Series(day.array, pd.MultiIndex.from_frame(rows[key]))


def evidence(data: Trials, trial_id: str | None = None) -> pd.DataFrame:
    """Return every label with its quote, source and section, in readable words.

    "Not stated" rows are labels too: their section lists what was searched.

    Parameters
    ----------
    data
        Trials with labels.
    trial_id
        Only this trial.

    Returns
    -------
    pandas.DataFrame
        trial_id, arm_id, arm_label, axis, value, label (the value in words), code,
        basis, source, kind, wording (whether `quote` is the source's own words),
        section, quote, start, end, rule_id.

    Raises
    ------
    ParameterError
        If there is no such trial.
    """
    rows = data.labels
    if trial_id is not None:
        if not data.trials["trial_id"].eq(trial_id).any():
            n = len(data.trials)
            raise ParameterError(f"no trial {trial_id!r} among {n:,} trials")
        rows = rows[rows["trial_id"] == trial_id]
    arms = data.arms[["trial_id", "arm_id", "arm_label"]]
    frame = rows.merge(arms, on=["trial_id", "arm_id"], how="left")
    frame["label"] = axis_words(frame, terms=data.terms)
    frame["source"] = frame["source_id"].map(source_names(data)).astype("string")
    for name in ("kind", "wording"):
        frame[name] = of_source(data, frame["source_id"], name)
    return frame[_EVIDENCE_COLUMNS].reset_index(drop=True)


def corrections(data: Trials) -> pd.DataFrame:
    """Return the table `overrides` with `value` and `replaced` in words.

    `replaced` is missing where the rules had no label at all.
    """
    frame = data.overrides.copy()
    for column in ("value", "replaced"):
        rows = frame[["axis"]].assign(value=frame[column].str.split("; "))
        rows = rows.explode("value").dropna(subset="value")
        words = axis_words(rows, terms=data.terms)
        frame[column] = words.groupby(level=0).agg("; ".join).astype("string")
    return frame


@described
@once
def unread(data: Trials) -> pd.DataFrame:
    """Return the words of the records that could not be read, each once.

    A recruitment status, phase or sex that is none of the registry's levels stays in
    its column as written, and figures count it as "Other wording"; a date or number
    that is none is missing. Neither contradicts anything. Words that differ only in
    case and spaces stand together, as they are written most often.

    Returns
    -------
    pandas.DataFrame
        field, value, note (what became of it), n_trials, example (the id of a trial):
        the commonest first.

    Examples
    --------
    >>> import trialkit as tk
    >>> len(unread(tk.load_example()))
    0
    """
    said = data.statements
    rows = said[said["basis"].eq("unread").fillna(False)]
    rows = rows[["trial_id", "field", "value", "note"]].astype("string").fillna("")
    rows["key"] = rows["value"].str.casefold().str.split().str.join(" ")
    groups = rows.groupby(["field", "key", "note"], sort=False)
    frame = groups.agg(
        value=("value", lambda values: values.mode().iloc[0]),
        n_trials=("trial_id", "nunique"),
        example=("trial_id", "min"),
    ).reset_index()
    frame = frame.sort_values(
        ["n_trials", "field", "key"], ascending=[False, True, True]
    )
    frame = frame[["field", "value", "note", "n_trials", "example"]]
    frame = frame.astype({"n_trials": "Int64"}).reset_index(drop=True)
    frame.attrs |= {"n_trials": len(data.trials), "n_flagged": n_trials(rows)}
    return frame
