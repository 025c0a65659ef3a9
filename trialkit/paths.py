"""What a user may pass where files are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable

PathLike = str | os.PathLike[str]
#: A path, or several of them.
Paths = PathLike | Iterable[PathLike]


def listed(paths: Paths) -> list[PathLike]:
    """Return a list of the paths, also where it is one alone."""
    return [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
