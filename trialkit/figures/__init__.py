"""Summary frames in, matplotlib axes out: one function per figure of a report."""

from trialkit.figures.alt import alt_text, caption_note
from trialkit.figures.bars import plot_type_by_source
from trialkit.figures.completeness import plot_completeness
from trialkit.figures.dots import plot_durations, plot_enrollment
from trialkit.figures.flow import plot_record_flow
from trialkit.figures.grids import plot_phase_by_route, plot_source_by_route
from trialkit.figures.routes import plot_routes
from trialkit.figures.strip import plot_landscape_strip
from trialkit.figures.timeline import plot_timeline

__all__ = [
    "alt_text",
    "caption_note",
    "plot_completeness",
    "plot_durations",
    "plot_enrollment",
    "plot_landscape_strip",
    "plot_phase_by_route",
    "plot_record_flow",
    "plot_routes",
    "plot_source_by_route",
    "plot_timeline",
    "plot_type_by_source",
]
