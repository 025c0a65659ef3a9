"""Tables of the report: summary frames laid out for notebook, HTML and PDF.

Each function takes the trials and the cut-off and returns a `Table`, which shows
itself in a notebook; `TABLES` lists them by name.
"""

from collections.abc import Callable, Mapping

from trialkit.tables.accuracy import label_accuracy
from trialkit.tables.appendix import (
    evidence,
    excluded,
    overrides,
    own_labels,
    possible_twins,
    small_table,
    vocabulary,
)
from trialkit.tables.cards import cards
from trialkit.tables.contents import (
    devices,
    enrollment_by_route,
    products,
    route_comparisons,
)
from trialkit.tables.details import endpoints, regimens, results_reporting, sponsors
from trialkit.tables.history import build, changes, glossary
from trialkit.tables.overview import characteristics, key_facts, sources, trials
from trialkit.tables.quality import conflicts, stale_records, unread
from trialkit.tables.table import Column, Table
from trialkit.tables.topics import (
    delivery_sites,
    doses_by_route,
    durations_by_phase,
    durations_by_route,
    participants_by_kind,
    participants_by_phase,
    participants_by_type,
    participants_by_year,
    route_relations,
    start_up,
)

#: Every table by name: `TABLES["trials"](data, as_of="2026-06-30")`.
TABLES: Mapping[str, Callable[..., Table]] = {
    "key_facts": key_facts,
    "sources": sources,
    "characteristics": characteristics,
    "trials": trials,
    "devices": devices,
    "route_comparisons": route_comparisons,
    "products": products,
    "enrollment_by_route": enrollment_by_route,
    "regimens": regimens,
    "stale_records": stale_records,
    "sponsors": sponsors,
    "endpoints": endpoints,
    "results_reporting": results_reporting,
    "conflicts": conflicts,
    "unread": unread,
    "label_accuracy": label_accuracy,
    "evidence": evidence,
    "vocabulary": vocabulary,
    "own_labels": own_labels,
    "overrides": overrides,
    "excluded": excluded,
    "possible_twins": possible_twins,
    "changes": changes,
    "build": build,
    "glossary": glossary,
    "route_relations": route_relations,
    "delivery_sites": delivery_sites,
    "doses_by_route": doses_by_route,
    "participants_by_kind": participants_by_kind,
    "participants_by_type": participants_by_type,
    "participants_by_phase": participants_by_phase,
    "participants_by_year": participants_by_year,
    "durations_by_route": durations_by_route,
    "durations_by_phase": durations_by_phase,
    "start_up": start_up,
}

#: Rows of a long table that a report shows; the table's data file holds all.
LIMITS: Mapping[str, int] = {
    "trials": 400,
    "products": 300,
    "delivery_sites": 60,
    "regimens": 300,
    "stale_records": 200,
    "sponsors": 100,
    "conflicts": 200,
    "unread": 100,
    "excluded": 200,
    "possible_twins": 200,
    "evidence": 400,
    "changes": 200,
}

__all__ = [
    "LIMITS",
    "TABLES",
    "Column",
    "Table",
    "build",
    "cards",
    "changes",
    "characteristics",
    "conflicts",
    "devices",
    "endpoints",
    "enrollment_by_route",
    "evidence",
    "excluded",
    "glossary",
    "key_facts",
    "label_accuracy",
    "overrides",
    "own_labels",
    "possible_twins",
    "products",
    "regimens",
    "results_reporting",
    "route_comparisons",
    "small_table",
    "sources",
    "sponsors",
    "stale_records",
    "trials",
    "unread",
    "vocabulary",
]
