"""The one function of the room: a question in, a receipt out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from warnings import warn

from trialkit.errors import ParameterError, TrialDataWarning
from trialkit.fetch.client import REGISTER, Client, Refused
from trialkit.fetch.download import Progress, Tell, download, now
from trialkit.fetch.history import check_history, download_history
from trialkit.fetch.pages import total_of, version_of
from trialkit.fetch.question import Ids, Question, option_at_fault, question
from trialkit.fetch.update import newest, updated
from trialkit.read.receipt import Receipt
from trialkit.version import __version__

#: Environment variables: where the register is, and the address of who asks.
BASE_URL, CONTACT = "TRIALKIT_CTGOV_URL", "TRIALKIT_CONTACT"


def _warn(message: str) -> None:
    warn(message, TrialDataWarning, stacklevel=2)


def fetch(
    out: str | os.PathLike[str] | None = None,
    *,
    condition: str = "",
    intervention: str = "",
    query: str = "",
    advanced: str = "",
    ids: Ids = (),
    url: str = "",
    history: str = "",
    update: str | os.PathLike[str] | None = None,
    only_changes: bool = False,
    count: bool = False,
    yes: bool = False,
    pace: float = 1.0,
    base_url: str = "",
    contact: str = "",
    tell: Tell = _warn,
    progress: Progress = lambda n_got, n_total: None,
) -> Receipt:
    """Download what a question finds in ClinicalTrials.gov, and return the receipt.

    The folder holds the pages as they came and `search.json`, the receipt; `load` reads
    it, and a report prints the search. What was broken off goes on where it stopped,
    if the register's data is the same, else it begins again. Raw pages hold what the
    register publishes, contact persons too; no table, store or report takes them over.

    Parameters
    ----------
    out
        The folder to make.
    condition, intervention
        What trials are on, and what is given, in the register's own language: words
        side by side are one term; OR, AND, NOT, brackets and quotation marks.
    query
        A search in trialkit's language, translated; what cannot be is refused.
    advanced
        A filter in the register's language, such as `AREA[Phase]PHASE2`, as it is.
    ids
        ClinicalTrials.gov ids: a list, a text with commas, a file, or the folder of a
        download.
    url
        A search, or a study, as its address stands in the browser.
    history
        Old versions of the records of `ids` instead of the records: `first`, the one at
        registration, `previous`, the last but one, or `all`; with the lists of all.
    update
        A download to continue: what changed since goes into a dated folder beside it.
    only_changes
        Of an update that finds nothing new, changed or gone, leave no folder.
    count
        Only ask how many studies there are; nothing is written.
    yes
        Download more than 20,000 studies.
    pace
        Seconds from one request to the next.
    base_url
        Another address of the register's interface, which ends in `/api/v2`; without
        it that of the download to continue, the variable TRIALKIT_CTGOV_URL, or
        clinicaltrials.gov.
    contact
        An address by which the register can reach you, sent with each request; without
        it the variable TRIALKIT_CONTACT.
    tell
        Called with a sentence on what must be known; without it a warning.
    progress
        Called as `progress(n_got, n_total)` after each page.

    Returns
    -------
    Receipt
        What was asked and what came. `load` takes it for its folder.

    Raises
    ------
    ParameterError
        If the question is empty, contradicts itself, or is refused by the register.
    TrialkitError
        If the register cannot be reached, or the folder cannot be written.
    MissingExtraError
        If the packages of the `fetch` extra are not installed.

    Examples
    --------
    >>> import trialkit as tk
    >>> tk.fetch("liver", query="NCT01234567")
    Traceback (most recent call last):
        ...
    trialkit.errors.ParameterError: query: registry ids alone, ...
    """
    words = {
        "condition": condition,
        "intervention": intervention,
        "query": query,
        "advanced": advanced,
        "url": url,
    }
    told: dict[str, Any] = {"tell": tell, "progress": progress}

    def client(own: str = "") -> Client:
        place = base_url or own or os.environ.get(BASE_URL, "") or REGISTER
        reached = contact or os.environ.get(CONTACT, "")
        return Client(place, pace=pace, contact=reached, tell=tell)

    if update is not None:
        if history:
            check_history(history, False, True)
        if any(words.values()) or ids:
            raise ParameterError("update asks what was asked before: give no search")
        before = newest(Path(update))
        asks = client(before.base_url)
        return updated(Path(update), before, asks, only_changes=only_changes, **told)
    if history:
        check_history(history, bool(ids), any(words.values()) or count)
    asked = question(ids=ids, **words)
    if not count and out is None:
        raise ParameterError("out is missing: name the folder to make")
    asks = client()
    for note in asked.notes:
        tell(note)
    try:
        if count:
            return _counted(asks, asked)
        target = Path(out or "")
        if history:
            return download_history(target, asks, asked.ids, history, **told)
        return download(target, asks, asked, yes=yes, **told)
    except Refused as refused:
        option = option_at_fault(asked.asked, str(refused))
        raise ParameterError(f"{option}: {refused}") from None


def _counted(client: Client, asked: Question) -> Receipt:
    version = version_of(client)
    total = sum(total_of(client, request) for request in asked.requests)
    return Receipt(
        base_url=client.base_url,
        question=asked.asked,
        requests=asked.requests,
        version_before=version,
        version_after=version,
        n_total=total,
        program=__version__,
        start=now(),
        end=now(),
    )
