"""Small summary frames for the tests of figures, made by hand."""

import pandas as pd

ROUTES = (
    "Vein",
    "Hepatic artery",
    "Lymph node",
    "Outside the body",
    "Not stated",
)


def routes_frame(counts=None):
    """Return a `summarize.routes` frame; counts are {group: (trials, arms)}."""
    pairs = [(1, 1), (1, 2), (1, 1), (2, 2), (0, 0)]
    counts = counts or dict(zip(ROUTES, pairs, strict=True))
    rows = [(group, *pair, 4) for group, pair in counts.items()]
    return pd.DataFrame(rows, columns=["route_group", "n_trials", "n_arms", "n_total"])


def grid_frame(rows=None):
    """Return a `source_by_route` frame; each trial is in one cell."""
    rows = rows or [
        ("Perinatal tissue", "Umbilical cord", "Hepatic artery", 1, 2),
        ("Perinatal tissue", "Umbilical cord", "Vein", 3, 3),
        ("Perinatal tissue", "Placenta", "Vein", 0, 0),
        ("Not stated", "Not stated", "Outside the body", 1, 1),
    ]
    names = ["source_family", "cell_source", "route_group", "n_trials", "n_arms"]
    made = pd.DataFrame(rows, columns=names)
    for name, edge in (("cell_source", "n_of_source"), ("route_group", "n_of_route")):
        by = made[name].fillna("Not stated")
        made[edge] = made["n_trials"].groupby(by).transform("sum")
    return made


def points_frame(rows):
    """Return an `summarize.enrollment` frame of (route, participants, type)."""
    made = pd.DataFrame(rows, columns=["route_group", "enrollment", "enrollment_type"])
    made.insert(0, "trial_id", [f"NCT{i:08d}" for i in range(len(made))])
    return made.astype({"enrollment": "Int64", "enrollment_type": "string"})


def trial_row(number, **facts):
    """Return one trial of a timeline and strip frame; every date may be left out."""
    row = {
        "trial_id": f"NCT{number:08d}",
        "title": f"Trial {number}",
        "short_title": f"Trial {number}",
        "phase_group": "1",
        "route_group": "Portal vein",
        "route_groups": "Portal vein",
        "route_family": "Into the liver's own vessels",
        "route_sources": "Portal vein ← Bone marrow",
        "cell_sources": "Bone marrow",
        "overall_status": "RECRUITING",
        "enrollment": 20,
        "enrollment_type": "ESTIMATED",
        "has_conflict": False,
    }
    for date in ("start", "primary_completion", "completion"):
        row |= {f"{date}_{part}": None for part in ("earliest", "latest", "type")}
        if date in facts:
            low, high = (facts[date].split("/") * 2)[:2]
            row |= {f"{date}_earliest": low, f"{date}_latest": high}
    return row | {key: value for key, value in facts.items() if key in row}


def trials_frame(*rows, as_of="2026-06-30"):
    """Return a frame that is both a `timeline` and a `landscape_strip`."""
    made = pd.DataFrame(rows or [], columns=list(trial_row(0)))
    for name in made.columns:
        if name.endswith(("earliest", "latest")):
            made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
    made = made.astype({"enrollment": "Int64", "enrollment_type": "string"})
    made.attrs["as_of"] = as_of
    return made


def many_trials(count):
    """Return trials that start a month apart, sorted by start."""
    starts = pd.date_range("1980-01-01", periods=count, freq="MS")
    return trials_frame(
        *(
            trial_row(i, start=f"{day:%Y-%m-%d}", completion=f"{day:%Y}-12-31")
            for i, day in enumerate(starts)
        )
    )


def completeness_frame(states):
    """Return a `completeness` frame of {field: [state per trial]}."""
    rows = [
        (field, f"NCT{i:08d}", state, n_stated)
        for field, given in states.items()
        for n_stated in [sum(state == "Stated" for state in given)]
        for i, state in enumerate(given)
    ]
    return pd.DataFrame(rows, columns=["field", "trial_id", "state", "n_stated"])


def flow_frame():
    """Return a `record_flow` frame with boxes beside the main line."""
    rows = [
        ("documents", "Documents read", 5, "documents", "from 2 sources", None),
        ("source:a", "a.example", 2, "documents", "lay", "documents"),
        ("source:b", "b.example", 3, "documents", "mirror", "documents"),
        ("records", "Records", 5, "records", "", "documents"),
        ("merged", "Merged", 1, "records", "same id", "records"),
        ("trials", "Trials", 4, "trials", None, "records"),
    ]
    columns = ["step", "label", "n", "unit", "note", "parent"]
    return pd.DataFrame(rows, columns=columns)


def words_of(ax):
    """Return every text drawn in axes, tick labels left out."""
    return [text.get_text() for text in ax.texts]


def rows_of(ax):
    """Return the labels of the y axis, indents kept as two dots."""
    return [
        text.get_text().replace("\u00a0" * 4, "..") for text in ax.get_yticklabels()
    ]
