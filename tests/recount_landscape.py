"""What the landscape's figures must print, from the second count of `recount`."""

import math
import statistics
from collections import Counter, defaultdict

from tests.recount import NOT_STATED, rows_of, short, vocabulary
from tests.recount_accuracy import sentence
from tests.recount_exhibits import (
    RECORD,
    ROUTE,
    SOURCE,
    TYPE,
    largest,
    named_domains,
    positive,
    share,
    tiles_of,
)
from tests.recount_fields import completeness
from trialkit.summarize.conditions import condition_rows

FAMILY = ("route", "family")
#: Rows of bars beside another figure, and groups that an alternative text names.
ROWS, NAMED = 12, 6
#: Statuses of trials of which more is expected.
OPEN = (
    "NOT_YET_RECRUITING RECRUITING ENROLLING_BY_INVITATION ACTIVE_NOT_RECRUITING "
    "SUSPENDED TEMPORARILY_NOT_AVAILABLE AVAILABLE APPROVED_FOR_MARKETING"
).split()


def bars(counts, total, *, caption=()):
    """Return what a figure of one bar per level prints, the rest by its largest."""
    missing = sum(counts.get(name, 0) for name in (None, NOT_STATED))
    known = [n for name, n in counts.items() if name not in (None, NOT_STATED) and n]
    known = sorted(known, reverse=True)
    more = [len(known) - NAMED] if len(known) > NAMED else []
    shown = known
    if len(known) > ROWS:
        shown = [*known[: ROWS - 1], len(known) - ROWS + 1, known[ROWS - 1]]
    return {
        "caption": [total, *caption],
        "alt": [*known[:NAMED], *more, missing],
        "marks": [*shown, *positive([missing])],
    }


def of_axis(axis):
    return lambda r: bars(r.count(*axis), len(r.of_trials(axis[0])))


def of_column(column):
    return lambda r: bars(r.values(column), r.n)


def families(r):
    """Return the family of routes of each trial, or that it has several."""
    return r.one_of(r.of_trials(*FAMILY), "Several routes")


def in_order(r):
    """Return the trials of each family, in the order of the vocabulary."""
    order = list(dict.fromkeys(row["family"] for row in vocabulary("route")))
    groups = defaultdict(list)
    for key, name in families(r).items():
        groups[name].append(key)
    order = [name for name in order if name != NOT_STATED]
    order += ["Several routes", NOT_STATED]
    return {name: groups[name] for name in order if name in groups}


CLASSES = (
    ("0", 0),
    ("1–10", 10),
    ("11–20", 20),
    ("21–50", 50),
    ("51–100", 100),
    ("101–500", 500),
    ("over 500", math.inf),
)


def classes(r):
    counts = Counter()
    for row in r.trials:
        n = row["enrollment"]
        fits = [name for name, most in CLASSES if n is not None and n <= most]
        counts[fits[0] if fits else NOT_STATED] += 1
    said = bars(counts, r.n)
    known = {name: n for name, n in counts.items() if name != NOT_STATED}
    ranked = sorted(known.items(), key=lambda pair: -pair[1])[:NAMED]
    said["alt"] += [name for name, _ in ranked]
    said["marks"] += list(known)
    # Of two classes with one number either may be named.
    cut = len(known) > NAMED and ranked[-1][1] == sorted(known.values())[0]
    return {**said, "alt": None} if cut else said


def start_years(r):
    past, _ = r.starts()
    said = years_of(r, past, r.n)
    return {**said, "caption": [n for n in said["caption"] if n not in part_of(r)]}


def starts_by_year(r):
    past, _ = r.starts()
    shown = set(r.of_trials("route"))
    years = {k: y for k, y in past.items() if k in shown}
    said = years_of(r, years, len(shown))
    if len(years) <= 100:
        return said
    groups = r.one_of(r.of_trials("route", "family"), "Several routes")
    low = max(min(years.values()), max(years.values()) - 23, r.day.year - 23)
    rows = [([max(y, low)], [groups[k]]) for k, y in years.items()]
    undated = len(shown) - len(years) - len(later(r, shown))
    tiles = tiles_of(rows, Counter(y for (y,), _ in rows), most=13)
    del tiles["cut"]
    said["caption"] += positive([undated])
    return said | tiles


def later(r, shown):
    """Return the trials that start after the cut-off."""
    days = {k: r.by_id[k]["start_date_earliest"] for k in shown}
    return [k for k, day in days.items() if day is not None and day > r.day]


