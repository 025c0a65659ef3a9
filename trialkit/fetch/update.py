"""A download continued: what is new, changed and gone since, in a folder beside it.

The dated folder is whole. Pages of which some studies still count are linked into it,
what the register updated comes anew, and the receipt says which studies count from
which page. Nothing of the earlier download is changed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import msgspec

from trialkit.errors import TrialDataError
from trialkit.fetch.client import Client, NotThere
from trialkit.fetch.download import (
    Progress,
    Tell,
    now,
    steadily,
    take_up,
)
from trialkit.fetch.folder import (
    PART,
    Begun,
    Growing,
    begun_in,
    dropped,
    growing,
    linked,
)
from trialkit.fetch.language import since
from trialkit.fetch.pages import LISTING, Unsteady, version_of, walk
from trialkit.fetch.question import of_ids
from trialkit.fetch.records import digests, statuses
from trialkit.fetch.wire import read_study
from trialkit.read.receipt import NAME, Page, Receipt, Update, receipt_in
from trialkit.version import __version__

_DAY = r"\.\d{4}-\d\d-\d\d(?:T\d{6})?"
_DATED = re.compile(rf"(.+){_DAY}")
_NUMBER = re.compile(r"page-(\d+)")
#: So many studies that are gone are looked up one by one; the others count as left.
_MOST_LOOKED_UP = 200


def newest(folder: Path) -> Receipt:
    """Return the receipt of a download, or of the last of its updates beside it.

    A folder beside that has another question continues something else.
    """
    own = receipt_in(folder)
    first = _undated(folder)
    names = re.compile(rf"{re.escape(first.name)}({_DAY})?")
    beside = first.parent.iterdir() if first.parent.is_dir() else ()
    places = sorted(place for place in beside if names.fullmatch(place.name))
    found = [receipt for place in places if (receipt := receipt_in(place))]
    if not found:
        raise TrialDataError(f"{folder} is no download: it has no {NAME}")
    if own:
        found = [receipt for receipt in found if receipt.question == own.question]
    return max(found, key=lambda receipt: receipt.version_after.data)


def _undated(folder: Path) -> Path:
    """Return the folder of the first download of those that continue each other."""
    plain = folder if folder.name else folder.absolute()
    dated = _DATED.fullmatch(plain.name)
    return plain.with_name(dated[1]) if dated else plain


def _target(root: Path, data: str) -> Path:
    """Return the folder of an update: a register may have new data twice on a day."""
    day, _, time = data.partition("T")
    target = root.with_name(f"{root.name}.{day}")
    digits = re.sub(r"\D", "", time)[:6]
    return root.with_name(f"{target.name}T{digits}") if receipt_in(target) else target


def _drop_outdated(root: Path, before: Receipt, data: str, tell: Tell) -> None:
    """Remove what came of updates that were broken off, of data that is no more."""
    names = re.compile(rf"{re.escape(root.name)}{_DAY}{re.escape(PART)}")
    beside = root.parent.iterdir() if root.parent.is_dir() else ()
    for folder in sorted(place for place in beside if names.fullmatch(place.name)):
        begun = begun_in(folder)
        if begun is None or begun.question != before.question:
            continue
        if begun.version.data < data and dropped(folder):
            tell(f"{folder} is removed: an update broken off, of data that is no more")


def updated(
    folder: Path,
    before: Receipt,
    client: Client,
    *,
    only_changes: bool = False,
    tell: Tell,
    progress: Progress,
) -> Receipt:
    """Return the receipt of a dated folder with what the register has today.

    `before` is the newest download, which the dated folder continues.
    """
    if before.history:
        told = "holds old versions of records: fetch them again into a new folder"
        raise TrialDataError(f"{before.folder} {told}")
    version = version_of(client)
    root = _undated(folder)
    _drop_outdated(root, before, version.data, tell)
    if version.data == before.version_after.data:
        tell(f"the register's data is that of {before.folder} ({version.data})")
        return before
    first = (date.fromisoformat(before.day) - timedelta(days=1)).isoformat()
    if "ids" in before.question:
        requests = of_ids((*before.ids, *before.missing)).requests
    else:
        requests = before.requests
    newer = tuple(since(request, first) for request in requests)
    facts = before.question, newer, version, now(), __version__
    with growing(_target(root, version.data)) as part:
        part.n_before = max(
            (int(number[1]) for page in before.pages if (number := _number(page))),
            default=0,
        )
        take_up(part, Begun(client.base_url, *facts), tell)
        known = statuses(Path(before.folder), before.pages)
        asked = _Asked(before, requests, first, known)

        def gather() -> None:
            _gather(client, part, asked, progress)

        after = steadily(client, part, gather, tell)
        listed = part.listed
        gone = [id_ for id_ in before.ids if id_ not in listed]
        pages = _kept(before, part, gone)
        update = _found(client, part, asked, gone)
        if only_changes and not (update.new or update.changed or update.gone):
            part.clear()
            tell(f"nothing is new since {before.folder} ({before.version_after.data})")
            return before
        linked(pages, Path(before.folder), part.folder)
        receipt = Receipt(
            base_url=client.base_url,
            question=before.question,
            requests=requests,
            version_before=part.asked.version,
            version_after=after,
            n_total=len(part.listed),
            pages=(*pages, *part.pages()),
            aliases=before.aliases,
            program=__version__,
            start=part.asked.start,
            update=update,
        )
        missing = sorted(set(part.listed) - set(receipt.ids))
        rest = {
            "missing": (*missing, *_still_missing(before, part)),
            "is_complete": not missing,
            "end": now(),
        }
        return part.finish(msgspec.structs.replace(receipt, **rest))


class _Asked(msgspec.Struct, frozen=True):
    """What is continued: the download, its requests, the first day of the new.

    `statuses` are those that the studies of the download have in it.
    """

    before: Receipt
    requests: tuple[dict[str, str], ...]
    first: str
    statuses: dict[str, str]

    def is_due(self, id_: str, day: str, status: str) -> bool:
        """Return whether a listed study may say something else than it did.

        A register sets the status UNKNOWN by itself, and leaves the day of the update.
        """
        was = self.statuses.get(id_)
        is_other = bool(status) and was is not None and was != status
        return day >= self.first or is_other


def _gather(client: Client, part: Growing, asked: _Asked, progress: Progress) -> None:
    """Ask for what was updated, for all ids, and for what is new without an update."""
    n = len(asked.requests)

    def tell_progress() -> None:
        progress(len(part.ids), sum(s.n_total or 0 for s in part.steps if s.series < n))

    for number, request in enumerate(part.asked.requests):
        walk(client, part, number, request, progress=tell_progress)
    for number, request in enumerate(asked.requests, n):
        walk(client, part, number, {**request, **LISTING})
    said = sum(s.n_total or 0 for s in part.steps if n <= s.series < 2 * n)
    if said > len(part.listed):
        raise Unsteady(f"{said - len(part.listed):,} of {said:,} ids did not come")
    came = {id_ for step in part.steps if step.series < n for id_ in step.ids}
    known, now = set(asked.before.ids), part.statuses
    wanted = [
        id_
        for id_, day in part.listed.items()
        if id_ not in came
        and (id_ not in known or asked.is_due(id_, day, now.get(id_, "")))
    ]
    for number, request in enumerate(of_ids(wanted).requests, 2 * n):
        walk(client, part, number, request)


def _number(page: Page) -> re.Match[str] | None:
    return _NUMBER.match(page.name)


def _kept(before: Receipt, part: Growing, gone: list[str]) -> tuple[Page, ...]:
    """Return the earlier pages with the studies that still count from them."""
    other = part.ids | set(gone)
    pages = (
        msgspec.structs.replace(
            page, ids=tuple(id_ for id_ in page.ids if id_ not in other)
        )
        for page in before.pages
    )
    return tuple(page for page in pages if page.ids)


def _found(client: Client, part: Growing, asked: _Asked, gone: list[str]) -> Update:
    """Return what is new, changed and gone."""
    before = asked.before
    known = set(before.ids)
    again = part.ids & known
    old = digests(Path(before.folder), before.pages, again)
    new = digests(part.folder, part.pages(), again)
    came = [id_ for page in part.pages() for id_ in page.ids]
    return Update(
        of=Path(before.folder).name,
        since=asked.first,
        new=tuple(id_ for id_ in came if id_ not in known),
        changed=tuple(i for i in came if i in again and old.get(i) != new.get(i)),
        gone=tuple(gone),
        left=(
            *(i for i in gone[:_MOST_LOOKED_UP] if _is_there(client, i)),
            *gone[_MOST_LOOKED_UP:],
        ),
    )


def _is_there(client: Client, id_: str) -> bool:
    """Return whether the register still has a study under its id."""
    try:
        answer = client.ask(f"/studies/{id_}", {"fields": "NCTId"}, read=read_study)
    except NotThere:
        return False
    return answer.value.nct_id == id_


def _still_missing(before: Receipt, part: Growing) -> list[str]:
    """Return the ids that were asked for and that the register has not yet."""
    known = {*part.listed, *before.aliases}
    return [
        id_ for id_ in before.missing if id_ not in known and "ids" in before.question
    ]
