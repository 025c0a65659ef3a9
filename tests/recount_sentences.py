"""The second count of the report's sentences."""

import re
from collections import Counter

from tests.recount import NOT_STATED, flags, rows_of
from tests.recount_exhibits import ROUTE, positive, share
from trialkit.label.confidence import OF_DECISION
from trialkit.merge.registrations import key_of
from trialkit.read.values.ids import registry_of


def glance(r):
    people = r.participants()
    implicit = sum(a["is_implicit"] is True for a in r.arms)
    stated = [row for row in r.trials if row["enrollment"] is not None]
    kinds = Counter(row["enrollment_type"] for row in stated)
    sizes = r.sizes()
    middle = [people[2], people[3]] if len(sizes) >= 5 else sizes
    dated = sorted(
        (row["start_date_earliest"], row["start_date"])
        for row in r.trials
        if row["start_date_earliest"] is not None
    )
    labelled = len(r.of_trials("route"))
    countries = r.countries()
    missing = countries.pop(NOT_STATED, 0)
    top = sorted(countries.values(), reverse=True)
    return [
        f"{r.day:%Y-%m-%d}",
        r.n,
        len(r.arms) - implicit,
        *positive([implicit]),
        share(len(stated), r.n),
        *positive(kinds[k] for k in ("ESTIMATED", "ACTUAL", None)),
        *middle,
        *([len(stated) - len(sizes), 0] if len(stated) > len(sizes) else []),
        people[1],
        *r.count(*ROUTE).values(),
        labelled,
        share(labelled - r.count("cell_source")[NOT_STATED], labelled),
        share(labelled - r.count("donor")[NOT_STATED], labelled),
        share(len(dated), r.n),
        dated[0][1],
        dated[-1][1],
        *([len(countries), *top[:5]] if len(countries) > 1 else [r.n]),
        *positive([len(countries) - 5] if len(countries) > 5 else []),
        *([missing, r.n] if missing else []),
    ]


def methods(r):
    kinds = Counter((s["kind"], s["wording"]) for s in r.sources)
    steps = rows_of(r.data.selection)
    n_records = sum(int(s["n_records"] or 0) for s in r.sources)
    first = int(steps[0]["n_before"]) if steps else r.n
    aside = [row for row in rows_of(r.data.excluded) if row["source_id"] is not None]
    retold = sum(s["wording"] == "rewritten" for s in r.sources)
    quoted = [row for row in r.labels if row["quote"] is not None]
    rules = {row["rule_id"] for row in r.labels if row["rule_id"] is not None}
    shapes = Counter(s["shape"] for s in r.sources)
    dates = sorted({s["source_date"] for s in r.sources if s["source_date"]})
    odd = [row for row in rows_of(r.data.statements) if row["is_conflict"] is True]
    again = [s for s in steps if "one record" in s["filter"]]
    return [
        len(r.sources),
        *kinds.values(),
        *([retold] if 0 < retold < len(r.sources) else []),
        *dates[:1],
        *dates[1:][-1:],
        f"{r.day:%Y-%m-%d}",
        *(n for s in steps for n in (int(s["n_kept"]), int(s["n_before"]))),
        *positive(int(s["n_missing"]) for s in steps),
        *positive([len(aside)]),
        sum(int(s["n_removed"]) for s in again),
        twins(r),
        n_records,
        first,
        n_records - first,
        *shapes.values(),
        len(quoted),
        len(rules),
        *readers(r),
        len(odd),
        len({row["trial_id"] for row in odd}),
        95,
        20,
        0,
    ]


def readers(r):
    """Return how many trials need a reader, of how many, and on which axes."""
    asked, of_decision = {}, set(OF_DECISION)
    for one in r.by_id:
        own = [row for row in r.labels if row["trial_id"] == one]
        why = [
            (row["value"] != "none", set((row["doubts"] or "").split("; ")))
            for row in own
            if row["axis"] == "delivery_mode"
        ]
        is_cell = r.by_id[one]["is_cell_trial"]
        given = [doubts for gets, doubts in why if gets or is_cell is False]
        if is_cell is None or (
            given and (all if is_cell else any)(d & of_decision for d in given)
        ):
            asked.setdefault("is_cell_trial", set()).add(one)
        for row in own:
            doubts = set((row["doubts"] or "").split("; ")) - {""}
            is_settled = one in asked.get("is_cell_trial", ())
            if is_settled and doubts <= {"product_elsewhere"}:
                continue
            if row["confidence"] == "unsure" and is_cell is not False:
                asked.setdefault(row["axis"], set()).add(one)
    axes = ("is_cell_trial", "route", "cell_type", "cell_source", "donor")
    found = [asked[axis] for axis in axes if axis in asked]
    return [len(set().union(*found)), r.n, *map(len, found)] if found else []


def twins(r):
    """Return how many pairs share a title or a second id, or name each other."""
    pairs, first = set(), {}
    for column in ("official_title", "brief_title"):
        for row in r.trials:
            title = re.sub(r"[\W_]+", " ", (row[column] or "").casefold()).strip()
            if len(title) >= 25:
                one = first.setdefault((column, title), row["trial_id"])
                pairs.add(frozenset((one, row["trial_id"])))
    for row in rows_of(r.data.identifiers):
        for other in (row["points_to"] or "").split("; "):
            if other in r.by_id and row["is_same_trial"] is not True:
                pairs.add(frozenset((row["trial_id"], other)))
        if row["id"] is not None and registry_of(row["id"]):
            one = first.setdefault(("id", key_of(row["id"])), row["trial_id"])
            pairs.add(frozenset((one, row["trial_id"])))
    return sum(len(pair) == 2 for pair in pairs)


def limits(r):
    kinds = Counter((s["kind"], s["wording"]) for s in r.sources)
    retold = sum(s["wording"] == "rewritten" for s in r.sources)
    countries = r.countries()
    countries.pop(NOT_STATED, None)
    return [
        share(len(set(flags(r))), r.n),
        len(r.sources),
        *kinds.values(),
        *([retold] if 0 < retold < len(r.sources) else []),
        *([] if r.n >= 20 else [r.n]),
        f"{r.day:%Y-%m-%d}",
        share(max(countries.values()), r.n),
    ]


def scope(r):
    types = r.values("study_type")
    return [*types.values()]


def placed(r):
    return [n for name, n in r.cities().items() if name != NOT_STATED]


#: The report's sentences by how they begin.
SENTENCES = {
    "All ": lambda r: [r.n],
    "The sites are in": lambda r: [len(placed(r)), *placed(r)],
    "The cards of": lambda r: [r.n, 60],
    "**Attribution.**": lambda r: [4, 4, 3],  # of the licences
    "At the data cut-off": glance,
    "**Population:**": scope,
    "## Sources and search": methods,
    "- Registrations are plans": limits,
}
