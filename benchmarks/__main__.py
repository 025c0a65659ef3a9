"""`python -m benchmarks [NAME ...]`: measure, print the ratios; nothing is asserted."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat

from benchmarks.measure import Comparison, compare, show

#: The least a parameterised report in Python can cost: its kernel and its imports.
_EMPTY = "import pandas as pd\nimport matplotlib.pyplot as plt"


def import_time() -> Comparison:
    """Time `import trialkit` against `import pandas`."""
    return compare(
        "import trialkit / import pandas",
        [sys.executable, "-c", "import trialkit"],
        [sys.executable, "-c", "import pandas"],
        target=1.1,
        pairs=11,
    )


def report_time() -> Comparison:
    """Time the report, both formats, against papermill on an empty notebook."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_EMPTY)])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        empty = Path(folder) / "empty.ipynb"
        nbformat.write(notebook, empty)
        report = ["-m", "trialkit", "report", "--engine", "embedded", "--out"]
        papermill = ["-m", "papermill", "--no-progress-bar", "--log-level", "WARNING"]
        return compare(
            "trialkit report (example, HTML and PDF) / papermill on an empty notebook",
            [sys.executable, *report, str(Path(folder) / "out")],
            [sys.executable, *papermill, str(empty), str(Path(folder) / "done.ipynb")],
            target=2.5,
        )


BENCHMARKS = {"import": import_time, "report": report_time}


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all of them."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        known = ", ".join(BENCHMARKS)
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {known}")
    show([BENCHMARKS[name]() for name in names or BENCHMARKS])


if __name__ == "__main__":
    main(sys.argv[1:])
