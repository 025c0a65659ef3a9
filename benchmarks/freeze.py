"""Measure the labels on gold trials and freeze the score that reports print (T13).

    python -m benchmarks.freeze RECORDS GOLD --date 2026-11-22 --note "..."

Run it when the rules are final: a score that was measured with other rules is shown
as one, and a test says so.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.scoring import Score, score_labels
from trialkit.scoring.score import plain_records
from trialkit.trials import load

TARGET = Path(__file__).parents[1] / "trialkit/data/score.json"
_NUMBERS = [
    f"{name}{end}"
    for name in ("precision", "recall", "f1")
    for end in ("", "_low", "_high")
]
#: Figures that are kept of trials and of arms, beside the lines per label.
_KEPT = ("exact", "coverage", "selective_precision", "false_claim_rate", "f1")


def frozen(score: Score, *, date: str, note: str) -> dict[str, Any]:
    """Return a score in the form of `data/score.json`: sets per trial, leaf level."""
    rows = score.figures
    own = rows[
        (rows.method == "rules") & (rows.level == "leaf") & (rows.unit != "label")
    ]
    lines = []
    by_axis = score.labels[score.labels.unit == "trial"]
    for axis, labels in by_axis.groupby("axis", sort=False):
        whole = own[(own.unit == "trial") & (own.axis == axis)].set_index("figure")
        line = {"axis": axis, "label": None, "support": int(labels.support.sum())}
        for name in ("precision", "recall", "f1"):
            for part, end in (("value", ""), ("low", "_low"), ("high", "_high")):
                line[f"{name}{end}"] = _number(whole.loc[name, part])
        common = labels.sort_values("support", ascending=False, kind="stable")
        columns = ["axis", "label", "support", *_NUMBERS]
        lines += [line, *plain_records(common[columns].round(4))]
    kept = own[own.figure.isin(_KEPT)].drop(columns=["method", "level"]).round(4)
    return {
        "date": date,
        "rules": score.rules,
        "gold_trials": score.n_trials,
        "gold_arms": score.n_arms,
        "note": note,
        "rows": lines,
        "figures": plain_records(kept),
    }


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)


def main() -> None:
    """Score, and write `trialkit/data/score.json`."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("records", help="records of the gold trials")
    parser.add_argument("gold", help="their labels, as JSON lines or CSV")
    parser.add_argument("--date", required=True, help="day of the measurement")
    parser.add_argument("--note", required=True, help="what it covers and what not")
    given = parser.parse_args()
    score = score_labels(load(given.records), given.gold)
    print(score)
    text = json.dumps(frozen(score, date=given.date, note=given.note), indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
