"""The tables of a set of trials become one small frame per figure or table.

Every function takes the trials first and options by keyword, changes nothing, and
returns a new frame with fixed columns. Columns of groups are ordered categoricals in
display order with "Not stated" last; `attrs["n_trials"]` is the number of trials
behind the rows, each counted once, and `attrs["n_usable"]` what a figure's minimum is
compared with.
"""

from trialkit.summarize.count import (
    count,
    count_routes,
    phase_by_route,
    source_by_route,
    type_by_source,
)
from trialkit.summarize.design import design, endpoints, results_reporting
from trialkit.summarize.doses import dose_points, doses, doses_by_route
from trialkit.summarize.enrollment import enrollment_points, summarize_enrollment
from trialkit.summarize.flow import excluded_records, record_flow, source_overview
from trialkit.summarize.history import (
    Earlier,
    changes,
    open_earlier,
    planned_actual,
    schedule_changes,
)
from trialkit.summarize.mixes import (
    cities,
    countries,
    donor_by_source,
    sponsor_classes,
    sponsors,
    status_by_route,
)
from trialkit.summarize.overview import (
    characteristics,
    key_facts,
    landscape_strip,
    trial_table,
)
from trialkit.summarize.products import devices, products, route_comparisons
from trialkit.summarize.quality import completeness, conflicts, evidence
from trialkit.summarize.statistics import MINIMUM, enough, too_few, usable
from trialkit.summarize.timelines import durations, stale_records, timeline
from trialkit.summarize.topics import (
    condition_by_route,
    delivery_sites,
    source_by_phase,
    start_up,
    summarize_durations,
)
from trialkit.summarize.trends import cumulative_enrollment, starts_by_year
from trialkit.summarize.twins import possible_twins
from trialkit.summarize.unread_words import unread
from trialkit.summarize.wording import NOT_STATED, field_name, word, words

__all__ = [
    "MINIMUM",
    "NOT_STATED",
    "Earlier",
    "changes",
    "characteristics",
    "cities",
    "completeness",
    "condition_by_route",
    "conflicts",
    "count",
    "count_routes",
    "countries",
    "cumulative_enrollment",
    "delivery_sites",
    "design",
    "devices",
    "donor_by_source",
    "dose_points",
    "doses",
    "doses_by_route",
    "durations",
    "endpoints",
    "enough",
    "enrollment_points",
    "evidence",
    "excluded_records",
    "field_name",
    "key_facts",
    "landscape_strip",
    "open_earlier",
    "phase_by_route",
    "planned_actual",
    "possible_twins",
    "products",
    "record_flow",
    "results_reporting",
    "route_comparisons",
    "schedule_changes",
    "source_by_phase",
    "source_by_route",
    "source_overview",
    "sponsor_classes",
    "sponsors",
    "stale_records",
    "start_up",
    "starts_by_year",
    "status_by_route",
    "summarize_durations",
    "summarize_enrollment",
    "timeline",
    "too_few",
    "trial_table",
    "type_by_source",
    "unread",
    "usable",
    "word",
    "words",
]
