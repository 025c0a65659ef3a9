"""What each exhibit of the landscape must print, from the second count of `recount`.

`CHECKS` names every exhibit by its label. A check returns what is printed where: the
numbers of the caption, of the alt text and of the marks in a figure, or whole rows of a
table. `RECORD` stands for rows that hold a record's own words.
"""

import re
from collections import Counter, defaultdict

from tests.recount import NOT_STATED, short
from trialkit.summarize.design import DOMAINS

RECORD = "the record's own"
ROUTE = ("route", "group")
SOURCE = ("cell_source", "label")
TYPE = ("cell_type", "label")


def positive(numbers):
    return [n for n in numbers if n]


def largest(counts, most=6):
    return sorted(counts, reverse=True)[:most]


def share(n, total):
    if total < 20:
        return f"{n:,} of {total:,}"
    percent = f"{100 * n / total:.0f}"
    percent = ">99" if percent == "100" and n < total else percent
    percent = "<1" if percent == "0" and n else percent
    return f"{n:,} of {total:,} ({percent} %)"


def key_facts(r):
    people = r.participants()
    stated = [row for row in r.trials if row["enrollment"] is not None]
    kinds = defaultdict(int)
    for row in stated:
        kinds[row["enrollment_type"]] += int(row["enrollment"])
    names = {"ESTIMATED": "planned", "ACTUAL": "actual", None: "type not stated"}
    split = ", ".join(f"{kinds[k]:,} {w}" for k, w in names.items() if k in kinds)
    sizes, implicit = r.sizes(), sum(a["is_implicit"] is True for a in r.arms)
    n_zero = len(stated) - len(sizes)
    arms = f"{len(r.arms) - implicit:,} stated"
    who = "a trial that describes" if implicit == 1 else "trials that describe"
    arms += f", and {implicit:,} for {who} no arm" if implicit else ""
    dated = [row for row in r.trials if row["start_date_earliest"] is not None]
    dated.sort(key=lambda row: (row["start_date_earliest"], row["start_date"]))
    zero = f"; {n_zero:,} with 0 left out" if n_zero else ""
    labelled = len(r.of_trials("route"))
    dosed = {row["trial_id"] for row in r.doses if row["amount"] is not None}
    said = {
        "Trials": f"{r.n:,}",
        "Arms": f"{len(r.arms):,} ({arms})",
        "Arms with a cell product": f"{len(r.product_arms):,}",
        "Participants": f"{people[1]} ({split})",
        "Trials with enrollment stated": share(len(stated), r.n),
        "Median enrollment": f"{people[2]} (quartiles {people[3]}; range "
        f"{short(min(sizes))} to {short(max(sizes))}{zero})",
        "First to last start": f"{dated[0]['start_date']} to {dated[-1]['start_date']}",
        "Trials with a start date": share(len(dated), r.n),
        "Trials with conflicting values": share(
            sum(row["has_conflict"] is True for row in r.trials), r.n
        ),
        "Trials with posted results": share(r.values("has_results")[True], r.n),
        "Dose stated": share(len(dosed), labelled),
    }
    for name, axis in (
        ("Route", "route"),
        ("Cell type", "cell_type"),
        ("Cell source", "cell_source"),
        ("Donor relation", "donor"),
    ):
        # "Injection, site not stated" is a route whose group is "Not stated".
        unstated = r.count(axis, "group" if axis == "route" else "label")[NOT_STATED]
        said[f"{name} stated"] = share(labelled - unstated, labelled)
    listed = {
        "Recruitment status": r.values("overall_status"),
        "Countries": r.countries(),
        "Routes": r.count(*ROUTE),
        "Cell types": r.count("cell_type"),
        "Cell sources": r.count("cell_source"),
    }
    return {"caption": [r.n], "facts": said, "listed": listed}


def grid(r, first, second, *, phase=""):
    """Return the numbers of a grid of pairs: of each cell, and the largest."""
    if phase:
        plain = r.of_trials(*first)
        cells = Counter(
            (word, r.by_id[key]["phase_group"] or NOT_STATED)
            for key, words in plain.items()
            for word in words
        )
    else:
        cells = Counter((a, b) for _, a, b in r.pairs(first, second))
    return {
        "caption": [len(r.of_trials(*first))],
        "alt": [len(cells), *largest(cells.values())],
        "marks": marks_of(cells) if phase else list(cells.values()),
        "apart": r"Early phase ; 1 ;|Phase [\d/]+ ;" if phase else "$^",
    }


