"""The downloads among some paths: their receipts, and what is not as these say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from trialkit.errors import TrialDataError
from trialkit.files import Paths
from trialkit.plural import counted
from trialkit.read.files import expand
from trialkit.read.receipt import NAME, UNFINISHED, Receipt, receipt_in
from trialkit.record import Source


def receipts_of(paths: Paths, sources: Iterable[Source]) -> tuple[Receipt, ...]:
    """Return the receipts of the folders among `paths`, with what is not as they say.

    `sources` are what was read of the paths.
    """
    read: dict[Path, dict[str, str | None]] = {}
    for file in expand(paths):
        read.setdefault(file.parent, {})[file.name] = None
    for source in sources:
        path = Path(source.path)
        if path.name in read.get(path.parent, ()):
            read[path.parent][path.name] = source.sha256
    found = ((names, _receipt(folder)) for folder, names in read.items())
    return tuple(
        msgspec.structs.replace(receipt, faults=tuple(_faults(receipt, names)))
        for names, receipt in found
        if receipt
    )


def continued(receipts: Iterable[Receipt]) -> tuple[str, ...]:
    """Return a warning for each download that was read together with its update."""
    folders = {receipt.folder: receipt for receipt in receipts}
    told = "and both were read: what is gone since counts too; give the newest alone"
    return tuple(
        f"the download {folder} continues {before}, {told}"
        for folder, receipt in folders.items()
        if receipt.update
        and (before := str(Path(folder).with_name(receipt.update.of))) in folders
    )


def unfinished_folders(paths: Paths) -> tuple[str, ...]:
    """Return a warning for each folder whose download was not finished."""
    folders = dict.fromkeys(file.parent for file in expand(paths))
    again = "run the same `trialkit fetch` again"
    return tuple(
        f"the download in {folder} was not finished: {again}"
        for folder in folders
        if (folder / UNFINISHED).is_file() and not (folder / NAME).is_file()
    )


def _receipt(folder: Path) -> Receipt | None:
    """Return the receipt of a folder; one that cannot be read is set aside as file."""
    try:
        return receipt_in(folder)
    except TrialDataError:
        return None


def _faults(receipt: Receipt, names: Mapping[str, str | None]) -> Iterable[str]:
    unread = [page.name for page in receipt.pages if page.name not in names]
    if unread:
        n = counted(len(receipt.pages), "page")
        yield f"{len(unread):,} of {n} not read, the first {unread[0]}"
    for page in receipt.pages:
        if names.get(page.name) not in (None, page.sha256):
            yield f"{page.name} has other bytes than those that came"
    known = {NAME, *(page.name for page in receipt.pages)}
    if strange := sorted(set(names) - known):
        yield f"{strange[0]} is no part of it"
