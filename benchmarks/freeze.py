r"""Measure the labels on gold trials and freeze the score that reports print (T13).

    python -m benchmarks.freeze RECORDS GOLD --set "wide draw" --date 2026-11-29 \
        --note "..." --readers FIRST.jsonl SECOND.jsonl

Each set of gold trials has a name, a day, a note and the hash of the rules that it was
measured with: `data/score.json` holds them all, and a set that is measured again takes
the place of the one of its name. The others stay as they are. `--readers` tells how far
two readers agree who read these trials without sight of each other.

Run it when the rules are final: a score that was measured with other rules is shown
as one, and a test says so. Where the gold labels are not at hand, tell what the rules
of today do to the records that the gold trials were drawn from:

    python -m benchmarks.freeze --since OLD.csv NEW.csv --set "wide draw"

with the labels that `trialkit label` writes by the rules of the score and by those of
today. The figures stay, and reports print how many records are labelled otherwise.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.score import Score, read_gold, reader_agreement, score_labels
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


def frozen(
    score: Score,
    *,
    date: str,
    note: str,
    name: str = "gold trials",
    readers: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Return a score as a set of `data/score.json`: labels per trial, leaf level."""
    rows = score.figures
    own = rows[
        (rows.method == "rules") & (rows.level == "leaf") & (rows.unit != "label")
    ]
    lines = []
    by_axis = score.labels[score.labels.unit == "trial"]
    for axis, labels in by_axis.groupby("axis", sort=False):
        whole = own[(own.unit == "trial") & (own.axis == axis)].set_index("figure")
        line = {"axis": axis, "label": None, "support": int(labels.support.sum())}
        for share in ("precision", "recall", "f1"):
            for part, end in (("value", ""), ("low", "_low"), ("high", "_high")):
                line[f"{share}{end}"] = _number(whole.loc[share, part])
        common = labels.sort_values("support", ascending=False, kind="stable")
        columns = ["axis", "label", "support", *_NUMBERS]
        lines += [line, *plain_records(common[columns].round(4))]
    kept = own[own.figure.isin(_KEPT)].drop(columns=["method", "level"]).round(4)
    return {
        "name": name,
        "date": date,
        "rules": score.rules,
        "gold_trials": score.n_trials,
        "gold_arms": score.n_arms,
        "note": note,
        "readers": readers or {},
        "families": plain_records(score.families.round(4)),
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


def replaced(sets: list[dict[str, Any]], made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sets with this one in place of that of its name, the oldest first."""
    others = [one for one in sets if one["name"] != made["name"]]
    return sorted([*others, made], key=lambda one: one["date"])


def _named(sets: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for one in sets:
        if one["name"] == name:
            return one
    raise SystemExit(f"no set {name!r}; there are {[one['name'] for one in sets]}")


def main() -> None:
    """Score, or compare with the score, and write `trialkit/data/score.json`."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("records", help="records of the gold trials; labels of then")
    parser.add_argument("gold", help="their labels, as JSON lines or CSV; or of now")
    parser.add_argument("--set", required=True, help="name of the set of gold trials")
    parser.add_argument("--date", help="day of the measurement")
    parser.add_argument("--note", help="what it covers and what not")
    parser.add_argument(
        "--readers", nargs=2, type=Path, help="the labels of each of two blind readers"
    )
    parser.add_argument("--since", action="store_true", help="compare two label files")
    given = parser.parse_args()
    sets = json.loads(TARGET.read_text("utf-8"))["sets"] if TARGET.is_file() else []
    if given.since:
        labels = (pd.read_csv(p, dtype="string") for p in (given.records, given.gold))
        made = _named(sets, given.set) | {"since": since(*labels)}
    elif given.date and given.note:
        score = score_labels(load(given.records), given.gold)
        print(score)
        read = [read_gold(path) for path in given.readers or ()]
        agreed = reader_agreement(*read) if read else {}
        told = {"date": given.date, "note": given.note, "name": given.set}
        made = frozen(score, readers=agreed, **told)
    else:
        parser.error("give --date and --note, or --since")
    text = json.dumps({"sets": replaced(sets, made)}, indent=1)
    TARGET.write_text(f"{text}\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
