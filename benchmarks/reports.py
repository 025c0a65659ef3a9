"""How long rendering alone takes, and what a second worker gives a batch."""

from __future__ import annotations

import json
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
