"""What the cover says, and the default data cut-off."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit.dates import as_day, date_span
from trialkit.errors import ParameterError
from trialkit.prose.sentences import NOTICE
from trialkit.provenance import rules_version
from trialkit.version import __version__

if TYPE_CHECKING:
    from trialkit.trials import Trials


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


def build_id(data: Trials, *, as_of: str | pd.Timestamp) -> str:
    """Return a short name of what a report is made from: the same input, the same id.

    It is a hash of the SHA-256 of every file read, the trials chosen from them, the
    cut-off, what labels them (rules, vocabularies, code) and the version of trialkit.
    """
    parts = [
        *sorted(data.sources["sha256"].dropna()),
        *sorted(data.trials["trial_id"]),
        f"{as_day(as_of):%Y-%m-%d}",
        rules_version(),
        __version__,
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def cover(
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    title: str = "",
    condition: str = "",
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
        Title; made from the condition where empty.
    condition
        The words that trials were chosen by.
    topic
        What the report looks at; empty for the whole landscape.

    Returns
    -------
    dict
        Arguments of `trialkit.display.show_title`.
    """
    subject = condition.strip().capitalize() or "Cell therapy"
    registers = ", ".join(sorted(data.trials["registry"].dropna().unique()))
    return {
        "title": title.strip() or f"{subject}: {_subject_of(topic)}",
        "subtitle": "Registered clinical trials"
        if topic
        else "Routes of administration, cell sources, enrollment, timelines",
        "as_of": f"{as_day(as_of):%Y-%m-%d}",
        "facts": {
            "Trials": f"{len(data):,}",
            **({"Registers": registers or "not stated"} if len(data) else {}),
            "Documents read": f"{len(data.sources):,}",
            "Made with": f"trialkit {__version__}",
            "Build": build_id(data, as_of=as_of),
        },
        "notice": NOTICE,
        "keywords": [
            "clinical trials",
            "registrations",
            "cell therapy",
            *filter(None, [condition.strip()]),
        ],
    }


def _subject_of(topic: str) -> str:
    return topic[0].lower() + topic[1:] if topic else "registered-trial landscape"
