"""`python -m benchmarks.render_once NOTEBOOK`: print how long a rendering takes."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from trialkit.report.render.embedded import Embedded


def main(path: Path) -> None:
    """Render an executed report notebook to HTML and PDF, and print how long it took.

    Imports are counted, for a report pays them too; the start of Python is not.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    start = time.perf_counter()
    Embedded().render(notebook, ("html", "pdf"), folder=path.parent)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
