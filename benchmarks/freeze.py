"""Measure the labels on gold trials and freeze the score that reports print (T13).

    python -m benchmarks.freeze RECORDS GOLD --date 2026-11-22 --note "..."

Run it when the rules are final: a score that was measured with other rules is shown
as one, and a test says so. Where the gold labels are not at hand, tell what the rules
of today do to the records that the gold trials were drawn from:

    python -m benchmarks.freeze --since OLD.csv NEW.csv

with the labels that `trialkit label` writes by the rules of the score and by those of
today. The figures stay, and reports print how many records are labelled otherwise.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.score import Score, score_labels
from trialkit.score.gold import AXES
from trialkit.score.result import plain_records
from trialkit.tidy.load import load
from trialkit.version import rules_version

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


def since(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, Any]:
    """Return how many trials the rules of today label otherwise, on the scored axes."""
    sets = [_sets(frame) for frame in (old, new)]
    changed = [key for key in sets[0] if sets[0][key] != sets[1].get(key)]
    return {"rules": rules_version(), "records": len(sets[0]), "differ": len(changed)}


def _sets(labels: pd.DataFrame) -> dict[str, frozenset[tuple[str, ...]]]:
    rows = labels[labels["axis"].isin(AXES)].astype("string").fillna("")
    found: dict[str, set[tuple[str, ...]]] = {}
    columns = ["arm_id", "axis", "value", "relation"]
    for key, *values in rows[["trial_id", *columns]].itertuples(index=False, name=None):
        found.setdefault(key, set()).add(tuple(values))
    return {key: frozenset(values) for key, values in found.items()}


def main() -> None:
    """Score, or compare with the score, and write `trialkit/data/score.json`."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("records", help="records of the gold trials; labels of then")
    parser.add_argument("gold", help="their labels, as JSON lines or CSV; or of now")
    parser.add_argument("--date", help="day of the measurement")
    parser.add_argument("--note", help="what it covers and what not")
    parser.add_argument("--since", action="store_true", help="compare two label files")
    given = parser.parse_args()
    if given.since:
        old, new = (
            pd.read_csv(path, dtype="string") for path in (given.records, given.gold)
        )
        made = json.loads(TARGET.read_text("utf-8")) | {"since": since(old, new)}
    elif given.date and given.note:
        score = score_labels(load(given.records), given.gold)
        print(score)
        made = frozen(score, date=given.date, note=given.note)
    else:
        parser.error("give --date and --note, or --since")
    TARGET.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
