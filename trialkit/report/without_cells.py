"""What a report on drugs shows in place of what only trials of cells have.

Routes, cells, donors and doses are read for trials of living cells only. Where none is
among the trials, an exhibit by route gives way to one without, and those on cells are
left out.
"""

from __future__ import annotations

from trialkit.summarize.subject import gives_cells
from trialkit.tidy.trials import Trials

#: Exhibits by name, and what stands for them, "" for nothing.
_STAND_IN = {
    "landscape_strip": "timeline",
    "condition_by_route": "conditions",
    "enrollment": "enrollment_by_phase",
    "enrollment_by_route": "participants_by_phase",
    "starts_by_year": "phase_by_year",
    "durations": "durations_by_phase",
    "durations_by_route": "",
    **dict.fromkeys(
        (
            *("routes", "phase_by_route", "source_by_route", "status_by_route"),
            *("route_comparisons", "route_relations", "delivery_sites", "devices"),
            *("cell_types", "cell_sources", "type_by_source", "donor_by_source"),
            *("source_by_phase", "source_by_year", "products", "doses"),
            "dose_stated",
            *("doses_by_route", "regimens", "cumulative_enrollment"),
            *("enrollment_by_type", "participants_by_type", "gaps"),
            *("evidence", "unread", "vocabulary", "own_labels", "label_accuracy"),
        ),
        "",
    ),
}
#: Sections that have nothing to say.
_SECTIONS = ("routes", "cells", "doses")


def stand_in(name: str, data: Trials) -> str:
    """Return the exhibit to show for `name`: itself, another one, or "" for none."""
    return name if gives_cells(data) else _STAND_IN.get(name, name)


def has_section(name: str, data: Trials) -> bool:
    """Return whether a section of a report has something to say."""
    return gives_cells(data) or name not in _SECTIONS
