"""The second count where a figure has too few trials: a sentence, and a small table."""

from collections import Counter

from tests.recount import NOT_STATED
from tests.recount_exhibits import donor_by_source, status_cells
from tests.recount_landscape import groups_of_conditions


def with_donor(r):
    return donor_by_source(r)["usable"]


def with_numbers(r):
    rows = [r.by_id[key] for key in r.of_trials("route")]
    return sum(
        row["enrollment"] is not None and row["start_date_earliest"] is not None
        for row in rows
    )


def with_year(r):
    past, _ = r.starts()
    return len(past.keys() & r.of_trials("route").keys())


def with_start(r):
    return sum(row["start_date_earliest"] is not None for row in r.trials)


def largest_panel(r):
    panels = Counter()
    for trial, unit, basis, per in {
        (row["trial_id"], row["unit"], row["basis"] or "given", row["per"] == "kg")
        for row in r.doses
        if row["amount"] is not None and row["amount"] > 0
    }:
        panels[basis, per] += (unit or "").casefold() == "cells" and trial is not None
    return max(panels.values(), default=0)


def amounts(r):
    """Return the lowest and highest number of cells of each trial, and its id."""
    found = {}
    for row in r.doses:
        if (row["amount"] or 0) > 0 and (row["unit"] or "").casefold() == "cells":
            key = row["trial_id"], row["basis"] or "given", row["per"] == "kg"
            found.setdefault(key, set()).add(row["amount"])
    words = []
    for (trial, *_), numbers in found.items():
        for n in {min(numbers), max(numbers)}:
            unit = 1e9 if n >= 1e9 else 1e6 if n >= 1e5 else 1
            words.append(f"{n / unit:.4g}")
        words.append(trial)
    return words


def with_status(r):
    return min(r.n - r.values("overall_status")[None], len(r.of_trials("route")))


#: Usable trials and the smallest number of them, by how the sentence begins.
FEW = {
    "Trials by cell source and donor relation": (with_donor, 5),
    "Participants, planned and actual": (with_numbers, 10),
    "Doses in cells": (largest_panel, 5),
    "Trials by year of start": (with_year, 5),
    "Trials by condition and start": (with_start, 4),
    "Trials by route and recruitment status": (with_status, 8),
    "Trials by class of": (lambda r: r.n - r.sponsors()[NOT_STATED], 4),
}


def usable(text, r):
    """Return how many trials a figure could draw, and how many it needs."""
    count, needed = next(few for begin, few in FEW.items() if text.startswith(begin))
    return count(r), needed


def enough(caption, r):
    """Return the fault of a small table whose figure could be drawn, if it could."""
    if "Too few trials for a figure" not in caption:
        return []
    n, needed = usable(caption, r)
    return [] if 0 < n < needed else [f"{caption}: {n} suffice, or state nothing"]


def small(numbers, column):
    """Return the check of a small table by the numbers in one of its columns."""

    def check(r):
        found = [n for n in numbers(r) if n]
        return {
            "caption": [r.n],
            "cells": [f"{n:.6g}" for n in found],
            "column": column,
        }

    return check


def by_year(r):
    past, _ = r.starts()
    groups = r.one_of(r.of_trials("route", "group"), "Several routes")
    return Counter(
        (past[key], group) for key, group in groups.items() if key in past
    ).values()


def running(r):
    """Return what the participants of each route add up to, start by start."""
    found = []
    for route in r.count("route", "group"):
        total = 0
        trials = [
            (r.middle(row, "start"), key, int(row["enrollment"]))
            for key, words in r.of_trials("route", "group").items()
            if route in words
            and (row := r.by_id[key])["enrollment"] is not None
            and row["start_date_earliest"] is not None
        ]
        for *_, number in sorted(trials):
            total += number
            found.append(total)
    return found


def classes(r):
    return [*r.sponsors().values()]


def sized_starts(r):
    return [
        r.by_id[key]["enrollment"]
        for ids in groups_of_conditions(r).values()
        for key in ids
        if r.by_id[key]["start_date_earliest"] is not None
    ]


CHECKS = {
    "tbl-condition-starts": small(sized_starts, 3),
    "tbl-donor-by-source": small(lambda r: donor_by_source(r)["bars"][0].values(), 2),
    "tbl-status-by-route": small(lambda r: status_cells(r).values(), 2),
    "tbl-starts-by-year": small(by_year, 2),
    "tbl-cumulative-enrollment": small(running, 4),
    "tbl-sponsor-classes": small(classes, 1),
}
