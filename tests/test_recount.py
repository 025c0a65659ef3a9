"""Every number that landscape and supplement print, counted a second time.

The notebooks' own cells make the exhibits; `recount` counts from the tables, in another
way. An exhibit without a check fails, and so does a number that no check explains.
"""

import gzip
import io
import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree

import trialkit as tk
from tests import (
    recount_accuracy,
    recount_exhibits,
    recount_landscape,
    recount_records,
    recount_sentences,
    recount_small,
)
from tests.recount import Recount, vocabulary
from tests.recount_exhibits import RECORD
from trialkit.report.display import collect
from trialkit.version import rules_version, vocabulary_hash
from trialkit.workspace import notebooks_dir

pytestmark = pytest.mark.slow

SVG = "{http://www.w3.org/2000/svg}"
BUILD = ("SHA-256", *tk.versions().values(), vocabulary_hash()[:12], rules_version())
CHECKS = (
    recount_accuracy.CHECKS
    | recount_exhibits.CHECKS
    | recount_records.CHECKS
    | recount_small.CHECKS
    | recount_landscape.CHECKS
)
AXES = ("route", "delivery_mode", "cell_type", "cell_source", "donor")
#: Words with digits that are names; longer ones first.
NAMES = sorted(
    {
        row[what]
        for axis in AXES
        for row in vocabulary(axis)
        for what in ("label", "group", "family")
        if re.search(r"\d", row.get(what) or "")
    }
    | {"PRISMA 2020", "Early phase 1", "CD133+"},
    key=len,
    reverse=True,
)
_NUMBER = r"NCT\d{8}|\d{4}-\d{2}(?:-\d{2})?|\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
_TOKEN = re.compile(_NUMBER)
_POWER = re.compile(r"([\d.]+) × 10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_PHASE = re.compile(r"(?i)\bphase (?:early 1|1/2|2/3|[1-4])(?![\d/])")
_LINK = re.compile(r"Data: \[[^\]]*\]\([^)]*\)\.|\]\([^)]*\)")


def tokens(text):
    """Return the numbers, days and ids of a text, each as one word."""
    text = _POWER.sub(power_of_ten, text)
    text = _PHASE.sub("", _LINK.sub("]", re.sub(r"\\(.)", r"\1", text)))
    for name in NAMES:
        text = text.replace(name, "")
    return [canonical(word) for word in _TOKEN.findall(text)]


def power_of_ten(found):
    """Return `1.25 × 10⁸` as a number that a record may hold in other digits."""
    digits = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(digit)) for digit in found[2])
    return f"{found[1]}e{digits}"


def canonical(word):
    """Return a number in one spelling; a day or an id as it is."""
    word = str(word)
    if re.fullmatch(r"NCT\d{8}|\d{4}-\d{2}(-\d{2})?", word):
        return word
    try:
        return f"{float(word.replace(',', '').rstrip('.')):.6g}"
    except ValueError:
        return word


def expected(parts):
    """Return what a check says as the words that `tokens` gives."""
    found = []
    for part in parts:
        found += (
            tokens(part) if isinstance(part, str) and part != "*" else [canonical(part)]
        )
    return found


