"""Writing the files of a report: all of them or none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from trialkit.atomic import folder_made, write_folder
from trialkit.errors import ReportError


@contextmanager
def writable(folder: Path) -> Iterator[Path]:
    """Yield a writable folder; if it was made and stays empty, it is removed."""
    with ExitStack() as until_then:
        try:
            until_then.enter_context(folder_made(folder))
            with tempfile.TemporaryFile(dir=folder):
                pass
        except FileExistsError:
            raise ReportError(f"cannot write to {folder}: it is no folder") from None
        except OSError as error:
            raise ReportError(f"cannot write to {folder}: {error.strerror}") from None
        yield folder


def write_together(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    stale: Callable[[], Iterable[Path]] = tuple,
) -> None:
    """Write files into a folder together: a killed run leaves the old ones or these."""
    with write_folder(folder, stale=stale, error=ReportError) as draft:
        for name, data in files.items():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).write_bytes(data)