def years_of(r, past, total):
    years = Counter(past.values())
    most = max(years.values())
    first = [year for year in sorted(years) if years[year] == most][:3]
    planned = len(later(r, [row["trial_id"] for row in r.trials]))
    part = part_of(r)
    alt = [min(years), r.day.year, most, *first]
    alt += [years[r.day.year], r.day.year] if part else []
    return {"caption": [total, *part, *positive([planned])], "alt": alt, "years": years}


def part_of(r):
    """Return the last year and its last day, where it is not over at the cut-off."""
    whole = (r.day.month, r.day.day) == (12, 31)
    return [] if whole else [r.day.year, f"{r.day:%Y-%m-%d}"]


def middle(sizes, n):
    """Return the median of a group among n trials: of many it needs ten numbers."""
    return [statistics.median(sizes)] if len(sizes) >= (4 if n <= 60 else 10) else []


def strip(r):
    """Return the rows of the strip: a trial each, of many a route and source each."""
    status = Counter(row["overall_status"] for row in r.trials)
    if r.n <= 60:
        groups = in_order(r)
        # Trials that give no cells have no route to be sorted by.
        return {
            "caption": [r.n],
            "alt": [r.n, *map(len, groups.values()), *status.values()],
        }
    counts = r.count(*ROUTE)
    sizes = defaultdict(list)
    for key, words in r.of_trials(*ROUTE).items():
        for word in words:
            sizes[word] += r.sizes([key])
    names = {row["group"] for row in vocabulary("route")} - {NOT_STATED}
    ranked = sorted(names & counts.keys(), key=lambda name: -counts[name])
    told = [name for name in ranked if name != "Other route"][:NAMED]
    pairs = []
    for name in told:
        pairs += [counts[name], *middle(sizes[name], r.n)]
    return {"caption": [r.n, 12], "alt": [r.n, *pairs], "apart": r"; \d+ more"}


def groups_of_conditions(r):
    """Return the trials of each group; which words make one is the report's own."""
    groups = defaultdict(set)
    for row in rows_of(condition_rows(r.data)):
        groups[str(row["condition"])].add(row["trial_id"])
    return groups


def condition_by_route(r):
    own, cells = families(r), Counter()
    groups = {name: ids & own.keys() for name, ids in groups_of_conditions(r).items()}
    for name, ids in groups.items():
        cells.update((name, own[key]) for key in ids)
    sums = [
        f"{sum(stated):,}"
        for ids in groups.values()
        if (
            stated := [
                int(n) for k in ids if (n := r.by_id[k]["enrollment"]) is not None
            ]
        )
    ]
    totals = [len(ids) for ids in groups.values() if ids]
    return {
        "caption": [len(own)],
        "alt": [len(cells), *largest(cells.values())],
        "marks": [*cells.values(), *totals, *sums],
    }


def condition_starts(r):
    began = {
        row["trial_id"]: r.middle(row, "start").year
        for row in r.trials
        if row["start_date_earliest"] is not None
    }
    groups = groups_of_conditions(r)
    counts = [n for ids in groups.values() if (n := len(ids & began.keys()))]
    size, first = max((int(r.by_id[k]["enrollment"] or 0), -began[k]) for k in began)
    return {
        "caption": [r.n, *positive([r.n - len(began)])],
        "alt": [
            len(began),
            min(began.values()),
            max(began.values()),
            *largest(counts),
            size,
            -first,
        ],
    }


def conditions(r):
    rows = []
    for name, ids in groups_of_conditions(r).items():
        sizes = [n for k in ids if (n := r.by_id[k]["enrollment"]) is not None]
        total = f"{sum(map(int, sizes)):,}" if sizes else "not stated"
        rows.append((name, share(len(ids), r.n), total, f"{len(sizes):,}"))
    return {"caption": [r.n], "rows": rows}


def enrollment(r):
    groups = in_order(r)
    sizes = r.sizes([key for ids in groups.values() for key in ids])
    alt = [len(sizes), min(sizes), max(sizes), short(statistics.median(sizes))]
    for ids in list(groups.values())[:NAMED]:
        own = r.sizes(ids)
        alt += [len(ids), *middle(own, r.n)]
        alt.append(sum(own))
    rows = [r.by_id[key]["enrollment"] for ids in groups.values() for key in ids]
    zero, gone = rows.count(0), rows.count(None)
    return {
        "caption": [len(rows), *([zero, 0] if zero else []), *positive([gone])],
        "alt": [*alt, *positive([max(len(groups) - NAMED, 0)])],
    }


