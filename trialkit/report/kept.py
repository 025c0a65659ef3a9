"""What a report keeps of its trials, so that a later one can be compared with them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trialkit.atomic import scratch_folder
from trialkit.files import KEPT
from trialkit.report.render.data import path_of

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Names the folder that a running notebook leaves its trials in.
_FOLDER = "TRIALKIT_KEPT_TRIALS"
#: A report on more trials keeps none: whoever has so many has a store of them.
MOST = 20_000


@contextmanager
def keeping() -> Iterator[Path]:
    """Yield the folder in which the notebook that the block runs leaves its trials."""
    with scratch_folder("kept") as folder:
        before = os.environ.get(_FOLDER)
        os.environ[_FOLDER] = str(folder)
        try:
            yield folder
        finally:
            if before is None:
                del os.environ[_FOLDER]
            else:
                os.environ[_FOLDER] = before


def keep(trials: Trials) -> None:
    """Leave trials for the report that is being made, where one is."""
    folder = _folder()
    if folder and len(trials) <= MOST:
        trials.save(folder / KEPT)


def place_of_records() -> Path | None:
    """Return where the report that is being made puts many records, where one is."""
    folder = _folder()
    return folder / "records" if folder else None


def _folder() -> Path | None:
    named = os.environ.get(_FOLDER)
    return Path(named) if named and Path(named).is_dir() else None


def kept_files(folder: Path, *, name: str) -> dict[str, bytes]:
    """Return the files of the trials that were left, by path beside the report."""
    return {
        path_of(name, f"{KEPT}/{file.name}"): file.read_bytes()
        for file in sorted((folder / KEPT).glob("*"))
        if file.is_file()
    }
