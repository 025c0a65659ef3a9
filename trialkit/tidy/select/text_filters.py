"""The filters of `Trials.select` that search the words of a trial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from trialkit.tidy.arrow import places_of
from trialkit.tidy.container import Tables
from trialkit.tidy.select.search import Field, Matcher
from trialkit.tidy.select.selection import Step

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
        found = wanted.search(data.column("trials", "trial_id"), fields(data))
        note = ""
        if len(found.n_alone) > 1 and not len(places_of(found.passes)):
            told = ", ".join(f"{term} {n:,}" for term, n in found.n_alone.items())
            note = f" (each alone: {told})"
        return Step(f"{name}: {wanted.text}", found.passes, found.why, note)

    return choose


def about(data: Tables) -> Iterable[Field]:
    """Yield the topic of a trial: conditions, their MeSH terms and groups, titles."""
    yield from _fields(data, "condition", "conditions", "condition")
    for column in ("mesh_terms", "mesh_ancestors"):
        yield from _fields(data, "MeSH", "conditions", column, is_list=True)
    for column in _TITLES:
        kind = "acronym" if column == "acronym" else "title"
        # The title that is shown is the brief one, where there is one.
        unless = "brief_title" if column == "display_title" else ""
        yield from _fields(data, kind, "trials", column, unless=unless)
    name = "condition group"
    yield from _fields(data, name, "conditions", "condition_group", without=_NO_GROUP)


def everything(data: Tables) -> Iterable[Field]:
    """Yield the fields of `about`, keywords, interventions, arms and long texts.

    Eligibility and outcomes are left out: they name what a trial is not on.
    """
    yield from about(data)
    yield from _fields(data, "keyword", "trials", "keywords", is_list=True)
    yield from interventions(data)
    yield from _fields(data, "arm", "arms", "arm_label")
    for table, columns in _LONG.items():
        for column in columns:
            yield from _fields(data, "text", table, column, is_topic=False)


def sponsors(data: Tables) -> Iterable[Field]:
    """Yield the sponsors and collaborators of a trial."""
    yield from _fields(data, "sponsor", "sponsors", "name")
    yield from _fields(data, "lead sponsor", "trials", "lead_sponsor")


def interventions(data: Tables) -> Iterable[Field]:
    """Yield the names of the interventions."""
    yield from _fields(data, "intervention", "interventions", "name")
    names = "other_names"
    yield from _fields(data, "intervention", "interventions", names, is_list=True)


def cities(data: Tables) -> Iterable[Field]:
    """Yield the cities of the sites."""
    yield from _fields(data, "city", "sites", "city")


def _fields(
    data: Tables, name: str, table: str, column: str, *, unless: str = "", **kind: Any
) -> Iterator[Field]:
    """Yield the texts of a column, piece by piece."""
    for piece in data.texts(table, column, unless=unless):
        yield Field(name, piece["trial_id"], piece[column], **kind)


TextFilter = Callable[[Tables, Matcher], Step]

#: Each is a parameter of `Trials.select` in the search language.
TEXT_FILTERS: dict[str, TextFilter] = {
    "query": searches("query", everything),
    "condition": searches("condition", about),
    "sponsor": searches("sponsor", sponsors),
    "intervention": searches("intervention", interventions),
    "city": searches("city", cities),
}