def marks_of(svg):
    """Return the texts of a figure that are no tick of an axis."""
    root = etree.fromstring(svg.encode())
    for group in list(root.iter(f"{SVG}g")):
        if re.search(r"[xy]tick_\d+$", group.get("id", "")):
            group.getparent().remove(group)
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def cells_of(markdown):
    """Return the rows of a pipe table, without its head."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines[2:]]
    plain = [[re.sub(r"\\(.)", r"\1", cell).strip() for cell in row] for row in rows]
    return [
        tuple(
            cell.replace("*not stated*", "not stated").replace("\u00a0", " ")
            for cell in row
        )
        for row in plain
    ]


def exhibits(records, as_of=""):
    """Run the cells of both notebooks, and return trials, day and exhibits."""
    scope = {}
    with collect() as shown:
        for name in ("landscape", "supplement"):
            notebook = json.loads(Path(notebooks_dir() / f"{name}.ipynb").read_text())
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    exec("".join(cell["source"]), scope)
                    if "parameters" in cell["metadata"].get("tags", ()):
                        scope |= {"records": records, "as_of": as_of}
    return scope["chosen"], scope["cutoff"], shown


@pytest.fixture(scope="module")
def example():
    return exhibits([])


def check(chosen, day, shown):
    """Return what is printed and not counted, or counted and not printed."""
    recount, wrong = Recount(chosen, day), []
    for piece in shown:
        facts, data = piece.facts, piece.data
        if facts["kind"] in ("figure", "table"):
            label = facts["label"]
            if label not in CHECKS:
                wrong.append(f"{label}: no check covers it")
                continue
            said = CHECKS[label](recount)
            rows = len(cells_of(data.get("text/markdown", "")))
            # The title is a finding, and those are recomputed in `test_findings`.
            caption = re.sub(r"^\*\*.*?\*\* ", "", facts["caption"])
            caption = caption.replace(f"The first {rows:,} rows are shown", "")
            wrong += recount_small.enough(caption, recount)
            pairs = [("caption", caption, said.get("caption"))]
            if facts["kind"] == "figure":
                pairs.append(("alt", facts["alt"], said.get("alt")))
                texts = " ; ".join(marks_of(data["image/svg+xml"]))
                pairs.append(("marks", texts, said.get("marks")))
                if "bars" in said:
                    wrong += bars_differing(label, texts, *said["bars"])
                if "years" in said:
                    wrong += years_differing(
                        label, facts["data"]["text"], said["years"]
                    )
            for place, text, numbers in pairs:
                if numbers is not None:
                    text = re.sub(said.get("apart", "$^"), "", text)
                    wrong += differing(f"{label} {place}", text, numbers)
            wrong += rows_differing(label, said, data.get("text/markdown", ""), recount)
        elif facts["kind"] == "title":
            # The table of the build must have the id that stands on the cover.
            front = facts["front"]
            recount.own_words(tokens).update(tokens(front["facts"]["Build"]))
            wrong += differing("subtitle", front["subtitle"], [recount.n])
        elif facts["kind"] == "text":
            text = facts.get("markdown", data["text/markdown"])
            if "\n:   " in text or "{.kicker" in text:
                continue  # findings, too
            wrong += sentences_differing(text, recount)
    return wrong


def sentences_differing(text, recount):
    """Compare a text by how it begins; one without a check must hold no number."""
    if few := re.search(r"(.*): stated by none of ([\d,]+) trial", text):
        usable, _ = recount_small.usable(few[1], recount)
        return [f"{text}: counted {usable}"] if usable else []
    if text.startswith(("Given, cells", "Loaded in a device, cells")):
        return differing("doses", text, recount_small.amounts(recount))
    if text.startswith("In “Course”"):
        return unexplained("cards", text, recount)
    # Versions stand in the table of the build, too.
    text = re.sub(r"(?s)#+ Software\n.*?(?=\n#|$)", "", text)
    if text.startswith(f"The {recount.n:,} trials stand in the HTML"):
        return []
    if "**Records.**" in text[:30]:
        return differing(text[:30], text, recount_landscape.made(recount))
    makes = [m for b, m in recount_sentences.SENTENCES.items() if text.startswith(b)]
    numbers = makes[0](recount) if makes else []
    return differing(text[:30], text, numbers)


def unexplained(where, text, recount, known=()):
    """Return the numbers of a text that no record, dose or label holds."""
    lost = set(tokens(text)) - recount.own_words(tokens) - set(expected(known))
    return [f"{where}: {sorted(lost)} stand in no record"] if lost else []


def differing(where, text, numbers):
    printed, counted = Counter(tokens(text)), Counter(expected(numbers))
    if "*" in counted:  # ids that a note names: of many the first
        del counted["*"]
        for found in (printed, counted):
            for name in [name for name in found if name.startswith("NCT")]:
                del found[name]
    odd, gone = dict(printed - counted), dict(counted - printed)
    return [f"{where}: printed {odd}, counted {gone}"] if odd or gone else []


def rows_differing(label, said, markdown, recount):
    """Compare the cells of a table, as far as its check counts them."""
    rows = cells_of(markdown)
    if said.get("rows") is RECORD:
        # What made the report is no record: versions, hashes.
        known = [*said.get("known", ()), f"{recount.day:%Y-%m-%d}"]
        known += BUILD if label == "tbl-build" else ()
        text = " ".join(" ".join(row) for row in rows)
        return unexplained(label, text, recount, known)
    if "facts" in said:
        return facts_differing(label, said, dict(rows))
    printed = {
        "rows": lambda: Counter(rows),
        "last": lambda: Counter(row[2:] for row in rows),
        "numbers": lambda: Counter(tuple(tokens(" ".join(row[2:]))) for row in rows),
        "cells": lambda: Counter(canonical(row[said["column"]]) for row in rows),
        "sponsors": lambda: Counter((row[0], *row[2:]) for row in rows),
    }
    for name, make in printed.items():
        if name in said:
            shown, counted = make(), Counter(said[name])
            # Of a long table the first rows are shown.
            missing = counted - shown if len(rows) == counted.total() else Counter()
            if shown - counted or missing:
                return [f"{label}: printed {shown - counted}, counted {missing}"]
    return []


def facts_differing(label, said, printed):
    wrong = [
        f"{label} {name}: printed {printed.get(name)}, counted {value}"
        for name, value in said["facts"].items()
        if printed.get(name) != value
    ]
    for name, counts in said["listed"].items():
        parts = printed[name].split("; ")
        rest = [part for part in parts if part.endswith(" more")]
        parts = [part for part in parts if part not in rest]
        want = Counter(f"{n:,}" for n in counts.values() if n)
        if Counter(part.rpartition(" ")[2] for part in parts) - want:
            wrong.append(f"{label} {name}: {parts}")
        if len(parts) + sum(int(part.split()[0]) for part in rest) != want.total():
            wrong.append(f"{label} {name}: {len(parts)} named of {want.total()}")
        told = {f"{word} {n:,}" for word, n in counts.items()}
        if name != "Recruitment status" and not told.issuperset(parts):
            wrong.append(f"{label} {name}: {set(parts) - told}")
    return wrong


def years_differing(label, text, years):
    """The parts of a year's bar, which have no numbers, add up to its trials."""
    frame = pd.read_csv(io.StringIO(text))
    drawn = {int(y): int(n) for y, n in frame.groupby("year")["n"].sum().items() if n}
    return [] if drawn == dict(years) else [f"{label}: {drawn}, counted {dict(years)}"]


