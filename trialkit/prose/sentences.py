"""Sentences with numbers: summary, scope, countries, limits."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text
from trialkit.figures.places import where
from trialkit.prose.subject import rewritten_note, source_kinds
from trialkit.summarize.counted import Day
from trialkit.summarize.enrollment import above_zero
from trialkit.summarize.statistics import PERCENT_FROM, number, share_text, spread
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import (
    NOT_STATED,
    counted,
    is_rewritten,
    kind_words,
    report_words,
    sentence_list,
)
from trialkit.tidy.trials import Trials

#: Stands on the cover and the last page of every report.
NOTICE: str = report_words()["notice"]
#: From this many trials on, values are summed up instead of listed.
_LISTED_BELOW = 5
_TYPES = {
    "ESTIMATED": "planned",
    "ACTUAL": "actual",
    "": "of a type that is not stated",
}


def at_a_glance(data: Trials, *, as_of: Day, about: str = "landscape") -> str:
    """Return the report's summary: two to six sentences, each a count with N.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.
    about
        `landscape`, or the topic to keep to: `routes`, `cell_sources`, `enrollment` or
        `timelines`.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    ParameterError
        If there is no such topic.
    """
    if about not in _ABOUT:
        raise ParameterError(f"about={about!r}; it is one of {', '.join(_ABOUT)}")
    day = f"{as_day(as_of):%Y-%m-%d}"
    data = data.counted()
    n = len(data.trials)
    if not n:
        return f"No trial is in this report (data cut-off {day})."
    trials = counted(n, "registered trial")
    held = f"At the data cut-off, {day}, this report holds {trials} with {_arms(data)}."
    sentences = [sentence(data) for sentence in _ABOUT[about]]
    if about in ("routes", "cell_sources") and not gives_cells(data):
        sentences.append(report_words()["not_assessed"])
    return " ".join(filter(None, (held, *sentences)))


def _arms(data: Trials) -> str:
    implicit = int(data.arms["is_implicit"].fillna(False).sum())
    stated = counted(len(data.arms) - implicit, "stated arm")
    if not implicit:
        return stated
    silent = counted(implicit, "trial names", "trials name")
    verb = "is" if implicit == 1 else "are"
    return f"{stated}; {silent} no arm and {verb} counted with one"


def _participants(data: Trials) -> str:
    known = data.trials["enrollment"].dropna()
    n = len(data.trials)
    if known.empty:
        return f"The number of participants is stated by 0 of {counted(n, 'trial')}."
    types = data.trials.loc[known.index, "enrollment_type"].astype("string").fillna("")
    counts = types.value_counts()
    parts = [f"{counts[t]:,} {words}" for t, words in _TYPES.items() if t in counts]
    subject = "The number of participants is" if n == 1 else "Participant numbers are"
    stated = f"{subject} stated by {_of_trials(len(known), n)}"
    return f"{stated} ({sentence_list(parts)}); {_sizes(known)}."


def _sizes(known: pd.Series) -> str:
    """Return the numbers of participants in words: listed if few, else summed up."""
    if len(known) == 1:
        return f"it is {known.iloc[0]:,}"
    sizes = above_zero(known)
    n_zero = len(known) - len(sizes)
    if len(sizes) < _LISTED_BELOW:
        listed = [f"{value:,}" for value in sorted(sizes)]
        listed += [f"0 in {counted(n_zero, 'trial')}"] if n_zero else []
        return f"they are {sentence_list(listed)}, in total {known.sum():,}"
    five = spread(sizes)
    quartiles = f"quartiles {number(five.q1)} to {number(five.q3)}"
    quartiles += f"; {n_zero:,} with 0 left out" if n_zero else ""
    median = f"the median is {number(five.median)} ({quartiles})"
    return f"{median}, the total {known.sum():,}"


def _routes(data: Trials) -> str:
    routes = summarize.routes(data)
    total = routes.attrs["n_trials"]
    rows = routes[routes["n_trials"] > 0]
    if rows.empty:
        return ""
    pairs = zip(rows["route_group"].astype("string"), rows["n_trials"], strict=True)
    parts = [f"{markdown_text(group)} {n:,}" for group, n in pairs]
    cells = " with a cell product" if total < len(data.trials) else ""
    text = f"By route the trials are: {'; '.join(parts)} (N = {total:,}{cells}"
    more = rows["n_trials"].sum() > total
    return text + (", a trial with several routes counted in each)." if more else ").")


def _stated(data: Trials) -> str:
    facts = summarize.count(data, by="cell_source")
    total = facts.attrs["n_trials"]
    if not total:
        return ""
    source = _of_trials(total - _silent(facts, "cell_source"), total)
    silent = _silent(summarize.count(data, by="donor"), "donor")
    donor = share_text(total - silent, total)
    return f"The cell source is stated by {source}, the donor relation by {donor}."


def _silent(frame: pd.DataFrame, name: str) -> int:
    # "Not stated" stands beside no other value of a trial.
    return int(frame.loc[frame[name] == NOT_STATED, "n"].sum())


def _of_trials(n: int, total: int) -> str:
    """Return a share with its noun, which is that of the total."""
    return f"{share_text(n, total)} {'trial' if total == 1 else 'trials'}"


def _starts(data: Trials) -> str:
    trials, n = data.trials, len(data.trials)
    dated = trials.dropna(subset=["start_date_earliest"])
    dated = dated.sort_values(["start_date_earliest", "start_date"])
    if dated.empty:
        return f"A start date is stated by 0 of {counted(n, 'trial')}."
    first, last = dated["start_date"].iloc[0], dated["start_date"].iloc[-1]
    is_span = first != last
    span = f"the first is {first}, the last {last}" if is_span else f"it is {first}"
    return f"A start date is stated by {_of_trials(len(dated), n)}; {span}."


_ABOUT: dict[str, tuple[Callable[[Trials], str], ...]] = {
    "landscape": (_participants, _routes, _stated, _starts, where),
    "routes": (_routes,),
    "cell_sources": (_stated,),
    "enrollment": (_participants,),
    "timelines": (_starts,),
}


def route_box(data: Trials | None = None) -> str:
    """Return the box that says what "route" means in the report.

    Parameters
    ----------
    data
        The trials; where none gives living cells, the text says that routes are not
        assessed.

    Returns
    -------
    str
        Markdown.
    """
    has_cells = data is None or gives_cells(data)
    return report_words()["route_box" if has_cells else "not_assessed"]


def cell_box(data: Trials | None = None) -> str:
    """Return the box that tells cell type from cell source.

    Parameters
    ----------
    data
        The trials; where none gives living cells, there is nothing to tell.

    Returns
    -------
    str
        Markdown.
    """
    return report_words()["cell_box"] if data is None or gives_cells(data) else ""


def limits(data: Trials, *, as_of: Day) -> str:
    """Return what the report cannot say, as fixed and computed lines.

    Nothing is said where there are no trials.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.

    Returns
    -------
    str
        Markdown.
    """
    data = data.counted()
    n = len(data.trials)
    if not n:
        return ""
    stale = summarize.stale_records(data, as_of=as_of).attrs["n_flagged"]
    words = report_words()
    has_cells = gives_cells(data)
    computed = {
        "labels": words["accuracy"] if has_cells else words["not_assessed"],
        "several": "routes, sources, countries" if has_cells else "countries",
        "stale": share_text(stale, n),
        "sources": _sources(data),
        "size": words["large" if n >= PERCENT_FROM else "small"].format(n=n),
        "day": f"{as_day(as_of):%Y-%m-%d}",
        "concentration": _concentration(data),
    }
    lines = (line.format_map(computed).strip() for line in words["limits"])
    return "\n".join(f"- {line}" for line in lines if line)


def _sources(data: Trials) -> str:
    kinds = source_kinds(data)
    parts = [f"{kind_words(kind, wording)} {n:,}" for kind, wording, n in kinds]
    documents = counted(len(data.sources), "document")
    told = f"This report rests on {documents} ({'; '.join(parts)})." if parts else ""
    return f"{told} {rewritten_note(data)}"


def _concentration(data: Trials) -> str:
    countries = summarize.count(data, by="country")
    known = countries[countries["country"] != NOT_STATED]
    if known.empty:
        return "No trial states a country."
    name, n = markdown_text(known["country"].iloc[0]), int(known["n"].iloc[0])
    share, verb = _of_trials(n, len(data.trials)), "has" if n == 1 else "have"
    return f"{share} {verb} a site in the commonest country ({name})."


def attribution(data: Trials | None = None) -> str:
    """Return the lines on the terminologies whose codes the report prints.

    Parameters
    ----------
    data
        The trials; where none gives living cells no terminology is named.

    Returns
    -------
    str
        Markdown.
    """
    has_cells = data is None or gives_cells(data)
    words = report_words()
    has_examples = data is None or is_rewritten(data.sources["wording"]).any()
    text = words["attribution" if has_cells else "attribution_without_cells"]
    return text.format(but=words["attribution_but"] if has_examples else "")
