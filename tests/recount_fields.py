"""The second count of what records state: fields, and products by name."""

from collections import Counter

from tests.recount import NOT_STATED, rows_of, vocabulary


def products(r):
    """Return the number of products: names in an arm, with each type and source."""
    pairs, names = {}, {}
    for row in rows_of(r.data.arm_interventions):
        key = row["trial_id"], row["arm_id"]
        pairs.setdefault(key, set()).add(row["intervention_id"])
    for row in rows_of(r.data.interventions):
        names[row["trial_id"], row["intervention_id"]] = row["name"]
    found = {
        (
            key[0],
            frozenset(names[key[0], i] for i in pairs.get(key, ())),
            r.word(kind, "cell_type"),
            r.word(source, "cell_source"),
        )
        for key in r.product_arms
        for kind, source in r.together(key, ("cell_type", "cell_source"))
    }
    return [len(found)]


#: Fields that are looked at, with other names of statements on them.
FIELDS = {
    **dict.fromkeys(
        (
            "study_type",
            "phase",
            "allocation",
            "intervention_model",
            "primary_purpose",
            "masking",
            "enrollment",
            "enrollment_type",
            "start_date",
            "primary_completion_date",
            "completion_date",
            "last_updated_date",
            "sex",
            "has_results",
            "conditions",
            "arms",
            "interventions",
            "outcomes",
        ),
        (),
    ),
    "overall_status": ("site_status",),
    "lead_sponsor": ("sponsors",),
    "countries": ("sites",),
    "ages": ("minimum_age", "maximum_age"),
}
LABELS = ("route", "cell_type", "cell_source", "donor", "dose")
#: Bases from the firmest on, and what each makes of a field.
STATE = {
    "stated": "stated",
    "override": "stated",
    "positional": "positional",
    "stated-lay": "lay source only",
    "derived": "inferred",
    "inferred": "inferred",
}
FIRMEST = list(STATE)
GIVEN = ("stated", "lay source only", "positional", "conflict")


def completeness(r):
    """Return how many trials state each field, and how often each state stands."""
    basis, odd = bases(r)
    tables = {}
    for name in ("conditions", "arms", "interventions", "outcomes"):
        rows = rows_of(getattr(r.data, name))
        if name == "arms":
            rows = [row for row in rows if row["is_implicit"] is not True]
        tables[name] = {row["trial_id"] for row in rows}
    states, given, parts = Counter(), Counter(), Counter()
    for row in r.trials:
        key = row["trial_id"]
        for field in (*FIELDS, *LABELS):
            said = basis.get((key, field), [])
            if field in LABELS:
                has = bool(said)
            elif field in tables:
                has = key in tables[field]
            elif field == "ages":
                has = {row["minimum_age"], row["maximum_age"]} != {None}
            else:
                has = row[field] is not None
            firm = min(said, key=FIRMEST.index) if said else "stated"
            state = STATE[firm] if has else "not stated"
            state = "conflict" if (key, field) in odd else state
            if field in LABELS and row["is_cell_trial"] is False:
                state = "not applicable"
            states[state] += 1
            parts[field, state] += 1
            given[field] += state in GIVEN
    ends = dict(enumerate(n for number in given.values() for n in (number, r.n)))
    return {
        "caption": [r.n],
        "alt": [len(given), r.n, *states.values(), *sorted(given.values())[:3]],
        "bars": (parts, ends),
    }


def bases(r):
    """Return how each field of each trial is stated, and which are in conflict."""
    unspecific = {
        row["id"] for row in vocabulary("route") if row["group"] == NOT_STATED
    }
    fields = {n: field for field, others in FIELDS.items() for n in (field, *others)}
    basis, odd = {}, set()
    for row in rows_of(r.data.statements):
        field = fields.get(row["field"])
        if row["is_chosen"] is True and field:
            basis.setdefault((row["trial_id"], field), []).append(row["basis"])
        if row["is_conflict"] is True and field:
            odd.add((row["trial_id"], field))
    for row in r.labels:
        axis = {"donor_inferred": "donor"}.get(row["axis"], row["axis"])
        no = row["value"] in ("none", "NONE", "NOT_STATED")
        if not no and not (axis == "route" and row["value"] in unspecific):
            basis.setdefault((row["trial_id"], axis), []).append(row["basis"])
    for row in r.doses:
        if row["amount"] is not None:
            basis.setdefault((row["trial_id"], "dose"), []).append("stated")
    return basis, odd
