"""What the records leave out, where they contradict each other, what labels rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit.errors import ParameterError
from trialkit.summarize.groups import NO_CELLS, by_start, shown
from trialkit.summarize.wording import NOT_APPLICABLE, NOT_STATED, field_name

if TYPE_CHECKING:
    from trialkit.trials import Trials

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
#: States in which some source gives a value in words.
_STATED = ("Stated", "Lay source only", "Positional", "Conflict")
_STATE_OF_BASIS = {
    "stated": "Stated",
    "override": "Stated",
    "positional": "Positional",
    "stated-lay": "Lay source only",
    "derived": "Inferred",
    "inferred": "Inferred",
}
#: Columns of `trials` whose presence is shown, and what `statements` calls them.
_FIELDS: dict[str, tuple[str, ...]] = {
    "overall_status": ("overall_status", "site_status"),
    "study_type": ("study_type",),
    "phase": ("phase",),
    "allocation": ("allocation",),
    "intervention_model": ("intervention_model",),
    "primary_purpose": ("primary_purpose",),
    "masking": ("masking",),
    "enrollment": ("enrollment",),
    "enrollment_type": ("enrollment_type",),
    "start_date": ("start_date",),
    "primary_completion_date": ("primary_completion_date",),
    "completion_date": ("completion_date",),
    "last_updated_date": ("last_updated_date",),
    "lead_sponsor": ("lead_sponsor", "sponsors"),
    "countries": ("countries", "sites"),
    "sex": ("sex",),
    "ages": ("minimum_age", "maximum_age"),
    "has_results": ("has_results",),
}
#: Tables of which one row is enough for "stated".
_TABLES = {
    "conditions": "conditions",
    "interventions": "interventions",
    "outcomes": "outcomes",
}
_AXES = ("route", "cell_type", "cell_source", "donor")


def completeness(data: Trials) -> pd.DataFrame:
    """Return for every field and trial whether some source states it, and how.

    "Lay source only" is a value that only a third party's page gives, "Positional" one
    whose label a mirror lost, "Inferred" one that no source says in words. A field on
    which sources differ is "Conflict", whatever was chosen. For trials that give no
    cells the fields on cells are "Not applicable".

    Returns
    -------
    pandas.DataFrame
        field (ordered, best filled first), trial_id (ordered by start), state
        (ordered), n_stated (trials in which some source gives the field in words).
    """
    trials = by_start(data, data.trials)
    order = trials["trial_id"].tolist()
    states = {
        **_field_states(data),
        **_table_states(data),
        **_label_states(data),
    }
    wide = pd.DataFrame(states).reindex(order).fillna(NOT_STATED)
    made = wide.rename_axis("trial_id").reset_index()
    made = made.melt(id_vars="trial_id", var_name="field", value_name="state")
    is_stated = made["state"].isin(_STATED)
    made["n_stated"] = is_stated.groupby(made["field"]).transform("sum")
    rank = made.drop_duplicates("field").sort_values(
        "n_stated", ascending=False, kind="stable"
    )
    made["field"] = pd.Categorical(
        made["field"].map(field_name),
        [field_name(f) for f in rank["field"]],
        ordered=True,
    )
    made["trial_id"] = pd.Categorical(made["trial_id"], order, ordered=True)
    present = [s for s in STATES if s != NOT_APPLICABLE or (made["state"] == s).any()]
    made["state"] = pd.Categorical(made["state"], present, ordered=True)
    made = made.sort_values(["field", "trial_id"]).reset_index(drop=True)
    made = made[["field", "trial_id", "state", "n_stated"]]
    made.attrs |= {"n_trials": len(trials), "n_usable": len(trials)}
    return made


def _field_states(data: Trials) -> dict[str, pd.Series]:
    trials = data.trials.set_index("trial_id")
    said = data.statements
    differing = said.loc[~said["is_chosen"].fillna(True), ["trial_id", "field"]]
    basis = _best_basis(said[said["is_chosen"].fillna(False)], "field")
    states = {}
    for name, fields in _FIELDS.items():
        columns = ["minimum_age", "maximum_age"] if name == "ages" else [name]
        has_value = trials[columns].notna().any(axis=1)
        state = pd.Series(NOT_STATED, index=trials.index, dtype="string")
        state = state.mask(has_value, "Stated")
        for field in reversed(fields):
            found = basis.get(field)
            if found is not None:
                state = state.mask(has_value, found.reindex(trials.index).fillna(state))
        odd = differing.loc[differing["field"].isin(fields), "trial_id"]
        states[name] = state.mask(trials.index.isin(odd), "Conflict")
    return states


def _best_basis(rows: pd.DataFrame, key: str) -> dict[str, pd.Series]:
    """Return per `key` the state by trial: that of the best basis among its rows."""
    ranks = {basis: rank for rank, basis in enumerate(_STATE_OF_BASIS)}
    rank = rows["basis"].astype("string").map(ranks).astype("Float64")
    found = rows.assign(rank=rank).dropna(subset=["rank"])
    best = found.sort_values("rank").drop_duplicates(["trial_id", key])
    state = best["basis"].astype("string").map(_STATE_OF_BASIS).astype("string")
    best = best.assign(state=state)
    return {
        str(name): group.set_index("trial_id")["state"]
        for name, group in best.groupby(best[key].astype("string"))
    }


def _table_states(data: Trials) -> dict[str, pd.Series]:
    index = pd.Index(data.trials["trial_id"])
    said = data.statements
    differing = said[~said["is_chosen"].fillna(True)]
    basis = _best_basis(said[said["is_chosen"].fillna(False)], "field")
    states = {}
    arms = data.arms
    tables = {name: getattr(data, table) for name, table in _TABLES.items()}
    tables["arms"] = arms[~arms["is_implicit"].fillna(False)]
    for name, table in tables.items():
        has_rows = pd.Series(index.isin(table["trial_id"]), index=index)
        state = pd.Series(NOT_STATED, index=index, dtype="string")
        found = basis.get(name, pd.Series(dtype="string"))
        known = found.reindex(index).fillna("Stated")
        state = state.mask(has_rows, known)
        odd = differing.loc[differing["field"] == name, "trial_id"]
        states[name] = state.mask(index.isin(odd), "Conflict")
    return states


def _label_states(data: Trials) -> dict[str, pd.Series]:
    trials = data.trials.set_index("trial_id")
    rows = data.labels
    rows = rows[~rows["value"].isin(NO_CELLS)]
    # "Injection, site not stated" is a label whose group is "Not stated".
    group = shown(rows["value"].where(rows["axis"] == "route"), "route", "group")
    is_unstated = rows["value"].eq("NOT_STATED") | (
        rows["axis"].eq("route") & group.eq(NOT_STATED)
    )
    basis = _best_basis(rows[~is_unstated], "axis")
    doses = data.doses[data.doses["amount"].notna()]
    basis["dose"] = pd.Series(
        "Stated", index=doses["trial_id"].unique(), dtype="string"
    )
    none = trials["is_cell_trial"].eq(False).fillna(False)
    states = {}
    for name in (*_AXES, "dose"):
        found = basis.get(name, pd.Series(dtype="string"))
        state = found.reindex(trials.index)
        if name == "donor" and "donor_inferred" in basis:
            inferred = basis["donor_inferred"].reindex(trials.index)
            state = state.fillna(inferred.mask(inferred.notna(), "Inferred"))
        states[name] = state.fillna(NOT_STATED).mask(none, NOT_APPLICABLE)
    return states


def source_names(data: Trials) -> pd.Series:
    """Return a name for every source by source_id: its site, else its file's name."""
    sources = data.sources
    file = sources["path"].str.replace("\\", "/", regex=False).str.rsplit("/", n=1)
    name = sources["site"].fillna(file.str[-1]).fillna(sources["source_id"])
    made = pd.Series(name.to_numpy(), index=sources["source_id"], dtype="string")
    return made[~made.index.duplicated()]


