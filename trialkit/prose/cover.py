"""What the cover says, and the default data cut-off."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trialkit.dates import as_day, date_span
from trialkit.errors import ParameterError
from trialkit.prose.sentences import NOTICE
from trialkit.prose.subject import is_on_cells, rewritten_share
from trialkit.summarize.counted import Day
from trialkit.tables.appendix import build_id
from trialkit.tidy.trials import Trials
from trialkit.version import __version__

#: Topics of the whole landscape, of cell trials and of others.
_CELL_TOPICS = "Routes of administration, cell sources, enrollment, timelines"
_TOPICS = "Enrollment, timelines, places, design"


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
    texts = pd.concat([data.sources["source_date"], data.trials["last_updated_date"]])
    days = [date_span(text).earliest for text in texts.dropna()]
    known = [day for day in days if day]
    if not known:
        raise ParameterError(
            "no source states when it was last updated: give the data cut-off, "
            "as_of='2026-06-30', say"
        )
    return max(known)


def cover(
    data: Trials,
    *,
    as_of: Day,
    title: str = "",
    condition: str = "",
    query: str = "",
    topic: str = "",
) -> dict[str, Any]:
    """Return title, subtitle, cut-off, facts and notice for the cover of a report.

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
        What the report looks at; empty for the whole landscape.

    Returns
    -------
    dict
        Arguments of `trialkit.report.display.show_title`.
    """
    on_cells = is_on_cells(data)
    searched = [" ".join(text.split()) for text in (condition, query) if text.strip()]
    subject = next(filter(_is_plain, searched), "")
    untitled = [text for text in searched if text != subject or title.strip()]
    subject = subject or ("Cell therapy" if on_cells else "Clinical trials")
    about = topic[:1].lower() + topic[1:] or "registered-trial landscape"
    topics = _CELL_TOPICS if on_cells else _TOPICS
    registers = ", ".join(sorted(data.trials["registry"].dropna().unique()))
    facts = {
        "Trials": f"{len(data):,}",
        "Search": "; ".join(untitled),
        "Registers": (registers or "not stated") if len(data) else "",
        "Documents read": f"{len(data.sources):,}",
        "Example records": rewritten_share(data),
        "Made with": f"trialkit {__version__}",
        "Build": build_id(data, as_of=as_of),
    }
    field = ["cell therapy"] if on_cells else []
    return {
        # The subject may go on with an abbreviation, which keeps its capitals.
        "title": title.strip() or f"{subject[:1].upper()}{subject[1:]}: {about}",
        "subtitle": "Registered clinical trials" if topic else topics,
        "as_of": f"{as_day(as_of):%Y-%m-%d}",
        "facts": {name: fact for name, fact in facts.items() if fact},
        "notice": NOTICE,
        "keywords": ["clinical trials", "registrations", *field, *searched],
    }


def _is_plain(search: str) -> bool:
    """Return whether a search is plain words, without signs and operators."""
    joined = {"and", "or", "not"} & {word.casefold() for word in search.split()}
    return not joined and not set(search) & set('"“”()（）*')