def tiles_of(rows, columns, *, most):
    """Return the numbers of tiles per year and group, given as (years, groups)."""
    cells, sums = Counter(), Counter()
    for years, groups in rows:
        for group in groups:
            sums[group] += 1
            cells.update((group, year) for year in years)
    told = sorted((g for g in sums if g != NOT_STATED), key=lambda g: -sums[g])
    kept = {*told[:most], NOT_STATED}
    cut = [len(told), most] if len(told) > most else []
    tied = cut and sums[told[most - 1]] == sums[told[most]]
    marks = [max(columns.values())]
    if len(sums) > 1:
        marks += [n for (group, _), n in cells.items() if group in kept]
        marks += [n for group, n in sums.items() if group in kept]
    return {"cut": cut, "marks": None if tied else marks, "apart": "’[0-9]{2}"}


def marks_of(cells):
    """Return the numbers of a matrix and the sums of its rows, each trial in one cell.

    Of more than 12 columns the least are one.
    """
    sums = Counter()
    for (_, column), n in cells.items():
        sums[column] += n
    told = sorted((c for c in sums if c != NOT_STATED), key=lambda c: -sums[c])
    if len(told) > 12:
        own, rest = set(told[:11]) | {NOT_STATED}, Counter()
        if sums[told[10]] == sums[told[11]]:
            return None  # of two columns with one number either may be named
        for (row, column), n in cells.items():
            rest[row, column if column in own else "Further"] += n
        cells = rest
    rows = Counter()
    for (row, _), n in cells.items():
        rows[row] += n
    return [*cells.values(), *rows.values()]


def source_by_route(r):
    made = grid(r, SOURCE, ROUTE)
    edges = [r.count(*SOURCE), r.count(*ROUTE)]
    made["marks"] += [n for edge in edges for n in edge.values() if n]
    # Of more the rest is together, and its trials are no sum.
    return made if max(map(len, edges)) <= 11 else {**made, "marks": None}


def stacked(r, bars, parts, several):
    """Return the parts of bars that exclude each other, and the bars' own numbers."""
    own = r.of_trials(*bars)
    groups = defaultdict(set)
    for unit, bar, part in r.pairs(bars, parts):
        if bar in own[unit]:
            groups[unit, bar].add(part)
    return Counter((bar, part) for (_, bar), part in r.one_of(groups, several).items())


def type_by_source(r):
    cells = stacked(r, TYPE, SOURCE, "Several sources")
    return {
        "caption": [len(r.of_trials("route"))],
        "alt": [len(cells), *largest(cells.values())],
        "marks": marks_of(cells),
    }


def donor_by_source(r):
    own, found = r.of_trials(*SOURCE), set()
    for key in r.product_arms:
        axes = ("cell_source", "donor", "donor_inferred")
        for source, donor, guess in r.together(key, axes):
            relation = r.word(donor, "donor")
            if relation == NOT_STATED and guess != NOT_STATED:
                relation = f"{r.word(guess, 'donor')} (inferred)"
            found.add((key[0], r.word(source, *SOURCE), relation))
    said = {key for key, _, name in found if name != NOT_STATED}
    guessed = {NOT_STATED, *(n for *_, n in found if n.endswith(" (inferred)"))}
    stated = {key for key, _, name in found if name not in guessed}
    inferring = {key for key, _, name in found if name in guessed - {NOT_STATED}}
    n_both = len(inferring & stated)
    groups = defaultdict(set)
    for unit, source, name in found:
        if source in own[unit]:
            groups[unit, source].add(name)
    groups = {k: v - {NOT_STATED} or v for k, v in groups.items()}
    cells = Counter((s, part) for (_, s), part in r.one_of(groups, "Several").items())
    counts = r.count(*SOURCE)
    # Of more sources the rest is together, and its trials are no sum.
    numbers = {"bars": (cells, counts)} if len(counts) <= 13 else {}
    return {
        "caption": [len(own), len(stated), *positive([len(said - stated), n_both])],
        "usable": len(said),
        "alt": [len(cells), *largest(cells.values())],
        **numbers,
    }


def status_cells(r):
    """Return the trials of each route and recruitment status."""
    return Counter(
        (word, r.by_id[key]["overall_status"])
        for key, words in r.of_trials(*ROUTE).items()
        for word in words
    )


def status_by_route(r):
    cells = status_cells(r)
    return {
        "caption": [len(r.of_trials(*ROUTE))],
        "alt": [len(cells), *largest(cells.values())],
        "marks": marks_of(cells),
    }


def places(r, counts):
    """Return the numbers of bars by place: the 25 commonest, "Not stated" always."""
    known = sorted(
        (n for name, n in counts.items() if name != NOT_STATED), reverse=True
    )
    cut = [len(known), 25] if len(known) > 25 else []
    more = [len(known) - 6] if len(known) > 6 else []
    return {
        "caption": [r.n, *cut],
        "alt": [*known[:6], *more, counts[NOT_STATED]],
        "marks": [*known[:25], *positive([counts[NOT_STATED]])],
    }


