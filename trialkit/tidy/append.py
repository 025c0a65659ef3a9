"""Add records to a store: trials that it has are updated, the others are new in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trialkit.files import Paths
from trialkit.tidy.earlier import Earlier, check_store
from trialkit.tidy.settle import Filled
from trialkit.tidy.store import write_store
from trialkit.tidy.stream import fill, labelling_of
from trialkit.version import rules_version


def append(
    paths: Paths,
    store: str | os.PathLike[str],
    *,
    labels: bool = True,
    vocabularies: Paths = (),
    overrides: Paths = (),
    workers: int | None = None,
    progress: Callable[[int], Any] = lambda n_records: None,
) -> Filled:
    """Write a store again with more records; it stays as it was if anything fails."""
    labelling = labelling_of(labels, vocabularies, overrides)
    check_store(Path(store), labelling)
    rules = rules_version() if labels else ""
    with write_store(store, rules=rules) as writer:
        earlier = Earlier(Path(store), labelling)
        given = {"workers": workers, "progress": progress, "earlier": earlier}
        filled = fill(writer, paths, labelling, **given)
        writer.searches = filled.searches
    return filled
