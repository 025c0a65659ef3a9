"""A choice from a store against reading all trials of it, as whole processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import write_corpus
from benchmarks.measure import Comparison, compare

_N_STUDIES = 20_000
_CHOICE = "import sys, trialkit as tk; len(tk.open(sys.argv[1]).select({asked}))"
_ALL = "import pandas, sys; pandas.read_parquet(sys.argv[1] + '/trials.parquet')"
ASKED = {"phase='Phase 2', status='Completed'": 0.2, "condition='liver'": 0.3}


def store_time(
    asked: str, studies: Path | None, store: Path | None = None
) -> Comparison:
    """Time a choice from a store, by default one made for it, without labels."""
    with tempfile.TemporaryDirectory() as folder:
        if store is None:
            corpus, store = Path(folder) / "corpus.json", Path(folder) / "store"
            write_corpus(corpus, _N_STUDIES, studies)
            tidy = ["-m", "trialkit", "tidy", "--no-labels", str(corpus), "--out"]
            subprocess.run([sys.executable, *tidy, str(store)], check=True)
        return compare(
            f"tk.open, select({asked}), len / pandas.read_parquet of the trials",
            [sys.executable, "-c", _CHOICE.format(asked=asked), str(store)],
            [sys.executable, "-c", _ALL, str(store)],
            target=ASKED[asked],
        )