def concentration(r):
    """Return the fewest trials that hold half, largest first, or the largest ten."""
    known = [
        int(row["enrollment"]) for row in r.trials if row["enrollment"] is not None
    ]
    zero, silent = known.count(0), r.n - len(known)
    known = [n for n in known if n]
    known.sort(reverse=True)
    largest = 10 if len(known) > 100 else 0
    held = known[:largest]
    while not largest and sum(held) * 2 < sum(known):
        held.append(known[len(held)])
    named = [*held[:6], *positive([len(held) - 6])] if len(held) > 6 else held
    alt = [sum(known), len(known), len(held), sum(held), *named]
    left_out = [*([zero, 0] if zero else []), *([silent] if silent else [])]
    return {"caption": [len(r.sizes()), r.n, *left_out], "alt": alt}


def amount(value):
    """Return the digits of a number of cells as it is spoken: millions, billions."""
    step = 1e9 if value >= 1e9 else 1e6 if value >= 1e5 else 1
    return f"{value / step:.6g}"


def panels(r):
    """Return the amounts of cells by what they are of: trial, arm, amount."""
    made = defaultdict(list)
    for row in r.doses:
        is_cells = (row["unit"] or "").casefold() == "cells"
        if is_cells and row["amount"] is not None and row["amount"] > 0:
            key = row["basis"] or "given", row["per"] == "kg"
            point = row["trial_id"], row["arm_id"], row["amount"], row["per"]
            made[key].append(point)
    return made


def doses(r):
    every = {row[0] for rows in panels(r).values() for row in rows}
    drawn = [v for v in panels(r).values() if len({row[0] for row in v}) >= 5]
    alt = []
    for rows in drawn:
        amounts = [row[2] for row in rows]
        alt += [len({row[0] for row in rows}), amount(min(amounts))]
        alt.append(amount(max(amounts)))
    left = [5] if len(drawn) < len(panels(r)) else []
    return {"caption": [len(every), *left], "alt": alt}


def dose_stated(r):
    kinds = ("Per kg", "Total or per dose", "Loaded into a device", "Other")
    forms = defaultdict(set)
    for row in r.doses:
        if row["amount"] is not None and row["amount"] > 0:
            kind = 0 if row["per"] == "kg" else 1
            kind = 2 if row["basis"] == "device_loaded" else kind
            kind = kind if (row["unit"] or "").casefold() == "cells" else 3
            forms[row["trial_id"]].add(kind)
    cells = Counter(
        (name, kinds[min(forms[key])] if key in forms else NOT_STATED)
        for key, name in families(r).items()
    )
    return {
        "caption": [sum(cells.values())],
        "alt": [len(cells), *largest(cells.values())],
    }


def doses_by_route(r):
    """Return the cells of the table: trials, arms, median and range of each route."""
    words = r.arm_words(*ROUTE)
    groups = defaultdict(set)
    for panel, rows in panels(r).items():
        for trial, arm, *level in rows:
            for word in words.get((trial, arm), ()):
                groups[panel, word].add((trial, arm, *level))
    rows = []
    for found in groups.values():
        levels = sorted(row[2] for row in found)
        middle = [statistics.median(levels)] if len(levels) > 2 else []
        numbers = [*middle, *dict.fromkeys([levels[0], levels[-1]])]
        numbers = [float(f"{n:.3g}") for n in numbers]
        counts = len({row[0] for row in found}), len({row[:2] for row in found})
        rows.append(tuple(f"{n:.6g}" for n in (*counts, *numbers)))
    every = {row[0] for rows in panels(r).values() for row in rows}
    return {"caption": [len(every)], "numbers": rows}


def overdue(r):
    days = []
    for row in r.trials:
        if row["overall_status"] in OPEN:
            names = [
                name
                for name in ("primary_completion_date", "completion_date")
                if row[f"{name}_latest"] is not None and row[f"{name}_type"] != "ACTUAL"
            ]
            name = names[0] if names else ""
            pair = [row[f"{name}_{end}"] for end in ("earliest", "latest") if name]
            days.append(tuple(pair or (None, None)))
    dated = [pair for pair in days if pair[1] is not None]
    late = sum(last < r.day for _, last in dated)
    years = [last.year for _, last in dated]
    return {
        "caption": [len(days)],
        "alt": [len(days), late, len(dated) - late, min(years), max(years)],
    }


