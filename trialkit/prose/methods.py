"""Section 3: how the report was made, from what the tables know of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.escape import markdown_text
from trialkit.merge.registrations import ONE_RECORD_EACH, RULE
from trialkit.prose.retold import rewritten_note
from trialkit.summarize.flow import filter_words
from trialkit.summarize.wording import (
    counted,
    kind_words,
    not_stating,
    sentence_list,
    words,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

_KINDS = {
    "registry": "from a register itself",
    "export": "from an export",
    "mirror": "from a mirror",
    "lay": "from a lay page",
}


#: What a report without trials says: what was searched, and what was left out.
_WITHOUT_TRIALS = ("Sources and search", "Cut-off", "Eligibility of records")


def methods(
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    query: str = "",
    software: Mapping[str, str] | None = None,
    deviations: str = "",
    level: int = 3,
) -> str:
    """Return the methods section with its sub-headings.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.
    query
        The search that found the records, in the user's words.
    software
        Names and versions to print.
    deviations
        What was done differently from the plan.
    level
        Depth of the sub-headings.

    Returns
    -------
    str
        Markdown.
    """
    day, data = f"{as_day(as_of):%Y-%m-%d}", data.counted()
    made = [
        ("Sources and search", _sources(data, query)),
        ("Cut-off", _cut_off(day)),
        ("Eligibility of records", _eligibility(data)),
        ("De-duplication", _duplicates(data)),
        ("Parsing", _parsing(data)),
        ("Labeling", _labeling(data)),
        ("Conflict policy", _conflicts(data)),
        ("Missing data", _MISSING),
        ("Statistics", _STATISTICS),
        ("Software", _software(software or {})),
        ("Deviations", markdown_text(deviations) or "None recorded."),
    ]
    if not len(data):
        made = [part for part in made if part[0] in _WITHOUT_TRIALS or deviations]
    marks = "#" * level
    return "\n\n".join(f"{marks} {title}\n\n{text}" for title, text in made)


def _sources(data: Trials, query: str) -> str:
    stated = data.sources[["kind", "wording"]].astype("string")
    kinds = stated.fillna({"wording": "verbatim"}).value_counts()
    rows = kinds.reset_index(name="n").itertuples(index=False, name=None)
    parts = [f"{n:,} {_kind(kind, wording)}" for kind, wording, n in rows]
    listed = f": {sentence_list(parts)}" if parts else ""
    documents = counted(len(data.sources), "document")
    searched = (
        f"They were found by the search “{markdown_text(query)}”."
        if query
        else "The search behind this is not recorded in the files."
    )
    dates = data.sources["source_date"].dropna()
    oldest, newest = markdown_text(dates.min()), markdown_text(dates.max())
    when = f"on {oldest}" if oldest == newest else f"between {oldest} and {newest}"
    dated = (
        f" Where a document says when it was last updated, that is {when}."
        if len(dates)
        else ""
    )
    note = rewritten_note(data)
    told = " ".join(filter(None, (f"{documents}{listed}.", note, searched)))
    return f"This report reads {told}{dated}"


def _kind(kind: str, wording: str) -> str:
    is_own = wording == "verbatim"
    return _KINDS.get(kind, kind) if is_own else f"with {kind_words(kind, wording)}"


def _cut_off(day: str) -> str:
    return (
        f"The data cut-off is {day}. Every statement about the past, the future or "
        "an overdue date is made for that day; the day on which the report was run "
        "has no influence."
    )


def _eligibility(data: Trials) -> str:
    steps = [
        f"“{markdown_text(filter_words(name, data.terms))}” left "
        f"{counted(int(kept), 'trial')} of {int(before):,}{not_stating(int(missing))}"
        for name, before, kept, missing in data.selection[
            ["filter", "n_before", "n_kept", "n_missing"]
        ].to_numpy()
    ]
    filters = f" Filters, in order: {'; '.join(steps)}." if steps else ""
    aside = int(data.excluded["source_id"].notna().sum())
    read = (
        f" {counted(aside, 'record or file', 'records or files')} could not be used "
        "while reading and "
        + ("is" if aside == 1 else "are")
        + " listed with the reason in the appendix."
        if aside
        else " No record was set aside while reading."
    )
    return (
        "A trial is taken for a cell trial where its own words say that living cells, "
        "or a device with cells, are given; vesicles, secretomes and drugs that only "
        f"mobilize cells are not.{filters}{read}"
    )


def _duplicates(data: Trials) -> str:
    flow = summarize.record_flow(data).set_index("step")["n"]
    steps = data.selection.set_index("filter")["n_removed"]
    again = int(steps.get(ONE_RECORD_EACH, 0))
    twins = len(summarize.possible_twins(data))
    return (
        "Records are merged where the registry id, or an alias that the registry "
        f"gives, is the same. {RULE} "
        f"{counted(again, 'further registration')} "
        + ("was" if again == 1 else "were")
        + " left out of the counts by this rule. Titles merge nothing; "
        f"{counted(twins, 'pair')} of trials that may be one "
        + ("is" if twins == 1 else "are")
        + " listed in the appendix and counted apart. "
        f"{counted(int(flow['records']), 'record')} gave "
        f"{counted(int(flow['identified_trials']), 'distinct registry id')}; "
        f"{counted(int(flow['merged']), 'record')} "
        + ("was" if flow["merged"] == 1 else "were")
        + " merged into another with the same id. Expanded access is no study and "
        "enters no count."
    )


def _parsing(data: Trials) -> str:
    shapes = words(data.sources["shape"].dropna(), "shape").value_counts()
    parts = [f"{markdown_text(shape)} ({n:,})" for shape, n in shapes.items()]
    listed = f" Shapes in this report: {'; '.join(parts)}." if parts else ""
    return (
        "The shape of a document is recognized from its content. A value whose label "
        "a mirror lost is read by its type and place and marked as positional. "
        "Telephone numbers, e-mail addresses and names of contacts are dropped."
        f"{listed}"
    )


def _labeling(data: Trials) -> str:
    rows = data.labels
    quoted = int(rows["quote"].notna().sum())
    rules = rows["rule_id"].dropna().nunique()
    corrected = counted(len(data.overrides), "label")
    decided = (
        f" {corrected} {'was' if len(data.overrides) == 1 else 'were'} corrected by "
        "hand; the appendix lists them with reason, person and day."
        if len(data.overrides)
        else " No label was corrected by hand."
    )
    if len(data.terms):
        terms = counted(len(data.terms), "term")
        decided += f" The vocabulary was widened by {terms} of the user’s own."
    return (
        "Route, delivery mode, cell type, cell source and donor are labels that rules "
        "and a vocabulary give to each arm; they are not registry fields. Titles, "
        "arms, interventions, summaries and descriptions of the trial itself can "
        "support a label; eligibility, outcomes, references and other trials named on "
        f"a page cannot. {counted(quoted, 'label')} "
        + ("rests" if quoted == 1 else "rest")
        + f" on words of a record ({counted(rules, 'rule')} fired). An inferred value "
        f"is never shown as a stated one.{decided}"
    )


def _conflicts(data: Trials) -> str:
    found = summarize.conflicts(data)
    trials = counted(found.attrs["n_flagged"], "trial")
    return (
        "Of two values the source with more authority is kept (register, export, "
        "mirror with labels, mirror without, lay page), and among equals the newer "
        "one. A lay page fills a gap and never overrides. Both values are listed: "
        f"{counted(len(found), 'value')} in {trials}."
    )


_MISSING = (
    "A value that no source gives is “not stated”, counted in every denominator and "
    "shown in every figure. “Not applicable” is a value of its own. Nothing is "
    "imputed: a month stays a month, and no number of participants is divided over "
    "arms."
)
_STATISTICS = (
    "Counts, medians, quartiles (linear interpolation, inclusive), minimum, maximum; "
    "of participants, among the trials with more than 0. "
    "Percentages with Wilson 95 % intervals are given from 20 trials on. Durations are "
    "exact between two days; from a month or a year they run from its middle and are "
    "marked as approximate. No hypothesis is tested."
)


def _software(software: Mapping[str, str]) -> str:
    return "; ".join(_versions(software)) + "." if software else "See the appendix."


def _versions(software: Mapping[str, str]) -> Iterator[str]:
    for name, version in software.items():
        yield f"{markdown_text(name)} {markdown_text(version)}"
