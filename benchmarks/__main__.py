"""`python -m benchmarks [NAME ...]`: measure, print the ratios; nothing is asserted.

`--studies ZIP` names real studies, one JSON file each, for the corpus of `read` and
`tidy`; without it the example records are resampled. `phase` and `condition` choose
from the store of `--store`, or from one that is made for them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import nbformat

from benchmarks.corpus import write_corpus
from benchmarks.doubling import label_doubling
from benchmarks.labelling import label_time, other_label_time
from benchmarks.measure import Comparison, compare, show
from benchmarks.reports import render_time, reports_time, second_time
from benchmarks.stores import ASKED, store_time

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
            target=1.6,
        )


#: Files to every table as a DataFrame, which is what a user of `tk.load` has.
_READ = """
import sys
import trialkit as tk
for name, frame in tk.load(sys.argv[1], labels=False).tables():
    len(frame)
"""
_BARE = "import orjson, sys; orjson.loads(open(sys.argv[1], 'rb').read())"
_N_STUDIES = 5000


@contextmanager
def _corpus(studies: Path | None, n: int = _N_STUDIES) -> Iterator[tuple[Path, Path]]:
    """Make a corpus for one benchmark; yield it and a folder for what is written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.json"
        write_corpus(path, n, studies)
        yield path, Path(folder)


def read_time(studies: Path | None) -> Comparison:
    """Time files to all tables, without labels, against bare orjson."""
    with _corpus(studies) as (path, _):
        return compare(
            f"tk.load, all tables of {_N_STUDIES:,} studies / orjson.loads",
            [sys.executable, "-c", _READ, str(path)],
            [sys.executable, "-c", _BARE, str(path)],
            target=0.5,
        )


def tidy_time(studies: Path | None) -> Comparison:
    """Time the command that writes parquet against bare orjson."""
    with _corpus(studies) as (path, folder):
        out = ["--no-labels", "--out", str(folder / "out")]
        return compare(
            f"trialkit tidy --format parquet, {_N_STUDIES:,} studies / orjson.loads",
            [sys.executable, "-m", "trialkit", "tidy", str(path), *out],
            [sys.executable, "-c", _BARE, str(path)],
            target=0.7,
        )


def scaling(studies: Path | None) -> Comparison:
    """Time ten times as many studies against once as many: 10 is linear."""
    with _corpus(studies, 2000) as (small, folder):
        large = folder / "large.json"
        write_corpus(large, 20_000, studies)
        command = [sys.executable, "-m", "trialkit", "tidy", "--no-labels", "--out"]
        return compare(
            "trialkit tidy, 20,000 studies / 2,000 studies",
            [*command, str(folder / "large"), str(large)],
            [*command, str(folder / "small"), str(small)],
            target=10.5,
            pairs=3,
        )


def main(arguments: list[str]) -> None:
    """Run the named benchmarks, or all of them."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--studies", type=Path, help="zip of one JSON file per study")
    parser.add_argument("--store", type=Path, help="store for `phase` and `condition`")
    given = parser.parse_args(arguments)
    benchmarks = {
        "import": import_time,
        "report": report_time,
        "render": render_time,
        "second": second_time,
        "reports": reports_time,
        "read": partial(read_time, given.studies),
        "tidy": partial(tidy_time, given.studies),
        "label": partial(label_time, given.studies),
        "label-others": partial(other_label_time, given.studies),
        "doubling": label_doubling,
        "scaling": partial(scaling, given.studies),
        **{
            name: partial(store_time, asked, given.studies, given.store)
            for name, asked in zip(("phase", "condition"), ASKED, strict=True)
        },
    }
    unknown = sorted(set(given.names) - set(benchmarks))
    if unknown:
        known = ", ".join(benchmarks)
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {known}")
    show([benchmarks[name]() for name in given.names or benchmarks])


if __name__ == "__main__":
    main(sys.argv[1:])