#: Fields that have no chosen value of their own, and the field they contradict.
_RIVALS = {"site_status": "overall_status"}


def conflicts(data: Trials) -> pd.DataFrame:
    """Return every value that was not chosen, beside the one that was.

    The registry's own record outranks an export, a mirror with labels, a mirror that
    lost them and a lay page, in this order; within a level the newer one is taken. A
    lay page may fill a gap and never overrides. The loser is never deleted.

    Returns
    -------
    pandas.DataFrame
        trial_id, field, value_a, source_a, date_a (the chosen value), value_b,
        source_b, date_b (the other), chosen, rule.
    """
    said = data.statements
    is_chosen = said["is_chosen"].fillna(True)
    first = said[is_chosen].drop_duplicates(["trial_id", "field"])
    first = first[["trial_id", "field", "value", "source_id"]]
    other = said[~is_chosen].assign(key=lambda rows: rows["field"].replace(_RIVALS))
    first = first.rename(columns={"field": "key"})
    made = other.merge(first, on=["trial_id", "key"], how="left", suffixes=("_b", "_a"))
    names, dates = source_names(data), _source_dates(data)
    for side in ("a", "b"):
        source = made[f"source_id_{side}"]
        named = source.map(names).astype("string")
        made[f"source_{side}"] = named.where(named.notna(), source)
        pair = pd.MultiIndex.from_frame(made[["trial_id", f"source_id_{side}"]])
        made[f"date_{side}"] = pd.array(dates.reindex(pair).to_numpy(), dtype="string")
    made["chosen"] = _in_tables(data, made).fillna(made["value_a"])
    made["rule"] = made["note"].fillna("source with more authority")
    made = by_start(data, made.sort_values("field", kind="stable"))
    made.attrs |= {
        "n_trials": len(data.trials),
        "n_flagged": int(made["trial_id"].nunique()),
    }
    return made[
        [
            "trial_id",
            "field",
            "value_a",
            "source_a",
            "date_a",
            "value_b",
            "source_b",
            "date_b",
            "chosen",
            "rule",
        ]
    ]