def bars_differing(label, texts, cells, totals):
    """Each bar ends with its number; a part has one where it has room."""
    printed = Counter(tokens(texts))
    ends = Counter(expected(totals.values()))
    parts = Counter(expected(cells.values()))
    odd, gone = printed - ends - parts - Counter(["0"]), ends - printed
    return [f"{label}: printed {odd}, not printed {gone}"] if odd or gone else []


def test_every_number_of_the_example_report_is_counted_again(example):
    assert check(*example) == []


@pytest.mark.shared
def test_every_number_of_four_trials_is_counted_again(shared):
    assert check(*exhibits([str(shared / "seeds")], "2026-06-30")) == []


@pytest.mark.shared
@pytest.mark.slow
def test_every_number_of_some_hundred_trials_is_counted_again(shared, tmp_path):
    every = shared / "records" / "cell_therapy_ctgov.ndjson.gz"
    fourth = gzip.decompress(every.read_bytes()).splitlines(keepends=True)[::4]
    records = tmp_path / "records.ndjson"
    records.write_bytes(b"".join(fourth))
    assert check(*exhibits([str(records)], "2022-10-31")) == []


def test_an_exhibit_without_a_check_and_a_wrong_number_are_told(example, monkeypatch):
    chosen, day, shown = example
    monkeypatch.delitem(CHECKS, "fig-routes")
    changed = [
        piece._replace(facts=piece.facts | {"caption": "Trials, N = 39."})
        if piece.facts.get("label") == "tbl-trials"
        else piece
        for piece in shown
    ]
    told = check(chosen, day, changed)
    assert told == [
        "fig-routes: no check covers it",
        "tbl-trials caption: printed {'39': 1}, counted {'38': 1}",
    ]
