"""Sentences with numbers: summary, scope, countries, limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text
from trialkit.figures.places import where
from trialkit.prose.retold import rewritten_note
from trialkit.summarize.enrollment import above_zero
from trialkit.summarize.statistics import number, share_text, spread
from trialkit.summarize.wording import NOT_STATED, counted, kind_words, sentence_list

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Stands on the cover and the last page of every report.
NOTICE = (
    "This report describes how trials are registered. It does not assess benefit or "
    "harm and is not medical advice. Do not use it to choose a treatment or to decide "
    "on taking part in a trial. Check the registry record."
)
#: From this many trials on, values are summed up instead of listed.
_LISTED_BELOW = 5


def at_a_glance(
    data: Trials, *, as_of: str | pd.Timestamp, about: str = "landscape"
) -> str:
    """Return the summary of section 1: two to six sentences, each a count with N.

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
    sentences = [
        f"At the data cut-off, {day}, this report holds "
        f"{counted(n, 'registered trial')} with {_arms(data)}.",
        *(sentence(data) for sentence in _ABOUT[about]),
    ]
    return " ".join(filter(None, sentences))


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
        return f"The number of participants is stated by 0 of {n:,} trials."
    sizes = above_zero(known)
    n_zero = len(known) - len(sizes)
    if len(sizes) < _LISTED_BELOW:
        listed = [f"{value:,}" for value in sorted(sizes)]
        listed += [f"0 in {counted(n_zero, 'trial')}"] if n_zero else []
        spread_words = f"they are {sentence_list(listed)}, in total {known.sum():,}"
        if len(known) == 1:
            spread_words = f"it is {known.iloc[0]:,}"
    else:
        five = spread(sizes)
        zero = f"; {n_zero:,} with 0 left out" if n_zero else ""
        spread_words = (
            f"the median is {number(five.median)} (quartiles {number(five.q1)} to "
            f"{number(five.q3)}{zero}), the total {known.sum():,}"
        )
    kinds = data.trials.loc[known.index, "enrollment_type"].astype("string")
    parts = [
        f"{int(mask.sum()):,} {word}"
        for mask, word in (
            (kinds.eq("ESTIMATED").fillna(False), "planned"),
            (kinds.eq("ACTUAL").fillna(False), "actual"),
            (kinds.isna(), "of a type that is not stated"),
        )
        if mask.any()
    ]
    subject = "The number of participants is" if n == 1 else "Participant numbers are"
    return (
        f"{subject} stated by {share_text(len(known), n)} trials "
        f"({sentence_list(parts)}); {spread_words}."
    )


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
    source = _n_stated(facts, "cell_source", total)
    donor = _n_stated(summarize.count(data, by="donor"), "donor", total)
    return (
        f"The cell source is stated by {share_text(source, total)} trials, the donor "
        f"relation by {share_text(donor, total)}."
    )


def _n_stated(frame: pd.DataFrame, name: str, total: int) -> int:
    """Return trials with some stated value; "Not stated" excludes any other."""
    return total - int(frame.loc[frame[name] == NOT_STATED, "n"].sum())


def _starts(data: Trials) -> str:
    trials, n = data.trials, len(data.trials)
    dated = trials.dropna(subset=["start_date_earliest"])
    dated = dated.sort_values(["start_date_earliest", "start_date"])
    if dated.empty:
        return f"A start date is stated by 0 of {n:,} trials."
    first, last = dated["start_date"].iloc[0], dated["start_date"].iloc[-1]
    is_span = first != last
    span = f"the first is {first}, the last {last}" if is_span else f"it is {first}"
    return f"A start date is stated by {share_text(len(dated), n)} trials; {span}."


_ABOUT: dict[str, tuple[Callable[[Trials], str], ...]] = {
    "landscape": (_participants, _routes, _stated, _starts, where),
    "routes": (_routes,),
    "cell_sources": (_stated,),
    "enrollment": (_participants,),
    "timelines": (_starts,),
}