def durations(r):
    months = {k: round(m, 1) for k, m in r.months().items() if m >= 0}
    years = [m / 12 for m in months.values()]
    bins = Counter(min(max(math.ceil(n), 1), 10) for n in years)
    alt = [len(years), short(min(years)), short(max(years))]
    alt.append(short(statistics.median(years)))
    for year in range(1, max(bins) + 1):
        name = f"{year - 1} {year}" if year > 1 else "1"
        alt += ["9" if year > 9 else name, bins[year]]
    done = [r.by_id[key]["overall_status"] for key in months]
    alt.append(sum(status in ("COMPLETED", "TERMINATED") for status in done))
    reversed_ones = sum(m < 0 for m in r.months().values())
    return {"caption": [len(months), r.n, *positive([reversed_ones])], "alt": alt}


def design(r):
    pairs = Counter()
    for row in r.trials:
        allocation = row["allocation"]
        if allocation is None and row["intervention_model"] == "SINGLE_GROUP":
            allocation = "NA"
        masking = row["masking"]
        told = masking is not None or row["who_masked"] is not None
        pairs[allocation, "open" if masking == "NONE" else told] += 1
    return {"caption": [r.n], "alt": [len(pairs), *largest(pairs.values())]}


def phases(r):
    counts = r.values("phase_group")
    said = bars(counts, r.n)
    known = {k: n for k, n in counts.items() if k not in (None, NOT_STATED)}
    ranked = sorted(known, key=lambda name: -known[name])
    if len(ranked) > NAMED and known[ranked[NAMED - 1]] == known[ranked[NAMED]]:
        return {"caption": [r.n]}  # either may be named
    return {"caption": [r.n], "alt": said["alt"]}


def results(r):
    states, _ = r.due()
    kinds = Counter()
    for row in r.trials:
        if states[row["trial_id"]] == "Due, not posted":
            has_primary = row["primary_completion_date_latest"] is not None
            name = "primary_completion_date" if has_primary else "completion_date"
            kinds[row[f"{name}_type"]] += 1
    told = [kinds[kind] for kind in ("ACTUAL", "ESTIMATED", None)]
    made = {**bars(Counter(states.values()), r.n), "marks": None}
    return {**made, "caption": [*made["caption"], *positive(told)]}


def lines(r):
    """Return the rows of the list: a year is told by its last two digits."""
    years = [row["completion_date_latest"] for row in r.trials]
    ends = [f"{day.year % 100}" for day in years if day is not None]
    return {"caption": [r.n], "rows": RECORD, "known": ends}


def gaps(r):
    """Return how many trials leave out each field, for the most often left out."""
    return {"caption": [r.n], "alt": completeness(r)["alt"]}


def made(r):
    """Return the numbers of how a landscape was made."""
    steps = rows_of(r.data.selection)
    n_records = sum(int(s["n_records"] or 0) for s in r.sources)
    first = int(steps[0]["n_before"]) if steps else r.n
    aside = [row for row in rows_of(r.data.excluded) if row["source_id"] is not None]
    retold = sum(s["wording"] == "rewritten" for s in r.sources)
    kinds = Counter(s["shape"] for s in r.sources)
    return [
        len(r.sources),
        *(kinds.values() if len(kinds) > 1 else ()),
        *([retold] if 0 < retold < len(r.sources) else []),
        n_records,
        *positive([n_records - first, len(aside)]),
        *(n for s in steps for n in (int(s["n_kept"]), int(s["n_before"]))),
        0,  # "with 0 participants"
        *sentence(r),
    ]


CHECKS = {
    "fig-routes": of_axis(ROUTE),
    "fig-cell-sources": of_axis(SOURCE),
    "fig-cell-types": of_axis(TYPE),
    "fig-enrollment-classes": classes,
    "fig-start-years": start_years,
    "fig-starts-by-year": starts_by_year,
    "fig-strip": strip,
    "fig-condition-by-route": condition_by_route,
    "fig-condition-starts": condition_starts,
    "tbl-conditions": conditions,
    "fig-enrollment": enrollment,
    "fig-concentration": concentration,
    "fig-doses": doses,
    "fig-dose-stated": dose_stated,
    "tbl-doses-by-route": doses_by_route,
    "fig-statuses": of_column("overall_status"),
    "fig-overdue": overdue,
    "fig-durations": durations,
    "fig-design": design,
    "fig-endpoints": lambda r: bars(named_domains(r), r.n),
    "fig-phases": phases,
    "fig-results": results,
    "fig-gaps": gaps,
    "fig-countries": lambda r: bars(r.countries(), r.n),
    "fig-sponsor-classes": lambda r: bars(r.sponsors(), r.n),
    "tbl-trial-lines": lines,
}
