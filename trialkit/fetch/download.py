"""From a question to a finished folder with its receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from trialkit.errors import ParameterError, TrialkitError
from trialkit.fetch.client import Client
from trialkit.fetch.folder import Begun, Growing, growing
from trialkit.fetch.pages import LISTING, Unsteady, look_up, version_of, walk
from trialkit.fetch.question import Question, of_ids
from trialkit.plural import counted
from trialkit.read.receipt import Receipt, Version
from trialkit.version import __version__

#: More studies than these are downloaded only where that is said.
MANY = 20_000
#: How often a download begins again because the register's data changed.
_ATTEMPTS = 4
#: Bytes of a study, unpacked, on the average of the register.
_BYTES = 17_000

Tell = Callable[[str], Any]
#: Called as `progress(n_got, n_total)`.
Progress = Callable[[int, int], Any]


def download(
    target: Path,
    client: Client,
    asked: Question,
    *,
    yes: bool = False,
    tell: Tell,
    progress: Progress,
) -> Receipt:
    """Download what a question finds into a new folder, and return its receipt."""
    with growing(target) as part:
        begun = begun_now(client, asked)
        take_up(part, begun, tell)

        def gather() -> None:
            _gather(client, part, asked, yes=yes, progress=progress)

        after = steadily(client, part, gather, tell)
        receipt = _receipt(client, part, asked, after)
        return part.finish(receipt)


def begun_now(client: Client, asked: Question) -> Begun:
    """Return the first line of a journal."""
    version = version_of(client)
    facts = asked.asked, asked.requests, version, now(), __version__
    return Begun(client.base_url, *facts)


def take_up(
    part: Growing, begun: Begun, tell: Tell, *, of_any_day: bool = False
) -> None:
    """Go on with what an earlier download left, or begin."""
    if part.begun is None:
        part.begin(begun)
    elif not part.begun.asks_as(begun):
        other = "; ".join(f"{k}: {v}" for k, v in part.begun.question.items())
        told = f"holds what came of another search ({other}): finish or delete it"
        raise TrialkitError(f"{part.folder} {told}")
    elif part.begun.version.data != begun.version.data and not of_any_day:
        told = f"{part.begun.version.data}, now {begun.version.data}"
        tell(f"the register's data changed meanwhile ({told}): begins again")
        part.begin(begun)
    elif part.steps or part.is_spoilt:
        if part.is_spoilt:
            tell(f"a page in {part.folder} is not as it came: asks for it again")
        n = counted(len(part.ids), "study", "studies")
        tell(f"goes on after {n}, which came before")


def steadily(
    client: Client, part: Growing, gather: Callable[[], Any], tell: Tell
) -> Version:
    """Gather until all is of one state of the register's data; return its version."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            gather()
            after = version_of(client)
            before = part.asked.version
            if after.data == before.data:
                return after
            changed = f"({before.data}, then {after.data})"
            raise Unsteady(f"the register's data changed {changed}")
        except Unsteady as fault:
            if attempt == _ATTEMPTS:
                told = f"{fault}, {_ATTEMPTS} times: run the same again later"
                raise TrialkitError(told) from None
            tell(f"{fault}: begins again")
        anew = {"version": version_of(client), "start": now()}
        part.begin(msgspec.structs.replace(part.asked, **anew))
    raise AssertionError


def _gather(
    client: Client, part: Growing, asked: Question, *, yes: bool, progress: Progress
) -> None:
    def check(n_total: int) -> None:
        if n_total > MANY and not yes:
            pages = -(-n_total // 1000)
            size = f"{counted(pages, 'request')}, {n_total * _BYTES / 1e9:.1f} GB"
            told = f"finds {n_total:,} studies (about {size})"
            raise ParameterError(f"the search {told}: narrow it, or say yes (--yes)")

    def tell_progress() -> None:
        progress(len(part.ids), _total(part, asked))

    requests = asked.requests
    for number, request in enumerate(requests):
        walk(client, part, number, request, check=check, progress=tell_progress)
    for id_ in asked.ids:
        if id_ not in part.ids:
            look_up(client, part, len(requests), id_)
    if not asked.ids and len(part.ids) < _total(part, asked):
        _fill(client, part, asked)


def _fill(client: Client, part: Growing, asked: Question) -> None:
    """Ask by their ids for studies that came on no page, as where an index moved."""
    n = len(asked.requests)
    for number, request in enumerate(asked.requests, n):
        walk(client, part, number, {**request, **LISTING})
    came = {id_ for step in part.steps if step.series < n for id_ in step.ids}
    wanted = [id_ for id_ in part.listed if id_ not in came]
    for number, request in enumerate(of_ids(wanted).requests, 2 * n):
        walk(client, part, number, request)


def _total(part: Growing, asked: Question) -> int:
    """Return how many studies the register says that there are."""
    own = (step for step in part.steps if step.series < len(asked.requests))
    return len(asked.ids) or sum(step.n_total or 0 for step in own)


def _receipt(client: Client, part: Growing, asked: Question, after: Version) -> Receipt:
    looked = {step.looked_up: step for step in part.steps if step.looked_up}
    n_total = _total(part, asked)
    lacking = (id_ for id_ in part.listed if id_ not in part.ids)
    return Receipt(
        base_url=client.base_url,
        question=asked.asked,
        requests=asked.requests,
        version_before=part.asked.version,
        version_after=after,
        n_total=n_total,
        pages=part.pages(),
        missing=(*lacking, *(i for i, s in looked.items() if not s.ids)),
        aliases={i: s.ids[0] for i, s in looked.items() if s.ids and s.ids[0] != i},
        is_complete=bool(asked.ids) or len(part.ids) >= n_total,
        program=__version__,
        start=part.asked.start,
        end=now(),
    )


def now() -> str:
    """Return the time, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
