"""What appears whole or not at all, whatever stops its writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from trialkit.errors import TrialDataError


def beside(target: Path) -> Path:
    """Return a hidden path in the folder of `target` that no other writer uses."""
    return target.with_name(f".{target.name}.{token_hex(4)}")


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Make a folder for what the block writes; made for nothing, it goes again.

    Parameters
    ----------
    folder
        It and what it lies in are made if need be. Of what was made, a folder that is
        still empty when the block ends is removed.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for place in made:
            with suppress(OSError):  # it is not empty, or somebody else was quicker
                place.rmdir()


@contextmanager
def write_whole(target: Path) -> Iterator[Path]:
    """Yield a path to write a file to; it becomes `target` when the block ends well.

    Parameters
    ----------
    target
        The file; its folder is made if need be, and an earlier file stays as it is
        until then.

    Raises
    ------
    TrialDataError
        If the file cannot be written.
    """
    part = beside(target)
    try:
        with folder_made(target.parent):
            try:
                yield part
                part.replace(target)
            finally:
                with suppress(OSError):
                    part.unlink()
    except OSError as error:
        why = error.strerror or error
        raise TrialDataError(f"cannot write {target}: {why}") from error
