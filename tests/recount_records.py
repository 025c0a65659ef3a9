"""The second count of exhibits that list records or their fields."""

from collections import Counter

from tests.recount import NOT_STATED, flags, quantile, rows_of, short, vocabulary
from tests.recount_exhibits import RECORD, ROUTE, positive, tiles_of
from tests.recount_fields import completeness, products
from tests.recount_landscape import groups_of_conditions
from tests.recount_sentences import twins


def flow(r):
    """Return the numbers of the record flow, in the order of its boxes."""
    groups = Counter((s["kind"], s["wording"]) for s in r.sources)
    n_records = sum(int(s["n_records"] or 0) for s in r.sources)
    steps = rows_of(r.data.selection)
    first = int(steps[0]["n_before"]) if steps else r.n
    aside = [row for row in rows_of(r.data.excluded) if row["source_id"] is not None]
    gone = [(int(s["n_removed"] + s["n_missing"]), int(s["n_missing"])) for s in steps]
    implicit = sum(a["is_implicit"] is True for a in r.arms)
    numbers = [len(r.sources), *groups.values(), *positive([len(aside)]), n_records]
    numbers += [n_records - first, first, *(n for n, _ in gone), r.n]
    numbers += [len(r.arms), len(r.product_arms)]
    notes = [len(groups), *positive([m for _, m in gone])]
    notes += [len(r.arms) - implicit, *positive([implicit])]
    beside = [
        *groups.values(),
        *positive([len(aside)]),
        n_records - first,
        *(n for n, _ in gone),
    ]
    alt = [len(r.sources), n_records, first, r.n, len(r.arms), len(r.product_arms)]
    return {
        "caption": [r.n],
        "alt": [*alt, *beside[:6]],
        "marks": [*numbers, *notes],
    }


def sources(r):
    rows = []
    said = {(row["trial_id"], row["source_id"]) for row in rows_of(r.data.statements)}
    groups = {}
    for source in r.sources:
        key = source["kind"], source["wording"], source["site"] or source["shape"]
        groups.setdefault(key, []).append(source)
    for members in groups.values():
        ids = {s["source_id"] for s in members}
        fields = [int(s["n_fields"]) for s in members]
        trials = {trial for trial, source in said if source in ids}
        days = [
            row["value"]
            for row in rows_of(r.data.statements)
            if row["field"] == "last_updated_date" and row["source_id"] in ids
        ]
        span = sorted({min(days), max(days)}) if days else []
        median = short(quantile(fields, 0.5))
        rows.append((str(len(members)), str(len(trials)), *span, median))
    return {"caption": [len(r.sources), r.n], "numbers": rows}


def wilson(n, total):
    z = 1.959963984540054
    share, spread = n / total, z * z / total
    middle, half = (
        share + spread / 2,
        z * (share * (1 - share) / total + spread / total / 4) ** 0.5,
    )
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)


SIZES = (
    ("0", 0),
    ("1–10", 10),
    ("11–20", 20),
    ("21–50", 50),
    ("51–100", 100),
    ("101–500", 500),
)