def route_box() -> str:
    """Return the box that says what "route" means in the report.

    Returns
    -------
    str
        Markdown.
    """
    return (
        '::: {.callout-note title="What “route” means here"}\n'
        "The route is the way by which the **cells** reach the body, per arm, with the "
        "term of the CDISC route list where there is one. The anatomical site (such as "
        "the hepatic artery) and the access (the vessel or technique used to get "
        "there) are kept apart. In an extracorporeal device the cells stay outside the "
        "body: the vein that feeds the circuit is an access and never makes such a "
        "trial intravenous. The portal vein has no term in the CDISC list and is not "
        "pooled with peripheral veins. Arms without a cell product have no route.\n"
        ":::"
    )


def cell_box() -> str:
    """Return the box that tells cell type from cell source.

    Returns
    -------
    str
        Markdown.
    """
    return (
        '::: {.callout-note title="Type and source"}\n'
        "The type is what is given; the source is the tissue or cell it was made "
        "from. Hepatocytes made from induced pluripotent stem cells have the type "
        "hepatocyte-like cell and the source iPSC. “Stem cell” alone is not a type. "
        "Autologous and allogeneic are the donor’s relation to the participant.\n"
        ":::"
    )


def limits(data: Trials, *, as_of: str | pd.Timestamp) -> str:
    """Return section 13: what the report cannot say, fixed and computed lines.

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
    lines = [
        "Registrations are plans and reports of sponsors; they are not treatment "
        "practice, and a registered trial may never enroll anyone.",
        "Registry text is written by sponsors and may be out of date. "
        + _stale(data, as_of=as_of),
        "Mirrors drop fields, and some lose the labels of their values; lay pages are "
        "rewritten by third parties. " + _sources(data),
        "Labels of routes, cells, sources and donors come from rules that read the "
        "text; how often they are right stands in the table of label accuracy, or "
        "“accuracy not measured” where no score ships with the rules.",
        "The absence of a statement is not evidence of absence: “not stated” says what "
        "the sources hold, and nothing about the trial.",
        "A trial with several routes, sources, countries or conditions counts once in "
        "each, so that rows can sum to more than the number of trials.",
        _size(n),
        f"Nothing after the data cut-off, {as_day(as_of):%Y-%m-%d}, is known here.",
        _concentration(data),
        "Neither the quality of the trials nor their risk of bias is assessed, and no "
        "outcome of any trial is reported.",
    ]
    return "\n".join(f"- {line.strip()}" for line in lines if line)


def _stale(data: Trials, *, as_of: str | pd.Timestamp) -> str:
    flagged = summarize.stale_records(data, as_of=as_of).attrs["n_flagged"]
    n = len(data.trials)
    return f"At the cut-off, {share_text(flagged, n)} trial records may be out of date."


def _sources(data: Trials) -> str:
    stated = data.sources[["kind", "wording"]].astype("string")
    kinds = stated.fillna({"wording": "verbatim"}).value_counts()
    rows = kinds.reset_index(name="n").itertuples(index=False, name=None)
    parts = [f"{kind_words(kind, wording)} {n:,}" for kind, wording, n in rows]
    documents = counted(len(data.sources), "document")
    told = f"This report rests on {documents} ({'; '.join(parts)})." if parts else ""
    return f"{told} {rewritten_note(data)}"


def _size(n: int) -> str:
    if n >= 20:
        return (
            "The trials are not a random sample of anything: no test is made, and "
            "intervals only say how precise a share is."
        )
    return (
        f"The number of trials is small (N = {n:,}): counts are shown without "
        "percentages, and one more trial can change any picture."
    )


def _concentration(data: Trials) -> str:
    made = summarize.count(data, by="country")
    known = made[made["country"] != NOT_STATED]
    if known.empty:
        return "No trial states a country."
    first = known.iloc[0]
    share = share_text(int(first["n"]), len(data.trials))
    name = markdown_text(first["country"])
    verb = "has" if first["n"] == 1 else "have"
    return f"{share} trials {verb} a site in the commonest country ({name})."


def attribution() -> str:
    """Return the lines on the terminologies whose codes the report prints.

    Returns
    -------
    str
        Markdown.
    """
    return (
        "**Attribution.** Route terms and NCI codes: CDISC Controlled Terminology, "
        "published by NCI EVS with NCI Thesaurus codes (CC BY 4.0). Cell types: Cell "
        "Ontology (CC BY 4.0). Tissues: UBERON (CC BY 3.0). Pluripotent stem cells: "
        "Experimental Factor Ontology. Trial records: the registers named in the "
        "sources, as their registrants wrote them; the sentences of example records "
        "are rewritten."
    )
