"""The records of kept pages, told apart from those of another night."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from trialkit.errors import TrialDataError
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


def _studies(file: Path) -> Iterator[dict[str, Any]]:
    try:
        data = msgspec.json.decode(gzip.decompress(file.read_bytes()))
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise TrialDataError(f"{file} cannot be read: {error}") from None
    # What was looked up by its id is a study by itself.
    yield from data["studies"] if "studies" in data else (data,)


def _digest(study: dict[str, Any]) -> bytes:
    """Return the hash of a record, without the day of the data that it bears."""
    study.get("derivedSection", {}).get("miscInfoModule", {}).pop("versionHolder", None)
    return sha256(msgspec.json.encode(study, order="sorted")).digest()