def characteristics(r):
    """Return the numbers of every block, each with its share and interval."""
    counts = []
    for column in (
        "study_type",
        "phase_group",
        "allocation",
        "intervention_model",
        "masking",
        "primary_purpose",
        "overall_status",
        "has_results",
    ):
        found = r.values(column)
        # A phase that is missing is a level of its own, called so.
        missing = found.pop(None, 0) + found.pop(NOT_STATED, 0)
        counts += [*found.values(), missing]
    for found in (r.sponsors(), groups_of_conditions(r)):
        missing = found.pop(NOT_STATED, ())
        counts += [n if isinstance(n, int) else len(n) for n in found.values()]
        counts.append(missing if isinstance(missing, int) else len(missing))
    known = r.countries()
    missing = known.pop(NOT_STATED, 0)
    ranked = sorted(known.items(), key=lambda item: (-item[1], item[0]))
    if len(ranked) > 10:
        rare = {name for name, _ in ranked[10:]}
        pooled = sum(
            bool(rare & set((row["countries"] or "").split("; "))) for row in r.trials
        )
        counts += [n for _, n in ranked[:10]] + [pooled, missing]
    else:
        counts += [n for _, n in ranked] + [missing]
    sizes = Counter()
    for row in r.trials:
        number = row["enrollment"]
        fits = [name for name, most in SIZES if number is not None and number <= most]
        sizes[None if number is None else (fits or ["over 500"])[0]] += 1
    counts += [n for name, n in sizes.items() if name is not None] + [sizes[None]]
    years = Counter(
        None if row["start_date_earliest"] is None else row["start_date_earliest"].year
        for row in r.trials
    )
    undated = years.pop(None, 0)
    periods = Counter()
    for year, n in years.items():
        periods[year // 5 * 5 if len(years) > 8 else year] += n
    counts += [*periods.values(), undated]
    cells = Counter()
    for n in counts:
        low, high = wilson(n, r.n)
        told = f"{100 * n / r.n:.1f} % ({100 * low:.1f}–{100 * high:.1f})"
        cells[(f"{n:,}", told) if r.n >= 20 else (f"{n:,}/{r.n:,}",)] += 1
    return {"caption": [r.n, *([95] if r.n >= 20 else [20])], "last": cells}


def chain_of(groups):
    return [item for group in groups for item in group]


def timeline(r):
    dated = [
        row
        for row in r.trials
        if row["start_date_earliest"] is not None
        or row["completion_date_latest"] is not None
    ]
    gone = [row["trial_id"] for row in r.trials if row not in dated]
    named = gone[:6] if len(gone) <= 6 else ["*", len(gone) - 6]
    starts, ends = (
        [d.year for row in r.trials if (d := row[f"{name}_date_earliest"]) is not None]
        for name in ("start", "completion")
    )
    of = [r.n] if len(dated) == r.n else [len(dated), r.n]
    tiles = {}
    if len(dated) > 40:
        rows = running(r, dated)
        every = Counter(y for years, _ in rows for y in years)
        most = max(every, key=lambda year: (every[year], -year))
        tiles = tiles_of(rows, every, most=16)
        of = [*of, most, every[most]]
    return {
        "caption": [r.n, *named, *tiles.pop("cut", [])],
        **tiles,
        "alt": [
            *of,
            min(starts),
            max(starts),
            min(ends),
            max(ends),
            f"{r.day:%Y-%m-%d}",
        ],
    }


def running(r, dated):
    """Return the years in which each trial runs, as drawn, and its routes."""
    own, rows = r.of_trials(*ROUTE), []
    for row in dated:
        start, end = row["start_date_earliest"], row["completion_date_latest"]
        years = sorted(day.year for day in (start or end, end or start))
        rows.append((years, own.get(row["trial_id"]) or {"No cell product"}))
    last = max(years[1] for years, _ in rows)
    high = max(min(last, r.day.year + 3), max(years[0] for years, _ in rows))
    low = max(min(years[0] for years, _ in rows), high - 23)

    def within(year):
        return min(max(year, low), high)

    return [(range(within(a), within(b) + 1), words) for (a, b), words in rows]


def stale(r):
    found = flags(r)
    return {
        "caption": [len(set(found)), r.n],
        "rows": RECORD,
    }


def design(r):
    masks = {
        "PARTICIPANT": 0,
        "CARE_PROVIDER": 0,
        "INVESTIGATOR": 0,
        "OUTCOMES_ASSESSOR": 0,
    }
    allocation = r.values("allocation")
    yes, silent = [allocation["RANDOMIZED"]], [allocation[None]]
    controls = {
        arm["trial_id"]
        for arm in r.arms
        if arm["is_implicit"] is not True
        and (
            arm["arm_type"]
            in (
                "ACTIVE_COMPARATOR",
                "PLACEBO_COMPARATOR",
                "SHAM_COMPARATOR",
                "NO_INTERVENTION",
            )
            or (
                r.by_id[arm["trial_id"]]["is_cell_trial"] is True
                and set(
                    r._values["delivery_mode"].get((arm["trial_id"], arm["arm_id"]), ())
                )
                & {"none", "NONE"}
            )
        )
    }
    described = {arm["trial_id"] for arm in r.arms if arm["is_implicit"] is not True}
    yes, silent = [*yes, len(controls)], [*silent, r.n - len(described)]
    for name in masks:
        yes.append(
            sum(name in (row["who_masked"] or "").split("; ") for row in r.trials)
        )
        silent.append(
            sum(not row["who_masked"] and row["masking"] != "NONE" for row in r.trials)
        )
    several = [row["n_sites"] or 0 for row in r.trials]
    yes += [sum(n > 1 for n in several), r.values("oversight_has_dmc")[True]]
    silent += [sum(n == 0 for n in several), r.values("oversight_has_dmc")[None]]
    pairs = [n for pair in zip(yes, silent, strict=True) for n in pair]
    no = [r.n - a - b for a, b in zip(yes, silent, strict=True)]
    parts = dict(enumerate([*pairs, *no]))
    return {
        "caption": [r.n],
        "alt": [r.n, *pairs],
        "bars": (parts, dict(enumerate(n for y in yes for n in (y, r.n)))),
    }


def evidence(r):
    source = {s["source_id"]: (s["site"] or s["path"], s["kind"]) for s in r.sources}
    rows = [row for row in r.labels if row["quote"] is not None]
    quotes = {
        (row["trial_id"], row["quote"], source.get(row["source_id"]), row["section"])
        for row in rows
    }
    return {"caption": [len(quotes), len(rows)], "rows": RECORD}


def regimens(r):
    keys = (
        "trial_id",
        "arm_id",
        "amount",
        "unit",
        "per",
        "basis",
        "n_doses",
        "interval",
        "session_hours_min",
        "session_hours_max",
        "quote",
    )
    rows = {tuple(row[k] for k in keys) for row in r.doses}
    return {"caption": [len(rows), len({row[0] for row in rows}), r.n], "rows": RECORD}


def terms(r):
    axes = ("delivery_mode", "route", "cell_type", "cell_source", "donor")
    used = {
        (row["axis"], row["value"].partition(":")[0])
        for row in r.labels
        if row["axis"] in axes
    }
    known = {(axis, row["id"]) for axis in axes for row in vocabulary(axis)}
    return {
        "caption": [len({pair for pair in used & known if pair[1] != "NOT_STATED"})],
        "rows": RECORD,
    }


def conflicts(r):
    odd = [s for s in rows_of(r.data.statements) if s["is_conflict"] is True]
    return [len(odd), len({s["trial_id"] for s in odd}), r.n]


def of_rows(make):
    return lambda r: {"caption": make(r), "rows": RECORD}


def devices(r):
    arms = [
        key
        for key in r.product_arms
        if "extracorporeal" in r._values["delivery_mode"].get(key, ())
    ]
    return [len(arms), len({trial for trial, _ in arms})]


def compared(r):
    return [r.values("route_relation")["compared_between_arms"], r.n]


CHECKS = {
    "fig-flow": flow,
    "tbl-sources": sources,
    "tbl-characteristics": characteristics,
    "fig-timeline": timeline,
    "tbl-stale": stale,
    "fig-design-features": design,
    "tbl-evidence": evidence,
    "tbl-regimens": regimens,
    "tbl-vocabulary": terms,
    "tbl-trials": of_rows(lambda r: [r.n]),
    "tbl-devices": of_rows(devices),
    "tbl-route-comparisons": of_rows(compared),
    "tbl-excluded": of_rows(lambda r: [len(r.data.excluded)]),
    "tbl-build": of_rows(lambda r: [r.n, 256]),
    "tbl-products": of_rows(products),
    "tbl-twins": of_rows(lambda r: [twins(r)]),
    "fig-completeness": completeness,
    "tbl-conflicts": of_rows(conflicts),
    "tbl-glossary": of_rows(lambda r: [14]),
}
