"""Walking through the pages of an answer, and what does not hold together in it.

A page may be empty and still have a next one: only a missing token is the end. A study
may stand on two pages, where the register's index moves: it counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from trialkit.errors import TrialkitError
from trialkit.fetch.client import Client, NotThere, Refused
from trialkit.fetch.folder import Growing, Step
from trialkit.fetch.wire import Page, Study, read_page, read_study, read_version
from trialkit.read.receipt import Version

PAGE_SIZE = 1000
#: So many pages in a row that bring nothing new are no answer.
_MOST_IN_VAIN = 50
#: What is asked of the register where only its ids are wanted; it sets a status by
#: itself, without an update.
LISTING = {"fields": "NCTId,LastUpdatePostDate,OverallStatus"}

Parameters = Mapping[str, str]


class Unsteady(TrialkitError):
    """What came does not hold together: the data changed, or pages contradict."""


def version_of(client: Client) -> Version:
    """Return what the register says of its interface and data."""
    said = client.ask("/version", read=read_version).value
    return Version(said.apiVersion, said.dataTimestamp)


def total_of(client: Client, parameters: Parameters) -> int:
    """Return how many studies a request finds."""
    asked = {**parameters, "pageSize": "1", "countTotal": "true", "fields": "NCTId"}
    return client.ask("/studies", asked, read=read_page).value.totalCount or 0


def walk(
    client: Client,
    part: Growing,
    series: int,
    parameters: Parameters,
    *,
    check: Callable[[int], Any] = lambda n_total: None,
    progress: Callable[[], Any] = lambda: None,
) -> None:
    """Take in all pages of one request, from where they were broken off.

    `check` gets the total before the first page is kept. Of a request for ids alone no
    page is kept.
    """
    done = [step for step in part.steps if step.series == series]
    if done and not done[-1].token:
        return
    token = done[-1].token if done else ""
    tokens = {step.token for step in done}
    is_list = "fields" in parameters
    # Of a list only the ids of its own pages are known, else all that were kept.
    seen = {id_ for step in done for id_ in step.ids} if is_list else part.ids
    n_vain = 0
    while True:
        step, body = _page(client, part, series, parameters, token, seen)
        if not token:
            check(step.n_total or 0)
        n_vain = 0 if step.ids else n_vain + 1
        if step.token and (step.token in tokens or n_vain > _MOST_IN_VAIN):
            raise Unsteady("the register gave the same page again")
        is_kept = not is_list and (step.ids or not part.steps)
        part.add(step, body if is_kept else b"")
        progress()
        if not step.token:
            return
        token = step.token
        tokens.add(token)
        seen |= set(step.ids)


def _page(
    client: Client,
    part: Growing,
    series: int,
    parameters: Parameters,
    token: str,
    seen: set[str],
) -> tuple[Step, bytes]:
    """Return one page as a step, with the bytes that came."""
    around = {"pageToken": token} if token else {"countTotal": "true"}
    asked = {**parameters, "pageSize": str(PAGE_SIZE), **around}
    try:
        answer = client.ask("/studies", asked, read=read_page)
    except Refused:
        if not token:
            raise
        # A token that was made before the last reload.
        raise Unsteady("the register takes the next page's token no longer") from None
    page: Page = answer.value
    new = {s.nct_id: s for s in page.studies if s.nct_id not in seen}
    is_list = "fields" in parameters
    step = Step(
        series,
        ids=tuple(new),
        days=tuple(study.day for study in new.values()) if is_list else (),
        statuses=tuple(study.status for study in new.values()) if is_list else (),
        token=page.nextPageToken,
        night=_night(part, page.studies),
        n_total=page.totalCount,
    )
    return step, answer.body


def _night(part: Growing, studies: Iterable[Study]) -> str:
    """Return the day of the data that all studies bear; two of them are unsteady."""
    days = {study.night for study in studies} - {""}
    before = (step.night for step in reversed(part.steps) if step.night)
    days |= {*islice(before, 1)}
    if len(days) > 1:
        first, *_, last = sorted(days)
        raise Unsteady(f"the register's data changed ({first}, then {last})")
    return next(iter(days), "")


def look_up(client: Client, part: Growing, series: int, id_: str) -> None:
    """Ask for one study by its id; one that is not there is a step without ids."""
    if any(step.looked_up == id_ for step in part.steps):
        return
    try:
        answer = client.ask(f"/studies/{id_}", {"format": "json"}, read=read_study)
    except NotThere:
        part.add(Step(series, looked_up=id_))
        return
    found: Study = answer.value
    night = _night(part, [found])
    is_new = found.nct_id not in part.ids
    step = Step(series, ids=(found.nct_id,), night=night, looked_up=id_)
    part.add(step, answer.body if is_new else b"")
