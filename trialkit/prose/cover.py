"""What the cover says, and the default data cut-off."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trialkit.dates import as_day, date_span
from trialkit.errors import ParameterError
from trialkit.plural import uncapital
from trialkit.prose.searches import search_line
from trialkit.prose.sentences import NOTICE
from trialkit.prose.subject import is_on_cells, rewritten_share
from trialkit.summarize.counted import Day
from trialkit.summarize.wording import counted
from trialkit.tables.appendix import build_id
from trialkit.tidy.trials import Trials
from trialkit.version import __version__

#: What the first line of a landscape names, of cell trials and of others.
_CELL_TOPICS = "routes, cells, participants and time"
_TOPICS = "conditions, participants, time and place"
_LANDSCAPE, _SUPPLEMENT = "Registered-trial landscape", "Supplement"
_CHANGES = "Changes"


def newest_date(data: Trials) -> str:
    """Return the newest day that a source or a record gives for its last update.

    It is the default cut-off of a report: what the records say can be known up to that
    day, and no clock is read. A date known to the month counts by its first day.

    Parameters
    ----------
    data
        The trials of the report.

    Returns
    -------
    str
        An ISO day.

    Raises
    ------
    ParameterError
        If no source states a date; the cut-off must then be given.

    Examples
    --------
    >>> import trialkit as tk
    >>> newest_date(tk.load_example())
    '2025-12-31'
    """
    _, newest = span_of_updates(data)
    if not newest:
        raise ParameterError(
            "no source states when it was last updated: give the data cut-off, such "
            "as -p as_of=2026-06-30 (in Python as_of='2026-06-30')"
        )
    return newest


def span_of_updates(data: Trials) -> tuple[str, str]:
    """Return the first and last day that sources and downloads state, "" where none.

    Pages that an update took over are older than the register's data that it saw.
    """
    updates = data.columns("trials", ["last_updated_date"])["last_updated_date"]
    told = pd.concat([data.sources["source_date"], updates]).dropna().unique()
    seen = (search.day for search in data.searches if not search.history)
    days = [date_span(text).earliest for text in (*told, *seen)]
    known = [day for day in days if day]
    return min(known, default=""), max(known, default="")


def cover(
    data: Trials,
    *,
    as_of: Day,
    title: str = "",
    condition: str = "",
    query: str = "",
    topic: str = "",
) -> dict[str, Any]:
    """Return title, first lines, cut-off, facts and notice of a report.

    Parameters
    ----------
    data
        The trials of the report.
    as_of
        The data cut-off, an ISO day.
    title
        Title; where empty it is made from the condition, where that is plain words.
    condition, query
        The searches that trials were chosen by.
    topic
        What the report looks at, or "Supplement"; empty for the whole landscape.

    Returns
    -------
    dict
        Arguments of `trialkit.report.display.show_title`.
    """
    on_cells = is_on_cells(data)
    searched = [" ".join(text.split()) for text in (condition, query) if text.strip()]
    of_whom = next(filter(_is_plain, searched), "")
    untitled = [text for text in searched if text != of_whom or title.strip()]
    registers = ", ".join(sorted(data.trials["registry"].dropna().unique()))
    rewritten = rewritten_share(data)
    facts = {
        "Trials": f"{len(data):,}",
        "Search": "; ".join(untitled),
        "Registers": (registers or "not stated") if len(data) else "",
        "Documents read": f"{len(data.sources):,}",
        "Set aside": _set_aside(data),
        "Example records": rewritten,
        "Made with": f"trialkit {__version__}",
        "Build": build_id(data, as_of=as_of),
    }
    field = ["cell therapy"] if on_cells else []
    made = _title(of_whom, topic, on_cells=on_cells)
    note = f" Example records, {rewritten}." if rewritten else ""
    return {
        "title": title.strip() or made,
        "subtitle": _subtitle(len(data), topic, on_cells=on_cells),
        # A title of one's own need not say what kind of report it is.
        "kicker": (title.strip() and topic) or _LANDSCAPE,
        "as_of": f"{as_day(as_of):%Y-%m-%d}",
        "facts": {name: fact for name, fact in facts.items() if fact},
        "notice": "\n".join(filter(None, (f"{NOTICE}{note}", search_line(data)))),
        "keywords": ["clinical trials", "registrations", *field, *searched],
    }


def _set_aside(data: Trials) -> str:
    """Return how many files and records could not be read, "" for none."""
    n = int(data.excluded["source_id"].notna().sum())
    return counted(n, "file or record", "files or records") if n else ""


def _title(condition: str, topic: str, *, on_cells: bool) -> str:
    """Return what a report is on: "Timelines: cell therapy, liver failure"."""
    subject = "Cell therapy" if on_cells else "Clinical trials"
    if topic:
        subject = f"{topic}: {uncapital(subject)}"
    mark = "," if topic else ":"
    return f"{subject}{mark} {condition}" if condition else subject


def _subtitle(n: int, topic: str, *, on_cells: bool) -> str:
    """Return what a report tells, with the number of its trials."""
    if not n:
        return "No registered trial is in this report"
    if topic == _SUPPLEMENT:
        told = "what the landscape rests on, trial by trial"
        return f"{counted(n, 'registered trial')}: {told}"
    if topic == _CHANGES:
        return f"What became of {counted(n, 'registered trial')} since an earlier state"
    topics = _CELL_TOPICS if on_cells else _TOPICS
    told = uncapital(topic) or topics
    say, leave = ("says", "it leaves") if n == 1 else ("say", "they leave")
    trials = counted(n, "registered trial")
    return f"What {trials} {say} about {told}, and what {leave} out"


def _is_plain(search: str) -> bool:
    """Return whether a search is plain words, without signs and operators."""
    joined = {"and", "or", "not"} & {word.casefold() for word in search.split()}
    return not joined and not set(search) & set('"“”()（）*')
