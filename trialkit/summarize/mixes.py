"""What goes with what: donors by source, status by route; where trials are, who leads.

Each frame counts trials by a group and a part of it, for bars that are divided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit.read.country import country_of
from trialkit.summarize.count import count, family_of, values_by
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import (
    arm_labels,
    exclusive,
    order_of,
    ordered,
    shown,
    stated_first,
    within,
)
from trialkit.summarize.wording import NOT_STATED, words

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Appended to a relation that a rule inferred and no source states.
INFERRED = " (inferred)"
#: Statuses in the order of a trial's life; those of expanded access are one.
STATUSES = (
    "Not yet recruiting",
    "Recruiting",
    "Enrolling by invitation",
    "Active, not recruiting",
    "Completed",
    "Suspended",
    "Terminated",
    "Withdrawn",
    "Unknown",
    "Expanded access",
)
_ACCESS = (
    "Available",
    "No longer available",
    "Temporarily not available",
    "Approved for marketing",
)


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
def status_by_route(data: Trials) -> pd.DataFrame:
    """Return how many trials there are of each route group and recruitment status.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        route_group, status (words, in the order of a trial's life), n: the combinations
        that occur.
    """
    made = count(data, by=["route_group", "overall_status"])
    attrs = made.attrs
    status = words(made["overall_status"], "overall_status").astype("string")
    made["status"] = ordered(
        status.mask(status.isin(_ACCESS), "Expanded access"), STATUSES
    )
    keys = ["route_group", "status"]
    made = made.groupby(keys, observed=True)["n"].sum().reset_index()
    stated = count(data, by="overall_status").attrs["n_usable"]
    made.attrs |= {**attrs, "n_usable": min(stated, attrs["n_trials"])}
    return made


@of_counted
def countries(data: Trials) -> pd.DataFrame:
    """Return how many trials have a site in each country, the commonest first.

    A country is that of a listed site and is never read from a sponsor's name. A trial
    counts once in each of its countries.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        country ("Not stated" last), n.
    """
    made = count(data, by="country")
    # A comparison needs countries: the figure's minimum is compared with their number.
    named = made["country"].ne(NOT_STATED) & made["n"].gt(0)
    made.attrs["n_usable"] = int(named.sum())
    return made


@of_counted
def cities(data: Trials) -> pd.DataFrame:
    """Return how many trials have a site in each city, the commonest first.

    A city is told by its name as registered and its country: two spellings are two
    cities, and two cities of one name in one country are one. A trial counts once in
    each of its cities.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        city (with its country; "Not stated" last), n.
    """
    sites = data.sites[data.sites["city"].notna()]
    sites = sites[sites["trial_id"].isin(data.trials["trial_id"])]
    known = sites["country"].map(country_of, na_action="ignore")
    # Where none is known the column has no type of its own.
    country = known.astype("string")
    country = (", " + country.fillna(sites["country"])).fillna("")
    named = sites[["trial_id"]].assign(city=sites["city"] + country).drop_duplicates()
    n = named.groupby("city")["trial_id"].size()
    n = n.sort_index().sort_values(ascending=False, kind="stable")
    missing = len(data.trials) - named["trial_id"].nunique()
    made = pd.DataFrame(
        {
            "city": pd.array([*n.index, NOT_STATED], dtype="string"),
            "n": [*n, missing],
        }
    )
    made.attrs |= {"n_trials": len(data.trials), "n_usable": len(n)}
    return made


@of_counted
def sponsor_classes(data: Trials) -> pd.DataFrame:
    """Return how many trials have a lead sponsor of each class, as registered.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        lead_sponsor_class (words, "Not stated" last), n.
    """
    made = count(data, by="lead_sponsor_class")
    name = "lead_sponsor_class"
    made[name] = words(made[name], name)
    return made


@of_counted
def sponsors(data: Trials) -> pd.DataFrame:
    """Return each lead sponsor with its trials and participants, most trials first.

    Names stay as registered: two spellings, or an old and a new name of one
    institution, are two sponsors until a user says otherwise.

    Parameters
    ----------
    data
        The trials to count.

    Returns
    -------
    pandas.DataFrame
        lead_sponsor, lead_sponsor_class, n (trials), participants (sum of the numbers
        stated; missing where none is), n_without_number, trial_ids (joined by
        semicolons).
        Trials without a sponsor share a last row with a missing name.
    """
    names = ["lead_sponsor", "lead_sponsor_class"]
    rows = data.trials[["trial_id", "enrollment"]].copy()
    for name in names:
        rows[name] = data.trials[name].astype("string")
    by_name = rows.groupby(names, dropna=False, sort=False)
    made = by_name.agg(
        n=("trial_id", "size"),
        participants=("enrollment", lambda numbers: numbers.sum(min_count=1)),
        n_without_number=("enrollment", lambda numbers: int(numbers.isna().sum())),
        trial_ids=("trial_id", "; ".join),
    ).reset_index()
    made = made.astype({"participants": "Int64", "trial_ids": "string"})
    made["is_last"] = made["lead_sponsor"].isna()
    order = ["is_last", "n", "lead_sponsor", "lead_sponsor_class"]
    made = made.sort_values(order, ascending=[True, False, True, True])
    made = made.drop(columns="is_last").reset_index(drop=True)
    made.attrs |= {"n_trials": len(rows), "n_sponsors": rows["lead_sponsor"].nunique()}
    return made
