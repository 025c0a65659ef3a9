"""The opening of every report, and its end."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit import prose
from trialkit.errors import ParameterError
from trialkit.escape import plain_text
from trialkit.files import Paths
from trialkit.merge.registrations import COUNTED
from trialkit.nearest import did_you_mean
from trialkit.plural import capital, uncapital
from trialkit.prose.cover import span_of_updates
from trialkit.report.display import show_text, show_title
from trialkit.report.exhibits import show_section
from trialkit.report.kept import keep, place_of_records
from trialkit.summarize.flow import filter_words
from trialkit.summarize.lines import one_spelling
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import counted, not_stating, report_words
from trialkit.tidy.load import load_filled
from trialkit.tidy.select.filters import FILTERS, asked
from trialkit.tidy.select.selection import CELLS_ONLY
from trialkit.workspace import example_path

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Statuses of trials that have begun.
_BEGUN = ("RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "COMPLETED")
#: A cut-off is too early where more than one trial in so many began after it.
_FEW = 20
#: Days after the data from which on a cut-off is told to be late.
_LONG = 366


class Opened(NamedTuple):
    """The trials of a report and its data cut-off."""

    trials: Trials
    cutoff: str


def open_report(
    records: Sequence[str | os.PathLike[str]] = (),
    *,
    condition: str = "",
    cell_trials_only: bool = True,
    as_of: str = "",
    title: str = "",
    topic: str = "",
    paper: str = "a4",
    orientation: str = "portrait",
    contents: bool = False,
    vocabularies: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str | os.PathLike[str]] = (),
    synonyms: Sequence[str | os.PathLike[str]] = (),
    query: str = "",
    **filters: Any,
) -> Opened:
    """Load the records of a report, choose its trials and show its title.

    The cut-off is given or the newest date among all records read, chosen or not: it
    says up to which day the files know anything. A trial that stands in several
    registers is counted once, and expanded access is left out (`Trials.counted`).

    Parameters
    ----------
    records
        Files, folders, zips or globs; none reads the records that ship.
    condition, query
        Searches, as `Trials.select` takes them: of what trials are on, and of all their
        words; empty keeps all. They look into every record of a trial that stands in
        several registers.
    cell_trials_only
        Leave out trials that give no living cells.
    as_of
        The data cut-off, an ISO day; empty takes the newest date in the sources.
    title
        Title of the report; empty makes one from condition and topic.
    topic
        What a report looks at, such as "Timelines", or "Supplement"; empty for the
        whole landscape.
    paper, orientation
        The page: `a4` or `us-letter`, `portrait` or `landscape`.
    contents
        Whether the PDF has a page of contents.
    vocabularies, overrides
        CSV files of your own phrases, and of corrections of labels; see `load`.
    synonyms
        CSV files of your own synonyms for the searches.
    **filters
        Further filters by name, as `Trials.select` takes them; what is empty keeps all.

    Returns
    -------
    Opened
        `trials`, and `cutoff` as an ISO day.

    Raises
    ------
    TrialDataError
        If a path does not exist or nothing in the paths is a trial record.
    ParameterError
        If a filter leaves no trial, is unknown or has an impossible value,
        `as_of` is no day, or no source states a date.
    """
    paths = records or example_path()
    loaded, filled = load_filled(
        paths,
        vocabularies=vocabularies,
        overrides=overrides,
        overflow=place_of_records(),
    )
    for name in filters:
        if name not in FILTERS:
            raise ParameterError(f"no filter {name}; {did_you_mean(name, FILTERS)}")
    searches = asked({"query": query, "condition": condition})
    found = _chosen(loaded, searches, synonyms, read=loaded)
    chosen = _chosen(found.counted(), asked(filters), synonyms, read=loaded)
    if cell_trials_only:
        chosen = chosen.select(cell_trials=True)
    keep(chosen)  # before frames are made of its tables
    cutoff = as_of or prose.newest_date(loaded)
    asked_for = {"title": title, "condition": condition, "query": query, "topic": topic}
    cover = prose.cover(chosen, as_of=cutoff, **asked_for)
    missing = (f"{capital(text)}." for text in filled.warnings)
    warnings = [
        *_nothing_left(chosen, loaded),
        *_nothing_on(topic, chosen),
        *_off_the_data(loaded, cover["as_of"]),
        *([] if as_of else _behind_the_trials(chosen, cutoff)),
        *map(plain_text, missing),
    ]
    pages = {"paper": paper, "orientation": orientation, "contents": contents}
    show_title(**cover, warnings=warnings, **pages)
    return Opened(chosen, cutoff)


def _chosen(
    data: Trials, filters: Mapping[str, Any], synonyms: Paths, *, read: Trials
) -> Trials:
    """Return the trials that pass all filters; one that leaves none is an error."""
    for name in FILTERS:
        if name not in filters:
            continue
        found = data.select(**{name: filters[name]}, synonyms=synonyms)
        if len(data) and not len(found):
            anywhere = read.select(**{name: filters[name]}, synonyms=synonyms)
            raise ParameterError(_found_nothing(data, found, name, read, len(anywhere)))
        data = found
    return data


def _nothing_left(chosen: Trials, loaded: Trials) -> list[str]:
    """Return the warning that what nobody asked for leaves no trial, if it does."""
    emptied = chosen.selection.query("n_before > 0 and n_kept == 0")
    if emptied.empty:
        return []
    name, n_before = emptied.iloc[0][["filter", "n_before"]]
    which = "found" if len(chosen.selection) > 1 else "read"
    none = f"Of {counted(n_before, 'trial')} {which} none"
    if name == CELLS_ONLY and _is_wordless(loaded):
        return [
            f"Of {counted(len(loaded), 'trial')} read none states a title or what is "
            "given, so whether living cells are given is not known, and the report "
            "leaves all out: download whole records, or keep them with "
            "-p cell_trials_only=false."
        ]
    if name == CELLS_ONLY:
        return [
            f"{none} gives living cells, and the report leaves out all others: "
            "-p cell_trials_only=false keeps them."
        ]
    return [f"{none} passes “{plain_text(name)}”, and no option keeps them."]


def _is_wordless(data: Trials) -> bool:
    """Return whether no trial says a word on what it gives."""
    titles = data.columns("trials", ["brief_title", "official_title"])
    given = data.columns("interventions", ["name"])
    return bool(titles.isna().all(axis=None) and given.isna().all(axis=None))


def _nothing_on(topic: str, chosen: Trials) -> list[str]:
    """Return the warning that trials without cells tell nothing of a topic on them."""
    words = report_words()
    if not len(chosen) or gives_cells(chosen) or topic not in words["topics_on_cells"]:
        return []
    return [words["no_topic"].format(topic=uncapital(topic))]


def _off_the_data(loaded: Trials, cutoff: str) -> list[str]:
    """Return the warning that a cut-off lies before or long after the data, if so."""
    first, last = span_of_updates(loaded)
    if not last:
        return []
    late = (pd.Timestamp(cutoff) - pd.Timestamp(last)).days
    if 0 <= late <= _LONG:
        return []
    own = f"-p as_of={last} is their own cut-off."
    if late > 0:
        return [
            f"The data cut-off, {cutoff}, lies {counted(late, 'day')} after the newest "
            f"date of the sources, {last}, and what happened since is not in them: "
            f"what is said of open, overdue and recent trials may be wrong; {own}"
        ]
    which = "any date" if cutoff < first else "the newest date"
    return [
        f"The data cut-off, {cutoff}, lies before {which} of the sources, which tell "
        f"what was registered up to {last}; nothing later is taken out: {own}"
    ]


def _behind_the_trials(chosen: Trials, cutoff: str) -> list[str]:
    """Return the warning that a cut-off is too early for what the trials tell."""
    trials, day = chosen.trials, pd.Timestamp(cutoff)
    status = trials["overall_status"].astype("string")
    begun = status.isin(_BEGUN) & trials["start_date_earliest"].gt(day)
    ended = status.eq("COMPLETED") & trials["completion_date_earliest"].gt(day)
    n, late = len(trials), int((begun | ended).fillna(False).sum())
    is_dated = chosen.sources["source_date"].notna().mean() > 0.5
    silent = 0 if is_dated else int(trials["last_updated_date"].isna().sum())
    told = []
    if silent * 2 > n:
        verb = "states" if silent == 1 else "state"
        told.append(f"{silent:,} of {counted(n, 'trial')} {verb} no last update")
    if late * _FEW > n:
        told.append(f"{late:,} began or ended after it, as their status tells")
    if not told:
        return []
    return [
        f"The data cut-off, {cutoff}, may be too early: {' and '.join(told)}. What is "
        "said of open and overdue trials may be wrong; -p as_of=YYYY-MM-DD sets the "
        "day of the download."
    ]


def _found_nothing(
    searched: Trials, found: Trials, name: str, read: Trials, n_anywhere: int
) -> str:
    """Return the message for a filter that leaves nothing; of conditions some."""
    last = found.selection.iloc[-1]
    steps = searched.selection["filter"]
    is_first = steps.isin([*COUNTED]).all()
    which = "read" if steps.empty else "counted" if is_first else "found before"
    words = filter_words(str(last["filter"]), searched.terms)
    step = f"{plain_text(words)}{not_stating(last['n_missing'])}"
    told = f"of {counted(len(searched), 'trial')} {which} none matches {step}; "
    if which != "read":
        does = "does" if n_anywhere < 2 else "do"
        told += f"of all {len(read):,} read {n_anywhere or 'none'} {does}; "
    told += f"without the parameter {name} none is dropped"
    if name != "condition":
        return told
    rows = searched.conditions.drop_duplicates(["trial_id", "condition"])
    common = one_spelling(rows["condition"]).value_counts()
    named = [f"{plain_text(name)} ({n:,})" for name, n in common.head(5).items()]
    more = f" and {len(common) - 5:,} more" if len(common) > 5 else ""
    return f"{told}; their conditions are: {', '.join(named) or 'none'}{more}"


def close_report(
    data: Trials, *, as_of: str | pd.Timestamp, search: str = "", **_: object
) -> None:
    """Show in half a page how a report was made, and the notice.

    Evidence, methods at length and build, which this showed in version 0.1, stand in
    the supplement.

    Parameters
    ----------
    data
        The trials of the report.
    as_of
        The data cut-off, an ISO day.
    search
        The search that found the records, as `how_made` takes it.
    **_
        What version 0.1 took besides; it has no effect.
    """
    show_section("made", data, as_of=as_of)
    for column in _columns(prose.how_made(data, search=search)):
        show_text(column, is_half=True)
    show_text(notice_box())


def _columns(text: str) -> list[str]:
    """Return the paragraphs of a text as two parts of about one length."""
    paragraphs = text.split("\n\n")
    ends = range(1, len(paragraphs))
    parts = [("\n\n".join(paragraphs[:n]), "\n\n".join(paragraphs[n:])) for n in ends]
    return list(min(parts, key=lambda pair: max(map(len, pair)), default=(text,)))


def notice_box() -> str:
    """Return the notice that ends every report.

    Returns
    -------
    str
        Markdown: a box.
    """
    return f'::: {{.callout-important title="Notice"}}\n{prose.NOTICE}\n:::'
