"""The tables of a set of trials become one small frame per figure or table.

Every function takes the trials first and options by keyword, changes nothing, and
returns a new frame with fixed columns. Columns of groups are ordered categoricals in
display order with "Not stated" last; `attrs["n_trials"]` is the number of trials
behind the rows, each counted once, and `attrs["n_usable"]` what a figure's minimum is
compared with.
"""

from trialkit.lazy import moved as _moved
from trialkit.summarize.cells import (
    cell_sources,
    cell_types,
    devices,
    donor_by_source,
    products,
    source_by_phase,
    source_by_route,
    type_by_source,
)
from trialkit.summarize.conditions import (
    condition_by_route,
    condition_starts,
    conditions,
)
from trialkit.summarize.count import count
from trialkit.summarize.design import (
    design,
    design_features,
    endpoints,
    phases,
    results_reporting,
)
from trialkit.summarize.doses import dose_stated, doses, doses_by_route, regimens
from trialkit.summarize.enrollment import (
    concentration,
    cumulative_enrollment,
    enrollment,
    enrollment_by_route,
    enrollment_classes,
)
from trialkit.summarize.flow import excluded, possible_twins, record_flow, sources
from trialkit.summarize.history import planned_actual, schedule_changes
from trialkit.summarize.lines import interventions, trial_lines
from trialkit.summarize.overdue import overdue
from trialkit.summarize.overview import (
    characteristics,
    key_facts,
    landscape_strip,
    trials,
)
from trialkit.summarize.places import cities, countries, sponsor_classes, sponsors
from trialkit.summarize.quality import completeness, conflicts, evidence, unread
from trialkit.summarize.routes import (
    delivery_sites,
    phase_by_route,
    route_comparisons,
    routes,
)
from trialkit.summarize.starts import starts_by_year
from trialkit.summarize.timelines import (
    durations,
    durations_by_route,
    stale_records,
    start_up,
    status_by_route,
    statuses,
    timeline,
)
from trialkit.summarize.versions import status_runs

#: Every function imported above.
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    name for name, thing in globals().items() if callable(thing) and name[0] != "_"
]
#: What version 0.2 had here.
__getattr__ = _moved(
    "trialkit.summarize",
    __name__,
    {
        "changes": ("tk.changes", "trialkit.summarize.history:changes_since"),
        "open_earlier": ("tk.report.open_earlier", "trialkit.compare.sides:open_side"),
    },
)


def __dir__() -> list[str]:
    """List the public names only, not the modules of the topics."""
    return sorted(__all__)
