"""Countries, cities and sponsors."""

from __future__ import annotations

import pandas as pd

from trialkit.read.values.countries import country_of
from trialkit.summarize.count import count
from trialkit.summarize.counted import of_counted
from trialkit.summarize.wording import NOT_STATED, words
from trialkit.tidy.trials import Trials

_GOVERNMENT = ("NIH", "FED", "OTHER_GOV")


@of_counted
def countries(data: Trials) -> pd.DataFrame:
    """Return how many trials have a site in each country, the commonest first.

    A country is that of a listed site and is never read from a sponsor's name. A trial
    counts once in each of its countries.

    Returns
    -------
    pandas.DataFrame
        country ("Not stated" last), n.
    """
    frame = count(data, by="country")
    # A comparison needs countries: the figure's minimum is compared with their number.
    named = frame["country"].ne(NOT_STATED) & frame["n"].gt(0)
    frame.attrs["n_usable"] = int(named.sum())
    return frame


@of_counted
def cities(data: Trials) -> pd.DataFrame:
    """Return how many trials have a site in each city, the commonest first.

    A city is told by its name as registered and its country: two spellings are two
    cities, and two cities of one name in one country are one. A trial counts once in
    each of its cities.

    Returns
    -------
    pandas.DataFrame
        city (with its country; "Not stated" last), n.
    """
    sites = data.sites[data.sites["city"].notna()]
    sites = sites[sites["trial_id"].isin(data.trials["trial_id"])]
    # Where no country is known the column has no type of its own.
    country = sites["country"].map(country_of, na_action="ignore").astype("string")
    country = (", " + country.fillna(sites["country"])).fillna("")
    named = sites[["trial_id"]].assign(city=sites["city"] + country).drop_duplicates()
    n = named.groupby("city")["trial_id"].size()
    n = n.sort_index().sort_values(ascending=False, kind="stable")
    missing = len(data.trials) - named["trial_id"].nunique()
    frame = pd.DataFrame({"city": [*n.index, NOT_STATED], "n": [*n, missing]})
    frame = frame.astype({"city": "string"})
    frame.attrs |= {"n_trials": len(data.trials), "n_usable": len(n)}
    return frame


@of_counted
def sponsor_classes(data: Trials) -> pd.DataFrame:
    """Return how many trials have a lead sponsor of each class.

    The registry's three classes of government bodies (NIH, FED, OTHER_GOV) are one.

    Returns
    -------
    pandas.DataFrame
        lead_sponsor_class (words, "Not stated" last), n.
    """
    name = "lead_sponsor_class"
    counts = count(data, by=name)
    code = counts[name].astype("string")
    level = words(code, name).mask(code.isin(_GOVERNMENT).fillna(False), "Government")
    frame = counts["n"].groupby(level.rename(name), sort=False).sum().reset_index()
    frame.attrs |= counts.attrs
    return frame


@of_counted
def sponsors(data: Trials) -> pd.DataFrame:
    """Return each lead sponsor with its trials and participants, most trials first.

    Names stay as registered: two spellings, or an old and a new name of one
    institution, are two sponsors until a user says otherwise.

    Returns
    -------
    pandas.DataFrame
        lead_sponsor, lead_sponsor_class, n (trials), participants (sum of the numbers
        stated; missing where none is), n_without_number, trial_ids (joined by
        semicolons).
        Trials without a sponsor share a last row with a missing name.
    """
    names = ["lead_sponsor", "lead_sponsor_class"]
    rows = data.trials[["trial_id", "enrollment", *names]]
    rows = rows.astype(dict.fromkeys(names, "string"))
    by_name = rows.groupby(names, dropna=False, sort=False)
    frame = by_name.agg(
        n=("trial_id", "size"),
        participants=("enrollment", lambda numbers: numbers.sum(min_count=1)),
        n_without_number=("enrollment", lambda numbers: int(numbers.isna().sum())),
        trial_ids=("trial_id", "; ".join),
    ).reset_index()
    frame = frame.astype({"participants": "Int64", "trial_ids": "string"})
    frame["is_last"] = frame["lead_sponsor"].isna()
    order = ["is_last", "n", "lead_sponsor", "lead_sponsor_class"]
    frame = frame.sort_values(order, ascending=[True, False, True, True])
    frame = frame.drop(columns="is_last").reset_index(drop=True)
    frame.attrs |= {"n_trials": len(rows), "n_sponsors": rows["lead_sponsor"].nunique()}
    return frame
