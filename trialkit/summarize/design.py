"""Design features, endpoints, and whether results are posted."""

from __future__ import annotations

import re

import pandas as pd

from trialkit.dates import as_day
from trialkit.label.vocabulary import NO_CELLS
from trialkit.summarize.count import count
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.groups import by_start, ordered
from trialkit.summarize.wording import NOT_STATED
from trialkit.tidy.trials import Trials

YES, NO = "Yes", "No"
_MASKED = {
    "PARTICIPANT": "Masked: participant",
    "CARE_PROVIDER": "Masked: care provider",
    "INVESTIGATOR": "Masked: investigator",
    "OUTCOMES_ASSESSOR": "Masked: outcomes assessor",
}
#: Features in the order of the figure.
FEATURES = (
    "Randomized",
    "With a control arm",
    *_MASKED.values(),
    "Several sites",
    "Data monitoring committee",
)
_CONTROLS = (
    "ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR NO_INTERVENTION"
).split()


@of_counted
def phases(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each phase, as the records state it.

    "Phase 1/2" is a trial of both, and "Not applicable" a value of the registry.

    Returns
    -------
    pandas.DataFrame
        phase_group (in order, "Not stated" last), n.
    """
    return count(data, by="phase_group")


#: How participants are assigned to arms, and whether somebody is not told to which.
ALLOCATIONS = ("Randomized groups", "Groups, not randomized", "One group")
MASKED, OPEN = "Masked", "Open"


@of_counted
def design(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each allocation and masking.

    A trial of one group has nothing to allocate; a masked one masks at least one role.

    Returns
    -------
    pandas.DataFrame
        allocation ("Randomized groups", "Groups, not randomized", "One group",
        "Not stated"), masking ("Masked", "Open", "Not stated"), n: the pairs that
        occur.
    """
    trials = data.trials
    allocation = trials["allocation"].astype("string")
    is_single = trials["intervention_model"].eq("SINGLE_GROUP").fillna(False)
    allocation = allocation.mask(allocation.isna() & is_single, "NA")
    codes = ("RANDOMIZED", "NON_RANDOMIZED", "NA")
    named = allocation.map(dict(zip(codes, ALLOCATIONS, strict=True)))
    masking = trials["masking"].astype("string")
    is_told = masking.notna() | trials["who_masked"].notna()
    is_open = masking.eq("NONE").fillna(False)
    told = is_told.map({True: MASKED, False: None}).astype("string")
    rows = pd.DataFrame(
        {
            "allocation": ordered(named, ALLOCATIONS),
            "masking": ordered(told.mask(is_open, OPEN), (MASKED, OPEN)),
        }
    )
    frame = rows.groupby(["allocation", "masking"], observed=True).size()
    frame = frame.reset_index(name="n")
    n_usable = int(rows["allocation"].ne(NOT_STATED).sum())
    frame.attrs |= {"n_trials": len(trials), "n_usable": n_usable}
    return frame


@of_counted
def design_features(data: Trials) -> pd.DataFrame:
    """Return for each trial which design features its record states.

    A control arm is one that the register calls a comparator, or one without cells in
    a trial that gives cells. Who is masked is "not stated" where a trial is masked and
    does not say who.

    Returns
    -------
    pandas.DataFrame
        trial_id (by start), feature (ordered), state (`Yes`, `No`, `Not stated`).
    """
    trials = by_start(data, data.trials)
    committee = trials["oversight_has_dmc"]
    columns = {
        "Randomized": _states(
            trials["allocation"].isin(["NON_RANDOMIZED", "NA"]),
            trials["allocation"].eq("RANDOMIZED"),
        ),
        "With a control arm": _controlled(data, trials),
        **_masked(trials),
        "Several sites": _states(trials["n_sites"].gt(0), trials["n_sites"].gt(1)),
        "Data monitoring committee": _states(committee.eq(False), committee.eq(True)),
    }
    wide = pd.DataFrame({"trial_id": trials["trial_id"], **columns})
    frame = wide.melt("trial_id", var_name="feature", value_name="state")
    levels = {"feature": FEATURES, "state": (YES, NO, NOT_STATED)}
    for name, order in levels.items():
        frame[name] = frame[name].astype(pd.CategoricalDtype(list(order), ordered=True))
    # A trial is usable where its record states one feature at least.
    stated = frame.loc[frame["state"] != NOT_STATED, "trial_id"]
    frame.attrs |= {"n_trials": len(trials), "n_usable": int(stated.nunique())}
    return frame


def _states(is_no: pd.Series, is_yes: pd.Series) -> pd.Series:
    """Return the state of a feature in each trial; "Yes" prevails over "No"."""
    state = pd.Series(NOT_STATED, is_no.index, dtype="string")
    return state.mask(is_no.fillna(False), NO).mask(is_yes.fillna(False), YES)


def _masked(trials: pd.DataFrame) -> dict[str, pd.Series]:
    who = trials["who_masked"].fillna("").str.split("; ")
    is_told = trials["masking"].eq("NONE").fillna(False) | trials["who_masked"].notna()
    return {
        name: _states(is_told, who.map(lambda codes, code=code: code in codes))
        for code, name in _MASKED.items()
    }


def _controlled(data: Trials, trials: pd.DataFrame) -> pd.Series:
    arms = data.arms[~data.arms["is_implicit"].fillna(False)]
    is_control = arms["arm_type"].astype("string").isin(_CONTROLS).fillna(False)
    labels = data.labels
    empty = labels[labels["axis"].eq("delivery_mode") & labels["value"].isin(NO_CELLS)]
    cells = data.trials.loc[data.trials["is_cell_trial"].eq(True).fillna(False)]
    empty = empty[empty["trial_id"].isin(cells["trial_id"])]
    key = arms["trial_id"] + "\t" + arms["arm_id"]
    is_control |= key.isin(empty["trial_id"] + "\t" + empty["arm_id"])
    ids = trials["trial_id"]
    with_control = arms.loc[is_control, "trial_id"]
    return _states(ids.isin(arms["trial_id"]), ids.isin(with_control))


#: Domains of endpoints with the words that show them, the narrower before the wider.
DOMAINS = {
    "Safety, adverse events": r"advers|safety|toxicit|complication|side effect"
    r"|tolerab|\bAEs?\b|\bSAEs?\b|dose.limiting|\bDLTs?\b|graft.versus.host|\bGVHD\b",
    "Transplant-free survival": r"(?:transplant\w*|LT)[- ]free survival"
    r"|survival without transplant",
    "Survival, death": r"surviv|mortalit|death",
    "Liver scores (MELD, Child-Pugh)": r"\bMELD\b|Child(?:[- ]?Turcotte)?[- ]?Pugh"
    r"|Child score",
    "Laboratory values": r"\bALT\b|\bAST\b|\bALP\b|\bGGT\b|\bINR\b|albumin|bilirubin"
    r"|transaminase|aminotransferase|phosphatase|prothrombin|creatinin|ammonia|serum"
    r"|blood test|laborator|liver function|h(?:a)?emoglobin|HbA1c|C-peptide|cytokine",
    "Quality of life, function scores": r"quality of life|\bQoL\b|SF-36|scale|score"
    r"|questionnaire|index",
}
OTHER_DOMAIN = "Other"
_TYPES = {"primary": "n_primary", "secondary": "n_secondary", "other": "n_other"}


@of_counted
def endpoints(data: Trials) -> pd.DataFrame:
    """Return how many trials register an endpoint of each domain, primary or not.

    Domains are read from the words of each measure, the first that fits; values and
    results are never read.

    Returns
    -------
    pandas.DataFrame
        domain (ordered, `Other` and then `Not stated` last), n_primary, n_secondary,
        n_other, n_untyped (trials with such an endpoint of a type not stated), n
        (trials), n_endpoints, n_time_frame (endpoints that state a time).
    """
    columns = ["trial_id", "outcome_type", "measure", "time_frame"]
    rows = data.columns("outcomes", columns).dropna(subset=["measure"])
    domain = pd.Series(OTHER_DOMAIN, rows.index, dtype="string")
    for name, pattern in reversed(DOMAINS.items()):
        found = rows["measure"].str.contains(pattern, flags=re.IGNORECASE, regex=True)
        domain = domain.mask(found, name)
    rows = rows.assign(domain=domain)
    kind = rows["outcome_type"].astype("string").map(_TYPES).fillna("n_untyped")
    order = [*DOMAINS, OTHER_DOMAIN]
    frame = rows.assign(kind=kind).pivot_table(
        index="domain", columns="kind", values="trial_id", aggfunc="nunique"
    )
    frame = frame.reindex(order, fill_value=0)
    frame = frame.reindex(columns=[*_TYPES.values(), "n_untyped"], fill_value=0)
    by_domain = rows.groupby("domain")
    frame["n"] = by_domain["trial_id"].nunique()
    frame["n_endpoints"] = by_domain.size()
    frame["n_time_frame"] = by_domain["time_frame"].count()
    silent = int((~data.trials["trial_id"].isin(rows["trial_id"])).sum())
    frame.loc[NOT_STATED] = pd.Series({"n": silent})
    frame = frame.fillna(0).astype("int64")
    frame = frame.rename_axis(index="domain", columns=None).reset_index()
    dtype = pd.CategoricalDtype([*order, NOT_STATED], ordered=True)
    frame["domain"] = frame["domain"].astype(dtype)
    n = len(data.trials)
    frame.attrs |= {"n_trials": n, "n_usable": n, "n_endpoints": len(rows)}
    return frame


#: What can be said of a trial's results at the cut-off.
REPORTING = ("Posted", "Due, not posted", "Not due", "Cannot tell")
_DUE_BY = {"ACTUAL": "n_actual", "ESTIMATED": "n_planned"}


@of_counted
def results_reporting(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return how many trials have posted results, are due to, are not, or cannot tell.

    Due is a trial whose primary completion, by its last possible day, lies 12 months or
    more before the cut-off (its completion, which is never earlier, where the record
    gives no primary one), unless it was withdrawn before anyone took part. It is this
    report's rule; which trials a law obliges cannot be seen in the records.

    Returns
    -------
    pandas.DataFrame
        state (`Posted`, `Due, not posted`, `Not due`, `Cannot tell`), n, n_due (of
        these, trials whose results are due), and by what the record calls the date that
        makes them due: n_actual, n_planned, n_untyped.
    """
    cut_off = as_day(as_of)
    trials = data.trials
    ended = trials["primary_completion_date_latest"]
    kind = trials["primary_completion_date_type"].astype("string")
    kind = kind.where(ended.notna(), trials["completion_date_type"].astype("string"))
    ended = ended.fillna(trials["completion_date_latest"])
    is_posted = trials["has_results"].eq(True).fillna(False)
    is_told = trials["has_results"].notna()
    withdrawn = trials["overall_status"].eq("WITHDRAWN").fillna(False)
    is_due = ended.le(cut_off - pd.DateOffset(months=12)) & ~withdrawn
    state = pd.Series("Cannot tell", trials.index, dtype="string")
    state = state.mask(ended.notna() & ~is_due | withdrawn, "Not due")
    state = state.mask(is_due & is_told, "Due, not posted").mask(is_posted, "Posted")
    dtype = pd.CategoricalDtype(list(REPORTING), ordered=True)
    rows = pd.DataFrame({"state": state.astype(dtype), "n": 1, "n_due": is_due})
    named = kind.map(_DUE_BY).fillna("n_untyped")
    for name in (*_DUE_BY.values(), "n_untyped"):
        rows[name] = is_due & named.eq(name)
    frame = rows.groupby("state", observed=False).sum()
    frame = frame.astype("int64").reset_index()
    frame.attrs |= {
        "as_of": f"{cut_off:%Y-%m-%d}",
        "n_trials": len(trials),
        "n_usable": len(trials),
        "n_due": int(is_due.sum()),
        "n_due_posted": int((is_due & is_posted).sum()),
    }
    return frame
