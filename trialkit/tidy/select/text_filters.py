"""The filters of `Trials.select` that search the words of a trial."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from trialkit.tidy.container import Tables
from trialkit.tidy.select.search import Field, Matcher
from trialkit.tidy.select.selection import Step
from trialkit.tidy.value_lists import members

#: The group of conditions that no group is of; it is no name of theirs.
_NO_GROUP = "other"
_TITLES = ("brief_title", "official_title", "display_title", "acronym")
_LONG = {
    "trials": ("brief_summary", "detailed_description"),
    "interventions": ("description",),
    "arms": ("description",),
    "lay_summaries": ("summary", "active_substance"),
}


def searches(name: str, fields: Callable[[Tables], Iterable[Field]]) -> TextFilter:
    """Return the filter that searches some fields of a trial."""

    def choose(data: Tables, wanted: Matcher) -> Step:
        found = wanted.search(data.trials["trial_id"], fields(data))
        note = ""
        if len(found.n_alone) > 1 and not found.passes.fillna(False).any():
            told = ", ".join(f"{term} {n:,}" for term, n in found.n_alone.items())
            note = f" (each alone: {told})"
        return Step(f"{name}: {wanted.text}", found.passes, found.why, note)

    return choose


def about(data: Tables) -> Iterable[Field]:
    """Yield the topic of a trial: conditions, their MeSH terms and groups, titles."""
    table, trials = data.conditions, data.trials
    keys = table["trial_id"]
    yield Field("condition", keys, table["condition"])
    for column in ("mesh_terms", "mesh_ancestors"):
        once = table.drop_duplicates(["trial_id", column])
        yield _split("MeSH", once["trial_id"], once[column])
    for column in _TITLES:
        kind = "acronym" if column == "acronym" else "title"
        yield Field(kind, trials["trial_id"], trials[column])
    group = table["condition_group"].astype("string")
    yield Field("condition group", keys, group.mask(group.eq(_NO_GROUP)))


def everything(data: Tables) -> Iterable[Field]:
    """Yield the fields of `about`, keywords, interventions, arms and long texts.

    Eligibility and outcomes are left out: they name what a trial is not on.
    """
    yield from about(data)
    trials, arms = data.trials, data.arms
    yield _split("keyword", trials["trial_id"], trials["keywords"])
    yield from interventions(data)
    yield Field("arm", arms["trial_id"], arms["arm_label"])
    for table, columns in _LONG.items():
        frame = getattr(data, table)
        for column in columns:
            yield Field("text", frame["trial_id"], frame[column], is_topic=False)


def sponsors(data: Tables) -> Iterable[Field]:
    """Yield the sponsors and collaborators of a trial."""
    yield Field("sponsor", data.sponsors["trial_id"], data.sponsors["name"])
    trials = data.trials
    yield Field("lead sponsor", trials["trial_id"], trials["lead_sponsor"])


def interventions(data: Tables) -> Iterable[Field]:
    """Yield the names of the interventions."""
    given = data.interventions
    yield Field("intervention", given["trial_id"], given["name"])
    yield _split("intervention", given["trial_id"], given["other_names"])


def cities(data: Tables) -> Iterable[Field]:
    """Yield the cities of the sites."""
    yield Field("city", data.sites["trial_id"], data.sites["city"])


def _split(name: str, keys: pd.Series, joined: pd.Series) -> Field:
    """Return the members of joined sets as texts of their own."""
    texts = joined.astype(object).map(members, na_action="ignore")
    pairs = pd.DataFrame({"key": keys, "text": texts}).explode("text")
    return Field(name, pairs["key"], pairs["text"])


TextFilter = Callable[[Tables, Matcher], Step]

#: Each is a parameter of `Trials.select` in the search language.
TEXT_FILTERS: dict[str, TextFilter] = {
    "query": searches("query", everything),
    "condition": searches("condition", about),
    "sponsor": searches("sponsor", sponsors),
    "intervention": searches("intervention", interventions),
    "city": searches("city", cities),
}
