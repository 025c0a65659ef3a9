"""A file that appears whole or not at all, whatever stops its writer."""

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
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(target)
    except OSError as error:
        why = error.strerror or error
        raise TrialDataError(f"cannot write {target}: {why}") from error
    finally:
        with suppress(OSError):
            part.unlink()
