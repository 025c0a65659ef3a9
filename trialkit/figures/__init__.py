"""The figures of the reports; `trialkit.plot` is this package.

`routes(data)` and so on draw `Trials`, or the frame of the `trialkit.summarize`
function of the same name, and return matplotlib axes. Without `ax` a figure is as wide
as a page's text and as tall as its rows need, never taller than a page. Nothing is
shown, saved or set globally, and matplotlib is imported only when something is drawn.

What is missing is drawn: "Not stated" is the last row, column or part, an outline.
`routes.alt(frame)` says in words what a figure shows, `routes.note(frame)` names the
trials that it has no place for.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from trialkit.errors import ParameterError
from trialkit.figures.cells import (
    cell_sources,
    cell_types,
    donor_by_source,
    source_by_phase,
    source_by_route,
    type_by_source,
)
from trialkit.figures.conditions import (
    condition_by_route,
    condition_starts,
    conditions,
)
from trialkit.figures.crosstab import crosstab
from trialkit.figures.cumulative import cumulative_enrollment
from trialkit.figures.design import (
    design,
    design_features,
    endpoints,
    phases,
    results_reporting,
)
from trialkit.figures.doses import dose_stated, doses
from trialkit.figures.enrollment import (
    concentration,
    enrollment,
    enrollment_by_phase,
    enrollment_by_type,
    enrollment_classes,
)
from trialkit.figures.figure import Figure
from trialkit.figures.flow import record_flow
from trialkit.figures.history import planned_actual, schedule_changes, status_runs
from trialkit.figures.overdue import overdue
from trialkit.figures.overview import landscape_strip, strip_by_phase
from trialkit.figures.places import cities, countries, sponsor_classes
from trialkit.figures.quality import completeness, gaps
from trialkit.figures.routes import phase_by_route, routes
from trialkit.figures.starts import (
    phase_by_year,
    source_by_year,
    start_years,
    starts_by_year,
)
from trialkit.figures.timelines import (
    durations,
    status_by_route,
    statuses,
    timeline,
)
from trialkit.lazy import absent
from trialkit.nearest import did_you_mean

#: The numbered figures of the reports by name.
FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        *(landscape_strip, strip_by_phase, record_flow, routes, phase_by_route),
        source_by_route,
        *(type_by_source, donor_by_source, enrollment, planned_actual),
        *(
            cumulative_enrollment,
            doses,
            dose_stated,
            timeline,
            starts_by_year,
            status_by_route,
        ),
        *(durations, schedule_changes, status_runs),
        *(countries, cities, sponsor_classes, design),
        *(
            design_features,
            completeness,
            conditions,
            condition_by_route,
            condition_starts,
        ),
        *(source_by_phase, source_by_year),
        *(phase_by_year, enrollment_by_type, enrollment_by_phase),
        *(cell_types, cell_sources, enrollment_classes, start_years, statuses),
        *(phases, endpoints, results_reporting, gaps, overdue, concentration),
    )
}
__all__ = [*FIGURES, "crosstab"]  # pyright: ignore[reportUnsupportedDunderAll]


def __dir__() -> list[str]:
    """List the figures, and nothing that they are made of."""
    return sorted(__all__)


if not TYPE_CHECKING:  # a type checker would take any name for known
    __getattr__ = absent("trialkit.plot", __name__)


def _figure(name: str) -> Figure:
    if name not in __all__:
        raise ParameterError(f"no figure {name!r}; {did_you_mean(name, __all__)}")
    return FIGURES.get(name, crosstab)


# The functions of 0.1, which `trialkit` warns of; they go in 0.3.


def alt_text(kind: str, frame: pd.DataFrame) -> str:
    """Return `FIGURES[kind].alt(frame)`."""
    return _figure(kind).alt(frame)


def caption_note(kind: str, frame: pd.DataFrame) -> str:
    """Return `FIGURES[kind].note(frame)`."""
    return _figure(kind).note(frame)


def enough(subject: pd.DataFrame | int, figure: str) -> bool:
    """Return `FIGURES[figure].enough(subject)`."""
    return _figure(figure).enough(subject)


def too_few(subject: pd.DataFrame | int, figure: str) -> str:
    """Return `FIGURES[figure].too_few(subject)`."""
    return _figure(figure).too_few(subject)
