"""How long rendering alone takes, and what a second worker gives a batch."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Comparison, against, compare


def render_time() -> Comparison:
    """Time the rendering alone, executed notebook to both files, against 1.5 s."""
    with tempfile.TemporaryDirectory() as folder:
        report = ["-m", "trialkit", "report", "--to", "html", "--engine", "embedded"]
        subprocess.run(
            [sys.executable, *report, "--out", folder], check=True, capture_output=True
        )
        notebook = str(Path(folder) / "landscape.ipynb")
        return against(
            "rendering alone (example, HTML and PDF) / 1.5 s",
            [sys.executable, "-m", "benchmarks.render_once", notebook],
            seconds=1.5,
        )


_TWICE = """
import sys, time
from trialkit.report.run import run_report
for name in ("first", "second"):
    start = time.perf_counter()
    run_report(out=f"{sys.argv[1]}/{name}", engine="embedded")
    print(time.perf_counter() - start)
"""


def second_time(pairs: int = 3) -> Comparison:
    """Time the second report of a process against the first, imports and all."""
    rows: list[tuple[float, float]] = []
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-c", _TWICE, folder],
                capture_output=True,
                text=True,
                check=True,
            )
        first, second = map(float, done.stdout.split())
        rows.append((second, first))
    ratios = [second / first for second, first in rows]
    return Comparison(
        name="second report of a process / the first",
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        seconds=statistics.median(second for second, _ in rows),
        baseline_seconds=statistics.median(first for _, first in rows),
        peak_mib=float("nan"),
        target=0.6,
    )


def reports_time() -> Comparison:
    """Time 12 reports with two workers against the same with one."""
    with tempfile.TemporaryDirectory() as folder:
        entries = [
            {"name": name, "notebook": "landscape", "parameters": {"title": name}}
            for name in (f"report-{number}" for number in range(12))
        ]
        catalogue = Path(folder) / "reports.yml"
        # JSON is YAML.
        catalogue.write_text(json.dumps({"reports": entries}), encoding="utf-8")
        batch = ["-m", "trialkit", "reports", "--force", "--engine", "embedded"]
        batch += ["--catalogue", str(catalogue), "--out", str(Path(folder) / "out")]
        return compare(
            "12 reports with two workers / with one",
            [sys.executable, *batch, "--workers", "2"],
            [sys.executable, *batch, "--workers", "1"],
            target=0.6,
            pairs=1,
            warm_up=False,
        )
