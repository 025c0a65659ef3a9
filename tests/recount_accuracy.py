"""What the report prints of the accuracy of its labels, from a second count."""

import csv
import json
from collections import defaultdict
from importlib.resources import files
from itertools import chain

from tests.recount_exhibits import RECORD

#: Fewest labelled trials behind a figure, and the share that one kind must have of a
#: set whose figures were not taken apart.
FEWEST, MOSTLY = 10, 0.8


def _data(name):
    return files("trialkit").joinpath(f"data/{name}").read_text(encoding="utf-8")


def sets():
    return json.loads(_data("score.json"))["sets"]


def family_by_type():
    rows = csv.DictReader(_data("cell_families.csv").splitlines())
    return {one: row["family"] for row in rows for one in row["cell_types"].split("|")}


def shown(r):
    """Return how many trials with cells there are of each family."""
    known, trials = family_by_type(), defaultdict(set)
    types = defaultdict(set)
    for row in r.labels:
        if row["axis"] == "cell_type" and row["value"] != "NONE":
            if r.by_id[row["trial_id"]]["is_cell_trial"] is not False:
                types[row["trial_id"]].add(row["value"].split(":")[0])
    for trial_id, values in types.items():
        for value in values - {"NOT_STATED"} or values:
            trials[known.get(value, "OTHER_CELL")].add(trial_id)
    return {family: len(ids) for family, ids in trials.items()}


def labelled(one):
    """Return how many labelled trials of each family a set has, with its figures."""
    known, found = family_by_type(), {}
    for line in one["families"]:
        of = found.setdefault(line["family"], [line["n_trials"], line["n_trials"], []])
        if line["figure"] == "f1" and line["unit"] == "trial" and line["value"]:
            of[2].append(line["value"])
    if one["families"]:
        return found
    cases = defaultdict(int)
    for row in one["rows"]:
        if row["axis"] == "cell_type" and row["label"]:
            cases[known[row["label"]]] += row["support"]
    whole = [row["f1"] for row in one["rows"] if row["label"] is None]
    for family, n in cases.items():
        is_most = n >= MOSTLY * one["gold_trials"]
        found[family] = [n, one["gold_trials"], whole if is_most else []]
    return found


def sentence(r):
    """Return the numbers of the sentence on accuracy, without "F1"."""
    numbers, is_any_missing = [], False
    for family in shown(r):
        told = [labelled(one).get(family, [0, 0, []]) for one in sets()]
        told = [(n, of, f1) for n, of, f1 in told if n >= FEWEST and f1]
        if not told:
            is_any_missing = True
            continue
        n, of, f1 = told[-1]
        spread = (f"{min(f1):.2f}", f"{max(f1):.2f}")
        numbers += [*dict.fromkeys(spread), *([n] if n < of else []), of]
    numbers = [1, *numbers] if numbers else []  # of "F1"
    return numbers + ([FEWEST] if is_any_missing else [])


def by_family(r):
    """Return the numbers of the table by kind of cells."""
    counts = [n for one in sets() for n, *_ in labelled(one).values()]
    sums = [
        sum(labelled(one).get(family, [0])[0] for one in sets()) for family in shown(r)
    ]
    lines = [line for one in sets() for line in (*one["families"], *one["figures"])]
    parts = [line[name] for line in lines for name in ("n", "total")]
    return {
        "rows": RECORD,
        "known": [*_shares(), *counts, *sums, *shown(r).values(), *parts],
    }


def by_label(_):
    """Return the numbers of the table by label."""
    return {"rows": RECORD, "known": _shares()}


def _shares():
    parts = (one[name] for one in sets() for name in ("rows", "figures", "families"))
    numbers = chain.from_iterable(row.values() for row in chain.from_iterable(parts))
    shares = [n for n in numbers if isinstance(n, (int, float))]
    return [f"{n:.2f}" for n in shares] + shares


CHECKS = {"tbl-label-accuracy": by_family, "tbl-accuracy-by-label": by_label}
