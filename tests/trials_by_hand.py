"""Trials made by hand: the tables' facts of the four seed trials, in words of our own.

`seeds()` holds what LANDSCAPE part D says the five pages hold, so that the numbers of
D8 can be checked without the pages. `made(...)` makes any other small set.
"""

from functools import cache
from typing import Any

import pandas as pd

from trialkit.codebook import conform
from trialkit.dates import date_span
from trialkit.tidy.trials import Trials

SETS = {
    "routes": "route",
    "delivery_modes": "delivery_mode",
    "cell_types": "cell_type",
    "cell_sources": "cell_source",
    "donors": "donor",
}


def made(**tables: list[dict[str, Any]]) -> Trials:
    """Return tables from rows; dates, phases and label sets of trials are filled in."""
    given = {"trials": [], "labels": [], **tables}
    given["trials"] = [_filled(row) for row in given["trials"]]
    frames = {}
    # `Trials` makes a table that is not given when it is asked for.
    for name, rows in given.items():
        columns = {key for row in rows for key in row}
        frames[name] = conform(
            {key: [row.get(key) for row in rows] for key in columns}, name
        )
    _add_sets(frames)
    return Trials(frames)


def trial(number: int, **facts: Any) -> dict[str, Any]:
    """Return a row of `trials` with a number in its id and title."""
    return {"trial_id": f"NCT{number:08d}", "brief_title": f"Trial {number}", **facts}


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    full = {"is_cell_trial": True, "has_conflict": False, **row}
    full.setdefault("display_title", row.get("brief_title"))
    phase = row.get("phase")
    group = {"PHASE1": "1", "PHASE1/PHASE2": "1/2", "NA": "NA", "PHASE2": "2"}
    full["phase_group"] = group[phase] if phase else "Not stated"
    for date in ("start_date", "primary_completion_date", "completion_date"):
        span = date_span(row.get(date))
        full |= {
            f"{date}_precision": span.precision,
            f"{date}_earliest": span.earliest,
            f"{date}_latest": span.latest,
        }
    return full


def _add_sets(frames: dict[str, pd.DataFrame]) -> None:
    labels = frames["labels"]
    rows = labels[~labels["value"].isin(["NONE", "none"])]
    for column, axis in SETS.items():
        own = rows[rows["axis"] == axis].drop_duplicates(["trial_id", "value"])
        joined = own.groupby("trial_id")["value"].agg("; ".join)
        values = frames["trials"]["trial_id"].map(joined).astype("string")
        frames["trials"][column] = values


def labelled(trial_id: str, arm_id: str = "A1", **axes: str) -> list[dict[str, Any]]:
    """Return label rows of one arm: `route="IV"`, several values joined by `|`."""
    rows = []
    for axis, values in axes.items():
        for value in values.split("|"):
            rows.append(
                {
                    "trial_id": trial_id,
                    "arm_id": arm_id,
                    "axis": axis,
                    "value": value,
                    "basis": "not_stated" if value == "NOT_STATED" else "stated",
                    "source_id": "S1",
                    "section": "arm_description",
                    "quote": None if value == "NOT_STATED" else f"our {value} words",
                    "start": 0,
                    "end": 9,
                    "rule_id": "R-1",
                }
            )
    return rows


def _stated(trial_id: str, source_id: str, basis: str = "stated", **values: str):
    return [
        {
            "trial_id": trial_id,
            "field": field,
            "value": value,
            "source_id": source_id,
            "basis": basis,
            "is_chosen": True,
        }
        for field, value in values.items()
    ]


MUSCLE, REACTOR, BAL, ROUTES = (
    "NCT07276568",
    "NCT06904755",
    "NCT07312864",
    "NCT06984497",
)
AS_OF = "2026-06-30"


