"""Tables of the report: summary frames laid out for notebook, HTML and PDF.

Each function takes the trials and the cut-off and returns a `Table`, which shows
itself in a notebook; `TABLES` lists them by name.
"""

from collections.abc import Callable, Mapping

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
from trialkit.tables.overview import characteristics, key_facts, sources, trials
from trialkit.tables.quality import conflicts, label_accuracy, stale_records
from trialkit.tables.table import Column, Table

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
    "stale_records": stale_records,
    "conflicts": conflicts,
    "label_accuracy": label_accuracy,
    "evidence": evidence,
    "vocabulary": vocabulary,
    "own_labels": own_labels,
    "overrides": overrides,
    "excluded": excluded,
    "possible_twins": possible_twins,
}

__all__ = [
    "TABLES",
    "Column",
    "Table",
    "cards",
    "characteristics",
    "conflicts",
    "devices",
    "enrollment_by_route",
    "evidence",
    "excluded",
    "key_facts",
    "label_accuracy",
    "overrides",
    "own_labels",
    "possible_twins",
    "products",
    "route_comparisons",
    "small_table",
    "sources",
    "stale_records",
    "trials",
    "vocabulary",
]
