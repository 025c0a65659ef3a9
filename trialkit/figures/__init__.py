"""Summary frames in, matplotlib axes out: one function per figure of a report.

Every `plot_*` takes the frame of the `trialkit.summarize` function of that name
(`plot_routes` draws `summarize.routes`) and
options by keyword, and returns the axes. Without `ax` it makes a figure as wide as a
page's text and as tall as its rows need, never taller than a page. Nothing is shown,
saved or set globally, and matplotlib is imported only when something is drawn.

What is missing is drawn: "Not stated" is the last row or column, grey and hatched, and
`caption_note` names the trials that a figure has no place for. `alt_text` says in words
what a figure shows.
"""

from trialkit.figures.alt import alt_text
from trialkit.figures.bars import (
    plot_countries,
    plot_donor_by_source,
    plot_sponsor_classes,
    plot_status_by_route,
    plot_type_by_source,
)
from trialkit.figures.cities import plot_cities
from trialkit.figures.crosstab import plot_crosstab
from trialkit.figures.design import plot_design
from trialkit.figures.doses import plot_doses
from trialkit.figures.dots import plot_durations, plot_enrollment
from trialkit.figures.flow import plot_record_flow
from trialkit.figures.grids import plot_phase_by_route, plot_source_by_route
from trialkit.figures.history import plot_planned_actual, plot_schedule_changes
from trialkit.figures.notes import caption_note
from trialkit.figures.overview import plot_landscape_strip
from trialkit.figures.quality import plot_completeness
from trialkit.figures.routes import plot_routes
from trialkit.figures.starts import plot_cumulative_enrollment, plot_starts_by_year
from trialkit.figures.timelines import plot_timeline

__all__ = [
    "alt_text",
    "caption_note",
    "plot_cities",
    "plot_completeness",
    "plot_countries",
    "plot_crosstab",
    "plot_cumulative_enrollment",
    "plot_design",
    "plot_donor_by_source",
    "plot_doses",
    "plot_durations",
    "plot_enrollment",
    "plot_landscape_strip",
    "plot_phase_by_route",
    "plot_planned_actual",
    "plot_record_flow",
    "plot_routes",
    "plot_schedule_changes",
    "plot_source_by_route",
    "plot_sponsor_classes",
    "plot_starts_by_year",
    "plot_status_by_route",
    "plot_timeline",
    "plot_type_by_source",
]
