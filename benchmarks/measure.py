"""Time two commands in turn, as whole processes, and compare them pair by pair."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

#: Runs a command and prints the peak memory of its largest process.
_MEASURED = (
    "import resource, subprocess, sys;"
    "status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode;"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss);"
    "sys.exit(status)"
)


class Comparison(NamedTuple):
    """Median ratio of a command's wall time to its baseline's, and what it rests on."""

    name: str
    ratio: float
    low: float
    high: float
    seconds: float
    baseline_seconds: float
    peak_mib: float
    target: float


def compare(
    name: str,
    command: Sequence[str],
    baseline: Sequence[str],
    *,
    target: float,
    pairs: int = 5,
    warm_up: bool = True,
) -> Comparison:
    """Run both commands in turn after one warm-up each and return the median ratio.

    The machine's speed drifts; two runs next to each other see the same machine, so the
    ratio is taken within each pair.
    """
    if warm_up:
        measured(command), measured(baseline)
    rows = [(measured(command), measured(baseline)) for _ in range(pairs)]
    ratios = [one[0] / two[0] for one, two in rows]
    return Comparison(
        name=name,
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        seconds=statistics.median(one[0] for one, _ in rows),
        baseline_seconds=statistics.median(two[0] for _, two in rows),
        peak_mib=max(one[1] for one, _ in rows),
        target=target,
    )


def against(
    name: str, command: Sequence[str], *, seconds: float, runs: int = 5
) -> Comparison:
    """Run a command that prints its own seconds; compare their median with a limit."""
    printed = []
    for _ in range(runs + 1):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        printed.append(float(done.stdout))
    taken = printed[1:]
    return Comparison(
        name=name,
        ratio=statistics.median(taken) / seconds,
        low=min(taken) / seconds,
        high=max(taken) / seconds,
        seconds=statistics.median(taken),
        baseline_seconds=seconds,
        peak_mib=float("nan"),
        target=1.0,
    )


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Return wall seconds and the peak memory in MiB of the largest process."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURED, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - start
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return seconds, int(done.stdout.split()[-1]) / unit


def show(rows: Sequence[Comparison]) -> None:
    """Print the comparisons as a Markdown table."""
    print("| what | ratio (min-max) | target | seconds | baseline | peak MiB |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.name} | {row.ratio:.2f} ({row.low:.2f}-{row.high:.2f}) "
            f"| {row.target:g} | {row.seconds:.2f} | {row.baseline_seconds:.2f} "
            f"| {row.peak_mib:.0f} |"
        )
