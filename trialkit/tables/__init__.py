"""Tables of the report: summary frames laid out for notebook, HTML and PDF.

Each function takes the trials and the cut-off and returns a `Table`, which shows
itself in a notebook; `TABLES` lists them by name.
"""

from collections.abc import Callable, Mapping

from trialkit.summarize.counted import SHARED, described
from trialkit.tables.accuracy import accuracy_by_label, label_accuracy
from trialkit.tables.appendix import (
    build,
    glossary,
    own_labels,
    small_table,
    vocabulary,
)
from trialkit.tables.cards import cards
from trialkit.tables.cells import devices, products
from trialkit.tables.conditions import conditions
from trialkit.tables.design import endpoints, results_reporting
from trialkit.tables.doses import doses_by_route, regimens
from trialkit.tables.enrollment import (
    enrollment_by_route,
    participants_by_kind,
    participants_by_phase,
    participants_by_type,
    participants_by_year,
)
from trialkit.tables.flow import excluded, possible_twins, sources
from trialkit.tables.history import changes
from trialkit.tables.overview import (
    characteristics,
    key_facts,
    trial_lines,
    trials,
)
from trialkit.tables.places import sponsors
from trialkit.tables.quality import conflicts, evidence, overrides, unread
from trialkit.tables.routes import delivery_sites, route_comparisons, route_relations
from trialkit.tables.table import LIMITS, Column, Table
from trialkit.tables.timelines import (
    durations_by_phase,
    durations_by_route,
    stale_records,
    start_up,
)

_MEANINGS = {
    **SHARED,
    "limit": "Rows to show, told in the caption; None shows all.",
    "trial_id": "Only this trial.",
    "axes": "Only labels of these axes; empty takes all.",
    "path": "Another score file than the one that ships with the rules.",
    "parameters": "Parameters of the report, by name.",
}
#: Every table by name: `TABLES["trials"](data, as_of="2026-06-30")`.
TABLES: Mapping[str, Callable[..., Table]] = {
    make.__name__: described(make, _MEANINGS, "Table\n    Shows itself in a notebook.")
    for make in (
        key_facts,
        sources,
        characteristics,
        trials,
        trial_lines,
        devices,
        route_comparisons,
        products,
        enrollment_by_route,
        regimens,
        stale_records,
        sponsors,
        conditions,
        endpoints,
        results_reporting,
        conflicts,
        unread,
        label_accuracy,
        accuracy_by_label,
        evidence,
        vocabulary,
        own_labels,
        overrides,
        excluded,
        possible_twins,
        changes,
        build,
        glossary,
        route_relations,
        delivery_sites,
        doses_by_route,
        participants_by_kind,
        participants_by_type,
        participants_by_phase,
        participants_by_year,
        durations_by_route,
        durations_by_phase,
        start_up,
    )
}

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *TABLES,
    "LIMITS",
    "TABLES",
    "Column",
    "Table",
    "cards",
    "small_table",
]


def __dir__() -> list[str]:
    """List the tables and cards, and nothing that they are made of."""
    return sorted([*TABLES, "cards"])