@cache
def seeds() -> Trials:
    """Return the four seed trials with the values of LANDSCAPE D2 to D6."""
    return made(
        trials=_trials(),
        arms=[
            {"trial_id": MUSCLE, "arm_id": "A1", "is_implicit": True},
            _arm(REACTOR, "A1", "Reactor group"),
            _arm(BAL, "A1", "Bioartificial liver"),
            _arm(ROUTES, "A1", "Vein group"),
            _arm(ROUTES, "A2", "Artery group"),
        ],
        interventions=[
            {"trial_id": REACTOR, "intervention_id": "I1", "name": "Cell reactor"},
            {"trial_id": BAL, "intervention_id": "I1", "name": "Liver device"},
            {"trial_id": ROUTES, "intervention_id": "I1", "name": "Cells by vein"},
            {"trial_id": ROUTES, "intervention_id": "I2", "name": "Cells by artery"},
        ],
        arm_interventions=[
            {"trial_id": BAL, "arm_id": "A1", "intervention_id": "I1"},
            {"trial_id": ROUTES, "arm_id": "A1", "intervention_id": "I1"},
            {"trial_id": ROUTES, "arm_id": "A2", "intervention_id": "I2"},
        ],
        conditions=[
            _condition(MUSCLE, "Small-for-Size syndrome", "small-for-size syndrome"),
            _condition(REACTOR, "Liver Failure", "liver failure, unspecified"),
            _condition(REACTOR, "Acute Liver Failure", "acute liver failure"),
            _condition(BAL, "Liver Failure", "liver failure, unspecified"),
            _condition(BAL, "Small-for-Size Syndrome", "small-for-size syndrome"),
            _condition(ROUTES, "End-Stage Liver Diseases", "end-stage liver disease"),
        ],
        sites=[
            {"trial_id": MUSCLE, "city": "Beijing", "country": "China"},
            {"trial_id": REACTOR, "city": "Guangzhou", "country": "China"},
            {"trial_id": BAL, "city": "Beijing", "country": "China"},
            {"trial_id": ROUTES, "city": "Shenyang", "country": "China"},
        ],
        labels=_labels(),
        doses=[
            {
                "trial_id": BAL,
                "arm_id": "A1",
                "amount": 1.67e8,
                "unit": "cells",
                "per": "kg",
                "basis": "device_loaded",
                "session_hours_min": 4,
                "session_hours_max": 8,
                "source_id": "d002",
                "quote": "about 1.67e8 cells per kg",
            }
        ],
        statements=_statements(),
        sources=[
            _source("d000", "lay", "rewrites.example", "2026-06-27"),
            _source("d001", "lay", "rewrites.example", "2026-06-27"),
            _source("d002", "mirror", "mirror.example", "2025-12-31"),
            _source("d003", "mirror", "mirror.example", "2025-04-01"),
            _source("d004", "mirror", "mirror.example", "2025-08-24"),
        ],
    )


def _trials() -> list[dict[str, Any]]:
    shared = {
        "registry": "ClinicalTrials.gov",
        "countries": "China",
        "n_sites": 1,
        "study_type": "INTERVENTIONAL",
        "has_results": False,
        "lead_sponsor_class": "OTHER",
        "primary_purpose": "TREATMENT",
        "allocation": "NA",
        "intervention_model": "SINGLE_GROUP",
        "masking": "NONE",
        "sex": "ALL",
    }
    return [
        {
            "trial_id": MUSCLE,
            "registry": "ClinicalTrials.gov",
            "display_title": "Cells into a muscle of the abdomen",
            "phase": "PHASE1",
            "enrollment": 12,
            "countries": "China",
            "n_sites": 1,
            "n_arms": 0,
            "route_relation": "single",
            "n_sources": 1,
        },
        {
            **shared,
            "trial_id": REACTOR,
            "brief_title": "Blood purified by a reactor with cells",
            "overall_status": "RECRUITING",
            "phase": "PHASE1",
            "enrollment": 10,
            "start_date": "2024-04-23",
            "completion_date": "2026-12-30",
            "last_updated_date": "2025-04-01",
            "lead_sponsor": "A person",
            "minimum_age": "18 Years",
            "maximum_age": "65 Years",
            "n_arms": 1,
            "route_relation": "single",
            "n_sources": 2,
            "has_conflict": True,
        },
        {
            **shared,
            "trial_id": BAL,
            "brief_title": "A new bioartificial liver",
            "overall_status": "RECRUITING",
            "phase": "PHASE1/PHASE2",
            "enrollment": 12,
            "start_date": "2025-12-01",
            "completion_date": "2028-12-31",
            "last_updated_date": "2025-12-31",
            "lead_sponsor": "A hospital",
            "n_arms": 1,
            "route_relation": "single",
            "n_sources": 1,
        },
        {
            **shared,
            "trial_id": ROUTES,
            "brief_title": "Cells by two routes",
            "overall_status": "NOT_YET_RECRUITING",
            "phase": "NA",
            "enrollment": 32,
            "start_date": "2025-09-30",
            "completion_date": "2027-12-31",
            "last_updated_date": "2025-08-24",
            "lead_sponsor": "Another hospital",
            "allocation": "RANDOMIZED",
            "intervention_model": "PARALLEL",
            "masking": "SINGLE",
            "who_masked": "Participants",
            "n_arms": 2,
            "route_relation": "compared_between_arms",
            "n_sources": 1,
            "has_conflict": True,
        },
    ]


def _arm(trial_id: str, arm_id: str, label: str) -> dict[str, Any]:
    return {
        "trial_id": trial_id,
        "arm_id": arm_id,
        "arm_label": label,
        "arm_type": "EXPERIMENTAL",
        "is_implicit": False,
    }


def _condition(trial_id: str, condition: str, group: str) -> dict[str, Any]:
    return {"trial_id": trial_id, "condition": condition, "condition_group": group}


def _source(source_id: str, kind: str, site: str, date: str) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "path": f"pages/{source_id}.txt",
        "kind": kind,
        "shape": f"{kind}_page",
        "site": site,
        "source_date": date,
        "n_records": 1,
        "n_fields": 20,
    }


