"""What a report on drugs shows in place of what only trials of cells have.

Routes, cells, donors and doses are read for trials of living cells only. Where none is
among the trials, an exhibit by route gives way to one without, and those on cells are
left out.
"""

from __future__ import annotations

from trialkit.figures import FIGURES
from trialkit.summarize.subject import gives_cells
from trialkit.tidy.trials import Trials

#: Tables by name, and what stands for them, "" for nothing; a figure tells its own.
_STAND_IN = {
    "enrollment_by_route": "participants_by_phase",
    **dict.fromkeys(
        (
            *("durations_by_route", "route_comparisons", "route_relations"),
            *("delivery_sites", "devices", "products", "doses_by_route", "regimens"),
            *("participants_by_type", "evidence", "unread", "vocabulary", "own_labels"),
            *("label_accuracy", "accuracy_by_label"),
        ),
        "",
    ),
}
#: Sections that have nothing to say.
_SECTIONS = ("routes", "cells", "doses")


def stand_in(name: str, data: Trials) -> str:
    """Return the exhibit to show for `name`: itself, another one, or "" for none."""
    if gives_cells(data):
        return name
    if name in FIGURES:
        other = FIGURES[name].without_cells
        return name if other is None else other
    return _STAND_IN.get(name, name)


def has_section(name: str, data: Trials) -> bool:
    """Return whether a section of a report has something to say."""
    return gives_cells(data) or name not in _SECTIONS