def enrollment_by_route(r):
    groups = defaultdict(set)
    for key, words in r.of_trials(*ROUTE).items():
        for word in words:
            groups[word].add(key)
    rows = [(name, *r.participants(ids)) for name, ids in groups.items()]
    rows += (
        []
        if NOT_STATED in groups
        else [(NOT_STATED, "0", "–", "–", "–", "–", "0 / 0 / 0", "0")]
    )
    return {"caption": [r.n, 4, 0], "rows": [*rows, ("All trials", *r.participants())]}


def cumulative(r):
    totals, used = Counter(), set()
    for key, words in r.of_trials(*ROUTE).items():
        row = r.by_id[key]
        if row["enrollment"] is not None and row["start_date_earliest"] is not None:
            used.add(key)
            totals.update(dict.fromkeys(words, int(row["enrollment"])))
    years = [r.middle(r.by_id[k], "start").year for k in used]
    told = sorted((n for k, n in totals.items() if k != NOT_STATED), reverse=True)
    thin = [len(told) - 5] if len(told) > 5 else []
    last = [totals[NOT_STATED]] if NOT_STATED in totals else []
    return {
        "caption": [len(used), len(r.of_trials("route")), *thin],
        "alt": [min(years), max(years), *largest(totals.values())],
        "marks": [*told[:5], *last, f"{r.day:%Y-%m-%d}"],
    }


def sponsors(r):
    groups = defaultdict(list)
    for row in r.trials:
        groups[row["lead_sponsor"], row["lead_sponsor_class"]].append(row["enrollment"])
    cells = Counter()
    for (name, _), numbers in groups.items():
        stated = [int(n) for n in numbers if n is not None]
        total = f"{sum(stated):,}" if stated else "not stated"
        cells[
            name or "not stated",
            f"{len(numbers):,}",
            total,
            f"{len(numbers) - len(stated):,}",
        ] += 1
    names = {name for name, _ in groups if name is not None}
    return {"caption": [r.n, len(names)], "sponsors": cells}


def results(r):
    states, due = r.due()
    counts, of_due = Counter(states.values()), Counter(states[k] for k in due)
    names = ("Posted", "Due, not posted", "Not due", "Cannot tell")
    rows = [(name, f"{counts[name]:,}", f"{of_due[name]:,}") for name in names]
    others = counts["Posted"] - of_due["Posted"]
    told = [share(of_due["Posted"], len(due))] if due else []
    return {
        "caption": [12, *told, *(positive([others]) if due else []), r.n],
        "rows": rows,
    }


def endpoints(r):
    """Return the rows by domain; which words make a domain is the report's own list."""
    groups = defaultdict(list)
    for row in r.outcomes:
        fits = [d for d, p in DOMAINS.items() if re.search(p, row["measure"], re.I)]
        groups[(fits or ["Other"])[0]].append(row)
    rows = []
    for name, found in groups.items():
        kinds = defaultdict(set)
        for row in found:
            kinds[row["outcome_type"]].add(row["trial_id"])
        # Other and untyped endpoints are two columns, added up as they stand.
        rest = len(kinds["other"]) + len(kinds[None])
        timed = sum(row["time_frame"] is not None for row in found)
        trials = {row["trial_id"] for row in found}
        counts = (len(trials), len(kinds["primary"]), len(kinds["secondary"]), rest)
        rows.append((name, *map(str, counts), f"{timed:,} of {len(found):,}"))
    silent = r.n - len({row["trial_id"] for row in r.outcomes})
    rows.append((NOT_STATED, f"{silent:,}", "0", "0", "0", "–"))
    return {"caption": [r.n, len(r.outcomes)], "rows": rows}


def named_domains(r):
    """Return how many trials name an endpoint of each domain, or none."""
    counts = {row[0]: int(row[1].replace(",", "")) for row in endpoints(r)["rows"]}
    return counts


CHECKS = {
    "tbl-key-facts": key_facts,
    "fig-phase-by-route": lambda r: grid(r, ROUTE, None, phase="phase"),
    "fig-source-by-route": source_by_route,
    "fig-type-by-source": type_by_source,
    "fig-donor-by-source": donor_by_source,
    "tbl-enrollment-by-route": enrollment_by_route,
    "fig-cumulative-enrollment": cumulative,
    "fig-status-by-route": status_by_route,
    "fig-cities": lambda r: places(r, r.cities()),
    "tbl-sponsors": sponsors,
    "tbl-results-reporting": results,
    "tbl-endpoints": endpoints,
}