def _labels() -> list[dict[str, Any]]:
    device = {"delivery_mode": "extracorporeal", "cells_enter_body": "false"}
    rows = [
        *labelled(
            MUSCLE,
            delivery_mode="in_body",
            route="IM",
            cell_type="HLC",
            cell_source="iPSC",
            donor="NOT_STATED",
        ),
        *labelled(
            REACTOR,
            **device,
            route="EC.cell",
            cell_type="MSC",
            cell_source="NOT_STATED",
            donor="NOT_STATED",
        ),
        *labelled(
            BAL,
            **device,
            route="EC.bal",
            access="central_venous",
            cell_type="HLC",
            cell_source="CiPSC",
            donor="NOT_STATED",
        ),
    ]
    for arm, route in (("A1", "IV.peripheral"), ("A2", "IA.hepatic")):
        rows += labelled(
            ROUTES,
            arm,
            delivery_mode="in_body",
            route=route,
            cell_type="MSC",
            cell_source="UC",
            donor="NOT_STATED",
            donor_inferred="ALLO",
        )
    basis = {(MUSCLE, "route"): "stated-lay", (BAL, "cells_enter_body"): "inferred"}
    basis[(REACTOR, "cells_enter_body")] = "stated-lay"
    for row in rows:
        row["basis"] = basis.get((row["trial_id"], row["axis"]), row["basis"])
        if row["axis"] == "donor_inferred":
            row["basis"] = "inferred"
    return rows


def _statements() -> list[dict[str, Any]]:
    rows = [
        *_stated(MUSCLE, "d000", "stated-lay", phase="PHASE1", enrollment="12"),
        *_stated(MUSCLE, "d000", "stated-lay", conditions="Small-for-Size syndrome"),
        *_stated(REACTOR, "d003", "positional", start_date="2024-04-23"),
        *_stated(REACTOR, "d003", "positional", overall_status="RECRUITING"),
        *_stated(REACTOR, "d003", phase="PHASE1", last_updated_date="2025-04-01"),
        *_stated(REACTOR, "d003", "derived", conditions="Liver Failure"),
        *_stated(REACTOR, "d001", "stated-lay", phase="PHASE1"),
        *_stated(BAL, "d002", overall_status="RECRUITING", phase="PHASE1/PHASE2"),
        *_stated(ROUTES, "d004", overall_status="NOT_YET_RECRUITING", phase="NA"),
        *_stated(ROUTES, "d004", last_updated_date="2025-08-24"),
    ]
    rows.append(
        {
            "trial_id": REACTOR,
            "field": "conditions",
            "value": "Acute Liver Failure; Liver Failure",
            "source_id": "d001",
            "basis": "stated-lay",
            "is_chosen": False,
            "is_conflict": True,
            "note": "names other conditions",
        }
    )
    rows.append(
        {
            "trial_id": ROUTES,
            "field": "site_status",
            "value": "Recruiting",
            "source_id": "d004",
            "basis": "conflict",
            "is_chosen": False,
            "is_conflict": True,
            "note": "the facility's name ends in a status word",
        }
    )
    return rows


@cache
def many(n: int) -> Trials:
    """Return `n` trials with two arms each, of every kind that the tables can hold."""
    routes = ["IV.peripheral", "IM", "EC.bal", "NOT_STATED", "IA.hepatic|PV"]
    sources = ["UC", "BM", "NOT_STATED", "iPSC"]
    phases = ["PHASE1", "PHASE2", "NA", None]
    trials, arms, labels = [], [], []
    for i in range(n):
        key = f"NCT{i:08d}"
        trials.append(
            {
                "trial_id": key,
                "brief_title": f"Trial {i}",
                "phase": phases[i % 4],
                "overall_status": ["RECRUITING", "COMPLETED", None][i % 3],
                "enrollment": [10, 40, None, 0][i % 4],
                "enrollment_type": ["ACTUAL", "ESTIMATED", None][i % 3],
                "start_date": ["2020-01-05", "2021-03", None][i % 3],
                "completion_date": "2023-06",
                "countries": ["China", "China; Japan", None][i % 3],
            }
        )
        arms += [_arm(key, "A1", "Cells"), _arm(key, "A2", "Control")]
        route = routes[i % 5]
        mode = "extracorporeal" if route.startswith("EC") else "in_body"
        labels += labelled(
            key,
            delivery_mode=mode,
            route=route,
            cell_type="MSC",
            cell_source=sources[i % 4],
            donor=["AUTO", "NOT_STATED"][i % 2],
        )
        labels += labelled(key, "A2", delivery_mode="none", route="NONE")
    return made(trials=trials, arms=arms, labels=labels)


@cache
def empty() -> Trials:
    """Return tables without a row."""
    return made()


def copies(data: Trials) -> dict[str, pd.DataFrame]:
    """Return copies of all tables, to compare with after a call."""
    return {name: frame.copy() for name, frame in data.tables()}


def assert_unchanged(data: Trials, before: dict[str, pd.DataFrame]) -> None:
    """Fail if a call changed one of the tables."""
    for name, frame in data.tables():
        pd.testing.assert_frame_equal(frame, before[name])
