"""Made-up trials and the summary frames of them, of every size, with ties and gaps."""

import random
from collections import Counter
from dataclasses import dataclass

import pandas as pd

NOT_STATED = "Not stated"
CODES = ("COMPLETED", "RECRUITING", "UNKNOWN", "WITHDRAWN", "NOT_YET_RECRUITING", None)
AS_OF = "2024-06-30"


@dataclass
class Trial:
    """What one made-up trial states; an empty tuple or None is not stated."""

    trial_id: str
    a: tuple[str, ...]
    b: str | None
    size: int | None
    year: int | None
    amount: float | None
    status: str | None
    end: pd.Timestamp | None
    kind: str | None


def trials(n, seed, levels, missing):
    """Return `n` trials; few `levels` make large groups, many make ties."""
    chance = random.Random(seed)
    names_a = ["Vein", "Portal vein", "Heart", "Other route"]
    names_a = [*names_a, *(f"own | {i} *b* " + "x" * (i * 20) for i in range(30))]
    names_b = [f"b{i}" for i in range(30)]
    known = [chance.random() for _ in names_a]

    def stated(value):
        return None if chance.random() < missing else value

    made = []
    for i in range(n):
        some = chance.choices(
            names_a[:levels], known[:levels], k=chance.choice([1, 1, 2])
        )
        year = stated(chance.randint(2004, 2004 + levels))
        end = stated(pd.Timestamp(chance.randint(2010, 2030), 1, 1))
        made.append(
            Trial(
                f"NCT{i:08}",
                stated(tuple(dict.fromkeys(some))) or (),
                stated(chance.choice(names_b[:levels])),
                stated(chance.choice([0, 5, 10, 20, 20, 40, chance.randint(0, 900)])),
                year,
                stated(float(chance.choice([1e3, 1e6, 2e6, 5e7, 3.5e9]))),
                chance.choice(CODES),
                end,
                chance.choice(["ESTIMATED", "ACTUAL", None]),
            )
        )
    return made


def groups(trial):
    return trial.a or (NOT_STATED,)


def level_order(made, values):
    """Return the levels that occur in a fixed order, "Not stated" last."""
    found = sorted({value for trial in made for value in values(trial)} - {NOT_STATED})
    return [*found, NOT_STATED]


def counts(made):
    order = level_order(made, groups)
    n_of = [sum(level in groups(trial) for trial in made) for level in order]
    frame = pd.DataFrame({"route_group": order, "n_trials": n_of})
    frame.attrs = {"n_trials": len(made), "n_usable": len(made)}
    return frame


def pairs(made):
    cells = [(a, t.b or NOT_STATED) for t in made for a in groups(t)]
    n_of, levels = Counter(cells), level_order(made, groups)
    others = level_order(made, lambda trial: [trial.b or NOT_STATED])
    rows = [(a, b, n_of[a, b]) for a in levels for b in others]
    frame = pd.DataFrame(rows, columns=["route_group", "phase_group", "n"])
    usable = sum(bool(trial.a and trial.b) for trial in made)
    frame.attrs = {"n_trials": len(made), "n_usable": usable}
    return frame


def sizes(made):
    rows = [(t.trial_id, g, family(t), t.size, t.kind) for t in made for g in groups(t)]
    columns = ["trial_id", "route_group", "route_family", "enrollment"]
    columns += ["enrollment_type"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype({"enrollment": "Int64"})
    frame.attrs = {"n_trials": len(made)}
    return frame


def years(made):
    dated = [trial for trial in made if trial.year and trial.year <= 2024]
    one = {t.trial_id: t.a[0] if len(t.a) == 1 else "Several routes" for t in dated}
    one |= {t.trial_id: NOT_STATED for t in dated if not t.a}
    n_of = Counter((t.year, one[t.trial_id]) for t in dated)
    first = min((t.year for t in dated), default=2025)
    levels = sorted(set(one.values()))
    rows = [(y, own, n_of[y, own]) for y in range(first, 2025) for own in levels]
    frame = pd.DataFrame(rows, columns=["year", "route_group", "n"])
    undated = sum(trial.year is None for trial in made)
    planned = len(made) - undated - len(dated)
    frame.attrs = {"n_trials": len(made), "n_usable": len(dated)}
    frame.attrs |= {"n_planned": planned, "n_undated": undated}
    return frame


def doses(made):
    stated = [trial for trial in made if trial.amount]
    rows = [
        (t.trial_id, "Given, cells per kg body weight", level, amount)
        for t in stated
        for level in groups(t)
        for amount in (t.amount, t.amount / 2)
    ]
    columns = ["trial_id", "panel", "route_group", "amount"]
    frame = pd.DataFrame(rows if len(stated) >= 5 else [], columns=columns)
    frame.attrs = {"n_trials": len(stated), "n_total": len(made)}
    return frame


def family(trial):
    several = "Several routes" if len(trial.a) > 1 else ""
    return several or groups(trial)[0]


OPEN = ("RECRUITING", "NOT_YET_RECRUITING")


def planned(trial):
    """Return the date planned for the result: a date that was reached is none."""
    return None if trial.kind == "ACTUAL" else trial.end


def typed(trial):
    return None if planned(trial) is None else trial.kind == "ESTIMATED"


def is_late(trial):
    day = planned(trial)
    return trial.status in OPEN and day is not None and str(day) < AS_OF


def timeline(made):
    frame = pd.DataFrame(
        {
            "overall_status": [t.status for t in made],
            "primary_completion_latest": pd.to_datetime([None for t in made]),
            "completion_latest": pd.to_datetime([t.end for t in made]),
            "planned_latest": pd.to_datetime([planned(t) for t in made]),
            "is_typed": pd.array([typed(t) for t in made], dtype="boolean"),
            "is_overdue": [bool(is_late(t)) for t in made],
            "is_undated": [t.year is None and t.end is None for t in made],
            "route_groups": ["; ".join(groups(t)) for t in made],
            "route_family": [family(t) for t in made],
        }
    )
    frame.attrs = {"n_trials": len(made), "as_of": AS_OF}
    return frame


def completeness(made):
    rows = []
    for field in ("a", "b", "size", "year", "amount", "status", "end"):
        for trial in made:
            is_stated = getattr(trial, field) not in (None, ())
            rows.append((field, trial.trial_id, "Stated" if is_stated else NOT_STATED))
    frame = pd.DataFrame(rows, columns=["field", "trial_id", "state"])
    frame.attrs = {"n_trials": len(made)}
    return frame