def _in_tables(data: Trials, made: pd.DataFrame) -> pd.Series:
    """Return what the tables hold, where that is not the chosen source's value alone.

    A lay page adds to conditions that a title names; a site's status has no value.
    """
    terms = data.conditions.dropna(subset=["condition"])
    joined = terms.groupby("trial_id", sort=False)["condition"].agg("; ".join)
    shown = made["trial_id"].map(joined).astype("string")
    return shown.where(made["field"].eq("conditions"))


def _source_dates(data: Trials) -> pd.Series:
    """Return the day of each trial's record in each source, as far as it is known."""
    said = data.statements
    pairs = said[["trial_id", "source_id"]].drop_duplicates()
    updated = said[said["field"] == "last_updated_date"]
    updated = updated.drop_duplicates(["trial_id", "source_id"])
    own = pairs.merge(
        updated[["trial_id", "source_id", "value"]],
        how="left",
        on=["trial_id", "source_id"],
    )
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")
    dated = own["source_id"].map(sources["source_date"]).astype("string")
    day = own["value"].astype("string").fillna(dated)
    index = pd.MultiIndex.from_frame(own[["trial_id", "source_id"]])
    return pd.Series(day.to_numpy(), index=index, dtype="string")


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
        basis, source, kind, section, quote, start, end, rule_id.

    Raises
    ------
    ParameterError
        If there is no such trial.
    """
    rows = data.labels
    if trial_id is not None:
        if not data.trials["trial_id"].eq(trial_id).any():
            raise ParameterError(
                f"no trial {trial_id!r} among {len(data.trials)} trials"
            )
        rows = rows[rows["trial_id"] == trial_id]
    arms = data.arms[["trial_id", "arm_id", "arm_label"]]
    made = rows.merge(arms, on=["trial_id", "arm_id"], how="left")
    made["label"] = axis_words(made)
    made["source"] = made["source_id"].map(source_names(data)).astype("string")
    kinds = data.sources.drop_duplicates("source_id").set_index("source_id")["kind"]
    made["kind"] = made["source_id"].map(kinds.astype("string")).astype("string")
    return made[
        [
            "trial_id",
            "arm_id",
            "arm_label",
            "axis",
            "value",
            "label",
            "code",
            "basis",
            "source",
            "kind",
            "section",
            "quote",
            "start",
            "end",
            "rule_id",
        ]
    ].reset_index(drop=True)


#: Vocabulary of axes that borrow another one's.
_VOCABULARY_OF = {"donor_inferred": "donor"}
_WITHOUT_VOCABULARY = ("cells_enter_body",)


def axis_words(rows: pd.DataFrame) -> pd.Series:
    """Return the values of label rows in words, by each row's axis."""
    text = rows["value"].astype("string")
    made = text.copy()
    for axis in map(str, rows["axis"].dropna().unique()):
        mask = rows["axis"].eq(axis)
        if axis not in _WITHOUT_VOCABULARY:
            made[mask] = shown(text[mask], _VOCABULARY_OF.get(axis, axis))
    none = text.isin(NO_CELLS)
    return made.mask(none, "No cell product").replace({"NOT_STATED": NOT_STATED})
