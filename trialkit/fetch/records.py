"""The records of kept pages, told apart from those of another night."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from sys import intern
from typing import Any

import msgspec

from trialkit.errors import TrialDataError
from trialkit.fetch.wire import Study, read_page, read_study
from trialkit.read.receipt import Page


def digests(
    folder: Path, pages: Iterable[Page], ids: Collection[str]
) -> dict[str, bytes]:
    """Return a hash of each record of some studies, whatever the night of its data."""
    found: dict[str, bytes] = {}
    for page in pages:
        wanted = set(page.ids) & set(ids)
        if wanted:
            for study in _studies(folder / page.name):
                id_ = study["protocolSection"]["identificationModule"]["nctId"]
                if id_ in wanted:
                    found[id_] = _digest(study)
    return found


def statuses(folder: Path, pages: Iterable[Page]) -> dict[str, str]:
    """Return the status of each study that counts from some pages, where known."""
    found: dict[str, str] = {}
    for page in pages:
        own = set(page.ids)
        with suppress(TrialDataError):  # whoever reads such a page is told
            body = _body(folder / page.name)
            found |= {s.nct_id: intern(s.status) for s in _few(body) if s.nct_id in own}
    return found


def _few(body: bytes) -> list[Study]:
    """Return what a download needs of the studies of a page."""
    with suppress(msgspec.MsgspecError):
        return read_page(body).studies
    with suppress(msgspec.MsgspecError):
        return [read_study(body)]  # what was looked up by its id
    return []


def _studies(file: Path) -> Iterator[dict[str, Any]]:
    try:
        data = msgspec.json.decode(_body(file))
    except msgspec.MsgspecError as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from None
    # What was looked up by its id is a study by itself.
    yield from data["studies"] if "studies" in data else (data,)


def _body(file: Path) -> bytes:
    try:
        return gzip.decompress(file.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from None


def _digest(study: dict[str, Any]) -> bytes:
    """Return the hash of a record, without the day of the data that it bears."""
    study.get("derivedSection", {}).get("miscInfoModule", {}).pop("versionHolder", None)
    return sha256(msgspec.json.encode(study, order="sorted")).digest()
