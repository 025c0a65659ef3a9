"""Old versions of records: the lists of versions, and of each study those asked for.

A list is read before and after the versions, so that one that was added meanwhile is
not missed. A version never changes: what was broken off goes on whatever the day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from trialkit.errors import ParameterError, TrialkitError
from trialkit.fetch.client import Client, NotThere
from trialkit.fetch.download import Progress, Tell, now, take_up
from trialkit.fetch.folder import Begun, Growing, Step, growing
from trialkit.fetch.pages import version_of
from trialkit.fetch.wire import Past, read_past, read_version_list
from trialkit.nearest import did_you_mean
from trialkit.read.receipt import Receipt
from trialkit.read.values.ids import named_study
from trialkit.version import __version__

#: How often a list is read again that has grown meanwhile.
_MOST_LISTS = 4


def _first(numbers: Sequence[int]) -> Sequence[int]:
    return numbers[:1]


def _previous(numbers: Sequence[int]) -> Sequence[int]:
    return numbers[-2:-1]


def _all(numbers: Sequence[int]) -> Sequence[int]:
    return numbers


#: Which of the numbers of all versions are asked for, by the word for it.
CHOICES: dict[str, Callable[[Sequence[int]], Sequence[int]]] = {
    "first": _first,
    "previous": _previous,
    "all": _all,
}


class _Wanted(NamedTuple):
    """The ids whose versions are asked for, and which of them."""

    ids: tuple[str, ...]
    history: str


def check_history(history: str, has_ids: bool, others: bool) -> None:
    """Refuse a history of what has none, or of no study."""
    if history not in CHOICES:
        hint = did_you_mean(history, CHOICES)
        raise ParameterError(f"history: {history!r} is no choice of versions; {hint}")
    if others or not has_ids:
        told = "needs ids, and no search: those of a download are in its folder"
        raise ParameterError(f"history: {told} (ids=FOLDER)")


def download_history(
    target: Path,
    client: Client,
    ids: tuple[str, ...],
    history: str,
    *,
    tell: Tell,
    progress: Progress,
) -> Receipt:
    """Download the versions of some studies into a new folder; return its receipt."""
    wanted = _Wanted(ids, history)
    question = {"ids": ",".join(ids), "history": history}
    with growing(target) as part:
        version = version_of(client)
        begun = Begun(
            client.base_url, question, (question,), version, now(), __version__
        )
        take_up(part, begun, tell, of_any_day=True)
        for n in range(len(ids)):
            if not _is_done(part, n):
                _take(client, part, n, wanted)
            progress(n + 1, len(ids))
        return part.finish(_receipt(client, part, wanted))


def _is_done(part: Growing, series: int) -> bool:
    return any(step.series == series and step.looked_up for step in part.steps)


def _take(client: Client, part: Growing, series: int, wanted: _Wanted) -> None:
    """Take in the versions of one study, and its list."""
    asked = wanted.ids[series]
    came = (step for step in part.steps if step.series == series)
    tried = {step.version: step for step in came if step.version is not None}
    for _ in range(_MOST_LISTS):
        listed = _listed(client, asked)
        if listed is None:
            part.add(Step(series, looked_up=asked))
            return
        numbers = CHOICES[wanted.history](sorted(listed.numbers))
        new = [number for number in numbers if number not in tried]
        if not new:
            break
        for number in new:
            tried[number] = _version(client, part, series, asked, number)
    else:
        told = f"the versions of {asked} grow while they are read"
        raise TrialkitError(f"{told}: run the same again later")
    found = [step.ids[0] for step in tried.values() if step.ids]
    id_ = found[-1] if found else listed.id
    about = Step(series, (id_,), looked_up=asked, name=f"{id_}-history")
    part.add(about, listed.body)


class _Listed(NamedTuple):
    """A list of versions as it came, and of which study it is."""

    id: str
    numbers: tuple[int, ...]
    body: bytes


def _listed(client: Client, id_: str) -> _Listed | None:
    try:
        answer = client.ask(
            f"/studies/{id_}/history", read=read_version_list, api="int"
        )
    except NotThere:
        return None
    numbers = tuple(change.version for change in answer.value.changes)
    # A former id leads to the address of the present one.
    own = named_study(answer.url.rpartition("/history")[0]) or id_
    return _Listed(own, numbers, answer.body)


def _version(
    client: Client, part: Growing, series: int, asked: str, number: int
) -> Step:
    """Take in one version; of one that is not there only its number is kept."""

    def read(body: bytes) -> Past:
        past = read_past(body)
        if past.studyVersion != number:
            raise ValueError(f"version {past.studyVersion} in the place of {number}")
        return past

    path = f"/studies/{asked}/history/{number}"
    try:
        answer = client.ask(path, read=read, api="int")
    except NotThere:
        step = Step(series, version=number)
        part.add(step)
        return step
    id_ = answer.value.study.nct_id
    name = f"{id_}-version-{number}"
    step = Step(series, (id_,), version=number, name=name)
    part.add(step, answer.body)
    return step


def _receipt(client: Client, part: Growing, wanted: _Wanted) -> Receipt:
    lists = [step for step in part.steps if step.looked_up]
    own = {step.series: step.ids[0] for step in lists if step.ids}
    got: dict[str, list[int]] = {}
    lost: dict[str, list[int]] = {}
    for step in part.steps:
        if step.version is not None:
            id_ = own.get(step.series, wanted.ids[step.series])
            (got if step.file else lost).setdefault(id_, []).append(step.version)
    return Receipt(
        base_url=client.base_url,
        question=part.asked.question,
        requests=part.asked.requests,
        version_before=part.asked.version,
        version_after=version_of(client),
        n_total=len(wanted.ids),
        pages=part.pages(),
        missing=tuple(step.looked_up for step in lists if not step.ids),
        aliases={
            step.looked_up: step.ids[0]
            for step in lists
            if step.ids and step.ids[0] != step.looked_up
        },
        history=wanted.history,
        versions={id_: tuple(sorted(numbers)) for id_, numbers in got.items()},
        missing_versions={id_: tuple(sorted(n)) for id_, n in lost.items()},
        # A register without any history is no complete one.
        is_complete=bool(own) and not lost,
        program=__version__,
        start=part.asked.start,
        end=now(),
    )
