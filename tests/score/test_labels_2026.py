"""The labels of the wide draw: whole, known, in own words; scored where records are."""

import csv
import json
import os
import re
from pathlib import Path

import pytest

from benchmarks.freeze import TARGET, frozen
from trialkit.score import read_gold, score_labels
from trialkit.tidy.load import load
from trialkit.version import rules_version

FOLDER = Path(__file__).parents[1] / "data/labels_2026"
FILES = sorted(FOLDER.glob("*.jsonl"))
RECORDS = os.environ.get("TRIALKIT_LABELS_2026")
KEYS = set(
    "id scope arms routes delivery cell_type cell_source donor doubt why".split()
)
#: Words of a quote, and of a reason in all.
LONGEST_QUOTE, LONGEST_REASON = 20, 60


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def quotes(text):
    """Return what stands in quotation marks; one that is not closed runs to the end."""
    return [a or b for a, b in re.findall(r'"([^"]*)(?:"|$)|“([^”]*)(?:”|$)', text)]


def test_quotes_are_found_closed_or_not():
    assert quotes('x "a b", “c d” and "e f') == ["a b", "c d", "e f"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_labels_are_of_the_form_and_of_the_vocabulary(path):
    rows = lines(path)
    assert len(read_gold(path)) == len(rows) == 100
    assert all(set(row) == KEYS for row in rows)
    for row in rows:
        places = [arm["arm"] for arm in row["arms"]]
        assert places in ([-1], [*range(len(places))]), row["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reasons_are_in_own_words(path):
    for row in lines(path):
        text = f"{row['why']} {row['doubt']}"
        assert row["why"]
        assert len(text.split()) <= LONGEST_REASON, row["id"]
        assert all(len(q.split()) <= LONGEST_QUOTE for q in quotes(text)), row["id"]


def test_every_trial_stands_once_and_has_an_address():
    ids = [row["id"] for path in FILES for row in lines(path)]
    assert len(ids) == len(set(ids))
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        sources = list(csv.DictReader(file))
    assert sorted(row["id"] for row in sources) == sorted(ids)
    for row in sources:
        assert row["path"]
        if row["repository"] != "clinicaltrials.gov":
            assert re.fullmatch(r"[\w.-]+/[\w.-]+", row["repository"])
            assert re.fullmatch(r"[0-9a-f]{40}", row["commit"])


@pytest.mark.slow
@pytest.mark.skipif(not RECORDS, reason="no records: set TRIALKIT_LABELS_2026")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_records_are_labelled_as_the_score_says(path):
    gold = read_gold(path)
    data = load(str(RECORDS))
    ids = sorted(set(gold) & set(data.trials["trial_id"]))
    if len(ids) < len(gold):
        pytest.skip(f"{len(ids)} of {len(gold)} records are at hand")
    data = data.select(ids=ids)
    made = frozen(score_labels(data, gold), date="", note="")
    assert {line["family"] for line in made["families"]} >= {"ALL", "HSCT", "T_CELL"}
    sets = json.loads(TARGET.read_text("utf-8"))["sets"]
    shipped = [one for one in sets if one["name"] == "wide draw"]
    if path.stem == "score" and shipped and shipped[0]["rules"] == rules_version():
        assert made["families"] == shipped[0]["families"]
